# SPDX-License-Identifier: Apache-2.0
"""Generators: settings, Python subclasses, the hardware database, what is refused.

The stock sequences themselves are checked word by word against recorded ones in `test_golden`.
"""

import copy
import logging
import pickle
from dataclasses import dataclass
from typing import Any

import pytest

from hal import halco, hxcomm, stadls
from hal import haldls as hal
from hal.hwdb import HXCubeFPGAEntry, HXCubeSetupEntry, HXCubeWingEntry, JboaSetupEntry
from hal.hxcomm.connection import Connection, setup_device
from hal.hxcomm.messages import TO_FPGA
from hal.hxcomm.target import open_target
from hal.lola import DACChannelBlock, DACControlBlock, MemoryTiming
from hal.stadls import (
    ChipInit,
    CubeASICAdapterBoardInit,
    DigitalInit,
    JboaASICAdapterBoardInit,
    PlaybackGenerator,
    PlaybackProgramBuilder,
    SystemInit,
    generate,
    generators,
)
from hal.stadls.errors import GeneratorError

ENTRY = hxcomm.ZeroMockEntry()


def count(generator: PlaybackGenerator, name: str) -> int:
    """Number of instructions of a kind."""
    words = generate(generator)[0].done().words.tolist()
    return sum(word >> 56 == TO_FPGA[name].id for word in words)


def test_board_follows_the_entry() -> None:
    for entry, board in [
        (ENTRY, CubeASICAdapterBoardInit),
        (hxcomm.SimulationEntry(), CubeASICAdapterBoardInit),
        (HXCubeSetupEntry(), CubeASICAdapterBoardInit),
        (JboaSetupEntry(), JboaASICAdapterBoardInit),
    ]:
        assert type(SystemInit(entry).asic_adapter_board) is board


@dataclass
class OwnEntry:
    """An entry of a third kind of setup."""

    fpgas: dict[int, HXCubeFPGAEntry]


class OwnBoard(stadls.ASICAdapterBoardInit):
    """A board with one register."""

    def generate(self) -> Any:
        builder = PlaybackProgramBuilder()
        builder.write(halco.ShiftRegisterOnBoard(), hal.ShiftRegister())
        return builder, None


class OwnChip(ChipInit):
    """A chip whose link is not used."""

    def __init__(self, hwdb_entry: Any) -> None:
        super().__init__(hwdb_entry)
        self.enable_highspeed_link = self.enable_capmem = False


