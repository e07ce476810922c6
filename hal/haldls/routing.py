# SPDX-License-Identifier: Apache-2.0
"""Ways of the events: crossbar, background sources, serial and multi-FPGA routes.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import FPGA, ArrayField, Container, Field
from hal.haldls.layout import Address, bits, lanes
from hal.haldls.preset import Preset

__all__ = [
    "BackgroundSpikeSource",
    "CrossbarInputDropCounter",
    "CrossbarNode",
    "CrossbarOutputConfig",
    "CrossbarOutputEventCounter",
    "InputRoutingTableEntry",
    "OutputRoutingTableEntry",
    "SpikeIOConfig",
    "SpikeIOInputRoute",
    "SpikeIOOutputRoute",
]


class CrossbarNode(
    Container,
    at=halco.CrossbarNodeOnDLS,
    address=Address.region(addresses.CROSSBAR_NODE),
    unreadable_on=("hardware",),
):
    """Filter of one node of the event crossbar.

    An event passes when (label & mask) == target.
    """

    mask = Field(halco.NeuronLabel, bits("13:0"))
    target = Field(halco.NeuronLabel, bits("29:16"))
    enable_drop_counter = Field(bool, bits(31))

    drop_all = Preset(target=1)
    """Lets no event pass."""


class CrossbarOutputConfig(
    Container,
    at=halco.CrossbarOutputConfigOnDLS,
    address=Address.region(addresses.CROSSBAR_OUT_MUX),
    unreadable_on=("hardware",),
):
    """Counters and speed of the crossbar outputs."""

    enable_event_counter_type = typed_array(bool, halco.CrossbarOutputOnDLS)
    enable_slow_type = typed_array(bool, halco.CrossbarL2OutputOnDLS)

    enable_slow = ArrayField(enable_slow_type, lanes(range(4)))
    enable_event_counter = ArrayField(enable_event_counter_type, lanes(range(4, 16, 1)))


class CrossbarInputDropCounter(
    Container,
    at=halco.CrossbarInputOnDLS,
    address=Address.region(addresses.CROSSBAR_INPUT_DROP_COUNTER),
    access="r",
    arguments=("value",),
):
    """Events dropped at a crossbar input."""

    class Value(Ranged, max=65535):
        """Value of a crossbar input drop counter."""

    value = Field(Value, bits("15:0"))


class CrossbarOutputEventCounter(
    Container,
    at=halco.CrossbarOutputOnDLS,
    address=Address.region(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER),
    access="r",
    arguments=("value",),
):
    """Events sent at a crossbar output."""

    class Value(Ranged, max=(1 << 24) - 1):
        """Value of a crossbar output event counter."""

    value = Field(Value, bits("23:0"))


class BackgroundSpikeSource(
    Container,
    at=halco.BackgroundSpikeSourceOnDLS,
    address=Address.region(addresses.BACKGROUND_SPIKE_SOURCE, words=(1, 2, 0)),
    unreadable_on=(
        "hardware",
        "simulation",
    ),
):
    """Generator of regular or random events.

    Address order is base+1, base+2, base+0, so the enable word is written last (the seed is
    loaded on the rising edge of enable).
    """

    class Period(Ranged, max=65535):
        """Cycles between two events, or between two random bins."""

    class Rate(Ranged, max=255):
        """Probability of an event per bin, in 1/255."""

    class Seed(Ranged, max=(1 << 32) - 1):
        """Start value of the random generator."""

    class Mask(Ranged, max=255):
        """Bits of the label that are random."""

    enable = Field(bool, bits(0, 2))
    enable_random = Field(bool, bits(1, 2))
    period = Field(Period, bits("31:16", 2), doc="clock cycles between spikes or Poisson bins")
    rate = Field(Rate, bits("15:8", 1), doc="spike probability per bin about rate / 255, 0 = off")
    seed = Field(Seed, bits("31:0"), doc="lower 16 bits of the generator are used per draw")
    mask = Field(Mask, bits("7:0", 1), doc="1 bits of the low 8 label bits are randomised")
    neuron_label = Field(halco.NeuronLabel, bits("29:16", 1))


class InputRoutingTableEntry(
    Container,
    at=halco.InputRoutingTableEntryOnFPGA,
    address=Address.region(addresses.INPUT_ROUTING_TABLE),
    backends=FPGA,
):
    """Spike label for a label that arrives over the multi-FPGA link."""

    enable = Field(bool, bits(16))
    label = Field(halco.SpikeLabel, bits("15:0"))


class OutputRoutingTableEntry(
    Container,
    at=halco.OutputRoutingTableEntryOnFPGA,
    address=Address.region(addresses.OUTPUT_ROUTING_TABLE),
    backends=FPGA,
):
    """Link label for a spike label that leaves over the multi-FPGA link."""

    class Label(Ranged, max=32767):
        """Label on the multi-FPGA link."""

    enable = Field(bool, bits(15))
    label = Field(Label, bits("14:0"))


class SpikeIOConfig(
    Container,
    at=halco.SpikeIOConfigOnFPGA,
    address=Address.region(addresses.SPIKE_IO_CONFIG),
    backends=FPGA,
):
    """Serial spike interface of the FPGA.

    The default constructor value of data_rate_scaler is its minimum 1.
    """

    class DataRateScaler(Ranged, min=1, max=65535):
        """Divider of the serial data rate."""

    data_rate_scaler = Field(DataRateScaler, bits("15:0"))
    enable_tx = Field(bool, bits(16))
    enable_rx = Field(bool, bits(17))
    enable_internal_loopback = Field(bool, bits(18))


class SpikeIOInputRoute(
    Container,
    at=halco.SpikeIOInputRouteOnFPGA,
    arguments={"label": "target"},
    address=Address.region(addresses.SPIKE_IO_INPUT_ROUTING),
    backends=FPGA,
):
    """Spike label for a serial address."""

    SILENT = halco.SpikeLabel(65535)
    """Drop."""

    target = Field(halco.SpikeLabel, bits("15:0"), default=65535)


class SpikeIOOutputRoute(
    Container,
    at=halco.SpikeIOOutputRouteOnFPGA,
    arguments={"serial_address": "target"},
    address=Address.region(addresses.SPIKE_IO_OUTPUT_ROUTING),
    backends=FPGA,
):
    """Serial address for a spike label."""

    SILENT = halco.SpikeIOAddress(255)
    """Drop."""

    target = Field(halco.SpikeIOAddress, bits("7:0"), default=255)
