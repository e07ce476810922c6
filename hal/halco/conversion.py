# SPDX-License-Identifier: Apache-2.0
"""Conversions between coordinates, declared as rules from enum to enum.

The class keyword ``to`` maps the name of a target type to the rule that gives the target's enum
from the enum ``e`` of this type; each becomes a method ``to<Target>()``.
"""

import operator
import sys
from collections.abc import Callable, Mapping
from typing import Any

Rule = Callable[[int], "int | None"]


class Each:
    """A conversion to several instances: an array keyed by ``key``, or a list without a key."""

    __slots__ = ("key", "rule")

    def __init__(self, rule: Callable[[int], tuple[int, ...]], key: str | None = None) -> None:
        self.rule = rule
        self.key = key


class Maybe:
    """A conversion that not every instance has; the method returns None for those without."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule


Conversion = Rule | Each | Maybe


def same(*names: str) -> dict[str, Conversion]:
    """Conversions to types that share this type's enumeration."""
    return dict.fromkeys(names, operator.pos)


def by_name(name: str) -> Any:
    """The public name of the package ``hal.halco``."""
    return getattr(sys.modules["hal.halco"], name)


class Convertible:
    """Adds the conversion methods of the class keyword ``to``."""

    __slots__ = ()

    def __init_subclass__(
        cls, *, to: Mapping[str, Conversion] | None = None, **keywords: Any
    ) -> None:
        super().__init_subclass__(**keywords)
        for target, rule in (to or {}).items():
            add_conversion(cls, target, rule)


def add_conversion(cls: Any, target: str, rule: Conversion) -> None:
    """Give the class its method ``to<target>``.

    A coordinate in a block inherits the method and passes its local part, hence the modulus.
    """
    if isinstance(rule, Each):
        every, key = rule.rule, rule.key

        def convert(self: Any) -> Any:
            kind = by_name(target)
            found = [kind._checked(e) for e in every(self._e % cls.size)]
            if key is None:
                return found
            from hal.halco.arrays import (
                typed_array,
            )  # builds on the numbers, which need this module

            return typed_array(kind, by_name(key))._of(found)

        returns = "TypedArray" if key else f"list[{target}]"
    else:
        one = rule.rule if isinstance(rule, Maybe) else rule

        def convert(self: Any) -> Any:
            e = one(self._e % cls.size)
            return None if e is None else by_name(target)._checked(e)

        returns = f"{target} | None" if isinstance(rule, Maybe) else target

    convert.__annotations__ = {"return": returns}
    convert.__name__ = f"to{target}"
    convert.__qualname__ = f"{cls.__name__}.to{target}"
    convert.__module__ = cls.__module__
    setattr(cls, convert.__name__, convert)
