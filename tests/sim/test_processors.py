# SPDX-License-Identifier: Apache-2.0
"""The ports of the embedded processors, with a stand-in on them: emulator against RTL.

What it asks for depends on all that it was answered, and when; so memories that are equal at the
end were equal, and used in the same cycles, all the time.
"""

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from cosim import cli
from cosim.emulator import Emulator
from cosim.flange.build import server
from cosim.flange.client import Connection, Server
from cosim.flange.wire import Config
from cosim.lockstep import Machine, random_session
from cosim.lockstep.programs import HALT, bring_up, read, word, write
from hal.fisch import addresses
from hal.hxcomm.codec import Decoder
from hal.hxcomm.messages import FROM_FPGA

MEMORIES = [
    base + k
    for region in (addresses.PPU_MEMORY, addresses.SYNAPSE_RAW)
    for base in region.bases
    for k in range(region.count)
]
STATUS = addresses.PPU_STATUS.bases
OWN = 2 * addresses.PPU_MEMORY.count
#: Seeds of sessions of the lock-step in which there are processors.
SEEDS = (12, 17)


@pytest.fixture
def machines() -> Iterator[tuple[Emulator, Connection]]:
    process = Server(server())
    connection = Connection(process.host, process.port, process)
    with Emulator() as emulator:
        yield emulator, connection
    connection.close()


def release(value: int) -> list[int]:
    return [w for base in addresses.PPU_CONTROL.bases for w in write(base, value)]


def traffic(rng: Random) -> list[int]:
    """Accesses of the host to what the processors use, for about as long as they need."""
    words = []
    for _ in range(4000):
        address = MEMORIES[rng.choice([0, addresses.PPU_MEMORY.count, OWN]) + rng.randrange(16)]
        words += read(address) if rng.random() < 0.5 else write(address, rng.getrandbits(32))
        if rng.random() < 0.1:
            words += [word("Setup"), word("WaitUntil", time=rng.randrange(200))]
    return words


def run(machine: Machine, seed: int, busy: bool) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Both processors run to their end; all answers, their cycles, and what was read at the end."""
    machine.apply({Config.PPU: seed})
    host = traffic(Random(seed)) if busy else []
    rest = [word("Setup"), word("WaitUntil", time=1_000_000), word("Barrier", omnibus=1)]
    last = [w for address in (*MEMORIES, *STATUS) for w in read(address)]
    machine.send([*bring_up(100_000), *release(1), *host, *rest, *last, HALT])
    machine.run(10**8)
    words, at = machine.receive_timed()
    decoded = Decoder(FROM_FPGA).feed(words)
    data = [value for name, value in decoded.pairs() if FROM_FPGA[name].name == "OmnibusData"]
    return words, at, data[-len(MEMORIES) - len(STATUS) :]


@pytest.mark.parametrize("busy", [False, True])
def test_what_the_processors_leave_behind(
    busy: bool, machines: tuple[Emulator, Connection]
) -> None:
    emulator, rtl = machines
    words, at, found = run(emulator, 7, busy)
    other_words, other_at, other = run(rtl, 7, busy)
    assert found == other
    assert np.array_equal(words, other_words) and np.array_equal(at, other_at)
    reports = [(d.code, d.data) for d in emulator.diagnostics()]
    assert reports == [(d.code, d.data) for d in rtl.diagnostics()] and reports
    # All ports were at work: both sleep, and each memory holds what they wrote.
    assert found[-2:] == [1, 1]
    own, synapses = found[:OWN], found[OWN:-2]
    assert sum(map(bool, own)) > 100
    halves = np.count_nonzero(np.array(synapses).reshape(-1, 32), axis=1)
    assert np.any(halves > 24), "no half row was written"


def test_without_processors_nothing_happens() -> None:
    with Emulator() as machine:
        assert not any(run(machine, 0, False)[2])


@pytest.mark.parametrize("seed", SEEDS)
def test_sessions(seed: int) -> None:
    assert random_session(seed, 2000).processors
    assert cli.main(["lockstep", "--count", "2000", "--seed", str(seed)]) == 0
