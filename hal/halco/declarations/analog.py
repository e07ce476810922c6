# SPDX-License-Identifier: Apache-2.0
"""Coordinates of analog-to-digital converters, readout and analog parameter memory."""

from hal.halco.conversion import same
from hal.halco.coordinate import Grid, Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.declarations.synapse import SynapseQuadOnSynram, SynapseRowOnSynram, SynramOnDLS
from hal.halco.numbers import Coordinate, Ranged

UNUSED_CELLS = (
    *(block * 3120 + 23 * 130 + 128 for block in (1, 3)),
    *(2 * 3120 + row * 130 + 128 for row in (21, 22, 23)),
    *(row * 130 + 129 for row in (*range(8), *range(15, 23))),
    *(block * 3120 + row * 130 + 129 for block in (1, 2, 3) for row in range(23)),
)


class CADCChannelColumnOnSynram(Ranged, max=255, implicit=False):
    """Column of a CADC channel: one per synapse column."""

    __slots__ = ()


class CADCChannelType(Ranged, max=1, implicit=False, constants={"causal": 0, "acausal": 1}):
    """Kind of CADC channel: causal or acausal correlation."""

    __slots__ = ()


class CADCChannelConfigOnSynram(
    Mixin,
    CADCChannelColumnOnSynram,
    block=CADCChannelType,
    to={"SynapseOnSynapseRow": lambda e: e % 256},
):
    """Settings of a CADC channel: column and kind."""

    __slots__ = ()


