# SPDX-License-Identifier: Apache-2.0
"""Supplies and references of the cube base board: all channels of its two converters."""

from typing import Any, ClassVar

from hal import halco
from hal.fisch.access import Backend
from hal.halco.arrays import typed_array
from hal.haldls import DACChannel, DACControl
from hal.haldls.declaration import ArrayField
from hal.lola.composed import Composed, Part
from hal.lola.places import several

__all__ = ["DACChannelBlock", "DACControlBlock"]

_Channel = halco.DACChannelOnBoard
_FULL_SCALE = 4095
_REFERENCES = {
    **dict.fromkeys(("v_reset", "v_res_meas", "mux_rfu_0", "mux_rfu_1"), 1.2),
    **dict.fromkeys(("i_ref_board", "ana_readout_debug_0", "ana_readout_debug_1"), 2.5),
    "mux_dac_25": 2.5,
}
"""Voltage of the largest value, for the channels that are no supply (reference: hal, 17)."""


class DACChannelBlock(
    Composed,
    at=halco.DACChannelBlockOnBoard,
    backends=(Backend.SPIDACDataRegister,),
    access="w",
):
    """Values of all channels."""

    Value = DACChannel.Value
    default_ldo_1: ClassVar["DACChannelBlock"]
    """Supply settings for the first kind of regulators."""
    default_ldo_2: ClassVar["DACChannelBlock"]
    """Supply settings for the second kind of regulators."""

    _value_type = typed_array(DACChannel.Value, _Channel)

    value = ArrayField(_value_type)

    _parts = (Part(DACChannel, several(_Channel.size), fields={"value": "value"}),)

    @staticmethod
    def _reference(coord: Any) -> float:
        for name, reference in _REFERENCES.items():
            if coord == getattr(_Channel, name):
                return reference
        raise ValueError(
            f"{coord} has no voltage of its own, as it sets a supply; channels with one: "
            f"{', '.join(_REFERENCES)}"
        )

    def set_voltage(self, coord: Any, voltage: float) -> None:
        """Set a channel to a voltage in V.

        :raises ValueError: for a channel that sets a supply.
        :raises OverflowError: above the reference voltage of the channel.
        """
        value = int(voltage / self._reference(coord) * _FULL_SCALE)
        self.value[coord] = DACChannel.Value(value)

    def get_voltage(self, coord: Any) -> float:
        """Voltage of a channel in V. :raises ValueError: for a channel that sets a supply."""
        return int(self.value[coord]) / _FULL_SCALE * self._reference(coord)


def _preset(**values: int) -> DACChannelBlock:
    block = DACChannelBlock()
    for name, value in values.items():
        block.value[getattr(_Channel, name)] = DACChannel.Value(value)
    return block


DACChannelBlock.default_ldo_1 = _preset(
    vdd25_digital=275,
    vdd12_digital=315,
    vdd25_analog=275,
    vdd12_analog=315,
    vdd12_madc=440,
    vdd12_pll=440,
)
DACChannelBlock.default_ldo_2 = _preset(
    vdd25_digital=608,
    vdd12_digital=2090,
    vdd25_analog=608,
    vdd12_analog=1630,
    vdd12_madc=440,
    vdd12_pll=440,
)


class DACControlBlock(
    Composed,
    at=halco.DACControlBlockOnBoard,
    backends=(Backend.SPIDACControlRegister,),
    access="w",
):
    """Enables of all channels."""

    _enable_type = typed_array(bool, _Channel)

    enable = ArrayField(_enable_type, default=1)

    _parts = (
        Part(DACControl, several(halco.DACOnBoard.size), fields={"enable_channel": "enable"}),
    )
