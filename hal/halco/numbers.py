# SPDX-License-Identifier: Apache-2.0
"""Ranged numbers: integers that know their type and their limits.

Coordinates and the register values of the containers are such numbers.  Declare one as a class::

    class Value(Ranged, max=1023):
        "Digital-to-analog code of a cell."

A number converts to ``int``, indexes lists, compares with its own type and with plain integers, and
keeps its type in ``+ - * / %`` (``/`` divides as integers, towards zero).  A plain integer may only
stand on the right: ``x + 1``.

Errors: above the maximum ``OverflowError``, below the minimum ``RuntimeError``; ``TypeError`` for a
negative number into an unsigned type and for what is not an integer.
"""

import operator
import types
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, SupportsIndex, TypeVar, cast

import numpy as np
import numpy.typing as npt

from hal.halco.conversion import Convertible

_INTEGER = (int, np.integer)
_DEFAULT: Any = object()
"""Stands for an argument that was not given."""


class MachineOverflowError(OverflowError, TypeError):
    """A number beyond the machine type of its class: out of range, and no legal argument either."""


def beyond(cls: type["Number"], n: int, place: str = "") -> str:
    """The message for a number outside of a type: the original's words, then place and range."""
    text = f"overflow: {n} > max({cls.max})" if n > cls.max else f"underflow: {n} < min({cls.min})"
    return f"range {text}{place}: {cls.__qualname__} is {cls.min}..{cls.max}"


def describe(value: object) -> str:
    """The value and its type, for messages; of a container, whose text is long, the type only."""
    if hasattr(type(value), "_fields"):
        return type(value).__qualname__
    return f"{value!r} ({type(value).__name__})"


class Compared:
    """All comparisons by one function, ``_compare(other, operator)``."""

    __slots__ = ()

    def _compare(self, other: object, by: Callable[[Any, Any], bool]) -> Any:
        raise NotImplementedError

    def __eq__(self, other: object) -> Any:
        return self._compare(other, operator.eq)

    def __ne__(self, other: object) -> Any:
        return self._compare(other, operator.ne)

    def __lt__(self, other: object) -> Any:
        return self._compare(other, operator.lt)

    def __le__(self, other: object) -> Any:
        return self._compare(other, operator.le)

    def __gt__(self, other: object) -> Any:
        return self._compare(other, operator.gt)

    def __ge__(self, other: object) -> Any:
        return self._compare(other, operator.ge)

    def __hash__(self) -> int:
        raise NotImplementedError


