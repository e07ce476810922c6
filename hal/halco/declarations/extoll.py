# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the Extoll network (types that the newest coordinate layer dropped)."""

from hal.halco.coordinate import Mixin
from hal.halco.numbers import Coordinate, Ranged


class EventSwitchConfigOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """The event switch configuration of the FPGA."""

    __slots__ = ()


class EventSwitchReadoutOnFPGA(
    Ranged,
    Coordinate,
    max=2,
    bits=8,
    constants={"systime_offset": 0, "global_systime": 1, "last_global_systime": 2},
):
    """Event switch readout of the FPGA."""

    __slots__ = ()


class EventSwitchSourceOnFPGA(
    Ranged, Coordinate, max=2, bits=8, constants={"to_executor": 0, "to_asic": 1, "to_external": 2}
):
    """Event switch source of the FPGA."""

    __slots__ = ()


class ExtollAddress(Ranged, max=8388607):
    """Register address on an Extoll node."""

    __slots__ = ()


class ExtollNodeId(Ranged, max=65536, bits=32, constants={"self": 65536}):
    """Extoll node id."""

    __slots__ = ()


class ExtollChipType(Ranged, max=1, bits=8, constants={"fpga": 0, "tourmalet": 1}):
    """Extoll chip type."""

    __slots__ = ()


class ExtollNodeIdOnExtollNetwork(Mixin, ExtollNodeId, block=ExtollChipType, default=65536):
    """Extoll node id of a Extoll network."""

    __slots__ = ()


class ExtollAddressOnExtollNetwork(Mixin, ExtollAddress, block=ExtollNodeIdOnExtollNetwork):
    """Extoll address of a Extoll network."""

    __slots__ = ()


class ExtollBarrierConfigOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll barrier configuration of a Extoll node id."""

    __slots__ = ()


class ExtollBarrierConfigOnExtollNetwork(
    Mixin, ExtollBarrierConfigOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll barrier configuration of a Extoll network."""

    __slots__ = ()


class ExtollBarrierInterruptInportCounterResetOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """The Extoll barrier interrupt inport counter reset of the FPGA."""

    __slots__ = ()


class ExtollBarrierInterruptInportErrorCountOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """The Extoll barrier interrupt inport error count of the FPGA."""

    __slots__ = ()


class ExtollBarrierReleasedOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll barrier released of a Extoll node id."""

    __slots__ = ()


class ExtollBarrierReleasedOnExtollNetwork(
    Mixin, ExtollBarrierReleasedOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll barrier released of a Extoll network."""

    __slots__ = ()


class ExtollBarrierTriggerReachedOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll barrier trigger reached of a Extoll node id."""

    __slots__ = ()


class ExtollBarrierTriggerReachedOnExtollNetwork(
    Mixin, ExtollBarrierTriggerReachedOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll barrier trigger reached of a Extoll network."""

    __slots__ = ()


class ExtollInterruptConfigOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll interrupt configuration of a Extoll node id."""

    __slots__ = ()


class ExtollInterruptConfigOnExtollNetwork(
    Mixin, ExtollInterruptConfigOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll interrupt configuration of a Extoll network."""

    __slots__ = ()


class ExtollInterruptControlOnExtollNodeId(Ranged, max=3, bits=8):
    """Extoll interrupt control of a Extoll node id."""

    __slots__ = ()


class ExtollInterruptControlOnExtollNetwork(
    Mixin, ExtollInterruptControlOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll interrupt control of a Extoll network."""

    __slots__ = ()


class ExtollSpikeCommBucketCounterResetOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Extoll spike comm bucket counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketDestinationConfigOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Extoll spike comm bucket destination configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketNumEvtsRcvdOnSpikeCommSplit(Ranged, max=7, bits=8):
    """Extoll spike comm bucket number of received events of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommSplitOnFPGA(Ranged, Coordinate, max=1, bits=8):
    """Extoll spike comm split of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketNumEvtsRcvdOnFPGA(
    Mixin,
    ExtollSpikeCommBucketNumEvtsRcvdOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm bucket number of received events of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketNumPktsSentOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Extoll spike comm bucket number of sent packets of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketTriggerConfigOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Extoll spike comm bucket trigger configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommDecoderCounterResetOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """The Extoll spike comm decoder counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommDecoderNumEventsReceivedOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm decoder num events received of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommDecoderNumEventsReceivedOnFPGA(
    Mixin,
    ExtollSpikeCommDecoderNumEventsReceivedOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm decoder num events received of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterConfigOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm router configuration of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommRouterConfigOnFPGA(
    Mixin, ExtollSpikeCommRouterConfigOnSpikeCommSplit, Coordinate, block=ExtollSpikeCommSplitOnFPGA
):
    """Extoll spike comm router configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterCounterResetOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm router counter reset of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommRouterCounterResetOnFPGA(
    Mixin,
    ExtollSpikeCommRouterCounterResetOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm router counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossDisabledOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm router event loss disabled of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossDisabledOnFPGA(
    Mixin,
    ExtollSpikeCommRouterEventLossDisabledOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm router event loss disabled of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossMisconfOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm router event loss misconfiguration of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossMisconfOnFPGA(
    Mixin,
    ExtollSpikeCommRouterEventLossMisconfOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm router event loss misconfiguration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterEventsRoutedOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm router events routed of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommRouterEventsRoutedOnFPGA(
    Mixin,
    ExtollSpikeCommRouterEventsRoutedOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm router events routed of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterLookupConfigOnSpikeCommSplit(Ranged, max=16383):
    """Extoll spike comm router lookup configuration of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommRouterLookupConfigOnFPGA(
    Mixin,
    ExtollSpikeCommRouterLookupConfigOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm router lookup configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayConfigOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm timestamp delay configuration of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayConfigOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayConfigOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm timestamp delay configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayCounterResetOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm timestamp delay counter reset of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayCounterResetOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayCounterResetOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm timestamp delay counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossExpiredOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm timestamp delay event loss expired of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossExpiredOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayEventLossExpiredOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm timestamp delay event loss expired of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossFullOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm timestamp delay event loss full of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossFullOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayEventLossFullOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm timestamp delay event loss full of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayNumEventsReceivedOnSpikeCommSplit(Ranged, max=0, bits=8):
    """The Extoll spike comm timestamp delay num events received of a spike comm split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayNumEventsReceivedOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayNumEventsReceivedOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Extoll spike comm timestamp delay num events received of the FPGA."""

    __slots__ = ()


class LinkOnExtollNode(Ranged, max=6, bits=8):
    """Link of a Extoll node."""

    __slots__ = ()
