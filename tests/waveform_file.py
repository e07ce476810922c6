# SPDX-License-Identifier: Apache-2.0
"""Reads FST files: widths of the signals, names of enums, changes."""

from collections.abc import Iterable
from pathlib import Path

import pylibfst
from pylibfst import ffi, lib


def _open(path: Path) -> object:
    file = lib.fstReaderOpen(str(path).encode())
    assert file != ffi.NULL
    return file


def _handles(file: object) -> dict[str, tuple[int, int]]:
    """Handle and width of each signal, by its name without the top and the range."""
    signals = pylibfst.get_scopes_signals2(file)[1].by_name
    return {
        name.partition("[")[0].rstrip().removeprefix("TOP."): (s.handle, s.length)
        for name, s in signals.items()
    }


def widths(path: Path) -> dict[str, int]:
    """Bits of all signals."""
    file = _open(path)
    found = {name: width for name, (_, width) in _handles(file).items()}
    lib.fstReaderClose(file)
    return found


def enums(path: Path) -> dict[str, str]:
    """Signals of an enum type, with the names that a viewer shows."""
    file = _open(path)
    tables: dict[int, str] = {}
    scopes: list[str] = []
    found, table = {}, 0
    while (item := lib.fstReaderIterateHier(file)) != ffi.NULL:
        if item.htyp == lib.FST_HT_SCOPE:
            scopes.append(ffi.string(item.u.scope.name).decode())
        elif item.htyp == lib.FST_HT_UPSCOPE:
            scopes.pop()
        elif item.htyp == lib.FST_HT_ATTRBEGIN and item.u.attr.typ == lib.FST_AT_MISC:
            if item.u.attr.subtype == lib.FST_MT_ENUMTABLE:
                table = item.u.attr.arg
                if name := ffi.string(item.u.attr.name).decode():
                    tables[table] = name
        elif item.htyp == lib.FST_HT_VAR:
            if table:
                name = ffi.string(item.u.var.name).decode().partition("[")[0].rstrip()
                found[".".join([*scopes[1:], name])] = tables[table]
            table = 0
    lib.fstReaderClose(file)
    return found


def changes(path: Path, names: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    """Of each signal the times in ps at which it changed, and its values from then on."""
    file = _open(path)
    handles = _handles(file)
    of: dict[int, list[str]] = {}
    for name in names:
        of.setdefault(handles[name][0], []).append(name)
        lib.fstReaderSetFacProcessMask(file, handles[name][0])
    found: dict[str, list[tuple[int, int]]] = {n: [] for same in of.values() for n in same}

    def change(_: object, time: int, handle: int, value: object) -> None:
        for name in of[handle]:
            found[name].append((time, int(pylibfst.string(value), 2)))

    pylibfst.fstReaderIterBlocks(file, change)
    lib.fstReaderClose(file)
    return found
