# SPDX-License-Identifier: Apache-2.0
"""Random but legal programs over everything that the machine can do.

A session starts at power-on: bring-up of the link, then batches of programs that are in flight
together. Blocked instructions are part of it; a short instruction timeout ends them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import numpy as np
from numpy.typing import NDArray

from cosim import board, storage
from cosim.flange.wire import Config
from hal import halco, haldls
from hal.fisch import Backend, addresses, jtag
from hal.fisch.crossbar import BACKGROUND_INPUT, INPUTS, L2_INPUT, L2_OUTPUT, NODES, OUTPUTS
from hal.hxcomm.messages import HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA

__all__ = ["Batch", "Session", "bring_up", "random_session"]

FILLER = 1 << (PHYWORD_WIDTH - 1)
HALT = TO_FPGA["Loopback"].word()
#: Every bit that configures a PHY for automatic start.
PHY_AUTO = 0x0020_4040
LINK_WAIT = 6000  # ticks; longer than the start of the link
Words = list[int]


#: Cycles of a pause for which the analog core is left out.
LONG = 10**7


@dataclass(frozen=True, slots=True)
class Batch:
    """Programs that are sent together, and what the link does meanwhile."""

    words: tuple[int, ...]
    gaps: tuple[int, ...]  # cycles by which a word may enter later than the one before
    rate: int  # FPGA cycles per word
    stall: tuple[int, int]  # seed, accepting FPGA cycles of 256
    reset: int  # FPGA cycles of a connection reset that comes first
    advance: int  # cycles between the batch before and this one
    period: int = 0  # instead of `stall`: of so many FPGA cycles `stall[1]` % period + 1 accept
    cut: int = 0  # instead of running until the halts, so many cycles pass
    errors: tuple[int, int, int, int] = (0, 0, 0, 0)  # on the link: seed, frames of 1000

    def arrays(self, now: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Words and their not-before cycles when sent at cycle `now`."""
        at = now + np.cumsum(np.array(self.gaps, np.uint64), dtype=np.uint64)
        return np.array(self.words, np.uint64), at


@dataclass(frozen=True, slots=True)
class Session:
    """Batches from power-on."""

    batches: tuple[Batch, ...]
    seed: int = 0
    instructions: int = field(default=0)
    stand_in: bool = False  # for the analog core, whose neurons make a long pause long
    processors: int = 0  # seed of the stand-ins for the embedded processors

    def settings(self) -> dict[Config, int]:
        """Of the machines, before the first batch."""
        return {Config.ANALOG: int(self.stand_in), Config.PPU: self.processors}


def word(name: str, **values: int) -> int:
    return TO_FPGA[name].word(**values)


def write(address: int, value: int, byte_enables: int = 0xF) -> Words:
    return [
        word("OmnibusAddress", address=address, byte_enables=byte_enables),
        word("OmnibusData", data=value),
    ]


def read(address: int) -> Words:
    return [word("OmnibusAddress", address=address, byte_enables=0xF, is_read=1)]


def jtag_scan(instruction: int, value: int, bits: int, keep: bool = False) -> Words:
    return [
        word("JtagIns", instruction=instruction),
        word("JtagData", data=value, num_bits=bits, keep_response=keep),
    ]


def _clock(pll: haldls.ADPLL) -> Words:
    """The clock of the fast converter from this PLL."""
    block, backend = haldls.PLLClockOutputBlock(), Backend.OmnibusChipOverJTAG
    access = pll.write_access(halco.ADPLLOnDLS(0), backend)
    output = block.write_access(halco.PLLClockOutputBlockOnDLS(), backend)
    words = []
    for i, value in enumerate(access.words.tolist()):
        words += write(addresses.ADPLL.address(0, i), value)
    return [*words, *write(addresses.PLL_CLOCK_OUTPUT_BLOCK.base, int(output.words[0]))]


def _fast() -> haldls.ADPLL:
    """So fast that the converter takes a sample in each chip cycle."""
    pll = haldls.ADPLL()
    pll.loop_div_n = pll.LoopDivN(31)
    pll.pre_div_p0, pll.pre_div_p2 = pll.PreDivP0(4), pll.PreDivP2(2)
    return pll


