# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_ppu_vector.sv against docs/ppu-interface.md, cycle by cycle."""

from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal.fisch import addresses
from testbench.common import corners, generator
from testbench.common.lockstep import Lockstep

BUFFERED = 1 << addresses.CADC_BUFFERED_BIT
UNMAPPED = 1 << 31
WORDS, LANES = 32, 128
# Half rows with and without that of the column switches.
SWITCHES = addresses.SYNAPSE_WEIGHT.count // WORDS
ROWS = addresses.CORRELATION_RESET.count // WORDS
INPUTS = {
    "vector_valid_i": 0,
    "vector_read_i": 0,
    "vector_addr_i": 0,
    "vector_mask_i": 0,
    "vector_data_i": 0,
    "scalar_valid_i": 0,
    "scalar_read_i": 0,
    "scalar_be_i": 0,
    "scalar_addr_i": 0,
    "scalar_data_i": 0,
    "bus_ready_i": 0,
    "bus_rsp_valid_i": 0,
    "bus_rsp_data_i": 0,
}
VIEWS = {
    CONSTANTS["VectorWeights"]: addresses.SYNAPSE_WEIGHT,
    CONSTANTS["VectorLabels"]: addresses.SYNAPSE_LABEL,
    CONSTANTS["VectorEven2msb"]: addresses.SYNAPSE_EVEN_2MSB,
    CONSTANTS["VectorOdd2msb"]: addresses.SYNAPSE_ODD_2MSB,
}
SAMPLES = {
    CONSTANTS["VectorCausal"]: addresses.CADC_CAUSAL_SAMPLE,
    CONSTANTS["VectorAcausal"]: addresses.CADC_ACAUSAL_SAMPLE,
}
SPACES = [*VIEWS, *SAMPLES, *(space | BUFFERED for space in SAMPLES), CONSTANTS["VectorReset"]]


def burst(address: int, read: bool) -> list[int]:
    """Addresses on the chip bus of the words of a request to the upper processor."""
    space, row = address & ~0x3FF, address & 0x3FF
    base, later = None, 0
    if space in VIEWS and row < SWITCHES:
        base = VIEWS[space].bases[0]
    elif space & ~BUFFERED in SAMPLES and row < ROWS and read:
        base = SAMPLES[space & ~BUFFERED].bases[0] | space & BUFFERED
        later = BUFFERED
    elif space in SAMPLES and row < ROWS and not read:
        base = addresses.CORRELATION_RESET.bases[0]
    elif space == CONSTANTS["VectorReset"] and row < SWITCHES and not read:
        base = addresses.CORRELATION_RESET.bases[0]
        if row >= ROWS:
            base = addresses.NEURON_RESET_QUAD.bases[0] - ROWS * WORDS
    if base is None:
        return [UNMAPPED | address]
    return [base + WORDS * row + q | (later if q else 0) for q in range(WORDS)]


def lanes(word: int) -> int:
    """A word of the chip bus as four lanes, or the other way round: lane 0 is its highest byte."""
    return int.from_bytes(word.to_bytes(4, "big"), "little")


class Model:
    """One call of `step` is one cycle."""

    def __init__(self) -> None:
        self.places: list[int] = []  # of the words still to come
        self.index = 0
        self.read = False
        self.mask = self.data = 0
        self.waits = self.owns = self.answers = False
        self.busy = False

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        out: dict[str, Any] = {
            "vector_ready_o": int(not self.busy),
            "vector_rsp_valid_o": int(self.answers),
            "idle_o": int(not self.busy and not self.answers and not i["vector_valid_i"]),
            "scalar_ready_o": i["scalar_valid_i"] & i["bus_ready_i"],
            "scalar_rsp_valid_o": int(i["bus_rsp_valid_i"] and not self.owns),
        }
        if self.answers and self.read:
            out["vector_rsp_data_o"] = self.data
        be = 0
        if self.busy:
            part = self.mask >> 4 * self.index & 0xF
            be = sum((part >> b & 1) << 3 - b for b in range(4))
        skips = self.busy and not self.waits and not self.read and be == 0
        wants = self.busy and not self.waits and not skips
        out["bus_valid_o"] = int(i["scalar_valid_i"] or wants)
        if i["scalar_valid_i"]:
            out |= {f"bus_{n}_o": i[f"scalar_{n}_i"] for n in ("read", "be", "addr", "data")}
        elif wants:
            out |= {"bus_read_o": int(self.read), "bus_addr_o": self.places[self.index]}
            if not self.read:
                out["bus_be_o"] = be
                out["bus_data_o"] = lanes(self.data >> 32 * self.index & 0xFFFF_FFFF)
        ends = skips or (i["bus_rsp_valid_i"] and self.owns)
        last = self.busy and self.index == len(self.places) - 1
        self.answers = bool(ends and last)
        if i["vector_valid_i"] and not self.busy:
            self.busy, self.index, self.read = True, 0, bool(i["vector_read_i"])
            self.places = burst(i["vector_addr_i"], self.read)
            self.mask = i["vector_mask_i"]
            self.data = 0 if self.read else i["vector_data_i"]
        elif ends:
            if self.read:
                self.data |= lanes(i["bus_rsp_data_i"]) << 32 * self.index
            self.waits = False
            self.index += 1
            self.busy = not last
        if out["bus_valid_o"] and i["bus_ready_i"]:
            self.owns = self.waits = not i["scalar_valid_i"]
        return out


