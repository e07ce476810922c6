# SPDX-License-Identifier: Apache-2.0
"""Spikes with times, in bulk, as instructions."""

import ctypes
import logging

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hal.hxcomm.messages import TO_FPGA
from hal.native import load
from hal.stadls.errors import BuilderError

__all__ = ["DELAY_WARNING", "timed_spikes"]

_log = logging.getLogger("hxcosim.stadls")

DELAY_WARNING = 1250
"""Delay in ticks (10 us) from which a late command draws a warning (reference: hal, section 8)."""

_TIME_MAX = TO_FPGA["WaitUntil"].fields[0].maximum
_LABEL_MAX = TO_FPGA["SpikePack1"].fields[0].maximum


def _column(values: ArrayLike, name: str, maximum: int, dtype: type) -> NDArray[np.generic]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise BuilderError(f"{name}: expected one dimension, got {array.ndim}")
    if array.size and array.dtype.kind not in "ui":
        raise BuilderError(f"{name}: expected integers, got {array.dtype}")
    if array.dtype != dtype:
        out = np.flatnonzero((array < 0) | (array > maximum))
        if out.size:
            raise OverflowError(
                f"{name}[{out[0]}] = {array[out[0]]} is out of range [0, {maximum}]"
            )
    return np.ascontiguousarray(array, dtype=dtype)


def timed_spikes(times: ArrayLike, labels: ArrayLike) -> NDArray[np.uint64]:
    """Instructions that send `labels[i]` when the timer shows `times[i]`.

    Spikes of one time travel together, up to three in an instruction; further ones follow in
    the next cycles. Before each later time stands a wait, as in a program with absolute times.

    :param times: timer values in ticks of 8 ns, 0 to 2^32 - 1, not decreasing.
    :param labels: spike labels, 0 to 65535, as many as times.
    :raises OverflowError: for a value out of range, with its place.
    :raises RuntimeError: for decreasing times, or another number of labels than times.
    """
    time_column = _column(times, "times", _TIME_MAX, np.uint32)
    label_column = _column(labels, "labels", _LABEL_MAX, np.uint16)
    if len(time_column) != len(label_column):
        raise BuilderError(f"{len(time_column)} times, but {len(label_column)} labels")
    words = np.empty(2 * len(time_column), dtype=np.uint64)
    late = ctypes.c_uint64()
    function = load("hal.stadls", "timed_spikes").hx_timed_spikes
    function.restype = ctypes.c_int64
    used = function(
        ctypes.c_void_p(time_column.ctypes.data),
        ctypes.c_void_p(label_column.ctypes.data),
        ctypes.c_size_t(len(time_column)),
        ctypes.c_void_p(words.ctypes.data),
        ctypes.byref(late),
    )
    if used < 0:
        raise BuilderError(
            f"times[{-1 - used}] = {time_column[-1 - used]} is earlier than the time before it; "
            "sort the spikes by time"
        )
    if late.value > DELAY_WARNING:
        _log.warning("spikes had to be delayed by up to %d ticks of 8 ns", late.value)
    return words[:used]
