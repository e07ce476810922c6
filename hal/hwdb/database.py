# SPDX-License-Identifier: Apache-2.0
"""The database: several YAML documents, one per setup (reference: fpga-interface, section 10)."""

import logging
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from hal.halco.common import IPv4
from hal.hwdb.entries import (
    DLSSetupEntry,
    HXCubeFPGAEntry,
    HXCubeSetupEntry,
    HXCubeWingEntry,
    JboaAggregatorEntry,
    JboaSetupEntry,
)
from hal.hwdb.errors import HwdbError, HwdbLookupError
from hal.hwdb.wafer import WaferSetups

__all__ = ["Database", "database"]

_log = logging.getLogger("hxcosim.hwdb")

Entry = TypeVar("Entry")
Document = dict[str, Any]

_FPGA_KEYS = {
    "fpga",
    "ip",
    "fuse_dna",
    "ci_test_node",
    "extoll_node_id",
    "handwritten_chip_serial",
    "chip_revision",
    "eeprom_chip_serial",
    "synram_timing_pcconf",
    "synram_timing_wconf",
}
_MAX_FPGA_KEYS = 11
_AGGREGATOR_KEYS = {"aggregator", "ip", "ci_test_node"}
_CUBE_KEYS = {"hxcube_id", "fpgas", "usb_host", "usb_serial", "xilinx_hw_server"}
_JBOA_KEYS = {"jboa_id", "fpgas", "aggregators", "xilinx_hw_server"}
_DLS_KEYS = {
    "dls_setup",
    "fpga_name",
    "board_name",
    "board_version",
    "chip_id",
    "chip_version",
    "ntpwr_ip",
    "ntpwr_slot",
}


def _keys(node: object, where: str, allowed: set[str], required: set[str]) -> Document:
    if not isinstance(node, dict):
        raise HwdbError(f"{where}: expected a mapping, got {node!r}")
    unknown = sorted(str(k) for k in set(node) - allowed)
    missing = sorted(required - set(node))
    if unknown or missing:
        what = f"unknown {unknown}" if unknown else f"missing {missing}"
        raise HwdbError(f"{where}: {what}; allowed keys: {sorted(allowed)}")
    return node


def _int(node: Document, key: str, where: str, low: int, high: int) -> int:
    value = node[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise HwdbError(f"{where}.{key}: {value!r} is not an integer in {low}..{high}")
    return value


def _bool(node: Document, key: str, where: str) -> bool:
    value = node[key]
    if not isinstance(value, bool):
        raise HwdbError(f"{where}.{key}: {value!r} is neither true nor false")
    return value


def _ip(node: Document, where: str) -> IPv4:
    try:
        return IPv4.from_string(str(node["ip"]))
    except (RuntimeError, ValueError, TypeError) as error:
        raise HwdbError(f"{where}.ip: {node['ip']!r} is not an IPv4 address") from error


def _timing(node: Document, key: str, where: str) -> list[list[int]] | None:
    value = node.get(key)
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or len(value) != 2
        or any(not isinstance(row, list) or len(row) != 2 for row in value)
        or any(not isinstance(item, int) or not 0 <= item < 256 for row in value for item in row)
    ):
        raise HwdbError(
            f"{where}.{key}: {value!r} is not [[top west, top east], [bottom west, bottom east]] "
            "of integers in 0..255"
        )
    return value


def _wing(node: Document, where: str) -> HXCubeWingEntry | None:
    both = {"handwritten_chip_serial", "chip_revision"}
    present = both & set(node)
    if not present:
        return None
    if present != both:
        raise HwdbError(
            f"{where}: {sorted(present)[0]} is given without {sorted(both - present)[0]}; "
            "a chip needs both, an FPGA without chip none of them"
        )
    eeprom = None
    if node.get("eeprom_chip_serial") is not None:
        eeprom = _int(node, "eeprom_chip_serial", where, 0, 2**32 - 1)
    return HXCubeWingEntry(
        handwritten_chip_serial=_int(node, "handwritten_chip_serial", where, 1, 2**32 - 1),
        chip_revision=_int(node, "chip_revision", where, 0, 2**32 - 1),
        eeprom_chip_serial=eeprom,
        synram_timing_pcconf=_timing(node, "synram_timing_pcconf", where),
        synram_timing_wconf=_timing(node, "synram_timing_wconf", where),
    )


def _list(node: Document, key: str, where: str) -> list[Any]:
    value = node[key]
    if not isinstance(value, list):
        raise HwdbError(f"{where}.{key}: expected a list, got {value!r}")
    return value


def _fpga_node(item: object, where: str) -> Document:
    """The mapping of an FPGA; the format may have keys that nobody here knows."""
    known = item
    if isinstance(item, dict):
        unknown = sorted(str(key) for key in set(item) - _FPGA_KEYS)
        if len(item) > _MAX_FPGA_KEYS:
            raise HwdbError(f"{where}: {len(item)} keys, at most {_MAX_FPGA_KEYS} are allowed")
        if unknown:
            _log.warning("%s: unknown keys %s are ignored", where, unknown)
        known = {key: value for key, value in item.items() if key in _FPGA_KEYS}
    return _keys(known, where, _FPGA_KEYS, {"fpga", "ip", "ci_test_node"})