class Number(Compared):
    """Common base of all integer-like types; not constructible itself."""

    __slots__ = ("_e",)

    min: ClassVar[int]
    max: ClassVar[int]
    size: ClassVar[int]
    begin: ClassVar[int]
    end: ClassVar[int]
    lowest: ClassVar[int]
    is_interval: ClassVar[bool] = False

    _default: ClassVar[int]
    _implicit: ClassVar[bool] = True
    _bits: ClassVar[int]
    _signed: ClassVar[bool]
    _axis: ClassVar[str | None] = None
    _texts: ClassVar[Mapping[int, str] | None] = None
    _number: ClassVar[type["Number"]]
    _family: ClassVar[type]
    _in_block: ClassVar[bool] = False

    _e: int

    def __init_subclass__(
        cls,
        *,
        min: int | None = None,
        max: int | None = None,
        default: int | None = None,
        implicit: bool | None = None,
        bits: int | None = None,
        signed: bool | None = None,
        axis: str | None = None,
        constants: Mapping[str, Any] | None = None,
        texts: bool = False,
        **keywords: Any,
    ) -> None:
        super().__init_subclass__(**keywords)
        if max is not None or cls._in_block:
            cls._family = cls
        if max is not None:
            low = 0 if min is None else min
            cls._number = cls
            cls.min, cls.max, cls.size = low, max, max - low + 1
            cls.begin, cls.end, cls.lowest = low, max + 1, low
            cls._default = low if default is None and low > 0 else default or 0
            cls._signed = low < 0 if signed is None else signed
            cls._bits = 64 if bits is None else bits
            cls._implicit = True if implicit is None else implicit
            cls._axis = axis
            if constants and texts:
                cls._texts = {number: name for name, number in constants.items()}
        for name, number in (constants or {}).items():
            setattr(cls, name, cls._constant(number))

    @classmethod
    def _constant(cls, value: Any) -> Any:
        """A named instance; a number beyond the range stays a plain number (register prefixes)."""
        return cls._make(value) if cls.min <= value <= cls.max else value

    @classmethod
    def _make(cls, e: int) -> Self:
        """An instance without checks."""
        new = cls.__new__(cls)
        new._e = e
        return new

    @classmethod
    def _checked(cls, n: int) -> Self:
        """An instance, or the error of a result that has left the range."""
        if n > cls.max:
            raise OverflowError(beyond(cls, n))
        if n < cls.min:
            raise RuntimeError(beyond(cls, n))
        return cls._make(n)

    @classmethod
    def _from_implicit(cls, value: object) -> "Number | None":
        """What the value becomes where ``cls`` is expected, or None if it does not convert."""
        if isinstance(value, cls):
            return cls._make(value.value()) if value._in_block and not cls._in_block else value
        if isinstance(value, _INTEGER):
            fits = cls._implicit and cls.min <= value <= cls.max
            return cls._make(int(value)) if fits else None
        if isinstance(value, (X, Y)):
            fits = isinstance(value, {"x": X, "y": Y}.get(cls._axis or "", cls))
            return cls._make(value._e) if fits and cls.min <= value._e <= cls.max else None
        return None

    def __init__(self, value: SupportsIndex = _DEFAULT, /) -> None:
        cls = self._number
        if value is _DEFAULT:
            self._e = cls._default
            return
        try:
            n = operator.index(value)
        except TypeError:
            raise TypeError(
                f"{cls.__qualname__}: expected an integer {cls.min}..{cls.max}, "
                f"not {describe(value)}"
            ) from None
        if cls.min <= n <= cls.max:
            self._e = n
        elif n > cls.max:
            error = MachineOverflowError if n >> (cls._bits - cls._signed) else OverflowError
            raise error(beyond(cls, n))
        elif n < 0 and not cls._signed:
            raise TypeError(
                f"{cls.__qualname__}: {n} is negative, expected an integer {cls.min}..{cls.max}"
            )
        else:
            raise RuntimeError(beyond(cls, n))

    def value(self) -> int:
        """The number as a plain ``int``."""
        return self._e % self._number.size if self._in_block else self._e

    def __int__(self) -> int:
        return self._e

    def __index__(self) -> int:
        return self.value()

    def __bool__(self) -> bool:
        return self.value() != 0

    def __hash__(self) -> int:
        return hash((self._family, self._e))

    def __str__(self) -> str:
        if self._texts is not None:
            return self._texts[self._e]
        return f"{type(self).__name__}({self._e})"

    __repr__ = __str__

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._e)

    # -- comparison ---------------------------------------------------------------------------

    def _compare(self, other: object, by: Callable[[Any, Any], bool]) -> Any:
        if isinstance(other, Number):
            if other._family is self._family:
                return by(self._e, other._e)
        elif isinstance(other, _INTEGER):
            return by(self.value(), int(other))
        return order_of_types(self, other, by)

    # -- arithmetic ---------------------------------------------------------------------------

    def _apply(self, other: object, operation: Callable[[int, int], int]) -> Any:
        cls = self._number
        if isinstance(other, _INTEGER):
            return cls._checked(operation(self.value(), int(other)))
        if isinstance(other, cls):
            return cls._checked(operation(self.value(), other.value()))
        return NotImplemented

    def __add__(self, other: object) -> Any:
        return self._apply(other, operator.add)

    def __sub__(self, other: object) -> Any:
        return self._apply(other, operator.sub)

    def __mul__(self, other: object) -> Any:
        return self._apply(other, operator.mul)

    def __truediv__(self, other: object) -> Any:
        return self._apply(other, _quotient)

    def __mod__(self, other: object) -> Any:
        return self._apply(other, _remainder)

    def __pos__(self) -> Any:
        return self._number._make(self.value())

    def __neg__(self) -> Any:
        return self._number._checked(-self.value())


def _quotient(a: int, b: int) -> int:
    """Integer division towards zero, as in C."""
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


def _remainder(a: int, b: int) -> int:
    """The remainder that belongs to ``_quotient``: with the sign of the dividend."""
    r = abs(a) % abs(b)
    return -r if a < 0 else r


def _restore(cls: type[Number], e: int) -> Number:
    return cls._make(e)


class Coordinate:
    """Common base of the coordinates that a container can sit on.

    Coordinates of different types are never equal; ``< <= > >=`` order them by their types.
    """

    __slots__ = ()


