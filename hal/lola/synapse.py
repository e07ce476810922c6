# SPDX-License-Identifier: Apache-2.0
"""Synapses by rows and matrices, and the rows of their column switches.

Source of the facts: reference of the composed containers.
"""

from typing import Any

from hal import halco
from hal.halco.arrays import typed_array
from hal.haldls import (
    CapMemCell,
    ColumnCorrelationQuad,
    CommonPADIBusConfig,
    CommonSTPConfig,
    CorrelationReset,
    SynapseCorrelationCalibQuad,
    SynapseDriverConfig,
    SynapseLabelQuad,
    SynapseQuad,
    SynapseWeightQuad,
)
from hal.haldls.arrays import kind_array
from hal.haldls.declaration import (
    CHIP,
    ArrayField,
    DifferentialWriteTrait,
    Field,
    GroupField,
)
from hal.lola.composed import Composed, Part
from hal.lola.places import (
    QUADS,
    block_cells,
    by_quad,
    chip_cells,
    matrix_by_quad,
    same,
    several,
)

__all__ = [
    "ColumnCorrelationRow",
    "CorrelationResetRow",
    "SynapseBlock",
    "SynapseCorrelationCalibMatrix",
    "SynapseCorrelationCalibRow",
    "SynapseDriverBlock",
    "SynapseLabelMatrix",
    "SynapseLabelRow",
    "SynapseMatrix",
    "SynapseRow",
    "SynapseWeightMatrix",
    "SynapseWeightRow",
]

_QUADS_OF_MATRIX = QUADS * halco.SynapseRowOnSynram.size


def _row(kind: Any) -> Any:
    return typed_array(kind, halco.SynapseOnSynapseRow)


def _matrix(kind: Any) -> Any:
    return typed_array(_row(kind), halco.SynapseRowOnSynram)


class SynapseWeightRow(
    DifferentialWriteTrait, Composed, at=halco.SynapseWeightRowOnDLS, backends=CHIP
):
    """Weights of a row of synapses."""

    Value = SynapseWeightQuad.Value
    _values_type = _row(Value)

    values = ArrayField(_values_type)

    _parts = (Part(SynapseWeightQuad, several(QUADS), fields={"values": by_quad("values")}),)


class SynapseLabelRow(
    DifferentialWriteTrait, Composed, at=halco.SynapseLabelRowOnDLS, backends=CHIP
):
    """Labels of a row of synapses."""

    Value = SynapseLabelQuad.Value
    _values_type = _row(Value)

    values = ArrayField(_values_type)

    _parts = (Part(SynapseLabelQuad, several(QUADS), fields={"values": by_quad("values")}),)


class SynapseCorrelationCalibRow(
    DifferentialWriteTrait, Composed, at=halco.SynapseCorrelationCalibRowOnDLS, backends=CHIP
):
    """Correlation calibration of a row of synapses."""

    TimeCalib = SynapseCorrelationCalibQuad.TimeCalib
    AmpCalib = SynapseCorrelationCalibQuad.AmpCalib
    _time_calibs_type = _row(TimeCalib)
    _amp_calibs_type = _row(AmpCalib)

    time_calibs = ArrayField(_time_calibs_type)
    amp_calibs = ArrayField(_amp_calibs_type)

    _parts = (
        Part(
            SynapseCorrelationCalibQuad,
            several(QUADS),
            fields={name: by_quad(name) for name in ("time_calibs", "amp_calibs")},
        ),
    )


_MEMBERS = ("weights", "labels", "time_calibs", "amp_calibs")


class SynapseRow(DifferentialWriteTrait, Composed, at=halco.SynapseRowOnDLS, backends=CHIP):
    """A row of synapses."""

    Weight = SynapseQuad.Weight
    Label = SynapseQuad.Label
    TimeCalib = SynapseQuad.TimeCalib
    AmpCalib = SynapseQuad.AmpCalib
    _weights_type = _row(Weight)
    _labels_type = _row(Label)
    _time_calibs_type = _row(TimeCalib)
    _amp_calibs_type = _row(AmpCalib)

    weights = ArrayField(_weights_type)
    labels = ArrayField(_labels_type)
    time_calibs = ArrayField(_time_calibs_type)
    amp_calibs = ArrayField(_amp_calibs_type)

    _parts = (Part(SynapseQuad, several(QUADS), fields={n: by_quad(n) for n in _MEMBERS}),)


class SynapseWeightMatrix(
    DifferentialWriteTrait, Composed, at=halco.SynapseWeightMatrixOnDLS, backends=CHIP
):
    """Weights of all synapses of a hemisphere."""

    Value = SynapseWeightQuad.Value
    _row_type = _row(Value)
    _values_type = _matrix(Value)

    values = ArrayField(_values_type)

    _parts = (
        Part(
            SynapseWeightQuad,
            several(_QUADS_OF_MATRIX),
            fields={"values": matrix_by_quad("values")},
        ),
    )


class SynapseLabelMatrix(
    DifferentialWriteTrait, Composed, at=halco.SynapseLabelMatrixOnDLS, backends=CHIP
):
    """Labels of all synapses of a hemisphere."""

    Value = SynapseLabelQuad.Value
    _row_type = _row(Value)
    _values_type = _matrix(Value)

    values = ArrayField(_values_type)

    _parts = (
        Part(
            SynapseLabelQuad, several(_QUADS_OF_MATRIX), fields={"values": matrix_by_quad("values")}
        ),
    )


