# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the FPGA, the chip as a whole, timing and reset."""

from hal.halco.conversion import same
from hal.halco.coordinate import Interval, Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.numbers import Coordinate, Ranged, Unbounded


class BarrierOnFPGA(Ranged, Coordinate, max=0, implicit=False, bits=8):
    """The barrier of the FPGA."""

    __slots__ = ()


class ChipAndMultichipJboaLeafFPGAOnSystem(Ranged, Coordinate, max=0):
    """The chip and multichip Jboa leaf FPGA of the system."""

    __slots__ = ()


class ChipAndSinglechipFPGAOnSystem(Ranged, Coordinate, max=0):
    """The chip and singlechip FPGA of the system."""

    __slots__ = ()


class ChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The chip of the chip."""

    __slots__ = ()


class DLSGlobal(Ranged, max=254):
    """Chip in a multi-chip system."""

    __slots__ = ()


class EventRecordingConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The event recording configuration of the FPGA."""

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
    """The FPGA device DNA of the FPGA."""

    __slots__ = ()


class FPGAOnChipAndMultichipJboaLeafFPGA(Ranged, Coordinate, max=0):
    """The FPGA of a chip and multichip Jboa leaf FPGA."""

    __slots__ = ()


class FPGAOnChipAndSinglechipFPGA(Ranged, Coordinate, max=0):
    """The FPGA of a chip and singlechip FPGA."""

    __slots__ = ()


class FPGASystimeSyncActiveStateOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The FPGA systime sync active state of the FPGA."""

    __slots__ = ()


class FPGASystimeSyncLastAsicSystimeOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The FPGA systime sync last ASIC systime of the FPGA."""

    __slots__ = ()


class FPGASystimeSyncLastRTTOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The FPGA systime sync last RTT of the FPGA."""

    __slots__ = ()


class FPGASystimeSyncNumRetriesOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The FPGA systime sync num retries of the FPGA."""

    __slots__ = ()


class HemisphereOnDLS(Ranged, PerHemisphere, max=1, constants=TOP_BOTTOM):
    """Half of the chip: a synapse array with its drivers, neurons and PPU."""

    __slots__ = ()


class HemisphereGlobal(Mixin, HemisphereOnDLS, block=DLSGlobal):
    """Hemisphere in a multi-chip system."""

    __slots__ = ()


class InputRoutingTableEntryOnFPGA(Ranged, Coordinate, max=32767):
    """Input routing table entry of the FPGA."""

    __slots__ = ()


class InputRoutingTableOnFPGA(Ranged, Coordinate, max=0):
    """The input routing table of the FPGA."""

    __slots__ = ()


class InstructionTimeoutConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The instruction timeout configuration of the FPGA."""

    __slots__ = ()


class MemoryTimingOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The memory timing of the chip."""

    __slots__ = ()


class NullPayloadReadableOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The null payload readable of the FPGA."""

    __slots__ = ()


class OmnibusAddress(Unbounded, bits=32):
    """Word address on the Omnibus, 32 bits."""

    __slots__ = ()


class OmnibusChipOverJTAGAddress(Unbounded, bits=32):
    """Word address on the chip's Omnibus as reached by JTAG."""

    __slots__ = ()


class OutputRoutingTableEntryOnFPGA(Ranged, Coordinate, max=65535, to={**same("SpikeLabel")}):
    """Output routing table entry of the FPGA."""

    __slots__ = ()


class OutputRoutingTableOnFPGA(Ranged, Coordinate, max=0):
    """The output routing table of the FPGA."""

    __slots__ = ()


class PollingOmnibusBlockConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False, bits=8):
    """The polling omnibus block configuration of the FPGA."""

    __slots__ = ()


class PollingOmnibusBlockOnFPGA(Ranged, Coordinate, max=0, implicit=False, bits=8):
    """The polling omnibus block of the FPGA."""

    __slots__ = ()


class ResetChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The reset chip of the chip."""

    __slots__ = ()


class SpikeIOAddress(Ranged, max=255, to={**same("SpikeIOInputRouteOnFPGA")}):
    """Address on the serial spike interface."""

    __slots__ = ()


class SpikeIOConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The SpikeIO configuration of the FPGA."""

    __slots__ = ()


class SpikeIOInputRouteOnFPGA(
    Ranged, Coordinate, max=255, implicit=False, to={**same("SpikeIOAddress")}
):
    """SpikeIO input route of the FPGA."""

    __slots__ = ()


class SpikeIOOutputRouteOnFPGA(
    Ranged, Coordinate, max=65535, implicit=False, to={**same("SpikeLabel")}
):
    """SpikeIO output route of the FPGA."""

    __slots__ = ()


class SystimeCorrectionBarrierConfigOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The systime correction barrier configuration of the FPGA."""

    __slots__ = ()


class SystimeSyncBaseOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The systime sync base of the chip."""

    __slots__ = ()


class SystimeSyncOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The systime sync of the FPGA."""

    __slots__ = ()


class TimerOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The timer of the chip."""

    __slots__ = ()


class WaitUntilOnFPGA(Ranged, max=0, implicit=False):
    """The wait until of the FPGA."""

    __slots__ = ()
