# SPDX-License-Identifier: Apache-2.0
"""What went over a link, with its times: can be saved and run again with the same result."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from cosim.flange import record_file
from cosim.flange.record_file import Words
from cosim.flange.wire import HEADER, HELLO, MAGIC, VERSION, WITH_TIMES, Config, Frame
from hal.errors import HxcosimError

__all__ = ["Record", "RecordError", "Step", "Words", "frame", "frames"]

FORMAT = "hxcosim-record"
#: What a host does in a step.
KINDS = ("words", "run", "advance", "reset", "config")


class RecordError(HxcosimError):
    """A record that cannot be read."""


def as_words(values: Any, what: str = "words") -> Words:
    """One-dimensional array of 64-bit words.

    :raises OverflowError: if a value does not fit into 64 bit.
    :raises TypeError: if the values are no integers.
    """
    if not isinstance(values, np.ndarray):
        try:
            return np.array([int(v) for v in values if _is_int(v, what)], np.uint64)
        except OverflowError:
            raise OverflowError(f"{what}: each must be in 0..2**64-1") from None
    if values.size and values.dtype.kind not in "ui":
        raise TypeError(f"{what}: must be integers, got {values.dtype}")
    if values.dtype.kind == "i" and values.size and int(values.min()) < 0:
        raise OverflowError(f"{what}: each must be in 0..2**64-1, got {int(values.min())}")
    return np.ascontiguousarray(values.ravel(), np.uint64)


def _is_int(value: Any, what: str) -> bool:
    if isinstance(value, (int, np.integer)):
        return True
    raise TypeError(f"{what}: must be integers, got {type(value).__name__}")


def frame(kind: Frame, *parts: bytes | Words, flags: int = 0) -> list[bytes | memoryview]:
    """A frame as a list of buffers."""
    payload: list[bytes | memoryview] = [
        p if isinstance(p, bytes) else memoryview(p.tobytes()) for p in parts if len(p)
    ]
    size = sum(len(p) for p in payload)
    head: bytes = HEADER.build({"kind": kind, "flags": flags, "reserved": 0, "size": size})
    return [head, *payload]


def frames(data: bytes) -> Iterable[tuple[Frame, memoryview]]:
    """The frames in a file of frames."""
    view = memoryview(data)
    size = HEADER.sizeof()
    while view:
        head = HEADER.parse(view[:size])
        yield Frame(head.kind), view[size : size + head.size]
        view = view[size + head.size :]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the host did: `words` (with their times), or `run`, `advance`, `reset`, `config`.

    `count` is the limit of a run (cycles, 0: none), the cycles of an advance, the FPGA cycles of a
    reset. `at` are the cycles at which the words entered; empty if unknown.
    """

    kind: str
    words: Words = field(default_factory=lambda: np.empty(0, np.uint64))
    at: Words = field(default_factory=lambda: np.empty(0, np.uint64))
    count: int = 0


