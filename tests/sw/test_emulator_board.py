# SPDX-License-Identifier: Apache-2.0
"""The emulator's board against the model that the RTL's bench uses, and the stock bring-up."""

from random import Random

import pytest

from cosim.emulator import Emulator
from cosim.emulator.emulator import EmulatorError
from cosim.lockstep.programs import HALT, read, word, write
from cosim.machine import CONSTANTS
from hal import stadls
from hal.fisch import addresses
from hal.hwdb import HXCubeSetupEntry
from hal.stadls import SystemInit
from testbench.common.board import Cube

BASE = addresses.SPI_MASTER.base
LAST = 1 << addresses.SPI_LAST_BYTE_BIT
TIMER = addresses.EXECUTOR_TIMER.base


def run(emulator: Emulator, words: list[int]) -> list[int]:
    """Answers to the reads among `words`."""
    emulator.send([*words, word("Barrier", omnibus=1), HALT])
    emulator.run()
    return [int(w) for w in emulator.receive()]


def frame_words(select: int, frame: bytes) -> list[int]:
    """The writes that send a frame."""
    words = [w for byte in frame[:-1] for w in write(BASE + select, byte)]
    return words + write(BASE + select, LAST | frame[-1])


def same(emulator: Emulator, cube: Cube) -> None:
    state = emulator.board()
    assert state.shift_register == cube.shift_register
    assert state.dac_output == [dac.outputs for dac in cube.dacs]
    assert state.dac_gain == [dac.gain for dac in cube.dacs]
    assert state.dac_power_down == [dac.power_down for dac in cube.dacs]


def test_random_frames() -> None:
    random = Random(6)
    cube, codes = Cube(), set()
    with Emulator() as emulator:
        same(emulator, cube)
        for _ in range(600):
            select, frame = random.randrange(8), random.randbytes(random.choice([1, 2, 2, 2, 3, 6]))
            run(emulator, frame_words(select, frame))
            cube.take(select, frame[-4:])
            same(emulator, cube)
            codes |= set(cube.dacs[0].outputs)
    assert len(codes) > 10


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_frame_takes_its_time(size: int) -> None:
    """A read behind the frame waits for it, one behind a collected byte does not."""
    with Emulator() as emulator:
        emulator.send([*frame_words(1, bytes(size)), *read(TIMER), *read(TIMER), HALT])
        emulator.run()
        end = emulator.stats().now // 2
        emulator.send([*(w for _ in range(size) for w in write(BASE + 1, 0)), *read(TIMER), HALT])
        before = emulator.stats().now // 2
        emulator.run()
        frame = 8 * size * CONSTANTS["SpiBitTicks"]
        assert frame < end < frame + 40
        assert emulator.stats().now // 2 - before < 40


def test_connection_reset_leaves_the_frame_under_way() -> None:
    with Emulator() as emulator:
        emulator.send([*frame_words(1, bytes([1, 2, 3])), HALT])
        emulator.advance(400)
        emulator.reset()
        assert emulator.board().shift_register == 0x3F0000
        run(emulator, frame_words(1, bytes([0xAA])))
        assert emulator.board().shift_register == 0x0203AA


def test_bring_up_reaches_the_board() -> None:
    """The values of the stock sequence of a cube: reference of the FPGA interface, section 6.3."""
    builder, _ = stadls.generate(SystemInit(HXCubeSetupEntry()))
    words = [*builder.done().words.tolist(), HALT]
    with Emulator() as emulator:
        emulator.send(words)
        emulator.run()
        state = emulator.board()
        reports = emulator.diagnostics()
    assert not reports
    assert state.shift_register == 0xFF9C40
    assert state.dac_output == [[0] * 8, [608, 2090, 608, 1630, 440, 440, 0, 0]]
    assert state.dac_gain == [0b001100] * 2 and state.dac_power_down == [0, 0]


def test_closed_system_bad() -> None:
    emulator = Emulator()
    emulator.close()
    with pytest.raises(EmulatorError, match="closed"):
        emulator.board()


def test_times_of_answers() -> None:
    with Emulator() as timed, Emulator(times=False) as untimed:
        for machine in (timed, untimed):
            machine.send([HALT, HALT])
            machine.run()
        words, at = timed.receive_timed()
        with pytest.raises(EmulatorError, match=r"not kept: create the system with times=True"):
            untimed.receive_timed()
        assert untimed.receive().tolist() == words.tolist() and len(at) == len(words) == 2


def test_answers_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that delivers answers is the same run; a limit counts its cycles as before."""
    monkeypatch.setattr("cosim.emulator.emulator.PIECE", 7)
    program = [word("Loopback", tick=1)] * 50 + [HALT]
    with Emulator() as whole, Emulator(times=False) as parts:
        pieces: list[list[int]] = []
        whole.send(program)
        parts.send(program)
        state = whole.run()
        again = parts.run(deliver=lambda words: pieces.append(words.tolist()))
        last = parts.receive().tolist()
        assert [len(piece) for piece in pieces] == [7] * len(pieces) and 0 < len(last) <= 7
        assert [w for piece in [*pieces, last] for w in piece] == whole.receive().tolist()
        assert (again.now, again.words_out) == (state.now, state.words_out)
        assert parts.state_hash() == whole.state_hash()
        pieces.clear()
        parts.send(program)
        with pytest.raises(EmulatorError, match=f"after 150 cycles, at cycle {again.now + 150};"):
            parts.run(150, lambda words: pieces.append(words.tolist()))
        assert pieces
