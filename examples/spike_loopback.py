# SPDX-License-Identifier: Apache-2.0
"""A first experiment: bring up the chip, use a processor's memory, send spikes around.

Runs on the emulator; HXCOSIM_TARGET=rtl runs it on the Verilog.
"""

from dlens_vx_v3 import hal, halco, hxcomm, sta

SPIKES = 20
PERIOD = 100  # FPGA cycles of 8 ns

with hxcomm.ManagedConnection() as connection:
    # The stock bring-up: board, reset, PLLs, link, time.
    bring_up, _ = sta.generate(sta.SystemInit(connection.get_hwdb_entry()[0]))
    sta.run(connection, bring_up.done())

    # A word of the upper processor's memory, there and back.
    place = halco.PPUMemoryWordOnDLS()
    builder = sta.PlaybackProgramBuilder()
    builder.write(place, hal.PPUMemoryWord(hal.PPUMemoryWord.Value(0x12345678)))
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    ticket = builder.read(place)
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    print(f"memory word: 0x{int(ticket.get().value):08x}")

    # Timed spikes; after reset the crossbar sends those of the FPGA back to it.
    timed = sta.AbsoluteTimePlaybackProgramBuilder()
    for i in range(SPIKES):
        pack = hal.SpikePack1ToChip([halco.SpikeLabel(i)])
        timed.write(hal.Timer.Value(PERIOD * (i + 1)), halco.SpikePack1ToChipOnDLS(), pack)
    builder = timed.done()
    builder.block_until(halco.TimerOnDLS(), hal.Timer.Value(PERIOD * (SPIKES + 2)))
    program = builder.done()
    sta.run(connection, program)
    spikes = program.spikes.to_numpy()
    print(f"spikes back: {len(spikes)} of {SPIKES}, labels {spikes['label'].tolist()}")
