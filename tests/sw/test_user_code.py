# SPDX-License-Identifier: Apache-2.0
"""What programs of users do, in their words, through the drop-in modules alone."""

import copy
import importlib
import inspect
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, lola, sta
from dlens_vx_v3.halco import iter_all

CONTAINERS = [(module, cls) for module in (hal, lola) for cls in module.containers]
IDS = [cls.__name__ for _, cls in CONTAINERS]
COLUMN = halco.NeuronColumnOnDLS


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("HXCOMM_ENABLE_ZERO_MOCK", "1")
    with hxcomm.ManagedConnection() as opened:
        yield opened


BINDINGS = """pyhalco_common pyhalco_hicann_dls_vx_v3 pyhaldls_vx_v3 pylola_vx_v3 pystadls_vx_v3
pyhxcomm_vx pyfisch_vx_v3 pyhwdb pylogging"""


@pytest.mark.parametrize("name", BINDINGS.split())
def test_binding_modules(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__variant__ == "pybind11"
    if "halco" in name:
        assert all(inspect.isclass(getattr(module, n)) for n in dir(module) if n[0].isupper())


def test_numbers_count_as_integers() -> None:
    three = COLUMN(3)
    assert (three + 1, three - 1, three * 2, three / 2, three % 2) == (4, 2, 6, 1, 1)
    assert type(three + 1) is COLUMN and +three == three and hex(three) == "0x3"
    assert np.arange(5)[three] == 3 and np.array([three, three + 1], dtype=int).tolist() == [3, 4]
    assert COLUMN(np.int64(3)) == three == COLUMN(halco.SynapseOnSynapseRow(3))
    assert three != 300 and three != halco.SynapseOnSynapseRow(3) and len({three, COLUMN(3)}) == 1
    assert (COLUMN.begin, COLUMN.end, COLUMN.lowest, COLUMN.is_interval) == (0, 256, 0, False)
    assert repr(three) == str(three) == "NeuronColumnOnDLS(3)"
    assert hal.CapMemCell.DisableRefresh().toEnum() == halco.common.Enum(1023)


@pytest.mark.parametrize(
    ("use", "error", "text"),
    [
        (lambda: COLUMN(256), OverflowError, r"range overflow: 256 > max\(255\)"),
        (lambda: COLUMN(255) + 1, OverflowError, r"range overflow: 256 > max\(255\)"),
        (lambda: COLUMN(-1), TypeError, "-1"),
        (lambda: COLUMN(1.0), TypeError, "float"),
        (lambda: COLUMN("1"), TypeError, "str"),
        (lambda: COLUMN(7) // 2, TypeError, "//"),
        (lambda: 1 + COLUMN(1), TypeError, "NeuronColumnOnDLS"),
        (lambda: hal.ADPLL.LoopFilterInt(0), RuntimeError, r"range underflow: 0 < min\(1\)"),
        (lambda: hal.CADCChannelConfig.Offset(-129), RuntimeError, "-129 < min"),
        (lambda: halco.CrossbarNodeOnDLS(halco.common.Enum(76)), OverflowError, "76"),
        (lambda: block(3, 1), RuntimeError, "PPUMemoryBlockOnPPU"),
        (lambda: block(1, 3)[3], IndexError, "3"),
        (lambda: hash(hal.NeuronConfig()), TypeError, "unhashable"),
        (lambda: setattr(hal.NeuronConfig(), "no_such", 1), AttributeError, "no_such"),
        (lambda: setattr(lola.Chip(), "no_such", 1), AttributeError, "no_such"),
        (lambda: setattr(hal.CapMemCell(), "value", 1023), TypeError, "1023"),
        (lambda: setattr(hal.CapMemCell(), "value", "1"), TypeError, "value"),
        (lambda: setattr(hal.MADCConfig(), "number_of_samples", -1), TypeError, "-1"),
        (lambda: setattr(hal.MADCConfig(), "number_of_samples", 1.5), TypeError, "float"),
        (lambda: setattr(hal.MADCConfig(), "enable_dummy_data", "x"), TypeError, "str"),
        (lambda: hal.CrossbarOutputConfig().enable_event_counter[12], TypeError, "12"),
        (
            lambda: setattr(hal.CrossbarOutputConfig(), "enable_slow", [True] * 4),
            TypeError,
            "enable_slow",
        ),
        (
            lambda: hal.ShiftRegister().set_enable_led(halco.SynramOnDLS(1), True),
            TypeError,
            "SynramOnDLS",
        ),
        (lambda: weights(np.full(256, 64)), OverflowError, r"range overflow: 64 > max\(63\)"),
        (lambda: weights(np.zeros(255)), RuntimeError, "255"),
        (lambda: weights(np.zeros((256, 1))), RuntimeError, "shape"),
        (lambda: weights(np.array(["a"] * 256)), RuntimeError, "U1"),
        (lambda: lola.PPUElfFile("/nonexistent"), RuntimeError, "nonexistent"),
        (lambda: sta.SystemInit(), TypeError, "hwdb_entry"),
        (lambda: hxcomm.ConnectionHandle(), TypeError, "ConnectionHandle"),
        (lambda: hxcomm.MultiZeroMockConnectionHandle(), TypeError, "ZeroMockConnectionHandle"),
        (lambda: pickle.dumps(sta.PlaybackProgramBuilder()), RuntimeError, "Builder"),
        (lambda: sta.to_json(sta.PlaybackProgramBuilder()), TypeError, "Builder"),
        (lambda: sta.from_json(sta.DumperDone(), "{"), RuntimeError, "JSON|line"),
        (lambda: sta.from_portablebinary(sta.DumperDone(), b"1"), RuntimeError, "byte"),
        (lambda: recorder().read(halco.CapMemCellOnDLS()), RuntimeError, "read"),
        (lambda: recorder().size_to_fpga(), RuntimeError, "no instructions"),
        (lambda: setattr(sta.DumperDone(), "values", [3]), RuntimeError, r"values\[0\]"),
        (
            lambda: lola.DACChannelBlock().set_voltage(halco.DACChannelOnBoard.vdd12_pll, 1.0),
            ValueError,
            "DACChannelOnBoard",
        ),
    ],
)
def test_mistakes_of_users_bad(use: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        use()


def block(first: int, last: int) -> Any:
    word = halco.PPUMemoryWordOnPPU
    return halco.PPUMemoryBlockOnPPU(word(first), word(last))


def weights(values: Any) -> None:
    lola.SynapseRow().weights.from_numpy(values)


def recorder() -> Any:
    return sta.PlaybackProgramBuilderDumper()


def test_pairs_and_intervals() -> None:
    neuron, row = halco.AtomicNeuronOnDLS, halco.NeuronRowOnDLS
    x, y = halco.common.X, halco.common.Y
    assert neuron(COLUMN(1), row.bottom) == neuron(row.bottom, COLUMN(1)) == neuron(x(1), y(1))
    assert neuron(y(1), x(1)).toEnum() == halco.EnumRanged_512_(257)
    assert (
        repr(neuron(x(1), y(1))) == "AtomicNeuronOnDLS(NeuronColumnOnDLS(1), NeuronRowOnDLS(1); "
        "Enum(257))"
    )
    local = halco.SynapseRowOnDLS(halco.SynapseRowOnSynram(3), halco.SynramOnDLS(1))
    assert repr(local) == "SynapseRowOnDLS(SynapseRowOnSynram(3), SynramOnDLS(1))"
    assert local.split() == (halco.SynramOnDLS(1), halco.SynapseRowOnSynram(3))
    assert isinstance(local, halco.SynapseRowOnSynram) and int(local) == 259
    words = block(1, 3)
    assert words.contains(words[2]) and words.length() == 3 and words.is_interval
    assert words == pickle.loads(pickle.dumps(words)) and words.toMax() == words[2]
    assert type(words)(block(0, 3).toEnum()) == block(0, 3)
    assert len(list(iter_all(halco.SynramOnDLS, halco.NeuronRowOnDLS))) == 4


@pytest.mark.parametrize(("module", "cls"), CONTAINERS, ids=IDS)
def test_containers_are_values(module: Any, cls: Any) -> None:
    one = cls()
    assert one == cls() == copy.copy(one) == copy.deepcopy(one) == cls(one) and one != 3
    assert pickle.loads(pickle.dumps(one)) == one and pickle.dumps(cls()) == pickle.dumps(one)
    stored = cls()
    module.from_portablebinary(stored, module.to_portablebinary(one))
    state = cls.__new__(cls)
    state.__setstate__(one.__getstate__())
    assert stored == state == one
    with pytest.raises(RuntimeError):
        module.from_portablebinary(stored, b"xx")
    if "Chip" in cls.__name__ or cls is lola.ExternalPPUMemoryBlock:
        return  # their text has 15 to 85 MB
    module.from_json(stored, module.to_json(one))
    assert stored == one and str(one) and repr(one)
    for name, member in inspect.getmembers(one):
        if name[0].islower() and callable(member) and not inspect.isclass(member):
            assert inspect.ismethod(member) or inspect.isbuiltin(member), name


def test_parameters_of_a_neuron_by_reflection() -> None:
    found = 0
    for name, part in inspect.getmembers(lola.AtomicNeuron()):
        if name[0].islower() and not inspect.ismethod(part) and not inspect.isbuiltin(part):
            for member, value in inspect.getmembers(part):
                if member[0].islower() and not callable(value) and name != "event_routing":
                    float(value)
                    found += 1
    assert found > 60


def test_arrays_write_through() -> None:
    config = hal.CrossbarOutputConfig()
    counters = config.enable_event_counter
    config.enable_event_counter[halco.CrossbarOutputOnDLS(3)] = True
    assert counters[3] is True and counters.to_numpy().tolist() == [i == 3 for i in range(12)]
    assert (counters.size, counters.max_size, counters.empty) == (12, 12, False)
    matrix = lola.SynapseMatrix()
    values = np.random.default_rng(4).integers(0, 64, (256, 256))
    matrix.weights.from_numpy(values)
    assert np.array_equal(matrix.weights.to_numpy(), values)
    matrix.weights[halco.SynapseRowOnSynram(1)][halco.SynapseOnSynapseRow(2)] = 5
    assert matrix.weights[1][2] == 5 and type(matrix.weights[1][2]) is lola.SynapseMatrix.Weight
    weights(np.full(256, 3.7))


def test_builders_grow_and_empty() -> None:
    first, second = sta.PlaybackProgramBuilder(), sta.PlaybackProgramBuilder()
    first.write(halco.TimerOnDLS(), hal.Timer())
    size = first.size_to_fpga()
    second.copy_back(first)
    second.merge_back(first)
    assert first.empty() and second.size_to_fpga() == 2 * size > 0 and second.is_write_only()
    program = second.done()
    assert second.empty() and program == program and str(program)
    ticket = second.read(halco.TimerOnDLS())
    assert not ticket.valid() and ticket.get_coordinate() == halco.TimerOnDLS()
    for mistake in (ticket.get, lambda: ticket.fpga_time):
        with pytest.raises(RuntimeError):
            mistake()
    for refused in (lambda: first.copy_back(second), lambda: second.merge_back(second)):
        with pytest.raises(RuntimeError):
            refused()


def test_absolute_times() -> None:
    builder = sta.AbsoluteTimePlaybackProgramBuilder()
    builder.write(hal.Timer.Value(10), halco.CapMemCellOnDLS(), hal.CapMemCell())
    builder += hal.Timer.Value(5)
    builder *= 2.0
    assert str(builder).startswith("30: write")
    ticket = builder.read(hal.Timer.Value(50), halco.CapMemCellOnDLS())
    for query in (ticket.valid, lambda: ticket.fpga_time):
        with pytest.raises(RuntimeError, match="not finished"):
            query()
    with pytest.raises(RuntimeError):
        _ = builder + hal.Timer.Value(1)
    assert isinstance(builder.done(), sta.PlaybackProgramBuilder) and not ticket.valid()


def test_recorded_programs() -> None:
    builder, coord = recorder(), halco.CapMemCellOnDLS()
    builder.write(coord, hal.CapMemCell(3))
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    builder.write(coord, hal.CapMemCell(4))
    done = pickle.loads(pickle.dumps(builder)).done()
    assert len(done) == 3 and done == builder.done() and builder.empty()
    for stored in (sta.DumperDone(), sta.DumperDone()):
        sta.from_json(stored, sta.to_json(done))
        sta.from_portablebinary(stored, sta.to_portablebinary(stored))
        assert stored == done
    assert sta.convert_to_dumper(done).done() == done
    assert not sta.convert_to_builder(done).empty()
    done.remove_block_until()
    done.squash()
    assert done.tolist() == [(coord, hal.CapMemCell(4))]
    assert sta.convert_to_chip(done, lola.Chip()) == sta.convert_to_chip(done)


def test_generators() -> None:
    class Own(sta.PlaybackGenerator):  # type: ignore[misc] # the module is resolved at run time
        def generate(self) -> Any:
            return sta.PlaybackProgramBuilder(), 42

    made = sta.generate(Own())
    assert isinstance(made, tuple) and made[1] == made.result == 42 and made.builder is made[0]
    boards = (
        sta.ASICAdapterBoardInit,
        sta.CubeASICAdapterBoardInit,
        sta.JboaASICAdapterBoardInit,
    )
    for board in boards:
        builder, result = sta.generate(board())
        assert result is None and builder.empty() == (board is sta.ASICAdapterBoardInit)
    init = sta.SystemInit(hxcomm.ZeroMockEntry())
    init.chip.highspeed_link.common_phy_config_fpga.set_enable_phy(
        halco.PhyConfigFPGAOnDLS(3), False
    )
    init.chip.highspeed_link.enable_systime = False
    init.chip.adplls[halco.ADPLLOnDLS(0)].enable = False
    assert sta.SystemInit(init).generate()[0].done() == init.generate()[0].done()
    init.chip.enable_highspeed_link = False
    with pytest.raises(RuntimeError, match="link"):
        sta.generate(init)


def test_run_on_the_zero_mock(connection: Any) -> None:
    assert connection.get_unique_identifier() == ["zeromock"]
    assert isinstance(connection.get_hwdb_entry()[0], hxcomm.ZeroMockEntry)
    builder, _ = sta.generate(sta.SystemInit(connection.get_hwdb_entry()[0]))
    before = connection.time_info[0]
    info = sta.run(connection, builder.done())
    assert info.connection[0] == connection.time_info[0] - before
    ticket = builder.read(halco.NeuronConfigOnDLS())
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    program = builder.done()
    sta.run(connection, [program])
    assert ticket.valid() and type(ticket.get()) is hal.NeuronConfig
    assert program.spikes.to_numpy().dtype.itemsize == 18
    assert program.madc_samples.to_numpy().dtype.itemsize == 19
    with pytest.raises(RuntimeError):
        sta.run(connection, [program, program])
    entry = sta.ReinitStackEntry(connection)
    entry.set(sta.PlaybackProgram(), enforce=True)
    entry.set([sta.PlaybackProgram()], [program], enforce=False)
    entry.pop()


def test_managers_open_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HXCOMM_ENABLE_ZERO_MOCK", "1")
    manager = hxcomm.ManagedConnection()
    manager.__enter__()
    manager.__exit__()
    with manager as handle:
        assert handle.time_info[0] == hxcomm.ConnectionTimeInfo()
    with pytest.raises(RuntimeError):
        sta.run(handle, sta.PlaybackProgram())
    with hxcomm.ManagedMultiZeroMockConnection([(10,), (10,)]) as handle:
        assert len(handle.time_info) == 2
