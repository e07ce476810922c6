# SPDX-License-Identifier: Apache-2.0
"""Converters and the analog readout in front of them.

Source of the facts: reference of the composed containers.
"""

from typing import Any

import numpy as np

from hal import halco
from hal.halco.arrays import typed_array
from hal.haldls import (
    CADCChannelConfig,
    CADCConfig,
    CADCSampleQuad,
    CapMemCell,
    ColumnCorrelationQuad,
    CommonCorrelationConfig,
    MADCConfig,
    PadMultiplexerConfig,
    ReadoutSourceSelection,
)
from hal.haldls import CurrentDAC as _CurrentDAC
from hal.haldls.arrays import kind_array
from hal.haldls.declaration import CHIP, FPGA, ArrayField, Field, GroupField
from hal.lola.composed import Composed, Group, Numbers, Own, Part
from hal.lola.places import QUAD_COLUMNS, QUADS, block_cells, by_quad, chip_cells, first, same
from hal.lola.places import several as _several

__all__ = ["CADCReadoutChain", "CADCSampleRow", "CADCSamples", "ReadoutChain"]

_ROWS = halco.SynapseRowOnSynram.size
_CHANNEL_KIND = QUADS * _ROWS
"""Sample quads are numbered by hemisphere, kind of readout, kind of channel, row and quad."""
_BUFFERED = 2 * _CHANNEL_KIND
_HEMISPHERE = 2 * _BUFFERED
_BEHIND_TRIGGER = np.concatenate(
    [_BUFFERED + np.arange(1, QUADS), _BUFFERED + _CHANNEL_KIND + np.arange(QUADS)]
)
"""Buffered reads behind a trigger: the other causal samples, then all acausal ones."""


def _row_start(row: Numbers) -> Numbers:
    hemisphere, local = np.divmod(row, _ROWS)
    start: Numbers = hemisphere * _HEMISPHERE + local * QUADS
    return start


def _behind_trigger(samples: Numbers) -> Numbers:
    """Samples of each buffered read, from slots with causal and acausal ones in the last axis."""
    by_kind = np.moveaxis(samples, -1, -2)[..., QUAD_COLUMNS]
    reads = by_kind.reshape(*samples.shape[:-2], 2 * QUADS, -1)
    return reads[..., 1:, :]


class CADCSampleRow(Composed, at=halco.CADCSampleRowOnDLS, backends=FPGA, access="r"):
    """Samples of all columns, with a row of synapses as the source of the correlation.

    The first read starts the conversion, the others fetch its results.
    """

    Value = CADCSampleQuad.Value
    _samples_type = typed_array(Value, halco.SynapseOnSynapseRow)

    causal = ArrayField(_samples_type)
    acausal = ArrayField(_samples_type)

    _parts = (
        Part(
            CADCSampleQuad,
            _row_start,
            fields={"sample": Own(("causal",), lambda slots: slots[QUAD_COLUMNS[0]])},
        ),
        Part(
            CADCSampleQuad,
            lambda row: _row_start(row) + _BEHIND_TRIGGER,
            fields={"sample": Own(("causal", "acausal"), _behind_trigger)},
        ),
    )


class CADCSamples(Composed, at=halco.CADCSamplesOnDLS, backends=FPGA, access="r"):
    """Samples of all columns of both hemispheres.

    Both conversions are started before any result is fetched.
    """

    Value = CADCSampleQuad.Value
    _samples_type = typed_array(typed_array(Value, halco.SynapseOnSynapseRow), halco.SynramOnDLS)

    causal = ArrayField(_samples_type)
    acausal = ArrayField(_samples_type)

    _parts = (
        Part(
            CADCSampleQuad,
            lambda coord: coord + _HEMISPHERE * np.arange(halco.SynramOnDLS.size),
            fields={"sample": Own(("causal",), lambda slots: slots[:, QUAD_COLUMNS[0]])},
        ),
        Part(
            CADCSampleQuad,
            lambda coord: (
                coord
                + np.add.outer(
                    _HEMISPHERE * np.arange(halco.SynramOnDLS.size), _BEHIND_TRIGGER
                ).reshape(-1)
            ),
            fields={"sample": Own(("causal", "acausal"), _behind_trigger)},
        ),
    )


_Analog = CapMemCell.value_type


def analog(default: int = 0) -> Field[Any]:
    """A code of the analog parameter memory, or no refresh."""
    return Field(_Analog, default=default)


_PerBlock = kind_array(_Analog, halco.CapMemBlockOnHemisphere)
_CHANNELS = halco.CADCChannelColumnOnSynram.size


