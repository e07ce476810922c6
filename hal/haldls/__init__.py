# SPDX-License-Identifier: Apache-2.0
"""Register containers: what every register of the chip, the FPGA and the boards means.

Each container is a declaration (`hal.haldls.declaration`); the modules group them by subject.
"""

from typing import Any

from hal.fisch import words as _words
from hal.fisch.access import Backend
from hal.haldls import serialization as _serialization
from hal.haldls.block import Barrier, PollingOmnibusBlock, PollingOmnibusBlockConfig
from hal.haldls.board import DACChannel, DACControl, ShiftRegister
from hal.haldls.cadc import CADCChannelConfig, CADCConfig, CADCSampleQuad
from hal.haldls.capmem import CapMemBlock, CapMemBlockConfig, CapMemCell, ReferenceGeneratorConfig
from hal.haldls.declaration import (
    BlockUntil,
    Container,
    DifferentialWriteTrait,
    Encodable,
)
from hal.haldls.declaration import container_for as container_for
from hal.haldls.declaration import register_words as _register_words
from hal.haldls.events import (
    ChipTime,
    FPGATime,
    HighspeedLinkNotification,
    MADCSampleFromChip,
    SpikeFromChip,
    SpikePack1ToChip,
    SpikePack2ToChip,
    SpikePack3ToChip,
)
from hal.haldls.external_ppu import (
    ExternalPPUDRAMMemoryByte,
    ExternalPPUDRAMMemoryQuad,
    ExternalPPUMemoryByte,
    ExternalPPUMemoryQuad,
)
from hal.haldls.fpga import EventRecordingConfig, FPGADeviceDNA, NullPayloadReadable
from hal.haldls.i2c import (
    AD5252ChannelConfig,
    AD5252ChannelConfigPersistent,
    DAC6573ChannelConfig,
    INA219Config,
    INA219Status,
    TCA9546ChannelConfig,
    TCA9554Config,
    TCA9554Inputs,
    TMP112Status,
)
from hal.haldls.jtag import JTAGClockScaler, JTAGIdCode, ResetChip, ResetJTAGTap
from hal.haldls.neuron import (
    BlockPostPulse,
    CommonNeuronBackendConfig,
    NeuronBackendConfig,
    NeuronConfig,
    NeuronReset,
    NeuronResetQuad,
    SpikeCounterRead,
    SpikeCounterReset,
)
from hal.haldls.padi import CommonPADIBusConfig, CommonSTPConfig, PADIEvent, SynapseDriverConfig
from hal.haldls.phy import (
    CommonPhyConfigChip,
    CommonPhyConfigFPGA,
    HicannARQStatus,
    PerfTest,
    PerfTestStatus,
    PhyConfigChip,
    PhyConfigFPGA,
    PhyStatus,
)
from hal.haldls.pll import (
    ADPLL,
    PLLClockOutputBlock,
    PLLSelfTest,
    PLLSelfTestStatus,
    nominal_pll_f_reference,
)
from hal.haldls.ppu import (
    PPUControlRegister,
    PPUMemory,
    PPUMemoryBlock,
    PPUMemoryWord,
    PPUStatusRegister,
)
from hal.haldls.readout import (
    CurrentDAC,
    MADCConfig,
    MADCControl,
    PadMultiplexerConfig,
    ReadoutSourceSelection,
    minimal_madc_clock_cycles_per_sample,
)
from hal.haldls.routing import (
    BackgroundSpikeSource,
    CrossbarInputDropCounter,
    CrossbarNode,
    CrossbarOutputConfig,
    CrossbarOutputEventCounter,
    InputRoutingTableEntry,
    OutputRoutingTableEntry,
    SpikeIOConfig,
    SpikeIOInputRoute,
    SpikeIOOutputRoute,
)
from hal.haldls.sram import (
    CADCOffsetSRAMTimingConfig,
    CapMemSRAMTimingConfig,
    NeuronBackendSRAMTimingConfig,
    NeuronSRAMTimingConfig,
    SynapseDriverSRAMTimingConfig,
)
from hal.haldls.synapse import (
    ColumnCorrelationQuad,
    ColumnCurrentQuad,
    CommonCorrelationConfig,
    CommonSynramConfig,
    CorrelationReset,
    SynapseBiasSelection,
    SynapseCorrelationCalibQuad,
    SynapseLabelQuad,
    SynapseQuad,
    SynapseWeightQuad,
)
from hal.haldls.timing import (
    FPGASystimeSyncActiveState,
    FPGASystimeSyncLastAsicSystime,
    FPGASystimeSyncLastRTT,
    FPGASystimeSyncNumRetries,
    InstructionTimeoutConfig,
    SystimeCorrectionBarrierConfig,
    SystimeSync,
    SystimeSyncBase,
    Timer,
    chip_reset_high_duration,
    chip_reset_low_duration,
    jboa_dac_settling_duration,
    jboa_powerup_settling_duration,
    pll_and_omnibus_settling_duration,
    reference_generator_reset_duration,
    xboard_dac_settling_duration,
)
from hal.haldls.vector_generator import (
    VectorGeneratorControl,
    VectorGeneratorFIFOWord,
    VectorGeneratorLUTEntry,
    VectorGeneratorNotificationAddress,
    VectorGeneratorTrigger,
)

