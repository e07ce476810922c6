# SPDX-License-Identifier: Apache-2.0
"""Mistakes of users: each is refused where it is made, with place and allowed range, unsent.

A case is a name, the mistake, the type of its error, and two patterns that the message must hold:
where the mistake is, and what is allowed there.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyfisch_vx_v3 as fisch
import pyhwdb
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, lola, sta
from test_ppu_elf import elf

from cosim.target import LinkTarget
from hal.hxcomm import ManagedMultiTargetConnection
from hal.hxcomm.mock import MockTarget

Use = Callable[[], Any]
Case = tuple[str, Use, type[Exception], str, str]

COLUMN, ROW, SYNAPSE = halco.NeuronColumnOnDLS, halco.SynapseRowOnSynram, halco.SynapseOnSynapseRow
WORD, BYTE = halco.PPUMemoryWordOnPPU, halco.ExternalPPUMemoryByteOnFPGA
TIMER, BARRIER, CADC = halco.TimerOnDLS(), halco.BarrierOnFPGA(), halco.CADCConfigOnDLS()
LINE, CIRCUIT = halco.NeuronColumnOnLogicalNeuron, halco.AtomicNeuronOnLogicalNeuron
TOP = halco.NeuronRowOnLogicalNeuron(0)


def at(column: int) -> Any:
    return CIRCUIT(LINE(column), TOP)


def builder() -> Any:
    return sta.PlaybackProgramBuilder()


def recorder() -> Any:
    return sta.PlaybackProgramBuilderDumper()


def timed() -> Any:
    return sta.AbsoluteTimePlaybackProgramBuilder()


def reading() -> Any:
    """A builder with a read of the chip and nothing behind it."""
    made = builder()
    made.read(CADC)
    return made


def write(coord: Any, container: Any, *more: Any) -> Use:
    return lambda: builder().write(coord, container, *more)


def assign(thing: Any, name: str, value: Any) -> Use:
    return lambda: setattr(thing, name, value)


COORDINATES: list[Case] = [
    ("above", lambda: COLUMN(256), OverflowError, "NeuronColumnOnDLS", r"max\(255\).* 0\.\.255"),
    ("sum above", lambda: COLUMN(255) + 1, OverflowError, "NeuronColumnOnDLS", r"0\.\.255"),
    ("below", lambda: COLUMN(0) - 1, RuntimeError, "NeuronColumnOnDLS", r"min\(0\).* 0\.\.255"),
    ("negative", lambda: COLUMN(-1), TypeError, "NeuronColumnOnDLS: -1", r"0\.\.255"),
    ("float", lambda: COLUMN(1.0), TypeError, "NeuronColumnOnDLS", r"integer 0\.\.255"),
    ("text", lambda: COLUMN("1"), TypeError, "NeuronColumnOnDLS", r"integer 0\.\.255"),
    ("beyond the machine", lambda: COLUMN(1 << 70), OverflowError, "NeuronColumn", r"0\.\.255"),
    (
        "enum of a pair",
        lambda: halco.AtomicNeuronOnDLS(halco.common.Enum(512)),
        OverflowError,
        "EnumRanged_512_",
        r"0\.\.511",
    ),
    (
        "pair of two columns",
        lambda: halco.AtomicNeuronOnDLS(COLUMN(1), COLUMN(2)),
        TypeError,
        "AtomicNeuronOnDLS: .*NeuronColumnOnDLS",
        "NeuronRowOnDLS",
    ),
    (
        "unused pair",
        lambda: halco.CrossbarNodeOnDLS(halco.CrossbarOutputOnDLS(0), halco.CrossbarInputOnDLS(1)),
        RuntimeError,
        "CrossbarNodeOnDLS: .* x 0, y 1",
        r"76 in use among x 0\.\.11, y 0\.\.19",
    ),
    (
        "wrong block",
        lambda: halco.SynapseRowOnDLS(ROW(1), halco.PPUOnDLS(1)),
        TypeError,
        "SynapseRowOnDLS",
        r"0\.\.511.*SynapseRowOnSynram, SynramOnDLS",
    ),
    (
        "interval upside down",
        lambda: halco.PPUMemoryBlockOnPPU(WORD(3), WORD(1)),
        RuntimeError,
        "PPUMemoryBlockOnPPU",
        r"min\(3\) > max\(1\)",
    ),
    (
        "index beyond an interval",
        lambda: halco.PPUMemoryBlockOnPPU(WORD(1), WORD(3))[3],
        IndexError,
        "PPUMemoryBlockOnPPU.*3",
        r"0\.\.2",
    ),
    ("iteration", lambda: list(halco.iter_all(int)), TypeError, "iter_all.*int", "coordinate type"),
    (
        "address",
        lambda: halco.common.IPv4.from_string("192.168.0.256"),
        RuntimeError,
        r"IPv4: '192\.168\.0\.256'",
        "like 192",
    ),
    ("bytes of an address", lambda: halco.common.IPv4([1, 2, 3, 256]), TypeError, "IPv4", "0..255"),
    (
        "neuron off the chip",
        lambda: halco.LogicalNeuronOnDLS(
            halco.LogicalNeuronCompartments({halco.CompartmentOnLogicalNeuron(): [at(0), at(1)]}),
            halco.AtomicNeuronOnDLS(COLUMN(255), halco.NeuronRowOnDLS.top),
        ),
        RuntimeError,
        "placement of compartments outside of neuron grid",
        r"0\.\.255",
    ),
]

VALUES: list[Case] = [
    ("value below", lambda: hal.ADPLL.LoopDivN(0), RuntimeError, "ADPLL.LoopDivN", r"1\.\.31"),
    (
        "value above",
        lambda: hal.CapMemCell.Value(1023),
        OverflowError,
        "CapMemCell.Value",
        r"0\.\.1022",
    ),
    (
        "assigned above",
        assign(hal.CADCConfig(), "reset_wait", 1 << 20),
        TypeError,
        "CADCConfig.reset_wait.*1048576",
        r"0\.\.255",
    ),
    (
        "assigned negative",
        assign(hal.MADCConfig(), "number_of_samples", -1),
        TypeError,
        "MADCConfig.number_of_samples.*-1",
        r"0\.\.65535",
    ),
    (
        "assigned float",
        assign(hal.CADCConfig(), "dead_time", 1.5),
        TypeError,
        "CADCConfig.dead_time.*float",
        r"0\.\.255",
    ),
    (
        "assigned other number",
        assign(hal.CADCConfig(), "dead_time", hal.CADCConfig.ResetWait(3)),
        TypeError,
        "CADCConfig.dead_time.*ResetWait",
        r"CADCConfig.DeadTime \(0\.\.255\)",
    ),
    (
        "assigned text",
        assign(hal.MADCConfig(), "enable_dummy_data", "yes"),
        TypeError,
        "MADCConfig.enable_dummy_data.*'yes'",
        "bool",
    ),
    (
        "enumeration",
        assign(hal.NeuronConfig(), "readout_source", 2),
        TypeError,
        "NeuronConfig.readout_source",
        "membrane",
    ),
    (
        "neither alternative",
        assign(hal.CapMemCell(), "value", 1023),
        TypeError,
        "CapMemCell.value.*1023",
        r"Value \(0\.\.1022\) or CapMemCell.DisableRefresh",
    ),
    (
        "composed member",
        assign(lola.AtomicNeuron().leak, "v_leak", 2000),
        TypeError,
        "v_leak.*2000",
        r"0\.\.1022",
    ),
    (
        "member of another class",
        assign(lola.Chip(), "neuron_block", lola.SynapseBlock()),
        TypeError,
        "Chip.neuron_block.*SynapseBlock",
        "NeuronBlock",
    ),
    (
        "unknown member",
        assign(hal.NeuronConfig(), "enable_leek", True),
        AttributeError,
        "NeuronConfig.*enable_leek",
        "no attribute",
    ),
    (
        "read-only member",
        assign(builder().read(CADC), "fpga_time", 3),
        AttributeError,
        "fpga_time.*ContainerTicket",
        "no setter",
    ),
    (
        "index of an array",
        lambda: hal.CrossbarOutputConfig().enable_event_counter[12],
        TypeError,
        "12",
        r"CrossbarOutputOnDLS \(0\.\.11\)",
    ),
    (
        "coordinate of another array",
        lambda: hal.CrossbarOutputConfig().enable_event_counter[halco.SynramOnDLS(1)],
        TypeError,
        "SynramOnDLS",
        r"CrossbarOutputOnDLS \(0\.\.11\)",
    ),
    (
        "indexed member",
        lambda: hal.ShiftRegister().set_enable_led(halco.SynramOnDLS(1), True),
        TypeError,
        "set_enable_led.*SynramOnDLS",
        r"LEDOnBoard \(0\.\.5\)",
    ),
    (
        "list for an array",
        assign(hal.CrossbarOutputConfig(), "enable_slow", [True] * 4),
        TypeError,
        r"CrossbarOutputConfig.enable_slow: .*\[True",
        "array_bool_CrossbarL2OutputOnDLS",
    ),
    (
        "weights above",
        lambda: lola.SynapseMatrix().weights.from_numpy(np.eye(256, dtype=int) * 64),
        OverflowError,
        r"64 > max\(63\) at \[0, 0\]",
        r"Value is 0\.\.63",
    ),
    (
        "weights of another shape",
        lambda: lola.SynapseRow().weights.from_numpy(np.zeros(255)),
        RuntimeError,
        r"\(255,\)",
        r"\(256,\)",
    ),
    (
        "weights of another kind",
        lambda: lola.SynapseRow().weights.from_numpy(np.array(["a"] * 256)),
        RuntimeError,
        "U1",
        "number",
    ),
    (
        "voltage above the reference",
        lambda: lola.DACChannelBlock().set_voltage(halco.DACChannelOnBoard.v_reset, 1.3),
        OverflowError,
        r"4436 > max\(4095\)",
        r"0\.\.4095",
    ),
    (
        "voltage of a supply",
        lambda: lola.DACChannelBlock().set_voltage(halco.DACChannelOnBoard.vdd12_pll, 1.0),
        ValueError,
        "DACChannelOnBoard",
        "channels with one: v_reset",
    ),
    (
        "block outside of a block",
        lambda: hal.PPUMemoryBlock(halco.PPUMemoryBlockSize(3)).get_subblock(2, 2),
        RuntimeError,
        "PPUMemoryBlock: words 2 to 3",
        "the 3 words",
    ),
    (
        "too long for a block",
        lambda: hal.PPUMemoryBlock(halco.PPUMemoryBlockSize(4097)),
        OverflowError,
        "PPUMemoryBlockSize",
        r"1\.\.4096",
    ),
    ("hash", lambda: hash(hal.NeuronConfig()), TypeError, "NeuronConfig", "unhashable"),
]

PROGRAMS: list[Case] = [
    (
        "coordinate of another container",
        write(CADC, hal.CapMemCell()),
        RuntimeError,
        "CADCConfigOnDLS",
        "CapMemCell belongs to CapMemCellOnDLS",
    ),
    (
        "coordinate of another composed container",
        write(halco.SynapseRowOnDLS(), lola.SynapseMatrix()),
        RuntimeError,
        "SynapseRowOnDLS",
        "SynapseMatrix belongs to SynramOnDLS",
    ),
    ("no coordinate", write(0, hal.CADCConfig()), RuntimeError, "int", "CADCConfigOnDLS"),
    ("no container", write(CADC, 3), TypeError, "write: .*int", "container"),
    (
        "class for a container",
        write(CADC, hal.CADCConfig),
        TypeError,
        "write: .*CADCConfig",
        "container",
    ),
    (
        "read-only",
        write(halco.SpikeCounterReadOnDLS(), hal.SpikeCounterRead()),
        RuntimeError,
        "SpikeCounterRead at SpikeCounterReadOnDLS",
        "read-only",
    ),
    (
        "write-only",
        lambda: builder().read(halco.BlockPostPulseOnDLS()),
        RuntimeError,
        "BlockPostPulse at BlockPostPulseOnDLS",
        "write-only",
    ),
    (
        "nothing to read",
        lambda: builder().read(halco.SynapseOnSynapseRow()),
        RuntimeError,
        "at a SynapseOnSynapseRow",
        "no container can be read",
    ),
    (
        "backend of another register",
        write(CADC, hal.CADCConfig(), hal.Backend.SPIShiftRegister),
        RuntimeError,
        r"CADCConfig at CADCConfigOnDLS\(0\).*SPIShiftRegister",
        "has Backend.Omnibus, Backend.OmnibusChipOverJTAG",
    ),
    (
        "FPGA register over JTAG",
        write(
            halco.EventRecordingConfigOnFPGA(),
            hal.EventRecordingConfig(),
            hal.Backend.OmnibusChipOverJTAG,
        ),
        RuntimeError,
        r"EventRecordingConfig at EventRecordingConfigOnFPGA\(0\).*OverJTAG",
        "has Backend.Omnibus$",
    ),
    (
        "chip over a timer",
        write(halco.ChipOnDLS(), lola.Chip(), hal.Backend.Timer),
        RuntimeError,
        r"Chip at ChipOnDLS\(0\).*Timer",
        "has Backend.Omnibus",
    ),
    (
        "read over a backend of another register",
        lambda: builder().read(TIMER, hal.Backend.Omnibus),
        RuntimeError,
        r"Timer at TimerOnDLS\(0\).*Omnibus",
        "has Backend.Timer",
    ),
    (
        "number for a backend",
        lambda: builder().read(CADC, 8),
        TypeError,
        "read: the backend.*int",
        "Backend",
    ),
    (
        "too many arguments",
        write(CADC, hal.CADCConfig(), hal.CADCConfig(), hal.Backend.Omnibus, 3),
        TypeError,
        r"unexpected: \[3\]",
        "reference and a backend",
    ),
    (
        "reference of another class",
        write(CADC, hal.CADCConfig(), hal.MADCConfig()),
        RuntimeError,
        r"CADCConfigOnDLS\(0\).*MADCConfig",
        "two of one class",
    ),
    (
        "reference of a class without differences",
        write(TIMER, hal.Timer(), hal.Timer()),
        RuntimeError,
        r"TimerOnDLS\(0\): Timer",
        "does not support differential",
    ),
    (
        "block of another length",
        write(
            halco.PPUMemoryBlockOnDLS(halco.PPUMemoryBlockOnPPU(WORD(0), WORD(7))),
            hal.PPUMemoryBlock(halco.PPUMemoryBlockSize(3)),
        ),
        RuntimeError,
        "PPUMemoryBlock.*3",
        "8",
    ),
    (
        "timer value for a barrier",
        lambda: builder().block_until(BARRIER, hal.Timer.Value(3)),
        RuntimeError,
        "BarrierOnFPGA",
        "TimerOnDLS",
    ),
    (
        "barrier at a timer",
        lambda: builder().block_until(TIMER, hal.Barrier.omnibus),
        RuntimeError,
        "TimerOnDLS",
        "BarrierOnFPGA",
    ),
    (
        "no condition",
        lambda: builder().block_until(TIMER, hal.Timer()),
        TypeError,
        "block_until: .*Timer",
        "condition",
    ),
    (
        "time above",
        lambda: builder().block_until(TIMER, hal.Timer.Value(1 << 32)),
        OverflowError,
        "Timer.Value",
        r"0\.\.4294967295",
    ),
    (
        "merge with itself",
        lambda: (lambda b: b.merge_back(b))(builder()),
        RuntimeError,
        "merge_back",
        "itself",
    ),
    (
        "copy of reads",
        lambda: builder().copy_back(reading()),
        RuntimeError,
        "copy_back: .*1 reads",
        "merge it",
    ),
    (
        "merge of a program",
        lambda: builder().merge_back(3),
        TypeError,
        "merge_back.*int",
        "builder",
    ),
    (
        "ticket before the run",
        lambda: builder().read(CADC).get(),
        RuntimeError,
        r"CADCConfig at CADCConfigOnDLS\(0\)",
        r"call done\(\)",
    ),
    (
        "time of a ticket before the run",
        lambda: builder().read(CADC).fpga_time,
        RuntimeError,
        r"CADCConfig at CADCConfigOnDLS\(0\)",
        r"call done\(\)",
    ),
    (
        "label above",
        lambda: builder().write_spikes([1, 2], [1, 65536]),
        OverflowError,
        r"labels\[1\] = 65536",
        r"\[0, 65535\]",
    ),
    (
        "times that go back",
        lambda: builder().write_spikes([5, 4], [1, 1]),
        RuntimeError,
        r"times\[1\] = 4",
        "earlier than the time before",
    ),
    (
        "labels missing",
        lambda: builder().write_spikes([5, 6], [1]),
        RuntimeError,
        "2 times",
        "1 labels",
    ),
    (
        "spikes of a pack",
        lambda: hal.SpikePack2ToChip([halco.SpikeLabel(1)]),
        TypeError,
        "SpikePack2ToChip.labels",
        "a list of 2 SpikeLabel",
    ),
    (
        "read of a recorder",
        lambda: recorder().read(CADC),
        RuntimeError,
        r"read at CADCConfigOnDLS\(0\)",
        "records writes and waits only",
    ),
    (
        "size of a recorder",
        lambda: recorder().size_to_fpga(),
        RuntimeError,
        "dumper",
        "no instructions",
    ),
    (
        "builder in a file",
        lambda: sta.PlaybackProgramBuilder().__reduce__(),
        RuntimeError,
        "PlaybackProgramBuilder",
        "Dumper instead",
    ),
    (
        "timer in absolute times",
        lambda: timed().write(hal.Timer.Value(1), TIMER, hal.Timer()),
        RuntimeError,
        r"write at TimerOnDLS\(0\)",
        "belongs to the builder",
    ),
    (
        "shift of reads",
        lambda: (lambda b: (b.read(hal.Timer.Value(1), CADC), b + hal.Timer.Value(1)))(timed()),
        RuntimeError,
        "builder with reads",
        "cannot be copied",
    ),
    (
        "values of a recording",
        assign(sta.DumperDone(), "values", [(CADC, hal.CADCConfig()), 3]),
        RuntimeError,
        r"values\[1\]",
        r"\(coordinate, container\)",
    ),
    (
        "word-level timer",
        lambda: fisch.PlaybackProgramBuilder().write(TIMER, fisch.Timer(3)),
        RuntimeError,
        "Timer: .*not 3",
        "only 0",
    ),
]

FILES: list[Case] = [
    (
        "no JSON",
        lambda: hal.from_json(hal.CADCConfig(), "{"),
        RuntimeError,
        "CADCConfig: .*line 1",
        "JSON",
    ),
    (
        "JSON of another class",
        lambda: hal.from_json(hal.CADCConfig(), hal.to_json(hal.CapMemCell())),
        RuntimeError,
        "CADCConfig: ",
        "lacks the member",
    ),
    (
        "JSON out of range",
        lambda: hal.from_json(hal.ADPLL(), hal.to_json(hal.ADPLL()).replace("0\n", "77777\n")),
        RuntimeError,
        r"ADPLL\.\w+",
        r"range \[",
    ),
    (
        "JSON number for a truth value",
        lambda: hal.from_json(
            hal.CADCConfig(), hal.to_json(hal.CADCConfig()).replace("false", "0", 1)
        ),
        RuntimeError,
        r"CADCConfig: member '.*m_\w+'",
        "truth value",
    ),
    (
        "binary too short",
        lambda: lola.from_portablebinary(lola.SynapseRow(), b"\x01abc"),
        RuntimeError,
        "4 bytes",
        "expected at least",
    ),
    (
        "binary of another kind",
        lambda: lola.from_portablebinary(lola.SynapseRow(), b"abc"),
        RuntimeError,
        "SynapseRow",
        "byte 1",
    ),
    (
        "text for binary",
        lambda: lola.from_portablebinary(lola.SynapseRow(), "abc"),
        TypeError,
        "str",
        "bytes",
    ),
    (
        "recording of an unknown container",
        lambda: sta.from_json(sta.DumperDone(), _recording().replace('CADCConfig"', 'Other"')),
        RuntimeError,
        "unknown container 'haldls::vx::Other'",
        "container",
    ),
    (
        "database",
        lambda: pyhwdb.database().load("/nonexistent/hwdb.yaml"),
        RuntimeError,
        "/nonexistent/hwdb.yaml",
        "hardware database",
    ),
    (
        "setup that is not there",
        lambda: pyhwdb.database().get_hxcube_setup_entry(4),
        IndexError,
        "hxcube_id 4",
        r"it has \[\]",
    ),
    (
        "identifier",
        lambda: pyhwdb.HXCubeSetupEntry.get_ids_from_unique_branch_identifier("hxcube6chip69"),
        RuntimeError,
        "'hxcube6chip69'",
        "hxcube<id>fpga<n>chip<serial>_<k>",
    ),
]


def _recording() -> str:
    made = recorder()
    made.write(CADC, hal.CADCConfig())
    text: str = sta.to_json(made.done())
    assert json.loads(text)
    return text


def morphology(*circuits: int) -> Any:
    """One compartment of these circuits."""
    made = lola.Morphology()
    made.create_compartment([at(column) for column in circuits])
    return made


def loop() -> Any:
    """A line joins the first circuit with the third over the somata, past their neighbour."""
    made = morphology(0, 1, 2)
    made.connect_soma_line(LINE(0), LINE(2), TOP)
    made.connect_to_soma(at(0))
    made.create_compartment([at(3)])
    made.connect_soma_line(LINE(2), LINE(3), TOP)
    made.connect_to_soma(at(3))
    return made


def two_connections() -> Any:
    made = morphology(0)
    made.connect_to_soma(at(0))
    made.connect_resistor_to_soma(at(0))


NEURONS: list[Case] = [
    ("gap", lambda: morphology(0, 2), RuntimeError, r"OnLogicalNeuron\(2\)", "contiguous"),
    (
        "empty",
        lambda: lola.Morphology().create_compartment([]),
        RuntimeError,
        "Compartment",
        "no neurons",
    ),
    (
        "circuit used twice",
        lambda: morphology(0, 1).create_compartment([at(1)]),
        RuntimeError,
        r"NeuronColumnOnLogicalNeuron\(1\)",
        "part of a compartment",
    ),
    ("direct and resistor", two_connections, RuntimeError, "Neuron.*0", "directly and over its"),
    (
        "line backwards",
        lambda: lola.Morphology().connect_soma_line(LINE(3), LINE(2), TOP),
        RuntimeError,
        "column 3 to 2",
        "line",
    ),
    (
        "loop",
        lambda: loop().done(),
        RuntimeError,
        r"NeuronColumnOnLogicalNeuron\(3\)",
        "without a resistor",
    ),
    (
        "dangling line",
        lambda: (lambda m: (m.connect_soma_line(LINE(0), LINE(3), TOP), m.done()))(morphology(0)),
        RuntimeError,
        r"NeuronColumnOnLogicalNeuron\(1\)",
        "not contiguous",
    ),
    (
        "circuit outside of a neuron",
        lambda: morphology(0).done()[1][halco.CompartmentOnLogicalNeuron(0), 1],
        IndexError,
        r"circuit 1.*CompartmentOnLogicalNeuron\(0\)",
        "which has 1",
    ),
]

RUNS: list[Case] = [
    ("no entry", lambda: sta.SystemInit(), TypeError, "hwdb_entry", "missing"),
    ("wrong entry", lambda: sta.SystemInit(3), TypeError, "int", "HXCubeSetupEntry"),
    (
        "own handle",
        lambda: hxcomm.ConnectionHandle(),
        TypeError,
        "ConnectionHandle",
        "managed connection",
    ),
    ("no connection", lambda: sta.run(3, sta.PlaybackProgram()), TypeError, "int", "connection"),
]


def link_off() -> Any:
    init = sta.SystemInit(hxcomm.ZeroMockEntry())
    init.chip.enable_highspeed_link = False
    return sta.generate(init)


RUNS.append(("CapMem without link", link_off, RuntimeError, "capmem", "link"))

CASES = COORDINATES + VALUES + PROGRAMS + FILES + NEURONS + RUNS


@pytest.fixture(autouse=True)
def unsent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What any target was sent."""
    sent: list[Any] = []
    for target in (MockTarget, LinkTarget):
        monkeypatch.setattr(target, "send", lambda self, words: sent.append(words))
    return sent