def _fpgas(document: Document, where: str) -> dict[int, HXCubeFPGAEntry]:
    fpgas: dict[int, HXCubeFPGAEntry] = {}
    for index, item in enumerate(_list(document, "fpgas", where)):
        place = f"{where}.fpgas[{index}]"
        node = _fpga_node(item, place)
        number = _int(node, "fpga", place, 0, 2**32 - 1)
        if number in fpgas:
            raise HwdbError(f"{place}.fpga: {number} is given twice")
        extoll = node.get("extoll_node_id")
        fpgas[number] = HXCubeFPGAEntry(
            ip=_ip(node, place),
            wing=_wing(node, place),
            fuse_dna=_int(node, "fuse_dna", place, 0, 2**64 - 1) if "fuse_dna" in node else 0,
            extoll_node_id=extoll
            if extoll is None
            else _int(node, "extoll_node_id", place, 0, 2**16),
            ci_test_node=_bool(node, "ci_test_node", place),
        )
    return fpgas


def _aggregators(document: Document, where: str) -> dict[int, JboaAggregatorEntry]:
    aggregators: dict[int, JboaAggregatorEntry] = {}
    for index, item in enumerate(_list(document, "aggregators", where)):
        place = f"{where}.aggregators[{index}]"
        node = _keys(item, place, _AGGREGATOR_KEYS, _AGGREGATOR_KEYS)
        number = _int(node, "aggregator", place, 0, 2**32 - 1)
        aggregators[number] = JboaAggregatorEntry(
            ip=_ip(node, place), ci_test_node=_bool(node, "ci_test_node", place)
        )
    return aggregators


def _text(document: Document, key: str, default: str | None) -> str | None:
    value = document.get(key)
    return default if value is None else str(value)


