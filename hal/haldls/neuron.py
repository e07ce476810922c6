# SPDX-License-Identifier: Apache-2.0
"""Neurons: analog configuration, digital back end, resets, spike counters.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import ArrayField, Container, DifferentialWriteTrait, Field, indexed
from hal.haldls.kinds import SmallEnumeration
from hal.haldls.layout import Address, bits, lanes

__all__ = [
    "BlockPostPulse",
    "CommonNeuronBackendConfig",
    "NeuronBackendConfig",
    "NeuronConfig",
    "NeuronReset",
    "NeuronResetQuad",
    "SpikeCounterRead",
    "SpikeCounterReset",
]


class NeuronConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.NeuronConfigOnDLS,
    address=Address.region(addresses.NEURON_CONFIG),
    unreadable_on=("simulation",),
):
    """Analog configuration of one neuron circuit: switches, capacitance, readout.

    Eight 8-bit SRAM words per neuron of which the first two are unused; only six words are
    accessed.
    """

    class ReadoutSource(SmallEnumeration):
        """Quantity that the readout amplifier shows."""

        membrane = 0
        exc_synin = 1
        inh_synin = 2
        adaptation = 3

    class MembraneCapacitorSize(Ranged, max=63, bits=8):
        """Code of the membrane capacitance; 63 is about 2.3 pF."""

    enable_divide_multicomp_conductance_bias = Field(
        bool,
        bits(6, 5),
        doc="divide by 4",
        serial="m_en_comp_cond_div",
    )
    enable_multiply_multicomp_conductance_bias = Field(
        bool,
        bits(5, 5),
        doc="multiply by 4",
        serial="m_en_comp_cond_mul",
    )
    connect_soma = Field(bool, bits(4, 5))
    connect_membrane_right = Field(bool, bits(3, 5))
    enable_multicomp_conductance = Field(bool, bits(2, 5), serial="m_en_comp_cond")
    connect_bottom = Field(bool, bits(1, 5))
    connect_soma_right = Field(bool, bits(0, 5), serial="m_connect_somata")
    enable_fire = Field(bool, bits(2, 4), serial="m_en_fire")
    enable_strong_fire = Field(bool, bits(6), serial="m_en_strong_fire")
    enable_threshold_comparator = Field(bool, bits(3, 4), serial="m_en_thresh_comp")
    enable_synaptic_input_inhibitory = Field(bool, bits(4, 4), serial="m_en_synin_inh")
    enable_synaptic_input_excitatory = Field(bool, bits(5, 4), serial="m_en_synin_exc")
    enable_synaptic_input_inhibitory_coba_mode = Field(
        bool,
        bits(1, 1),
        serial="m_en_synin_inh_coba",
    )
    enable_synaptic_input_excitatory_coba_mode = Field(
        bool,
        bits(2, 1),
        serial="m_en_synin_exc_coba",
    )
    enable_synaptic_input_inhibitory_small_capacitance = Field(
        bool,
        bits(4, 2),
        serial="m_en_synin_inh_small_cap",
    )
    enable_synaptic_input_excitatory_small_capacitance = Field(
        bool,
        bits(5, 2),
        serial="m_en_synin_exc_small_cap",
    )
    enable_synaptic_input_inhibitory_high_resistance = Field(
        bool,
        bits(6, 2),
        serial="m_en_synin_inh_high_res",
    )
    enable_synaptic_input_excitatory_high_resistance = Field(
        bool,
        bits(7, 2),
        serial="m_en_synin_exc_high_res",
    )
    enable_bypass_inhibitory = Field(bool, bits(6, 4), serial="m_en_byp_inh")
    enable_bypass_excitatory = Field(bool, bits(7, 4), serial="m_en_byp_exc")
    enable_membrane_offset = Field(bool, bits(0, 3), serial="m_en_mem_off")
    invert_membrane_offset = Field(bool, bits(0, 4), serial="m_invert_current")
    membrane_capacitor_size = Field(
        MembraneCapacitorSize,
        bits("7:2", 3),
        doc="63 = about 2.3 pF",
        serial="m_mem_cap_size",
    )
    invert_adaptation_a = Field(bool, bits(1, 2), serial="m_invert_adapt_a")
    invert_adaptation_b = Field(bool, bits(0, 2), serial="m_invert_adapt_b")
    enable_adaptation = Field(bool, bits(2, 2), serial="m_en_adapt")
    enable_exponential = Field(bool, bits(3, 2), serial="m_en_exp")
    enable_unbuffered_access = Field(bool, bits(3, 1), serial="m_en_unbuf_access")
    enable_readout_amplifier = Field(bool, bits(4, 1), serial="m_en_readout_amp")
    readout_source = Field(ReadoutSource, bits("6:5", 1), serial="m_readout_select")
    enable_readout = Field(bool, bits(7, 1), serial="m_en_readout")
    enable_reset_degeneration = Field(bool, bits(0), serial="m_en_reset_deg")
    enable_reset_division = Field(bool, bits(1), serial="m_en_reset_div")
    enable_reset_multiplication = Field(bool, bits(2), serial="m_en_reset_mul")
    enable_leak_degeneration = Field(bool, bits(3), serial="m_en_leak_deg")
    enable_leak_division = Field(bool, bits(4), serial="m_en_leak_div")
    enable_leak_multiplication = Field(bool, bits(5), serial="m_en_leak_mul")
    enable_pause = Field(bool, bits(7, 5), serial="m_en_pause")


class NeuronBackendConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.NeuronBackendConfigOnDLS,
    address=Address.region(addresses.NEURON_BACKEND),
    unreadable_on=("simulation",),
):
    """Digital back end of one neuron: refractory period, event address, chaining.

    Address_out and refractory_time are stored inverted; reset_holdoff is not.
    """

    class ResetHoldoff(Ranged, max=15, bits=8):
        """How long before the end of the refractory period the reset ends."""

    class RefractoryTime(Ranged, max=255):
        """Refractory period, cycles of the selected clock."""

    class InputClock(Ranged, max=1, bits=8):
        """Clock of the refractory counter: 0 slow, 1 fast."""

    AddressOut = halco.NeuronBackendAddressOut

    address_out = Field(
        halco.NeuronBackendAddressOut,
        bits("5:0", of="7:2", inverted=True),
        bits("5:4", 1, of="1:0", inverted=True),
        doc="low 8 bits of the sent label",
    )
    reset_holdoff = Field(
        ResetHoldoff,
        bits("7:6", of="1:0"),
        bits("7:6", 1, of="3:2"),
        default=15,
        doc="reset ends (0x1f - 2 * value) cycles before the refractory period",
    )
    refractory_time = Field(
        RefractoryTime,
        bits("3:0", 1, of="7:4", inverted=True),
        bits("5:2", 2, of="3:0", inverted=True),
        doc="cycles of the selected input clock; counter starts at 255 - value",
    )
    post_overwrite = Field(bool, bits(0, 2))
    select_input_clock = Field(
        InputClock,
        bits(1, 2),
        doc="0 slow, 1 fast clock of the common backend",
    )
    enable_adaptation_pulse = Field(bool, bits(6, 2), serial="m_en_adapt_pulse")
    enable_bayesian_extension = Field(
        bool,
        bits(7, 2),
        default=True,
        serial="m_en_bayesian_extension",
    )
    enable_neuron_slave = Field(bool, bits(0, 3), serial="m_en_neuron_slave")
    connect_fire_bottom = Field(bool, bits(1, 3))
    connect_fire_from_right = Field(bool, bits(2, 3))
    connect_fire_to_right = Field(bool, bits(3, 3))
    enable_spike_out = Field(bool, bits(4, 3), serial="m_en_spike_out")
    enable_neuron_master = Field(bool, bits(5, 3), serial="m_en_neuron_master")
    enable_bayesian_0 = Field(bool, bits(7, 3), serial="m_en_0_bayesian")
    enable_bayesian_1 = Field(bool, bits(6, 3), serial="m_en_1_bayesian")


class CommonNeuronBackendConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.CommonNeuronBackendConfigOnDLS,
    address=Address.region(addresses.COMMON_NEURON_BACKEND_CONFIG),
):
    """Clocks and waits shared by the neuron back ends of one block."""

    class ClockScale(Ranged, max=15, bits=8):
        """Clock divider: f = 250 MHz / 2**(value + 1)."""

    class WaitGlobalPostPulse(Ranged, max=255, default=1):
        """Length of a global post pulse, in cycles."""

    class WaitSpikeCounterReset(Ranged, max=255, default=4):
        """Length of the reset of a spike counter, in cycles."""

    class WaitSpikeCounterRead(Ranged, max=255, default=112):
        """Wait until a spike counter can be read, in cycles."""

    class WaitFireNeuron(Ranged, max=255, default=4):
        """Length of a fire pulse sent to a neuron, in cycles."""

    enable_event_registers = Field(bool, bits(0), default=True, serial="m_en_event_regs")
    force_reset = Field(bool, bits(1))
    enable_clocks = Field(bool, bits(2), default=True, serial="m_en_clocks")
    clock_scale_slow = Field(ClockScale, bits("7:4"), doc="f = 250 MHz / 2**(value + 1)")
    clock_scale_fast = Field(ClockScale, bits("11:8"), doc="f = 250 MHz / 2**(value + 1)")
    _sample_positive_edge = ArrayField(
        typed_array(bool, halco.NeuronEventOutputOnNeuronBackendBlock),
        lanes(range(12, 16, 1)),
        default=1,
        serial="m_sample_pos_edge",
    )
    clock_scale_adaptation_pulse = Field(
        ClockScale,
        bits("19:16"),
        doc="as clock_scale_slow",
        serial="m_clock_scale_adapt_pulse",
    )
    clock_scale_post_pulse = Field(ClockScale, bits("23:20"), doc="as clock_scale_slow")
    wait_global_post_pulse = Field(WaitGlobalPostPulse, bits("7:0", 1))
    wait_spike_counter_reset = Field(WaitSpikeCounterReset, bits("15:8", 1))
    wait_spike_counter_read = Field(WaitSpikeCounterRead, bits("23:16", 1))
    wait_fire_neuron = Field(WaitFireNeuron, bits("31:24", 1))

    get_sample_positive_edge, set_sample_positive_edge = indexed(
        _sample_positive_edge, "sample_positive_edge", ("coord", "val")
    )


class NeuronReset(
    Container,
    at=halco.NeuronResetOnDLS,
    address=Address.region(addresses.NEURON_RESET),
    access="w",
):
    """Resets one neuron when written."""


class NeuronResetQuad(
    Container,
    at=halco.NeuronResetQuadOnDLS,
    address=Address.region(addresses.NEURON_RESET_QUAD),
    access="w",
):
    """Resets four neurons when written.

    Also resets the correlation of synapse row 0 of that quad column.
    """


class BlockPostPulse(
    Container,
    at=halco.BlockPostPulseOnDLS,
    address=Address.region(addresses.NEURON_POST_PULSE),
    access="w",
):
    """Sends a post pulse to all neurons of a block when written."""


class SpikeCounterRead(
    Container,
    at=halco.SpikeCounterReadOnDLS,
    address=Address.region(addresses.SPIKE_COUNTER_READ),
    access="r",
):
    """Spike counter of one neuron."""

    class Count(Ranged, max=255):
        """Number of spikes."""

    count = Field(Count, bits("7:0"))
    overflow = Field(bool, bits(8))


class SpikeCounterReset(
    Container,
    at=halco.SpikeCounterResetOnDLS,
    address=Address.region(addresses.SPIKE_COUNTER_RESET),
    access="w",
):
    """Clears the spike counter of one neuron when written."""
