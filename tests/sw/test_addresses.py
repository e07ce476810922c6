# SPDX-License-Identifier: Apache-2.0
"""Address map, JTAG and crossbar numbering against the rows of the public documentation."""

import json
from pathlib import Path

import numpy as np
import pytest

from hal.fisch import addresses, crossbar, jtag

# name, base, count, stride, words, width, access: one row a documented register
ROWS = json.loads((Path(__file__).parent / "data" / "address_map.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_documented_register(row: list[str | int]) -> None:
    name, base, count, stride, words, width, access = row
    last = int(count) - 1
    for entry in {0, min(1, last), last // 2, last}:
        for word in range(int(words)):
            if name == "I2C master" and entry >= 0x200:
                continue  # the prescaler and its mirror images
            address = int(str(base), 16) + int(stride) * entry + word
            candidates = [
                r
                for r in addresses.REGIONS
                for first in r.bases
                if 0 <= address - first < r.stride * r.count
                and (address - first) % r.stride < r.words
                and r.access == access
                and r.widths[(address - first) % r.stride] == width
            ]
            assert candidates, hex(address)


def test_regions_do_not_collide() -> None:
    """Only a generator instead of the DRAM and a write-only view of the samples share addresses."""
    overlays = {"external_ppu_dram_memory", "correlation_reset", "neuron_reset_quad"}
    regions = [r for r in addresses.REGIONS if r.name not in overlays]
    words = [
        np.add.outer(np.arange(r.count, dtype=np.int64) * r.stride, np.arange(r.words)).ravel()
        + base
        for r in regions
        for base in r.bases
    ]
    values, counts = np.unique(np.concatenate(words), return_counts=True)
    assert [hex(v) for v in values[counts > 1]] == []


def test_find() -> None:
    names = {
        0x8800000C: "executor_timer",
        0x88000008: "polling_block.word2",
        0x02800001: "ppu_memory.top[1]",
        0x03C94003: "neuron_reset_quad.bottom[3]",
        0x0017800A: "neuron_config.se[1].word0",
        0x02C80000 | 1 << addresses.CADC_BUFFERED_BIT: "cadc_causal_sample.top[0]",
    }
    assert {a: str(addresses.find(a)) for a in names} == names
    assert addresses.find(0x00160000) is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((76,), r"crossbar_node: entry 76 is out of range \[0, 75\]"),
        ((0, 1), r"crossbar_node: word 1 is out of range \[0, 0\]"),
        ((0, 0, -1), r"crossbar_node: block -1 is out of range \[0, 0\]"),
    ],
)
def test_address_bad(arguments: tuple[int, ...], message: str) -> None:
    with pytest.raises(OverflowError, match=message):
        addresses.CROSSBAR_NODE.address(*arguments)


def test_base_of_several_blocks_bad() -> None:
    assert addresses.CROSSBAR_NODE.base == 0x00130019
    with pytest.raises(ValueError, match="capmem has a base in each of the blocks"):
        _ = addresses.CAPMEM.base


def test_crossbar_nodes() -> None:
    assert len(crossbar.NODES) == 76
    loops = {n.input: n for n in crossbar.NODES if n.input == n.output}
    for channel in range(4):
        node = loops[crossbar.L2_INPUT + channel]
        assert addresses.CROSSBAR_NODE.address(node.index) == 0x00130039 + 9 * channel
    assert crossbar.NODES[68] == crossbar.Node(68, 16, 4)
    assert crossbar.NODES[69] == crossbar.Node(69, 16, 8)
    assert crossbar.NODES[75] == crossbar.Node(75, 19, 11)
    assert addresses.CROSSBAR_NODE.count == len(crossbar.NODES)
    assert addresses.CROSSBAR_INPUT_DROP_COUNTER.count == crossbar.INPUTS
    assert addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.count == crossbar.OUTPUTS


def test_jtag() -> None:
    assert [jtag.phy_instruction(p) for p in (0, 1, 7)] == [0x44, 0x4C, 0x7C]
    assert jtag.IDCODE >> 12 & 0xFFFF == 0x4858
    with pytest.raises(OverflowError, match=r"JTAG PHY register 8 is out of range \[0, 7\]"):
        jtag.phy_instruction(8)
