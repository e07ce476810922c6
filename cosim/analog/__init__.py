# SPDX-License-Identifier: Apache-2.0
"""The analog core of one chip: neurons, synapses, parameter storage and readout, in C.

`Core` is the Python side of `cosim/analog/core.h`.
Times are chip clocks of 4 ns since chip time 0, voltages volts.
Laws and constants: `docs/analog.md`.
"""

import ctypes
from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hal.errors import HxcosimError
from hal.native import load

__all__ = ["TICK", "AnalogError", "Core", "Isa", "Option", "Readout"]

TICK: Final = 4e-9
"""Length of a chip clock in seconds."""

CHUNK: Final = 65536


class AnalogError(HxcosimError, ValueError):
    """The core refused a call; its state is unchanged."""


class Isa(IntEnum):
    """Kernels of the array step; all give the same bits."""

    SCALAR = 0
    AVX2 = 1
    AVX512 = 2


class Option(IntEnum):
    """Settings outside of the registers: noise switch, pads and supplies."""

    NOISE = 0
    CAPMEM_TAU = 1
    PAD_EXC = 2
    PAD_INH = 3
    RES_MEAS = 4
    V_RESET = 5


class Readout(IntEnum):
    """What the readout amplifier of a neuron shows (NeuronConfig.readout_source)."""

    MEMBRANE = 0
    EXC = 1
    INH = 2
    ADAPT = 3


NEURON_FIELDS: Final = [
    "reset_degeneration",
    "reset_division",
    "reset_multiplication",
    "leak_degeneration",
    "leak_division",
    "leak_multiplication",
    "inh_coba",
    "exc_coba",
    "readout_amplifier",
    "readout_source",
    "readout",
    "invert_b",
    "invert_a",
    "adaptation",
    "exponential",
    "inh_small_capacitance",
    "exc_small_capacitance",
    "inh_high_resistance",
    "exc_high_resistance",
    "offset",
    "invert_offset",
    "capacitor",
    "fire",
    "comparator",
    "inh",
    "exc",
    "bypass_inh",
    "bypass_exc",
    "soma_right",
    "bottom",
    "conductance",
    "membrane_right",
    "soma",
    "multiply_conductance",
    "divide_conductance",
    "pause",
]
BACKEND_FIELDS: Final = [
    "refractory_time",
    "reset_holdoff",
    "fast_clock",
    "adaptation_pulse",
    "post_overwrite",
    "spike_out",
    "slave",
    "master",
    "fire_bottom",
    "fire_from_right",
    "fire_to_right",
]
CLOCK_FIELDS: Final = ["slow", "fast", "adaptation_pulse", "post_pulse"]
DRIVER_FIELDS: Final = [
    "receiver",
    "compare_mask",
    "address_out",
    "utilization",
    "offset",
    "hagen_dac",
    "recovery",
    "mode_bottom",
    "mode_top",
    "hagen_dac_offset",
    "target",
    "hagen_modulation",
    "stp",
    "enable_recovery",
]

