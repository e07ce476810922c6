# SPDX-License-Identifier: Apache-2.0
"""Coordinates of spikes, packs, crossbar and background sources."""

from typing import Any

from hal.halco.conversion import Maybe, same
from hal.halco.coordinate import Grid
from hal.halco.declarations.neuron import NeuronBackendAddressOut, NeuronEventOutputOnDLS
from hal.halco.declarations.synapse import PADIRowSelectAddress, SynapseLabel
from hal.halco.numbers import Coordinate, Ranged, Unbounded, implicit

# The crossings (output, input) that exist, in the order of their enumeration: each neuron event
# output reaches one bus of both blocks and one layer-2 output; each layer-2 input all buses and one
# layer-2 output; each background source one bus and one layer-2 output.
NODES = (
    *((out, e // 3) for e, out in enumerate((0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11) * 2)),
    *((bus, 8 + l2) for l2 in range(4) for bus in (0, 1, 2, 3, 4, 5, 6, 7, 8 + l2)),
    *((out, 12 + source) for source in range(8) for out in (source, 8 + source % 4)),
)


class BackgroundSpikeSourceOnDLS(
    Ranged,
    Coordinate,
    max=7,
    to={
        **same("PADIBusOnDLS"),
        "CrossbarInputOnDLS": lambda e: e + 12,
        "CrossbarL2OutputOnDLS": lambda e: e % 4,
    },
):
    """Background spike generator on the chip."""

    __slots__ = ()


class CrossbarInputOnDLS(
    Ranged,
    Coordinate,
    max=19,
    axis="y",
    to={
        "SPL1Address": Maybe(lambda e: e - 8 if 8 <= e <= 11 else None),
        "NeuronEventOutputOnDLS": Maybe(lambda e: e if 0 <= e <= 7 else None),
    },
):
    """Input of the event crossbar: neuron outputs, links, background sources."""

    __slots__ = ()


class CrossbarL2OutputOnDLS(Ranged, max=3, to={"CrossbarOutputOnDLS": lambda e: e + 8}):
    """Output of the event crossbar to a link towards the FPGA."""

    __slots__ = ()


class CrossbarOutputOnDLS(
    Ranged,
    Coordinate,
    max=11,
    axis="x",
    to={
        "PADIBusOnDLS": Maybe(lambda e: e if 0 <= e <= 7 else None),
        "CrossbarL2OutputOnDLS": Maybe(lambda e: e - 8 if 8 <= e <= 11 else None),
    },
):
    """Output of the event crossbar: PADI buses, then links."""

    __slots__ = ()


class CrossbarNodeOnDLS(Grid, Coordinate, x=CrossbarOutputOnDLS, y=CrossbarInputOnDLS, nodes=NODES):
    """Node of the event crossbar: 76 of the 12 x 20 crossings exist."""

    __slots__ = ()


class CrossbarOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The crossbar of the chip."""

    __slots__ = ()


class CrossbarOutputConfigOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Which outputs of the crossbar are enabled."""

    __slots__ = ()


class MADCSamplePackFromFPGAOnDLS(Ranged, min=1, max=3):
    """Pack size of MADC samples from the FPGA: 1 to 3 samples a pack."""

    __slots__ = ()


class NeuronLabel(Ranged, max=16383, bits=16):
    """Label of a spike: 14 bits below the SPL1 address."""

    __slots__ = ()


class SPL1Address(
    Ranged,
    max=3,
    bits=16,
    to={
        **same("CrossbarL2OutputOnDLS"),
        "CrossbarInputOnDLS": lambda e: e + 8,
    },
):
    """Top two bits of a spike label: the layer-2 link."""

    __slots__ = ()


class SpikePack1ToChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Injection of one spike."""

    __slots__ = ()


class SpikePack2ToChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Injection of two spikes at once."""

    __slots__ = ()


class SpikePack3ToChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Injection of three spikes at once."""

    __slots__ = ()


class SpikePackFromFPGAOnDLS(Ranged, min=1, max=3):
    """Pack size of spikes from the FPGA: 1 to 3 spikes a pack."""

    __slots__ = ()


class PADILabel(Ranged, max=1023, bits=16):
    """Label of an event on a PADI bus: 10 bits, one less than address and row select span."""

    __slots__ = ()


class SpikeLabel(Unbounded, bits=16, implicit=False, to=same("SpikeIOOutputRouteOnFPGA")):
    """Label of a spike, 16 bits, with its fields as properties and as ``get_``/``set_`` methods.

    The fields overlap: what a bit means depends on where the event comes from and goes to.
    A label is the one number that can be changed in place.
    """

    __slots__ = ()


def _add_field(name: str, kind: Any, low: int) -> None:
    """Add the accessors of a field whose lowest bit is ``low``; its type gives the width."""

    def getter(self: SpikeLabel) -> Any:
        return kind._make((self._e >> low) & kind.max)

    def setter(self: SpikeLabel, value: object) -> None:
        field = implicit(kind, value)._e
        self._e = self._e & ~(kind.max << low) | field << low

    getter.__annotations__["return"] = kind.__name__
    getter.__name__, setter.__name__ = f"get_{name}", f"set_{name}"
    setattr(SpikeLabel, name, property(getter, setter, doc=f"The field {name}."))
    setattr(SpikeLabel, f"get_{name}", getter)
    setattr(SpikeLabel, f"set_{name}", setter)


_add_field("spl1_address", SPL1Address, 14)
_add_field("neuron_label", NeuronLabel, 0)
_add_field("padi_label", PADILabel, 0)
_add_field("neuron_event_output", NeuronEventOutputOnDLS, 8)
_add_field("neuron_backend_address_out", NeuronBackendAddressOut, 0)
_add_field("row_select_address", PADIRowSelectAddress, 6)
_add_field("synapse_label", SynapseLabel, 0)
