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
    """Extoll node id of an Extoll network."""

    __slots__ = ()


class ExtollAddressOnExtollNetwork(Mixin, ExtollAddress, block=ExtollNodeIdOnExtollNetwork):
    """Extoll address of an Extoll network."""

    __slots__ = ()


class ExtollBarrierConfigOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll barrier configuration of an Extoll node id."""

    __slots__ = ()


class ExtollBarrierConfigOnExtollNetwork(
    Mixin, ExtollBarrierConfigOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll barrier configuration of an Extoll network."""

    __slots__ = ()


class ExtollBarrierInterruptInportCounterResetOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """The Extoll barrier interrupt inport counter reset of the FPGA."""

    __slots__ = ()


class ExtollBarrierInterruptInportErrorCountOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """The Extoll barrier interrupt inport error count of the FPGA."""

    __slots__ = ()


class ExtollBarrierReleasedOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll barrier released of an Extoll node id."""

    __slots__ = ()


class ExtollBarrierReleasedOnExtollNetwork(
    Mixin, ExtollBarrierReleasedOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll barrier released of an Extoll network."""

    __slots__ = ()


class ExtollBarrierTriggerReachedOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll barrier trigger reached of an Extoll node id."""

    __slots__ = ()


class ExtollBarrierTriggerReachedOnExtollNetwork(
    Mixin, ExtollBarrierTriggerReachedOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll barrier trigger reached of an Extoll network."""

    __slots__ = ()


class ExtollInterruptConfigOnExtollNodeId(Ranged, max=15, bits=8):
    """Extoll interrupt configuration of an Extoll node id."""

    __slots__ = ()


class ExtollInterruptConfigOnExtollNetwork(
    Mixin, ExtollInterruptConfigOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll interrupt configuration of an Extoll network."""

    __slots__ = ()


class ExtollInterruptControlOnExtollNodeId(Ranged, max=3, bits=8):
    """Extoll interrupt control of an Extoll node id."""

    __slots__ = ()


class ExtollInterruptControlOnExtollNetwork(
    Mixin, ExtollInterruptControlOnExtollNodeId, Coordinate, block=ExtollNodeIdOnExtollNetwork
):
    """Extoll interrupt control of an Extoll network."""

    __slots__ = ()


class ExtollSpikeCommBucketCounterResetOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Spike communication bucket counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketDestinationConfigOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Spike communication bucket destination configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketNumEvtsRcvdOnSpikeCommSplit(Ranged, max=7, bits=8):
    """Spike communication bucket number of received events of a split."""

    __slots__ = ()


class ExtollSpikeCommSplitOnFPGA(Ranged, Coordinate, max=1, bits=8):
    """Spike communication split of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketNumEvtsRcvdOnFPGA(
    Mixin,
    ExtollSpikeCommBucketNumEvtsRcvdOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication bucket number of received events of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketNumPktsSentOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Spike communication bucket number of sent packets of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommBucketTriggerConfigOnFPGA(Ranged, Coordinate, max=7, bits=8):
    """Spike communication bucket trigger configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommDecoderCounterResetOnFPGA(Ranged, Coordinate, max=0, bits=8):
    """Spike communication decoder counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommDecoderNumEventsReceivedOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication decoder number of events received of a split."""

    __slots__ = ()


class ExtollSpikeCommDecoderNumEventsReceivedOnFPGA(
    Mixin,
    ExtollSpikeCommDecoderNumEventsReceivedOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication decoder number of events received of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterConfigOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication router configuration of a split."""

    __slots__ = ()


class ExtollSpikeCommRouterConfigOnFPGA(
    Mixin, ExtollSpikeCommRouterConfigOnSpikeCommSplit, Coordinate, block=ExtollSpikeCommSplitOnFPGA
):
    """Spike communication router configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterCounterResetOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication router counter reset of a split."""

    __slots__ = ()


class ExtollSpikeCommRouterCounterResetOnFPGA(
    Mixin,
    ExtollSpikeCommRouterCounterResetOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication router counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossDisabledOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication router event loss disabled of a split."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossDisabledOnFPGA(
    Mixin,
    ExtollSpikeCommRouterEventLossDisabledOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication router event loss disabled of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossMisconfOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication router event loss misconfiguration of a split."""

    __slots__ = ()


class ExtollSpikeCommRouterEventLossMisconfOnFPGA(
    Mixin,
    ExtollSpikeCommRouterEventLossMisconfOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication router event loss misconfiguration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterEventsRoutedOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication router events routed of a split."""

    __slots__ = ()


class ExtollSpikeCommRouterEventsRoutedOnFPGA(
    Mixin,
    ExtollSpikeCommRouterEventsRoutedOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication router events routed of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommRouterLookupConfigOnSpikeCommSplit(Ranged, max=16383):
    """Spike communication router lookup configuration of a split."""

    __slots__ = ()


class ExtollSpikeCommRouterLookupConfigOnFPGA(
    Mixin,
    ExtollSpikeCommRouterLookupConfigOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication router lookup configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayConfigOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication timestamp delay configuration of a split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayConfigOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayConfigOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication timestamp delay configuration of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayCounterResetOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication timestamp delay counter reset of a split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayCounterResetOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayCounterResetOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication timestamp delay counter reset of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossExpiredOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication timestamp delay event loss expired of a split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossExpiredOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayEventLossExpiredOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication timestamp delay event loss expired of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossFullOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication timestamp delay event loss full of a split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayEventLossFullOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayEventLossFullOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication timestamp delay event loss full of the FPGA."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayNumEventsReceivedOnSpikeCommSplit(Ranged, max=0, bits=8):
    """Spike communication timestamp delay number of events received of a split."""

    __slots__ = ()


class ExtollSpikeCommTimestampDelayNumEventsReceivedOnFPGA(
    Mixin,
    ExtollSpikeCommTimestampDelayNumEventsReceivedOnSpikeCommSplit,
    Coordinate,
    block=ExtollSpikeCommSplitOnFPGA,
):
    """Spike communication timestamp delay number of events received of the FPGA."""

    __slots__ = ()


class LinkOnExtollNode(Ranged, max=6, bits=8):
    """Link of an Extoll node."""

    __slots__ = ()
