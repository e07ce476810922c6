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
    "bus_hit_i": 0,
    "bus_data_i": 0,
}


class Model:
    """The arbiter; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.running: tuple[bool, bool, int, int] | None = None  # JTAG, read, epoch, address
        self.unmapped = 0
        self.report: int | None = None  # of an unmapped access that ended in the cycle before
        self.served = {"link": 0, "jtag": 0}
        self.overtaken = 0  # cycles in which JTAG waited for the link

    def step(self, i: dict[str, int]) -> dict[str, int]:
        expected = {
            "unmapped_o": self.unmapped,
            "idle_o": int(not (self.running or i["link_valid_i"] or i["jtag_valid_i"])),
            "bus_valid_o": 0,
            "link_rsp_valid_o": 0,
            "jtag_rsp_valid_o": 0,
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
            jtag, read, epoch, address = self.running
            self.running = None
            expected |= {"link_ready_o": 0, "jtag_ready_o": 0}
            expected["rsp_data_o"] = i["bus_data_i"] if read and i["bus_hit_i"] else 0
            if not jtag:
                expected |= {"link_rsp_valid_o": 1, "link_rsp_epoch_o": epoch}
            elif read:
                expected["jtag_rsp_valid_o"] = 1
            if not i["bus_hit_i"]:
                self.unmapped += 1
                self.report = int(read) << 32 | address
            return expected
        if not (i["link_valid_i"] or i["jtag_valid_i"]):
            return expected
        who = "link" if i["link_valid_i"] else "jtag"
        self.served[who] += 1
        self.overtaken += i["link_valid_i"] & i["jtag_valid_i"]
        expected |= {
            "bus_valid_o": 1,
            "bus_read_o": i[f"{who}_read_i"],
            "bus_be_o": i["link_be_i"] if who == "link" else 0xF,
            "bus_addr_o": i[f"{who}_addr_i"],
            "bus_data_o": i[f"{who}_data_i"],
            **({"link_ready_o": 1} if who == "link" else {}),
            "jtag_ready_o": 1 - i["link_valid_i"],
        }
        self.running = (
            who == "jtag",
            bool(i[f"{who}_read_i"]),
            i["link_epoch_i"],
            i[f"{who}_addr_i"],
        )
        return expected


def request(rng: Random, who: str) -> dict[str, int]:
    """A random request of the link or of JTAG."""
    found = {
        f"{who}_valid_i": 1,
        f"{who}_read_i": rng.getrandbits(1),
        f"{who}_addr_i": rng.getrandbits(32),
        f"{who}_data_i": rng.getrandbits(32),
    }
    if who == "link":
        found |= {"link_epoch_i": rng.getrandbits(8), "link_be_i": rng.getrandbits(4)}
    return found


@cocotb.test(timeout_time=10, timeout_unit="ms")
@corners
async def random_requests(dut: Any, idle: bool, pressure: bool) -> None:
    """Both masters; `idle` puts gaps between link requests, `pressure` keeps JTAG asking."""
    tb = Lockstep(dut, Model(), INPUTS)
    rng = generator(f"requests {idle} {pressure}")
    rates = {"link": 0.3 if idle else 1.0, "jtag": 1.0 if pressure else 0.1}
    await tb.reset()
    waiting: dict[str, dict[str, int]] = {}
    for _ in range(4000):
        for who, rate in rates.items():
            if who not in waiting and rng.random() < rate:
                waiting[who] = request(rng, who)
        slave = {"bus_hit_i": int(rng.random() < 0.8), "bus_data_i": rng.getrandbits(32)}
        held = {k: v for one in waiting.values() for k, v in one.items()}
        expected = await tb.cycle(**held, **slave)
        for who in [who for who in waiting if expected.get(f"{who}_ready_o")]:
            del waiting[who]
    served = tb.model.served
    assert served["link"] > 500
    assert served["jtag"] > 10 if idle else served["jtag"] == 0, "the link goes first, always"
    assert tb.model.overtaken > 10
    assert tb.model.unmapped > 100


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def a_quiet_bus_takes_two_cycles(dut: Any) -> None:
    tb = Lockstep(dut, Model(), INPUTS)
    rng = generator("quiet")
    await tb.reset()
    for who in ("link", "jtag"):
        given = request(rng, who) | {f"{who}_read_i": 1}
        assert (await tb.cycle(**given))["bus_valid_o"]
        answer = await tb.cycle(bus_hit_i=1, bus_data_i=0x1234_5678)
        assert answer["rsp_data_o"] == 0x1234_5678
        assert (await tb.cycle())["idle_o"]