class SynapseCorrelationCalibMatrix(
    DifferentialWriteTrait, Composed, at=halco.SynapseCorrelationCalibMatrixOnDLS, backends=CHIP
):
    """Correlation calibration of all synapses of a hemisphere."""

    TimeCalib = SynapseCorrelationCalibQuad.TimeCalib
    AmpCalib = SynapseCorrelationCalibQuad.AmpCalib
    _time_calibs_row_type = _row(TimeCalib)
    _amp_calibs_row_type = _row(AmpCalib)
    _time_calibs_type = _matrix(TimeCalib)
    _amp_calibs_type = _matrix(AmpCalib)

    time_calibs = ArrayField(_time_calibs_type)
    amp_calibs = ArrayField(_amp_calibs_type)

    _parts = (
        Part(
            SynapseCorrelationCalibQuad,
            several(_QUADS_OF_MATRIX),
            fields={name: matrix_by_quad(name) for name in ("time_calibs", "amp_calibs")},
        ),
    )


class SynapseMatrix(DifferentialWriteTrait, Composed, at=halco.SynramOnDLS, backends=CHIP):
    """All synapses of a hemisphere."""

    Weight = SynapseQuad.Weight
    Label = SynapseQuad.Label
    TimeCalib = SynapseQuad.TimeCalib
    AmpCalib = SynapseQuad.AmpCalib
    _weights_row_type = _row(Weight)
    _labels_row_type = _row(Label)
    _time_calibs_row_type = _row(TimeCalib)
    _amp_calibs_row_type = _row(AmpCalib)
    _weights_type = _matrix(Weight)
    _labels_type = _matrix(Label)
    _time_calibs_type = _matrix(TimeCalib)
    _amp_calibs_type = _matrix(AmpCalib)

    weights = ArrayField(_weights_type)
    labels = ArrayField(_labels_type)
    time_calibs = ArrayField(_time_calibs_type)
    amp_calibs = ArrayField(_amp_calibs_type)

    _parts = (
        Part(
            SynapseQuad, several(_QUADS_OF_MATRIX), fields={n: matrix_by_quad(n) for n in _MEMBERS}
        ),
    )


class CorrelationResetRow(Composed, at=halco.CorrelationResetRowOnDLS, backends=CHIP, access="w"):
    """Resets the correlation sensors of a row when written."""

    _parts = (Part(CorrelationReset, several(QUADS)),)


class ColumnCorrelationRow(
    DifferentialWriteTrait, Composed, at=halco.ColumnCorrelationRowOnDLS, backends=CHIP
):
    """Correlation switches of all columns of a hemisphere."""

    Value = ColumnCorrelationQuad.ColumnCorrelationSwitch
    Values = _row(Value)

    values = ArrayField(Values)

    _parts = (Part(ColumnCorrelationQuad, several(QUADS), fields={"switch": by_quad("values")}),)


_PerBlock = kind_array(CapMemCell.value_type, halco.CapMemBlockOnHemisphere)
_SHARED = (
    "stp_v_charge_0",
    "stp_v_charge_1",
    "stp_v_recover_0",
    "stp_v_recover_1",
    "stp_i_bias_comparator",
    "stp_i_ramp",
    "stp_i_calib",
)


class SynapseDriverBlock(Composed, at=halco.SynapseDriverBlockOnDLS, backends=CHIP):
    """The synapse drivers of a hemisphere with what they share."""

    SynapseDrivers = typed_array(SynapseDriverConfig, halco.SynapseDriverOnSynapseDriverBlock)
    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh

    synapse_drivers = ArrayField(SynapseDrivers)
    padi_bus = GroupField(CommonPADIBusConfig)
    stp = GroupField(CommonSTPConfig)
    stp_v_charge_0 = ArrayField(_PerBlock)
    stp_v_charge_1 = ArrayField(_PerBlock)
    stp_v_recover_0 = ArrayField(_PerBlock)
    stp_v_recover_1 = ArrayField(_PerBlock)
    stp_i_bias_comparator = ArrayField(_PerBlock)
    stp_i_ramp = ArrayField(_PerBlock)
    stp_i_calib = ArrayField(_PerBlock)
    stp_i_bias_readout: Field[Any] = Field(CapMemCell.value_type)
    hagen_i_bias_dac: Field[Any] = Field(CapMemCell.value_type)

    _parts = (
        Part(SynapseDriverConfig, several(SynapseDrivers.size), "synapse_drivers"),
        Part(CommonPADIBusConfig, same, "padi_bus"),
        Part(CommonSTPConfig, same, "stp"),
        block_cells(_PerBlock.size, dict(zip(_SHARED, _SHARED, strict=True))),
        chip_cells(
            {
                ("stp_ibias_readout_top", "stp_ibias_readout_bottom"): "stp_i_bias_readout",
                ("hagen_ibias_dac_top", "hagen_ibias_dac_bottom"): "hagen_i_bias_dac",
            }
        ),
    )


class SynapseBlock(Composed, at=halco.SynapseBlockOnDLS, backends=CHIP):
    """The synapses of a hemisphere with their bias currents."""

    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh
    Matrix = SynapseMatrix

    matrix = GroupField(SynapseMatrix)
    i_bias_dac = ArrayField(_PerBlock, default=1022)

    _parts = (
        Part(SynapseMatrix, same, "matrix"),
        block_cells(_PerBlock.size, {"syn_i_bias_dac": "i_bias_dac"}),
    )