__all__ = [
    "ADPLL",
    "AD5252ChannelConfig",
    "AD5252ChannelConfigPersistent",
    "Backend",
    "BackgroundSpikeSource",
    "Barrier",
    "BlockPostPulse",
    "BlockUntil",
    "CADCChannelConfig",
    "CADCConfig",
    "CADCOffsetSRAMTimingConfig",
    "CADCSampleQuad",
    "CapMemBlock",
    "CapMemBlockConfig",
    "CapMemCell",
    "CapMemSRAMTimingConfig",
    "ChipTime",
    "ColumnCorrelationQuad",
    "ColumnCurrentQuad",
    "CommonCorrelationConfig",
    "CommonNeuronBackendConfig",
    "CommonPADIBusConfig",
    "CommonPhyConfigChip",
    "CommonPhyConfigFPGA",
    "CommonSTPConfig",
    "CommonSynramConfig",
    "Container",
    "CorrelationReset",
    "CrossbarInputDropCounter",
    "CrossbarNode",
    "CrossbarOutputConfig",
    "CrossbarOutputEventCounter",
    "CurrentDAC",
    "DAC6573ChannelConfig",
    "DACChannel",
    "DACControl",
    "DifferentialWriteTrait",
    "Encodable",
    "EventRecordingConfig",
    "ExternalPPUDRAMMemoryByte",
    "ExternalPPUDRAMMemoryQuad",
    "ExternalPPUMemoryByte",
    "ExternalPPUMemoryQuad",
    "FPGADeviceDNA",
    "FPGASystimeSyncActiveState",
    "FPGASystimeSyncLastAsicSystime",
    "FPGASystimeSyncLastRTT",
    "FPGASystimeSyncNumRetries",
    "FPGATime",
    "HicannARQStatus",
    "HighspeedLinkNotification",
    "INA219Config",
    "INA219Status",
    "InputRoutingTableEntry",
    "InstructionTimeoutConfig",
    "JTAGClockScaler",
    "JTAGIdCode",
    "MADCConfig",
    "MADCControl",
    "MADCSampleFromChip",
    "NeuronBackendConfig",
    "NeuronBackendSRAMTimingConfig",
    "NeuronConfig",
    "NeuronReset",
    "NeuronResetQuad",
    "NeuronSRAMTimingConfig",
    "NullPayloadReadable",
    "OutputRoutingTableEntry",
    "PADIEvent",
    "PLLClockOutputBlock",
    "PLLSelfTest",
    "PLLSelfTestStatus",
    "PPUControlRegister",
    "PPUMemory",
    "PPUMemoryBlock",
    "PPUMemoryWord",
    "PPUStatusRegister",
    "PadMultiplexerConfig",
    "PerfTest",
    "PerfTestStatus",
    "PhyConfigChip",
    "PhyConfigFPGA",
    "PhyStatus",
    "PollingOmnibusBlock",
    "PollingOmnibusBlockConfig",
    "ReadoutSourceSelection",
    "ReferenceGeneratorConfig",
    "ResetChip",
    "ResetJTAGTap",
    "ShiftRegister",
    "SpikeCounterRead",
    "SpikeCounterReset",
    "SpikeFromChip",
    "SpikeIOConfig",
    "SpikeIOInputRoute",
    "SpikeIOOutputRoute",
    "SpikePack1ToChip",
    "SpikePack2ToChip",
    "SpikePack3ToChip",
    "SynapseBiasSelection",
    "SynapseCorrelationCalibQuad",
    "SynapseDriverConfig",
    "SynapseDriverSRAMTimingConfig",
    "SynapseLabelQuad",
    "SynapseQuad",
    "SynapseWeightQuad",
    "SystimeCorrectionBarrierConfig",
    "SystimeSync",
    "SystimeSyncBase",
    "TCA9546ChannelConfig",
    "TCA9554Config",
    "TCA9554Inputs",
    "TMP112Status",
    "Timer",
    "VectorGeneratorControl",
    "VectorGeneratorFIFOWord",
    "VectorGeneratorLUTEntry",
    "VectorGeneratorNotificationAddress",
    "VectorGeneratorTrigger",
    "chip_reset_high_duration",
    "chip_reset_low_duration",
    "containers",
    "from_json",
    "from_portablebinary",
    "jboa_dac_settling_duration",
    "jboa_powerup_settling_duration",
    "minimal_madc_clock_cycles_per_sample",
    "nominal_pll_f_reference",
    "pll_and_omnibus_settling_duration",
    "reference_generator_reset_duration",
    "to_json",
    "to_portablebinary",
    "xboard_dac_settling_duration",
]