def refused(use: Use, error: type[Exception], *patterns: str) -> None:
    with pytest.raises(error) as caught:
        use()
    for pattern in patterns:
        assert re.search(pattern, str(caught.value), re.S), (pattern, str(caught.value))


def test_number_of_cases() -> None:
    assert len({case[0] for case in CASES}) == len(CASES) == 103


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].replace(" ", "-"))
def test_wrong_use_bad(case: Case, unsent: list[Any]) -> None:
    _, use, error, place, allowed = case
    refused(use, error, place, allowed)
    assert not unsent


@pytest.mark.parametrize(
    ("make", "place", "allowed"),
    [
        (lambda: [reading().done()], "chip 0 .* 0: OmnibusAddress.*0x2401000", "block_until"),
        (lambda: [jtag().done()], "chip 0 .*JtagData.*first of 1 reads", r"or \.jtag"),
        (lambda: [early().done()], "4: OmnibusAddress.*first of 2 reads", "Barrier.omnibus"),
        (lambda: [sta.PlaybackProgram()] * 2, "2 programs", "with 1 chips"),
        (lambda: [], "0 programs", "one per chip"),
    ],
    ids=["missing-barrier", "missing-jtag-barrier", "early-barrier", "two", "none"],
)
def test_run_bad(make: Use, place: str, allowed: str, unsent: list[Any]) -> None:
    with ManagedMultiTargetConnection(["emu"]) as connection:
        refused(lambda: sta.run(connection, make()), RuntimeError, place, allowed)
        assert not unsent
        ended = reading()
        ended.block_until(BARRIER, hal.Barrier.omnibus)
        registers = builder()
        registers.read(halco.FPGADeviceDNAOnFPGA())
        for program in (ended.done(), registers.done()):
            with pytest.raises(RuntimeError, match=r"no halt|1 programs|halts"):
                sta.run(connection, program)  # gets past the checks, to the send of this test
    assert len(unsent) == 2


