# SPDX-License-Identifier: Apache-2.0
"""Generators of standard sequences, above all of bring-up (reference: hal, section 10).

All settings are plain attributes, to be changed before `generate`.
"""

import logging
from dataclasses import dataclass
from typing import Any, NamedTuple

from hal import halco
from hal import haldls as hal
from hal.fisch.access import Backend
from hal.halco.arrays import typed_array
from hal.hwdb import HXCubeFPGAEntry, HXCubeSetupEntry, HXCubeWingEntry, JboaSetupEntry
from hal.hwdb.entries import HwdbEntry
from hal.hxcomm import SimulationEntry, ZeroMockEntry
from hal.lola import DACChannelBlock, DACControlBlock, MemoryTiming
from hal.stadls.builder import PlaybackProgramBuilder
from hal.stadls.errors import GeneratorError

__all__ = [
    "ASICAdapterBoardInit",
    "ChipInit",
    "CubeASICAdapterBoardInit",
    "DigitalInit",
    "ExperimentInit",
    "JboaASICAdapterBoardInit",
    "PlaybackGenerator",
    "SystemInit",
    "_ASICAdapterBoardInit",
    "_ChipInit",
    "_CubeASICAdapterBoardInit",
    "_JboaASICAdapterBoardInit",
    "_SystemInit",
    "generate",
]

_log = logging.getLogger("hxcosim.stadls")

_Adplls = typed_array(hal.ADPLL, halco.ADPLLOnDLS)
_PhyConfigsFPGA = typed_array(hal.PhyConfigFPGA, halco.PhyConfigFPGAOnDLS)
_PhyConfigsChip = typed_array(hal.PhyConfigChip, halco.PhyConfigChipOnDLS)
_DigitalPotis = typed_array(hal.AD5252ChannelConfig, halco.AD5252ChannelConfigOnBoard)


class Generated(NamedTuple):
    """What a generator makes; programs unpack it or use its names."""

    builder: Any
    result: Any


class PlaybackGenerator:
    """Something that makes a builder and a result; to be subclassed."""

    def generate(self) -> tuple[Any, Any]:
        """Builder and result.

        :raises RuntimeError: unless the subclass defines it.
        """
        raise GeneratorError(
            f"{type(self).__name__}.generate is not defined: a generator returns a tuple of "
            "builder and result"
        )


def generate(generator: PlaybackGenerator) -> Generated:
    """Builder and result of a generator.

    :raises TypeError: for anything but a generator, or if it does not make a tuple of two.
    """
    if not isinstance(generator, PlaybackGenerator):
        raise TypeError(f"expected a PlaybackGenerator, not {type(generator).__name__}")
    made = generator.generate()
    if not isinstance(made, tuple) or len(made) != 2:
        raise TypeError(f"{type(generator).__name__}.generate must return (builder, result)")
    return Generated(*made)


def _wait(builder: PlaybackProgramBuilder, ticks: hal.Timer.Value) -> None:
    """Reset the timer and wait, in ticks of 8 ns."""
    builder.write(halco.TimerOnDLS(), hal.Timer())
    builder.block_until(halco.TimerOnDLS(), ticks)


def _barrier(builder: PlaybackProgramBuilder, barrier: hal.Barrier) -> None:
    builder.block_until(halco.BarrierOnFPGA(), barrier)


def _write_all(
    builder: PlaybackProgramBuilder, coordinate: Any, configs: Any, backend: Backend | None = None
) -> None:
    for coord in halco.iter_all(coordinate):
        builder.write(coord, configs[coord], *([] if backend is None else [backend]))


class _ASICAdapterBoardInit:
    """Settings of a board: none."""


class ASICAdapterBoardInit(_ASICAdapterBoardInit, PlaybackGenerator):
    """Bring-up of a board that needs none; the boards' own classes say what theirs is."""

    def generate(self) -> Generated:
        """Nothing to do."""
        return Generated(PlaybackProgramBuilder(), None)


class _CubeASICAdapterBoardInit(ASICAdapterBoardInit):
    """Settings of a cube's board."""

    def __init__(self) -> None:
        self.shift_register = hal.ShiftRegister()
        self.dac_channel_block = DACChannelBlock(DACChannelBlock.default_ldo_2)
        self.dac_control_block = DACControlBlock()


