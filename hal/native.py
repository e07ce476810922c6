# SPDX-License-Identifier: Apache-2.0
"""Loading of the package's native libraries (plain C ABI, ctypes)."""

import ctypes
from functools import cache
from importlib import import_module
from pathlib import Path


@cache
def load(package: str, name: str) -> ctypes.CDLL:
    """Load the shared library `name`.so that lies in the folder of `package`.

    :raises ImportError: if the library has not been built, with the command that builds it.
    """
    path = Path(str(import_module(package).__file__)).parent / f"{name}.so"
    if not path.exists():
        raise ImportError(
            f"native library {path.name} of {package} is missing; "
            "install the package or run 'python setup.py build_ext --inplace'"
        )
    return ctypes.CDLL(str(path))
