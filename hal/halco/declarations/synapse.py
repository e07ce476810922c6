# SPDX-License-Identifier: Apache-2.0
"""Coordinates of synapse arrays, synapse drivers and PADI buses."""

from hal.halco.conversion import Each, same
from hal.halco.coordinate import Grid, Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.numbers import Coordinate, Ranged


def columns_of_quad(e: int) -> tuple[int, ...]:
    """The four columns of a quad: every other column of eight, odd ones in the upper 32 quads."""
    first = 8 * e - 255 * (e // 32)
    return tuple(first + 2 * entry for entry in range(4))


class SynramOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Synapse array, one per hemisphere."""

    __slots__ = ()


class SynapseQuadColumnOnDLS(
    Ranged,
    max=63,
    axis="x",
    to={
        **same("ColumnCorrelationQuadOnSynram", "ColumnCurrentQuadOnSynram"),
        "NeuronColumnOnDLS": Each(columns_of_quad, key="EntryOnQuad"),
    },
):
    """Column of synapse quads; even columns of the array first, then the odd."""

    __slots__ = ()


class SynapseRowOnSynram(
    Ranged,
    max=255,
    axis="y",
    to={
        "SynapseDriverOnSynapseDriverBlock": lambda e: e // 2,
        "SynapseRowOnSynapseDriver": lambda e: 1 - e % 2,
    },
):
    """Row of synapses; row 0 belongs to the bottom of the first driver."""

    __slots__ = ()


class SynapseQuadOnSynram(Grid, x=SynapseQuadColumnOnDLS, y=SynapseRowOnSynram):
    """Synapse quad of a synapse array."""

    __slots__ = ()


class ColumnCorrelationQuadOnSynram(Ranged, max=63, axis="x", to=same("SynapseQuadColumnOnDLS")):
    """Correlation switches of four synapse columns."""

    __slots__ = ()


class ColumnCorrelationQuadOnDLS(
    Mixin, ColumnCorrelationQuadOnSynram, Coordinate, block=SynramOnDLS
):
    """Column correlation quad of the chip."""

    __slots__ = ()


class ColumnCorrelationRowOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Correlation switches of a synapse array."""

    __slots__ = ()


class ColumnCurrentQuadOnSynram(Ranged, max=63, axis="x", to=same("SynapseQuadColumnOnDLS")):
    """Current switches of four synapse columns."""

    __slots__ = ()


class ColumnCurrentQuadOnDLS(Mixin, ColumnCurrentQuadOnSynram, Coordinate, block=SynramOnDLS):
    """Column current quad of the chip."""

    __slots__ = ()


class ColumnCurrentRowOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Current switches of a synapse array."""

    __slots__ = ()


class CommonCorrelationConfigOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Common correlation configuration of the chip."""

    __slots__ = ()


class CommonPADIBusConfigOnDLS(
    Ranged, PerHemisphere, Coordinate, max=1, implicit=False, constants=TOP_BOTTOM
):
    """Common PADI bus configuration of the chip."""

    __slots__ = ()


class CommonSTPConfigOnDLS(
    Ranged, PerHemisphere, Coordinate, max=1, implicit=False, constants=TOP_BOTTOM
):
    """Common STP configuration of the chip."""

    __slots__ = ()


class CommonSynapseDriverConfigOnDLS(
    Ranged, PerHemisphere, Coordinate, max=1, implicit=False, constants=TOP_BOTTOM
):
    """Common synapse driver configuration of the chip."""

    __slots__ = ()


class CommonSynramConfigOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Common synapse array configuration of the chip."""

    __slots__ = ()


class CorrelationResetOnDLS(Mixin, SynapseQuadOnSynram, Coordinate, block=SynramOnDLS):
    """Reset of the correlation sensors of a synapse quad."""

    __slots__ = ()


class CorrelationResetRowOnDLS(Mixin, SynapseRowOnSynram, Coordinate, block=SynramOnDLS):
    """Reset of the correlation sensors of a synapse row."""

    __slots__ = ()


class CurrentDACOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The current source for calibration on the chip."""

    __slots__ = ()


class EntryOnQuad(Ranged, max=3):
    """Entry of a quad; entry 0 is the most significant byte of its word."""

    __slots__ = ()


class PADIBusBlockOnDLS(Ranged, PerHemisphere, max=1, constants=TOP_BOTTOM):
    """The four buses that feed the synapse drivers of a hemisphere."""

    __slots__ = ()


class PADIBusOnPADIBusBlock(Ranged, max=3):
    """Bus to a quarter of the synapse drivers of a hemisphere."""

    __slots__ = ()


class PADIBusOnDLS(
    Mixin, PADIBusOnPADIBusBlock, block=PADIBusBlockOnDLS, to=same("CrossbarOutputOnDLS")
):
    """Bus to a quarter of the synapse drivers of a hemisphere."""

    __slots__ = ()


class PADIEventOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Direct injection of events into the buses of a hemisphere."""

    __slots__ = ()


class PADIRowSelectAddress(Ranged, max=31):
    """Row select of an event on a PADI bus, 5 bits."""

    __slots__ = ()


class SynapseBiasSelectionOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The synapse bias selection of the chip."""

    __slots__ = ()


class SynapseBlockOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """All synapses of a hemisphere."""

    __slots__ = ()


class SynapseCorrelationCalibMatrixOnDLS(
    Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM
):
    """Synapse correlation calibration matrix of the chip."""

    __slots__ = ()


class SynapseCorrelationCalibQuadOnDLS(
    Mixin,
    SynapseQuadOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to={
        **same("SynapseWeightQuadOnDLS", "SynapseLabelQuadOnDLS", "SynapseQuadOnDLS"),
        "NeuronConfigBlockOnDLS": lambda e: 2 * (e // 16384) + (e // 16) % 2,
    },
):
    """Synapse correlation calibration quad of the chip."""

    __slots__ = ()


class SynapseCorrelationCalibRowOnDLS(
    Mixin,
    SynapseRowOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to=same("SynapseRowOnDLS", "SynapseLabelRowOnDLS", "SynapseWeightRowOnDLS"),
):
    """Synapse correlation calibration row of the chip."""

    __slots__ = ()


class SynapseDriverBlockOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Synapse driver block of the chip."""

    __slots__ = ()


class SynapseDriverOnSynapseDriverBlock(
    Ranged,
    max=127,
    to={
        "PADIBusOnPADIBusBlock": lambda e: e % 4,
        "SynapseDriverOnPADIBus": lambda e: e // 4,
        "SynapseRowOnSynram": Each(lambda e: (2 * e + 1, 2 * e), key="SynapseRowOnSynapseDriver"),
    },
):
    """Synapse driver of a hemisphere; neighbours sit on different buses."""

    __slots__ = ()


class SynapseDriverOnDLS(
    Mixin,
    SynapseDriverOnSynapseDriverBlock,
    Coordinate,
    block=SynapseDriverBlockOnDLS,
    to={
        "CapMemBlockOnDLS": lambda e: 2 * (e // 128) + e % 2,
        "SynapseRowOnDLS": Each(lambda e: (2 * e, 2 * e + 1)),
    },
):
    """Synapse driver of the chip."""

    __slots__ = ()


class SynapseDriverOnPADIBus(
    Ranged,
    max=31,
    to={
        "SynapseDriverOnSynapseDriverBlock": Each(
            lambda e: (4 * e, 4 * e + 1, 4 * e + 2, 4 * e + 3), key="PADIBusOnPADIBusBlock"
        )
    },
):
    """Synapse driver, counted along its bus."""

    __slots__ = ()


class SynapseDriverSRAMTimingConfigOnDLS(
    Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM
):
    """Synapse driver SRAM timing configuration of the chip."""

    __slots__ = ()


class SynapseLabel(Ranged, max=63, bits=8):
    """Label that a synapse compares with the event address, 6 bits."""

    __slots__ = ()


class SynapseLabelMatrixOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Synapse label matrix of the chip."""

    __slots__ = ()


class SynapseLabelQuadOnDLS(
    Mixin,
    SynapseQuadOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to={
        **same("SynapseWeightQuadOnDLS", "SynapseQuadOnDLS", "SynapseCorrelationCalibQuadOnDLS"),
        "NeuronConfigBlockOnDLS": lambda e: 2 * (e // 16384) + (e // 16) % 2,
    },
):
    """Synapse label quad of the chip."""

    __slots__ = ()


class SynapseLabelRowOnDLS(
    Mixin,
    SynapseRowOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to=same("SynapseRowOnDLS", "SynapseWeightRowOnDLS", "SynapseCorrelationCalibRowOnDLS"),
):
    """Synapse label row of the chip."""

    __slots__ = ()


class SynapseOnSynapseRow(
    Ranged,
    max=255,
    axis="x",
    to={
        **same("NeuronColumnOnDLS", "CADCChannelColumnOnSynram"),
        "EntryOnQuad": lambda e: (e // 2) % 4,
        "SynapseQuadColumnOnDLS": lambda e: e // 8 + 32 * (e % 2),
    },
):
    """Synapse of a row, that is its column."""

    __slots__ = ()


class SynapseOnSynram(Grid, x=SynapseOnSynapseRow, y=SynapseRowOnSynram):
    """Synapse of a synapse array."""

    __slots__ = ()


class SynapseOnDLS(Mixin, SynapseOnSynram, block=SynramOnDLS):
    """Synapse of the chip."""

    __slots__ = ()


class SynapseQuadOnDLS(
    Mixin,
    SynapseQuadOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to={
        **same(
            "SynapseWeightQuadOnDLS", "SynapseLabelQuadOnDLS", "SynapseCorrelationCalibQuadOnDLS"
        ),
        "NeuronConfigBlockOnDLS": lambda e: 2 * (e // 16384) + (e // 16) % 2,
    },
):
    """Synapse quad of the chip."""

    __slots__ = ()


class SynapseRowOnDLS(
    Mixin,
    SynapseRowOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to=same("SynapseWeightRowOnDLS", "SynapseLabelRowOnDLS", "SynapseCorrelationCalibRowOnDLS"),
):
    """Synapse row of the chip."""

    __slots__ = ()


class SynapseRowOnSynapseDriver(Ranged, max=1, constants=TOP_BOTTOM):
    """One of the two rows of a synapse driver."""

    __slots__ = ()


class SynapseWeightMatrixOnDLS(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Synapse weight matrix of the chip."""

    __slots__ = ()


class SynapseWeightQuadOnDLS(
    Mixin,
    SynapseQuadOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to={
        **same("SynapseQuadOnDLS", "SynapseLabelQuadOnDLS", "SynapseCorrelationCalibQuadOnDLS"),
        "NeuronConfigBlockOnDLS": lambda e: 2 * (e // 16384) + (e // 16) % 2,
    },
):
    """Synapse weight quad of the chip."""

    __slots__ = ()


class SynapseWeightRowOnDLS(
    Mixin,
    SynapseRowOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to=same("SynapseRowOnDLS", "SynapseLabelRowOnDLS", "SynapseCorrelationCalibRowOnDLS"),
):
    """Synapse weight row of the chip."""

    __slots__ = ()


class SynapticInputOnNeuron(Ranged, max=1, constants={"excitatory": 0, "inhibitory": 1}):
    """Synaptic input of a neuron circuit."""

    __slots__ = ()
