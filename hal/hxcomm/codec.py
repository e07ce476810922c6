# SPDX-License-Identifier: Apache-2.0
"""Messages to words and words to messages or columns, in bulk; the work is done in `words.c`.

- `Encoder` and `Decoder` pack and unpack messages of either direction and can be continued from
  call to call; `encode` and `decode_messages` do it at once.
- `ResponseDecoder` turns words from the FPGA into columns of spikes, samples and answers with their
  times; `decode` does it at once, `decode_pieces` while the words come.
- `spike_words` makes instructions of spike labels.

Rules: reference of the FPGA interface, sections 1.4, 1.5 (words) and 2.7 (time).
"""

import ctypes
import mmap
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hal.errors import HxcosimError
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA, Dictionary
from hal.hxcomm.target import check_words
from hal.native import load

__all__ = [
    "CodecError",
    "Decoder",
    "Encoder",
    "Messages",
    "ResponseDecoder",
    "Responses",
    "TruncatedStreamError",
    "UnknownHeaderError",
    "decode",
    "decode_messages",
    "decode_pieces",
    "encode",
    "fpga_times",
    "spike_words",
]

SPIKE = np.dtype([("label", "<u2"), ("fpga_time", "<u8"), ("chip_time", "<u8")])
"""18 bytes; times in FPGA cycles of 8 ns, of the pack's arrival and of the chip."""
MADC_SAMPLE = np.dtype(
    [("value", "<u2"), ("channel", "u1"), ("fpga_time", "<u8"), ("chip_time", "<u8")]
)
"""19 bytes; value 0 to 1023."""
LINK_NOTIFICATION = np.dtype([("value", "u1"), ("fpga_time", "<u8")])
"""9 bytes; value is the payload of a HighspeedLinkNotification."""
ANSWER = np.dtype([("data", "<u8"), ("fpga_time", "<u8")])
"""An answer's payload and time."""
_HALT = np.dtype(
    [
        ("fpga_time", "<u8"),
        ("messages", "<u8"),
        ("spikes", "<u8"),
        ("madc_samples", "<u8"),
        ("link_notifications", "<u8"),
        ("timeouts", "<u8"),
        ("omnibus", "<u8"),
        ("jtag", "<u8"),
        ("ticks", "<u8"),
        ("spike_packs", "<u8", 3),
        ("madc_packs", "<u8", 3),
    ]
)

_LABEL_WIDTH = TO_FPGA["SpikePack1"].payload_width
_ID_SHIFT = PHYWORD_WIDTH - HEADER_WIDTH
_LONGEST = max(message.payload_width for message in FROM_FPGA)


class CodecError(HxcosimError):
    """A stream that does not follow the rules; decoded so far: `partial`."""

    def __init__(self, message: str, partial: "Messages | Responses | None" = None) -> None:
        super().__init__(message)
        self.partial = partial


class UnknownHeaderError(CodecError):
    """A header that is not in the dictionary, in the word with the index `word_index`."""

    def __init__(
        self, direction: str, header: int, word_index: int, partial: "Messages | Responses"
    ) -> None:
        super().__init__(
            f"unknown header {header} in word {word_index} of the stream {direction}; "
            "the rest cannot be decoded",
            partial,
        )
        self.header = header
        self.word_index = word_index


class TruncatedStreamError(CodecError):
    """The stream ends inside a message."""


