# SPDX-License-Identifier: Apache-2.0
"""Neurons in the terms of their model.

Source of the facts: reference of the composed containers.
"""

from typing import Any, ClassVar

from hal import halco
from hal.halco.arrays import typed_array
from hal.halco.numbers import describe
from hal.haldls import (
    CapMemCell,
    ColumnCurrentQuad,
    CommonNeuronBackendConfig,
    NeuronBackendConfig,
    NeuronConfig,
)
from hal.haldls.arrays import kind_array
from hal.haldls.declaration import CHIP, ArrayField, DifferentialWriteTrait, Field, GroupField
from hal.haldls.kinds import Enumeration
from hal.lola.composed import UNSET, Composed, Group, Numbers, Part, Piece, Split
from hal.lola.places import (
    QUADS,
    block_cells,
    by_quad,
    neuron_cells,
    same,
    several,
)

__all__ = ["AtomicNeuron", "ColumnCurrentRow", "MCSafeAtomicNeuron", "NeuronBlock"]

_Analog = CapMemCell.value_type


def analog(**options: Any) -> Field[Any]:
    """An analog parameter: a code of the parameter memory, or no refresh."""
    return Field(_Analog, **options)


def _config_fields() -> dict[str, str | Split]:
    """Fields of the neuron configuration."""
    synaptic: dict[str, str | Split] = {}
    for kind in ("excitatory", "inhibitory"):
        source = f"{kind}_input"
        synaptic |= {
            f"enable_synaptic_input_{kind}": f"{source}.enable",
            f"enable_synaptic_input_{kind}_small_capacitance": f"{source}.enable_small_capacitance",
            f"enable_synaptic_input_{kind}_high_resistance": f"{source}.enable_high_resistance",
            f"enable_synaptic_input_{kind}_coba_mode": f"{source}.enable_coba_mode",
        }
    membrane: dict[str, str | Split] = {
        f"enable_{term}_{what}": f"{term}.enable_{what}"
        for term in ("leak", "reset")
        for what in ("degeneration", "division", "multiplication")
    }
    switches = {
        "connect_soma": "connect_soma",
        "connect_soma_right": "connect_soma_right",
        "connect_membrane_right": "connect_right",
        "connect_bottom": "connect_vertical",
        "enable_multicomp_conductance": "enable_conductance",
        "enable_divide_multicomp_conductance_bias": "enable_conductance_division",
        "enable_multiply_multicomp_conductance_bias": "enable_conductance_multiplication",
    }
    return {
        **synaptic,
        **membrane,
        **{name: f"multicompartment.{member}" for name, member in switches.items()},
        "enable_threshold_comparator": "threshold.enable",
        "enable_membrane_offset": "constant_current.enable",
        "invert_membrane_offset": "constant_current.type",
        "membrane_capacitor_size": "membrane_capacitance.capacitance",
        "enable_adaptation": "adaptation.enable",
        "invert_adaptation_a": "adaptation.invert_a",
        "invert_adaptation_b": "adaptation.invert_b",
        "enable_exponential": "exponential.enable",
        "enable_fire": Split("event_routing.analog_output", (0, 1, 1)),
        "enable_strong_fire": Split("event_routing.analog_output", (0, 0, 1)),
        "enable_bypass_excitatory": "event_routing.enable_bypass_excitatory",
        "enable_bypass_inhibitory": "event_routing.enable_bypass_inhibitory",
        "enable_readout": "readout.enable_buffered_access",
        "enable_readout_amplifier": "readout.enable_amplifier",
        "enable_unbuffered_access": "readout.enable_unbuffered_access",
        "readout_source": "readout.source",
        "enable_pause": "refractory_period.enable_pause",
    }


