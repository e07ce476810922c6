# SPDX-License-Identifier: Apache-2.0
"""Coordinates: pairs, local coordinates within a block, intervals, and their conversions.

A coordinate is declared as a class; the class keywords hold the facts::

    class SynapseRowOnSynram(Ranged, max=255, axis="y", to={
        "SynapseDriverOnSynapseDriverBlock": lambda e: e // 2,
    }):
        "Row of synapses."

    class SynapseQuadOnSynram(Grid, x=SynapseQuadColumnOnDLS, y=SynapseRowOnSynram):
        "Quad of synapses."

    class SynapseQuadOnDLS(Mixin, SynapseQuadOnSynram, Coordinate, block=SynramOnDLS):
        "Quad of synapses."

``to`` maps the name of a target type to a rule (see `hal.halco.conversion`).
Pairs convert to their x and y types and local coordinates to their block without being told.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast, overload

import numpy as np

from hal.halco.conversion import Convertible, add_conversion, by_name
from hal.halco.numbers import (
    Compared,
    Enum,
    Number,
    Ranged,
    X,
    Y,
    describe,
    implicit,
    order_of_types,
)

_T = TypeVar("_T")


class Enumerated(Convertible, Compared):
    """What pairs and local coordinates share: their place in the enumeration, ``_e``."""

    if not TYPE_CHECKING:  # the slot is that of the pair or number type
        __slots__ = ()

    size: ClassVar[int]
    min: ClassVar[int]
    max: ClassVar[int]
    enum_type: ClassVar[type[Ranged]]
    is_interval: ClassVar[bool] = False
    _default: ClassVar[int]
    _e: int

    @classmethod
    def _enumerate(cls, size: int, default: int, constants: Mapping[str, int] | None) -> None:
        cls.min, cls.max, cls.size = 0, size - 1, size
        cls._default = default
        cls.enum_type = enum_ranged(size)
        for name, e in (constants or {}).items():
            setattr(cls, name, cls._make(e))

    @classmethod
    def _make(cls, e: int) -> Self:
        new = cls.__new__(cls)
        new._e = e
        return new

    @classmethod
    def _checked(cls, e: int) -> Self:
        return cls._make(cls.enum_type._checked(e)._e)

    @classmethod
    def _from_implicit(cls, value: object) -> Any:
        if isinstance(value, cls) and type(value) is not cls and isinstance(value, Mixin):
            return cls._make(value._e % cls.size)
        return None

    @classmethod
    def _enum(cls, value: object) -> int | None:
        """The enum that a single constructor argument stands for, or None."""
        if isinstance(value, (Enum, cls.enum_type, int, np.integer)):
            return cls.enum_type(cast(int, value))._e
        return None

    def toEnum(self) -> Any:  # noqa: N802 - name of the original interface
        """The number of the instance, from 0, as the type's own ``enum_type``."""
        return self.enum_type._make(self._e)

    def __hash__(self) -> int:
        return hash((type(self), self._e))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._e)

    def _compare(self, other: object, by: Callable[[Any, Any], bool]) -> Any:
        if type(other) is type(self):
            return by(self._e, other._e)
        return order_of_types(self, other, by)


def _restore(cls: type[Enumerated], e: int) -> Enumerated:
    return cls._make(e)


