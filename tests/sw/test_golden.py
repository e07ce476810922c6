# SPDX-License-Identifier: Apache-2.0
"""Recorded vectors: every line of every file, checked by the handlers in `tests/sw/golden`.

The vectors are read from the folder in the variable HXCOSIM_GOLDEN (default: `tests/golden`).
The module `golden/<file>.py` checks `<file>.jsonl.gz`; it has `HANDLERS`, which maps a record's
`kind` to a function that takes a `Record` and fails by assertion, and may have `label`, which names
the type of a record for the counts.
A line of a kind without a handler, or one that a handler cannot check, is a failure.
`pytest -s` shows how many lines of how many types were checked; so does a failure's report.
"""

import gzip
import importlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import golden
import pytest
from golden import Record

FOLDER = Path(os.environ.get("HXCOSIM_GOLDEN") or Path(__file__).parents[1] / "golden")
HANDLED = sorted(p.stem for p in Path(golden.__file__).parent.glob("[a-z]*.py"))
MAX_FAILURES = 10


def read(path: Path) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            yield Record(path.name, number, json.loads(line))


def check_file(name: str, folder: Path) -> tuple[Counter[str], list[str]]:
    """Number of checked lines by type, and what failed."""
    module = importlib.import_module(f"golden.{name}")
    label = getattr(module, "label", lambda record: record["kind"])
    checked: Counter[str] = Counter()
    failures = []
    for record in read(folder / f"{name}.jsonl.gz"):
        handler = module.HANDLERS.get(record["kind"])
        try:
            if handler is None:
                raise AssertionError(f"no handler for kind {record['kind']!r}")
            handler(record)
            checked[label(record)] += 1
        except Exception as error:  # every line is to be looked at
            failures.append(f"{record.where}: {type(error).__name__}: {error}")
    return checked, failures


@pytest.mark.parametrize("name", HANDLED)
def test_file(name: str, record_property: pytest.FixtureRequest) -> None:
    checked, failures = check_file(name, FOLDER)
    summary = f"{name}: {checked.total()} lines of {len(checked)} types checked"
    print(f"\n{summary}, {len(failures)} failed")
    record_property("golden", summary)  # type: ignore[operator]  # a function, untyped in pytest
    assert checked.total() + len(failures) > 0, f"{name}: no line"
    shown = "\n".join(failures[:MAX_FAILURES])
    assert not failures, f"{summary}, {len(failures)} failed, the first:\n{shown}"


def test_every_handler_has_its_file() -> None:
    missing = [n for n in HANDLED if not (FOLDER / f"{n}.jsonl.gz").exists()]
    assert not missing, f"{FOLDER} lacks {missing}"


def test_every_file_has_its_handler() -> None:
    files = {path.name.removesuffix(".jsonl.gz") for path in FOLDER.glob("*.jsonl.gz")}
    assert not files - set(HANDLED), f"nobody checks {sorted(files - set(HANDLED))}"


def _corrupt(tmp_path: Path, name: str, line: dict[str, object]) -> list[str]:
    with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return check_file(name, tmp_path)[1]


def test_unknown_kind_bad(tmp_path: Path) -> None:
    failures = _corrupt(tmp_path, "events", {"kind": "novel"})
    assert failures == ["events.jsonl.gz line 1: AssertionError: no handler for kind 'novel'"]


def test_line_that_cannot_be_checked_bad(tmp_path: Path) -> None:
    failures = _corrupt(tmp_path, "events", {"kind": "events", "words": []})
    assert failures == ["events.jsonl.gz line 1: KeyError: 'num_messages'"]


def test_wrong_value_bad(tmp_path: Path) -> None:
    line = {"kind": "message", "direction": "to_fpga", "header": 9, "name": "system::Reset"}
    line |= {"payload_width": 1, "word_width": 64, "payload": 1}
    assert _corrupt(tmp_path, "hxcomm", line | {"raw": 0x0900000000000001}) == []
    assert len(_corrupt(tmp_path, "hxcomm", line | {"raw": 0x0900000000000000})) == 1
    assert len(_corrupt(tmp_path, "hxcomm", line | {"raw": 0x0900000000000001, "more": 1})) == 1
