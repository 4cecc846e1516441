"""Nests of Python values at run time: copying their arrays, and fitting an adjoint or tangent to what it belongs to."""

from __future__ import annotations

import copy
import dataclasses
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .containers import Parts, container_of, taken_apart
from .errors import SignatureError

__all__ = ["copy_arrays", "fit", "is_plain_object", "leaves_in", "map_values", "outline"]

Outline = Any
MAX_DEPTH = 32
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: set for classes made by a class statement


def is_plain_object(value: Any) -> bool:
    """Whether ``value`` is an instance of a class written in Python, or a ``SimpleNamespace``, that keeps its attributes in
    ``__dict__``."""
    cls = type(value)
    if isinstance(value, (type, types.FunctionType, types.ModuleType)) or not hasattr(value, "__dict__"):
        return False
    plain = all(c.__flags__ & _HEAP_TYPE for c in cls.__mro__[:-1])
    usual = cls.__getattribute__ is object.__getattribute__ and not hasattr(cls, "__getattr__")
    return ((plain and usual) or cls is types.SimpleNamespace) and not _cyclic(value, set())


def _cyclic(value: Any, above: set[int]) -> bool:
    """Whether a plain object reaches itself through attributes and containers."""
    if id(value) in above or len(above) > MAX_DEPTH:
        return True
    if isinstance(value, (type, types.FunctionType, types.ModuleType)):
        return False
    inner = value if isinstance(value, (dict, list, tuple)) else getattr(value, "__dict__", ())
    items = inner.values() if isinstance(inner, Mapping) else inner
    return any(_cyclic(i, above | {id(value)}) for i in items)


def map_values(fn: Callable[[Any], Any], value: Any, make: bool = True) -> Any:
    """``value`` with ``fn`` applied to everything in it that is no container.

    ``make``: whether instances of registered classes are made; else :class:`~srcdiff.containers.Parts` stand for them.

    >>> map_values(lambda v: v + 1, {"a": [1, (2,)]})
    {'a': [2, (3,)]}
    """
    cls = type(value)
    if cls is Parts or (container := container_of(cls)) is not None:
        made = value if cls is Parts else Parts(container, *taken_apart(container, value))  # type: ignore[arg-type]
        children = tuple(map_values(fn, v, make) for v in made.children)
        return made.container.unflatten(made.static, children) if make else Parts(made.container, children, made.static)
    if cls in (tuple, list):
        return cls(map_values(fn, v, make) for v in value)
    if cls is dict:
        return {k: map_values(fn, v, make) for k, v in value.items()}
    if isinstance(value, tuple) and hasattr(cls, "_fields"):
        return cls(*(map_values(fn, v, make) for v in value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        made = copy.copy(value)
        for f in dataclasses.fields(value):
            object.__setattr__(made, f.name, map_values(fn, getattr(value, f.name), make))
        return made
    if is_plain_object(value):
        made = copy.copy(value)
        vars(made).update((name, map_values(fn, v, make)) for name, v in vars(value).items())
        return made
    return fn(value)


def leaves_in(value: Any) -> list[Any]:
    """Everything in ``value`` that is no container, in order."""
    found: list[Any] = []
    map_values(found.append, value, make=False)
    return found


def copy_arrays(value: Any) -> Any:
    """The same nest, with every array copied."""
    return map_values(lambda v: v.copy(order="K") if isinstance(v, np.ndarray) else v, value)


@dataclasses.dataclass(frozen=True)
class _Slot:
    """What fits at one place: a scalar of type ``cls``, or an array (``cls`` is None)."""

    cls: type | None
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def outline(value: Any) -> Outline:
    """The nest of ``value`` with its numbers and arrays replaced by their types and shapes."""
    return map_values(_slot, value, make=False)


def _slot(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _Slot(None, value.shape, value.dtype)
    if isinstance(value, (float, complex, int, np.generic)):
        return _Slot(type(value), (), np.asarray(value).dtype)
    return None


def fit(value: Any, like: Outline, name: str) -> Any:
    """``value`` as an adjoint or tangent of what ``like`` outlines: of the same nest, shapes and dtypes.

    Raises
    ------
    SignatureError
        If it does not fit; nothing is broadcast.
    """
    if like is None or isinstance(like, _Slot):
        return _fit_leaf(value, like, name)
    if isinstance(like, Parts):
        return _fit_parts(value, like, name)
    if type(like) is dict:
        if type(value) is not dict or set(value) != set(like):
            raise SignatureError(f"{name} must be a dict with the keys {list(like)}")
        return {k: fit(value[k], inner, f"{name}[{k!r}]") for k, inner in like.items()}
    if dataclasses.is_dataclass(like):
        if type(value) is not type(like):
            raise SignatureError(f"{name} must be a {type(like).__name__}")
        made = copy.copy(like)
        for f in dataclasses.fields(like):
            object.__setattr__(made, f.name, fit(getattr(value, f.name), getattr(like, f.name), f"{name}.{f.name}"))
        return made
    if is_plain_object(like):
        if type(value) is not type(like):
            raise SignatureError(f"{name} must be a {type(like).__name__}")
        made = copy.copy(like)
        vars(made).update((n, fit(getattr(value, n), inner, f"{name}.{n}")) for n, inner in vars(like).items())
        return made
    if not isinstance(value, (tuple, list)) or len(value) != len(like):
        raise SignatureError(f"{name} must be a {type(like).__name__} of {len(like)} items")
    items = [fit(v, inner, f"{name}[{k}]") for k, (v, inner) in enumerate(zip(value, like, strict=True))]
    return type(like)(*items) if hasattr(type(like), "_fields") else type(like)(items)


def _fit_parts(value: Any, like: Parts, name: str) -> Any:
    if type(value) is not like.container.cls:
        raise SignatureError(f"{name} must be a {like.container.cls.__name__}")
    children, _ = taken_apart(like.container, value)
    if len(children) != len(like.children):
        raise SignatureError(f"{name} must have {len(like.children)} children, and has {len(children)}")
    items = [fit(v, inner, f"child {k} of {name}") for k, (v, inner) in enumerate(zip(children, like.children, strict=True))]
    return like.container.unflatten(like.static, tuple(items))


def _fit_leaf(value: Any, like: _Slot | None, name: str) -> Any:
    if like is None or like.dtype.kind not in "fc":
        return None  # carries no derivative
    array = np.asarray(value)
    if array.shape != like.shape:
        raise SignatureError(f"{name} has shape {array.shape}, and what it belongs to has shape {like.shape}")
    if array.dtype.kind not in "biuf" + ("c" if like.dtype.kind == "c" else ""):
        raise SignatureError(f"{name} is of dtype {array.dtype}, and what it belongs to of {like.dtype}")
    if like.cls is None:
        return array.astype(like.dtype, copy=False)
    return like.cls(array[()])
