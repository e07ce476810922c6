# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_decoder.sv: the table of to-FPGA messages, bit by bit."""

from typing import Any

import cocotb
from cocotb.triggers import Timer

from testbench.common import generator

#: Output -> lowest bit and width; the same bits for every kind.
FIELDS = {
    "scaler_o": (0, 8),
    "jtag_ins_o": (0, 7),
    "jtag_data_o": (0, 33),
    "jtag_bits_o": (40, 8),
    "jtag_keep_o": (48, 1),
    "wait_o": (0, 32),
    "barrier_o": (0, 5),
    "flag_o": (0, 1),
    "address_o": (0, 32),
    "byte_enables_o": (32, 4),
    "is_read_o": (36, 1),
    "write_data_o": (0, 32),
}
HEADERS = 16
PACK1 = 13


def expected(word: int) -> dict[str, int]:
    """All outputs for `word`."""
    header = word >> 56
    labels = header - PACK1 + 1 if PACK1 <= header < HEADERS else 0
    # The first label is the most significant one.
    order = [word >> 16 * (labels - 1 - k) & 0xFFFF for k in range(labels)]
    found = {name: word >> low & (1 << width) - 1 for name, (low, width) in FIELDS.items()}
    return found | {
        "filler_o": header >> 7,
        "unknown_o": int(HEADERS <= header < 128),
        "kind_o": header & 15,
        "spike_count_o": labels,
        "spike_labels_o": sum(label << 16 * k for k, label in enumerate(order)),
    }


class TB:
    """Puts words in and compares all outputs."""

    def __init__(self, dut: Any) -> None:
        self.word = dut.word_i
        self.outputs = {name: getattr(dut, name) for name in expected(0)}

    async def check(self, word: int) -> None:
        self.word.value = word
        await Timer(1, "ns")
        got = {name: int(handle.value) for name, handle in self.outputs.items()}
        assert got == expected(word), f"word {word:#018x}"


@cocotb.test()
async def every_header(dut: Any) -> None:
    """All 256 headers, each with payload 0, ones and four random ones."""
    tb = TB(dut)
    rng = generator("headers")
    for header in range(256):
        for payload in (0, (1 << 56) - 1, *(rng.getrandbits(56) for _ in range(4))):
            await tb.check(header << 56 | payload)


@cocotb.test()
async def every_bit_of_every_message(dut: Any) -> None:
    tb = TB(dut)
    for header in range(HEADERS):
        for bit in range(56):
            await tb.check(header << 56 | 1 << bit)


@cocotb.test()
async def worked_examples(dut: Any) -> None:
    """Words of the interface reference, read by hand."""
    tb = TB(dut)
    await tb.check(0x0B00_001F_8800_000C)
    assert (dut.kind_o.value, dut.is_read_o.value, dut.byte_enables_o.value) == (11, 1, 15)
    assert dut.address_o.value == 0x8800_000C
    await tb.check(0x0301_2101_1234_5678)
    assert (dut.kind_o.value, dut.jtag_keep_o.value, dut.jtag_bits_o.value) == (3, 1, 33)
    assert dut.jtag_data_o.value == 0x1_1234_5678
    await tb.check(0x0F00_1111_2222_3333)
    assert dut.spike_count_o.value == 3
    assert dut.spike_labels_o.value == 0x3333_2222_1111