class CubeASICAdapterBoardInit(_CubeASICAdapterBoardInit):
    """Supplies and references of a cube's board."""

    def generate(self) -> Generated:
        """Shift register, DAC channels, DAC control, and 1 ms for the supplies to settle."""
        builder = PlaybackProgramBuilder()
        builder.write(halco.ShiftRegisterOnBoard(), self.shift_register)
        builder.write(halco.DACChannelBlockOnBoard(), self.dac_channel_block)
        builder.write(halco.DACControlBlockOnBoard(), self.dac_control_block)
        _wait(builder, hal.xboard_dac_settling_duration)
        return Generated(builder, None)


class _JboaASICAdapterBoardInit(ASICAdapterBoardInit):
    """Settings of a jboa's board."""

    DigitalPotiConfigArray = _DigitalPotis

    def __init__(self) -> None:
        config = hal.AD5252ChannelConfig
        self.multiplexer = hal.TCA9546ChannelConfig(hal.TCA9546ChannelConfig.default_mux)
        self.DigitalPotiArray = _DigitalPotis()
        presets = (
            config.default_pot_25,
            config.default_pot_12_digital,
            config.default_pot_12,
            config.default_pot_12,
            config.default_pot_12,
            config.default_pot_25,
        )
        coords = halco.iter_all(halco.AD5252ChannelConfigOnBoard)
        for coord, preset in zip(coords, presets, strict=True):
            self.DigitalPotiArray[coord] = config(preset)
        self.io_expander = hal.TCA9554Config()


class JboaASICAdapterBoardInit(_JboaASICAdapterBoardInit):
    """Supplies of a jboa's board."""

    def generate(self) -> Generated:
        """Multiplexer, potentiometers, expander, 3 ms for power-up and 0.5 ms to settle."""
        builder = PlaybackProgramBuilder()
        builder.write(halco.TCA9546OnBoard(), self.multiplexer)
        _write_all(builder, halco.AD5252ChannelConfigOnBoard, self.DigitalPotiArray)
        builder.write(halco.TCA9554ConfigOnBoard(), self.io_expander)
        _barrier(builder, hal.Barrier.omnibus)
        _wait(builder, hal.jboa_powerup_settling_duration)
        _wait(builder, hal.jboa_dac_settling_duration)
        return Generated(builder, None)


class _HighspeedLink:
    """Settings of the link between FPGA and chip."""

    phy_configs_fpga_type = _PhyConfigsFPGA
    phy_configs_chip_type = _PhyConfigsChip

    def __init__(self) -> None:
        self.phy_configs_fpga = _PhyConfigsFPGA()
        self.phy_configs_chip = _PhyConfigsChip()
        self.common_phy_config_fpga = hal.CommonPhyConfigFPGA()
        self.common_phy_config_chip = hal.CommonPhyConfigChip()
        self.systime_sync_base = hal.SystimeSyncBase()
        self.enable_systime = True


class _ChipInit:
    """Settings of a chip.

    :param hwdb_entry: setup with one FPGA; the timing of its synapse memory is taken from there.
    :raises RuntimeError: for a setup with more than one FPGA.
    """

    HighspeedLink = _HighspeedLink
    adplls_type = _Adplls

    def __init__(self, hwdb_entry: HwdbEntry) -> None:
        self.jtag_clock_scaler = hal.JTAGClockScaler()
        self.adplls = _Adplls()
        self.pll_clock_output_block = hal.PLLClockOutputBlock()
        self.highspeed_link = _HighspeedLink()
        self.enable_highspeed_link = True
        self.event_recording = hal.EventRecordingConfig()
        self.event_recording.enable_event_recording = True
        self.enable_capmem = True
        self.reference_generator_config = hal.ReferenceGeneratorConfig()
        self.memory_timing = MemoryTiming()
        _synram_timing(self.memory_timing, hwdb_entry)


