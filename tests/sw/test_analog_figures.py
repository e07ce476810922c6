# SPDX-License-Identifier: Apache-2.0
"""Every acceptance figure of the analog core is met."""

from collections.abc import Callable

import pytest
from analog_figures import FIGURES, LONG, Result


@pytest.mark.parametrize("figure", FIGURES, ids=[f.__name__ for f in FIGURES])
def test_figure(figure: Callable[[], list[Result]]) -> None:
    rows = figure()
    assert rows
    assert [row for row in rows if not row.met] == []


@pytest.mark.full
@pytest.mark.parametrize("figure", LONG, ids=[f.__name__ for f in LONG])
def test_figure_long(figure: Callable[[], list[Result]]) -> None:
    test_figure(figure)
