# SPDX-License-Identifier: Apache-2.0
"""Analog parameter memory and the reference generator.

Source of the facts: reference of the containers.
"""

from typing import Any

import numpy as np

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import ArrayField, Container, DifferentialWriteTrait, Field, variant
from hal.haldls.kinds import SmallEnumeration, number_of
from hal.haldls.layout import Address, Digit, bits, lanes

__all__ = ["CapMemBlock", "CapMemBlockConfig", "CapMemCell", "ReferenceGeneratorConfig"]


_CELL = Address.at(
    addresses.CAPMEM.bases[0],
    digits=(
        Digit.blocks(addresses.CAPMEM),
        Digit(addresses.CAPMEM.words, 1),
        Digit(addresses.CAPMEM.count, addresses.CAPMEM.stride),
    ),
)
"""Cells are numbered row by row; in the memory a row is a word of a column's entry."""


class CapMemCell(
    DifferentialWriteTrait,
    Container,
    at=halco.CapMemCellOnDLS,
    address=_CELL,
    arguments=("value",),
    serial_prefix="",
):
    """One analog parameter: a code, or no refresh at all."""

    class Value(Ranged, max=1022):
        """Code of the analog value."""

    class DisableRefresh(Ranged, min=1023, max=1023, implicit=False):
        """The code that stops the refresh of the cell."""

    value_type = variant("value_type", Value, DisableRefresh)

    value: Field[Any] = Field(value_type, bits("9:0"))


class CapMemBlock(
    DifferentialWriteTrait,
    Container,
    at=halco.CapMemBlockOnDLS,
    address=Address(
        tuple(_CELL.of(range(halco.CapMemCellOnCapMemBlock.size)).ravel().tolist()),
        _CELL.digits[:1],
    ),
    part=CapMemCell,
):
    """All analog parameters of one quadrant."""

    _cell = ArrayField(
        typed_array(CapMemCell, halco.CapMemCellOnCapMemBlock), serial="m_capmem_cells"
    )

    def get_cell(self, cell: halco.CapMemCellOnCapMemBlock) -> Any:
        """The value of a cell, `CapMemCell.Value` or `CapMemCell.DisableRefresh`."""
        return CapMemCell.value_type._make(int(type(self)._cell.element(self, cell)[0]))

    def set_cell(self, cell: halco.CapMemCellOnCapMemBlock, value: Any) -> None:
        """Set the value of a cell."""
        type(self)._cell.element(self, cell)[0] = number_of(CapMemCell.value_type, value)


_ROW_BITS = 24
"""Bits of the debug row register; row 0 is the highest one."""


class CapMemBlockConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.CapMemBlockConfigOnDLS,
    address=Address.region(addresses.CAPMEM_CONFIG),
    unreadable_on=("hardware",),
):
    """Refresh, boost and debug readout of the analog parameters of one quadrant.

    Words 0 and 1 select the cell of the debug readout: one bit for the row, counted from the
    top, and the column; both are 0 while the readout is off.
    """

    class VRefSelect(SmallEnumeration):
        """Which reference voltage the debug line shows."""

        disabled = 0
        v_ref_v = 1
        v_ref_i = 2

    class IOutSelect(SmallEnumeration):
        """Which current the debug line shows."""

        disabled = 0
        i_out_mux = 1
        i_out_ramp = 2

    class OutAmpBias(Ranged, max=15):
        """Bias of the output amplifier of the debug readout."""

    class SourceFollowerBias(Ranged, max=15):
        """Bias of the source follower of the debug readout."""

    class LevelShifterBias(Ranged, max=15):
        """Bias of the level shifter of the debug readout."""

    class VGlobalBias(Ranged, max=15):
        """Bias of the voltage cells."""

    class CurrentCellRes(Ranged, max=63):
        """Resistance setting of the current cells."""

    class BoostFactor(Ranged, max=15):
        """Length of the boost phase."""

    class PrescalePause(Ranged, max=6):
        """Prescaler of the pause: the counter runs at the clock over 2**value."""

    class PrescaleRamp(Ranged, max=6):
        """Prescaler of the ramp: the counter runs at the clock over 2**value."""

    class SubCounter(Ranged, max=65535):
        """Length of one step of the ramp, in cycles."""

    class PauseCounter(Ranged, max=(1 << 32) - 1):
        """Pause between two refresh rounds, in cycles."""

    class PulseA(Ranged, max=65535):
        """Begin of the write pulse within a step, in cycles."""

    class PulseB(Ranged, max=65535):
        """End of the write pulse within a step, in cycles."""

    class BoostA(Ranged, max=65535):
        """Begin of the write pulse within a step of the boost phase, in cycles."""

    class BoostB(Ranged, max=65535):
        """End of the write pulse within a step of the boost phase, in cycles."""

    enable_capmem = Field(bool, bits(16, 6), default=True)
    debug_readout_enable = Field(bool)
    debug_capmem_coord = Field(
        halco.CapMemCellOnCapMemBlock,
        doc="not stored while debug_readout_enable is false",
    )
    debug_v_ref_select = Field(VRefSelect, bits("1:0", 2))
    debug_i_out_select = Field(IOutSelect, bits("1:0", 5))
    debug_out_amp_bias = Field(OutAmpBias, bits("15:12", 3), default=7)
    debug_source_follower_bias = Field(SourceFollowerBias, bits("11:8", 3), default=3)
    debug_level_shifter_bias = Field(LevelShifterBias, bits("7:4", 3), default=3)
    v_global_bias = Field(VGlobalBias, bits("3:0", 3), default=7)
    current_cell_res = Field(CurrentCellRes, bits("5:0", 4), default=8)
    enable_boost = Field(bool, bits(17, 6))
    boost_factor = Field(BoostFactor, bits("31:28", 6))
    enable_autoboost = Field(bool, bits(18, 6))
    prescale_pause = Field(
        PrescalePause,
        bits("26:24", 6),
        default=3,
        doc="power-of-two prescaler, at most 6",
    )
    prescale_ramp = Field(
        PrescaleRamp,
        bits("22:20", 6),
        default=3,
        doc="power-of-two prescaler, at most 6",
    )
    sub_counter = Field(SubCounter, bits("15:0", 6), default=16, doc="cycles")
    pause_counter = Field(
        PauseCounter,
        bits("31:0", 9),
        default=8096,
        doc="cycles between refresh rounds",
    )
    pulse_a = Field(PulseA, bits("31:16", 7), default=4, doc="cycles")
    pulse_b = Field(PulseB, bits("15:0", 7), default=7, doc="cycles")
    boost_a = Field(BoostA, bits("31:16", 8), doc="cycles")
    boost_b = Field(BoostB, bits("15:0", 8), doc="cycles")

    @classmethod
    def _pack(cls, slots: Any, number: Any) -> list[Any]:
        words = super()._pack(slots, number)
        enable = slots[cls.debug_readout_enable.offset]
        row, column = cls._row_and_column(slots[cls.debug_capmem_coord.offset])
        words[0] = enable * (1 << (_ROW_BITS - 1 - row))
        words[1] = enable * column
        return words

    @classmethod
    def _unpack(cls, words: Any, number: Any) -> list[Any]:
        slots = super()._unpack(words, number)
        selected = words[0] % (1 << _ROW_BITS)
        highest = np.floor(np.log2(np.maximum(selected, 1))).astype(np.int64)
        cell = halco.CapMemCellOnCapMemBlock
        column = words[1] * (selected != 0)
        if np.any(np.asarray(column) > cell.x_type.max):
            raise OverflowError(
                f"CapMemBlockConfig.debug_capmem_coord: column {np.max(column)} > "
                f"max({cell.x_type.max})"
            )
        row = _ROW_BITS - 1 - highest
        slots[cls.debug_readout_enable.offset] = (selected != 0) * 1
        slots[cls.debug_capmem_coord.offset] = (row * cell.x_type.size + column) * (selected != 0)
        return slots

    @staticmethod
    def _row_and_column(number: Any) -> tuple[Any, Any]:
        row, column = divmod(number, halco.CapMemCellOnCapMemBlock.x_type.size)
        return row, column


class ReferenceGeneratorConfig(
    Container,
    at=halco.ReferenceGeneratorConfigOnDLS,
    address=Address.region(addresses.REFERENCE_GENERATOR),
    stored=(
        "capmem_amplifier",
        "enable_internal_reference",
        "enable_reference_output",
        "enable_reference_input",
        "capmem_amplifier",
        "capmem_offset",
        "capmem_slope",
        "reference_control",
        "resistor_control",
        "enable_reset",
    ),
):
    """Reference current generator and the reference inputs of the analog parameter memories."""

    class CapMemAmplifier(Ranged, max=63, bits=8, default=40):
        """Bias of the output amplifier of one quadrant."""

    class CapMemOffset(Ranged, max=63, bits=8, default=1):
        """Offset of the ramp of one quadrant."""

    class CapMemSlope(Ranged, max=63, bits=8, default=11):
        """Slope of the ramp of one quadrant."""

    class ReferenceControl(Ranged, max=63, bits=8, default=10):
        """Setting of the reference current."""

    class ResistorControl(Ranged, max=63, bits=8, default=40):
        """Setting of the reference resistor."""

    capmem_amplifier_type = typed_array(CapMemAmplifier, halco.CapMemBlockOnDLS)
    capmem_offset_type = typed_array(CapMemOffset, halco.CapMemBlockOnDLS)
    capmem_slope_type = typed_array(CapMemSlope, halco.CapMemBlockOnDLS)

    capmem_amplifier = ArrayField(
        capmem_amplifier_type,
        lanes((0, 6, 0, 6), 6, (3, 3, 4, 4)),
        default=40,
    )
    enable_internal_reference = Field(bool, bits(12), default=True)
    enable_reference_output = Field(bool, bits(13))
    enable_reference_input = Field(bool, bits(14))
    capmem_offset = ArrayField(capmem_offset_type, lanes((0, 6, 0, 6), 6, (5, 5, 6, 6)), default=1)
    capmem_slope = ArrayField(capmem_slope_type, lanes((0, 6, 0, 6), 6, (7, 7, 8, 8)), default=11)
    reference_control = Field(ReferenceControl, bits("11:6", 1))
    resistor_control = Field(ResistorControl, bits("5:0", 2))
    enable_reset = Field(bool, bits(15))