FAST_CLOCK, USUAL_CLOCK = _clock(_fast()), _clock(haldls.ADPLL())


def bring_up(timeout: int, phys: int = 0xFF) -> Words:
    """Chip reset, TAP reset, PHYs of both ends, wait for the link, time handshake.

    The instruction timeout is `timeout` afterwards, and long enough meanwhile.
    """
    words = [
        *write(addresses.INSTRUCTION_TIMEOUT.base, LINK_WAIT),
        word("Reset", reset=1),
        word("Setup"),
        word("WaitUntil", time=10),
        word("Reset", reset=0),
        word("JtagScaler", scaler=0),
        word("JtagInit"),
    ]
    for phy in range(8):
        words += write(addresses.PHY_CONFIG_FPGA.base + phy, PHY_AUTO)
        words += jtag_scan(jtag.PHY_CONFIG.ir | phy << jtag.PHY_SHIFT, PHY_AUTO, 22)
    words += write(addresses.COMMON_PHY_CONFIG_FPGA.base, phys)
    words += [
        word("Barrier", jtag=1, omnibus=1),
        word("Setup"),
        word("WaitUntil", time=LINK_WAIT),
        word("SystimeInit", do_sync=1),
        word("Barrier", systime=1),
        *write(addresses.INSTRUCTION_TIMEOUT.base, timeout),
    ]
    return words