class Grid(Enumerated):
    """A pair of a column and a row; the enumeration runs along the rows.

    Class keywords: ``x`` and ``y``, the types of the two; ``nodes`` lists the (x, y) of a sparse
    pair in the order of its enumeration.
    """

    __slots__ = ("_e",)

    x_type: ClassVar[type[Ranged]]
    y_type: ClassVar[type[Ranged]]
    _nodes: ClassVar[tuple[tuple[int, int], ...] | None] = None
    _index: ClassVar[dict[tuple[int, int], int]]

    def __init_subclass__(
        cls,
        *,
        x: type[Ranged] | None = None,
        y: type[Ranged] | None = None,
        nodes: tuple[tuple[int, int], ...] | None = None,
        constants: Mapping[str, int] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init_subclass__(**keywords)
        if x is None or y is None:
            return
        cls.x_type, cls.y_type = x, y
        if nodes is not None:
            cls._nodes = nodes
            cls._index = {node: e for e, node in enumerate(nodes)}
        cls._enumerate(x.size * y.size if nodes is None else len(nodes), 0, constants)
        setattr(cls, f"to{x.__name__}", cls.x)
        setattr(cls, f"to{y.__name__}", cls.y)

    def __init__(self, *arguments: object, **named: object) -> None:
        if named:
            arguments = (*arguments, *(named.pop(axis) for axis in ("x", "y") if axis in named))
            if named or len(arguments) != 2:
                raise TypeError(f"{type(self).__name__}: expected x and y, not {[*named]}")
        match arguments:
            case ():
                self._e = 0
            case (Grid(),):
                self._e = implicit(type(self), arguments[0])._e
            case (value,) if (e := self._enum(value)) is not None:
                self._e = e
            case (a, b):
                try:
                    self._e = self._from_pair(a, b)
                except TypeError as error:
                    raise TypeError(f"{type(self).__name__}: {error}") from None
            case _:
                raise self._no_match(arguments)

    @classmethod
    def _from_pair(cls, a: object, b: object) -> int:
        if isinstance(a, (cls.y_type, Y)) or isinstance(b, (cls.x_type, X)):
            a, b = b, a
        x = cls.x_type(a)._e if isinstance(a, X) else implicit(cls.x_type, a)._e
        y = cls.y_type(b)._e if isinstance(b, Y) else implicit(cls.y_type, b)._e
        if cls._nodes is None:
            return y * cls.x_type.size + x
        e = cls._index.get((x, y))
        if e is None:
            raise RuntimeError(
                f"{cls.__name__}: there is no instance at x {x}, y {y}, which is not one of the "
                f"{cls.size} in use among x 0..{cls.x_type.max}, y 0..{cls.y_type.max}"
            )
        return e

    @classmethod
    def _no_match(cls, arguments: tuple[object, ...]) -> TypeError:
        x, y = cls.x_type.__name__, cls.y_type.__name__
        return TypeError(
            f"{cls.__name__}: expected an Enum 0..{cls.max} or ({x}, {y}), "
            f"not ({', '.join(map(describe, arguments))})"
        )

    def _xy(self) -> tuple[int, int]:
        own = _grid_of(type(self))
        e = self._e % own.size
        if own._nodes is not None:
            return own._nodes[e]
        return e % own.x_type.size, e // own.x_type.size

    def x(self) -> Any:
        """The column."""
        return self.x_type._make(self._xy()[0])

    def y(self) -> Any:
        """The row."""
        return self.y_type._make(self._xy()[1])

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.x()}, {self.y()}; Enum({self._e}))"

    __repr__ = __str__


def _grid_of(cls: type[Any]) -> type[Grid]:
    """The pair type itself, below the blocks that its instances may sit in."""
    while issubclass(cls, Mixin):
        cls = cls._local
    return cast(type[Grid], cls)


