# SPDX-License-Identifier: Apache-2.0
"""Each name that client programs touch is there, of its kind, and takes the arguments they give.

`data/api_surface.json`: by drop-in module, each path with what is known of its use: null for an
attribute, else fewest and most positional arguments and the keywords of calls.
"""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

SURFACE = json.loads((Path(__file__).parent / "data" / "api_surface.json").read_text())
CASES = [(module, path) for module in SURFACE for path in SURFACE[module]]


def made(cls: Any) -> Any:
    """An object of a class, for members that only objects have."""
    try:
        return cls()
    except TypeError:
        return cls(importlib.import_module("dlens_vx_v3.hxcomm").ZeroMockEntry())


def resolve(module: str, path: str) -> tuple[Any, Any]:
    """The thing of this name, and what it is a member of."""
    found: Any = importlib.import_module(module)
    *parts, last = path.split(".")
    for name in parts:
        owner, found = found, getattr(found, name, None)
        if found is None or inspect.isdatadescriptor(found):
            found = getattr(made(owner), name)
    return getattr(found if hasattr(found, last) else made(found), last), found


def test_size() -> None:
    assert len(CASES) == 1056


@pytest.mark.parametrize(("module", "path"), CASES, ids=lambda part: str(part))
def test_name(module: str, path: str) -> None:
    found, owner = resolve(module, path)
    use = SURFACE[module][path]
    if use is None:
        return
    _, most, *keywords = use
    assert callable(found)
    if inspect.isclass(found) and most == 1 and not inspect.signature(found).parameters:
        assert found(found()) == found()  # the copy constructor
        return
    static = inspect.isclass(owner) and isinstance(
        inspect.getattr_static(owner, path.split(".")[-1]), staticmethod | classmethod
    )
    bound = inspect.isfunction(found) and inspect.isclass(owner) and not static
    inspect.signature(found).bind_partial(
        *[None] * (most - len(keywords) + bound), **dict.fromkeys(keywords)
    )
