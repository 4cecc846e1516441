"""``sum``: plain addition, except of Python floats, for which newer Pythons make up for what rounding loses."""

from __future__ import annotations

import ast
import sys
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.types import Scalar
from . import prelude
from .context import Lowerer
from .exprs import binary
from .generators import listed
from .iteration import Mark, iterator
from .static_values import is_text
from .values import Fields, Generator, Iter, Value

__all__ = ["call_sum"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]

COMPENSATED = sys.version_info >= (3, 12)  # sum() of Python floats adds up what rounding loses


def call_sum(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    start: Any = kwargs.get("start", args[1] if len(args) > 1 else const(0))
    if is_text(start):
        cx.fails(TypeError, "sum of strings", node, "join them: ''.join(...)")
    if not COMPENSATED:
        return plain_sum(cx, args[0], start, node)
    mark, number = Mark(cx), next(cx.ids)
    items = args[0] if isinstance(args[0], Generator) else iterator(cx, args[0], node)
    if isinstance(items, Iter) and items.known is not None:
        return sum_of_known(cx, [items.get(const(k)) for k in range(items.known)], start, node)
    total = plain_sum(cx, items, start, node)
    if not is_float(total) or not (is_float(start) or is_python(start, "int64")):
        return total
    mark.restore(number)
    return exact_sum(cx, start, listed(cx, args[0], node) if isinstance(args[0], Generator) else args[0], node)


def plain_sum(cx: Lowerer, items: Value, start: Value, node: ast.AST) -> Value:
    if isinstance(items, Generator):
        return prelude.call(cx, python_library.sum_items, (items, start), node)
    it = iterator(cx, items, node)
    if it.known is None:
        return prelude.call(cx, python_library.sum_items, (it, start), node)
    total = start
    for k in range(it.known):
        total = binary(cx, ast.Add(), total, it.get(const(k)), node)
    return total


def sum_of_known(cx: Lowerer, items: list[Value], start: Value, node: ast.AST) -> Value:
    """Python floats that follow each other are added up together, as Python does; a number of another kind ends that."""
    total, k = start, 0
    while k < len(items) and not is_float(total) and is_python(total, "int64"):
        total, k = binary(cx, ast.Add(), total, items[k], node), k + 1
    run = k
    while is_float(total) and run < len(items) and is_python(items[run], "float64", "int64", "bool"):
        run += 1
    if run > k:
        total = cx.emit("sum", tuple(cx.read(v) for v in (total, *items[k:run])))
    for item in items[run:]:
        total = binary(cx, ast.Add(), total, item, node)
    return total


def exact_sum(cx: Lowerer, start: Value, items: Value, node: ast.AST) -> Value:
    """``sum`` of a list of unknown length of Python floats."""
    lst = prelude.call(cx, python_library.list_of if is_zero(start) else python_library.list_from,
                       (iterator(cx, items, node),) if is_zero(start) else (start, iterator(cx, items, node)), node)
    found = cx.contents(lst.oid)
    if isinstance(found, Fields):
        first, rest = (start, found.items) if is_zero(start) else (found.items[0], found.items[1:])
        return sum_of_known(cx, list(rest), first, node)
    return cx.emit("sum", found.lists[0])


def is_zero(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, int) and value.value == 0


def is_python(value: Value, *dtypes: str) -> bool:
    return isinstance(value, (Var, Const)) and isinstance(value.type, Scalar) and value.type.py and value.type.dtype in dtypes


def is_float(value: Value) -> bool:
    return is_python(value, "float64")
