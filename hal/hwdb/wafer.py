# SPDX-License-Identifier: Apache-2.0
"""Setups of the first wafer system: an entry per wafer, which holds those of its parts [M130]."""

import logging
from copy import deepcopy
from typing import Any, TypeVar

from hal.halco.common import (
    DNCGlobal,
    DNCOnWafer,
    FPGAGlobal,
    FPGAOnWafer,
    HICANNGlobal,
    HICANNOnWafer,
    IPv4,
    SetupType,
    Wafer,
)
from hal.hwdb.entries import FPGAEntry, HICANNEntry, ReticleEntry, WaferEntry
from hal.hwdb.errors import HwdbLookupError

__all__ = ["WaferSetups"]

_log = logging.getLogger("hxcosim.hwdb")

Key = TypeVar("Key", Wafer, FPGAGlobal, DNCGlobal, HICANNGlobal)
Entry = TypeVar("Entry")


class WaferSetups:
    """The part of a database that knows wafers; a part can be added to a wafer that is there."""

    def __init__(self) -> None:
        self._wafers: dict[Wafer, WaferEntry] = {}

    def _load_wafer(self, document: dict[str, Any], where: str) -> None:
        """Add a setup, or leave it out with a warning: other software may write it differently."""
        try:
            wafer = Wafer(document["wafer"])
            self._wafers[wafer] = WaferEntry(
                SetupType[document.get("setup_type", "BSSWafer")],
                {
                    FPGAGlobal(FPGAOnWafer(node["fpga"]), wafer): FPGAEntry(
                        IPv4.from_string(str(node["ip"]))
                    )
                    for node in document.get("fpgas", ())
                },
                {
                    DNCGlobal(DNCOnWafer(node["reticle"]), wafer): ReticleEntry(
                        bool(node["to_be_powered"])
                    )
                    for node in document.get("reticles", ())
                },
                {
                    HICANNGlobal(HICANNOnWafer(node["hicann"]), wafer): HICANNEntry(
                        int(node["version"])
                    )
                    for node in document.get("hicanns", ())
                },
            )
        except (KeyError, TypeError, ValueError, OverflowError, RuntimeError) as error:
            _log.warning("%s: wafer setup left out: %r", where, error)

    def add_wafer_entry(self, wafer: Wafer, entry: WaferEntry) -> None:
        """Store a copy of the entry under this coordinate."""
        _add(self._wafers, wafer, Wafer, entry, WaferEntry)

    def has_wafer_entry(self, wafer: Wafer) -> bool:
        """Whether there is a setup of this coordinate."""
        return wafer in self._wafers

    def get_wafer_entry(self, wafer: Wafer) -> WaferEntry:
        """The entry of this coordinate. :raises HwdbLookupError: if there is none."""
        return _look_up(self._wafers, wafer)

    def remove_wafer_entry(self, wafer: Wafer) -> bool:
        """Remove the entry of this coordinate with its parts; says whether it existed."""
        return self._wafers.pop(wafer, None) is not None

    def get_wafer_coordinates(self) -> list[Wafer]:
        """All wafers, sorted."""
        return sorted(self._wafers)

    def _parts(self, part: FPGAGlobal | DNCGlobal | HICANNGlobal) -> WaferEntry:
        """The wafer's entry; an empty one if there is none."""
        return self._wafers.get(part.split()[0], WaferEntry())

    def add_fpga_entry(self, fpga: FPGAGlobal, entry: FPGAEntry) -> None:
        """Store a copy. :raises HwdbLookupError: if there is no entry of the FPGA's wafer."""
        wafer = self.get_wafer_entry(fpga.split()[0])
        _add(wafer.fpgas, fpga, FPGAGlobal, entry, FPGAEntry)

    def has_fpga_entry(self, fpga: FPGAGlobal) -> bool:
        """Whether there is such an FPGA."""
        return fpga in self._parts(fpga).fpgas

    def get_fpga_entry(self, fpga: FPGAGlobal) -> FPGAEntry:
        """The entry of this FPGA. :raises HwdbLookupError: if there is none."""
        return _look_up(self._parts(fpga).fpgas, fpga)

    def remove_fpga_entry(self, fpga: FPGAGlobal) -> bool:
        """Remove the entry of this FPGA; says whether it existed."""
        return self._parts(fpga).fpgas.pop(fpga, None) is not None

    def add_reticle_entry(self, reticle: DNCGlobal, entry: ReticleEntry) -> None:
        """Store a copy. :raises HwdbLookupError: if there is no entry of the reticle's wafer."""
        wafer = self.get_wafer_entry(reticle.split()[0])
        _add(wafer.reticles, reticle, DNCGlobal, entry, ReticleEntry)

    def has_reticle_entry(self, reticle: DNCGlobal) -> bool:
        """Whether there is such a reticle."""
        return reticle in self._parts(reticle).reticles

    def get_reticle_entry(self, reticle: DNCGlobal) -> ReticleEntry:
        """The entry of this reticle. :raises HwdbLookupError: if there is none."""
        return _look_up(self._parts(reticle).reticles, reticle)

    def remove_reticle_entry(self, reticle: DNCGlobal) -> bool:
        """Remove the entry of this reticle; says whether it existed."""
        return self._parts(reticle).reticles.pop(reticle, None) is not None

    def add_hicann_entry(self, hicann: HICANNGlobal, entry: HICANNEntry) -> None:
        """Store a copy. :raises HwdbLookupError: if there is no entry of the chip's wafer."""
        wafer = self.get_wafer_entry(hicann.split()[0])
        _add(wafer.hicanns, hicann, HICANNGlobal, entry, HICANNEntry)

    def has_hicann_entry(self, hicann: HICANNGlobal) -> bool:
        """Whether there is such a chip."""
        return hicann in self._parts(hicann).hicanns

    def get_hicann_entry(self, hicann: HICANNGlobal) -> HICANNEntry:
        """The entry of this chip. :raises HwdbLookupError: if there is none."""
        return _look_up(self._parts(hicann).hicanns, hicann)

    def remove_hicann_entry(self, hicann: HICANNGlobal) -> bool:
        """Remove the entry of this chip; says whether it existed."""
        return self._parts(hicann).hicanns.pop(hicann, None) is not None


def _add(
    table: dict[Key, Entry], key: Key, key_kind: type[Key], entry: Entry, kind: type[Entry]
) -> None:
    if not isinstance(key, key_kind) or not isinstance(entry, kind):
        given = f"{type(key).__name__}, {type(entry).__name__}"
        raise TypeError(f"expected {key_kind.__name__}, {kind.__name__}, got {given}")
    table[key] = deepcopy(entry)


def _look_up(table: dict[Key, Entry], key: Key) -> Entry:
    if key not in table:
        raise HwdbLookupError(f"the hardware database has no {key}; it has {sorted(table)}")
    return table[key]
