"""Functions and methods that write in place."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..ir.build import const
from ..ir.core import Diagonal, Index, Path
from .array_arguments import Args, Keywords, is_none, rank, take_arguments
from .calls import operation
from .context import Lowerer
from .exprs import as_array
from .subscripts import index_items
from .values import Ref, Value

__all__ = ["FUNCTIONS", "METHODS"]


def whole(cx: Lowerer, value: Value, node: ast.AST) -> Ref:
    if not isinstance(value, Ref):
        cx.refuse(f"writing into a {cx.describe(value)}", node)
    return value


def copyto(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    dst, src, casting, where = take_arguments("dst src casting where", args, kwargs, cx, node)
    if casting is not None:
        cx.refuse("casting=", node)
    target = whole(cx, dst, node)
    if where is not None:
        src = operation(cx, "np.where", (where, src, target), {}, node)
    cx.write(target, as_array(cx, src, node), "setview", node)
    return const(None)


def fill(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    cx.write(whole(cx, args[0], node), args[1], "setview", node)
    return const(None)


def in_place(name: str) -> Callable[..., Value]:
    """A method that writes an operation's result over its array."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        target = whole(cx, args[0], node)
        cx.write(target, operation(cx, name, args, kwargs, node), "setview", node)
        return const(None)
    return handler


def add_at(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return at(cx, "addview", args, node)


def subtract_at(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return at(cx, "subview", args, node)


def at(cx: Lowerer, op: str, args: Args, node: ast.AST) -> Value:
    target = whole(cx, args[0], node)
    items = index_items(cx, target, args[1], node)
    cx.write(Ref(target.sid, Path((*target.path.steps, Index(items)))), as_array(cx, args[2], node), op, node)
    return const(None)


def fill_diagonal(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, fill_value, wrap = take_arguments("a val wrap", args, kwargs, cx, node)
    target = whole(cx, value, node)
    if rank(cx, target) != 2 or not (is_none(wrap) or getattr(wrap, "value", None) is False):
        cx.refuse("fill_diagonal of an array that is not a matrix, or with wrap", node)
    cx.write(Ref(target.sid, Path((*target.path.steps, Diagonal()))), as_array(cx, fill_value, node), "setview", node, True)
    return const(None)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "np.copyto": copyto, "np.fill_diagonal": fill_diagonal, "np.add.at": add_at, "np.subtract.at": subtract_at,
}
METHODS: dict[str, Callable[..., Value]] = {
    "fill": fill, "sort": in_place("np.sort"), "partition": in_place("np.partition"),
}
