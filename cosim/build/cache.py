# SPDX-License-Identifier: Apache-2.0
"""Cache folder of the tool step, safe against several builders at once."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from hal.errors import HxcosimError

__all__ = ["BuildError", "cache_dir", "locked", "publish", "publish_file", "say"]


class BuildError(HxcosimError):
    """A design cannot be built; the message says what is missing and how to get it."""


def cache_dir() -> Path:
    """Cache folder: `HXCOSIM_CACHE`, else `hxcosim` in `XDG_CACHE_HOME` (default `~/.cache`).

    :raises BuildError: if the folder cannot be written, or its path has a blank (make refuses it).
    """
    if named := os.environ.get("HXCOSIM_CACHE"):
        path = Path(named).expanduser().absolute()
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
        path = Path(base).expanduser().absolute() / "hxcosim"
    if " " in str(path):
        raise BuildError(
            f"the cache folder '{path}' has a blank in its path, which make cannot handle; "
            "name another folder in HXCOSIM_CACHE"
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise BuildError(
            f"the cache folder '{path}' cannot be written ({error.strerror}); "
            "make it writable or name another folder in HXCOSIM_CACHE"
        ) from error
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock file `path`.lock; a second builder waits for the first."""
    with Path(f"{path}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def publish(target: Path, fill: Callable[[Path], None]) -> Path:
    """Return the folder `target`; if it is missing, `fill` a new one and rename it into place.

    A folder that exists is complete: a builder that dies leaves only `target`.part behind.
    """
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target):
        if not target.is_dir():
            part = Path(f"{target}.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            fill(part)
            part.rename(target)
    return target


def publish_file(name: str, text: str) -> Path:
    """Return a small generated file of the cache, whose name includes a key over its content."""
    stem, _, suffix = name.rpartition(".")
    key = hashlib.sha256(text.encode()).hexdigest()[:10]
    path = cache_dir() / "generated" / f"{stem}-{key}.{suffix}"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_text(text)
        part.rename(path)
    return path


def say(text: str) -> None:
    """Print one progress line: to a terminal, or in CI; nobody else wants it."""
    if sys.stderr.isatty() or os.environ.get("CI"):
        sys.stderr.write(f"hxcosim: {text}\n")
        sys.stderr.flush()
