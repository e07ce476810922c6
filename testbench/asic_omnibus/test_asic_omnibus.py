# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_omnibus.sv against a model of docs/timing.md section 5."""

from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from testbench.common import corners, generator
from testbench.common.lockstep import Lockstep

INPUTS = {
    "link_valid_i": 0,
    "link_epoch_i": 0,
    "link_read_i": 0,
    "link_be_i": 0,
    "link_addr_i": 0,
    "link_data_i": 0,
    "jtag_valid_i": 0,
    "jtag_read_i": 0,
    "jtag_addr_i": 0,
    "jtag_data_i": 0,
    "ppu_valid_i": 0,
    "ppu_read_i": 0,
    "ppu_be_i": 0,
    "ppu_addr_i": 0,
    "ppu_data_i": 0,
    "bus_hit_i": 0,
    "bus_wait_i": 0,
    "bus_data_i": 0,
}


MASTERS = ("link", "jtag", "ppu0", "ppu1")
WIDTHS = {"valid": 1, "read": 1, "be": 4, "addr": 32, "data": 32}


def packed(requests: dict[str, dict[str, int]]) -> dict[str, int]:
    """Inputs of the design for the requests of some masters."""
    inputs: dict[str, int] = {}
    for who, request in requests.items():
        for name, value in request.items():
            if who.startswith("ppu"):
                port = f"ppu_{name}_i"
                inputs[port] = inputs.get(port, 0) | value << WIDTHS[name] * int(who[3])
            else:
                inputs[f"{who}_{name}_i"] = value
    return inputs


def of_master(i: dict[str, int], who: str, name: str) -> int:
    """An input of one master."""
    if who.startswith("ppu"):
        width = WIDTHS[name]
        return i[f"ppu_{name}_i"] >> width * int(who[3]) & (1 << width) - 1
    return 0xF if (who, name) == ("jtag", "be") else i[f"{who}_{name}_i"]


