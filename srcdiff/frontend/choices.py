"""Values that are one of two static ones, by a condition that the run knows: a string, a function.

What is done with such a value is done in either arm of a branch: ``f = np.sin if c else np.cos; f(x)`` is
``np.sin(x) if c else np.cos(x)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .context import Lowerer
from .control import select
from .values import Either, Value

__all__ = ["chosen_argument", "for_either"]


def for_either(cx: Lowerer, value: Value, do: Callable[[Any], Value]) -> Value:
    """``do(value)``, or ``do`` of what it is in either case."""
    if not isinstance(value, Either):
        return do(value)
    return select(cx, value.cond, lambda: for_either(cx, value.then, do), lambda: for_either(cx, value.orelse, do), "ifexp")


def chosen_argument(cx: Lowerer, args: tuple[Any, ...], do: Callable[[tuple[Any, ...]], Value]) -> Value | None:
    """A call with an argument that is one of two: one call for each; None if no argument is."""
    for k, arg in enumerate(args):
        if isinstance(arg, Either):
            return for_either(cx, arg, lambda v, k=k: do((*args[:k], v, *args[k + 1:])))  # type: ignore[misc]
    return None