containers: list[type[Container]] = [
    AD5252ChannelConfig,
    AD5252ChannelConfigPersistent,
    ADPLL,
    BackgroundSpikeSource,
    BlockPostPulse,
    CADCChannelConfig,
    CADCConfig,
    CADCOffsetSRAMTimingConfig,
    CADCSampleQuad,
    CapMemBlock,
    CapMemBlockConfig,
    CapMemCell,
    CapMemSRAMTimingConfig,
    ColumnCorrelationQuad,
    ColumnCurrentQuad,
    CommonCorrelationConfig,
    CommonNeuronBackendConfig,
    CommonPADIBusConfig,
    CommonPhyConfigChip,
    CommonPhyConfigFPGA,
    CommonSTPConfig,
    CommonSynramConfig,
    CorrelationReset,
    CrossbarInputDropCounter,
    CrossbarNode,
    CrossbarOutputConfig,
    CrossbarOutputEventCounter,
    CurrentDAC,
    DAC6573ChannelConfig,
    DACChannel,
    DACControl,
    EventRecordingConfig,
    ExternalPPUDRAMMemoryByte,
    ExternalPPUDRAMMemoryQuad,
    ExternalPPUMemoryByte,
    ExternalPPUMemoryQuad,
    FPGADeviceDNA,
    FPGASystimeSyncActiveState,
    FPGASystimeSyncLastAsicSystime,
    FPGASystimeSyncLastRTT,
    FPGASystimeSyncNumRetries,
    HicannARQStatus,
    INA219Config,
    INA219Status,
    InputRoutingTableEntry,
    InstructionTimeoutConfig,
    JTAGClockScaler,
    JTAGIdCode,
    MADCConfig,
    MADCControl,
    NeuronBackendConfig,
    NeuronBackendSRAMTimingConfig,
    NeuronConfig,
    NeuronReset,
    NeuronResetQuad,
    NeuronSRAMTimingConfig,
    NullPayloadReadable,
    OutputRoutingTableEntry,
    PADIEvent,
    PLLClockOutputBlock,
    PLLSelfTest,
    PLLSelfTestStatus,
    PPUControlRegister,
    PPUMemory,
    PPUMemoryBlock,
    PPUMemoryWord,
    PPUStatusRegister,
    PadMultiplexerConfig,
    PerfTest,
    PerfTestStatus,
    PhyConfigChip,
    PhyConfigFPGA,
    PhyStatus,
    PollingOmnibusBlockConfig,
    ReadoutSourceSelection,
    ReferenceGeneratorConfig,
    ResetChip,
    ResetJTAGTap,
    ShiftRegister,
    SpikeCounterRead,
    SpikeCounterReset,
    SpikeIOConfig,
    SpikeIOInputRoute,
    SpikeIOOutputRoute,
    SpikePack1ToChip,
    SpikePack2ToChip,
    SpikePack3ToChip,
    SynapseBiasSelection,
    SynapseCorrelationCalibQuad,
    SynapseDriverConfig,
    SynapseDriverSRAMTimingConfig,
    SynapseLabelQuad,
    SynapseQuad,
    SynapseWeightQuad,
    SystimeCorrectionBarrierConfig,
    SystimeSync,
    SystimeSyncBase,
    TCA9546ChannelConfig,
    TCA9554Config,
    TCA9554Inputs,
    TMP112Status,
    Timer,
    VectorGeneratorControl,
    VectorGeneratorFIFOWord,
    VectorGeneratorLUTEntry,
    VectorGeneratorNotificationAddress,
    VectorGeneratorTrigger,
]
"""All containers, default-constructible."""


def to_json(container: Container) -> str:
    """JSON text of a container."""
    return _serialization.to_json(_container(container))


def from_json(container: Container, text: str) -> None:
    """Set a container from JSON text.

    :raises RuntimeError: for text that does not describe a container of this class.
    """
    _serialization.from_json(_container(container), text)


def to_portablebinary(container: Container) -> bytes:
    """Binary form of a container."""
    return _serialization.to_portablebinary(_container(container))


def from_portablebinary(container: Container, data: bytes) -> None:
    """Set a container from its binary form.

    :raises RuntimeError: for data that do not describe a container of this class.
    """
    _serialization.from_portablebinary(_container(container), data)


def _container(container: Any) -> Any:
    if not isinstance(container, Container):
        raise TypeError(f"expected a container, not {container!r} ({type(container).__name__})")
    return container


_register_words(_words)