def _wing(entry: HwdbEntry) -> HXCubeWingEntry | None:
    known = tuple(kind for row in PLATFORMS.values() for kind in row.entries)
    if not isinstance(entry, known):
        raise TypeError(
            f"expected a hardware database entry ({', '.join(kind.__name__ for kind in known)}), "
            f"not {type(entry).__name__}"
        )
    fpgas: dict[int, HXCubeFPGAEntry] = getattr(entry, "fpgas", {})
    if len(fpgas) > 1:
        raise GeneratorError(
            f"the hardware database entry has {len(fpgas)} FPGAs "
            f"({sorted(fpgas)}); a chip's bring-up needs the entry of one"
        )
    return next((fpga.wing for fpga in fpgas.values()), None)


def _synram_timing(memory_timing: MemoryTiming, entry: HwdbEntry) -> None:
    """Precharge and write timing of the synapse memory, as the database has it."""
    wing = _wing(entry)
    if wing is None:
        return
    precharge, write = wing.synram_timing_pcconf, wing.synram_timing_wconf
    if precharge is None or write is None:
        _log.warning(
            "the hardware database has no complete synapse memory timing of chip %d; "
            "defaults are used where it is missing",
            wing.handwritten_chip_serial,
        )
    for coord in halco.iter_all(halco.CommonSynramConfigOnDLS):
        config = memory_timing.synram[coord]
        if precharge is not None:
            west, east = precharge[int(coord)]
            config.pc_conf_west = hal.CommonSynramConfig.PCConf(west)
            config.pc_conf_east = hal.CommonSynramConfig.PCConf(east)
        if write is not None:
            west, east = write[int(coord)]
            config.w_conf_west = hal.CommonSynramConfig.WConf(west)
            config.w_conf_east = hal.CommonSynramConfig.WConf(east)


class ChipInit(_ChipInit, PlaybackGenerator):
    """Bring-up of a chip: reset, clocks, link, time, references, memories."""

    def generate(self) -> Generated:
        """The sequence of section 10 of the reference.

        :raises RuntimeError: if the CapMem is enabled without the link.
        """
        if self.enable_capmem and not self.enable_highspeed_link:
            raise GeneratorError(
                "ChipInit.enable_capmem needs the link: set enable_highspeed_link, "
                "or clear enable_capmem"
            )
        builder = PlaybackProgramBuilder()
        self._reset(builder)
        self._clocks(builder)
        if self.enable_highspeed_link:
            self._link(builder)
        builder.write(halco.EventRecordingConfigOnFPGA(), self.event_recording)
        if self.enable_capmem:
            self._references(builder)
        over_link = self.enable_highspeed_link
        backend = Backend.Omnibus if over_link else Backend.OmnibusChipOverJTAG
        builder.write(halco.MemoryTimingOnDLS(), self.memory_timing, backend)
        _barrier(builder, hal.Barrier.omnibus if over_link else hal.Barrier.jtag)
        return Generated(builder, None)

    def _reset(self, builder: PlaybackProgramBuilder) -> None:
        builder.write(halco.ResetChipOnDLS(), hal.ResetChip(True))
        _wait(builder, hal.chip_reset_high_duration)
        builder.write(halco.ResetChipOnDLS(), hal.ResetChip(False))
        _wait(builder, hal.chip_reset_low_duration)

    def _clocks(self, builder: PlaybackProgramBuilder) -> None:
        builder.write(halco.JTAGClockScalerOnDLS(), self.jtag_clock_scaler)
        builder.write(halco.ResetJTAGTapOnDLS(), hal.ResetJTAGTap())
        _write_all(builder, halco.ADPLLOnDLS, self.adplls, Backend.JTAGPLLRegister)
        builder.write(
            halco.PLLClockOutputBlockOnDLS(), self.pll_clock_output_block, Backend.JTAGPLLRegister
        )

    def _link(self, builder: PlaybackProgramBuilder) -> None:
        link = self.highspeed_link
        _write_all(builder, halco.PhyConfigFPGAOnDLS, link.phy_configs_fpga)
        _write_all(
            builder, halco.PhyConfigChipOnDLS, link.phy_configs_chip, Backend.JTAGPhyRegister
        )
        # Counted from the reset of the timer when the chip's reset ended.
        builder.block_until(halco.TimerOnDLS(), hal.pll_and_omnibus_settling_duration)
        builder.write(halco.CommonPhyConfigFPGAOnDLS(), link.common_phy_config_fpga)
        builder.write(
            halco.CommonPhyConfigChipOnDLS(),
            link.common_phy_config_chip,
            Backend.OmnibusChipOverJTAG,
        )
        if link.enable_systime:
            builder.write(halco.SystimeSyncBaseOnDLS(), link.systime_sync_base, Backend.Omnibus)
            _barrier(builder, hal.Barrier.omnibus)
            builder.write(halco.SystimeSyncOnFPGA(), hal.SystimeSync(True))
            _barrier(builder, hal.Barrier.systime)

    def _references(self, builder: PlaybackProgramBuilder) -> None:
        coord = halco.ReferenceGeneratorConfigOnDLS()
        config = hal.ReferenceGeneratorConfig(self.reference_generator_config)
        config.enable_reset = True
        builder.write(coord, config)
        _barrier(builder, hal.Barrier.omnibus)
        _wait(builder, hal.reference_generator_reset_duration)
        config.enable_reset = False
        builder.write(coord, config)


