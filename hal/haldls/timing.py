# SPDX-License-Identifier: Apache-2.0
"""Timer of the playback program, and system time.

Source of the facts: reference of the containers.
"""

from typing import Any, ClassVar

import numpy as np

from hal import halco
from hal.fisch import addresses
from hal.fisch.access import Backend, WordAccess
from hal.halco.numbers import Ranged, Unbounded
from hal.haldls.declaration import FPGA, BlockUntil, Container, Field
from hal.haldls.layout import Address, bits

__all__ = [
    "FPGASystimeSyncActiveState",
    "FPGASystimeSyncLastAsicSystime",
    "FPGASystimeSyncLastRTT",
    "FPGASystimeSyncNumRetries",
    "InstructionTimeoutConfig",
    "SystimeCorrectionBarrierConfig",
    "SystimeSync",
    "SystimeSyncBase",
    "Timer",
    "chip_reset_high_duration",
    "chip_reset_low_duration",
    "jboa_dac_settling_duration",
    "jboa_powerup_settling_duration",
    "pll_and_omnibus_settling_duration",
    "reference_generator_reset_duration",
    "xboard_dac_settling_duration",
]


class Timer(
    Container,
    at=halco.TimerOnDLS,
    address=Address.at(0),
    backends=(Backend.Timer,),
    arguments=("value",),
):
    """Timer of the playback program; any write resets it to 0, a read gives its value."""

    class Value(Unbounded, BlockUntil, bits=32):
        """FPGA cycles of 8 ns; as a condition: wait until the timer is at least this."""

        fpga_clock_cycles_per_us: ClassVar["Timer.Value"]
        """Cycles of a microsecond."""

        def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
            """The access that waits for this time; there is only one backend.

            :raises RuntimeError: for anything but the timer.
            """
            Timer._number(coord)
            words = np.array([self.value()], dtype=np.uint32)
            return WordAccess(Backend.WaitUntil, np.zeros(1, dtype=np.uint32), words)

    _value = Field(Value, bits("31:0"))

    @classmethod
    def _pack(cls, slots: Any, number: Any) -> list[Any]:
        return [slots[0] * 0]

    def set(self, value: Value | int) -> None:
        """Set the value; it has no effect on a write."""
        self._value = value

    def get(self) -> Value:
        """The value, after a read that of the timer."""
        return self._value


Timer.Value.fpga_clock_cycles_per_us = Timer.Value(125)

pll_and_omnibus_settling_duration = Timer.Value(12_500)
"""From writing the PLLs until the Omnibus of the chip works."""
xboard_dac_settling_duration = Timer.Value(125_000)
"""From writing the supply voltages of the cube base board until they are stable."""
jboa_dac_settling_duration = Timer.Value(62_500)
"""From writing the supply voltages of the jBOA until they are stable."""
jboa_powerup_settling_duration = Timer.Value(375_000)
"""From switching the supplies of the jBOA on until they are stable."""
chip_reset_high_duration = Timer.Value(10)
"""How long the reset line is asserted."""
chip_reset_low_duration = Timer.Value(100)
"""From the release of the reset line until the chip is used."""
reference_generator_reset_duration = Timer.Value(1000)
"""How long the reference generator is reset."""


class SystimeSync(
    Container,
    at=halco.SystimeSyncOnFPGA,
    address=Address.at(0),
    backends=(Backend.SystimeSync,),
    access="w",
    arguments=("do_sync",),
):
    """Starts the synchronisation of the system time.

    Do_sync true triggers a synchronisation, false only requests a systime update message.
    """

    do_sync = Field(bool, bits(0), default=True)


class SystimeSyncBase(
    Container,
    at=halco.SystimeSyncBaseOnDLS,
    address=Address.region(addresses.SYSTIME_SYNC_BASE),
    arguments=("value",),
):
    """Start value of the system time.

    43-bit start value of the chip/FPGA systime counter, used by the next systime
    synchronisation; low word first.
    """

    class Value(Ranged, max=(1 << 43) - 1):
        """Value of a systime sync base."""

    value = Field(Value, bits("31:0", of="31:0"), bits("10:0", 1, of="42:32"))


class FPGASystimeSyncNumRetries(
    Container,
    at=halco.FPGASystimeSyncNumRetriesOnFPGA,
    address=Address.region(addresses.SYSTIME_NUM_TRIES),
    backends=FPGA,
    arguments=("value",),
):
    """Number of tries of the system time synchronisation."""

    class Value(Ranged, max=15, bits=8, default=3):
        """Value of a fpga systime sync num retries."""

    value = Field(Value, bits("3:0"))


class FPGASystimeSyncLastRTT(
    Container,
    at=halco.FPGASystimeSyncLastRTTOnFPGA,
    address=Address.region(addresses.SYSTIME_LAST_RTT),
    backends=FPGA,
    access="r",
    arguments=("value",),
):
    """Round-trip time of the last system time synchronisation.

    High word first.
    """

    class Systime(Ranged, max=(1 << 43) - 1):
        """Time in FPGA cycles of 8 ns."""

    value = Field(Systime, bits("10:0", of="42:32"), bits("31:0", 1, of="31:0"))


class FPGASystimeSyncLastAsicSystime(
    Container,
    at=halco.FPGASystimeSyncLastAsicSystimeOnFPGA,
    address=Address.region(addresses.SYSTIME_LAST_ASIC_SYSTIME),
    backends=FPGA,
    access="r",
    arguments=("value",),
):
    """Chip time of the last system time synchronisation.

    High word first.
    """

    class Systime(Ranged, max=(1 << 43) - 1):
        """Time in FPGA cycles of 8 ns."""

    value = Field(Systime, bits("10:0", of="42:32"), bits("31:0", 1, of="31:0"))


class FPGASystimeSyncActiveState(
    Container,
    at=halco.FPGASystimeSyncActiveStateOnFPGA,
    address=Address.region(addresses.SYSTIME_ACTIVE),
    backends=FPGA,
    access="r",
    arguments=("active_state",),
):
    """Whether a system time synchronisation is running."""

    active_state = Field(bool, bits(0))


class SystimeCorrectionBarrierConfig(
    Container,
    at=halco.SystimeCorrectionBarrierConfigOnFPGA,
    address=Address.region(addresses.SYSTIME_CORRECTION_BARRIER),
    backends=FPGA,
):
    """Arms the system time correction barrier."""

    enable_interrupt = Field(bool, bits(0))


class InstructionTimeoutConfig(
    Container,
    at=halco.InstructionTimeoutConfigOnFPGA,
    address=Address.region(addresses.INSTRUCTION_TIMEOUT),
    backends=FPGA,
):
    """Longest time that one instruction may block.

    FPGA cycles; default 10 ms.
    """

    Value = Timer.Value

    value = Field(Timer.Value, bits("31:0"), default=1250000, doc="FPGA cycles of 8 ns")
