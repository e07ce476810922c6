# SPDX-License-Identifier: Apache-2.0
"""What each test touches: containers that it accesses, instructions that it runs, on which target.

`tests/conftest.py` feeds a `Recorder`; its file, `build/touched.json`, is what the page
`docs/reference/requirements.md` is made from (`cosim/build/requirements.py`).
"""

import functools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cosim.build.requirements import TOUCHED, access_classes
from hal.hxcomm.connection import HALT, Device
from hal.hxcomm.messages import HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA

_NAMES = {message.id: message.name for message in TO_FPGA}


class Recorder:
    """Notes, per test, names of containers and instructions, and how it went."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self._touched: set[str] = set()

    def install(self) -> None:
        """From now on see every access of a container and every program."""
        for cls in access_classes():
            for name in ("write_access", "read_access"):
                if name in cls.__dict__:
                    setattr(cls, name, self._watched(cls.__dict__[name]))
        execute = Device.execute

        def watched(device: Device, programs: Sequence[Any], decode: Callable[..., Any]) -> Any:
            for words in (*programs, HALT):
                headers = np.unique(np.asarray(words) >> np.uint64(PHYWORD_WIDTH - HEADER_WIDTH))
                self._touched |= {_NAMES[int(h)] for h in headers if int(h) in _NAMES}
            return execute(device, programs, decode)

        Device.execute = watched  # type: ignore[method-assign]

    def _watched(self, method: Any) -> Any:
        plain = method.__func__ if isinstance(method, classmethod) else method

        @functools.wraps(plain)
        def call(self_or_class: Any, *args: Any, **kwargs: Any) -> Any:
            cls = self_or_class if isinstance(self_or_class, type) else type(self_or_class)
            self._touched.add(cls.__name__)
            return plain(self_or_class, *args, **kwargs)

        return classmethod(call) if isinstance(method, classmethod) else call

    def begin(self) -> None:
        """A test begins."""
        self._touched = set()

    def end(self, test: str, target: str, outcome: str) -> None:
        """It ended: `outcome` on `target`."""
        row = self.rows.setdefault(test, {"touched": [], "outcome": {}})
        row["touched"] = sorted(self._touched.union(row["touched"]))
        row["outcome"][target] = outcome

    def save(self) -> None:
        """Put these rows over those of earlier sessions."""
        old = json.loads(TOUCHED.read_text()) if TOUCHED.is_file() else {}
        TOUCHED.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(f"{TOUCHED}.new")
        temporary.write_text(json.dumps({**old, **self.rows}, indent=1, sort_keys=True))
        temporary.replace(TOUCHED)
