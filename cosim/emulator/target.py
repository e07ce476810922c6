# SPDX-License-Identifier: Apache-2.0
"""The target `emu`: the emulated system in this process."""

from collections.abc import Callable

from cosim.emulator.emulator import Emulator
from cosim.flange.record import Words
from cosim.target import WATCHERS, LinkErrors, LinkTarget, skips

__all__ = ["EmuTarget"]


class EmuTarget(LinkTarget[Emulator]):
    """A fresh emulated system.

    :param skip: jump over cycles in which only time passes; no answer depends on it. Default
        HXCOSIM_SKIP, or yes.
    :param limit: emulated time after which a run gives up, in cycles of 4 ns; 0: never.
    :param record: keep words and times of both directions, for `record`.
    :param seed: of the chip, 0 is the ideal one; default HXCOSIM_SEED, or 0.
    :param link_errors: between FPGA and chip: seed, and how many frames of 1000 are lost, damaged,
        repeated; default HXCOSIM_LINK_ERRORS, or none.
    :param untouched: leave out the reset of the connection and the settings, and keep the times of
        answers.
    """

    def __init__(
        self,
        *,
        skip: bool | None = None,
        limit: int = 0,
        record: bool = False,
        untouched: bool = False,
        seed: int | None = None,
        link_errors: LinkErrors | None = None,
    ) -> None:
        skip, record = skips(skip), record or (bool(WATCHERS) and not untouched)
        super().__init__("emu", Emulator(times=record or untouched), limit, record)
        if not untouched:
            self._prepare(skip, seed, link_errors)

    def _run(self, deliver: Callable[[Words], None] | None) -> None:
        if self._recorder:
            super()._run(deliver)
        else:
            self.link.run(self._limit, deliver)