class Bus:
    """The arbiter: takes a request when it likes, answers a cycle or more later."""

    def __init__(self, rng: Random, pressure: bool) -> None:
        self.rng, self.pressure, self.left = rng, pressure, -1

    def inputs(self) -> dict[str, int]:
        """Of the next cycle."""
        if self.left == 0:
            return {"bus_rsp_valid_i": 1, "bus_rsp_data_i": self.rng.getrandbits(32)}
        ready = self.left < 0 and not (self.pressure and self.rng.random() < 0.5)
        return {"bus_ready_i": int(ready)}

    def see(self, taken: bool) -> None:
        if taken:
            self.left = self.rng.choice([0, 0, 0, 3]) if self.pressure else 0
        else:
            self.left = max(self.left - 1, -1)


async def run(dut: Any, cycles: int, rng: Random, idle: bool, pressure: bool) -> dict[int, int]:
    """Random requests; the number of answered ones by space."""
    tb = Lockstep(dut, Model(), INPUTS)
    await tb.reset()
    bus, vector, scalar = Bus(rng, pressure), {}, {}
    answered: dict[int, int] = {}
    space = 0
    for _ in range(cycles):
        if not vector and not (idle and rng.random() < 0.9):
            address = rng.choice(SPACES) + rng.choice([0, 511, 512, 513, 514, rng.randrange(1024)])
            if rng.random() < 0.05:
                address = rng.getrandbits(31)
            mask = rng.choice(
                [(1 << LANES) - 1, rng.getrandbits(LANES), 1 << rng.randrange(LANES), 0]
            )
            vector = {
                "vector_valid_i": 1,
                "vector_read_i": rng.getrandbits(1),
                "vector_addr_i": address,
                "vector_mask_i": mask,
                "vector_data_i": rng.getrandbits(8 * LANES),
            }
        if not scalar and rng.random() < 0.1:
            values = {"valid": 1, "read": rng.getrandbits(1), "be": rng.getrandbits(4)}
            values |= {"addr": rng.getrandbits(32), "data": rng.getrandbits(32)}
            scalar = {f"scalar_{name}_i": value for name, value in values.items()}
        given = {**vector, **scalar, **bus.inputs()}
        out = await tb.cycle(**given)
        if vector and out["vector_ready_o"]:
            space = vector["vector_addr_i"] & ~0x3FF
            vector = {}
        if out["vector_rsp_valid_o"]:
            answered[space] = answered.get(space, 0) + 1
        if scalar and out["scalar_ready_o"]:
            scalar = {}
        bus.see(bool(out["bus_valid_o"] and given.get("bus_ready_i")))
    return answered


@cocotb.test()
@corners
async def every_cycle(dut: Any, idle: bool, pressure: bool) -> None:
    """Everything that goes out, against the model; every space was used."""
    answered = await run(dut, 20_000, generator("every_cycle"), idle, pressure)
    assert set(SPACES) <= set(answered), answered


@cocotb.test()
async def a_half_row_takes_64_cycles(dut: Any) -> None:
    """Alone on a bus that never waits: two cycles a word, and one for the answer."""
    rng = generator("alone")
    tb = Lockstep(dut, Model(), INPUTS)
    await tb.reset()
    bus = Bus(rng, False)
    request = {"vector_valid_i": 1, "vector_read_i": 1, "vector_addr_i": 7}
    cycles = 0
    while True:
        given = {**request, **bus.inputs()}
        out = await tb.cycle(**given)
        bus.see(bool(out["bus_valid_o"] and given.get("bus_ready_i")))
        if out["vector_rsp_valid_o"]:
            break
        cycles += 1
        request = {}
    assert cycles == 1 + 2 * WORDS
