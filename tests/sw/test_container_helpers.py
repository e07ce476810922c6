# SPDX-License-Identifier: Apache-2.0
"""Helpers of single containers; the recorded results are checked with the vectors."""

from pathlib import Path

import pytest

from hal import halco, haldls


def test_defaults() -> None:
    outputs = haldls.ADPLL.Output
    frequencies = [haldls.ADPLL().calculate_output_frequency(output) for output in outputs]
    assert frequencies == [500e6, 250e6, 500e6]
    assert haldls.MADCConfig().calculate_sample_rate(500e6) == 500e6 / 17
    power = haldls.INA219Status().toUncalibratedPower()
    assert power.shunt_resistance == 0.027
    power.uncalibrated_bus_voltage, power.uncalibrated_shunt_voltage = 2.5, 0.027
    assert power.calculate() == pytest.approx(2.5)


def test_presets_cannot_be_spoilt() -> None:
    barrier = haldls.Barrier.omnibus
    barrier.enable_jtag = True
    assert not haldls.Barrier.omnibus.enable_jtag
    assert haldls.Barrier().omnibus == haldls.Barrier.omnibus != barrier


def test_hagen_address() -> None:
    event = haldls.PADIEvent()
    event.hagen_address = 1
    event.hagen_activation = 5
    assert int(event.event_address) == 37
    event.hagen_activation = haldls.PADIEvent.HagenActivation(0)
    assert (int(event.hagen_address), int(event.event_address)) == (1, 32)


def test_ppu_memory(tmp_path: Path) -> None:
    block = haldls.PPUMemoryBlock(halco.PPUMemoryBlockSize(3))
    assert int(block.size()) == 3
    block[0] = haldls.PPUMemoryWord(haldls.PPUMemoryWord.Value(0x61620000))
    assert block.to_string() == "ab"
    part = block.get_subblock(0, 2)
    part.at(1).value = haldls.PPUMemoryWord.Value(7)
    block.set_subblock(1, part)
    assert [int(word.value) for word in block.words] == [0x61620000, 0x61620000, 7]
    with pytest.raises(RuntimeError, match="words 2 to 3 do not lie within the 3 words"):
        block.get_subblock(2, 2)
    with pytest.raises(IndexError, match="word 3 of 3"):
        block.at(3)
    with pytest.raises(RuntimeError, match="expected 3 words, not 1"):
        block.words = [haldls.PPUMemoryWord()]
    with pytest.raises(TypeError, match="expected PPUMemoryWord"):
        block[0] = 3
    with pytest.raises(TypeError, match=r"cannot convert -1 \(int\) to PPUMemoryBlockSize"):
        haldls.PPUMemoryBlock(-1)
    word = halco.PPUMemoryWordOnPPU
    span = halco.PPUMemoryBlockOnPPU(word(10), word(12))
    memory = haldls.PPUMemory()
    memory.set_block(span, block)
    memory.set_word(word(11), haldls.PPUMemoryWord.Value(5))
    assert int(memory.get_block(span)[1].value) == int(memory.get_word(word(11))) == 5
    with pytest.raises(RuntimeError, match="block of 2 words does not fit"):
        memory.set_block(span, part)
    with pytest.raises(RuntimeError, match="PPUMemoryBlock of 2 words cannot be written"):
        part.write_access(halco.PPUMemoryBlockOnDLS(span, halco.PPUOnDLS(0)))
    binary = tmp_path / "program.bin"
    binary.write_bytes(b"\1\2\3\4\5")
    memory.load_from_file(str(binary))
    assert [int(w.value) for w in list(memory.words)[:3]] == [0x01020304, 0x05000000, 0]
    binary.write_bytes(bytes(4 * 4096 + 1))
    with pytest.raises(RuntimeError, match="16385 bytes, the memory 16384"):
        memory.load_from_file(str(binary))
    with pytest.raises(RuntimeError, match="cannot read"):
        memory.load_from_file(str(tmp_path / "none"))