class Messages(NamedTuple):
    """Messages as columns: ids, bits 63 to 0 of the payloads, bits 71 to 64 of the payloads."""

    ids: NDArray[np.uint8]
    low: NDArray[np.uint64]
    high: NDArray[np.uint8]

    @classmethod
    def of(cls, messages: Iterable[tuple[int, int]]) -> "Messages":
        """Columns of pairs of id and payload.

        :raises OverflowError: for an id over 255 or a payload over 72 bits.
        """
        pairs = list(messages)
        for index, (identity, payload) in enumerate(pairs):
            if not (0 <= identity < 256 and 0 <= payload < 1 << _LONGEST):
                raise OverflowError(
                    f"message {index}: id {identity} is out of range [0, 255] or "
                    f"payload {payload:#x} is over {_LONGEST} bits"
                )
        low = (1 << PHYWORD_WIDTH) - 1
        return cls(
            np.array([i for i, _ in pairs], np.uint8),
            np.array([p & low for _, p in pairs], np.uint64),
            np.array([p >> PHYWORD_WIDTH for _, p in pairs], np.uint8),
        )

    def pairs(self) -> list[tuple[int, int]]:
        """Id and payload of each message."""
        columns = (self.ids.tolist(), self.low.tolist(), self.high.tolist())
        return [(i, low | high << PHYWORD_WIDTH) for i, low, high in zip(*columns, strict=True)]


class _Stream(ctypes.Structure):
    """`struct stream` of words.c."""

    _fields_ = (
        ("rest", ctypes.c_uint64),
        ("fill", ctypes.c_uint64),
        ("time", ctypes.c_uint64),
    )


_COLUMNS: dict[str, np.dtype[Any]] = {
    "spikes": SPIKE,
    "madc_samples": MADC_SAMPLE,
    "link_notifications": LINK_NOTIFICATION,
    "timeouts": ANSWER,
    "omnibus": ANSWER,
    "jtag": ANSWER,
    "ticks": np.dtype(np.uint64),
    "halts": _HALT,
}
"""Columns of `Responses`, in the order of `struct columns` of words.c."""
_LARGE_PAGE = 2 * 2**20  # bytes


