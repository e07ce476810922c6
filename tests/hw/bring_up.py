# SPDX-License-Identifier: Apache-2.0
"""What several modules do before they measure: configure the chip and let its cells settle."""

from dlens_vx_v3 import hal, halco, hxcomm, lola, sta

SETTLED = 10_000_000
"""FPGA cycles, 80 ms: what the parameter cells (3 ms) still lack is e^-26, below any code."""


def configure(
    connection: hxcomm.ConnectionHandle,
    chip: lola.Chip,
    builder: sta.PlaybackProgramBuilder | None = None,
) -> None:
    """Write the chip, behind what `builder` holds, and wait until its parameter cells stand."""
    builder = builder or sta.PlaybackProgramBuilder()
    builder.write(halco.ChipOnDLS(), chip)
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    builder.write(halco.TimerOnDLS(), hal.Timer())
    builder.block_until(halco.TimerOnDLS(), hal.Timer.Value(SETTLED))
    sta.run(connection, builder.done())
