"""Arrays of None, which programs keep where numbers will be later. Of these only the shape is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir.build import const
from .context import Lowerer
from .structure import is_none
from .values import Blank, Fields, Obj, Tup, Value

__all__ = ["blank_attribute", "blank_of", "reshaped"]

REASON = "this is an array of None"
SHAPING = (np.array, np.asarray, np.atleast_1d, np.atleast_2d, np.copy, np.ravel, np.squeeze, np.transpose)


def blank_of(cx: Lowerer, value: Value) -> Blank | None:
    """The array of a list or tuple that holds None at any depth; None of any other value."""
    items = nested(cx, value)
    if not has_none(items):
        return None
    try:
        whole = np.array(items)
    except ValueError:  # rows of different lengths, which NumPy refuses as well
        return Blank(REASON)
    return Blank(REASON, whole.shape if whole.dtype == object and not any(v is not None for v in whole.flat) else None)


def nested(cx: Lowerer, value: Value) -> Any:
    """The items as nested lists, None where there is None."""
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if isinstance(contents, Fields) and contents.keys is None:
        value = Tup(contents.items)
    if isinstance(value, Tup):
        return [nested(cx, v) for v in value.items]
    return None if is_none(value) else value


def has_none(items: Any) -> bool:
    return isinstance(items, list) and any(v is None or has_none(v) for v in items)


def blank_attribute(base: Blank, name: str) -> Value | None:
    """``z.T`` and what tells the shape; None: any other attribute."""
    if base.shape is None:
        return base if name == "T" else None
    if name == "T":
        return Blank(base.reason, base.shape[::-1])
    if name == "shape":
        return Tup(tuple(const(n) for n in base.shape))
    return const(getattr(np.empty(base.shape), name)) if name in ("ndim", "size") else None


def reshaped(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Blank | None:
    """What a function that only arranges items makes of an array of None; None for any other call."""
    if len(args) != 1 or kwargs or not isinstance(args[0], Blank) or args[0].shape is None:
        return None
    known = any(function is f for f in SHAPING)
    return Blank(args[0].reason, function(np.empty(args[0].shape)).shape) if known else None
