# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the register containers that composed containers consist of.

`Part.at` is a function from numbers of the whole's coordinate (an array with one row each) to the
numbers of the parts' coordinates.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from hal import halco
from hal.haldls import CapMemCell
from hal.lola.composed import Numbers, Own, Part

__all__ = [
    "QUADS",
    "QUAD_COLUMNS",
    "block_cells",
    "by_quad",
    "chip_cells",
    "first",
    "matrix_by_quad",
    "neuron_cells",
    "same",
    "several",
]

QUADS = halco.SynapseQuadColumnOnDLS.size
"""Quads in a row of synapses."""
_ENTRIES = halco.EntryOnQuad.size
_CELLS = halco.CapMemCellOnCapMemBlock.size
_CELLS_PER_ROW = halco.CapMemColumnOnCapMemBlock.size
_NEURONS_PER_BLOCK = halco.AtomicNeuronOnDLS.size // halco.CapMemBlockOnDLS.size


def _quad_columns() -> Numbers:
    """Columns of the synapses in each quad of a row: quads of even columns, then of odd ones."""
    parities = 2
    columns = np.arange(halco.SynapseOnSynapseRow.size, dtype=np.int64)
    by_parity = columns.reshape(QUADS // parities, _ENTRIES, parities).transpose(2, 0, 1)
    return by_parity.reshape(QUADS, _ENTRIES)


QUAD_COLUMNS = _quad_columns()


def by_quad(path: str) -> Own:
    """A row of synapses (numbers or structures), quad by quad."""
    return Own((path,), lambda slots: slots[QUAD_COLUMNS])


def matrix_by_quad(path: str) -> Own:
    """All rows of a matrix of synapses, quad by quad."""
    return Own((path,), lambda slots: slots[:, QUAD_COLUMNS])


def same(coord: Numbers) -> Numbers:
    """The coordinate with the number of the whole."""
    return coord


def first(coord: Numbers) -> Numbers:
    """The only instance."""
    return np.zeros_like(coord)


def several(count: int) -> Callable[[Numbers], Numbers]:
    """That many instances for each number of the whole."""
    return lambda coord: coord * count + np.arange(count)


def _cells(at: Callable[[Numbers], Numbers], paths: Sequence[str]) -> Part:
    return Part(CapMemCell, at, fields={"value": Own(tuple(paths))})


def neuron_cells(cells: Mapping[str, str]) -> Part:
    """Parameters of one neuron: rows of the analog parameter memory and the members there."""
    rows = np.array([getattr(halco.CapMemRowOnCapMemBlock, name)._e for name in cells])

    def at(neuron: Numbers) -> Numbers:
        block, column = np.divmod(neuron, _NEURONS_PER_BLOCK)
        cells: Numbers = block * _CELLS + rows * _CELLS_PER_ROW + column
        return cells

    return _cells(at, tuple(cells.values()))


def block_cells(blocks: int, cells: Mapping[str, str]) -> Part:
    """Parameters shared by a quadrant: cells and the members there, arrays over the quadrants.

    :param blocks: number of quadrants for each number of the whole.
    """
    numbers = np.array([getattr(halco.CapMemCellOnCapMemBlock, name)._e for name in cells])

    def at(coord: Numbers) -> Numbers:
        own = several(blocks)(coord)
        cells: Numbers = own[..., np.newaxis] * _CELLS + numbers
        return cells.reshape(len(coord), -1)

    return _cells(at, tuple(cells.values()))


def chip_cells(cells: Mapping[str | tuple[str, ...], str]) -> Part:
    """Parameters with a cell of their own, one for each number of the whole."""
    keys = [(key,) if isinstance(key, str) else key for key in cells]
    numbers = np.array([[getattr(halco.CapMemCellOnDLS, n)._e for n in names] for names in keys])
    return _cells(lambda coord: numbers.T[coord[:, 0]], tuple(cells.values()))