_BACKEND_FIELDS: dict[str, str | Split] = {
    "enable_adaptation_pulse": "adaptation.enable_pulse",
    "enable_spike_out": "event_routing.enable_digital",
    "address_out": "event_routing.address",
    "post_overwrite": "event_routing.enable_post_overwrite",
    "select_input_clock": "refractory_period.input_clock",
    "reset_holdoff": "refractory_period.reset_holdoff",
    "refractory_time": "refractory_period.refractory_time",
    "enable_bayesian_extension": "bayesian.to_post_pulse",
    "enable_bayesian_0": Split("bayesian.operation", (0, 1, 0, 1)),
    "enable_bayesian_1": Split("bayesian.operation", (0, 0, 1, 1)),
    "connect_fire_bottom": "bayesian.connect_fire_vertical",
    "connect_fire_to_right": "bayesian.connect_fire_to_right",
    "connect_fire_from_right": "bayesian.connect_fire_from_right",
    "enable_neuron_master": "bayesian.enable_master",
    "enable_neuron_slave": "bayesian.enable_slave",
}

_CELLS = {
    "i_bias_synin_exc_tau": "excitatory_input.i_bias_tau",
    "i_bias_synin_exc_coba": "excitatory_input.i_bias_coba",
    "i_bias_synin_exc_shift": "excitatory_input.i_shift_reference",
    "i_bias_synin_exc_gm": "excitatory_input.i_bias_gm",
    "e_synin_exc_rev": "excitatory_input.v_rev_coba",
    "i_bias_synin_inh_tau": "inhibitory_input.i_bias_tau",
    "i_bias_synin_inh_coba": "inhibitory_input.i_bias_coba",
    "i_bias_synin_inh_shift": "inhibitory_input.i_shift_reference",
    "i_bias_synin_inh_gm": "inhibitory_input.i_bias_gm",
    "e_synin_inh_rev": "inhibitory_input.v_rev_coba",
    "v_leak": "leak.v_leak",
    "i_bias_leak": "leak.i_bias",
    "v_reset": "reset.v_reset",
    "i_bias_reset": "reset.i_bias",
    "v_threshold": "threshold.v_threshold",
    "i_mem_offset": "constant_current.i_offset",
    "v_adapt_leak": "adaptation.v_leak",
    "i_bias_adapt_tau": "adaptation.i_bias_tau",
    "i_bias_adapt_a": "adaptation.i_bias_a",
    "i_bias_adapt_b": "adaptation.i_bias_b",
    "v_adapt_ref": "adaptation.v_ref",
    "v_exp": "exponential.v_exp",
    "i_bias_exp": "exponential.i_bias",
    "i_bias_nmda": "multicompartment.i_bias_nmda",
}
"""Rows of the analog parameter memory."""


def _backend_number(neuron: Numbers) -> Numbers:
    """Backends are numbered quadrant by quadrant, with those of a hemisphere's halves exchanged."""
    halves = 2
    size = halco.AtomicNeuronOnDLS.size // halves // halves
    hemisphere, half, column = neuron // size // halves, neuron // size % halves, neuron % size
    return (half * halves + hemisphere) * size + column