@dataclass(slots=True)
class Record:
    """What the host did, in order, and what came back, with the cycle at which each word left.

    `configuration` names the target that it was recorded on, the chip's seed and the version.
    """

    steps: list[Step] = field(default_factory=list)
    answers: Words = field(default_factory=lambda: np.empty(0, np.uint64))
    at: Words = field(default_factory=lambda: np.empty(0, np.uint64))
    configuration: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def program(cls, words: Any, reset: int = 1) -> Self:
        """A record that runs `words` after a connection reset, as a new connection does."""
        steps = [Step("reset", count=reset)] if reset else []
        return cls([*steps, Step("words", as_words(words)), Step("run")])

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a record (`.hxr`, `.json`), or a plain program: words in hex between white space.

        :raises RecordError: if the file is none of these, naming the place.
        """
        path = Path(path)
        try:
            data = path.read_bytes()
            if data.startswith(record_file.MAGIC) or path.suffix == record_file.SUFFIX:
                return cls._from_columns(*record_file.unpack(data))
            text = data.decode()
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"cannot read the program {path}: {error}") from None
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise RecordError(f"{path} is not a record: {error}") from None
        if text.lstrip().startswith("{"):
            return cls._from_json(path, text)
        words = []
        for number, line in enumerate(text.splitlines(), 1):
            for token in line.split("#")[0].split():
                try:
                    words.append(int(token, 16))
                    if not 0 <= words[-1] < 2**64:
                        raise ValueError
                except ValueError:
                    raise RecordError(
                        f"{path}, line {number}: '{token}' is no word of up to 16 hex digits"
                    ) from None
        return cls.program(words)

    @classmethod
    def _from_json(cls, path: Path, text: str) -> Self:
        try:
            data = json.loads(text)
            if data["format"] != FORMAT or data["version"] != record_file.VERSION:
                raise RecordError(
                    f"{path} is '{data['format']}' version {data['version']}; "
                    f"this reads '{FORMAT}' version {record_file.VERSION}"
                )
            columns = data["columns"]
            return cls._from_columns(
                data["description"],
                {
                    name: _unhex(columns[name]) if hexadecimal else as_words(columns[name])
                    for name, hexadecimal in record_file.COLUMNS.items()
                },
            )
        except KeyError as error:
            raise RecordError(f"{path} is not a record: it has no {error}") from None
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise RecordError(f"{path} is not a record: {error}") from None

    @classmethod
    def _from_columns(cls, description: dict[str, Any], columns: dict[str, Words]) -> Self:
        steps, first, first_at = [], 0, 0
        for kind, count, size, timed in description["steps"]:
            if kind not in KINDS:
                raise ValueError(f"unknown step '{kind}'")
            words = columns["words"][first : first + size]
            for key in words[::2].tolist() if kind == "config" else ():
                Config(key)  # raises for one of another version
            at = columns["entered"][first_at : first_at + timed]
            steps.append(Step(kind, words, at, count))
            first, first_at = first + size, first_at + timed
        used = {"words": first, "entered": first_at, "left": columns["answers"].size}
        for name, size in used.items():
            if columns[name].size != size:
                raise ValueError(f"column {name} has {columns[name].size} entries for {size}")
        return cls(steps, columns["answers"], columns["left"], description["configuration"])

    def save(self, path: str | Path) -> None:
        """Write the record: compressed with a checksum, or as JSON if the suffix is `.json`.

        :raises RecordError: if the file cannot be written.
        """
        path = Path(path)
        none = np.empty(0, np.uint64)
        description = {
            "configuration": self.configuration,
            "steps": [[s.kind, s.count, s.words.size, s.at.size] for s in self.steps],
        }
        columns = {
            "words": np.concatenate([none, *(s.words for s in self.steps)]),
            "entered": np.concatenate([none, *(s.at for s in self.steps)]),
            "answers": self.answers,
            "left": self.at,
        }
        if path.suffix == ".json":
            lists = {
                name: _hex(columns[name]) if hexadecimal else columns[name].tolist()
                for name, hexadecimal in record_file.COLUMNS.items()
            }
            version = record_file.VERSION
            whole = {"format": FORMAT, "version": version, "description": description}
            data = json.dumps({**whole, "columns": lists}).encode()
        else:
            data = record_file.pack(description, columns)
        try:
            path.write_bytes(data)
        except OSError as error:
            raise RecordError(f"cannot write the record {path}: {error.strerror}") from None

    def script(self, config: dict[Config, int] | None = None) -> bytes:
        """The frames that do this again, for `--replay` and for the top hosted by cocotb.

        :param config: settings that hold throughout, whatever the record sets.
        """
        hello = HELLO.build({"magic": MAGIC, "version": VERSION, "text": b"script"})
        out = frame(Frame.HELLO, hello)
        if config:
            out += frame(Frame.CONFIG, np.array(list(config.items()), np.uint64).ravel())
        for step in self.steps:
            count = np.array([step.count], np.uint64)
            if step.kind == "words":
                out += frame(
                    Frame.WORDS, step.words, step.at, flags=WITH_TIMES if step.at.size else 0
                )
            elif step.kind == "config":
                pairs = step.words.reshape(-1, 2)
                free = ~np.isin(pairs[:, 0], list(config or {}))
                out += frame(Frame.CONFIG, pairs[free].ravel())
            else:
                out += frame(Frame[step.kind.upper()], count)
        return b"".join(out)

    def difference(self, other: "Record") -> str:
        """The first answer in which `other` differs in word or time, in words; empty if none."""
        first = self._first(other)
        if first == self.answers.size == other.answers.size:
            return ""

        def text(record: Record) -> str:
            if first == record.answers.size:
                return "no further answer"
            return f"{int(record.answers[first]):016x} at cycle {int(record.at[first])}"

        return f"answer {first}: {text(self)} expected, got {text(other)}"

    def differs_at(self, other: "Record") -> int:
        """Cycle of the first answer in which `other` differs, the later one of the two; 0: none."""
        first = self._first(other)
        return max((int(r.at[first]) for r in (self, other) if first < r.at.size), default=0)

    def _first(self, other: "Record") -> int:
        n = min(self.answers.size, other.answers.size)
        differs = (self.answers[:n] != other.answers[:n]) | (self.at[:n] != other.at[:n])
        return int(np.argmax(differs)) if differs.any() else n

    def take_answers(self, data: bytes) -> None:
        """Fill in the answers from the server's frames in a file."""
        words, at = [self.answers[:0]], [self.at[:0]]
        for kind, payload in frames(data):
            if kind is Frame.ANSWERS:
                both = np.frombuffer(payload, np.uint64)
                words.append(both[: both.size // 2])
                at.append(both[both.size // 2 :])
        self.answers, self.at = np.concatenate(words), np.concatenate(at)


def _hex(words: Words) -> list[str]:
    return [f"{w:016x}" for w in words.tolist()]


def _unhex(words: list[str]) -> Words:
    return np.array([int(w, 16) for w in words], np.uint64)
