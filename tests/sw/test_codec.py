# SPDX-License-Identifier: Apache-2.0
"""The word codec against worked examples, its slow twin and itself, and what it refuses."""

from dataclasses import fields

import numpy as np
import pytest
from bitstring_twin import TwinDecoder, TwinEncoder, TwinUnknownHeaderError
from numpy.typing import NDArray

from hal.hxcomm.codec import (
    CodecError,
    Decoder,
    Encoder,
    Messages,
    ResponseDecoder,
    Responses,
    TruncatedStreamError,
    UnknownHeaderError,
    decode,
    decode_messages,
    decode_pieces,
    encode,
    fpga_times,
    spike_words,
)
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA, Dictionary

BOTH = pytest.mark.parametrize("dictionary", [TO_FPGA, FROM_FPGA], ids=lambda d: d.direction)

# Section 1.7 of the interface reference: messages and words.
EXAMPLES_TO_FPGA = [
    ([(11, 0x1F8800000C)], [0x0B00001F8800000C]),
    ([(11, 0x0F02800000), (12, 0xDEADBEEF)], [0x0B00000F02800000, 0x0C000000DEADBEEF]),
    ([(3, 0x01210112345678)], [0x0301210112345678]),
    ([(15, 0x111122223333)], [0x0F00111122223333]),
    (
        [
            *[(9, 1), (4, 0), (5, 10), (9, 0), (5, 100)],
            *[(1, 3), (0, 0), (3, 1 << 48 | 32 << 40), (5, 10000), (10, 0)],
        ],
        [
            *[0x0900000000000001, 0x0400000000000000, 0x050000000000000A, 0x0900000000000000],
            *[0x0500000000000064, 0x0100000000000003, 0x0000000000000000, 0x0301200000000000],
            *[0x0500000000002710, 0x0A00000000000000],
        ],
    ),
]
EXAMPLES_FROM_FPGA = [
    ([(0, 0x348580AF), (2, 0)], [0x00000000348580AF, 0x0200000000000000]),
    ([(12, 0x112233445566778899)], [0x0C11223344556677, 0x8899800000000000]),
    (
        [(12, 0x112233445566778899), (2, 0)],
        [0x0C11223344556677, 0x8899020000000000, 0x0000800000000000],
    ),
    (
        [(6, 5), (10, 0xA01234), (9, 0x1001FF1204001403FF), (2, 0)],
        [
            *[0x0600000000000005, 0x0A00000000A01234, 0x091001FF12040014],
            *[0x03FF020000000000, 0x0000800000000000],
        ],
    ),
]


def random_messages(dictionary: Dictionary, count: int, seed: int) -> Messages:
    """Uniform over ids, payloads uniform over their width."""
    generator = np.random.default_rng(seed)
    ids = generator.integers(0, len(dictionary), count, dtype=np.uint8)
    widths = np.array([m.payload_width for m in dictionary], np.uint64)[ids]
    low = generator.integers(0, 1 << 64, count, dtype=np.uint64)
    low &= np.where(widths >= 64, ~np.uint64(0), (np.uint64(1) << (widths % 64)) - np.uint64(1))
    high = np.where(widths > 64, generator.integers(0, 256, count), 0).astype(np.uint8)
    return Messages(ids, low, high)


def random_flushes(count: int, seed: int) -> NDArray[np.intp]:
    return np.flatnonzero(np.random.default_rng(seed).random(count) < 0.2)


def with_filler(words: NDArray[np.uint64], dictionary: Dictionary, seed: int) -> list[int]:
    """Empty words at places between messages, where they are legal."""
    generator = np.random.default_rng(seed)
    decoder, result = TwinDecoder(dictionary), []
    for word in words.tolist():
        while decoder.state == "IDLE" and generator.random() < 0.2:
            result.append(1 << 63 | int(generator.integers(1 << 62)))
        list(decoder.take(word))
        result.append(word)
    return result


def same(a: Messages, b: Messages) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize(("messages", "words"), EXAMPLES_TO_FPGA)
def test_examples_to_fpga(messages: list[tuple[int, int]], words: list[int]) -> None:
    columns = Messages.of(messages)
    assert encode(columns, TO_FPGA).tolist() == words
    assert decode_messages(np.array(words, np.uint64), TO_FPGA).pairs() == messages


@pytest.mark.parametrize(("messages", "words"), EXAMPLES_FROM_FPGA)
def test_examples_from_fpga(messages: list[tuple[int, int]], words: list[int]) -> None:
    columns = Messages.of(messages)
    assert encode(columns, FROM_FPGA).tolist() == words
    assert decode_messages(np.array(words, np.uint64), FROM_FPGA).pairs() == messages


