# SPDX-License-Identifier: Apache-2.0
"""The checker of recorded coordinates notices a wrong record; the records themselves pass."""

import copy
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from golden.halco import check

FOLDER = os.environ.get("HXCOSIM_GOLDEN") or Path(__file__).parents[1] / "golden"
PATH = Path(FOLDER) / "halco.jsonl.gz"


def records() -> list[dict[str, Any]]:
    with gzip.open(PATH, "rt") as lines:
        return [json.loads(line) for line in lines]


RECORDS = records()


def test_records() -> None:
    for record in RECORDS:
        try:
            check(record)
        except AssertionError as error:
            raise AssertionError(f"{record['name']}: {error}") from None
    assert len(RECORDS) == 309


@pytest.mark.parametrize("kind", sorted({record["kind"] for record in RECORDS} - {"other"}))
def test_wrong_record_bad(kind: str) -> None:
    """One changed conversion of one instance is found in a record of each kind."""
    record = copy.deepcopy(
        next(r for r in RECORDS if r["kind"] == kind and (r["conversions"] or kind == "base"))
    )
    if record["conversions"]:
        next(iter(record["conversions"].values()))["values"][-1] = 987654321
    else:
        record["value_bits"] = 7
    with pytest.raises(AssertionError, match="instead of the recorded"):
        check(record)
