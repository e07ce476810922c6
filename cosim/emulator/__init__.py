# SPDX-License-Identifier: Apache-2.0
"""The emulator: the whole digital machine in this process, in lock-step with the RTL."""

from cosim.emulator.emulator import Emulator, EmulatorError

__all__ = ["Emulator", "EmulatorError"]