class Mixin(Enumerated):
    """A local coordinate within a block; a subclass of its local type.

    Class keyword ``block``; the enumeration is block by block.  ``default`` overrides the
    enum that the constructor without argument gives.
    """

    if not TYPE_CHECKING:  # the slot is that of the local type
        __slots__ = ()

    _local: ClassVar[Any]
    _block: ClassVar[Any]
    _in_block: ClassVar[bool] = True

    def __init_subclass__(
        cls,
        *,
        block: Any = None,
        default: int | None = None,
        constants: Mapping[str, int] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init_subclass__(**keywords)
        if block is None:
            return
        local: Any = next(base for base in cls.__bases__ if base is not Mixin)
        cls._local, cls._block = local, block
        if default is None:
            default = block._default * local.size + local._default
        cls._enumerate(local.size * block.size, default, None)
        for name, e in (constants or {}).items():
            setattr(cls, name, cls._make(e) if e < cls.size else e)
        add_conversion(cls, local.__name__, local.size.__rmod__)
        add_conversion(cls, block.__name__, local.size.__rfloordiv__)

    def __init__(self, *arguments: object, **named: object) -> None:
        cls = type(self)
        if named:
            arguments = cls._by_type(*arguments, *named.values())
        match arguments:
            case ():
                self._e = cls._default
            case (value,) if isinstance(value, cls):
                self._e = value._e
            case (value,) if not isinstance(value, cls._local) and (
                (e := cls._enum(value)) is not None
            ):
                self._e = e
            case (value,) if isinstance(value, cls._block) and cls._local.size == 1:
                self._e = value._e
            case (value,):
                self._e = cls._local_enum(value, arguments) + cls._block._default * cls._local.size
            case (value, block):
                local = cls._local_enum(value, arguments)
                self._e = cls._block_enum(block, arguments) * cls._local.size + local
            case (*local_arguments, block) if issubclass(cls._local, Mixin):
                local = cls._local(*local_arguments)._e
                self._e = cls._block_enum(block, arguments) * cls._local.size + local
            case _:
                raise cls._no_match(arguments)

    @classmethod
    def _by_type(cls, *arguments: object) -> tuple[object, ...]:
        """Arguments given by name: the names differ from type to type, so the types decide."""
        local = [value for value in arguments if isinstance(value, cls._local)]
        block = [value for value in arguments if isinstance(value, cls._block)]
        if len(local) > 1 or len(block) > 1 or len(local) + len(block) < len(arguments):
            raise cls._no_match(arguments)
        return (*(local or [cls._local()]), *block)

    @classmethod
    def _local_enum(cls, value: object, arguments: tuple[object, ...]) -> int:
        try:
            return int(implicit(cls._local, value)._e)
        except TypeError:
            raise cls._no_match(arguments) from None

    @classmethod
    def _block_enum(cls, value: object, arguments: tuple[object, ...]) -> int:
        try:
            return int(implicit(cls._block, value)._e)
        except TypeError:
            raise cls._no_match(arguments) from None

    @classmethod
    def _no_match(cls, arguments: tuple[object, ...]) -> TypeError:
        return TypeError(
            f"{cls.__name__}: expected an Enum 0..{cls.max} or "
            f"({cls._local.__name__}, {cls._block.__name__}), "
            f"not ({', '.join(map(describe, arguments))})"
        )

    def split(self) -> tuple[Any, Any]:
        """The block and the local part."""
        block, local = divmod(self._e, self._local.size)
        return self._block._make(block), self._local._make(local)

    def __int__(self) -> int:
        return self._e

    def __str__(self) -> str:
        block, local = self.split()
        return f"{type(self).__name__}({local}, {block})"

    __repr__ = __str__


enum_types: dict[int, type[Ranged]] = {}


def enum_ranged(size: int) -> type[Ranged]:
    """The type ``EnumRanged_<size>_``: an enum of a type with that many instances."""
    if size not in enum_types:
        name = f"EnumRanged_{size}_"
        facts = {"__slots__": (), "__module__": "hal.halco", "__doc__": f"Enum 0..{size - 1}."}
        made: Any = types.new_class(
            name, (Ranged,), {"max": size - 1}, lambda body: body.update(facts)
        )
        made._family = Enum
        enum_types[size] = made
    return enum_types[size]


class Interval(Compared):
    """A closed interval of a bound type; stores both ends.

    Class keyword ``bound``.  The enum of an interval is ``min * bound.size + max``; construction
    from an enum takes quotient and remainder as minimum and length - 1, as the original does, so
    that it is the inverse for min == 0 only.
    """

    __slots__ = ("_high", "_low")

    bound_type: ClassVar[type[Ranged]]
    enum_type: ClassVar[type[Ranged]]
    size: ClassVar[int]
    min: ClassVar[int]
    max: ClassVar[int]
    is_interval: ClassVar[bool] = True
    _length_type: ClassVar[str | None]

    _low: int
    _high: int

    def __init_subclass__(
        cls,
        *,
        bound: type[Ranged] | None = None,
        length: str | None = None,
        constants: Mapping[str, tuple[int, int]] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init_subclass__(**keywords)
        if bound is None:
            return
        cls.bound_type = bound
        cls.size = bound.size**2
        cls.min, cls.max = 0, cls.size - 1
        cls.enum_type = enum_ranged(cls.size)
        for name, ends in (constants or {}).items():
            setattr(cls, name, cls(*map(bound, ends)))
        if length is not None:

            def convert(self: Interval) -> Any:
                return by_name(length)(self.length())

            convert.__name__ = f"to{length}"
            convert.__annotations__ = {"return": length}
            setattr(cls, convert.__name__, convert)

    @classmethod
    def _of_ends(cls, ends: tuple[int, int]) -> "Interval":
        new = cls.__new__(cls)
        new._low, new._high = ends
        return new

    @classmethod
    def _from_implicit(cls, value: object) -> Any:
        if isinstance(value, cls) and type(value) is not cls:
            return cls._of_ends(value._ends())
        return None

    @classmethod
    def _arguments(cls, arguments: tuple[object, ...]) -> tuple[int, int]:
        """The two ends that constructor arguments stand for."""
        bound = cls.bound_type
        match arguments:
            case ():
                return 0, 0
            case (Interval() as other,):
                return implicit(cls, other)._ends()
            case (value,) if isinstance(value, (Enum, cls.enum_type, int, np.integer)):
                low, extent = divmod(cls.enum_type(value)._e, bound.size)
                return low, bound._checked(low + extent)._e
            case (a, b):
                low, high = implicit(bound, a)._e, implicit(bound, b)._e
                if low > high:
                    raise RuntimeError(f"{cls.__name__}: min({low}) > max({high})")
                return low, high
        name = bound.__name__
        raise TypeError(
            f"{cls.__name__}: expected an Enum or ({name}, {name}), "
            f"not ({', '.join(map(describe, arguments))})"
        )

    def __init__(self, *arguments: object) -> None:
        self._low, self._high = self._arguments(arguments)

    def _ends(self) -> tuple[int, int]:
        return self._low, self._high

    def toMin(self) -> Any:  # noqa: N802 - name of the original interface
        """The lower end."""
        return self.bound_type._make(self._low)

    def toMax(self) -> Any:  # noqa: N802 - name of the original interface
        """The upper end."""
        return self.bound_type._make(self._high)

    def toEnum(self) -> Any:  # noqa: N802 - name of the original interface
        """The number ``min * bound size + max``."""
        return self.enum_type._make(self._low * self.bound_type.size + self._high)

    def contains(self, value: object) -> bool:
        """Whether a bound lies within."""
        return self._low <= implicit(self.bound_type, value)._e <= self._high

    def length(self) -> int:
        """How many bounds lie within, at least 1."""
        return self._high - self._low + 1

    def __getitem__(self, index: int) -> Any:
        if not 0 <= index < self.length():
            raise IndexError(f"{self}: index {index} is outside 0..{self.length() - 1}")
        return self.bound_type._make(self._low + index)

    def _key(self) -> tuple[int, ...]:
        return self._ends()

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore_interval, (type(self), *self._key())

    def _compare(self, other: object, by: Callable[[Any, Any], bool]) -> Any:
        if type(other) is type(self):
            return by(self._key(), other._key())
        return order_of_types(self, other, by)

    def __str__(self) -> str:
        return f"{type(self).__name__}([{self.toMin()}, {self.toMax()}])"

    __repr__ = __str__


class IntervalInBlock(Interval):
    """An interval within a block; a subclass of the interval's type.  Class keyword ``block``."""

    __slots__ = ("_outer",)

    _local: ClassVar[Any]
    _block: ClassVar[Any]
    _outer: int

    def __init_subclass__(cls, *, block: Any = None, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if block is None:
            return
        local: Any = next(base for base in cls.__bases__ if base is not IntervalInBlock)
        cls._local, cls._block = local, block
        cls.size = local.size * block.size
        cls.min, cls.max = 0, cls.size - 1
        cls.enum_type = enum_ranged(cls.size)
        for place, part in enumerate((block, local)):

            def convert(self: Any, place: int = place) -> Any:
                return self.split()[place]

            convert.__name__ = f"to{part.__name__}"
            convert.__annotations__ = {"return": part.__name__}
            setattr(cls, convert.__name__, convert)

    def __init__(self, *arguments: object) -> None:
        cls = type(self)
        outer = cls._block._default
        match arguments:
            case ():
                ends = (0, 0)
            case (IntervalInBlock() as other,) if isinstance(other, cls):
                ends, outer = other._ends(), other._outer
            case (value,) if isinstance(value, (Enum, cls.enum_type, int, np.integer)):
                outer, e = divmod(cls.enum_type(value)._e, cls._local.size)
                ends = cls._local(Enum(e))._ends()
            case (local,):
                ends = implicit(cls._local, local)._ends()
            case (local, block):
                ends, outer = implicit(cls._local, local)._ends(), implicit(cls._block, block)._e
            case _:
                raise TypeError(
                    f"{cls.__name__}: expected an Enum or "
                    f"({cls._local.__name__}, {cls._block.__name__}), "
                    f"not ({', '.join(map(describe, arguments))})"
                )
        self._low, self._high = ends
        self._outer = outer

    def split(self) -> tuple[Any, Any]:
        """The block and the interval."""
        return self._block._make(self._outer), self._local._of_ends(self._ends())

    def toEnum(self) -> Any:  # noqa: N802 - name of the original interface
        """The number ``block * interval.size + interval``."""
        local = self._low * self.bound_type.size + self._high
        return self.enum_type._make(self._outer * self._local.size + local)

    def __int__(self) -> int:
        return int(self.toEnum())

    def _key(self) -> tuple[int, ...]:
        return self._outer, self._low, self._high

    def __str__(self) -> str:
        block, local = self.split()
        return f"{type(self).__name__}({local}, {block})"

    __repr__ = __str__


def _restore_interval(cls: type[Interval], *key: int) -> Interval:
    new = cls._of_ends((key[-2], key[-1]))
    if isinstance(new, IntervalInBlock):
        new._outer = key[0]
    return new


def _instances(cls: Any) -> Iterator[Any]:
    if isinstance(cls, type) and issubclass(cls, IntervalInBlock):
        for block in _instances(cls._block):
            for local in _instances(cls._local):
                yield cls(local, block)
    elif isinstance(cls, type) and issubclass(cls, Interval):
        for low in range(cls.bound_type.min, cls.bound_type.max + 1):
            for high in range(low, cls.bound_type.max + 1):
                yield cls._of_ends((low, high))
    elif isinstance(cls, type) and issubclass(cls, (Number, Enumerated)):
        yield from map(cls._make, range(cls.min, cls.max + 1))
    else:
        raise TypeError(f"iter_all: expected a coordinate type, not {describe(cls)}")


@overload
def iter_all(kind: type[_T], /) -> Iterator[_T]: ...


@overload
def iter_all(first: type[Any], second: type[Any], /, *more: type[Any]) -> Iterator[Any]: ...


def iter_all(*types: Any) -> Iterator[Any]:
    """All instances of a coordinate type in the order of its enumeration.

    With several types: tuples of the product, the last type running fastest.
    """
    if len(types) == 1:
        return _instances(types[0])
    return _tuples(types)


def _tuples(types: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The product of all instances; unlike `itertools.product` without storing them."""
    if not types:
        yield ()
        return
    for first in _instances(types[0]):
        for rest in _tuples(types[1:]):
            yield first, *rest
