# SPDX-License-Identifier: Apache-2.0
"""Synapses: memory views, column switches, correlation sensors, timing.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import (
    ArrayField,
    Container,
    DifferentialWriteTrait,
    Field,
    Structure,
    indexed,
)
from hal.haldls.kinds import SmallEnumeration
from hal.haldls.layout import Address, Digit, bits, lanes

__all__ = [
    "ColumnCorrelationQuad",
    "ColumnCurrentQuad",
    "CommonCorrelationConfig",
    "CommonSynramConfig",
    "CorrelationReset",
    "SynapseBiasSelection",
    "SynapseCorrelationCalibQuad",
    "SynapseLabelQuad",
    "SynapseQuad",
    "SynapseWeightQuad",
]


def _synapses(*regions: addresses.Region) -> Address:
    """One word in each of the views of the synapse memory, all of them numbered by quad."""
    quads = addresses.SYNAPSE_ROWS * addresses.SYNAPSE_QUADS_PER_ROW
    return Address.at(
        *(region.bases[0] for region in regions), digits=(Digit.blocks(regions[0]), Digit(quads, 1))
    )


_RAW = Address.at(
    addresses.SYNAPSE_RAW.bases[0],
    addresses.SYNAPSE_RAW.bases[0] + addresses.SYNAPSE_RAW_ODD_OFFSET,
    digits=(
        Digit.blocks(addresses.SYNAPSE_RAW),
        Digit(addresses.SYNAPSE_ROWS, addresses.SYNAPSE_RAW_ROW_STRIDE),
        Digit(addresses.SYNAPSE_QUADS_PER_ROW, 1),
    ),
)

_SWITCH_ROW = addresses.SYNAPSE_ROWS
"""First row behind the synapses; with the next one it holds the column switches."""


def _switches(*regions: tuple[addresses.Region, int]) -> Address:
    """One word in each of the given rows of the given views."""
    return Address.at(
        *(region.address(row * addresses.SYNAPSE_QUADS_PER_ROW) for region, row in regions),
        digits=(Digit.blocks(regions[0][0]), Digit(addresses.SYNAPSE_QUADS_PER_ROW, 1)),
    )


_FIRST_BYTE = ((0, 24), (0, 16), (0, 8), (0, 0))
"""Entry 0 of a quad lies in the most significant byte of each word."""


class SynapseWeightQuad(
    DifferentialWriteTrait,
    Container,
    at=halco.SynapseWeightQuadOnDLS,
    address=_synapses(addresses.SYNAPSE_WEIGHT),
):
    """Weights of four neighbouring synapses, as a view of the synapse memory.

    See SynapseQuad.
    """

    class Value(Ranged, max=63, bits=8):
        """Synaptic weight."""

    values_type = typed_array(Value, halco.EntryOnQuad)

    values = ArrayField(
        values_type,
        lanes(range(24, -1, -8), 5, reversed=True),
        lanes(range(29, 4, -8), of=5),
    )


class SynapseLabelQuad(
    DifferentialWriteTrait,
    Container,
    at=halco.SynapseLabelQuadOnDLS,
    address=_synapses(addresses.SYNAPSE_LABEL),
):
    """Labels of four neighbouring synapses, as a view of the synapse memory.

    Entry 0 in the top byte.
    """

    Value = halco.SynapseLabel
    values_type = typed_array(Value, halco.EntryOnQuad)

    values = ArrayField(values_type, lanes(range(24, -1, -8), 6))


class SynapseCorrelationCalibQuad(
    DifferentialWriteTrait,
    Container,
    at=halco.SynapseCorrelationCalibQuadOnDLS,
    address=_synapses(addresses.SYNAPSE_EVEN_2MSB, addresses.SYNAPSE_ODD_2MSB),
):
    """Correlation calibration of four neighbouring synapses.

    Entry 0 in the top byte; word 0 time calibration, word 1 amplitude calibration.
    """

    class TimeCalib(Ranged, max=3, bits=8):
        """Time constant of the correlation sensor."""

    class AmpCalib(Ranged, max=3, bits=8):
        """Amplitude of the correlation sensor."""

    time_calibs_type = typed_array(TimeCalib, halco.EntryOnQuad)
    amp_calibs_type = typed_array(AmpCalib, halco.EntryOnQuad)

    time_calibs = ArrayField(time_calibs_type, lanes(range(24, -1, -8), 2))
    amp_calibs = ArrayField(amp_calibs_type, lanes(range(24, -1, -8), 2, 1))


class SynapseQuad(DifferentialWriteTrait, Container, at=halco.SynapseQuadOnDLS, address=_RAW):
    """Weights, labels and correlation calibration of four neighbouring synapses.

    Of a 6-bit weight the five low bits are stored reversed (bit 0 at byte bit 4), bit 5 stays
    in place; entry 0 is in the top byte, entry 3 in the lowest.
    """

    Weight = SynapseWeightQuad.Value
    Label = SynapseLabelQuad.Value
    TimeCalib = SynapseCorrelationCalibQuad.TimeCalib
    AmpCalib = SynapseCorrelationCalibQuad.AmpCalib
    weights_type = SynapseWeightQuad.values_type
    labels_type = SynapseLabelQuad.values_type
    time_calibs_type = SynapseCorrelationCalibQuad.time_calibs_type
    amp_calibs_type = SynapseCorrelationCalibQuad.amp_calibs_type

    weights = ArrayField(
        weights_type,
        lanes(range(24, -1, -8), 5, reversed=True),
        lanes(range(29, 4, -8), of=5),
    )
    labels = ArrayField(labels_type, lanes(range(24, -1, -8), 6, 1))
    time_calibs = ArrayField(time_calibs_type, lanes(range(30, 5, -8), 2))
    amp_calibs = ArrayField(amp_calibs_type, lanes(range(30, 5, -8), 2, 1))


class CorrelationReset(
    Container,
    at=halco.CorrelationResetOnDLS,
    address=Address.region(addresses.CORRELATION_RESET),
    access="w",
):
    """Resets the correlation sensors of a synapse quad when written."""


class CommonCorrelationConfig(
    Container,
    at=halco.CommonCorrelationConfigOnDLS,
    address=Address.region(addresses.COMMON_CORRELATION_CONFIG),
):
    """Timing of the correlation readout of one hemisphere.

    The ramp offset assignment is stored inverted for block 1 and plain for block 0 (see
    meaning of the two capmem blocks of the hemisphere).
    """

    class ResetMode(SmallEnumeration):
        """How the correlation sensors are reset."""

        normal = 0
        auto_calibrating = 1

    class SenseDelay(Ranged, max=4095, default=1):
        """Wait between selection and reading of a row, in PPU cycles."""

    class ResetDuration(Ranged, max=4095, default=200):
        """Length of a reset of the correlation sensors, in PPU cycles."""

    class ResetFallTime(Ranged, max=4095, default=5):
        """Fall time of the reset, in PPU cycles."""

    RampOffsets = typed_array(halco.CapMemBlockOnHemisphere, halco.CapMemBlockOnHemisphere)

    sense_delay = Field(SenseDelay, bits("11:0"), doc="PPU cycles")
    reset_duration = Field(ResetDuration, bits("11:0", 1), doc="PPU cycles (+3)")
    reset_fall_time = Field(ResetFallTime, bits("11:0", 2), doc="PPU cycles")
    reset_mode = Field(ResetMode, bits(0, 3))
    cadc_v_offset_assignment = ArrayField(
        RampOffsets,
        lanes((2, 1), 1, 3, inverted=(False, True)),
        default=(0, 1),
        doc="per capmem block of the hemisphere: block whose ramp offset is used; default identity",
    )


class CommonSynramConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.CommonSynramConfigOnDLS,
    address=Address.region(addresses.COMMON_SYNRAM_CONFIG),
):
    """Timing of the synapse memory of one hemisphere."""

    class PCConf(Ranged, max=15, default=8):
        """Precharge setting; higher is shorter."""

    class WConf(Ranged, max=255, default=3):
        """Word line delay setting; higher is shorter."""

    class WaitCtrClear(Ranged, max=7, default=4):
        """Wait before the controller starts anew."""

    pc_conf_west = Field(PCConf, bits("3:0"), doc="higher = shorter precharge")
    pc_conf_east = Field(PCConf, bits("7:4"), doc="higher = shorter precharge")
    w_conf_west = Field(WConf, bits("7:0", 1), doc="higher = shorter word-line delay")
    w_conf_east = Field(WConf, bits("15:8", 1), doc="higher = shorter word-line delay")
    wait_ctr_clear = Field(WaitCtrClear, bits("2:0", 2))


class SynapseBiasSelection(
    Container,
    at=halco.SynapseBiasSelectionOnDLS,
    address=Address.region(addresses.SYNAPSE_BIAS_SELECTION),
    unreadable_on=(
        "hardware",
        "simulation",
    ),
):
    """Choice between on-chip and external bias for the synapses, by quadrant."""

    bias_selection_type = typed_array(bool, halco.CapMemBlockOnDLS)

    enable_internal_dac_bias = ArrayField(
        bias_selection_type,
        lanes((7, 3, 15, 11)),
        default=1,
        serial="m_int_dac_bias",
    )
    enable_internal_ramp_bias = ArrayField(
        bias_selection_type,
        lanes((6, 2, 14, 10)),
        default=1,
        serial="m_int_ramp_bias",
    )
    enable_internal_store_bias = ArrayField(
        bias_selection_type,
        lanes((5, 1, 13, 9)),
        default=1,
        serial="m_int_store_bias",
    )
    enable_internal_output_bias = ArrayField(
        bias_selection_type,
        lanes((4, 0, 12, 8)),
        default=1,
        serial="m_int_output_bias",
    )


class ColumnCorrelationQuad(
    DifferentialWriteTrait,
    Container,
    at=halco.ColumnCorrelationQuadOnDLS,
    address=_switches(
        (addresses.SYNAPSE_RAW, 2 * (_SWITCH_ROW + 1)),
        (addresses.SYNAPSE_RAW, 2 * (_SWITCH_ROW + 1) + 1),
        (addresses.SYNAPSE_WEIGHT, _SWITCH_ROW),
        (addresses.SYNAPSE_LABEL, _SWITCH_ROW),
    ),
):
    """Correlation switches of four neighbouring columns."""

    class ColumnCorrelationSwitch(Structure):
        """Correlation switches of one column."""

        enable_internal_causal = Field(bool, bits(6))
        enable_internal_acausal = Field(bool, bits(7))
        enable_debug_causal = Field(bool, bits(6, 1))
        enable_debug_acausal = Field(bool, bits(7, 1))
        enable_cadc_neuron_readout_causal = Field(bool, bits(5, 2))
        enable_cadc_neuron_readout_acausal = Field(bool, bits(5, 3))

    _switch = ArrayField(
        typed_array(ColumnCorrelationSwitch, halco.EntryOnQuad),
        moves=_FIRST_BYTE,
        serial="m_switches",
    )

    get_switch, set_switch = indexed(_switch, "switch", ("correlation_switch", "value"))


class ColumnCurrentQuad(
    DifferentialWriteTrait,
    Container,
    at=halco.ColumnCurrentQuadOnDLS,
    address=_switches(
        (addresses.SYNAPSE_EVEN_2MSB, _SWITCH_ROW), (addresses.SYNAPSE_ODD_2MSB, _SWITCH_ROW)
    ),
):
    """Switches of the synaptic currents of four neighbouring columns."""

    class ColumnCurrentSwitch(Structure):
        """Switches of the synaptic currents of one column."""

        enable_synaptic_current_excitatory = Field(bool, bits(0))
        enable_synaptic_current_inhibitory = Field(bool, bits(1))
        enable_debug_excitatory = Field(bool, bits(0, 1))
        enable_debug_inhibitory = Field(bool, bits(1, 1))

    _switch = ArrayField(
        typed_array(ColumnCurrentSwitch, halco.EntryOnQuad), moves=_FIRST_BYTE, serial="m_switches"
    )

    get_switch, set_switch = indexed(_switch, "switch", ("current_switch", "value"))