class CADCReadoutChain(Composed, at=halco.CADCOnDLS, backends=CHIP):
    """The column converters of a hemisphere with the correlation readout."""

    class Ramp(Group):
        """Timing and shape of the ramp that all channels compare with."""

        ResetWait = CADCConfig.ResetWait
        DeadTime = CADCConfig.DeadTime
        AnalogValue = CapMemCell.Value
        AnalogDisableRefresh = CapMemCell.DisableRefresh
        OffsetAssignment = CommonCorrelationConfig.RampOffsets

        enable = Field(bool)
        reset_wait = Field(CADCConfig.ResetWait, default=100)
        dead_time = Field(CADCConfig.DeadTime, default=20)
        v_offset_assignment = ArrayField(CommonCorrelationConfig.RampOffsets, default=(0, 1))
        v_offset = ArrayField(_PerBlock)
        i_slope = ArrayField(_PerBlock)
        i_bias_comparator = ArrayField(_PerBlock)
        i_bias_vreset_buffer = ArrayField(_PerBlock)
        v_bias_buffer = ArrayField(_PerBlock)

    class Channel(Group):
        """One converter channel and the switches of its column."""

        Offset = CADCChannelConfig.Offset

        offset = Field(CADCChannelConfig.Offset)
        enable_connect_correlation = Field(bool)
        enable_connect_debug = Field(bool)
        enable_connect_neuron = Field(bool)

    class Correlation(Group):
        """Correlation readout."""

        SenseDelay = CommonCorrelationConfig.SenseDelay
        ResetDuration = CommonCorrelationConfig.ResetDuration
        ResetFallTime = CommonCorrelationConfig.ResetFallTime
        ResetMode = CommonCorrelationConfig.ResetMode
        AnalogValue = CapMemCell.Value
        AnalogDisableRefresh = CapMemCell.DisableRefresh

        sense_delay = Field(CommonCorrelationConfig.SenseDelay)
        reset_duration = Field(CommonCorrelationConfig.ResetDuration)
        reset_fall_time = Field(CommonCorrelationConfig.ResetFallTime)
        reset_mode = Field(CommonCorrelationConfig.ResetMode)
        i_bias_ramp = ArrayField(_PerBlock)
        i_bias_store = ArrayField(_PerBlock)
        i_bias_corout = ArrayField(_PerBlock)

    ChannelArray = typed_array(Channel, halco.CADCChannelColumnOnSynram)

    ramp = GroupField(Ramp)
    channels_causal = ArrayField(ChannelArray)
    channels_acausal = ArrayField(ChannelArray)
    correlation = GroupField(Correlation)

    _parts = (
        Part(
            CADCConfig,
            same,
            fields={name: f"ramp.{name}" for name in ("enable", "reset_wait", "dead_time")},
        ),
        block_cells(
            _PerBlock.size,
            {
                "cadc_v_ramp_offset": "ramp.v_offset",
                "cadc_i_ramp_slope": "ramp.i_slope",
                "cadc_i_bias_comp": "ramp.i_bias_comparator",
                "cadc_i_bias_vreset_buf": "ramp.i_bias_vreset_buffer",
                "cadc_v_bias_ramp_buf": "ramp.v_bias_buffer",
                "syn_i_bias_ramp": "correlation.i_bias_ramp",
                "syn_i_bias_store": "correlation.i_bias_store",
                "syn_i_bias_corout": "correlation.i_bias_corout",
            },
        ),
        Part(
            CADCChannelConfig,
            _several(2 * _CHANNELS),
            fields={
                "offset": Own(
                    ("channels_causal.offset", "channels_acausal.offset"), lambda slots: slots.T
                )
            },
        ),
        Part(
            ColumnCorrelationQuad,
            _several(QUADS),
            fields={
                f"switch.{switch}_{kind}": by_quad(f"channels_{kind}.{member}")
                for kind in ("causal", "acausal")
                for switch, member in (
                    ("enable_internal", "enable_connect_correlation"),
                    ("enable_debug", "enable_connect_debug"),
                    ("enable_cadc_neuron_readout", "enable_connect_neuron"),
                )
            },
        ),
        Part(
            CommonCorrelationConfig,
            same,
            fields={
                "sense_delay": "correlation.sense_delay",
                "reset_duration": "correlation.reset_duration",
                "reset_fall_time": "correlation.reset_fall_time",
                "reset_mode": "correlation.reset_mode",
                "cadc_v_offset_assignment": "ramp.v_offset_assignment",
            },
        ),
    )


_Window = MADCConfig.SamplingWindowTiming
_Hemispheres = MADCConfig.hemisphere_type
_Targets = MADCConfig.synapse_target_type