class AtomicNeuron(Composed, at=halco.AtomicNeuronOnDLS, backends=CHIP):
    """All settings of one neuron circuit."""

    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh

    class SynapticInput(Group):
        """One of the two synaptic inputs."""

        enable = Field(bool)
        i_bias_tau = analog(doc="time constant")
        i_bias_coba = analog(doc="conductance-based mode")
        i_shift_reference = analog()
        i_bias_gm = analog(doc="strength")
        v_rev_coba = analog(doc="reversal potential of the conductance-based mode")
        enable_small_capacitance = Field(bool, default=True)
        enable_high_resistance = Field(bool)
        enable_coba_mode = Field(bool)

    class Leak(Group):
        """Leak term."""

        v_leak = analog()
        i_bias = analog()
        enable_degeneration = Field(bool)
        enable_division = Field(bool)
        enable_multiplication = Field(bool)

    class Reset(Group):
        """Reset after a spike."""

        v_reset = analog()
        i_bias = analog()
        enable_degeneration = Field(bool)
        enable_division = Field(bool)
        enable_multiplication = Field(bool)

    class Threshold(Group):
        """Spike threshold."""

        enable = Field(bool)
        v_threshold = analog()

    class Multicompartment(Group):
        """Switches to neighbouring circuits, for neurons with structure."""

        connect_soma = Field(bool)
        connect_soma_right = Field(bool)
        connect_right = Field(bool)
        connect_vertical = Field(bool)
        enable_conductance = Field(bool)
        enable_conductance_division = Field(bool)
        enable_conductance_multiplication = Field(bool)
        i_bias_nmda = analog(doc="conductance between compartments")

    class ConstantCurrent(Group):
        """Constant current onto the membrane."""

        class Type(Enumeration):
            """Direction of the current."""

            source = 0
            sink = 1

        enable = Field(bool)
        i_offset = analog()
        type = Field(Type)

    class MembraneCapacitance(Group):
        """Capacitance of the membrane."""

        CapacitorSize = NeuronConfig.MembraneCapacitorSize

        capacitance = Field(NeuronConfig.MembraneCapacitorSize)

    class Adaptation(Group):
        """Adaptation current."""

        enable = Field(bool)
        enable_pulse = Field(bool)
        invert_a = Field(bool)
        invert_b = Field(bool)
        v_ref = analog()
        i_bias_tau = analog(doc="time constant")
        i_bias_a = analog(doc="sub-threshold adaptation")
        i_bias_b = analog(doc="spike-triggered adaptation")
        v_leak = analog()

    class Exponential(Group):
        """Exponential term."""

        enable = Field(bool)
        v_exp = analog()
        i_bias = analog()

    class EventRouting(
        Group,
        arguments=(
            "analog_output",
            "enable_digital",
            "enable_bypass_excitatory",
            "enable_bypass_inhibitory",
            "address",
            "enable_post_overwrite",
        ),
    ):
        """What becomes of spikes and of input events."""

        class AnalogOutputMode(Enumeration):
            """Whether a spike resets the analog part."""

            off = 0
            normal = 1
            strong = 2

        Address = NeuronBackendConfig.AddressOut
        disabled: ClassVar["AtomicNeuron.EventRouting"]
        """No events at all."""
        enabled: ClassVar["AtomicNeuron.EventRouting"]
        """Spikes of the neuron."""
        bypass_exc: ClassVar["AtomicNeuron.EventRouting"]
        """Excitatory input events become spikes."""
        bypass_inh: ClassVar["AtomicNeuron.EventRouting"]
        """Inhibitory input events become spikes."""

        analog_output = Field(AnalogOutputMode)
        enable_digital = Field(bool)
        enable_bypass_excitatory = Field(bool)
        enable_bypass_inhibitory = Field(bool)
        address = Field(NeuronBackendConfig.AddressOut)
        enable_post_overwrite = Field(bool)

        def __dir__(self) -> list[str]:
            """Without the presets: programs walk the members of a neuron for its parameters."""
            presets = {"disabled", "enabled", "bypass_exc", "bypass_inh"}
            return sorted(set(super().__dir__()) - presets)

    class Readout(Group):
        """Readout of an internal voltage."""

        Source = NeuronConfig.ReadoutSource

        enable_buffered_access = Field(bool)
        enable_amplifier = Field(bool)
        enable_unbuffered_access = Field(bool)
        source = Field(NeuronConfig.ReadoutSource)

    class RefractoryPeriod(Group):
        """Refractory period."""

        InputClock = NeuronBackendConfig.InputClock
        ResetHoldoff = NeuronBackendConfig.ResetHoldoff
        RefractoryTime = NeuronBackendConfig.RefractoryTime

        input_clock = Field(NeuronBackendConfig.InputClock)
        reset_holdoff = Field(NeuronBackendConfig.ResetHoldoff, default=15)
        refractory_time = Field(NeuronBackendConfig.RefractoryTime)
        enable_pause = Field(bool)

    class Bayesian(Group):
        """Coupling of the spikes of neighbouring circuits."""

        class Operation(Enumeration):
            """Logical operation on the spikes."""

            local = 0
            AND = 1
            XNOR = 2
            MULLER_C = 3

        to_post_pulse = Field(bool, default=True)
        operation = Field(Operation)
        connect_fire_vertical = Field(bool)
        connect_fire_to_right = Field(bool)
        connect_fire_from_right = Field(bool)
        enable_master = Field(bool)
        enable_slave = Field(bool)

    excitatory_input = GroupField(SynapticInput)
    inhibitory_input = GroupField(SynapticInput)
    leak = GroupField(Leak)
    reset = GroupField(Reset)
    threshold = GroupField(Threshold)
    multicompartment = GroupField(Multicompartment)
    constant_current = GroupField(ConstantCurrent)
    membrane_capacitance = GroupField(MembraneCapacitance)
    adaptation = GroupField(Adaptation)
    exponential = GroupField(Exponential)
    event_routing = GroupField(EventRouting)
    readout = GroupField(Readout)
    refractory_period = GroupField(RefractoryPeriod)
    bayesian = GroupField(Bayesian)

    _parts = (
        Part(NeuronConfig, same, fields=_config_fields()),
        neuron_cells(_CELLS),
        Part(NeuronBackendConfig, _backend_number, fields=_BACKEND_FIELDS),
    )

    @classmethod
    def _piece(cls, container: Any) -> Piece:
        return next(p for p in cls._plan().pieces if p.container is container)

    def _as(self, container: Any) -> Any:
        """The part of this neuron that is the given register container."""
        piece = self._piece(container)
        numbers = container._defaults.copy()
        for index, (slot, table) in enumerate(zip(piece.slots[0], piece.tables, strict=True)):
            if slot != UNSET:
                number = self._numbers[slot]
                numbers[index] = number if table is None else table[number]
        return container._of(numbers)

    def asNeuronConfig(self) -> NeuronConfig:  # noqa: N802 - public name of the original
        """The neuron configuration that this neuron writes."""
        config: NeuronConfig = self._as(NeuronConfig)
        return config

    def asNeuronBackendConfig(self) -> NeuronBackendConfig:  # noqa: N802 - as the original
        """The configuration of the digital back end that this neuron writes."""
        config: NeuronBackendConfig = self._as(NeuronBackendConfig)
        return config

    def set_from(self, neuron_config: NeuronConfig | NeuronBackendConfig) -> None:
        """Take over a neuron configuration, or that of a digital back end."""
        if not isinstance(neuron_config, NeuronConfig | NeuronBackendConfig):
            raise TypeError(
                "AtomicNeuron.set_from: expected NeuronConfig or NeuronBackendConfig, not "
                f"{describe(neuron_config)}"
            )
        self._piece(type(neuron_config)).unpack_slots(list(neuron_config._numbers), self._numbers)


