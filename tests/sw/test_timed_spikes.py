# SPDX-License-Identifier: Apache-2.0
"""Bulk encoding of timed spikes against a slow twin, and what is refused."""

import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal.hxcomm.messages import TO_FPGA
from hal.stadls.timed import timed_spikes


def twin(times: list[int], labels: list[int]) -> list[int]:
    """The rule of a program with absolute times, one spike pack per command."""
    words, running, i = [], 0, 0
    while i < len(times):
        group = [
            label
            for t, label in zip(times[i : i + 3], labels[i : i + 3], strict=True)
            if t == times[i]
        ]
        if times[i] > running:
            words.append(TO_FPGA["WaitUntil"].word(time=times[i] - 1))
            running = times[i]
        fields = {f"label{k}": label for k, label in enumerate(group)}
        words.append(TO_FPGA[f"SpikePack{len(group)}"].word(**fields))
        running += 1
        i += len(group)
    return words


@given(st.lists(st.tuples(st.integers(0, 20) | st.integers(0, 2**32 - 1), st.integers(0, 65535))))
def test_equals_the_twin(spikes: list[tuple[int, int]]) -> None:
    spikes.sort(key=lambda spike: spike[0])
    times = [t for t, _ in spikes]
    labels = [label for _, label in spikes]
    columns = np.array(times, np.uint32), np.array(labels, np.uint16)
    assert timed_spikes(*columns).tolist() == twin(times, labels)


def test_any_integer_type() -> None:
    expected = twin([1, 1, 2], [3, 4, 5])
    assert timed_spikes([1, 1, 2], [3, 4, 5]).tolist() == expected
    assert timed_spikes(np.array([1, 1, 2], "i8"), np.array([3, 4, 5], "u8")).tolist() == expected


@pytest.mark.parametrize(
    ("times", "labels", "error", "message"),
    [
        ([0, 2**32], [0, 0], OverflowError, r"times\[1\] = 4294967296 is out of range \[0, "),
        ([-1], [0], OverflowError, r"times\[0\] = -1 is out of range"),
        ([0, 0], [1, 65536], OverflowError, r"labels\[1\] = 65536 is out of range \[0, 65535\]"),
        ([0.5], [1], RuntimeError, "times: expected integers, got float64"),
        ([[1]], [1], RuntimeError, "times: expected one dimension, got 2"),
        ([1], [1, 2], RuntimeError, "1 times, but 2 labels"),
        ([5, 3], [1, 2], RuntimeError, r"times\[1\] = 3 is earlier than the time before it"),
    ],
)
def test_bad(times: list[int], labels: list[int], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        timed_spikes(times, labels)


def test_long_delay_draws_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hxcosim"):
        timed_spikes([7] * 3 * 1250, [0] * 3 * 1250)
        assert caplog.text == ""
        timed_spikes([7] * 3 * 1252, [0] * 3 * 1252)
    assert "delayed by up to 1251 ticks" in caplog.text
