# SPDX-License-Identifier: Apache-2.0
"""Column converter.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import FPGA, ArrayField, Container, Field, indexed
from hal.haldls.layout import Address, Digit, biased, bits, lanes

__all__ = ["CADCChannelConfig", "CADCConfig", "CADCSampleQuad"]


_OFFSETS = Address.at(
    addresses.CADC_OFFSET.bases[0],
    digits=(
        Digit(2, addresses.CADC_OFFSET.bases[2] - addresses.CADC_OFFSET.bases[0]),
        Digit(2, 1),
        Digit(2, addresses.CADC_OFFSET.bases[1] - addresses.CADC_OFFSET.bases[0]),
        Digit(addresses.CADC_OFFSET.count // 2, 2),
    ),
)
"""By hemisphere, type, half and column: causal and acausal channels alternate."""

_SAMPLES = Address.at(
    addresses.CADC_CAUSAL_SAMPLE.bases[0],
    digits=(
        Digit.blocks(addresses.CADC_CAUSAL_SAMPLE),
        Digit(2, 1 << addresses.CADC_BUFFERED_BIT),
        Digit(2, addresses.CADC_ACAUSAL_SAMPLE.bases[0] - addresses.CADC_CAUSAL_SAMPLE.bases[0]),
        Digit(addresses.CADC_CAUSAL_SAMPLE.count, 1),
    ),
)
"""By hemisphere, triggering or buffered, type and quad."""


class CADCChannelConfig(
    Container,
    at=halco.CADCChannelConfigOnDLS,
    address=_OFFSETS,
    unreadable_on=("hardware",),
):
    """Offset of one channel of the column converter."""

    class Offset(Ranged, min=-128, max=127):
        """Offset that is added to each sample."""

    offset = Field(Offset, bits("7:0"), code=biased(8, 128), unit="samples")


class CADCConfig(
    Container,
    at=halco.CADCConfigOnDLS,
    address=Address.region(addresses.CADC_CONFIG),
):
    """Timing of the column converters of one hemisphere."""

    class ResetWait(Ranged, max=255, default=100):
        """Wait between reset and ramp, in cycles."""

    class DeadTime(Ranged, max=255, default=20):
        """Wait between two conversions, in cycles."""

    enable = Field(bool, bits(0))
    reset_wait = Field(ResetWait, bits("11:4"), doc="cycles")
    dead_time = Field(DeadTime, bits("19:12"), doc="cycles")


class CADCSampleQuad(
    Container,
    at=halco.CADCSampleQuadOnDLS,
    address=_SAMPLES,
    backends=FPGA,
    access="r",
):
    """Samples of four neighbouring columns of the column converter.

    Entry 0 in the top byte; 8-bit offset-corrected samples; reading an address with the
    causal/acausal and the trigger/buffered selection of the coordinate triggers or re-reads
    the conversion.
    """

    class Value(Ranged, max=255):
        """Sample, offset corrected."""

    _sample = ArrayField(
        typed_array(Value, halco.EntryOnQuad),
        lanes(range(24, -1, -8), 8),
        serial="m_samples",
    )

    get_sample, set_sample = indexed(_sample, "sample")
