"""Builtins written out in Python: lowered in line like a user's own helpers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["call"]


def call(cx: Lowerer, fun: Callable[..., Any], args: tuple[Any, ...], node: ast.AST) -> Any:
    """Lower a call of one of the functions below."""
    from .inline import call_function

    return call_function(cx, fun, args, {}, node)  # type: ignore[arg-type]


def sum_items(items, start):
    total = start
    for item in items:
        total = total + item
    return total


def extend_list(out, items):
    for item in items:
        out.append(item)


def add_lists(a, b):
    out = []
    for item in a:
        out.append(item)
    for item in b:
        out.append(item)
    return out


def repeat_item(item, times):
    out = []
    for _ in range(times):
        out.append(item)
    return out


def slice_list(items, start, stop, step):
    out = []
    first = 0 if start is None else start if start >= 0 else max(len(items) + start, 0)
    last = len(items) if stop is None else min(stop, len(items)) if stop >= 0 else len(items) + stop
    for k in range(first, last, step):
        out.append(items[k])
    return out


def reversed_list(items):
    out = []
    for k in range(len(items)):
        out.append(items[len(items) - 1 - k])
    return out


def list_of(items):
    out = []
    for item in items:
        out.append(item)
    return out


def largest(items):
    best = items[0]
    for k in range(1, len(items)):
        best = max(best, items[k])
    return best


def smallest(items):
    best = items[0]
    for k in range(1, len(items)):
        best = min(best, items[k])
    return best


def map_items(fun, items):
    out = []
    for item in items:
        out.append(fun(item))
    return out


def filter_items(keep, items):
    out = []
    for item in items:
        if keep(item):
            out.append(item)
    return out


def reduce_items(fun, items, start):
    total = start
    for item in items:
        total = fun(total, item)
    return total


def any_item(items):
    for item in items:  # noqa: SIM110  the loop is what is lowered
        if item:
            return True
    return False


def all_items(items):
    for item in items:  # noqa: SIM110  the loop is what is lowered
        if not item:
            return False
    return True
