# SPDX-License-Identifier: Apache-2.0
"""Coordinates of neurons, their back ends, counters and resets."""

import enum

from hal.halco.conversion import Each, same
from hal.halco.coordinate import Grid, Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.declarations.synapse import SynapseQuadColumnOnDLS, SynramOnDLS
from hal.halco.numbers import Coordinate, Ranged


def backend_order(e: int) -> int:
    """Neurons in the order of back ends, counters and resets: left half first, then row by row.

    It is its own inverse (reference hal.md, section 20, item 3).
    """
    return 256 * ((e // 128) % 2) + 128 * (e // 256) + e % 128


def quad_of_column(e: int) -> int:
    """Quads count across the array interleaved: even columns first, then the odd ones."""
    return 32 * (e % 2) + (e // 8) % 32


def switch_quad(e: int) -> int:
    """Quad of correlation and current switches of a neuron, array by array."""
    return 64 * (e // 256) + quad_of_column(e)


def neurons_of_quad(e: int) -> tuple[int, ...]:
    """The four neuron resets of a quad of synapse columns: every other column of eight."""
    first = 256 * ((e % 32) // 16) + 128 * (e // 64) + 8 * (e % 16) + (e // 32) % 2
    return tuple(first + 2 * entry for entry in range(4))


class NeuronColumnOnDLS(
    Ranged,
    max=255,
    axis="x",
    to={
        **same("SynapseOnSynapseRow"),
        "CapMemColumnOnCapMemBlock": lambda e: e % 128,
        "NeuronEventOutputOnDLS": lambda e: e // 32,
    },
):
    """Neuron column of the chip."""

    __slots__ = ()


class NeuronRowOnDLS(Ranged, PerHemisphere, max=1, axis="y", constants=TOP_BOTTOM):
    """Neuron row of the chip."""

    __slots__ = ()


class AtomicNeuronOnDLS(
    Grid,
    Coordinate,
    x=NeuronColumnOnDLS,
    y=NeuronRowOnDLS,
    to={
        **same("NeuronConfigOnDLS"),
        "NeuronResetOnDLS": backend_order,
        "SpikeCounterReadOnDLS": backend_order,
        "SpikeCounterResetOnDLS": backend_order,
        "NeuronBackendConfigOnDLS": backend_order,
        "CapMemBlockOnDLS": lambda e: e // 128,
        "CapMemColumnOnCapMemBlock": lambda e: e % 128,
        "SynramOnDLS": lambda e: e // 256,
        "SynapseQuadColumnOnDLS": quad_of_column,
        "ColumnCorrelationQuadOnDLS": switch_quad,
        "ColumnCurrentQuadOnDLS": switch_quad,
    },
):
    """Neuron circuit on the chip: column and row."""

    __slots__ = ()


class NeuronColumnOnLogicalNeuron(Ranged, max=127, axis="x"):
    """Neuron column of a logical neuron."""

    __slots__ = ()


class NeuronRowOnLogicalNeuron(Ranged, max=1, axis="y"):
    """Neuron row of a logical neuron."""

    __slots__ = ()


class AtomicNeuronOnLogicalNeuron(Grid, x=NeuronColumnOnLogicalNeuron, y=NeuronRowOnLogicalNeuron):
    """Neuron circuit of a logical neuron, relative to its anchor."""

    __slots__ = ()

    class Direction(enum.IntEnum):
        """Where a neighbour lies."""

        left = 0
        right = 1
        opposite_row = 2

    def get_neighbor(self, direction: Direction) -> "AtomicNeuronOnLogicalNeuron":
        """The next circuit in a direction.

        Raises ``RuntimeError`` left of the first and ``OverflowError`` right of the last column.
        """
        kind = AtomicNeuronOnLogicalNeuron
        match self.Direction(direction):
            case self.Direction.left:
                return kind(self.x() - 1, self.y())
            case self.Direction.right:
                return kind(self.x() + 1, self.y())
            case _:
                return kind(self.x(), NeuronRowOnLogicalNeuron(1 - self.y().value()))


class BlockPostPulseOnDLS(
    Ranged, Coordinate, max=1, bits=8, to=same("NeuronBackendConfigBlockOnDLS")
):
    """Post-synaptic pulse to all correlation sensors of a neuron back end."""

    __slots__ = ()


class CommonNeuronBackendConfigOnDLS(
    Ranged, Coordinate, max=1, to=same("NeuronBackendConfigBlockOnDLS")
):
    """Common neuron backend configuration of the chip."""

    __slots__ = ()


class CompartmentOnLogicalNeuron(Ranged, max=254):
    """Compartment of a multi-compartment neuron."""

    __slots__ = ()


class NeuronBackendAddressOut(Ranged, max=255):
    """Address that the neuron back end sends with a spike, 8 bits."""

    __slots__ = ()


class NeuronBackendConfigBlockOnDLS(
    Ranged,
    Coordinate,
    max=1,
    bits=8,
    to=same("BlockPostPulseOnDLS", "CommonNeuronBackendConfigOnDLS"),
):
    """Neuron backend configuration block of the chip."""

    __slots__ = ()


class NeuronBackendConfigOnNeuronBackendConfigBlock(
    Ranged, max=255, to={"NeuronEventOutputOnNeuronBackendBlock": lambda e: (e // 32) % 4}
):
    """Digital back end of a neuron within its block."""

    __slots__ = ()


class NeuronBackendConfigOnDLS(
    Mixin,
    NeuronBackendConfigOnNeuronBackendConfigBlock,
    Coordinate,
    block=NeuronBackendConfigBlockOnDLS,
    to={
        **same("SpikeCounterReadOnDLS", "SpikeCounterResetOnDLS"),
        "NeuronColumnOnDLS": lambda e: 128 * (e // 256) + e % 128,
        "NeuronRowOnDLS": lambda e: (e // 128) % 2,
        "CommonNeuronBackendConfigOnDLS": lambda e: e // 256,
        "NeuronConfigOnDLS": backend_order,
        "AtomicNeuronOnDLS": backend_order,
        "SynramOnDLS": lambda e: (e // 128) % 2,
        "NeuronConfigBlockOnDLS": lambda e: 2 * ((e // 128) % 2) + e // 256,
    },
):
    """Digital back end of a neuron, block by block."""

    __slots__ = ()


class NeuronBackendSRAMTimingConfigOnDLS(Ranged, Coordinate, max=1):
    """Neuron backend SRAM timing configuration of the chip."""

    __slots__ = ()


class NeuronBlockOnDLS(Ranged, Coordinate, max=0):
    """All neurons of the chip."""

    __slots__ = ()


class NeuronConfigBlockOnDLS(
    Ranged,
    Coordinate,
    max=3,
    to={
        **same("CapMemBlockOnDLS"),
        "NeuronResetBlockOnDLS": lambda e: e % 2,
        "SpikeCounterReadBlockOnDLS": lambda e: e % 2,
        "SpikeCounterResetBlockOnDLS": lambda e: e % 2,
    },
):
    """Neuron configuration block of the chip."""

    __slots__ = ()


class NeuronConfigOnNeuronConfigBlock(Ranged, max=127, to=same("CapMemColumnOnCapMemBlock")):
    """Neuron configuration of a neuron configuration block."""

    __slots__ = ()


class NeuronConfigOnDLS(
    Mixin,
    NeuronConfigOnNeuronConfigBlock,
    Coordinate,
    block=NeuronConfigBlockOnDLS,
    to={
        **same("AtomicNeuronOnDLS"),
        "NeuronResetOnDLS": backend_order,
        "SpikeCounterReadOnDLS": backend_order,
        "SpikeCounterResetOnDLS": backend_order,
        "SynapseQuadColumnOnDLS": quad_of_column,
        "EntryOnQuad": lambda e: (e // 2) % 4,
        "NeuronRowOnDLS": lambda e: e // 256,
        "SynapseOnSynapseRow": lambda e: e % 256,
        "NeuronBackendConfigBlockOnDLS": lambda e: (e // 128) % 2,
        "NeuronBackendConfigOnNeuronBackendConfigBlock": lambda e: 128 * (e // 256) + e % 128,
        "CommonNeuronBackendConfigOnDLS": lambda e: (e // 128) % 2,
        "NeuronBackendConfigOnDLS": backend_order,
        "SynramOnDLS": lambda e: e // 256,
        "ColumnCorrelationQuadOnDLS": switch_quad,
        "ColumnCurrentQuadOnDLS": switch_quad,
    },
):
    """Neuron configuration of the chip."""

    __slots__ = ()


class NeuronEventOutputOnNeuronBackendBlock(Ranged, max=3):
    """Neuron event output of a neuron backend block."""

    __slots__ = ()


class NeuronEventOutputOnDLS(
    Mixin,
    NeuronEventOutputOnNeuronBackendBlock,
    Coordinate,
    block=NeuronBackendConfigBlockOnDLS,
    to=same("CrossbarInputOnDLS"),
):
    """Event output of the neurons to the crossbar, one per 32 columns."""

    __slots__ = ()


class NeuronResetBlockOnDLS(Ranged, Coordinate, max=1):
    """Neuron reset block of the chip."""

    __slots__ = ()


class NeuronResetOnNeuronResetBlock(Ranged, max=255):
    """Neuron reset of a neuron reset block."""

    __slots__ = ()


class NeuronResetOnDLS(
    Mixin, NeuronResetOnNeuronResetBlock, Coordinate, block=NeuronResetBlockOnDLS
):
    """Reset of a neuron, in the order of the back ends."""

    __slots__ = ()


class NeuronResetQuadOnDLS(
    Mixin,
    SynapseQuadColumnOnDLS,
    Coordinate,
    block=SynramOnDLS,
    to={"NeuronResetOnDLS": Each(neurons_of_quad, key="EntryOnQuad")},
):
    """Reset of the four neurons of a quad of synapse columns."""

    __slots__ = ()


class NeuronSRAMTimingConfigOnDLS(Ranged, Coordinate, max=3):
    """Neuron SRAM timing configuration of the chip."""

    __slots__ = ()


class SpikeCounterReadBlockOnDLS(Ranged, Coordinate, max=1):
    """Spike counter read block of the chip."""

    __slots__ = ()


class SpikeCounterReadOnSpikeCounterReadBlock(Ranged, max=255):
    """Spike counter read of a spike counter read block."""

    __slots__ = ()


class SpikeCounterReadOnDLS(
    Mixin, SpikeCounterReadOnSpikeCounterReadBlock, Coordinate, block=SpikeCounterReadBlockOnDLS
):
    """Spike counter of a neuron, to be read, in the order of the back ends."""

    __slots__ = ()


class SpikeCounterResetBlockOnDLS(Ranged, Coordinate, max=1):
    """Spike counter reset block of the chip."""

    __slots__ = ()


class SpikeCounterResetOnSpikeCounterResetBlock(Ranged, max=255):
    """Spike counter reset of a spike counter reset block."""

    __slots__ = ()


class SpikeCounterResetOnDLS(
    Mixin, SpikeCounterResetOnSpikeCounterResetBlock, Coordinate, block=SpikeCounterResetBlockOnDLS
):
    """Spike counter of a neuron, to be reset, in the order of the back ends."""

    __slots__ = ()
