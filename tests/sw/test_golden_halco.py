# SPDX-License-Identifier: Apache-2.0
"""The checker of recorded coordinates notices a wrong record of each kind."""

import copy
from typing import Any

import pytest
from golden import halco
from test_golden import FOLDER, read

RECORDS: list[Any] = list(read(FOLDER / "halco.jsonl.gz"))


@pytest.mark.parametrize("kind", sorted(set(halco.HANDLERS) - {"other"}))
def test_wrong_conversion_bad(kind: str) -> None:
    """One changed result of one instance is found; of a plain number, its width."""
    found = [r for r in RECORDS if r["kind"] == kind and (r["conversions"] or kind == "base")]
    halco.HANDLERS[kind](found[0])
    wrong = copy.deepcopy(found[0])
    if wrong["conversions"]:
        next(iter(wrong["conversions"].values()))["values"][-1] = 987654321
    else:
        wrong["value_bits"] = 7
    with pytest.raises(AssertionError, match="instead of the recorded"):
        halco.HANDLERS[kind](wrong)


def test_unknown_constant_bad() -> None:
    wrong = copy.deepcopy(next(r for r in RECORDS if r["constants"]))
    wrong["constants"][next(iter(wrong["constants"]))] += 1
    with pytest.raises(AssertionError, match="instead of the recorded"):
        halco.HANDLERS[wrong["kind"]](wrong)