_Routing = AtomicNeuron.EventRouting
_Routing.disabled = _Routing()
_Routing.enabled = _Routing(_Routing.AnalogOutputMode.normal, True)
_Routing.bypass_exc = _Routing(enable_bypass_excitatory=True)
_Routing.bypass_inh = _Routing(enable_bypass_inhibitory=True)


class MCSafeAtomicNeuron(Group):
    """A neuron circuit inside a neuron with structure.

    Its switches to neighbouring circuits follow from the structure and cannot be accessed.
    """

    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh
    SynapticInput = AtomicNeuron.SynapticInput
    Leak = AtomicNeuron.Leak
    Reset = AtomicNeuron.Reset
    Threshold = AtomicNeuron.Threshold
    ConstantCurrent = AtomicNeuron.ConstantCurrent
    MembraneCapacitance = AtomicNeuron.MembraneCapacitance
    Adaptation = AtomicNeuron.Adaptation
    Exponential = AtomicNeuron.Exponential
    EventRouting = AtomicNeuron.EventRouting
    Readout = AtomicNeuron.Readout
    RefractoryPeriod = AtomicNeuron.RefractoryPeriod
    Bayesian = AtomicNeuron.Bayesian

    class Multicompartment(Group):
        """Strength of the conductance between compartments; the switches are not accessible."""

        _connect_soma = Field(bool)
        _connect_soma_right = Field(bool)
        _connect_right = Field(bool)
        _connect_vertical = Field(bool)
        _enable_conductance = Field(bool)
        enable_conductance_division = Field(bool)
        enable_conductance_multiplication = Field(bool)
        i_bias_nmda = analog(doc="conductance between compartments")

        def _switches(self) -> Numbers:
            """The numbers of the switches."""
            return self._numbers[: type(self)._enable_conductance.offset + 1]

    excitatory_input = GroupField(AtomicNeuron.SynapticInput)
    inhibitory_input = GroupField(AtomicNeuron.SynapticInput)
    leak = GroupField(AtomicNeuron.Leak)
    reset = GroupField(AtomicNeuron.Reset)
    threshold = GroupField(AtomicNeuron.Threshold)
    multicompartment = GroupField(Multicompartment)
    constant_current = GroupField(AtomicNeuron.ConstantCurrent)
    membrane_capacitance = GroupField(AtomicNeuron.MembraneCapacitance)
    adaptation = GroupField(AtomicNeuron.Adaptation)
    exponential = GroupField(AtomicNeuron.Exponential)
    event_routing = GroupField(AtomicNeuron.EventRouting)
    readout = GroupField(AtomicNeuron.Readout)
    refractory_period = GroupField(AtomicNeuron.RefractoryPeriod)
    bayesian = GroupField(AtomicNeuron.Bayesian)

    def __init__(self, *arguments: Any) -> None:
        """Default values, or a copy of a neuron or of its switches.

        :param arguments: nothing, an `AtomicNeuron`, an `AtomicNeuron.Multicompartment` or a
            `MCSafeAtomicNeuron`.
        """
        if len(arguments) == 1 and isinstance(arguments[0], AtomicNeuron):
            self._numbers = arguments[0]._numbers.copy()
            return
        if len(arguments) == 1 and isinstance(arguments[0], AtomicNeuron.Multicompartment):
            super().__init__()
            self.multicompartment._numbers[:] = arguments[0]._numbers
            return
        super().__init__(*arguments)

    def _atomic_neuron(self) -> AtomicNeuron:
        """The circuit with its switches."""
        return AtomicNeuron._of(self._numbers)