class Database(WaferSetups):
    """Setups by kind and id; `get_…` gives the stored entry itself, so that edits stick."""

    def __init__(self) -> None:
        super().__init__()
        self._dls: dict[str, DLSSetupEntry] = {}
        self._cubes: dict[int, HXCubeSetupEntry] = {}
        self._jboas: dict[int, JboaSetupEntry] = {}

    @staticmethod
    def get_default_path() -> str:
        """The database that comes with this package: the setup that the targets present."""
        return str(Path(__file__).parent / "hwdb.yaml")

    @staticmethod
    def get_yaml_entries(path: str, node: str, query: str) -> str:
        """All documents of the file whose key `node` has the value `query`, as YAML text.

        :raises HwdbError: if the file cannot be read.
        """
        import yaml  # takes long to import, and most programs read no database

        found = [d for d in _documents(_read(path), path) if str(d.get(node)) == str(query)]
        return yaml.safe_dump_all(found, sort_keys=False) if found else ""

    def load(self, path: str) -> None:
        """Add all setups of the file; a setup that is there already is replaced.

        :raises HwdbError: if the file is missing, not YAML, or an entry is wrong (with its place).
        """
        self.load_text(_read(path), str(path))

    def load_text(self, text: str, name: str = "<text>") -> None:
        """Add all setups of a text (the same documents as in a file).

        :raises HwdbError: as `load`; nothing is added then.
        """
        new = Database()
        for index, document in enumerate(_documents(text, name)):
            where = f"{name}[{index}]"
            if "hxcube_id" in document:
                new._load_cube(document, where)
            elif "jboa_id" in document:
                new._load_jboa(document, where)
            elif "dls_setup" in document:
                new._load_dls(document, where)
            elif "wafer" in document:
                new._load_wafer(document, where)
            else:
                raise HwdbError(f"{where}: none of hxcube_id, jboa_id, dls_setup, wafer is given")
        self._dls.update(new._dls)
        self._cubes.update(new._cubes)
        self._jboas.update(new._jboas)
        self._wafers.update(new._wafers)

    def _load_cube(self, document: Document, where: str) -> None:
        node = _keys(document, where, _CUBE_KEYS, {"hxcube_id", "fpgas"})
        number = _int(node, "hxcube_id", where, 0, 2**32 - 1)
        self._cubes[number] = HXCubeSetupEntry(
            hxcube_id=number,
            fpgas=_fpgas(node, where),
            usb_host=_text(node, "usb_host", "None") or "None",
            usb_serial=_text(node, "usb_serial", "None") or "None",
            xilinx_hw_server=_text(node, "xilinx_hw_server", None),
        )

    def _load_jboa(self, document: Document, where: str) -> None:
        node = _keys(document, where, _JBOA_KEYS, {"jboa_id", "fpgas", "aggregators"})
        number = _int(node, "jboa_id", where, 0, 2**32 - 1)
        self._jboas[number] = JboaSetupEntry(
            jboa_id=number,
            fpgas=_fpgas(node, where),
            aggregators=_aggregators(node, where),
            xilinx_hw_server=_text(node, "xilinx_hw_server", None),
        )

    def _load_dls(self, document: Document, where: str) -> None:
        node = _keys(document, where, _DLS_KEYS, {"dls_setup"})
        entry = DLSSetupEntry()
        for key in _DLS_KEYS - {"dls_setup"}:
            if key in node:
                kind = type(getattr(entry, key))
                value = _int(node, key, where, 0, 2**32 - 1) if kind is int else str(node[key])
                setattr(entry, key, value)
        self._dls[str(node["dls_setup"])] = entry

    def clear(self) -> None:
        """Remove everything."""
        self._dls.clear()
        self._cubes.clear()
        self._jboas.clear()
        self._wafers.clear()

    def add_dls_entry(self, setup: str, entry: DLSSetupEntry) -> None:
        """Store a copy of the entry under this id."""
        self._dls[setup] = _checked(entry, DLSSetupEntry)

    def has_dls_entry(self, setup: str) -> bool:
        """Whether there is a setup of this id."""
        return setup in self._dls

    def get_dls_entry(self, setup: str) -> DLSSetupEntry:
        """The entry of this id. :raises HwdbLookupError: if there is none."""
        return _look_up(self._dls, setup, "dls_setup")

    def remove_dls_entry(self, setup: str) -> bool:
        """Remove the entry of this id; says whether it existed."""
        return self._dls.pop(setup, None) is not None

    def get_dls_setup_ids(self) -> list[str]:
        """All ids, sorted."""
        return sorted(self._dls)

    def add_hxcube_setup_entry(self, hxcube_id: int, entry: HXCubeSetupEntry) -> None:
        """Store a copy of the entry under this id."""
        self._cubes[hxcube_id] = _checked(entry, HXCubeSetupEntry)

    def has_hxcube_setup_entry(self, hxcube_id: int) -> bool:
        """Whether there is a setup of this id."""
        return hxcube_id in self._cubes

    def get_hxcube_setup_entry(self, hxcube_id: int) -> HXCubeSetupEntry:
        """The entry of this id. :raises HwdbLookupError: if there is none."""
        return _look_up(self._cubes, hxcube_id, "hxcube_id")

    def remove_hxcube_setup_entry(self, hxcube_id: int) -> bool:
        """Remove the entry of this id; says whether it existed."""
        return self._cubes.pop(hxcube_id, None) is not None

    def get_hxcube_ids(self) -> list[int]:
        """All ids, sorted."""
        return sorted(self._cubes)

    def add_jboa_setup_entry(self, jboa_id: int, entry: JboaSetupEntry) -> None:
        """Store a copy of the entry under this id."""
        self._jboas[jboa_id] = _checked(entry, JboaSetupEntry)

    def has_jboa_setup_entry(self, jboa_id: int) -> bool:
        """Whether there is a setup of this id."""
        return jboa_id in self._jboas

    def get_jboa_setup_entry(self, jboa_id: int) -> JboaSetupEntry:
        """The entry of this id. :raises HwdbLookupError: if there is none."""
        return _look_up(self._jboas, jboa_id, "jboa_id")

    def remove_jboa_setup_entry(self, jboa_id: int) -> bool:
        """Remove the entry of this id; says whether it existed."""
        return self._jboas.pop(jboa_id, None) is not None

    def get_jboa_ids(self) -> list[int]:
        """All ids, sorted."""
        return sorted(self._jboas)

    def find_by_ip(self, ip: IPv4) -> HXCubeSetupEntry | JboaSetupEntry:
        """A copy of the setup with the FPGA of this address, reduced to that FPGA.

        :raises HwdbLookupError: if no setup has such an FPGA.
        """
        setups: list[HXCubeSetupEntry | JboaSetupEntry] = [
            *self._cubes.values(),
            *self._jboas.values(),
        ]
        for setup in setups:
            for number, fpga in setup.fpgas.items():
                if fpga.ip == ip:
                    found = deepcopy(setup)
                    found.fpgas = {number: found.fpgas[number]}
                    return found
        raise HwdbLookupError(f"the hardware database has no FPGA with address {ip.to_string()}")


# The name in the original's module.
database = Database


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HwdbError(f"cannot read the hardware database '{path}': {error}") from error


def _documents(text: str, name: str) -> Iterable[Document]:
    import yaml  # see above

    try:
        documents = list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        raise HwdbError(f"{name}: not YAML: {error}") from error
    for index, document in enumerate(documents):
        if document is None:
            continue
        if not isinstance(document, dict):
            raise HwdbError(f"{name}[{index}]: expected a mapping, got {document!r}")
        yield document


def _checked(entry: Entry, kind: type[Entry]) -> Entry:
    if not isinstance(entry, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(entry).__name__}")
    return deepcopy(entry)


Key = TypeVar("Key", int, str)


def _look_up(table: dict[Key, Entry], key: Key, name: str) -> Entry:
    if key not in table:
        raise HwdbLookupError(f"the hardware database has no {name} {key}; it has {sorted(table)}")
    return table[key]