class _Columns(ctypes.Structure):
    """`struct columns` of words.c."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in _COLUMNS)


_Counts = ctypes.c_uint64 * (len(FROM_FPGA) + 1)
"""Messages by id, and halts."""


@cache
def _function(name: str) -> Callable[..., int]:
    """A function of words.c; all of them return a size or nothing."""
    function = load("hal.hxcomm", "words")[name]
    function.restype = ctypes.c_size_t
    return function


def _call(name: str, *arguments: Any) -> int:
    """Call a function of words.c: arrays go by address, integers as sizes."""
    converted: list[Any] = []
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument = ctypes.c_void_p(argument.ctypes.data)
        elif isinstance(argument, int):
            argument = ctypes.c_size_t(argument)
        converted.append(argument)
    return _function(name)(*converted)


def _direction(dictionary: Dictionary) -> ctypes.c_int:
    return ctypes.c_int(0 if dictionary is TO_FPGA else 1)


class Encoder:
    """Packs messages of one direction into words; bits left over wait for the next call."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._stream = _Stream()

    def put(
        self, messages: Messages, flush_after: Sequence[int] | NDArray[np.integer] = ()
    ) -> NDArray[np.uint64]:
        """Words that the messages complete.

        :param flush_after: indices of messages behind which the word is ended with a comma.
        :raises CodecError: for an id or payload that does not exist; nothing is encoded then.
        :raises ValueError: for columns of different lengths.
        """
        ids, low, high = (
            np.ascontiguousarray(column, dtype)
            for column, dtype in zip(messages, (np.uint8, np.uint64, np.uint8), strict=True)
        )
        if not len(ids) == len(low) == len(high):
            raise ValueError(f"columns differ in length: {len(ids)}, {len(low)}, {len(high)}")
        flags = np.zeros(len(ids), np.uint8)
        flags[np.asarray(flush_after, np.intp)] = 1
        words = np.empty(len(ids) + len(ids) // 4 + 1 + int(flags.sum()), np.uint64)
        before = _Stream(self._stream.rest, self._stream.fill, 0)
        bad = ctypes.c_size_t()
        used = _call(
            "hx_words_encode",
            ctypes.byref(self._stream),
            _direction(self._dictionary),
            ids,
            low,
            high,
            len(ids),
            flags,
            words,
            ctypes.byref(bad),
        )
        if bad.value != len(ids):
            self._stream = before
            self._refuse(messages, bad.value)
        return words[:used]

    def flush(self) -> NDArray[np.uint64]:
        """The last, partly filled word with the comma behind its last message, if there is one."""
        rest, fill = self._stream.rest, self._stream.fill
        self._stream = _Stream()
        if fill == 0:
            return np.empty(0, np.uint64)
        return np.array([rest | 1 << (PHYWORD_WIDTH - 1 - fill)], np.uint64)

    def _refuse(self, messages: Messages, index: int) -> None:
        ids, low, high = (column[index : index + 1] for column in messages)
        identity, payload = int(ids[0]), int(low[0]) | int(high[0]) << PHYWORD_WIDTH
        if identity >= len(self._dictionary):
            raise CodecError(
                f"message {index}: id {identity} is out of range [0, {len(self._dictionary) - 1}]"
            )
        message = self._dictionary[identity]
        raise CodecError(
            f"message {index}: payload {payload:#x} of {message.name} is over "
            f"{message.payload_width} bits"
        )


class Decoder:
    """Unpacks words of one direction into messages; a message may continue in the next call."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._stream = _Stream()

    def feed(self, words: NDArray[np.uint64]) -> Messages:
        """Messages that the words complete.

        :raises UnknownHeaderError: with the messages before it; the decoder starts anew then.
        :raises TypeError: unless `words` is a vector of uint64.
        """
        words = check_words(words)
        size = len(words)
        ids, low, high = (
            np.empty(size, np.uint8),
            np.empty(size, np.uint64),
            np.empty(size, np.uint8),
        )
        used = ctypes.c_size_t()
        count = _call(
            "hx_words_decode",
            ctypes.byref(self._stream),
            _direction(self._dictionary),
            words,
            size,
            ids,
            low,
            high,
            ctypes.byref(used),
        )
        messages = Messages(ids[:count], low[:count], high[:count])
        if used.value != size:
            _unknown(self._stream, self._dictionary, used.value, messages)
        return messages

    def finish(self) -> None:
        """State that the stream ends here.

        :raises TruncatedStreamError: if that is inside a message; the decoder starts anew then.
        """
        _finish(self._stream, self._dictionary)


def _unknown(
    stream: _Stream, dictionary: Dictionary, index: int, partial: "Messages | Responses"
) -> None:
    header = stream.rest >> _ID_SHIFT
    stream.rest = stream.fill = stream.time = 0
    raise UnknownHeaderError(dictionary.direction.replace("_", " "), header, index, partial)


def _finish(stream: _Stream, dictionary: Dictionary) -> None:
    fill, header = stream.fill, stream.rest >> _ID_SHIFT
    if fill:
        stream.rest = stream.fill = stream.time = 0
        message = dictionary[header]
        raise TruncatedStreamError(
            f"the stream {dictionary.direction.replace('_', ' ')} ends inside a message: "
            f"{fill} of {message.width} bits of {message.name} are there"
        )


def encode(
    messages: Messages,
    dictionary: Dictionary = TO_FPGA,
    flush_after: Sequence[int] | NDArray[np.integer] = (),
) -> NDArray[np.uint64]:
    """All words of the messages, flushed at the end; errors as of `Encoder.put`."""
    encoder = Encoder(dictionary)
    words, last = encoder.put(messages, flush_after), encoder.flush()
    return np.concatenate([words, last]) if len(last) else words


def decode_messages(words: NDArray[np.uint64], dictionary: Dictionary = FROM_FPGA) -> Messages:
    """All messages of a complete stream; errors as of `Decoder.feed` and `Decoder.finish`."""
    decoder = Decoder(dictionary)
    messages = decoder.feed(words)
    decoder.finish()
    return messages


def fpga_times(messages: Messages) -> NDArray[np.uint64]:
    """FPGA time of each message from the FPGA, in cycles; starts anew behind each halt."""
    ids, low, _ = messages
    times = np.empty(len(ids), np.uint64)
    _call(
        "hx_words_times",
        ctypes.byref(_Stream()),
        np.ascontiguousarray(ids, np.uint8),
        np.ascontiguousarray(low, np.uint64),
        len(ids),
        times,
    )
    return times


def spike_words(labels: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Instructions that send spikes: one word a row, with the 1 to 3 labels of that row.

    :param labels: uint16, either a vector (one spike a word) or a matrix of 1 to 3 columns.
    :raises TypeError: for another type or shape.
    """
    if labels.dtype != np.uint16 or labels.ndim not in (1, 2):
        raise TypeError(f"labels must be a vector or matrix of uint16, not {labels.dtype}")
    rows = labels.reshape(-1, 1) if labels.ndim == 1 else labels
    size = rows.shape[1]
    if not 1 <= size <= 3:
        raise TypeError(f"a spike pack has 1 to 3 labels, not {size}")
    words = np.full(len(rows), TO_FPGA[f"SpikePack{size}"].word(), np.uint64)
    for column in range(size):
        shift = np.uint64(_LABEL_WIDTH * (size - 1 - column))
        words |= rows[:, column].astype(np.uint64) << shift
    return words


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """What came from the FPGA, as columns in the order of arrival.

    Times are FPGA cycles of 8 ns. `spikes` has the fields `label`, `fpga_time`, `chip_time`;
    `madc_samples` has `value`, `channel`, `fpga_time`, `chip_time`; `link_notifications` has
    `value`, `fpga_time`; `timeouts`, `omnibus` and `jtag` have `data` (the payload), `fpga_time`;
    `ticks` holds times. `spike_packs` and `madc_packs` count the packs of 1, 2 and 3 events.
    `halts` tells where each program ends.
    """

    spikes: NDArray[np.void]
    madc_samples: NDArray[np.void]
    link_notifications: NDArray[np.void]
    timeouts: NDArray[np.void]
    omnibus: NDArray[np.void]
    jtag: NDArray[np.void]
    ticks: NDArray[np.uint64]
    halts: NDArray[np.void]
    messages: int
    spike_packs: NDArray[np.uint64]
    madc_packs: NDArray[np.uint64]

    def programs(self) -> list["Responses"]:
        """The answers of each program, up to and including its halt, without copying.

        What comes behind the last halt belongs to a program that has not ended; it is left out.
        """
        if len(self.halts) == 1 and self.halts["messages"][0] == self.messages:
            return [self]
        programs = []
        start = np.zeros(1, _HALT)[0]
        for index, end in enumerate(self.halts):
            columns = {
                name: getattr(self, name)[start[name] : end[name]]
                for name in _COLUMNS
                if name != "halts"
            }
            mark = self.halts[index : index + 1].copy()
            for name in (_HALT.names or ())[1:]:
                mark[name] -= start[name]
            counts = {name: end[name] - start[name] for name in ("spike_packs", "madc_packs")}
            programs.append(
                replace(self, **columns, **counts, halts=mark, messages=int(mark["messages"][0]))
            )
            start = end
        return programs


class _Column:
    """A column that grows without being copied: the system moves its memory."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._array: NDArray[Any] = np.empty(0, dtype)
        self._memory: mmap.mmap | None = None
        self.count = 0

    @property
    def filled(self) -> NDArray[Any]:
        """What it holds."""
        return self._array[: self.count]

    def append(self, count: int) -> int | None:
        """Address of so many further items, to be written; None if there are none."""
        if count == 0:
            return None
        begin, self.count = self.count, self.count + count
        dtype = self._array.dtype
        if begin == 0:  # there may be no others
            self._array = np.empty(count, dtype)
        elif self.count > len(self._array):
            size = -(-max(self.count, 2 * begin) * dtype.itemsize // _LARGE_PAGE) * _LARGE_PAGE
            held = self._array
            if self._memory is None:
                self._memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE)
                with suppress(OSError):  # a system without large pages
                    self._memory.madvise(mmap.MADV_HUGEPAGE)
                self._memory.write(held.tobytes())
            else:
                self._array = held = held[:0].copy()  # memory that is in use cannot move
                self._memory.resize(size)
            self._array = np.frombuffer(self._memory, dtype, size // dtype.itemsize)
        return int(self._array.ctypes.data) + begin * dtype.itemsize


class _Table:
    """The columns of `Responses`, filled by call after call."""

    def __init__(self) -> None:
        self._columns = {name: _Column(dtype) for name, dtype in _COLUMNS.items()}
        self._messages = 0
        self._packs = np.zeros((2, 3), np.uint64)

    @property
    def responses(self) -> Responses:
        """What they hold."""
        columns = {name: column.filled for name, column in self._columns.items()}
        spike_packs, madc_packs = self._packs.copy()
        return Responses(
            **columns, messages=self._messages, spike_packs=spike_packs, madc_packs=madc_packs
        )

    def fill(self, stream: _Stream, words: NDArray[np.uint64]) -> int:
        """Append what the words complete; how many of them were taken.

        A first pass counts, so that every column grows once.
        """
        words = check_words(words)
        counts = _Counts()
        used = _call("hx_words_count", ctypes.byref(stream), words, len(words), counts)
        of = {message.name: counts[message.id] for message in FROM_FPGA}
        halts = counts[len(FROM_FPGA)]
        packs = [[of[f"{kind}Pack{n}"] for n in (1, 2, 3)] for kind in ("Spike", "MADCSample")]
        spikes, samples = (one + 2 * two + 3 * three for one, two, three in packs)
        sizes = (
            spikes,
            samples,
            of["HighspeedLinkNotification"],
            of["TimeoutNotification"],
            of["OmnibusData"],
            of["JtagData"],
            of["Loopback"] - halts,
            halts,
        )
        before = {name: column.count for name, column in self._columns.items()}
        addresses = map(_Column.append, self._columns.values(), sizes)
        columns = _Columns(*addresses)
        _call("hx_words_columns", ctypes.byref(stream), words, len(words), ctypes.byref(columns))
        if halts and self._messages:  # the call has counted its own only
            marks = self._columns["halts"].filled[before.pop("halts") :]
            for name, held in before.items():
                marks[name] += held
            marks["messages"] += self._messages
            marks["spike_packs"] += self._packs[0]
            marks["madc_packs"] += self._packs[1]
        self._messages += sum(counts) - halts
        self._packs += np.array(packs, np.uint64)
        return used


class ResponseDecoder:
    """Decodes words from the FPGA into columns; message and time continue in the next call."""

    def __init__(self) -> None:
        self._stream = _Stream()

    def feed(self, words: NDArray[np.uint64]) -> Responses:
        """Columns of the messages that the words complete.

        :raises UnknownHeaderError: with the columns before it; the decoder starts anew then.
        :raises TypeError: unless `words` is a vector of uint64.
        """
        table = _Table()
        used = table.fill(self._stream, words)
        if used != len(words):
            _unknown(self._stream, FROM_FPGA, used, table.responses)
        return table.responses

    def finish(self) -> None:
        """State that the stream ends here.

        :raises TruncatedStreamError: if that is inside a message; the decoder starts anew then.
        """
        _finish(self._stream, FROM_FPGA)


def decode(words: NDArray[np.uint64]) -> Responses:
    """Columns of a complete stream from the FPGA.

    :raises UnknownHeaderError: with the columns before it.
    :raises TruncatedStreamError: if the stream ends inside a message, with the columns before it.
    """
    return decode_pieces([words])


def decode_pieces(pieces: Iterable[NDArray[np.uint64]]) -> Responses:
    """The same of a stream that comes in pieces; a piece is not kept."""
    stream, table, taken = _Stream(), _Table(), 0
    for words in pieces:
        used = table.fill(stream, words)
        taken += used
        if used != len(words):
            _unknown(stream, FROM_FPGA, taken, table.responses)
    try:
        _finish(stream, FROM_FPGA)
    except TruncatedStreamError as error:
        error.partial = table.responses
        raise
    return table.responses
