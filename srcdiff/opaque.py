"""Calls of arbitrary Python from generated code: numbers and arrays go in and come out, and what comes out is checked.

Generated code passes leaves and takes leaves; the function sees the nests that its source speaks of. It gets copies of the
arrays, so that it can neither change the program's memory nor hand it out, and it must leave them as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import UnsupportedError
from .records import dataclass
from .values import copy_arrays, fit, leaves_in, map_values, outline

__all__ = ["Kind", "Opaque", "OpaqueAdjoint", "OpaqueForward", "kind_of"]

Function = Callable[..., Any]


@dataclass(frozen=True)
class Kind:
    """What is known of a number or array before it is there: ``cls`` is the class of a scalar, None for an array."""

    cls: type | None
    dtype: str
    ndim: int = 0

    def __str__(self) -> str:
        if self.cls is not None:
            return self.cls.__name__
        return f"array of {self.dtype} with {self.ndim} {'axis' if self.ndim == 1 else 'axes'}"


def kind_of(value: Any) -> Kind | None:
    """The kind of a number or an array; None for anything else."""
    if isinstance(value, np.ndarray):
        return Kind(None, str(value.dtype), value.ndim)
    if isinstance(value, (float, complex, int, np.generic)):
        return Kind(type(value), str(np.asarray(value).dtype))
    return None


class Place:
    """Where in a nest the leaf number ``index`` goes. Not a dataclass: those are containers of a nest."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


class Opaque:
    """``fun`` as a function of the leaves of its arguments, with the leaves of its result.

    ``arguments``: a nest for each argument, with a :class:`Place` for each leaf. ``result``: a nest of kinds.
    """

    def __init__(self, fun: Function, arguments: tuple[Any, ...], result: Any) -> None:
        self.fun = fun
        self.arguments = arguments
        self.result = result
        self.__name__ = getattr(fun, "__name__", type(fun).__name__)

    def __call__(self, *leaves: Any) -> Any:
        return self.flat(self.called(self.fun, leaves, self.arguments), self.result)

    def called(self, fun: Function, leaves: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        """What ``fun`` returns for these leaves."""
        args = map_values(lambda p: leaves[p.index] if isinstance(p, Place) else p, arguments)
        handed = copy_arrays(args)
        out = fun(*handed)
        for now, before in zip(leaves_in(handed), leaves_in(args), strict=True):
            self._check_unchanged(now, before)
        return out

    def flat(self, out: Any, kinds: Any) -> Any:
        """The leaves of a result: one, or a tuple of them."""
        found: list[Any] = []
        _zip_values(lambda value, kind, where: self._collect(value, kind, where, found), out, kinds, "its result", self._refuse)
        return found[0] if len(found) == 1 else tuple(found)

    def _collect(self, value: Any, kind: Any, where: str, found: list[Any]) -> None:
        if not isinstance(kind, Kind):
            return
        if kind_of(value) != kind:
            self._refuse(where, f"a {kind_of(value) or type(value).__name__}", f"a {kind}")
        found.append(value.copy() if isinstance(value, np.ndarray) else value)

    def _refuse(self, where: str, got: str, expected: str) -> None:
        raise UnsupportedError(f"{self.__name__}: {where} is {got}, and was {expected} when the program was compiled",
                               advice="return the same types each time")

    def _check_unchanged(self, handed: Any, before: Any) -> None:
        if isinstance(handed, np.ndarray) and not np.array_equal(handed, before, equal_nan=handed.dtype.kind in "fc"):
            raise UnsupportedError(f"{self.__name__} writes to its argument", advice="write to a copy")


class OpaqueForward(Opaque):
    """The forward part of a rule, ``(out, residuals) = fun(...)``: the leaves of the value, then the residuals as they are.

    A rule for forward mode, ``(out, out_dot) = fun(...)``, has ``dots``: the nest of its tangents.
    """

    def __init__(self, fun: Function, arguments: tuple[Any, ...], result: Any, dots: bool = False) -> None:
        super().__init__(fun, arguments, result)
        self.dots = dots

    def __call__(self, *leaves: Any) -> Any:
        pair = self.called(self.fun, leaves, self.arguments)
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise UnsupportedError(f"{self.__name__} must return a pair, not {type(pair).__name__}")
        out = self.flat(pair[0], self.result)
        values = out if isinstance(out, tuple) else (out,)
        if not self.dots:
            return (*values, pair[1])
        found = leaves_in(fit(pair[1], outline(pair[0]), f"the tangent that {self.__name__} returns"))
        return (*values, *(d.copy() if isinstance(d, np.ndarray) else d for d in found if d is not None))


class OpaqueAdjoint(Opaque):
    """The backward part of a rule, ``fun(*first, residuals, out_bar)``, as a function of the residuals, the leaves of the
    function's arguments and those of the adjoint; its results are the adjoints of the arguments' leaves that have one.

    ``wrt``: positions of the arguments of which ``fun`` returns adjoints. ``first``: positions of those that it gets.
    """

    def __init__(self, fun: Function, arguments: tuple[Any, ...], out_bar: Any, wrt: tuple[int, ...],
                 first: tuple[int, ...] = ()) -> None:
        super().__init__(fun, arguments, None)
        self.out_bar = out_bar
        self.wrt = wrt
        self.first = first

    def __call__(self, residuals: Any, *leaves: Any) -> Any:
        args = map_values(lambda p: leaves[p.index] if isinstance(p, Place) else p, self.arguments)
        out_bar = copy_arrays(map_values(lambda p: leaves[p.index] if isinstance(p, Place) else p, self.out_bar))
        bars = self.fun(*(copy_arrays(args[k]) for k in self.first), residuals, out_bar)
        if not isinstance(bars, tuple) or len(bars) != len(self.wrt):
            raise UnsupportedError(f"{self.__name__} must return a tuple of {len(self.wrt)} adjoints")
        found: list[Any] = []
        for k, bar in zip(self.wrt, bars, strict=True):
            like = outline(args[k])
            if bar is None:
                found += [np.zeros_like(v) if isinstance(v, np.ndarray) else type(v)(0.0) for v in leaves_in(args[k])
                          if _has_adjoint(v)]
                continue
            fitted = fit(bar, like, f"the adjoint of argument {k} that {self.__name__} returns")
            found += [v.copy() if isinstance(v, np.ndarray) else v for v in leaves_in(fitted) if v is not None]
        return found[0] if len(found) == 1 else tuple(found)


def _has_adjoint(value: Any) -> bool:
    return isinstance(value, (float, complex, np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "fc"


def _zip_values(fn: Callable[[Any, Any, str], None], value: Any, like: Any, where: str, refuse: Callable[..., None]) -> None:
    """``fn(value, like, where)`` for the leaves of two equal nests."""
    if type(like) in (tuple, list) or hasattr(type(like), "_fields"):
        if type(value) is not type(like) or len(value) != len(like):
            refuse(where, f"a {type(value).__name__}", f"a {type(like).__name__} of {len(like)} items")
        for k, (v, inner) in enumerate(zip(value, like, strict=True)):
            _zip_values(fn, v, inner, f"{where}[{k}]", refuse)
    elif type(like) is dict:
        if type(value) is not dict or list(value) != list(like):
            refuse(where, f"a {type(value).__name__}", f"a dict with the keys {list(like)}")
        for k, inner in like.items():
            _zip_values(fn, value[k], inner, f"{where}[{k!r}]", refuse)
    else:
        fn(value, like, where)
