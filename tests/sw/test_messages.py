# SPDX-License-Identifier: Apache-2.0
"""The message tables: widths, payload packing and their refusals."""

import pytest

from hal.hxcomm.messages import FROM_FPGA, TO_FPGA, UnknownMessageError


def test_sizes() -> None:
    assert (len(TO_FPGA), len(FROM_FPGA)) == (16, 13)
    assert {m.width for m in TO_FPGA} == {64}
    assert [m.name for m in FROM_FPGA if m.width == 80] == ["MADCSamplePack3", "SpikePack3"]
    for dictionary in (TO_FPGA, FROM_FPGA):
        for m in dictionary:
            assert dictionary[m.name] is dictionary[m.id] is m
            assert all(f.msb < m.payload_width for f in m.fields)
            bits = [b for f in m.fields for b in range(f.lsb, f.msb + 1)]
            assert len(bits) == len(set(bits))


@pytest.mark.parametrize(
    ("name", "fields", "word"),
    [
        (
            "OmnibusAddress",
            {"address": 0x8800000C, "byte_enables": 0xF, "is_read": 1},
            0x0B00001F8800000C,
        ),
        (
            "JtagData",
            {"data": 0x112345678, "num_bits": 33, "keep_response": 1},
            0x0301210112345678,
        ),
        ("SpikePack3", {"label0": 0x1111, "label1": 0x2222, "label2": 0x3333}, 0x0F00111122223333),
    ],
)
def test_worked_examples(name: str, fields: dict[str, int], word: int) -> None:
    message = TO_FPGA[name]
    assert message.word(**fields) == word
    assert message.unpack(message.pack(**fields)) == fields


def test_pack_of_three_from_fpga() -> None:
    pack = {"timestamp0": 0x11, "label0": 0x2233, "timestamp1": 0x44, "label1": 0x5566}
    pack |= {"timestamp2": 0x77, "label2": 0x8899}
    assert FROM_FPGA["SpikePack3"].word(**pack) == 0x0C112233445566778899


def test_value_out_of_range_bad() -> None:
    with pytest.raises(OverflowError, match=r"JtagIns.instruction = 128 .* \[0, 127\] \(7 bit\)"):
        TO_FPGA["JtagIns"].pack(instruction=128)
    with pytest.raises(OverflowError, match=r"Reset.reset = -1 "):
        TO_FPGA["Reset"].pack(reset=-1)


def test_unknown_field_bad() -> None:
    with pytest.raises(UnknownMessageError, match=r"Reset has no field 'rest'.*: reset"):
        TO_FPGA["Reset"].pack(rest=1)


@pytest.mark.parametrize("key", ["Rest", 16, -1])
def test_unknown_message_bad(key: int | str) -> None:
    with pytest.raises(UnknownMessageError, match=r"no message .* to fpga; ids are 0 to 15"):
        TO_FPGA[key]