def check_against_twin(dictionary: Dictionary, count: int, seed: int) -> None:
    messages = random_messages(dictionary, count, seed)
    flushes = random_flushes(count, seed)
    twin, expected = TwinEncoder(dictionary), []
    after = set(flushes.tolist())
    for index, (identity, payload) in enumerate(messages.pairs()):
        expected += twin.put(identity, payload)
        if index in after:
            expected += twin.flush()
    expected += twin.flush()
    words = encode(messages, dictionary, flushes)
    assert words.tolist() == expected, f"seed {seed}"
    stream = with_filler(words, dictionary, seed)
    twin_decoder = TwinDecoder(dictionary)
    decoded = [message for word in stream for message in twin_decoder.take(word)]
    assert decoded == messages.pairs(), f"seed {seed}"
    assert same(decode_messages(np.array(stream, np.uint64), dictionary), messages), f"seed {seed}"


@BOTH
def test_twin(dictionary: Dictionary) -> None:
    check_against_twin(dictionary, 20_000, 20261)


@pytest.mark.full
@BOTH
def test_twin_full(dictionary: Dictionary) -> None:
    check_against_twin(dictionary, 1_000_000, 20262)


@BOTH
def test_own_decode_of_a_million(dictionary: Dictionary) -> None:
    messages = random_messages(dictionary, 1_000_000, 20263)
    words = encode(messages, dictionary, random_flushes(1_000_000, 20263))
    assert same(decode_messages(words, dictionary), messages)


@BOTH
def test_any_cut_of_the_calls_gives_the_same(dictionary: Dictionary) -> None:
    messages = random_messages(dictionary, 5000, 20264)
    whole = encode(messages, dictionary)
    generator = np.random.default_rng(20264)
    encoder, parts, start = Encoder(dictionary), [], 0
    while start < 5000:
        end = start + int(generator.integers(0, 40))
        parts.append(encoder.put(Messages(*(column[start:end] for column in messages))))
        start = end
    parts.append(encoder.flush())
    assert np.array_equal(np.concatenate(parts), whole)
    decoder = Decoder(dictionary)
    cuts = np.sort(generator.integers(0, len(whole), 400))
    pieces = [decoder.feed(piece) for piece in np.split(whole, cuts)]
    decoder.finish()
    assert same(Messages(*(np.concatenate(c) for c in zip(*pieces, strict=True))), messages)


@BOTH
def test_random_words_fail_where_the_twin_fails(dictionary: Dictionary) -> None:
    generator = np.random.default_rng(20265)
    for _ in range(300):
        words = generator.integers(0, 1 << 64, 20, dtype=np.uint64)
        known = generator.random(20) < 0.8
        headers = generator.integers(0, len(dictionary), 20, dtype=np.uint64) << np.uint64(56)
        words = np.where(known, headers | words & np.uint64((1 << 56) - 1), words)
        twin, expected, failed = TwinDecoder(dictionary), [], None
        for index, word in enumerate(words.tolist()):
            try:
                for message in twin.take(word):
                    expected.append(message)
            except TwinUnknownHeaderError as error:
                failed = (index, error.args[0])
                break
        decoder = Decoder(dictionary)
        if failed is None:
            assert decoder.feed(words).pairs() == expected
            continue
        with pytest.raises(UnknownHeaderError) as caught:
            decoder.feed(words)
        assert (caught.value.word_index, caught.value.header) == failed
        assert isinstance(caught.value.partial, Messages)
        assert caught.value.partial.pairs() == expected


# --- columns ---


def slow_columns(messages: Messages) -> dict[str, list[tuple[int, ...]]]:
    """Section 2.7 of the interface reference, one message at a time, by names of fields."""
    result: dict[str, list[tuple[int, ...]]] = {
        name: []
        for name in (
            *("spikes", "madc_samples", "link_notifications", "timeouts"),
            *("omnibus", "jtag", "ticks", "halts"),
        )
    }
    time = 0
    for identity, payload in messages.pairs():
        message = FROM_FPGA[identity]
        values = message.unpack(payload)
        time += 1
        if message.name == "Systime":
            time = values["time"]
        elif message.name == "Sysdelta":
            time += values["delta"]
        elif message.name == "Loopback":
            result["ticks" if values["tick"] else "halts"].append((time,))
            if not values["tick"]:
                time = 0
        elif message.name.startswith(("SpikePack", "MADCSamplePack")):
            for i in range(int(message.name[-1])):
                chip = (time & ~127) | values[f"timestamp{i}"] >> 1
                if chip > time:
                    chip = (chip - 128) % (1 << 43)
                if message.name.startswith("Spike"):
                    result["spikes"].append((values[f"label{i}"], time, chip))
                else:
                    sample = values[f"sample{i}"]
                    result["madc_samples"].append((sample & 1023, sample >> 10 & 1, time, chip))
        else:
            name = {
                "HighspeedLinkNotification": "link_notifications",
                "TimeoutNotification": "timeouts",
                "OmnibusData": "omnibus",
                "JtagData": "jtag",
            }[message.name]
            result[name].append((payload, time))
    return result


