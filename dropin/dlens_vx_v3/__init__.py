# SPDX-License-Identifier: Apache-2.0
"""The stack under the name that programs import: `from dlens_vx_v3 import hal, halco`.

The import sets up a console log of level WARN, unless there is a log output already.
"""

import importlib
import pkgutil
from types import ModuleType

from pylogging import LogLevel as _LogLevel
from pylogging import default_config as _default_config
from pylogging import get_root as _get_root

if _get_root().get_number_of_appenders() == 0:
    _default_config(level=_LogLevel.WARN)


def __getattr__(name: str) -> ModuleType:
    """Import a submodule when it is first used."""
    if name in __dir__():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