class _Generator:
    """Pieces of a program, each a few instructions that may stand anywhere."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.timeout = random.choice([40, 300, 2000, 20000])
        # Sources that run on make long pauses expensive, so some sessions have none: no generator,
        # no endless samples, no routes back to the chip, and no way from neurons back to neurons.
        self.sources = random.random() < 0.7
        fpga = [
            addresses.WRITE_RESPONSE_FILTER.base,
            *(addresses.DEVICE_DNA.base + i for i in range(2)),
            addresses.EVENT_RECORDING.base,
            *(addresses.POLLING_BLOCK.base + i for i in range(3)),
            addresses.SYSTIME_CORRECTION_BARRIER.base,
            addresses.EXECUTOR_TIMER.base,
            addresses.SYSTIME_NUM_TRIES.base,
            *(addresses.SYSTIME_LAST_RTT.base + i for i in range(2)),
            *(addresses.SYSTIME_LAST_ASIC_SYSTIME.base + i for i in range(2)),
            addresses.SYSTIME_ACTIVE.base,
            addresses.COMMON_PHY_CONFIG_FPGA.base,
            *(addresses.PHY_CONFIG_FPGA.base + i for i in range(8)),
            *(addresses.PHY_RX_DROPPED_COUNT.base + i for i in range(8)),
            *(addresses.PHY_CRC_ERROR_COUNT.base + i for i in range(8)),
            *(addresses.PHY_ONLINE_TIME.base + i for i in range(8)),
            *(addresses.PHY_TX_COUNT.base + i for i in range(16)),
            *(addresses.HICANN_ARQ_STATUS.base + i for i in range(4)),
        ]
        chip = [
            *(addresses.SYSTIME_SYNC_BASE.base + i for i in range(2)),
            addresses.COMMON_PHY_CONFIG_CHIP.base,
            *(addresses.ADPLL.base + i for i in range(8)),
            *addresses.PPU_CONTROL.bases,
            *addresses.PPU_STATUS.bases,
            addresses.CROSSBAR_OUT_MUX.base,
            *4 * addresses.COMMON_NEURON_BACKEND_CONFIG.bases,  # often, for the forced reset
            # Their control words only by `background`, which ends what it starts.
            *(
                addresses.BACKGROUND_SPIKE_SOURCE.address(k, word)
                for k in range(addresses.BACKGROUND_SPIKE_SOURCE.count)
                for word in (1, 2)
            ),
            *(
                addresses.CROSSBAR_NODE.base + node.index
                for node in NODES
                if node.input >= L2_INPUT or self.sources
            ),
            *(addresses.CROSSBAR_INPUT_DROP_COUNTER.base + i for i in range(INPUTS)),
            *(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + i for i in range(OUTPUTS)),
        ]
        self.fpga, self.chip = fpga, chip
        self.phy_configs = {addresses.PHY_CONFIG_FPGA.base + i for i in range(8)}
        self.phy_ends = {
            *self.phy_configs,
            addresses.COMMON_PHY_CONFIG_FPGA.base,
            addresses.COMMON_PHY_CONFIG_CHIP.base,
        }
        # Few of them per session, so that reads meet what was written through another view.
        self.memories = random.sample([*storage.REGIONS, *addresses.SYNAPSE_VIEWS], 4)
        # Kinds of pieces and how often they come.
        self.kinds: list[tuple[float, Callable[[], Words]]] = [
            (12, self.wait),
            (8, self.tick),
            (2, self.gap),
            (12, self.memory),
            (8, self.register_read),
            (8, self.register_write),
            (6, self.routing),
            (4, self.jtag),
            (3, self.jtag_bus),
            (14, self.barrier),
            (5, self.polling),
            (3, self.systime),
            (14, self.spikes),
            (5, self.reads),
            (1, self.storm),
            (1, self.spi),
            (2, self.i2c),
            (0.5 * self.sources, self.performance),
            (4 * self.sources, self.tables),
            (1, self.self_test),
            (2 * self.sources, self.background),
            (3, self.madc),
            (1, self.cadc),
            (1, self.odd),
            (1, self.disturbance),
            (2, self.blocked),
        ]
        self.weights = [(0.1 + random.random()) * n for n, _ in self.kinds]

    def piece(self) -> Words:
        return self.random.choices(self.kinds, self.weights)[0][1]()

    def value(self) -> int:
        r = self.random
        return r.choice([0, 1, 0xFFFFFFFF, r.getrandbits(32), 1 << r.randrange(32)])

    def memory_address(self) -> int:
        r = self.random
        memory = addresses.PPU_MEMORY if r.random() < 0.5 else r.choice(self.memories)
        entry = r.choice([0, memory.count - 1, r.randrange(memory.count)])
        return memory.address(entry, r.randrange(memory.words), r.randrange(len(memory.bases)))

    def external_address(self) -> int:
        r = self.random
        memory = r.choice([addresses.EXTERNAL_PPU_MEMORY, addresses.EXTERNAL_PPU_DRAM_MEMORY])
        if r.random() < 0.1:
            return addresses.EVENT_SWITCH_EXECUTOR_SOURCE.base + r.randrange(10)
        return memory.address(r.choice([0, 1, memory.count - 1, r.randrange(memory.count)]))

    def spi(self) -> Words:
        """Bytes for the board, now and then the end of a frame."""
        r = self.random
        words = []
        for _ in range(r.choice([1, 3, 8])):
            last = r.choice([0, 0, 1 << addresses.SPI_LAST_BYTE_BIT])
            address = addresses.SPI_MASTER.address(r.randrange(addresses.SPI_MASTER.count))
            enables = r.choice([0xF, 0xF, 0xF, r.randrange(16)])
            words += write(address, last | r.getrandbits(31), enables)
            words += read(address) if r.random() < 0.1 else []
        return words

    def i2c(self) -> Words:
        """Bytes to and from few devices, most of them a register number and what follows it."""
        r = self.random
        base, words = addresses.I2C_MASTER.base, []
        if r.random() < 0.8:
            words += write(addresses.I2C_PRESCALER.base, r.choice([0, 1, 1, 1, 2, 5]), 3)
        device = r.choice(board.DEVICES)
        for _ in range(r.choice([1, 3, 6])):
            if r.random() < 0.2:
                device = r.choice(board.DEVICES)
            slave = base + (device.slave if r.random() < 0.95 else r.randrange(0x80))
            numbers = [register.number for register in device.registers]
            number = r.choice([*numbers, *numbers, 0xF8, r.randrange(256)])
            count = r.choice([0, 1, device.bytes, device.bytes, 3])
            stop = r.choice([0, *[addresses.I2C_STOP] * 4])
            again = r.choice([*[0] * 6, addresses.I2C_REPEATED_START])
            words += write(slave + again, number, r.choice([0xF, 0xF, 0xF, r.randrange(16)]))
            reads = r.random() < 0.6
            for i in range(count):
                at = slave + stop * (i == count - 1) + r.choice([0, 0, 0, 0, again])
                words += read(at) if reads else write(at, r.getrandbits(8))
        return [*words, *read(addresses.I2C_PRESCALER.base)]

    def performance(self) -> Words:
        """The test of the link, switched and read at any time."""
        r = self.random
        words = []
        for _ in range(r.choice([1, 3])):
            words += write(addresses.PERF_TEST.base, r.choice([0, 1, 1]), r.choice([0xF, 0xF, 0xE]))
            words += self.wait()
        return [*words, *(w for i in range(5) for w in read(addresses.PERF_TEST.base + i))]

    def tables(self) -> Words:
        """Routes to other FPGAs and over the serial line, and spikes that may take them."""
        r = self.random
        rate = r.choice([0, 1, 1, 2, 3, 10, 200])
        config = r.choice([7, 7, 7, 3, r.randrange(8)]) << 16 | rate
        words = write(addresses.SPIKE_IO_CONFIG.base, config, r.choice([0xF, 0xF, 7, 4]))
        labels = [r.getrandbits(16) for _ in range(r.choice([1, 4]))]
        for label in labels:
            serial, link = r.choice([r.randrange(256), 255]), r.getrandbits(15)
            to = r.choice([*labels, r.getrandbits(16)])
            routes = [
                write(addresses.SPIKE_IO_OUTPUT_ROUTING.base + label, serial),
                write(addresses.SPIKE_IO_INPUT_ROUTING.base + serial, to),
                write(addresses.OUTPUT_ROUTING_TABLE.base + label, r.choice([3, 1]) << 15 | link),
                write(addresses.INPUT_ROUTING_TABLE.base + link, r.choice([1, 0]) << 16 | to),
            ]
            words += [w for route in r.sample(routes, r.choice([2, 2, 4])) for w in route]
        for _ in range(r.choice([1, 8, 40])):
            n = r.choice([1, 2, 3])
            values = {f"label{i}": r.choice(labels) for i in range(n)}
            words.append(word(f"SpikePack{n}", **values))
            words += self.wait() if r.random() < 0.1 else []
        regions = [
            addresses.SPIKE_IO_OUTPUT_ROUTING,
            addresses.SPIKE_IO_INPUT_ROUTING,
            addresses.OUTPUT_ROUTING_TABLE,
            addresses.INPUT_ROUTING_TABLE,
        ]
        region = r.choice(regions)
        return [*words, *read(region.address(r.choice([0, region.count - 1, labels[0] & 0xFF])))]

    def wait(self) -> Words:
        r = self.random
        words = [word("WaitUntil", time=r.choice([0, r.randrange(60), r.randrange(3000)]))]
        if r.random() < 0.6:
            words.insert(0, word("Setup"))
        return words

    def tick(self) -> Words:
        return [word("Loopback", tick=1)] * self.random.choice([1, 1, 2, 20])

    def gap(self) -> Words:
        """Answers as far apart as the short coding of times reaches, or nearly so."""
        tick, words = word("Loopback", tick=1), [word("Loopback", tick=1)]
        for ticks in self.random.sample(range(251, 257), 4):
            words += [word("Setup"), word("WaitUntil", time=ticks), tick]
        return words

    def memory(self) -> Words:
        r = self.random
        address, words = r.choice([self.memory_address(), self.external_address()]), []
        for _ in range(r.choice([1, 2, 8])):
            words += write(address, self.value(), r.choice([0xF, r.randrange(16)]))
            words += read(address) if r.random() < 0.7 else []
        return words

    def register_read(self) -> Words:
        r = self.random
        pool = r.choice([self.fpga, self.chip])
        return [w for _ in range(r.choice([1, 3, 10])) for w in read(r.choice(pool))]

    def register_write(self) -> Words:
        r = self.random
        address = r.choice(r.choice([self.fpga, self.chip]))
        value, enables = self.value(), r.choice([0xF, 0xF, r.randrange(16)])
        if address == addresses.SYSTIME_NUM_TRIES.base:
            value &= 3
        if address in self.phy_ends and r.random() < 0.95:
            value, enables = (PHY_AUTO if address in self.phy_configs else 0xFF), 0xF
        return [*write(address, value, enables), *(read(address) if r.random() < 0.5 else [])]

    def routing(self) -> Words:
        """Nodes that pass some events and count drops, counters of outputs, and their reads."""
        r = self.random
        words = write(addresses.CROSSBAR_OUT_MUX.base, r.choice([0xFFFF, r.getrandbits(16)]))
        for _ in range(r.choice([1, 4])):
            node = r.choice([n for n in NODES if n.input >= L2_INPUT])
            mask = r.choice([0, 0, 1, 3, 0x3FFF])
            target = r.getrandbits(14) & r.choice([mask, mask, 0x3FFF])
            value = r.getrandbits(1) << 31 | target << 16 | mask
            words += write(addresses.CROSSBAR_NODE.base + node.index, value)
        words += self.spikes()
        counters = [
            *(addresses.CROSSBAR_INPUT_DROP_COUNTER.base + i for i in range(L2_INPUT, INPUTS)),
            *(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + i for i in range(OUTPUTS)),
        ]
        for address in r.sample(counters, 4):
            words += read(address)
            words += write(address, 0) if r.random() < 0.2 else []
        return words

    def background(self) -> Words:
        """Sources that run for some time, now and then faster than anything can follow."""
        r = self.random
        region = addresses.BACKGROUND_SPIKE_SOURCE
        chosen = r.sample(range(region.count), r.choice([1, 2, 8]))
        words: Words = []
        for k in chosen:
            period = r.choice([r.randrange(8), r.randrange(8, 300), r.randrange(300, 5000)])
            words += write(region.address(k, 1), self.value())
            words += write(region.address(k, 2), self.value(), r.choice([0xF, r.randrange(16)]))
            words += write(region.address(k), period << 16 | r.randrange(4))
        words += self.spikes() + self.wait() + read(region.address(chosen[0], r.randrange(3)))
        for k in chosen:
            if r.random() < 0.3:
                words += read(addresses.CROSSBAR_INPUT_DROP_COUNTER.base + BACKGROUND_INPUT + k)
            words += write(region.address(k), r.randrange(300, 5000) << 16 | (r.random() < 0.1))
        return words

    def self_test(self) -> Words:
        """Settings of a PLL and its clock outputs, a short test, its status before and after."""
        r = self.random
        expected = r.choice([10, 40, r.getrandbits(20)])
        test = expected << 12 | r.getrandbits(4) << 8 | r.getrandbits(2) << 5 | r.randrange(4) << 1
        words = write(addresses.ADPLL.address(r.randrange(2)), self.value())
        words += write(addresses.PLL_CLOCK_OUTPUT_BLOCK.base, r.getrandbits(32))
        for value in (test | 1, r.choice([test, test | 1])):
            words += write(addresses.PLL_SELF_TEST.base, value)
            words += read(addresses.PLL_SELF_TEST_STATUS.base)
            words += self.wait() + read(addresses.PLL_SELF_TEST_STATUS.base)
        return words

    def madc(self) -> Words:
        """Settings and commands of the fast converter, which mostly ends by itself."""
        r = self.random
        base = addresses.MADC_CONFIG.base
        fast = r.random() < 0.3
        words = FAST_CLOCK if fast else []
        words = [*words, *write(base + 3, r.choice([0, 1, 5, 100]))]
        words += write(base, r.getrandbits(16))
        words += write(base + 1, r.choice([0, 3, 96]))
        words += write(base + 6, r.choice([1, 3, 3]))
        words += write(base + 8, r.choice([0, 1, 3, 41]))
        for _ in range(r.choice([1, 2, 4])):
            endless = [8, 11, 12, 31] * self.sources
            command = r.choice([1, 2, 3, 3, 4, 19, *endless])
            words += write(addresses.MADC_CONTROL.base, command, r.choice([0xF, 0xF, 0xE]))
            words += r.choice([[], self.wait(), self.spikes()])
        if fast or r.random() < 0.9:
            words += write(addresses.MADC_CONTROL.base, 4)
        words += read(r.choice([addresses.MADC_CONTROL.base, base]))
        return words + (USUAL_CLOCK if fast else [])

    def cadc(self) -> Words:
        """Conversions and buffered results, with and without enable."""
        r = self.random
        words: Words = []
        for _ in range(r.choice([1, 2, 3])):
            h = r.randrange(2)
            region = r.choice([addresses.CADC_CAUSAL_SAMPLE, addresses.CADC_ACAUSAL_SAMPLE])
            if r.random() < 0.5:
                config = r.randrange(256) << 12 | r.choice([0, 1, 100]) << 4 | (r.random() < 0.8)
                words += write(addresses.CADC_CONFIG.bases[h], config)
            at = region.bases[h] + r.randrange(region.count)
            words += read(at | r.choice([0, 1]) << addresses.CADC_BUFFERED_BIT)
        return words

    def storm(self) -> Words:
        """More events than link, chip and trace can take, and answers in between."""
        r = self.random
        words: Words = []
        node = addresses.CROSSBAR_NODE.base
        for n in NODES:
            if L2_INPUT <= n.input < BACKGROUND_INPUT and n.output >= L2_OUTPUT:
                words += write(node + n.index, 1 << 31)
        label = r.randrange(4) << 14
        pack = word("SpikePack3", label0=label, label1=label | 1, label2=r.getrandbits(16))
        tick = word("Loopback", tick=1)
        pattern = r.choice([[pack], [pack, tick], [pack, pack, tick], [pack, tick, tick]])
        words += pattern * r.choice([60, 200])
        words += read(addresses.PHY_RX_DROPPED_COUNT.base)
        return words + read(addresses.CROSSBAR_INPUT_DROP_COUNTER.base + L2_INPUT + (label >> 14))

    def jtag(self) -> Words:
        r = self.random
        choices = [i.ir for i in jtag.INSTRUCTIONS] + [r.randrange(128)]
        return r.choice(
            [
                [word("JtagInit")],
                [word("JtagScaler", scaler=r.choice([0, 1, 3, 6]))],
                jtag_scan(
                    r.choice(choices), r.getrandbits(33), r.randrange(0, 40), r.random() < 0.7
                ),
                # More than the queue takes, and slower than most timeouts.
                [
                    word("JtagScaler", scaler=r.choice([0, 20, 255])),
                    *jtag_scan(jtag.OMNIBUS_DATA.ir, r.getrandbits(32), 32) * r.choice([9, 40]),
                    word("JtagScaler", scaler=0),
                ],
            ]
        )

    def jtag_bus(self) -> Words:
        r = self.random
        address = r.choice([self.memory_address(), r.choice(self.chip)])
        request = jtag_scan(jtag.OMNIBUS_REQUEST.ir, 0, jtag.OMNIBUS_REQUEST.dr_width)
        if r.random() < 0.5:
            return [
                *jtag_scan(jtag.OMNIBUS_ADDRESS.ir, address, 33),
                *jtag_scan(jtag.OMNIBUS_DATA.ir, self.value(), 32),
                *request,
            ]
        return [
            *jtag_scan(jtag.OMNIBUS_ADDRESS.ir, address | 1 << jtag.OMNIBUS_ADDRESS_READ_BIT, 33),
            *request,
            *jtag_scan(jtag.OMNIBUS_DATA.ir, 0, 32, keep=True),
        ]

    def blocked(self) -> Words:
        """Barriers, accesses and handshakes that wait for a link that is down, or for slow JTAG."""
        r = self.random
        enable = addresses.COMMON_PHY_CONFIG_FPGA.base
        slow = jtag_scan(jtag.OMNIBUS_DATA.ir, r.getrandbits(32), 32)
        words = write(enable, 0) if r.random() < 0.7 else []
        parts = [
            read(r.choice(self.chip)),
            [word("SystimeInit", do_sync=1)],
            [word("JtagScaler", scaler=r.choice([20, 20, 255])), *slow * r.choice([1, 2])],
        ]
        for part in r.sample(parts, r.choice([1, 1, 2, 3])):
            words += part
        words += r.choice(
            [
                self.barrier(),
                self.barrier(),
                [word("SystimeInit", do_sync=1), word("SystimeInit", do_sync=1)],
                slow * 10,
                read(r.choice(self.chip)) * 60,
            ]
        )
        return [*words, word("JtagScaler", scaler=0), *write(enable, 0xFF)]

    def barrier(self) -> Words:
        r = self.random
        mask = r.choice([1, 2, 4, 7, *[r.randrange(32) for _ in range(4)]])
        names = ("omnibus", "jtag", "systime", "multi_fpga", "systime_correction")
        return [word("Barrier", **{n: mask >> i & 1 for i, n in enumerate(names)})]

    def polling(self) -> Words:
        r = self.random
        address = r.choice(
            [addresses.EXECUTOR_TIMER.base, self.memory_address(), self.external_address()]
        )
        base = addresses.POLLING_BLOCK.base
        mask = r.choice([0, 1, 3, 0xF, 0xFF])
        return [
            *write(base, address),
            *write(base + 1, r.randrange(16) & mask),
            *write(base + 2, mask),
            word("Barrier", omnibus=1),
            word("PollingOmnibusBlock", equality=r.random() < 0.5),
        ]

    def systime(self) -> Words:
        """A handshake or a look at the time; now and then shortly before the time wraps."""
        r = self.random
        words: Words = []
        if r.random() < 0.3:
            base = addresses.SYSTIME_SYNC_BASE.base
            words += write(base, (1 << 32) - 1 - r.randrange(2000))
            words += write(base + 1, r.choice([0, 0x3FF, 0x7FF]))
            words += write(addresses.SYSTIME_NUM_TRIES.base, r.randrange(4))
            words.append(word("Barrier", omnibus=1))
        words.append(word("SystimeInit", do_sync=r.random() < 0.5))
        return [*words, *([word("Barrier", systime=1)] if r.random() < 0.3 else [])]

    def spikes(self) -> Words:
        r = self.random
        channels = r.choice([range(4), [r.randrange(4)]])
        words = []
        for _ in range(r.choice([1, 4, 16, 60])):
            n = r.choice([1, 2, 3, 3])
            labels = [r.choice(channels) << 14 | r.randrange(1 << 14) for _ in range(n)]
            words.append(
                word(f"SpikePack{n}", **{f"label{i}": label for i, label in enumerate(labels)})
            )
        return words

    def reads(self) -> Words:
        """More reads than may be in flight, both sides mixed."""
        r = self.random
        sides = r.choice([(1, 0), (0, 1), (1, 1)])
        pool = [*([self.memory_address()] * sides[0]), *([r.choice(self.fpga)] * sides[1])]
        return [w for _ in range(r.choice([10, 60, 90])) for w in read(r.choice(pool))]

    def odd(self) -> Words:
        r = self.random
        unknown = r.randrange(len(TO_FPGA.messages), 128) << (PHYWORD_WIDTH - HEADER_WIDTH)
        unmapped = r.choice([0x88001000, 0x00041000, 0x8FFFFFFF, 0x7FFFFFFF])
        return r.choice(
            [
                [FILLER],
                [FILLER | r.getrandbits(63)],
                [unknown | r.getrandbits(56)],
                read(unmapped),
                write(unmapped, 1),
            ]
        )

    def disturbance(self) -> Words:
        """Something that loses accesses: the link goes down, the chip is reset, it blocks."""
        r = self.random
        enable = addresses.COMMON_PHY_CONFIG_FPGA.base
        return r.choice(
            [
                [*write(enable, 0), *write(enable, 0xFF)],
                [*write(enable, r.randrange(256))],
                [w for _ in range(6) for w in write(enable, r.randrange(256))],
                self.phy_toggles(),
                [word("Reset", reset=1), word("Reset", reset=0)],
                [word("Reset", reset=1), word("Setup"), word("WaitUntil", time=r.randrange(50))],
                bring_up(self.timeout, r.choice([0xFF, 1 << r.randrange(8)])),
            ]
        )

    def phy_toggles(self) -> Words:
        """PHYs that go down and come back, on either end, one after the other."""
        r = self.random
        words: Words = []
        for _ in range(r.choice([2, 10])):
            phy = r.randrange(8)
            value = r.choice([0, PHY_AUTO, PHY_AUTO])
            if r.random() < 0.5:
                words += write(addresses.PHY_CONFIG_FPGA.base + phy, value)
            else:
                words += jtag_scan(jtag.PHY_CONFIG.ir | phy << jtag.PHY_SHIFT, value, 22)
            words += self.wait() if r.random() < 0.3 else []
        return words


def _processors(random: Random) -> Words:
    """Processors that are released or held, their state, and memory that they work on."""
    h = random.randrange(2)
    words = write(addresses.PPU_CONTROL.bases[h], random.choice([1, 1, 1, 0]))
    for _ in range(random.choice([1, 4, 16])):
        memory = random.choice(
            [addresses.PPU_MEMORY, addresses.PPU_MEMORY, addresses.SYNAPSE_VIEWS[0]]
        )
        address = memory.bases[random.randrange(2)] + random.randrange(16)
        words += write(address, random.getrandbits(32)) if random.random() < 0.3 else read(address)
        words += read(addresses.PPU_STATUS.bases[h]) if random.random() < 0.2 else []
        if random.random() < 0.3:
            words += [word("Setup"), word("WaitUntil", time=random.choice([10, 100, 1000]))]
    return words


def _errors(random: Random) -> tuple[int, int, int, int]:
    """Seed and kinds of errors on the link: all together, one alone, many, or none."""
    n = random.randrange(1, 34)
    kinds = random.choice([(n, n, n), (n, n, n), (n, 0, 0), (0, n, 0), (0, 0, n), (0, 0, 0)])
    kinds = random.choice([kinds, kinds, kinds, (200, 100, 200)])
    return (random.getrandbits(32), *kinds)


def random_session(seed: int, instructions: int) -> Session:
    """About `instructions` random instructions in programs of any length; fixed by `seed`."""
    random = Random(seed)
    generator = _Generator(random)
    errors = Random(f"link {seed}")  # of its own: the programs do not depend on it
    faulty = errors.random() < 0.2
    processors = Random(f"processors {seed}")  # too
    used = processors.getrandbits(32) if processors.random() < 0.25 else 0
    batches: list[Batch] = []
    total = 0
    cut = 0
    while total < instructions:
        words: Words = []
        for _ in range(random.choice([1, 1, 2, 5])):
            if not words and (not batches or random.random() < 0.3):
                words += bring_up(generator.timeout)
            else:
                words += write(addresses.INSTRUCTION_TIMEOUT.base, generator.timeout)
            length = random.choice([0, 5, 50, 300])
            end = len(words) + length
            while len(words) < end:
                words += generator.piece()
                if used and processors.random() < 0.15:
                    words += _processors(processors)
            words.append(HALT)
        # A long pause may end shortly before the 32-bit timer, which counts FPGA cycles, wraps.
        long = 4 * random.randrange(10**6)
        if not generator.sources:
            long = random.choice([long, 2**33 - random.randrange(20000)])
        p = random.choice([0.0, 0.0, 0.02, 0.5])
        gaps = tuple(random.randrange(200) if random.random() < p else 0 for _ in words)
        stall = (random.randrange(1, 2**32), random.choice([256, 256, 128, 20]))
        batches.append(
            Batch(
                tuple(words),
                gaps,
                rate=random.choice([1, 1, 1, 2, 9]),
                stall=stall,
                reset=random.choice([1, 3]) if cut or (batches and random.random() < 0.05) else 0,
                advance=random.choice([0] * 9 + [random.randrange(500)] * 3 + [long]),
                period=random.choice([0, 0, 0, 2, 17]),
                errors=_errors(errors) if faulty else (0, 0, 0, 0),
                cut=(cut := random.choice([0] * 12 + [random.randrange(1, 3000)])),
            )
        )
        total += len(words)
    stand_in = any(batch.advance > LONG for batch in batches)
    return Session(tuple(batches), seed, total, stand_in, used)
