# SPDX-License-Identifier: Apache-2.0
"""Random sessions meet the named situations; and the count of a situation is right."""

from functools import partial

from cosim.emulator import Emulator
from cosim.lockstep import Batch, Session, compare, random_session
from cosim.lockstep.coverage import PRESSURES, Coverage
from cosim.lockstep.programs import HALT, bring_up, word, write
from hal.fisch import addresses

SESSIONS, LEAST = 300, 0.95


def met(*sessions: Session) -> Coverage:
    coverage = Coverage()
    for session in sessions:
        coverage.power_on()
        with Emulator(trace=True) as first, Emulator() as second:
            watch = partial(coverage.watch, first)
            assert compare(first, second, session, watch) is None
    return coverage


def test_random_sessions_meet_the_situations() -> None:
    coverage = met(*(random_session(seed, 2000) for seed in range(SESSIONS)))
    assert coverage.ratio() >= LEAST, coverage.missing()


def batch(*words: int, **settings: int) -> Batch:
    values = {"rate": 1, "reset": 0, "advance": 0, **settings}
    return Batch(words, (0,) * len(words), stall=(1, 256), **values)


def test_what_executes_and_what_times_out() -> None:
    blocked = word("Barrier", omnibus=1, jtag=1)
    program = [
        *write(addresses.INSTRUCTION_TIMEOUT.base, 50),
        word("Barrier", omnibus=1),
        word("Setup"),
        *write(0, 1),  # the link is down
        blocked,
        word("Loopback", tick=1),  # is dropped
        HALT,
        word("SystimeInit"),
        HALT,
    ]
    coverage = met(Session((batch(*program),)))
    assert coverage.hits["times out: Barrier 00011, free, short"] == 1
    assert coverage.hits["executes: Barrier 00001, free, short"] == 1
    assert coverage.hits["executes: OmnibusData, free, short"] == 2
    assert coverage.hits["executes: Loopback tick=1, free, short"] == 0
    assert (
        coverage.hits["executes: Loopback tick=0, free, short"] == 1
    )  # the other one was dropped to
    assert coverage.hits["executes: SystimeInit do_sync=0, free, short"] == 1
    assert coverage.hits["timer wraps"] == 0
    wait = [word("Setup"), word("WaitUntil", time=500)]
    spikes = [word("SpikePack1", label0=1), *wait, HALT]
    coverage = met(Session((batch(*bring_up(2000), *spikes), batch(*spikes, period=2))))
    pack = "answers: SpikePack1, all well"
    assert [coverage.hits[f"{pack}, {p}, long"] for p in PRESSURES] == [1, 1, 0]
    assert not any(n for p, n in coverage.hits.items() if "timed out" in p or "times out" in p)


def test_a_timer_that_wraps() -> None:
    wait = word("WaitUntil", time=0)
    pause = batch(wait, HALT, advance=2**33 + 100)
    coverage = met(Session((batch(word("Setup"), wait, HALT), pause)))
    assert coverage.hits["timer wraps"] == 1


def test_errors_on_the_link() -> None:
    """They count for what crosses the link meanwhile, each kind by itself."""
    up, spike = batch(*bring_up(2000), HALT), word("SpikePack1", label0=1)
    local = [*write(addresses.INSTRUCTION_TIMEOUT.base, 2000), HALT]
    lost, repeated = (1, 10, 0, 0), (1, 0, 0, 10)
    errors = [batch(*local, errors=lost), batch(*write(0, 1), HALT, errors=lost)]
    wait = [word("Setup"), word("WaitUntil", time=500)]
    errors += [batch(spike, *wait, HALT, errors=repeated), batch(*write(0, 1), HALT)]
    coverage = met(Session((up, *errors)))
    assert {p for p, n in coverage.hits.items() if n and p.startswith("link: ")} == {
        "link: writes, while frames may be lost",
        "link: spikes, while frames may be repeated",
        "link: packs of events, while frames may be repeated",
    }


def test_a_reset_in_the_middle() -> None:
    wait = word("WaitUntil", time=10_000)
    first = batch(*write(0, 1), wait, HALT, cut=60)
    coverage = met(Session((first, batch(HALT, reset=1))))
    assert coverage.hits["connection reset: program not at its end"] == 1
    assert coverage.hits["connection reset: access under way"] == 1
    text = coverage.table()
    assert "         1 connection reset: access under way\n" in text