class ReadoutChain(Composed, at=halco.ReadoutChainOnDLS, backends=CHIP):
    """From the analog sources over multiplexers and amplifiers to the fast converter and pads."""

    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh
    HemisphereType = _Hemispheres
    SynapseTargetType = _Targets
    SamplingWindowTiming = MADCConfig.SamplingWindowTiming

    class BufferToPadT(Group):
        """Amplifier from a multiplexer to a pad."""

        enable = Field(bool)
        amp_i_bias = analog()

    class DynamicMux(Group):
        """Multiplexer that alternates between the two inputs during a measurement."""

        InputSelectLength = MADCConfig.ActiveMuxInputSelectLength
        InputSelect = halco.SourceMultiplexerOnReadoutSourceSelection

        enable_amplifiers = Field(bool, default=True)
        initially_selected_input = Field(halco.SourceMultiplexerOnReadoutSourceSelection)
        input_select_length = Field(MADCConfig.ActiveMuxInputSelectLength)
        i_bias = analog(500)

    class PseudoDifferentialConverter(Group):
        """Converter to a differential signal."""

        enable_reference = ArrayField(_Hemispheres)
        v_ref = analog(400)
        buffer_bias = analog()

    class MADCInputCrossbar(Group):
        """Switches in front of the preamplifier."""

        connect_source_measure_unit = Field(bool)
        connect_dynamic_mux = Field(bool, default=True)
        connect_pad_mux = Field(bool)
        connect_madc_preamp = Field(bool, default=True)

    class MADCPreamp(Group):
        """Preamplifier of the fast converter."""

        GainCapacitorSize = MADCConfig.PreampGainCapacitorSize

        gain_cap_size = Field(MADCConfig.PreampGainCapacitorSize, default=31)
        sampling_window_start = Field(_Window, default=3)
        sampling_window_end = Field(_Window, default=8)
        v_ref = analog(400)
        i_bias = analog(500)

    class MADCDebugCrossbar(Group):
        """Switches between preamplifier, converter and pads."""

        GainCapacitorSize = MADCConfig.PreampGainCapacitorSize

        connect_preamp_to_madc = Field(bool, default=True)
        connect_pads_to_madc = Field(bool)
        connect_preamp_to_pads = Field(bool)

    class MADC(Group):
        """The fast converter."""

        SampleDurationAdjust = MADCConfig.SampleDurationAdjust
        SARResetWait = MADCConfig.SARResetWait
        SARResetLength = MADCConfig.SARResetLength
        PowerupWaitValue = MADCConfig.PowerupWaitValue
        CalibrationWaitValue = MADCConfig.CalibrationWaitValue
        NumberOfSamples = MADCConfig.NumberOfSamples
        ClockScaleValue = MADCConfig.MADCClockScaleValue
        ConversionCyclesOffset = MADCConfig.ConversionCyclesOffset

        sample_duration_adjust = Field(MADCConfig.SampleDurationAdjust, default=5)
        enable_sar_reset_on_fall = Field(bool)
        sar_reset_wait = Field(MADCConfig.SARResetWait, default=3)
        sar_reset_length = Field(MADCConfig.SARResetLength, default=0)
        powerup_wait_value = Field(MADCConfig.PowerupWaitValue, default=96)
        conversion_cycles_offset = Field(MADCConfig.ConversionCyclesOffset, default=12)
        enable_calibration = Field(bool)
        calibration_wait_value = Field(MADCConfig.CalibrationWaitValue, default=0)
        number_of_samples = Field(MADCConfig.NumberOfSamples, default=0)
        sample_on_positive_edge = Field(bool, default=True)
        enable_dummy_data = Field(bool)
        enable_madc_clock_scaling = Field(bool)
        clock_scale_value = Field(MADCConfig.MADCClockScaleValue, default=0)
        in_500na = analog(500)

    class SourceMeasureUnit(Group):
        """Converter from current to voltage."""

        sampling_window_start = Field(_Window, default=9)
        sampling_window_end = Field(_Window, default=14)
        connect_neuron_stimulus = ArrayField(_Hemispheres)
        connect_synapse_debug = ArrayField(_Targets)
        test_voltage = analog(400)
        buffer_i_bias = analog()
        amp_v_ref = analog(400)
        amp_i_bias = analog()

    class CurrentDAC(Group):
        """Current source."""

        Current = _CurrentDAC.Current
        Sign = _CurrentDAC.Sign

        enable_current = Field(bool)
        current = Field(_CurrentDAC.Current, default=0)
        sign = Field(_CurrentDAC.Sign)
        connect_neuron_stimulus = ArrayField(_Hemispheres)
        connect_synapse_debug = ArrayField(_Targets)
        i_bias = analog()
        i_bias_casc = analog()

    InputMux = typed_array(
        ReadoutSourceSelection.SourceMultiplexer, halco.SourceMultiplexerOnReadoutSourceSelection
    )
    BufferToPad = typed_array(BufferToPadT, halco.SourceMultiplexerOnReadoutSourceSelection)
    PadMux = typed_array(PadMultiplexerConfig, halco.PadMultiplexerConfigOnDLS)

    input_mux = ArrayField(InputMux)
    buffer_to_pad = ArrayField(BufferToPad)
    dynamic_mux = GroupField(DynamicMux)
    pseudo_diff_converter = GroupField(PseudoDifferentialConverter)
    madc_input_crossbar = GroupField(MADCInputCrossbar)
    madc_preamp = GroupField(MADCPreamp)
    madc_debug_crossbar = GroupField(MADCDebugCrossbar)
    madc = GroupField(MADC)
    pad_mux = ArrayField(PadMux)
    source_measure_unit = GroupField(SourceMeasureUnit)
    current_dac = GroupField(CurrentDAC)

    _parts = (
        Part(
            ReadoutSourceSelection,
            first,
            fields={"buffer": "input_mux", "enable_buffer_to_pad": "buffer_to_pad.enable"},
        ),
        chip_cells(
            {
                "readout_out_amp_i_bias_0": "buffer_to_pad[0].amp_i_bias",
                "readout_out_amp_i_bias_1": "buffer_to_pad[1].amp_i_bias",
                "readout_ac_mux_i_bias": "dynamic_mux.i_bias",
                "readout_pseudo_diff_v_ref": "pseudo_diff_converter.v_ref",
                "readout_pseudo_diff_buffer_bias": "pseudo_diff_converter.buffer_bias",
                "readout_sc_amp_v_ref": "madc_preamp.v_ref",
                "readout_sc_amp_i_bias": "madc_preamp.i_bias",
                "readout_madc_in_500na": "madc.in_500na",
            }
        ),
        Part(PadMultiplexerConfig, _several(PadMux.size), "pad_mux"),
        chip_cells(
            {
                "readout_iconv_sc_amp_v_ref": "source_measure_unit.amp_v_ref",
                "readout_iconv_sc_amp_i_bias": "source_measure_unit.amp_i_bias",
                "readout_iconv_test_voltage": "source_measure_unit.test_voltage",
                "readout_iconv_i_bias_buffer": "source_measure_unit.buffer_i_bias",
                "readout_idac_i_bias": "current_dac.i_bias",
                "readout_idac_i_bias_casc": "current_dac.i_bias_casc",
            }
        ),
        Part(
            _CurrentDAC,
            first,
            fields={
                "enable_current": "current_dac.enable_current",
                "current": "current_dac.current",
                "sign": "current_dac.sign",
                "connect_neuron": "current_dac.connect_neuron_stimulus",
                "connect_synapse": "current_dac.connect_synapse_debug",
            },
        ),
        Part(
            MADCConfig,
            first,
            fields={
                "enable_active_mux_amplifiers": "dynamic_mux.enable_amplifiers",
                "active_mux_initially_selected_input": "dynamic_mux.initially_selected_input",
                "active_mux_input_select_length": "dynamic_mux.input_select_length",
                "enable_pseudo_differential_reference": "pseudo_diff_converter.enable_reference",
                "signal_selection_connect_current_meter": (
                    "madc_input_crossbar.connect_source_measure_unit"
                ),
                "signal_selection_connect_active_mux": "madc_input_crossbar.connect_dynamic_mux",
                "signal_selection_connect_debug": "madc_input_crossbar.connect_pad_mux",
                "signal_selection_connect_preamp": "madc_input_crossbar.connect_madc_preamp",
                "preamp_gain_capacitor_size": "madc_preamp.gain_cap_size",
                "preamp_sampling_window_start": "madc_preamp.sampling_window_start",
                "preamp_sampling_window_end": "madc_preamp.sampling_window_end",
                **{
                    name: f"madc_debug_crossbar.{name}"
                    for name in (
                        "connect_preamp_to_madc",
                        "connect_pads_to_madc",
                        "connect_preamp_to_pads",
                    )
                },
                **{
                    name: f"madc.{name}"
                    for name in (
                        "sample_duration_adjust",
                        "enable_sar_reset_on_fall",
                        "sar_reset_wait",
                        "sar_reset_length",
                        "powerup_wait_value",
                        "conversion_cycles_offset",
                        "enable_calibration",
                        "calibration_wait_value",
                        "number_of_samples",
                        "sample_on_positive_edge",
                        "enable_dummy_data",
                        "enable_madc_clock_scaling",
                    )
                },
                "madc_clock_scale_value": "madc.clock_scale_value",
                "iconv_sampling_window_start": "source_measure_unit.sampling_window_start",
                "iconv_sampling_window_end": "source_measure_unit.sampling_window_end",
                "connect_iconv_neuron": "source_measure_unit.connect_neuron_stimulus",
                "connect_iconv_synapse": "source_measure_unit.connect_synapse_debug",
            },
        ),
    )