@pytest.mark.parametrize("kind", [HXCubeSetupEntry, JboaSetupEntry, OwnEntry])
@pytest.mark.parametrize("revision", [3, 99])
def test_platforms_and_revisions_combine(
    kind: Any, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row in either table makes every system with it: M + N descriptions for M x N systems."""
    monkeypatch.setitem(generators.PLATFORMS, "own", generators.Platform((OwnEntry,), OwnBoard))
    monkeypatch.setitem(generators.REVISIONS, 99, generators.Revision(OwnChip))
    entry = kind(fpgas={0: HXCubeFPGAEntry(wing=HXCubeWingEntry(7, revision, *TIMINGS))})
    board = {HXCubeSetupEntry: CubeASICAdapterBoardInit, JboaSetupEntry: JboaASICAdapterBoardInit}
    chip = {3: ChipInit, 99: OwnChip}[revision](entry)
    expected = PlaybackProgramBuilder()
    expected.write(halco.InstructionTimeoutConfigOnFPGA(), hal.InstructionTimeoutConfig())
    for part in (board.get(kind, OwnBoard)(), chip):
        expected.merge_back(generate(part)[0])
    assert generate(SystemInit(entry))[0].done() == expected.done()


TIMINGS = (None, [[8, 8], [8, 8]], [[3, 3], [3, 3]])


def test_unknown_revision_is_told(caplog: pytest.LogCaptureFixture) -> None:
    entry = HXCubeSetupEntry(fpgas={0: HXCubeFPGAEntry(wing=HXCubeWingEntry(7, 2, *TIMINGS))})
    with caplog.at_level(logging.WARNING, "hxcosim"):
        assert type(SystemInit(entry).chip) is ChipInit
    assert "chip_revision: 2 is not one of [3]; taken for 3" in caplog.text


def test_second_platform_on_the_emulator() -> None:
    """A jboa setup comes up, and its board keeps what the bring-up has written."""
    entry = JboaSetupEntry(
        jboa_id=1, fpgas={34: HXCubeFPGAEntry(wing=HXCubeWingEntry(77, 3, *TIMINGS))}
    )
    target = open_target("emu")
    connection = Connection([setup_device(target, "emu", entry)])
    assert connection.devices[0].identifier == "jboa1fpga34chip77_1"
    init = SystemInit(entry)
    builder, _ = generate(init)
    potis = halco.iter_all(halco.AD5252ChannelConfigOnBoard)
    tickets = {coord: builder.read(coord) for coord in potis}
    identity = builder.read(halco.JTAGIdCodeOnDLS())
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.jtag)
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    program = builder.done()
    stadls.run(connection, program)
    board = init.asic_adapter_board
    assert isinstance(board, JboaASICAdapterBoardInit)
    for coord, ticket in tickets.items():
        assert ticket.get() == board.DigitalPotiArray[coord]
    assert int(identity.get().version) == 3
    assert len(program.highspeed_link_notifications) == halco.PhyConfigFPGAOnDLS.size
    assert target.diagnostics == []


def test_settings_take_effect() -> None:
    init = SystemInit(ENTRY)
    assert count(init, "SystimeInit") == 1 and count(init, "Reset") == 2
    init.chip.highspeed_link.enable_systime = False
    assert count(init, "SystimeInit") == 0
    init.enable_asic_adapter_board = False
    init.enable_chip = False
    builder, result = generate(init)
    assert result is None and builder.size_to_fpga() == 2
    assert SystemInit(init).chip is init.chip
    assert (
        generate(DigitalInit(ENTRY))[0].size_to_fpga()
        < generate(SystemInit(ENTRY))[0].size_to_fpga()
    )


def test_array_settings_are_references() -> None:
    init = ChipInit(ENTRY)
    before = generate(init)[0].done()
    init.adplls[halco.ADPLLOnDLS(1)].enable = not init.adplls[halco.ADPLLOnDLS(1)].enable
    assert generate(init)[0].done() != before


def test_python_generator() -> None:
    class Mine(PlaybackGenerator):
        def generate(self) -> tuple[PlaybackProgramBuilder, str]:
            builder = PlaybackProgramBuilder()
            builder.write(halco.TimerOnDLS(), hal.Timer())
            return builder, "result"

    builder, result = generate(Mine())
    assert (builder.size_to_fpga(), result) == (1, "result")


def entry(**wing: object) -> HXCubeSetupEntry:
    chip = HXCubeWingEntry(12, 3, **wing)  # type: ignore[arg-type] # as given by the tests
    return HXCubeSetupEntry(fpgas={0: HXCubeFPGAEntry(wing=chip)})


def test_synram_timing_comes_from_the_database(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hxcosim"):
        init = ChipInit(
            entry(synram_timing_pcconf=[[1, 2], [3, 4]], synram_timing_wconf=[[5, 6], [7, 8]])
        )
        assert caplog.text == ""
        numbers = [
            [
                int(config.pc_conf_west),
                int(config.pc_conf_east),
                int(config.w_conf_west),
                int(config.w_conf_east),
            ]
            for config in init.memory_timing.synram
        ]
        assert numbers == [[1, 2, 5, 6], [3, 4, 7, 8]]
        init = ChipInit(entry(synram_timing_pcconf=[[1, 2], [3, 4]]))
    assert "no complete synapse memory timing of chip 12" in caplog.text
    default = hal.CommonSynramConfig()
    first = init.memory_timing.synram[halco.CommonSynramConfigOnDLS(0)]
    assert int(first.pc_conf_east) == 2 and first.w_conf_west == default.w_conf_west


def test_bad() -> None:
    init = ChipInit(ENTRY)
    init.enable_highspeed_link = False
    with pytest.raises(GeneratorError, match=r"ChipInit\.enable_capmem needs the link"):
        generate(init)
    two = HXCubeSetupEntry(fpgas={0: HXCubeFPGAEntry(), 3: HXCubeFPGAEntry()})
    with pytest.raises(GeneratorError, match=r"has 2 FPGAs \(\[0, 3\]\); .* the entry of one"):
        ChipInit(two)
    with pytest.raises(TypeError, match=r"expected a hardware database entry \(.*\), not int"):
        ChipInit(3)  # type: ignore[arg-type] # no entry
    with pytest.raises(TypeError, match="expected a PlaybackGenerator, not int"):
        generate(3)  # type: ignore[arg-type] # no generator
    with pytest.raises(GeneratorError, match=r"PlaybackGenerator\.generate is not defined"):
        generate(PlaybackGenerator())

    class Wrong(PlaybackGenerator):
        def generate(self) -> tuple[PlaybackProgramBuilder, str]:
            return 3  # type: ignore[return-value] # what is tested

    with pytest.raises(TypeError, match=r"Wrong\.generate must return \(builder, result\)"):
        generate(Wrong())


def test_runs_on_the_mock() -> None:
    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        builder, _ = generate(SystemInit(connection.get_hwdb_entry()[0]))
        stadls.run(connection, builder.done())


# -- the composed containers that bring-up uses ---------------------------------------------------


def test_composed_values() -> None:
    for cls in (DACChannelBlock, DACControlBlock, MemoryTiming):
        config = cls()
        assert config == cls() == copy.copy(config) == pickle.loads(pickle.dumps(config))
    timing = MemoryTiming()
    timing.neuron[halco.NeuronSRAMTimingConfigOnDLS(2)].read_delay = 7
    assert timing != MemoryTiming()
    builder = PlaybackProgramBuilder()
    ticket = builder.read(halco.MemoryTimingOnDLS())
    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        stadls.run(connection, builder.done())
    assert all(int(config.read_delay) == 0 for config in ticket.get().neuron)
    access = timing.write_access(halco.MemoryTimingOnDLS())
    again = MemoryTiming.decode(halco.MemoryTimingOnDLS(), None, access.words)
    assert again == timing


def test_voltages() -> None:
    block, channel = DACChannelBlock(), halco.DACChannelOnBoard
    block.set_voltage(channel.v_reset, 0.6)
    block.set_voltage(channel.mux_dac_25, 1.25)
    assert [int(block.value[c]) for c in (channel.v_reset, channel.mux_dac_25)] == [2047, 2047]
    assert abs(block.get_voltage(channel.mux_dac_25) - 1.25) < 2.5 / 4095
    with pytest.raises(ValueError, match="has no voltage of its own, as it sets a supply"):
        block.set_voltage(channel.vdd12_pll, 1.0)
    with pytest.raises(OverflowError, match=r"range overflow: 4436 > max\(4095\)"):
        block.set_voltage(channel.v_reset, 1.3)


def test_composed_bad() -> None:
    builder = PlaybackProgramBuilder()
    with pytest.raises(RuntimeError, match=r"DACChannelBlock at .* is write-only"):
        builder.read(halco.DACChannelBlockOnBoard())
    with pytest.raises(RuntimeError, match="DACControlBlock belongs to DACControlBlockOnBoard"):
        builder.write(halco.DACChannelBlockOnBoard(), DACControlBlock())