_U, _T, _P = ctypes.c_uint, ctypes.c_int64, ctypes.c_void_p
_FUNCTIONS: Final[Mapping[str, tuple[Any, list[Any]]]] = {
    "create": (_P, [ctypes.c_uint64, ctypes.c_uint32]),
    "destroy": (None, [_P]),
    "error": (ctypes.c_char_p, [_P]),
    "set_isa": (ctypes.c_int, [_P, ctypes.c_int]),
    "get_isa": (ctypes.c_int, [_P]),
    "set_option": (ctypes.c_int, [_P, _T, ctypes.c_int, ctypes.c_double]),
    "snapshot_size": (ctypes.c_size_t, []),
    "save": (ctypes.c_int, [_P, _P, ctypes.c_size_t]),
    "restore": (ctypes.c_int, [_P, _P, ctypes.c_size_t]),
    "hash": (ctypes.c_uint64, [_P]),
    "capmem": (ctypes.c_int, [_P, _T, _U, _U, _U, _U]),
    "neuron": (ctypes.c_int, [_P, _T, _U, ctypes.c_char_p]),
    "backend": (ctypes.c_int, [_P, _T, _U, ctypes.c_char_p]),
    "clocks": (ctypes.c_int, [_P, _T, _U, ctypes.c_char_p]),
    "driver": (ctypes.c_int, [_P, _T, _U, _U, ctypes.c_char_p]),
    "stp": (ctypes.c_int, [_P, _T, _U, _U, _U]),
    "padi": (ctypes.c_int, [_P, _T, _U, _U, _U]),
    "synapse": (ctypes.c_int, [_P, _T, _U, _U, _U, _U, _U, _U, _U]),
    "column": (ctypes.c_int, [_P, _T, _U, _U, _U, _U, _U, _U]),
    "event": (ctypes.c_int, [_P, _T, _U, _U, _U, _U]),
    "events": (_T, [_P, _T, _P, _P]),
    "reset": (ctypes.c_int, [_P, _T, _U]),
    "force_reset": (ctypes.c_int, [_P, _T, _U, _U]),
    "run": (ctypes.c_int, [_P, _T]),
    "run_until_spike": (_T, [_P, _T]),
    "now": (_T, [_P]),
    "spikes": (_T, [_P, _P, _P, _T]),
    "write": (ctypes.c_int, [_P, _T, ctypes.c_uint32, ctypes.c_uint32]),
    "correlation": (ctypes.c_int, [_P, _T, _U, _U, _U, _U, _U, _U]),
    "correlation_reset": (ctypes.c_int, [_P, _T, _U, _U, _U]),
    "post_pulse": (ctypes.c_int, [_P, _T, _U, _U]),
    "cadc": (ctypes.c_int, [_P, _T, _U, _U, _U]),
    "cadc_channel": (ctypes.c_int, [_P, _T, _U, _U, ctypes.c_int]),
    "cadc_trigger": (ctypes.c_int, [_P, _T, _U, _U]),
    "cadc_result": (ctypes.c_int, [_P, _U, _P, _P]),
    "madc_mux": (ctypes.c_int, [_P, _T, _U, _U]),
    "madc": (ctypes.c_int, [_P, _T, _U, ctypes.POINTER(ctypes.c_uint16)]),
    "voltage": (ctypes.c_int, [_P, _T, _U, ctypes.c_int, ctypes.POINTER(ctypes.c_float)]),
}

READS: Final = {
    -2: "no such neuron, readout or MADC input",
    -3: "time lies before the open grid step; read earlier",
    -4: "time lies after the last call's; run first",
}
FUTURE: Final = -4
FULL: Final = -5


def _bind(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, f"hx_analog_{name}")
        function.restype, function.argtypes = result, arguments
    return library


@cache
def _library() -> ctypes.CDLL:
    return _bind(load("cosim.analog", "_core"))


def _pack(fields: list[str], defaults: Mapping[str, int], settings: Mapping[str, int]) -> bytes:
    unknown = settings.keys() - set(fields)
    if unknown:
        raise AnalogError(f"unknown setting {sorted(unknown)[0]!r}; known: {', '.join(fields)}")
    values = {**defaults, **settings}
    for name, value in values.items():
        if not 0 <= value <= 255:
            raise AnalogError(f"setting {name} = {value} is out of range [0, 255]")
    return bytes(int(values.get(name, 0)) for name in fields)


