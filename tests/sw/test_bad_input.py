# SPDX-License-Identifier: Apache-2.0
"""Bad input that no other test has (docs/bad-input.md): barriers over five bits, and the list."""

import re
from pathlib import Path

import pytest

from hal.hxcomm.codec import CodecError, Messages, encode
from hal.hxcomm.messages import TO_FPGA

ROOT = Path(__file__).resolve().parents[2]


def test_barrier_over_five_bits_bad() -> None:
    barrier = TO_FPGA["Barrier"]
    with pytest.raises(OverflowError):
        barrier.word(systime_correction=2)
    assert encode(Messages.of([(barrier.id, 31)]), TO_FPGA).tolist() == [0x07 << 56 | 31]
    with pytest.raises(CodecError):
        encode(Messages.of([(barrier.id, 32)]), TO_FPGA)


def test_every_test_of_the_list_exists() -> None:
    """The page names a file and a test in it for each kind of bad input."""
    page = (ROOT / "docs" / "bad-input.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", page)
    assert len(named) >= 16
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text(), f"{file} has no {test}"