def jtag() -> Any:
    made = builder()
    made.read(halco.JTAGIdCodeOnDLS())
    return made


def early() -> Any:
    """Two reads behind the barrier that ought to be behind them."""
    made = reading()
    made.block_until(BARRIER, hal.Barrier.omnibus)
    for _ in range(2):
        made.write(CADC, hal.CADCConfig())
        made.read(CADC)
    return made


def test_closed_connection_bad(unsent: list[Any]) -> None:
    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        pass
    refused(lambda: sta.run(connection, sta.PlaybackProgram()), RuntimeError, "closed", "manager")
    assert not unsent


def test_stack_of_the_connection_bad(unsent: list[Any]) -> None:
    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        entry = sta.ReinitStackEntry(connection)
        program = reading().done()
        refused(lambda: entry.set(program), RuntimeError, "request 0", "contains reads")
        program = jtag().done()
        refused(
            lambda: entry.set(sta.PlaybackProgram(), program), RuntimeError, "snapshot 0", "Omnibus"
        )
        refused(entry.pop, RuntimeError, "this re-init entry", "not on the stack")
    assert not unsent


@pytest.mark.parametrize(
    ("data", "place", "allowed"),
    [
        (b"#!/bin/sh", "program.bin", "not an ELF file"),
        (elf([(".text", 0, b"1234")], machine=62), "program.bin", "PowerPC"),
        (elf([(".text", 0, b"1234")])[:60], "program.bin", "ends within"),
        (elf([(".text", 0x4000, b"1234")]), "section .text", "of the 16384 bytes"),
        (elf([("ext.data", 0x100, b"1234")]), "section ext.data", "external memory"),
    ],
    ids=["script", "machine", "cut", "too-long", "no-memory"],
)
def test_elf_bad(data: bytes, place: str, allowed: str, tmp_path: Path, unsent: list[Any]) -> None:
    path = tmp_path / "program.bin"
    path.write_bytes(data)
    refused(lambda: lola.PPUElfFile(str(path)).read_program(), RuntimeError, place, allowed)
    assert not unsent


def test_missing_elf_bad(unsent: list[Any]) -> None:
    refused(lambda: lola.PPUElfFile("/nonexistent"), RuntimeError, "/nonexistent", "No such file")
    assert not unsent