class CADCChannelConfigOnDLS(
    CADCChannelConfigOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to={"NeuronConfigBlockOnDLS": lambda e: 2 * (e // 512) + (e // 128) % 2},
):
    """CADC channel configuration of the chip."""

    __slots__ = ()


class CADCConfigOnDLS(
    Ranged, PerHemisphere, Coordinate, max=1, implicit=False, constants=TOP_BOTTOM
):
    """Settings of one of the two column-parallel converters."""

    __slots__ = ()


class CADCOffsetSRAMTimingConfigOnDLS(Ranged, Coordinate, max=3):
    """CADC offset SRAM timing configuration of the chip."""

    __slots__ = ()


class CADCOnDLS(Ranged, PerHemisphere, Coordinate, max=1, implicit=False, constants=TOP_BOTTOM):
    """Column-parallel analog-to-digital converter, one per synapse array."""

    __slots__ = ()


class CADCReadoutType(Ranged, max=1, implicit=False, constants={"trigger_read": 0, "buffered": 1}):
    """Kind of CADC readout: start a conversion, or take the buffered result."""

    __slots__ = ()


class CADCSampleQuadUnspecifiedReadoutOnSynram(Mixin, SynapseQuadOnSynram, block=CADCChannelType):
    """Four CADC results of a synapse array, by kind of channel."""

    __slots__ = ()


class CADCSampleQuadOnSynram(CADCSampleQuadUnspecifiedReadoutOnSynram, block=CADCReadoutType):
    """Four CADC results of a synapse array, by kind of channel and readout."""

    __slots__ = ()


class CADCSampleQuadOnDLS(
    CADCSampleQuadOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to={
        "SynapseQuadOnDLS": lambda e: 16384 * (e // 65536) + e % 16384,
        "SynapseWeightQuadOnDLS": lambda e: 16384 * (e // 65536) + e % 16384,
        "SynapseLabelQuadOnDLS": lambda e: 16384 * (e // 65536) + e % 16384,
        "SynapseCorrelationCalibQuadOnDLS": lambda e: 16384 * (e // 65536) + e % 16384,
    },
):
    """CADC sample quad of the chip."""

    __slots__ = ()


class CADCSampleRowOnDLS(
    Mixin,
    SynapseRowOnSynram,
    Coordinate,
    block=SynramOnDLS,
    to=same(
        "SynapseRowOnDLS",
        "SynapseWeightRowOnDLS",
        "SynapseLabelRowOnDLS",
        "SynapseCorrelationCalibRowOnDLS",
    ),
):
    """CADC sample row of the chip."""

    __slots__ = ()


class CADCSamplesOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """All results of the converters of the chip."""

    __slots__ = ()


class CapMemBlockConfigOnDLS(
    Ranged,
    Coordinate,
    max=3,
    to={
        "CapMemBlockOnHemisphere": lambda e: e % 2,
        "HemisphereOnDLS": lambda e: e // 2,
    },
):
    """Settings of a quadrant of the analog parameter memory."""

    __slots__ = ()


class CapMemBlockOnDLS(
    Ranged,
    Coordinate,
    max=3,
    to={
        "CapMemBlockOnHemisphere": lambda e: e % 2,
        "HemisphereOnDLS": lambda e: e // 2,
    },
):
    """Quadrant of the analog parameter memory."""

    __slots__ = ()


class CapMemBlockOnHemisphere(Ranged, max=1, constants={"left": 0, "right": 1}):
    """Left or right quadrant of the analog parameter memory."""

    __slots__ = ()


class CapMemColumnOnCapMemBlock(Ranged, max=129, axis="x"):
    """Column of the parameter memory: 128 neurons, then two of shared cells."""

    __slots__ = ()

    def isShared(self) -> bool:  # noqa: N802 - name of the original interface
        """Whether the column holds cells shared by a whole block instead of a neuron's."""
        return self.value() >= 128


class CapMemRowOnCapMemBlock(
    Ranged,
    max=23,
    axis="y",
    constants={
        "v_leak": 0,
        "v_reset": 1,
        "v_threshold": 2,
        "e_synin_exc_rev": 3,
        "e_synin_inh_rev": 4,
        "v_adapt_leak": 5,
        "v_exp": 6,
        "v_adapt_ref": 7,
        "i_bias_leak": 8,
        "i_bias_reset": 9,
        "i_bias_synin_exc_tau": 10,
        "i_bias_synin_exc_shift": 12,
        "i_bias_synin_exc_gm": 13,
        "i_bias_synin_exc_coba": 11,
        "i_bias_synin_inh_tau": 14,
        "i_bias_synin_inh_shift": 16,
        "i_bias_synin_inh_gm": 17,
        "i_bias_synin_inh_coba": 15,
        "i_bias_adapt_tau": 18,
        "i_bias_adapt_a": 19,
        "i_bias_adapt_b": 20,
        "i_bias_exp": 21,
        "i_mem_offset": 22,
        "i_bias_nmda": 23,
    },
):
    """Row of the parameter memory, named by the neuron parameter it holds."""

    __slots__ = ()


class CapMemCellOnCapMemBlock(
    Grid,
    x=CapMemColumnOnCapMemBlock,
    y=CapMemRowOnCapMemBlock,
    constants={
        "stp_v_charge_0": 128,
        "stp_v_charge_1": 258,
        "stp_v_recover_0": 388,
        "stp_v_recover_1": 518,
        "cadc_v_ramp_offset": 648,
        "cadc_v_bias_ramp_buf": 778,
        "neuron_v_bias_casc_n": 1038,
        "syn_i_bias_dac": 1168,
        "syn_i_bias_ramp": 1298,
        "syn_i_bias_store": 1428,
        "syn_i_bias_corout": 1558,
        "stp_i_bias_comparator": 1688,
        "stp_i_ramp": 1818,
        "stp_i_calib": 1948,
        "cadc_i_ramp_slope": 2078,
        "cadc_i_bias_comp": 2208,
        "cadc_i_bias_vreset_buf": 2338,
        "neuron_i_bias_readout_amp": 2468,
        "neuron_i_bias_leak_source_follower": 2598,
        "neuron_i_bias_spike_comparator": 2728,
        "neuron_i_bias_synin_drop": 3119,
    },
):
    """Cell of a quadrant of the analog parameter memory."""

    __slots__ = ()

    def isShared(self) -> bool:  # noqa: N802 - name of the original interface
        """Whether the cell serves a whole block instead of one neuron."""
        return bool(self.x().isShared())


class CapMemCellOnDLS(
    Mixin,
    CapMemCellOnCapMemBlock,
    Coordinate,
    block=CapMemBlockOnDLS,
    constants={
        "readout_sc_amp_v_ref": 908,
        "readout_pseudo_diff_v_ref": 4028,
        "readout_iconv_test_voltage": 7148,
        "readout_iconv_sc_amp_v_ref": 10268,
        "readout_iconv_sc_amp_i_bias": 2858,
        "readout_pseudo_diff_buffer_bias": 2988,
        "readout_out_amp_i_bias_0": 3118,
        "readout_out_amp_i_bias_1": 1169,
        "readout_idac_i_bias": 1299,
        "readout_idac_i_bias_casc": 1429,
        "readout_iconv_i_bias_buffer": 1559,
        "readout_ac_mux_i_bias": 1689,
        "readout_madc_in_500na": 1819,
        "readout_sc_amp_i_bias": 1949,
        "stp_ibias_readout_top": 5978,
        "stp_ibias_readout_bottom": 12218,
        "hagen_ibias_dac_top": 6108,
        "hagen_ibias_dac_bottom": 12348,
    },
):
    """Cell of the analog parameter memory."""

    __slots__ = ()


class CapMemOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The whole analog parameter memory."""

    __slots__ = ()


class CapMemSRAMTimingConfigOnDLS(
    Ranged,
    Coordinate,
    max=3,
    to={
        "CapMemBlockOnHemisphere": lambda e: e % 2,
        "HemisphereOnDLS": lambda e: e // 2,
    },
):
    """CapMem SRAM timing configuration of the chip."""

    __slots__ = ()


class MADCConfigOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Settings of the fast analog-to-digital converter."""

    __slots__ = ()


class MADCControlOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Start and stop of the fast analog-to-digital converter."""

    __slots__ = ()


class PadMultiplexerConfigOnDLS(Ranged, Coordinate, max=1):
    """Settings of the multiplexer of an analog pad."""

    __slots__ = ()


class PadOnDLS(Ranged, Coordinate, max=1):
    """Analog pad of the chip."""

    __slots__ = ()


class ReadoutChainOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The whole analog readout."""

    __slots__ = ()


class ReadoutSourceSelectionOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Which signals the two readout amplifiers take."""

    __slots__ = ()


class ReferenceGeneratorConfigOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Settings of the reference current generator."""

    __slots__ = ()


class SourceMultiplexerOnReadoutSourceSelection(Ranged, max=1, bits=8):
    """One of the two multiplexers in front of the readout amplifiers."""

    __slots__ = ()


class UnusedCapMemCellOnDLS(Ranged, max=89, to={"CapMemCellOnDLS": UNUSED_CELLS.__getitem__}):
    """Cell of the analog parameter memory that drives nothing."""

    __slots__ = ()