def test_columns_against_slow_decode() -> None:
    messages = random_messages(FROM_FPGA, 30_000, 20266)
    words = encode(messages, FROM_FPGA, random_flushes(30_000, 20266))
    responses = decode(words)
    expected = slow_columns(messages)
    for name, rows in expected.items():
        column = getattr(responses, name)
        if name in ("ticks", "halts"):
            times = column if name == "ticks" else column["fpga_time"]
            assert times.tolist() == [row[0] for row in rows], name
        else:
            assert column.tolist() == rows, name
    assert responses.spikes.itemsize == 18
    assert responses.madc_samples.itemsize == 19
    assert responses.messages == 30_000
    for size in (1, 2, 3):
        counted = np.count_nonzero(messages.ids == FROM_FPGA[f"SpikePack{size}"].id)
        assert responses.spike_packs[size - 1] == counted
        counted = np.count_nonzero(messages.ids == FROM_FPGA[f"MADCSamplePack{size}"].id)
        assert responses.madc_packs[size - 1] == counted
    assert fpga_times(messages)[messages.ids == 1].tolist() == [t for _, t in expected["omnibus"]]


def test_programs_are_separate_decodes() -> None:
    messages = random_messages(FROM_FPGA, 3000, 20267)
    halts = np.flatnonzero((messages.ids == 2) & (messages.low == 0))
    whole = decode(encode(messages, FROM_FPGA))
    programs = whole.programs()
    assert len(programs) == len(halts) > 50
    starts = [0, *(halts[:-1] + 1)]
    for program, start, end in zip(programs, starts, halts, strict=True):
        part = Messages(*(column[start : end + 1] for column in messages))
        alone = decode(encode(part, FROM_FPGA))
        for name in ("spikes", "madc_samples", "link_notifications", "timeouts", "omnibus"):
            assert getattr(program, name).tolist() == getattr(alone, name).tolist()
        for name in ("jtag", "ticks", "halts", "spike_packs", "madc_packs", "messages"):
            assert np.all(getattr(program, name) == getattr(alone, name)), name


def test_columns_continue_in_the_next_call() -> None:
    messages = random_messages(FROM_FPGA, 3000, 20268)
    words = encode(messages, FROM_FPGA)
    whole, decoder = decode(words), ResponseDecoder()
    cuts = np.sort(np.random.default_rng(20268).integers(0, len(words), 100))
    parts = [decoder.feed(piece) for piece in np.split(words, cuts)]
    decoder.finish()
    for name in ("spikes", "madc_samples", "omnibus", "ticks"):
        assert np.array_equal(
            np.concatenate([getattr(p, name) for p in parts]), getattr(whole, name)
        )


def test_pieces_are_one_stream() -> None:
    """Columns that grow again and again; halts, packs and times go on."""
    messages = random_messages(FROM_FPGA, 300_000, 20269)
    words = encode(messages, FROM_FPGA)
    whole = decode(words)
    assert whole.spikes.nbytes > 2**21  # memory that moves
    cuts = np.sort(np.random.default_rng(20269).integers(0, len(words), 100))
    pieces = decode_pieces(iter(np.split(words, cuts)))
    for name in (field.name for field in fields(Responses)):
        assert np.all(getattr(pieces, name) == getattr(whole, name)), name
    assert len(pieces.programs()) == len(whole.halts) > 1000
    pieces.spikes["label"][:] = 0  # like any other column


def test_nothing() -> None:
    responses = decode(np.empty(0, np.uint64))
    assert (len(responses.spikes), responses.messages, responses.programs()) == (0, 0, [])
    assert len(encode(Messages.of([]))) == 0


