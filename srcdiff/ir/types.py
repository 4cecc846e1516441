"""Abstract values: what lowering knows of a value.

Grammar::

    Type   ::= Scalar(dtype, py)                 a Python (py) or NumPy scalar
             | Array(dtype, shape, layout, weak) shape: a Dim for each axis
             | List(elem)                        a list of unknown length, all elements of one type
             | Tuple(items)                      a tuple of IR values (shapes, stashes)
             | Stash(name)                       what one run of a kept function's forward part saved
             | Object(kind)                      any other value; carries no derivative
    Layout ::= "C" | "F" | "A"                   C- or Fortran-contiguous for certain, or anything
             | ("arg", text)                     the layout of an argument, asked for when it matters
             | ("lead", layout)                  leading rows of that one: C-contiguous if it is
             | ("T", layout)                      the transpose of that one
             | ("K", layouts)                    the result of an element-wise operation on these
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..records import dataclass
from .dims import DimLike, product

__all__ = ["Array", "BOOL", "FLOAT", "INT", "List", "Object", "Scalar", "Stash", "Tuple", "Type", "dtype_of", "is_active_type",
           "rank_of", "shape_of", "same_kind", "strip_dims"]

Layout = str | tuple


@dataclass(frozen=True)
class Scalar:
    """``py``: a Python float, int, bool or complex (weak in NumPy's promotion); else a NumPy scalar."""

    dtype: str
    py: bool = False

    def __str__(self) -> str:
        return ("py " if self.py else "") + short(self.dtype)


@dataclass(frozen=True)
class Array:
    """``weak``: in some trip or branch the value was a scalar, so ``x += v`` is a rebinding."""

    dtype: str
    shape: tuple[DimLike, ...]
    layout: Layout = "A"
    weak: bool = False

    def __str__(self) -> str:
        return f"{short(self.dtype)}[{', '.join(map(str, self.shape))}]" + ("?" if self.weak else "")

    @property
    def size(self) -> DimLike:
        return product(self.shape)


@dataclass(frozen=True)
class List:
    elem: Type | None  # None: nothing is known yet (an empty list, or one that holds None in every place)
    blank: bool = False

    def __str__(self) -> str:
        return f"list[{self.elem}]"


@dataclass(frozen=True)
class Tuple:
    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.items))})"


@dataclass(frozen=True)
class Stash:
    """Nominal, so that the stash of a recursive function can hold the stash of its own calls."""

    name: str

    def __str__(self) -> str:
        return f"stash[{self.name}]"


@dataclass(frozen=True)
class Object:
    kind: str = "object"

    def __str__(self) -> str:
        return self.kind


Type = Scalar | Array | List | Tuple | Stash | Object

FLOAT = Scalar("float64", py=True)
INT = Scalar("int64", py=True)
BOOL = Scalar("bool", py=True)


def short(dtype: str) -> str:
    """``float64`` as ``f64``.

    >>> short("float32"), short("bool")
    ('f32', 'bool')
    """
    d = np.dtype(dtype)
    return {"f": "f", "i": "i", "u": "u", "c": "c"}[d.kind] + str(d.itemsize * 8) if d.kind in "fiuc" else str(d)


def dtype_of(t: Type) -> str | None:
    return t.dtype if isinstance(t, (Scalar, Array)) else None


def rank_of(t: Type) -> int:
    return len(t.shape) if isinstance(t, Array) else 0


def shape_of(t: Type) -> tuple[DimLike, ...]:
    return t.shape if isinstance(t, Array) else ()


def is_active_type(t: Type | None) -> bool:
    """Whether values of this type can carry a derivative."""
    if isinstance(t, (Scalar, Array)):
        return np.dtype(t.dtype).kind in "fc"
    if isinstance(t, List):
        return t.elem is None or is_active_type(t.elem)
    if isinstance(t, Tuple):
        return any(is_active_type(i) for i in t.items)
    return isinstance(t, Stash)


def strip_dims(t: Type) -> object:
    """The part of a type that a specialisation's key holds."""
    if isinstance(t, Array):
        return ("array", t.dtype, len(t.shape))
    if isinstance(t, List):
        return ("list", strip_dims(t.elem) if t.elem else None)
    return t


def same_kind(a: Type, b: Type) -> bool:
    """Whether two types differ at most in dimensions and layout."""
    return strip_dims(a) == strip_dims(b)


def with_layout(t: Array, layout: Layout) -> Array:
    return replace(t, layout=layout)
