# SPDX-License-Identifier: Apache-2.0
"""The chip's JTAG: instructions, register lengths, identity, numbering of PLL and PHY registers.

Source of the facts: reference of the FPGA interface, section 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["IDCODE", "IDCODES", "INSTRUCTIONS", "Instruction", "constants", "phy_instruction"]

IR_WIDTH = 7
"""Bits of the instruction register; shifted least significant bit first."""
IDCODE = 0x348580AF
"""Identity of chip revision 3: version [31:28], part [27:12], manufacturer [11:1], 1."""
IDCODES = {1: 0x048580AF, 2: 0x248580AF, 3: IDCODE, 4: 0x448590AF}
"""Identity by chip revision."""
ANSWER_WIDTH = 33
"""Bits of an answer, also the longest scan."""
SHORTEST_SCAN = 3


@dataclass(frozen=True, slots=True)
class Instruction:
    """A value of the instruction register and the length of the data register it selects.

    `dr_width` is 0 where the data register is not used by anyone.
    """

    name: str
    ir: int
    dr_width: int


EXTEST = Instruction("extest", 0x00, 0)
IDENTITY = Instruction("idcode", 0x01, 32)
"""Selected after a reset of the TAP."""
SAMPLE_PRELOAD = Instruction("sample_preload", 0x02, 0)
PLL_TARGET_REG = Instruction("pll_target_reg", 0x03, 4)
SHIFT_PLL = Instruction("shift_pll", 0x04, 32)
OMNIBUS_ADDRESS = Instruction("omnibus_address", 0x05, 33)
OMNIBUS_ADDRESS_READ_BIT = 32
OMNIBUS_DATA = Instruction("omnibus_data", 0x06, 32)
OMNIBUS_REQUEST = Instruction("omnibus_request", 0x07, 3)
PHY_CONFIG = Instruction("phy_config", 0x44, 22)
"""PHY register 0; register p is `ir + (p << PHY_SHIFT)`."""
BYPASS = Instruction("bypass", 0x7F, 1)

INSTRUCTIONS = (
    EXTEST,
    IDENTITY,
    SAMPLE_PRELOAD,
    PLL_TARGET_REG,
    SHIFT_PLL,
    OMNIBUS_ADDRESS,
    OMNIBUS_DATA,
    OMNIBUS_REQUEST,
    PHY_CONFIG,
    BYPASS,
)

PHY_COUNT = 8
PHY_SHIFT = 3
"""The PHY's number is bits [5:3] of the instruction."""

PLL_COUNT = 8
PLL_ADPLL = ((0, 1), (2, 3))
"""PLL registers of the two ADPLLs; all of them are on the Omnibus as well, in the same order."""
PLL_CLOCK_OUTPUT_BLOCK = 4
PLL_SELF_TEST = 5
PLL_SELF_TEST_STATUS = 7
"""Read only."""


def phy_instruction(register: int) -> int:
    """Instruction that selects a PHY register; chip PHY i is register `PHY_COUNT - 1 - i`.

    :raises OverflowError: unless 0 <= register < 8.
    """
    if not 0 <= register < PHY_COUNT:
        raise OverflowError(f"JTAG PHY register {register} is out of range [0, {PHY_COUNT - 1}]")
    return PHY_CONFIG.ir + (register << PHY_SHIFT)


def constants() -> Mapping[str, int | tuple[int, int]]:
    """Named constants for Verilog and C: `<Name>Ir`, `<Name>DrWidth` and the numbers above."""
    table: dict[str, int | tuple[int, int]] = {
        "IrWidth": IR_WIDTH,
        "Idcode": (32, IDCODE),
        "AnswerWidth": ANSWER_WIDTH,
        "ShortestScan": SHORTEST_SCAN,
        "OmnibusAddressReadBit": OMNIBUS_ADDRESS_READ_BIT,
        "PhyCount": PHY_COUNT,
        "PhyShift": PHY_SHIFT,
        "PllCount": PLL_COUNT,
        "PllClockOutputBlock": PLL_CLOCK_OUTPUT_BLOCK,
        "PllSelfTest": PLL_SELF_TEST,
        "PllSelfTestStatus": PLL_SELF_TEST_STATUS,
    }
    for i in INSTRUCTIONS:
        name = "".join(part.capitalize() for part in i.name.split("_"))
        table[f"{name}Ir"] = (IR_WIDTH, i.ir)
        table[f"{name}DrWidth"] = i.dr_width
    return table
