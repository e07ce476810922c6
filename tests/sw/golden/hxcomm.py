# SPDX-License-Identifier: Apache-2.0
"""Instruction set and wire words."""

from typing import Any

import numpy as np
import pytest

from golden import Record, number
from hal.hxcomm.codec import Decoder, Encoder, Messages, UnknownHeaderError, decode_messages, encode
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA, Dictionary

DICTIONARIES: dict[Any, Dictionary] = {"to_fpga": TO_FPGA, "from_fpga": FROM_FPGA}


def label(record: Record) -> str:
    return f"{record['kind']} {record['direction']} {record.get('name', '')}"


def _columns(messages: Any) -> Messages:
    return Messages.of((header, number(payload)) for header, payload in messages)


def _dictionary(record: Any) -> None:
    dictionary = DICTIONARIES[record["direction"]]
    assert (record["header_width"], record["header_alignment"]) == (HEADER_WIDTH, 8)
    assert (record["comma_width"], record["phyword_width"]) == (1, PHYWORD_WIDTH)
    assert record["subword_width"] == dictionary.subword_width
    ours = [
        {
            "header": m.id,
            "name": m.original,
            "payload_width": m.payload_width,
            "word_width": m.width,
        }
        for m in dictionary
    ]
    assert record["instructions"] == ours
    widths = {"comma_width", "header_alignment", "header_width", "subword_width", "phyword_width"}
    record.done({"kind", "direction", "instructions"} | widths)


def _fields(recorded: Any) -> dict[str, int]:
    """Recorded fields by our names: lists of labels or events are numbered."""
    values: dict[str, int] = {}
    for name, value in recorded.items():
        if not isinstance(value, list):
            values["data" if name == "payload" else name] = value
            continue
        for index, item in enumerate(value):
            if isinstance(item, int):
                values[f"label{index}"] = item
                continue
            for key, part in item.items():
                # The host reads 14 of the 16 bits of a sample.
                values[f"{'sample' if key == 'value' else key}{index}"] = part
    return values


def _message(record: Any) -> None:
    dictionary = DICTIONARIES[record["direction"]]
    message = dictionary[record["header"]]
    payload, raw = number(record["payload"]), number(record["raw"])
    assert (message.original, message.payload_width, message.width) == (
        record["name"],
        record["payload_width"],
        record["word_width"],
    )
    encoder = Encoder(dictionary)
    column = Messages.of([(message.id, payload)])
    words = [*encoder.put(column).tolist(), *encoder.flush().tolist()]
    bits = "".join(f"{word:064b}" for word in words)
    assert int(bits[: message.width], 2) == raw
    assert decode_messages(np.array(words, np.uint64), dictionary).pairs() == [
        (message.id, payload)
    ]
    if "fields" in record:
        recorded, ours = _fields(record["fields"]), message.unpack(payload)
        assert recorded.keys() == ours.keys()
        for name, value in ours.items():
            mask = 0x3FFF if name.startswith("sample") else -1
            assert value & mask == recorded[name], name
        assert message.pack(**ours) == payload
    record.done(
        {"kind", "direction", "header", "name", "payload_width", "word_width"}
        | {"payload", "raw", "fields"}
    )


def _sequence(record: Any) -> None:
    dictionary = DICTIONARIES[record["direction"]]
    messages = _columns(record["messages"])
    words = np.array(record["words"], np.uint64)
    encoder = Encoder(dictionary)
    before = encoder.put(messages, record["flush_after"])
    assert len(before) == record["num_words_before_final_flush"]
    assert [*before.tolist(), *encoder.flush().tolist()] == record["words"]
    assert np.array_equal(encode(messages, dictionary, record["flush_after"]), words)
    decoded = decode_messages(words, dictionary).pairs()
    assert (decoded == messages.pairs()) == record["decoded_equal"]
    record.done(
        {"kind", "direction", "messages", "words", "flush_after", "decoded_equal"}
        | {"num_words_before_final_flush"}
    )


def _decode(record: Any) -> None:
    dictionary = DICTIONARIES[record["direction"]]
    decoder = Decoder(dictionary)
    words = np.array(record["words"], np.uint64)
    expected = _columns(record["messages"]).pairs()
    if record.get("error") is None:
        assert decoder.feed(words).pairs() == expected
    else:
        with pytest.raises(UnknownHeaderError) as caught:
            decoder.feed(words)
        assert isinstance(caught.value.partial, Messages)
        assert caught.value.partial.pairs() == expected
        assert caught.value.word_index == record["error_at_word"]
        assert record["error"] == f"Unknown UT message header: {caught.value.header}"
    record.done({"kind", "direction", "words", "messages", "error", "error_at_word"})


HANDLERS = {
    "dictionary": _dictionary,
    "message": _message,
    "sequence": _sequence,
    "decode": _decode,
}