def order_of_types(a: object, b: object, by: Callable[[Any, Any], bool]) -> Any:
    """Compare two coordinates of different types by their type names, else ``NotImplemented``."""
    if by is not operator.eq and by is not operator.ne and not isinstance(a, Coordinate):
        return NotImplemented
    if isinstance(b, Coordinate):
        return bool(by(type(a).__name__, type(b).__name__))
    return NotImplemented


class Ranged(Convertible, Number):
    """A number with inclusive limits.

    Class keywords: ``max`` and ``min`` (default 0), ``default`` (0, or the minimum above it),
    ``implicit`` (whether a plain ``int`` converts by itself), ``bits`` and ``signed`` of the
    machine type, ``axis`` (``"x"`` or ``"y"`` of a pair), ``constants`` (name to number).
    """

    __slots__ = ()

    def toEnum(self) -> Any:  # noqa: N802 - name of the original interface
        """The number as an ``Enum``; the minimum is not subtracted."""
        return Enum._make(self.value())


class Unbounded(Ranged):
    """A number that only its machine type limits: ``bits`` (default 64) and ``signed``."""

    __slots__ = ()

    def __init_subclass__(cls, *, bits: int = 64, signed: bool = False, **keywords: Any) -> None:
        high = (1 << (bits - signed)) - 1
        super().__init_subclass__(
            bits=bits, signed=signed, min=-high - 1 if signed else 0, max=high, **keywords
        )

    def toEnum(self) -> Any:  # noqa: N802 - name of the original interface
        """The number, counted from the type's minimum."""
        return Enum._make(self.value() - self.min)


class Enum(Unbounded):
    """Number of an instance in the enumeration of its type."""


class X(Unbounded):
    """Column of a pair."""


class Y(Unbounded):
    """Row of a pair."""


T = TypeVar("T")


def implicit(target: type[T], value: object) -> T:
    """Convert as an assignment or a call does: an own instance, or an integer that fits.

    Raises ``TypeError`` otherwise: in the original such a conversion does not exist.
    """
    if type(value) is target:
        return value
    convert = getattr(target, "_from_implicit", None)
    result = convert(value) if convert is not None else None
    if result is None:
        if isinstance(value, target):
            return value
        raise TypeError(f"cannot convert {describe(value)} to {expected(target)}")
    return cast(T, result)


def expected(target: type) -> str:
    """The name of a type with its limits, for messages."""
    if hasattr(target, "_alternatives"):
        return " or ".join(map(expected, target._alternatives))
    if issubclass(target, Number):
        return f"{target.__qualname__} ({target.min}..{target.max})"
    return target.__qualname__


def ranged(
    name: str,
    min: int,
    max: int,
    *,
    default: int | None = None,
    implicit: bool = True,
    bits: int = 64,
    module: str = "",
    doc: str = "",
) -> type[Ranged]:
    """Make a ranged type from data; ``name`` may be dotted (``CapMemCell.Value``)."""
    facts = {
        "__slots__": (),
        "__qualname__": name,
        "__module__": module or __name__,
        "__doc__": doc or f"Integer {min}..{max}.",
    }
    limits = {"min": min, "max": max, "default": default, "implicit": implicit, "bits": bits}
    made = types.new_class(
        name.rpartition(".")[2], (Ranged,), limits, lambda body: body.update(facts)
    )
    return cast(type[Ranged], made)


def storage(cls: type[Number]) -> np.dtype[Any]:
    """The smallest NumPy integer type that holds every value of the class."""
    kind = "i" if cls.min < 0 else "u"
    for width in (1, 2, 4):
        limits = np.iinfo(f"{kind}{width}")
        if limits.min <= cls.min and cls.max <= limits.max:
            return limits.dtype
    return np.dtype(f"{kind}8")


def machine(cls: type[Number]) -> np.dtype[Any]:
    """The NumPy type that corresponds to the machine type of the class."""
    return np.dtype(f"{'int' if cls._signed else 'uint'}{cls._bits}")


def check_range(cls: type[Number], values: npt.NDArray[Any]) -> None:
    """Raise ``OverflowError`` unless all numbers lie within the limits of the class."""
    if values.size == 0:
        return
    if values.min() < cls.min or values.max() > cls.max:
        place = np.argwhere((values < cls.min) | (values > cls.max))[0].tolist()
        raise OverflowError(beyond(cls, int(values[tuple(place)]), f" at {place}"))
