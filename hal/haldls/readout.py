# SPDX-License-Identifier: Apache-2.0
"""Fast converter, current source, readout multiplexers.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import ArrayField, Container, Field, Structure, indexed
from hal.haldls.kinds import SmallEnumeration
from hal.haldls.layout import Address, Code, bits, lanes

__all__ = [
    "CurrentDAC",
    "MADCConfig",
    "MADCControl",
    "PadMultiplexerConfig",
    "ReadoutSourceSelection",
    "minimal_madc_clock_cycles_per_sample",
]


minimal_madc_clock_cycles_per_sample = 12
"""Clock cycles of one conversion with no adjustment."""

_BINARY = 64


def _current_of(code: int) -> int:
    """Current of a code: the binary part, and 64 times the bits up to the highest set one."""
    return code % _BINARY + _BINARY * (code // _BINARY).bit_length()


_THERMOMETER = Code(
    9,
    lambda v: v % _BINARY + _BINARY * ((1 << (v // _BINARY)) - 1),
    _current_of,
    "six binary bits, three thermometer bits",
)


class MADCConfig(
    Container,
    at=halco.MADCConfigOnDLS,
    address=Address.region(addresses.MADC_CONFIG),
):
    """Configuration of the fast converter: timing, inputs, preamplifier, clock.

    Sample rate = f_madc / (12 + sample_duration_adjust), divided by 2 *
    (madc_clock_scale_value + 1) when clock scaling is enabled.
    """

    class ActiveMuxInputSelectLength(Ranged, max=15, bits=8):
        """Number of samples after which the active multiplexer switches."""

    class SampleDurationAdjust(Ranged, max=7, bits=8, default=5):
        """Cycles of a conversion beyond the 12 that it takes at least."""

    class SARResetWait(Ranged, max=3, bits=8, default=3):
        """Wait before the reset of the successive approximation, in cycles."""

    class SARResetLength(Ranged, max=3, bits=8):
        """Length of the reset of the successive approximation, in cycles."""

    class PowerupWaitValue(Ranged, max=1023, default=96):
        """Wait between power-up and conversions, in converter cycles."""

    class ConversionCyclesOffset(Ranged, max=15, bits=8, default=12):
        """Offset of the conversion cycles."""

    class CalibrationWaitValue(Ranged, max=1023):
        """Wait for the calibration, in converter cycles."""

    class NumberOfSamples(Ranged, max=65535):
        """Samples to take, unless sampling is continuous."""

    class SamplingWindowTiming(Ranged, max=31, bits=8):
        """Begin or end of a sampling window, in converter cycles."""

    class PreampGainCapacitorSize(Ranged, max=31, bits=8, default=31):
        """Feedback capacitance of the preamplifier, which sets its gain."""

    class MADCClockScaleValue(Ranged, max=4095):
        """Divider of the converter clock: 2 * (value + 1)."""

    hemisphere_type = typed_array(bool, halco.HemisphereOnDLS)
    synapse_target_type = typed_array(bool, halco.SynapticInputOnNeuron)

    active_mux_initially_selected_input = Field(
        halco.SourceMultiplexerOnReadoutSourceSelection,
        bits(3),
    )
    active_mux_input_select_length = Field(ActiveMuxInputSelectLength, bits("7:4"))
    sample_duration_adjust = Field(SampleDurationAdjust, bits("10:8"))
    enable_sar_reset_on_fall = Field(bool, bits(11))
    sar_reset_wait = Field(SARResetWait, bits("13:12"))
    sar_reset_length = Field(SARResetLength, bits("15:14"))
    powerup_wait_value = Field(PowerupWaitValue, bits("9:0", 1), doc="MADC cycles")
    conversion_cycles_offset = Field(ConversionCyclesOffset, bits("15:12", 1))
    calibration_wait_value = Field(CalibrationWaitValue, bits("9:0", 2), doc="MADC cycles")
    enable_calibration = Field(bool, bits(15, 2))
    number_of_samples = Field(
        NumberOfSamples,
        bits("15:0", 3),
        doc="ignored in continuous sampling",
    )
    preamp_sampling_window_start = Field(SamplingWindowTiming, bits("4:0", 4), default=3)
    preamp_sampling_window_end = Field(SamplingWindowTiming, bits("9:5", 4), default=8)
    iconv_sampling_window_start = Field(SamplingWindowTiming, bits("4:0", 5), default=9)
    iconv_sampling_window_end = Field(SamplingWindowTiming, bits("9:5", 5), default=14)
    sample_on_positive_edge = Field(bool, bits(0, 6), default=True)
    enable_dummy_data = Field(bool, bits(1, 6))
    connect_preamp_to_madc = Field(bool, bits(0, 7), default=True)
    connect_pads_to_madc = Field(bool, bits(1, 7))
    connect_preamp_to_pads = Field(bool, bits(2, 7))
    preamp_gain_capacitor_size = Field(PreampGainCapacitorSize, bits("7:3", 7))
    enable_madc_clock_scaling = Field(bool, bits(0, 8))
    madc_clock_scale_value = Field(MADCClockScaleValue, bits("12:1", 8))
    enable_active_mux_amplifiers = Field(bool, bits(0, 9), default=True)
    enable_pseudo_differential_reference = ArrayField(hemisphere_type, lanes((1, 2), 1, 9))
    signal_selection_connect_current_meter = Field(bool, bits(3, 9))
    signal_selection_connect_active_mux = Field(bool, bits(4, 9), default=True)
    signal_selection_connect_debug = Field(bool, bits(5, 9))
    signal_selection_connect_preamp = Field(bool, bits(6, 9), default=True)
    enable_iconv_amplifier = Field(bool, bits(7, 9))
    connect_iconv_neuron = ArrayField(hemisphere_type, lanes((8, 9), 1, 9))
    connect_iconv_synapse = ArrayField(synapse_target_type, lanes((11, 10), 1, 9))

    def calculate_sample_rate(self, madc_base_frequency: float) -> float:
        """Samples per second, both channels together.

        :param madc_base_frequency: frequency of the clock output of the converter, in Hz.
        """
        cycles = self.sample_duration_adjust.value() + minimal_madc_clock_cycles_per_sample
        rate = madc_base_frequency / cycles
        if self.enable_madc_clock_scaling:
            rate /= 2 * (self.madc_clock_scale_value.value() + 1)
        return rate


class MADCControl(
    Container,
    at=halco.MADCControlOnDLS,
    address=Address.region(addresses.MADC_CONTROL),
    access="w",
):
    """Commands to the fast converter.

    Write only.
    """

    enable_iconv_amplifier = Field(bool, bits(6))
    enable_pre_amplifier = Field(bool, bits(5))
    enable_continuous_sampling = Field(bool, bits(4))
    enable_power_down_after_sampling = Field(bool, bits(3))
    stop_recording = Field(bool, bits(2))
    start_recording = Field(bool, bits(1))
    wake_up = Field(bool, bits(0))


class CurrentDAC(
    Container,
    at=halco.CurrentDACOnDLS,
    address=Address.region(addresses.CURRENT_DAC),
):
    """Current source for calibration."""

    class Sign(SmallEnumeration):
        """Direction of the current."""

        source = 0
        sink = 1

    class Current(Ranged, max=255):
        """Code of the current."""

    HemisphereType = typed_array(bool, halco.HemisphereOnDLS)
    SynapseTargetType = typed_array(bool, halco.SynapticInputOnNeuron)

    current = Field(
        Current,
        bits("5:0"),
        bits("10:8", of="8:6"),
        code=_THERMOMETER,
        doc="6 LSB binary plus 2 MSB thermometer coded",
    )
    enable_current = Field(bool, bits(7))
    sign = Field(Sign, bits(6))
    connect_neuron = ArrayField(HemisphereType, lanes((11, 12)))
    connect_synapse = ArrayField(SynapseTargetType, lanes((13, 14)))


class PadMultiplexerConfig(
    Container,
    at=halco.PadMultiplexerConfigOnDLS,
    address=Address.region(addresses.PAD_MULTIPLEXER),
):
    """Multiplexers in front of one analog pad."""

    capmem_quadrant_type = typed_array(bool, halco.CapMemBlockOnDLS)
    hemisphere_type = typed_array(bool, halco.HemisphereOnDLS)
    buffer_type = typed_array(bool, halco.SourceMultiplexerOnReadoutSourceSelection)

    cadc_v_ramp_mux = ArrayField(capmem_quadrant_type, lanes(range(3, -1, -1)))
    cadc_v_ramp_mux_to_pad = Field(bool, bits(4))
    capmem_i_out_mux = ArrayField(capmem_quadrant_type, lanes(range(8, 4, -1)))
    capmem_i_out_mux_to_capmem_intermediate_mux = Field(
        bool,
        bits(9),
        serial="m_capmem_i_out_mux_to_inter",
    )
    capmem_intermediate_mux_to_pad = Field(bool, bits(10), serial="m_capmem_inter_mux_to_pad")
    capmem_v_out_mux = ArrayField(capmem_quadrant_type, lanes(range(14, 10, -1)))
    capmem_v_out_mux_to_capmem_intermediate_mux = Field(
        bool,
        bits(15),
        serial="m_capmem_v_out_mux_to_inter",
    )
    capmem_v_ref_mux = ArrayField(capmem_quadrant_type, lanes(range(3, -1, -1), 1, 1))
    capmem_v_ref_mux_to_capmem_intermediate_mux = Field(
        bool,
        bits(4, 1),
        serial="m_capmem_v_ref_mux_to_inter",
    )
    neuron_i_stim_mux = ArrayField(hemisphere_type, lanes((5, 6), 1, 1))
    neuron_i_stim_mux_to_pad = Field(bool, bits(15, 1))
    cadc_debug_acausal_to_synapse_intermediate_mux = Field(
        bool,
        bits(8, 1),
        serial="m_cadc_debug_acausal_to_inter",
    )
    cadc_debug_causal_to_synapse_intermediate_mux = Field(
        bool,
        bits(7, 1),
        serial="m_cadc_debug_causal_to_inter",
    )
    synin_debug_inhibitory_to_synapse_intermediate_mux = Field(
        bool,
        bits(9, 1),
        serial="m_synin_debug_inhibitory_to_inter",
    )
    synin_debug_excitatory_to_synapse_intermediate_mux = Field(
        bool,
        bits(10, 1),
        serial="m_synin_debug_excitatory_to_inter",
    )
    synapse_intermediate_mux_to_pad = Field(bool, bits(11, 1), serial="m_synapse_inter_mux_to_pad")
    buffer_to_pad = ArrayField(buffer_type, lanes((13, 12), 1, 1))
    debug_to_pad = Field(bool, bits(14, 1))


class ReadoutSourceSelection(
    Container,
    at=halco.ReadoutSourceSelectionOnDLS,
    address=Address.region(addresses.READOUT_SOURCE_SELECTION),
):
    """Which signals the two readout buffers take, and which of them drive a pad."""

    class SourceMultiplexer(Structure):
        """Inputs of one readout buffer."""

        hemisphere_type = typed_array(bool, halco.HemisphereOnDLS)

        debug_plus = Field(bool, bits(0))
        debug_minus = Field(bool, bits(1))
        current_dac = Field(bool, bits(2))
        synin_debug_inhibitory = Field(bool, bits(3))
        synin_debug_excitatory = Field(bool, bits(4))
        cadc_debug_causal = Field(bool, bits(5))
        cadc_debug_acausal = Field(bool, bits(6))
        synapse_driver_debug = ArrayField(hemisphere_type, lanes((7, 8)))
        neuron_odd = ArrayField(hemisphere_type, lanes((9, 11)))
        neuron_even = ArrayField(hemisphere_type, lanes((10, 12)))

    source_multiplexer_type = typed_array(bool, halco.SourceMultiplexerOnReadoutSourceSelection)

    _buffer = ArrayField(
        typed_array(SourceMultiplexer, halco.SourceMultiplexerOnReadoutSourceSelection),
        moves=((0, 0), (1, 0)),
        serial="m_buffers",
    )
    enable_buffer_to_pad = ArrayField(source_multiplexer_type, lanes((14, 13), 1, 1))

    get_buffer, set_buffer = indexed(_buffer, "buffer", ("buffer", "value"))
