# SPDX-License-Identifier: Apache-2.0
"""The emulator: round trip, accesses and events per second, waiting, and its speed over the RTL."""

import logging

import numpy as np
from numpy.typing import NDArray
from report import Report, seconds

from cosim.emulator import Emulator
from cosim.flange.build import server
from cosim.flange.client import Connection, Server
from cosim.lockstep import Machine
from cosim.lockstep.compare import run_batch
from cosim.lockstep.programs import bring_up, random_session, word
from hal import haldls, stadls
from hal.fisch import addresses
from hal.halco import BarrierOnFPGA, PPUMemoryWordOnDLS
from hal.hxcomm import ManagedMultiTargetConnection
from hal.hxcomm.messages import TO_FPGA

HALT = TO_FPGA["Loopback"].word()
ACCESSES = 100_000
SPIKES = 300_000
SECOND = 125_000_000
"""FPGA cycles."""


def started() -> Emulator:
    """A system after bring-up."""
    machine = Emulator()
    machine.send([*bring_up(10**6), HALT])
    machine.run()
    machine.receive()
    return machine


def play(machine: Machine, words: NDArray[np.uint64]) -> int:
    """Run words; how many came back."""
    machine.send(words)
    machine.run()
    return int(machine.receive_timed()[0].size)


def writes() -> NDArray[np.uint64]:
    """Writes to a memory, and a halt."""
    address = addresses.PPU_MEMORY.address(0)
    head = word("OmnibusAddress", address=address, byte_enables=15)
    words = np.empty(2 * ACCESSES + 1, np.uint64)
    words[0:-1:2] = np.uint64(head) + np.arange(ACCESSES, dtype=np.uint64) % np.uint64(4096)
    words[1::2] = np.uint64(word("OmnibusData")) + np.arange(ACCESSES, dtype=np.uint64)
    words[-1] = HALT
    return words


def spikes() -> NDArray[np.uint64]:
    """Packs of two, one a tick, which the chip takes without loss, and a halt."""
    labels = np.arange(SPIKES, dtype=np.uint64) & np.uint64(0xFFFF)
    packs = np.uint64(word("SpikePack2")) | labels[0::2] << np.uint64(16) | labels[1::2]
    return np.append(packs, np.uint64(HALT))


def main() -> None:
    """Take all figures."""
    logging.getLogger("hxcosim.flange").setLevel(logging.ERROR)
    report = Report("emulator")

    one = started()
    read = word(
        "OmnibusAddress", address=addresses.PPU_MEMORY.address(5), byte_enables=15, is_read=1
    )
    program = np.array([read, HALT], np.uint64)
    taken = seconds(lambda: [play(one, program) for _ in range(1000)]) / 1000
    how = "words of a program with one read over the link; median of 7 times 1000"
    report.add("round trip, words", taken * 1e6, "us", how, at_most=50)

    with ManagedMultiTargetConnection(["emu"]) as handle:
        builder, _ = stadls.generate(stadls.SystemInit(handle.get_hwdb_entry()[0]))
        stadls.run(handle, builder.done())
        builder = stadls.PlaybackProgramBuilder()
        builder.read(PPUMemoryWordOnDLS())
        builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
        typed = builder.done()
        taken = seconds(lambda: [stadls.run(handle, typed) for _ in range(200)]) / 200
        report.add(
            "round trip, stadls.run", taken * 1e6, "us", "the same through the host's layers"
        )

    machine = started()
    words = writes()
    taken = seconds(lambda: play(machine, words), 5)
    report.add("Omnibus writes", ACCESSES / taken, "1/s", f"{ACCESSES} to a memory; median of 5")

    words = spikes()
    taken = seconds(lambda: play(machine, words), 5)
    how = f"{SPIKES} in packs of 2 to the chip and back; median of 5"
    report.add("spikes through the loop", SPIKES / taken, "1/s", how)

    wait = np.array([word("Setup"), word("WaitUntil", time=SECOND), HALT], np.uint64)
    taken = seconds(lambda: play(machine, wait))
    report.add("1 s of waiting", taken * 1e3, "ms", "median of 7", at_most=1)
    taken = seconds(lambda: Emulator().close())
    report.add("start and end of a system", taken * 1e6, "us", "median of 7")

    process = Server(server())
    rtl = Connection(process.host, process.port, process)
    twin = Emulator()
    for batch in random_session(1000, 20_000).batches:
        run_batch(rtl, batch)
        run_batch(twin, batch)
    ratio = rtl.stats().run_ns / twin.stats().run_ns
    how = "2e4 random instructions on both, wall time in the machines"
    report.add("speed over the RTL", ratio, "", how)
    for name, words in (("writes", writes()), ("spikes", spikes())):
        before = rtl.stats().run_ns, twin.stats().run_ns
        for machine_ in (rtl, twin):
            machine_.reset()
            play(machine_, np.array([*bring_up(10**6), HALT], np.uint64))
            play(machine_, words)
        after = rtl.stats().run_ns, twin.stats().run_ns
        ratio = (after[0] - before[0]) / (after[1] - before[1])
        report.add(f"speed over the RTL, {name}", ratio, "", "the program above on both, once")
    rtl.close()
    report.finish()


if __name__ == "__main__":
    main()