class Core:
    """One chip's analog core.

    :param seed: chip seed; fixed pattern and noise derive from it, 0 is the ideal chip.
    :param step: grid of the integration in chip clocks, 1..25.
        10 (40 ns) is accurate for every circuit, 25 (100 ns) for plain leaky integrators.
    :raises AnalogError: for a step out of range.
    """

    def __init__(
        self, seed: int = 0, *, step: int = 10, library: ctypes.CDLL | None = None
    ) -> None:
        self._c = _bind(library) if library is not None else _library()
        self._core: int | None = None
        if not 0 <= seed < 1 << 64:
            raise AnalogError(f"seed {seed} is out of range [0, 2**64 - 1]")
        if not 1 <= step <= 25:
            raise AnalogError(f"step {step} is out of range [1, 25] chip clocks")
        self._core = self._c.hx_analog_create(seed, step)
        if not self._core:
            raise MemoryError("analog core: out of memory")
        self._taken: list[tuple[NDArray[np.int64], NDArray[np.uint16]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Free the core's memory; the object is of no use afterwards."""
        if self._core:
            self._c.hx_analog_destroy(self._core)
            self._core = None

    def _call(self, name: str, *arguments: Any) -> None:
        function = getattr(self._c, f"hx_analog_{name}")
        status = function(self._core, *arguments)
        while status == FULL:
            self._take()
            status = function(self._core, *arguments)
        if status < 0:
            text = READS.get(status) if name in ("voltage", "madc") else None
            raise AnalogError(text or self._c.hx_analog_error(self._core).decode())

    def _take(self) -> None:
        times = np.empty(CHUNK, np.int64)
        neurons = np.empty(CHUNK, np.uint16)
        n = self._c.hx_analog_spikes(self._core, times.ctypes.data, neurons.ctypes.data, CHUNK)
        if n:
            self._taken.append((times[:n].copy(), neurons[:n].copy()))

    @property
    def now(self) -> int:
        """Time of the last call in chip clocks."""
        return int(self._c.hx_analog_now(self._core))

    @property
    def isa(self) -> Isa:
        """Kernel in use; settable, AnalogError if this processor cannot run it."""
        return Isa(self._c.hx_analog_get_isa(self._core))

    @isa.setter
    def isa(self, isa: Isa) -> None:
        self._call("set_isa", int(isa))

    def hash(self) -> int:
        """64-bit hash of the whole state."""
        return int(self._c.hx_analog_hash(self._core))

    def save(self) -> bytes:
        """The whole state."""
        buffer = ctypes.create_string_buffer(self._c.hx_analog_snapshot_size())
        self._call("save", buffer, len(buffer))
        return buffer.raw

    def restore(self, snapshot: bytes) -> None:
        """Go back to a saved state.

        :raises AnalogError: if the snapshot is damaged or of another version.
        """
        self._call("restore", snapshot, len(snapshot))

    def option(self, option: Option, value: float, *, time: int | None = None) -> None:
        """Set noise switch, settling time constant [s] or the voltage of a pad [V]."""
        self._call("set_option", self._at(time), int(option), value)

    def _at(self, time: int | None) -> int:
        return self.now if time is None else time

    def capmem(self, block: int, column: int, row: int, code: int, time: int | None = None) -> None:
        """Write a parameter cell: code 0..1022, 1023 leaves the cell without refresh."""
        self._call("capmem", self._at(time), block, column, row, code)

    def parameter(self, neuron: int, row: int, code: int, time: int | None = None) -> None:
        """Write the parameter cell in `row` of a neuron."""
        self.capmem(neuron // 128, neuron % 128, row, code, time)

    def neuron(self, neuron: int, *, time: int | None = None, **settings: int) -> None:
        """Set all switches of a neuron circuit; those not named are 0 (capacitor: 63)."""
        data = _pack(NEURON_FIELDS, {"capacitor": 63}, settings)
        self._call("neuron", self._at(time), neuron, data)

    def backend(self, neuron: int, *, time: int | None = None, **settings: int) -> None:
        """Set the digital back end of a neuron; not named: reset_holdoff 15, others 0."""
        data = _pack(BACKEND_FIELDS, {"reset_holdoff": 15}, settings)
        self._call("backend", self._at(time), neuron, data)

    def clocks(self, block: int, *, time: int | None = None, **settings: int) -> None:
        """Set the clock scales of a back end block (0: columns 0..127, 1: 128..255)."""
        self._call("clocks", self._at(time), block, _pack(CLOCK_FIELDS, {}, settings))

    def driver(
        self, hemisphere: int, driver: int, *, time: int | None = None, **settings: int
    ) -> None:
        """Set a synapse driver; not named: compare_mask 31, address_out 1, others 0."""
        data = _pack(DRIVER_FIELDS, {"compare_mask": 31, "address_out": 1}, settings)
        self._call("driver", self._at(time), hemisphere, driver, data)

    def stp(self, hemisphere: int, *, clock: bool, speed: int, time: int | None = None) -> None:
        """Set the recovery clock of the drivers of a hemisphere."""
        self._call("stp", self._at(time), hemisphere, int(clock), speed)

    def padi(self, hemisphere: int, bus: int, extension: int, time: int | None = None) -> None:
        """Set the pulse extension of a PADI bus in steps of 4 ns."""
        self._call("padi", self._at(time), hemisphere, bus, extension)

    def synapse(
        self,
        hemisphere: int,
        row: int,
        column: int,
        weight: int,
        label: int = 0,
        *,
        time_calib: int = 0,
        amp_calib: int = 0,
        time: int | None = None,
    ) -> None:
        """Write one synapse."""
        self._call(
            "synapse", self._at(time), hemisphere, row, column, weight, label, time_calib, amp_calib
        )

    def column(
        self,
        hemisphere: int,
        column: int,
        *,
        exc: bool = True,
        inh: bool = True,
        debug_exc: bool = False,
        debug_inh: bool = False,
        time: int | None = None,
    ) -> None:
        """Set the current switches of a synapse column."""
        switches = (int(exc), int(inh), int(debug_exc), int(debug_inh))
        self._call("column", self._at(time), hemisphere, column, *switches)

    def event(self, time: int, hemisphere: int, bus: int, row_select: int, address: int) -> None:
        """An event on a PADI bus: row select 0..31, address 0..63."""
        self._call("event", time, hemisphere, bus, row_select, address)

    def events(
        self,
        times: ArrayLike,
        hemispheres: ArrayLike,
        buses: ArrayLike,
        row_selects: ArrayLike,
        addresses: ArrayLike,
    ) -> None:
        """Events in the order of their times; all arrays of one length or single numbers."""
        times, *columns = np.broadcast_arrays(times, hemispheres, buses, row_selects, addresses)
        for column, limit in zip(columns, (2, 4, 32, 64), strict=True):
            if len(column) and not 0 <= column.min() <= column.max() < limit:
                raise AnalogError(f"event field is out of range [0, {limit - 1}]")
        at = np.ascontiguousarray(times, np.int64)
        h, bus, row, address = columns
        keys = np.ascontiguousarray(h << 13 | bus << 11 | row << 6 | address, np.uint16)
        done = 0
        while done < len(at):
            status = self._c.hx_analog_events(
                self._core, len(at) - done, at[done:].ctypes.data, keys[done:].ctypes.data
            )
            if status < 0:
                raise AnalogError(self._c.hx_analog_error(self._core).decode())
            self._take()
            done += status

    def reset(self, neuron: int, *, time: int | None = None) -> None:
        """Artificial reset of a neuron whose fire output is enabled."""
        self._call("reset", self._at(time), neuron)

    def force_reset(self, block: int, on: bool, *, time: int | None = None) -> None:
        """Hold the neurons of a back end block, 0 west or 1 east, in reset, or release them."""
        self._call("force_reset", self._at(time), block, int(on))

    def run(self, time: int) -> None:
        """Advance to `time`; spikes before the last grid point are known afterwards."""
        if self._c.hx_analog_run(self._core, time):
            self._call("run", time)

    def run_until_spike(self, time: int) -> int:
        """Advance to the end of the grid step with the next spike, at most to `time`.

        :returns: the time reached.
        """
        self._call("run_until_spike", time)
        return self.now

    def spikes(self) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """Times and neurons of the spikes since the last call, ordered by time and neuron."""
        self._take()
        taken, self._taken = self._taken, []
        if not taken:
            return np.empty(0, np.int64), np.empty(0, np.uint16)
        return np.concatenate([t for t, _ in taken]), np.concatenate([n for _, n in taken])

    def voltage(
        self, neuron: int, readout: Readout = Readout.MEMBRANE, time: int | None = None
    ) -> float:
        """Voltage of a neuron's signal at a time of the open grid step; changes nothing."""
        volts = ctypes.c_float()
        self._call("voltage", self._at(time), neuron, int(readout), ctypes.byref(volts))
        return volts.value

    def write(self, time: int, address: int, word: int) -> None:
        """A chip Omnibus word, as the host writes it."""
        self._call("write", time, address, word)

    def sensor(
        self,
        hemisphere: int,
        column: int,
        *,
        causal: bool = True,
        acausal: bool = True,
        neuron_causal: bool = False,
        neuron_acausal: bool = False,
        time: int | None = None,
    ) -> None:
        """What the two CADC channels of a column see: correlation sensors or neuron."""
        switches = (int(causal), int(acausal), int(neuron_causal), int(neuron_acausal))
        self._call("correlation", self._at(time), hemisphere, column, *switches)

    def correlation_reset(
        self, hemisphere: int, row: int, quad: int, time: int | None = None
    ) -> None:
        """Clear both sensors of the four synapses of a quad."""
        self._call("correlation_reset", self._at(time), hemisphere, row, quad)

    def post_pulse(self, hemisphere: int, column: int, time: int | None = None) -> None:
        """An external post pulse to a synapse column."""
        self._call("post_pulse", self._at(time), hemisphere, column)

    def cadc_offset(
        self, hemisphere: int, channel: int, offset: int, time: int | None = None
    ) -> None:
        """Digital offset -128..127 of a channel: 0..255 causal, 256..511 acausal."""
        self._call("cadc_channel", self._at(time), hemisphere, channel, offset)

    def cadc(
        self, hemisphere: int, row: int = 0, time: int | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Convert all channels of a hemisphere: causal and acausal codes; takes 1.6 us."""
        self._call("cadc_trigger", self._at(time), hemisphere, row)
        self.run(self.now + 400)
        causal, acausal = np.empty(256, np.uint8), np.empty(256, np.uint8)
        status = self._c.hx_analog_cadc_result(
            self._core, hemisphere, causal.ctypes.data, acausal.ctypes.data
        )
        while status == FUTURE:
            self.run(self.now + 10)
            status = self._c.hx_analog_cadc_result(
                self._core, hemisphere, causal.ctypes.data, acausal.ctypes.data
            )
        return causal, acausal

    def madc_mux(self, source: int, lines: int, time: int | None = None) -> None:
        """Lines of MADC input 0 or 1: bits even top, odd top, even bottom, odd bottom."""
        self._call("madc_mux", self._at(time), source, lines)

    def madc(self, source: int = 0, time: int | None = None) -> int:
        """Code 0..1023 of the MADC at its input `source`; changes nothing."""
        code = ctypes.c_uint16()
        self._call("madc", self._at(time), source, ctypes.byref(code))
        return code.value

    def trace(
        self,
        neuron: int,
        end: int,
        *,
        every: int = 10,
        readout: Readout = Readout.MEMBRANE,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Run to `end` and sample a signal every `every` chip clocks."""
        times = np.arange(self.now, end, every, dtype=np.int64)
        volts = np.empty(len(times), np.float32)
        for i, time in enumerate(times.tolist()):
            self.run(time)
            volts[i] = self.voltage(neuron, readout)
        self.run(end)
        return times, volts