def test_spike_words() -> None:
    labels = np.arange(1, 7, dtype=np.uint16)
    assert spike_words(labels).tolist() == [TO_FPGA["SpikePack1"].word(label0=i) for i in labels]
    assert spike_words(labels.reshape(3, 2))[1] == TO_FPGA["SpikePack2"].word(label0=3, label1=4)
    assert spike_words(labels.reshape(2, 3)).tolist() == [0x0F00000100020003, 0x0F00000400050006]
    assert len(spike_words(np.empty(0, np.uint16))) == 0


# --- refusals ---


def test_unknown_header_bad() -> None:
    words = np.array([0x0100000000000007, 0x0D00000000000000], np.uint64)
    text = r"unknown header 13 in word 1 of the stream from fpga; the rest cannot be decoded"
    with pytest.raises(UnknownHeaderError, match=text) as caught:
        decode(words)
    assert caught.value.partial.omnibus.tolist() == [(7, 1)]
    with pytest.raises(UnknownHeaderError, match=r"unknown header 16 in word 0 .* to fpga"):
        decode_messages(np.array([0x10 << 56], np.uint64), TO_FPGA)


def test_pieces_bad() -> None:
    first = np.array([0x0100000000000007], np.uint64)
    with pytest.raises(UnknownHeaderError, match=r"unknown header 13 in word 2 of") as caught:
        decode_pieces([first, first, np.array([0x0D00000000000000], np.uint64)])
    assert caught.value.partial.omnibus["data"].tolist() == [7, 7]
    with pytest.raises(TruncatedStreamError, match="64 of 80 bits of SpikePack3") as truncated:
        decode_pieces([first, np.array([0x0C11223344556677], np.uint64)])
    assert truncated.value.partial.omnibus["data"].tolist() == [7]
    with pytest.raises(TypeError, match="words must be a one-dimensional array of uint64"):
        decode_pieces([first.astype(np.int64)])  # type: ignore[list-item] # that is the mistake


def test_decoder_starts_anew_after_an_unknown_header() -> None:
    decoder = ResponseDecoder()
    with pytest.raises(UnknownHeaderError):
        decoder.feed(np.array([0x7F << 56], np.uint64))
    assert decoder.feed(np.array([0x0100000000000007], np.uint64)).omnibus.tolist() == [(7, 1)]
    decoder.finish()


def test_truncated_bad() -> None:
    words = np.array([0x0200000000000001, 0x0C11223344556677], np.uint64)
    text = "the stream from fpga ends inside a message: 64 of 80 bits of SpikePack3 are there"
    with pytest.raises(TruncatedStreamError, match=text) as caught:
        decode(words)
    assert caught.value.partial.ticks.tolist() == [1]
    with pytest.raises(TruncatedStreamError, match=text):
        decode_messages(words)
    left = np.array([0x0C11223344556677, 0x8899020000000000], np.uint64)
    with pytest.raises(TruncatedStreamError, match="48 of 64 bits of Loopback are there"):
        decode(left)


def test_message_bad() -> None:
    encoder = Encoder(FROM_FPGA)
    encoder.put(Messages.of([(12, 1)]))
    with pytest.raises(CodecError, match=r"message 1: id 13 is out of range \[0, 12\]"):
        encoder.put(Messages.of([(12, 1), (13, 0)]))
    with pytest.raises(CodecError, match="message 0: payload 0x2 of Loopback is over 1 bits"):
        encoder.put(Messages.of([(2, 2)]))
    with pytest.raises(CodecError, match="payload 0x10000000000000000 of Systime is over 43 bits"):
        encoder.put(Messages.of([(5, 1 << 64)]))
    assert encoder.flush().tolist() == [0x0001800000000000], "refused calls leave no trace"
    with pytest.raises(OverflowError, match=r"message 0: id 256 is out of range"):
        Messages.of([(256, 0)])
    with pytest.raises(OverflowError, match=r"payload 0x1000000000000000000 is over 72 bits"):
        Messages.of([(12, 1 << 72)])


def test_columns_of_different_length_bad() -> None:
    columns = Messages(np.zeros(2, np.uint8), np.zeros(1, np.uint64), np.zeros(2, np.uint8))
    with pytest.raises(ValueError, match="columns differ in length: 2, 1, 2"):
        encode(columns)


def test_type_of_words_bad() -> None:
    with pytest.raises(TypeError, match="one-dimensional array of uint64, not int64"):
        decode(np.zeros(3, np.int64))  # type: ignore[arg-type]  # the mistake under test


def test_type_of_labels_bad() -> None:
    with pytest.raises(TypeError, match="vector or matrix of uint16, not uint32"):
        spike_words(np.zeros(3, np.uint32))  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="a spike pack has 1 to 3 labels, not 4"):
        spike_words(np.zeros((3, 4), np.uint16))
