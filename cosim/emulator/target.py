# SPDX-License-Identifier: Apache-2.0
"""The target `emu`: the emulated system in this process."""

from cosim.emulator.emulator import Emulator
from cosim.flange.wire import Config
from cosim.target import LinkTarget, chip_seed, skips

__all__ = ["EmuTarget"]


class EmuTarget(LinkTarget[Emulator]):
    """A fresh emulated system.

    :param skip: jump over cycles in which only time passes; no answer depends on it. Default
        HXCOSIM_SKIP, or yes.
    :param limit: emulated time after which a run gives up, in cycles of 4 ns; 0: never.
    :param record: keep words and times of both directions, for `record`.
    :param seed: of the chip, 0 is the ideal one; default HXCOSIM_SEED, or 0.
    :param untouched: leave out the reset of the connection and the settings.
    """

    def __init__(
        self,
        *,
        skip: bool | None = None,
        limit: int = 0,
        record: bool = False,
        untouched: bool = False,
        seed: int | None = None,
    ) -> None:
        skip = skips(skip)
        super().__init__("emu", Emulator(), limit, record)
        if not untouched:
            self.link.reset()
            self.link.configure(skip=skip)
            self.link.apply({Config.SEED: chip_seed(seed)})
