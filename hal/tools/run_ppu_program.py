# SPDX-License-Identifier: Apache-2.0
"""Run a program on an embedded processor (reference: hal, section 14).

Can be called as a script: `python -m dlens_vx_v3.tools.run_ppu_program FILE [--wait] [--ppu_id N]`.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from hal import haldls as hal
from hal.errors import HxcosimError
from hal.halco import (
    BarrierOnFPGA,
    ExternalPPUDRAMMemoryBlockOnFPGA,
    ExternalPPUDRAMMemoryByteOnFPGA,
    ExternalPPUMemoryBlockOnFPGA,
    ExternalPPUMemoryByteOnFPGA,
    PPUMemoryBlockOnDLS,
    PPUMemoryBlockOnPPU,
    PPUMemoryWordOnDLS,
    PPUMemoryWordOnPPU,
    PPUOnDLS,
    TimerOnDLS,
)
from hal.hxcomm import ConnectionHandle, ManagedConnection
from hal.stadls import PlaybackProgramBuilder, SystemInit, generate, run

__all__ = [
    "PPUTimeoutError",
    "load_and_start_program",
    "main",
    "stop_program",
    "wait_until_ppu_finished",
]

_POLL_TICKS = 1000
_SIGN = 1 << 31


class PPUTimeoutError(HxcosimError):
    """A program that still ran when the time was over."""


def _reset(builder: PlaybackProgramBuilder, ppu: Any, run_it: bool) -> None:
    control = hal.PPUControlRegister()
    control.inhibit_reset = run_it
    builder.write(ppu.toPPUControlRegisterOnDLS(), control)


def _from_start(interval: Any, bound: Any, block: Any) -> Any:
    """The interval of a block that begins at address 0."""
    return interval(bound(0), bound(int(block.size()) - 1))


def load_and_start_program(connection: ConnectionHandle, binary_path: str, ppu: Any = None) -> None:
    """Reset the processor, write the parts of an ELF file from address 0, release the reset.

    :param ppu: processor; the first one if not given.
    :raises RuntimeError: if the file is missing or no ELF file.
    """
    ppu = PPUOnDLS(0) if ppu is None else ppu
    program = importlib.import_module("hal.lola").PPUElfFile(str(binary_path)).read_program()
    builder = PlaybackProgramBuilder()
    _reset(builder, ppu, False)
    place = _from_start(PPUMemoryBlockOnPPU, PPUMemoryWordOnPPU, program.internal)
    builder.write(PPUMemoryBlockOnDLS(place, ppu), program.internal)
    if program.external is not None:
        block = program.external
        coord = _from_start(ExternalPPUMemoryBlockOnFPGA, ExternalPPUMemoryByteOnFPGA, block)
        builder.write(coord, block)
    if program.external_dram is not None:
        block = program.external_dram
        bound = ExternalPPUDRAMMemoryByteOnFPGA
        builder.write(_from_start(ExternalPPUDRAMMemoryBlockOnFPGA, bound, block), block)
    _reset(builder, ppu, True)
    builder.block_until(BarrierOnFPGA(), hal.Barrier.omnibus)
    run(connection, builder.done())


def wait_until_ppu_finished(
    connection: ConnectionHandle, timeout: int | None = None, ppu: Any = None
) -> None:
    """Ask every 1000 ticks of 8 ns whether the processor sleeps, until it does.

    :param timeout: ticks of asking after which to give up; never if not given.
    :raises PPUTimeoutError: when that time is over.
    """
    ppu = PPUOnDLS(0) if ppu is None else ppu
    elapsed = 0
    while True:
        builder = PlaybackProgramBuilder()
        builder.write(TimerOnDLS(), hal.Timer())
        builder.block_until(TimerOnDLS(), hal.Timer.Value(_POLL_TICKS))
        ticket = builder.read(ppu.toPPUStatusRegisterOnDLS())
        builder.block_until(BarrierOnFPGA(), hal.Barrier.omnibus)
        run(connection, builder.done())
        if ticket.get().sleep:
            return
        elapsed += _POLL_TICKS
        if timeout is not None and elapsed >= int(timeout):
            raise PPUTimeoutError(f"the program on {ppu} still runs after {elapsed} ticks of 8 ns")


def stop_program(connection: ConnectionHandle, print_mailbox: bool = True, ppu: Any = None) -> int:
    """Reset the processor; the program's exit code, as signed 32-bit number.

    :param print_mailbox: whether to print the mailbox as text.
    """
    ppu = PPUOnDLS(0) if ppu is None else ppu
    builder = PlaybackProgramBuilder()
    _reset(builder, ppu, False)
    code = builder.read(PPUMemoryWordOnDLS(PPUMemoryWordOnPPU.return_code, ppu))
    mailbox = builder.read(PPUMemoryBlockOnDLS(PPUMemoryBlockOnPPU.mailbox, ppu))
    builder.block_until(BarrierOnFPGA(), hal.Barrier.omnibus)
    run(connection, builder.done())
    if print_mailbox:
        sys.stdout.write(f"{mailbox.get().to_string()}\n")
    number = int(code.get().value)
    return number - 2 * _SIGN if number >= _SIGN else number


def main(arguments: Sequence[str] | None = None) -> None:
    """Bring the system up, run a program, and exit with its exit code."""
    parser = argparse.ArgumentParser(description="Run a program on an embedded processor.")
    parser.add_argument("program", help="ELF file")
    parser.add_argument("--wait", type=int, help="give up after this many ticks of 8 ns")
    parser.add_argument("--ppu_id", type=int, default=0, help="number of the processor, 0 or 1")
    options = parser.parse_args(arguments)
    ppu = PPUOnDLS(options.ppu_id)
    with ManagedConnection() as connection:
        builder, _ = generate(SystemInit(connection.get_hwdb_entry()[0]))
        run(connection, builder.done())
        load_and_start_program(connection, options.program, ppu)
        wait_until_ppu_finished(connection, options.wait, ppu)
        sys.exit(stop_program(connection, ppu=ppu))
