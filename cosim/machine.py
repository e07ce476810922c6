# SPDX-License-Identifier: Apache-2.0
"""Constants of the modelled machine that no register holds: latencies, queue depths, report codes.

One declaration for RTL and emulator (`rtl/gen/machine_pkg.sv`, `hxcosim/machine.h`).
`docs/timing.md` says what each one does.
"""

from collections.abc import Mapping
from typing import Final

#: Name -> value; lengths in FPGA cycles (ticks, 8 ns) unless the name says otherwise.
CONSTANTS: Final[dict[str, int]] = {
    "TimeWidth": 44,  # bits of the global time, in 250 MHz cycles
    "PlaybackDepth": 4_194_304,  # words; 32 MiB [P]
    "TraceDepth": 4_194_304,  # words; 32 MiB [P]
    "MaxReadsInFlight": 52,  # limit of the TimeoutNotification field [S]
    "PendingDepth": 64,
    "LoopbackDepth": 16,
    "NotificationDepth": 16,
    "JtagQueueDepth": 16,
    "JtagAnswerDepth": 16,
    "JtagScalerReset": 3,
    "InstructionTimeoutReset": 1_250_000,
    "SystimeTriesReset": 1,
    "TraceStallWindow": 96,  # range of the TimeoutNotification field [S]
    "FlushIdle": 8,
    "LinkLatency": 20,
    "LinkUpDelay": 5000,
    # Bits of the link's bus items: {epoch, read, byte enables, address, data} and {epoch, data}.
    "LinkDownBusWidth": 8 + 1 + 4 + 32 + 32,
    "LinkUpBusWidth": 8 + 32,
    # Repeats of the link [M170]: items that are not acknowledged yet, ticks behind a round trip
    # until they are sent again, answers that the chip may still have when there is no room left.
    "ArqDepth": 128,
    "ArqSlack": 4,
    "ArqReserve": 4,
    # What the wires do to the frame of a tick [M171].
    "LinkErrorNone": 0,
    "LinkErrorLost": 1,
    "LinkErrorDamaged": 2,
    "LinkErrorRepeated": 3,
    "EventRxDepth": 32,  # event items
    "EventQueueDepth": 64,  # events
    "DramLatency": 30,
    "EventSwitchWords": 10,
    "EventTxDepth": 16,  # event items that FPGA units send to the chip
    "SpikeIoDepth": 32,  # event items that wait for the serial line
    "CrossbarDepth": 8,  # events
    # Random generator of the background sources, xorshift with three shifts [M110].
    "BackgroundShiftLeft": 13,
    "BackgroundShiftRight": 17,
    "BackgroundShiftLeftAgain": 5,
    "BackgroundSeedForZero": 1,
    "DeviceDnaHigh": 0x0150_0000,  # 57-bit device DNA of the reference simulation [T]
    "DeviceDnaLow": 0x0000_005D,
    "PllReferenceCycles": 5,  # the PLLs' reference has 50 MHz [S]
    "NeuronSynapseLatency": 24,  # 250 MHz cycles from fire to synapse, at least; bounds analog time
    "ChipRequestDepth": 128,  # bus requests; those that may be pending, twice
    "MadcClocksPerSample": 12,  # clocks of a sample with no adjustment [S]
    "CadcConversion": 286,  # 250 MHz cycles from the end of the reset to the result
    "Neurons": 512,
    "AnalogStep": 10,  # 250 MHz cycles of a step of the analog core
    "AnalogSpikeDelay": 20,  # 250 MHz cycles from fire to the digital side; steps of a batch
    "SpiBitTicks": 16,  # the board's SPI clock is 7.8 MHz
    # Control registers of the board's DACs [S], meanings of LDAC, reset of the settings too.
    "DacRegisterGain": 0,
    "DacRegisterLdac": 1,
    "DacRegisterPowerDown": 2,
    "DacLdacFollow": 0,
    "DacLdacHold": 1,
    "DacLdacOnce": 2,
    "DacResetAllBit": 12,
    # Spaces of the processors' parallel bus [S]; 2 * row + half is added.
    "VectorWeights": 0x0000_0000,
    "VectorEven2msb": 0x0001_0000,
    "VectorOdd2msb": 0x0002_0000,
    "VectorLabels": 0x0004_0000,
    "VectorCausal": 0x0008_0000,  # reads convert, writes reset the correlation sensors
    "VectorAcausal": 0x000C_0000,
    "VectorReset": 0x00C9_0000,  # of sensors, then of neurons
    # Codes of diag_code_o.
    "DiagUnknownHeader": 1,  # data: the word
    "DiagUnmappedFpga": 2,  # data: read << 32 | address
    "DiagUnmappedChip": 3,  # data: read << 32 | address
    "DiagJtagLength": 4,  # data: the requested number of bits
    "DiagAnalogRefused": 5,  # data: address
}

#: Reset values that no container declares: name -> (width, value).
RESET_VALUES: Final[dict[str, tuple[int, int]]] = {
    "BoardShiftRegisterReset": (24, 0x3F0000),  # all supplies on
    "SpikeIoSilentAddress": (32, 0xFF),  # drop [S]
    "SpikeIoSilentLabel": (32, 0xFFFF),
    "I2cPrescalerReset": (16, 313),  # 100 kHz
}


def constants() -> Mapping[str, int | tuple[int, int]]:
    """All of the above, for Verilog and C."""
    return {**CONSTANTS, **RESET_VALUES}
