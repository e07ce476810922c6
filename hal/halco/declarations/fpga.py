# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the FPGA, the chip as a whole, timing and reset."""

from hal.halco.conversion import same
from hal.halco.coordinate import Interval, Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.numbers import Coordinate, Ranged, Unbounded


class BarrierOnFPGA(Ranged, Coordinate, max=0, implicit=False, bits=8):
    """Wait until outstanding accesses have been answered."""

    __slots__ = ()


class ChipAndMultichipJboaLeafFPGAOnSystem(Ranged, Coordinate, max=0):
    """A chip with its leaf FPGA on the multi-chip board."""

    __slots__ = ()


class ChipAndSinglechipFPGAOnSystem(Ranged, Coordinate, max=0):
    """A chip with its FPGA on the single-chip board."""

    __slots__ = ()


class ChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The whole chip."""

    __slots__ = ()


class DLSGlobal(Ranged, max=254):
    """Chip in a multi-chip system."""

    __slots__ = ()


class EventRecordingConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Whether events are recorded into the trace."""

    __slots__ = ()


class ExternalPPUDRAMMemoryByteOnFPGA(Ranged, Coordinate, max=268435455):
    """External PPU DRAM memory byte of the FPGA."""

    __slots__ = ()


class ExternalPPUDRAMMemoryBlockOnFPGA(
    Interval,
    Coordinate,
    bound=ExternalPPUDRAMMemoryByteOnFPGA,
    length="ExternalPPUDRAMMemoryBlockSize",
):
    """External PPU DRAM memory block of the FPGA."""

    __slots__ = ()


class ExternalPPUDRAMMemoryBlockSize(Ranged, min=1, max=268435456):
    """Number of bytes of an external DRAM block, at least 1."""

    __slots__ = ()


class ExternalPPUDRAMMemoryOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The external PPU DRAM memory of the FPGA."""

    __slots__ = ()


class ExternalPPUDRAMMemoryQuadOnFPGA(Ranged, Coordinate, max=67108863):
    """External PPU DRAM memory quad of the FPGA."""

    __slots__ = ()


class ExternalPPUMemoryByteOnFPGA(Ranged, Coordinate, max=131071):
    """External PPU memory byte of the FPGA."""

    __slots__ = ()


class ExternalPPUMemoryBlockOnFPGA(
    Interval, Coordinate, bound=ExternalPPUMemoryByteOnFPGA, length="ExternalPPUMemoryBlockSize"
):
    """External PPU memory block of the FPGA."""

    __slots__ = ()


class ExternalPPUMemoryBlockSize(Ranged, min=1, max=131072):
    """Number of bytes of an external memory block, at least 1."""

    __slots__ = ()


class ExternalPPUMemoryOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The external PPU memory of the FPGA."""

    __slots__ = ()


class ExternalPPUMemoryQuadOnFPGA(Ranged, Coordinate, max=32767):
    """External PPU memory quad of the FPGA."""

    __slots__ = ()


class FPGADeviceDNAOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The unique number of the FPGA device."""

    __slots__ = ()


class FPGAOnChipAndMultichipJboaLeafFPGA(Ranged, Coordinate, max=0):
    """The leaf FPGA of a chip on the multi-chip board."""

    __slots__ = ()


class FPGAOnChipAndSinglechipFPGA(Ranged, Coordinate, max=0):
    """The FPGA of a chip on the single-chip board."""

    __slots__ = ()


class FPGASystimeSyncActiveStateOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Whether the system time synchronisation is running."""

    __slots__ = ()


class FPGASystimeSyncLastAsicSystimeOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Chip time of the last synchronisation."""

    __slots__ = ()


class FPGASystimeSyncLastRTTOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Round-trip time of the last synchronisation."""

    __slots__ = ()


class FPGASystimeSyncNumRetriesOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """How often synchronisation is tried again."""

    __slots__ = ()


class HemisphereOnDLS(Ranged, PerHemisphere, max=1, constants=TOP_BOTTOM):
    """Half of the chip: a synapse array with its drivers, neurons and PPU."""

    __slots__ = ()


class HemisphereGlobal(Mixin, HemisphereOnDLS, block=DLSGlobal):
    """Hemisphere in a multi-chip system."""

    __slots__ = ()


class InputRoutingTableEntryOnFPGA(Ranged, Coordinate, max=32767):
    """Entry of the table that routes events from other FPGAs."""

    __slots__ = ()


class InputRoutingTableOnFPGA(Ranged, Coordinate, max=0):
    """The table that routes events from other FPGAs."""

    __slots__ = ()


class InstructionTimeoutConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """After how long the FPGA gives up on an instruction."""

    __slots__ = ()


class MemoryTimingOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Timing of all memories on the chip."""

    __slots__ = ()


class NullPayloadReadableOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """A register without content, to be read for synchronisation."""

    __slots__ = ()


class OmnibusAddress(Unbounded, bits=32):
    """Word address on the Omnibus, 32 bits."""

    __slots__ = ()


class OmnibusChipOverJTAGAddress(Unbounded, bits=32):
    """Word address on the chip's Omnibus as reached by JTAG."""

    __slots__ = ()


class OutputRoutingTableEntryOnFPGA(Ranged, Coordinate, max=65535, to=same("SpikeLabel")):
    """Entry of the table that routes events to other FPGAs."""

    __slots__ = ()


class OutputRoutingTableOnFPGA(Ranged, Coordinate, max=0):
    """The table that routes events to other FPGAs."""

    __slots__ = ()


class PollingOmnibusBlockConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False, bits=8):
    """Address, mask and target of the polling wait."""

    __slots__ = ()


class PollingOmnibusBlockOnFPGA(Ranged, Coordinate, max=0, implicit=False, bits=8):
    """Wait until a polled register reads as configured."""

    __slots__ = ()


class ResetChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The reset pin of the chip."""

    __slots__ = ()


class SpikeIOAddress(Ranged, max=255, to=same("SpikeIOInputRouteOnFPGA")):
    """Address on the serial spike interface."""

    __slots__ = ()


class SpikeIOConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The SpikeIO configuration of the FPGA."""

    __slots__ = ()


class SpikeIOInputRouteOnFPGA(
    Ranged, Coordinate, max=255, implicit=False, to=same("SpikeIOAddress")
):
    """Route from a serial spike address to an event label."""

    __slots__ = ()


class SpikeIOOutputRouteOnFPGA(
    Ranged, Coordinate, max=65535, implicit=False, to=same("SpikeLabel")
):
    """Route from an event label to a serial spike address."""

    __slots__ = ()


class SystimeCorrectionBarrierConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Settings of the barrier across several FPGAs."""

    __slots__ = ()


class SystimeSyncBaseOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Start value of the chip time at the next synchronisation."""

    __slots__ = ()


class SystimeSyncOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Synchronisation of chip time and FPGA time."""

    __slots__ = ()


class TimerOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The playback timer."""

    __slots__ = ()


class WaitUntilOnFPGA(Ranged, max=0, implicit=False):
    """Wait until the playback timer has reached a value."""

    __slots__ = ()