class Model:
    """The arbiter; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.running: tuple[str, bool, int, int] | None = None  # who, read, epoch, address
        self.unmapped = 0
        self.report: int | None = None  # of an unmapped access that ended in the cycle before
        self.served = dict.fromkeys(MASTERS, 0)
        self.overtaken = 0  # cycles in which somebody waited for the link
        self.last = "ppu1"

    def step(self, i: dict[str, int]) -> dict[str, int]:
        asking = [who for who in MASTERS if of_master(i, who, "valid")]
        expected = {
            "unmapped_o": self.unmapped,
            "idle_o": int(not (self.running or asking)),
            "bus_valid_o": 0,
            "link_rsp_valid_o": 0,
            "jtag_rsp_valid_o": 0,
            "ppu_rsp_valid_o": 0,
            "ppu_ready_o": 0,
            "diag_valid_o": 0,
        }
        if self.report is not None:
            expected |= {
                "idle_o": 0,
                "diag_valid_o": 1,
                "diag_code_o": CONSTANTS["DiagUnmappedChip"],
                "diag_data_o": self.report,
            }
            self.report = None
        if self.running:
            who, read, epoch, address = self.running
            if i["bus_wait_i"]:
                return expected | {"link_ready_o": 0, "jtag_ready_o": 0, "ppu_ready_o": 0}
            self.running = None
            expected |= {"link_ready_o": 0, "jtag_ready_o": 0}
            expected["rsp_data_o"] = i["bus_data_i"] if read and i["bus_hit_i"] else 0
            if who == "link":
                expected |= {"link_rsp_valid_o": 1, "link_rsp_epoch_o": epoch}
            elif who == "jtag":
                expected["jtag_rsp_valid_o"] = int(read)
            else:
                expected["ppu_rsp_valid_o"] = 1 << int(who[3])
            if not i["bus_hit_i"]:
                self.unmapped += 1
                self.report = int(read) << 32 | address
            return expected
        if not asking:
            return expected
        who = asking[0]
        if asking == ["ppu0", "ppu1"] and self.last == "ppu0":
            who = "ppu1"
        self.served[who] += 1
        self.overtaken += who == "link" and len(asking) > 1
        expected |= {
            "bus_valid_o": 1,
            **{f"bus_{name}_o": of_master(i, who, name) for name in ("read", "be", "addr", "data")},
            "link_ready_o": 1,
            "jtag_ready_o": 1 - i["link_valid_i"],
        }
        if who.startswith("ppu"):
            self.last = who
            expected["ppu_ready_o"] = 1 << int(who[3])
        read, address = bool(of_master(i, who, "read")), of_master(i, who, "addr")
        self.running = who, read, i["link_epoch_i"], address
        return expected


def request(rng: Random, who: str) -> dict[str, int]:
    """A random request of a master."""
    found = {
        "valid": 1,
        "read": rng.getrandbits(1),
        "addr": rng.getrandbits(32),
        "data": rng.getrandbits(32),
    }
    if who != "jtag":
        found["be"] = rng.getrandbits(4)
    if who == "link":
        found["epoch"] = rng.getrandbits(8)
    return found


@cocotb.test(timeout_time=10, timeout_unit="ms")
@corners
async def random_requests(dut: Any, idle: bool, pressure: bool) -> None:
    """All masters; `idle` puts gaps between link requests, `pressure` keeps the others asking."""
    tb = Lockstep(dut, Model(), INPUTS)
    rng = generator(f"requests {idle} {pressure}")
    rates = dict.fromkeys(MASTERS, 1.0 if pressure else 0.1) | {"link": 0.3 if idle else 1.0}
    if idle and pressure:
        rates["jtag"] = 0.1  # leaves the processors something
    await tb.reset()
    waiting: dict[str, dict[str, int]] = {}
    for _ in range(4000):
        for who, rate in rates.items():
            if who not in waiting and rng.random() < rate:
                waiting[who] = request(rng, who)
        slave = {"bus_hit_i": int(rng.random() < 0.8), "bus_data_i": rng.getrandbits(32)}
        slave["bus_wait_i"] = int(rng.random() < 0.1)
        expected = await tb.cycle(**packed(waiting), **slave)
        served = [who for who in waiting if who[:3] != "ppu" and expected.get(f"{who}_ready_o")]
        served += [
            who
            for who in waiting
            if who[:3] == "ppu" and expected["ppu_ready_o"] >> int(who[3]) & 1
        ]
        for who in served:
            del waiting[who]
    served = tb.model.served
    assert served["link"] > 500
    assert tb.model.overtaken > 10
    assert tb.model.unmapped > 100
    for who in MASTERS[1:]:
        assert served[who] > 10 if idle else served[who] == 0, "the link goes first, always"
    if idle and pressure:
        assert abs(served["ppu0"] - served["ppu1"]) <= 1, "the processors take turns"


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def a_quiet_bus_takes_two_cycles(dut: Any) -> None:
    tb = Lockstep(dut, Model(), INPUTS)
    rng = generator("quiet")
    await tb.reset()
    for who in MASTERS:
        given = packed({who: request(rng, who) | {"read": 1}})
        assert (await tb.cycle(**given))["bus_valid_o"]
        answer = await tb.cycle(bus_hit_i=1, bus_data_i=0x1234_5678)
        assert answer["rsp_data_o"] == 0x1234_5678
        assert (await tb.cycle())["idle_o"]


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def unmapped_accesses_are_counted_on(dut: Any) -> None:
    """One every second cycle, 2^14 of them; powers of two are met one by one."""
    tb = Lockstep(dut, Model(), INPUTS)
    await tb.reset()
    miss = packed({"link": request(generator("unmapped"), "link")})
    while tb.model.unmapped < 1 << 14:
        for _ in range(6):
            await tb.cycle(**miss)
        count = tb.model.unmapped
        # The inputs stay, so two cycles are one more.
        more = max((1 << count.bit_length()) - count - 1, 0) or count // 3
        await tb.cycles(2 * more)
        tb.model.unmapped += more
    await tb.cycle(**miss)
