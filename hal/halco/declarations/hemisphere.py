# SPDX-License-Identifier: Apache-2.0
"""What exists once per hemisphere of the chip converts into each other: top to top."""

from hal.halco.conversion import Convertible, same

TOP_BOTTOM = {"top": 0, "bottom": 1}


class PerHemisphere(
    Convertible,
    to=same(
        "CADCConfigOnDLS",
        "ColumnCorrelationRowOnDLS",
        "ColumnCurrentRowOnDLS",
        "CommonCorrelationConfigOnDLS",
        "CommonPADIBusConfigOnDLS",
        "CommonSTPConfigOnDLS",
        "CommonSynapseDriverConfigOnDLS",
        "CommonSynramConfigOnDLS",
        "HemisphereOnDLS",
        "NeuronRowOnDLS",
        "PADIBusBlockOnDLS",
        "PADIEventOnDLS",
        "PPUControlRegisterOnDLS",
        "PPUMemoryOnDLS",
        "PPUOnDLS",
        "PPUStatusRegisterOnDLS",
        "SynapseBlockOnDLS",
        "SynapseCorrelationCalibMatrixOnDLS",
        "SynapseDriverBlockOnDLS",
        "SynapseDriverSRAMTimingConfigOnDLS",
        "SynapseLabelMatrixOnDLS",
        "SynapseWeightMatrixOnDLS",
        "SynramOnDLS",
        "VectorGeneratorControlOnFPGA",
        "VectorGeneratorFIFOWordOnFPGA",
        "VectorGeneratorLUTOnFPGA",
        "VectorGeneratorNotificationAddressOnFPGA",
        "VectorGeneratorOnFPGA",
    ),
):
    """Conversions between the types that count the two hemispheres."""

    __slots__ = ()

    size = 2
