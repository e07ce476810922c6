# SPDX-License-Identifier: Apache-2.0
"""Numeric helpers of the containers against recorded results."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from hal import haldls

GOLDEN = Path(__file__).parents[1] / "golden" / "extras.jsonl.gz"
LINES = gzip.decompress(GOLDEN.read_bytes()).splitlines()
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in LINES]


def _of(kind: str) -> list[dict[str, Any]]:
    records = [record for record in RECORDS if record["kind"] == kind]
    assert records
    return records


def _filled(container: Any, fields: dict[str, Any]) -> Any:
    for name, value in fields.items():
        setattr(container, name, type(getattr(container, name))(value))
    return container


def test_adpll_output_frequency() -> None:
    outputs = haldls.ADPLL.Output
    for record in _of("adpll_output_frequency"):
        pll = _filled(haldls.ADPLL(), record["fields"])
        for output, expected in zip(
            (outputs.core_0, outputs.core_1, outputs.dco), record["outputs"], strict=True
        ):
            frequency = pll.calculate_output_frequency(output, record["f_ref"])
            assert frequency == pytest.approx(expected, rel=1e-12)
    assert haldls.ADPLL().calculate_output_frequency(outputs.core_1) == 250e6


def test_madc_sample_rate() -> None:
    for record in _of("madc_sample_rate"):
        names = ("sample_duration_adjust", "enable_madc_clock_scaling", "madc_clock_scale_value")
        config = _filled(haldls.MADCConfig(), {name: record[name] for name in names})
        rate = config.calculate_sample_rate(record["base_frequency"])
        assert rate == pytest.approx(record["rate"], rel=1e-12)


def test_ina219() -> None:
    for record in _of("ina219"):
        status = _filled(haldls.INA219Status(), record["fields"])
        bus = status.bus_voltage.toUncalibratedVoltage()
        shunt = status.shunt_voltage.toUncalibratedVoltage()
        assert bus == pytest.approx(record["bus_voltage"], rel=1e-7)
        assert shunt == pytest.approx(record["shunt_voltage"], rel=1e-7)
        assert status.toUncalibratedPower().calculate() == pytest.approx(bus * shunt / 0.027)


def test_tmp112() -> None:
    for record in _of("tmp112"):
        status = _filled(haldls.TMP112Status(), record["fields"])
        assert status.temperature.toUncalibratedTemperature() == record["temperature"]


def test_constants() -> None:
    for record in _of("constant"):
        path = record["name"].split("::")
        if not hasattr(haldls, path[0]):
            continue  # of the layers above
        value: Any = haldls
        for name in path:
            value = getattr(value, name)
        if not isinstance(record["value"], dict):
            assert int(value) == record["value"]
            continue
        for name, expected in record["value"].items():
            member = getattr(value, "channel_status" if name == "enable_channels" else name)
            assert (list(member) if isinstance(expected, list) else int(member)) == expected


def test_hagen_address() -> None:
    event = haldls.PADIEvent()
    event.hagen_address = 1
    event.hagen_activation = 5
    assert int(event.event_address) == 37
    event.hagen_activation = haldls.PADIEvent.HagenActivation(0)
    assert (int(event.hagen_address), int(event.event_address)) == (1, 32)


def test_ppu_memory(tmp_path: Path) -> None:
    from hal import halco

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