class ColumnCurrentRow(
    DifferentialWriteTrait, Composed, at=halco.ColumnCurrentRowOnDLS, backends=CHIP
):
    """Switches of the synaptic currents of all columns of a hemisphere."""

    Value = ColumnCurrentQuad.ColumnCurrentSwitch
    Values = typed_array(Value, halco.SynapseOnSynapseRow)

    values = ArrayField(Values)

    _parts = (Part(ColumnCurrentQuad, several(QUADS), fields={"switch": by_quad("values")}),)


class NeuronBlock(Composed, at=halco.NeuronBlockOnDLS, backends=CHIP):
    """All neuron circuits with what they share."""

    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh
    AtomicNeurons = typed_array(AtomicNeuron, halco.AtomicNeuronOnDLS)
    Backends = typed_array(CommonNeuronBackendConfig, halco.CommonNeuronBackendConfigOnDLS)
    CurrentRows = typed_array(ColumnCurrentRow, halco.ColumnCurrentRowOnDLS)
    _AnalogValues = kind_array(_Analog, halco.CapMemBlockOnDLS)

    atomic_neurons = ArrayField(AtomicNeurons)
    backends = ArrayField(Backends)
    current_rows = ArrayField(CurrentRows)
    v_bias_casc_n = ArrayField(_AnalogValues, default=250)
    i_bias_readout_amp = ArrayField(_AnalogValues, default=110)
    i_bias_leak_source_follower = ArrayField(_AnalogValues, default=100)
    i_bias_threshold_comparator = ArrayField(_AnalogValues, default=200)
    i_bias_synin_drop = ArrayField(_AnalogValues, default=300)

    _parts = (
        Part(AtomicNeuron, several(halco.AtomicNeuronOnDLS.size), "atomic_neurons"),
        Part(CommonNeuronBackendConfig, several(Backends.size), "backends"),
        Part(ColumnCurrentRow, several(CurrentRows.size), "current_rows"),
        block_cells(
            halco.CapMemBlockOnDLS.size,
            {
                "neuron_v_bias_casc_n": "v_bias_casc_n",
                "neuron_i_bias_readout_amp": "i_bias_readout_amp",
                "neuron_i_bias_leak_source_follower": "i_bias_leak_source_follower",
                "neuron_i_bias_spike_comparator": "i_bias_threshold_comparator",
                "neuron_i_bias_synin_drop": "i_bias_synin_drop",
            },
        ),
    )
