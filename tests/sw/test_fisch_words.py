# SPDX-License-Identifier: Apache-2.0
"""Word types: values, texts, wrong uses."""

import copy

import pytest

from hal import halco
from hal.fisch import Backend, words, write_words

pyfisch = pytest.importorskip("pyfisch_vx_v3")


def test_texts() -> None:
    assert str(pyfisch.JTAGIdCode()) == "JTAGIdCode(0x0)"
    assert str(pyfisch.JTAGClockScaler(pyfisch.JTAGClockScaler.Value(3))) == "JTAGClockScaler(3)"
    assert str(pyfisch.ResetJTAGTap()) == "ResetJTAGTap()"
    assert str(pyfisch.ResetChip(True)) == "ResetChip(true)"
    assert str(pyfisch.Timer()) == "Timer(0)"
    bits = f"{12:032b}"
    assert str(pyfisch.JTAGPLLRegister(12)) == f"JTAGPLLRegister(0d12 0xc 0b{bits})"
    assert str(pyfisch.OmnibusChipOverJTAG(12)) == f"OmnibusChipOverJTAG(0d12 0xc 0b{bits})"
    value = pyfisch.Omnibus.Value(12, [True, True, False, True])
    assert str(pyfisch.Omnibus(value)) == f"Omnibus(0d12 0xc 0b{bits}, byte_enables: 1101)"
    assert str(words.SpikePack2ToChip()) == "SpikePack2ToChip(SpikeLabel(0), SpikeLabel(0))"


def test_module() -> None:
    assert pyfisch.__variant__ == "pybind11"
    assert pyfisch.fpga_clock_cycles_per_us == 125
    assert pyfisch.fpga_clock_cycles_per_ms == 125_000
    assert pyfisch.fpga_clock_cycles_per_s == 125_000_000
    assert pyfisch.FPGATime.max == (1 << 43) - 1
    assert {"run", "PlaybackProgram"} <= set(dir(pyfisch))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pyfisch.nothing


@pytest.mark.parametrize("backend", Backend, ids=lambda backend: backend.name)
def test_values(backend: Backend) -> None:
    cls = getattr(words, backend.name)
    word = cls()
    assert copy.copy(word) == word == cls(word)
    other = cls()
    other.set(word)
    assert other == word
    assert other.get() == word.get()
    assert cls.__doc__
    assert str(word).startswith(cls.__name__)
    with pytest.raises(RuntimeError, match=f"{cls.__name__} belongs to "):
        cls().write_access("somewhere")
    with pytest.raises(TypeError):
        word.set("much")


def test_byte_enables() -> None:
    value = words.Omnibus.Value(0x12345678, [True, False, False, False])
    access = words.Omnibus(value).write_access(halco.OmnibusAddress(5))
    assert write_words(access).tolist() == [0x0B00000100000005, 0x0C00000012345678]
    with pytest.raises(TypeError, match="expected 4 byte enables"):
        words.Omnibus.Value(0, [True])


def test_wrong_uses() -> None:
    with pytest.raises(RuntimeError, match=r"JTAGIdCode at .* is read-only"):
        words.JTAGIdCode().write_access(halco.JTAGIdCodeOnDLS())
    with pytest.raises(RuntimeError, match=r"ResetChip at .* is write-only"):
        words.ResetChip.read_access(halco.ResetChipOnDLS())
    with pytest.raises(TypeError, match="ResetJTAGTap carries no value"):
        words.ResetJTAGTap().set(1)
    with pytest.raises(TypeError, match="ResetChip: expected bool"):
        words.ResetChip().set(1)
    with pytest.raises(TypeError, match="SpikePack1ToChip: expected 1 labels"):
        words.SpikePack1ToChip([])
    with pytest.raises(TypeError, match=r"cannot convert 256 \(int\) to _Scaler"):
        words.JTAGClockScaler(256)