@dataclass(frozen=True, slots=True)
class Platform:
    """What chips sit on: the entries that stand for it, and the bring-up of its boards."""

    entries: tuple[type, ...]
    board: type[ASICAdapterBoardInit]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of the chip, and its bring-up."""

    chip: type[ChipInit]


PLATFORMS = {
    "hxcube": Platform(
        (HXCubeSetupEntry, SimulationEntry, ZeroMockEntry), CubeASICAdapterBoardInit
    ),
    "jboa": Platform((JboaSetupEntry,), JboaASICAdapterBoardInit),
}
"""All platforms, by name. Each goes with each revision: a system is a row of either table."""
REVISIONS = {3: Revision(ChipInit)}
"""All revisions, by their number in the hardware database [M133]."""
_NEWEST = max(REVISIONS)


def system_of(entry: HwdbEntry) -> tuple[Platform, Revision]:
    """Platform and revision of an entry; of the newest revision, if it does not say.

    :raises TypeError: for what is no entry.
    :raises RuntimeError: for a setup with more than one FPGA.
    """
    wing = _wing(entry)
    number = _NEWEST if wing is None else wing.chip_revision
    if number not in REVISIONS:
        _log.warning(
            "chip_revision: %d is not one of %s; taken for %d", number, sorted(REVISIONS), _NEWEST
        )
    platform = next(row for row in PLATFORMS.values() if isinstance(entry, row.entries))
    return platform, REVISIONS.get(number, REVISIONS[_NEWEST])


class _SystemInit:
    """Settings of a system: FPGA, board and chip.

    :param hwdb_entry: entry of the hardware database, which chooses the board.
    """

    asic_adapter_board: ASICAdapterBoardInit

    def __init__(self, hwdb_entry: "HwdbEntry | _SystemInit") -> None:
        if isinstance(hwdb_entry, _SystemInit):
            vars(self).update(vars(hwdb_entry))
            return
        self.instruction_timeout = hal.InstructionTimeoutConfig()
        self.enable_asic_adapter_board = True
        platform, revision = system_of(hwdb_entry)
        self.asic_adapter_board = platform.board()
        self.enable_chip = True
        self.chip = revision.chip(hwdb_entry)


class SystemInit(_SystemInit, PlaybackGenerator):
    """Bring-up of everything: instruction timeout, board, chip."""

    def generate(self) -> Generated:
        """The sequences of the enabled parts, one after another."""
        builder = PlaybackProgramBuilder()
        builder.write(halco.InstructionTimeoutConfigOnFPGA(), self.instruction_timeout)
        if self.enable_asic_adapter_board:
            board, _ = generate(self.asic_adapter_board)
            builder.merge_back(board)
        if self.enable_chip:
            chip, _ = generate(self.chip)
            builder.merge_back(chip)
        return Generated(builder, None)


class DigitalInit(SystemInit):
    """Bring-up of the digital part only: as `SystemInit`, without the analog references."""

    def __init__(self, hwdb_entry: "HwdbEntry | _SystemInit") -> None:
        super().__init__(hwdb_entry)
        self.chip.enable_capmem = False


ExperimentInit = SystemInit
"""Name of an earlier generation of the original stack."""
