"""``abs``, ``pow`` and the functions of the module ``operator``: each does what its operator does, on whatever it is given."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..composed.elementwise import divide_with_remainder
from ..ir.core import Const, Var
from ..ir.types import Scalar
from . import prelude
from .builtin_calls import call_bool
from .comparisons import COMPARE, compare
from .context import Lowerer
from .exprs import BINARY, UNARY, binary, negated, truth, unary
from .objects import class_of
from .operators import by_methods, call_special
from .statements import updated
from .static_values import evaluated
from .subscripts import read_item
from .values import Ref, Value

__all__ = ["OPERATORS"]

Handler = Callable[[Lowerer, tuple[Any, ...], dict[str, Any], ast.AST], Value]


def of(count: int, name: str, does: Callable[..., Value]) -> Handler:
    """A handler for a function of ``count`` operands, which takes no keywords."""
    def handler(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
        if kwargs or len(args) != count:
            cx.refuse(f"{name} with {len(args) + len(kwargs)} arguments", node, f"it takes {count}")
        return does(cx, *args, node)
    return handler


def absolute(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    if (made := call_special(cx, value, "abs", (), node)) is not None:
        return made
    t = cx.type_of(value) if isinstance(value, (Ref, Var, Const)) else None
    complex_number = isinstance(t, Scalar) and not t.py and np.dtype(t.dtype).kind == "c"
    name = "abs" if complex_number else "np.absolute"
    return cx.emit(name, *cx.bind(name, (value,), {}, node))


def power(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``pow``; with a modulus it is of integers, known when the function is compiled."""
    given = dict(zip(("base", "exp", "mod"), args, strict=False)) | kwargs
    if given.keys() == {"base", "exp"}:
        return binary(cx, ast.Pow(), given["base"], given["exp"], node)
    return evaluated(cx, pow, args, kwargs, node)


def both_parts(cx: Lowerer, a: Value, b: Value, node: ast.AST) -> Value:
    """``divmod``."""
    if class_of(cx, a) is None and class_of(cx, b) is None:
        return prelude.call(cx, divide_with_remainder, (a, b), node)
    if (made := by_methods(cx, "divmod", a, b, node)) is None:
        cx.fails(TypeError, f"divmod of a {cx.describe(a)} and a {cx.describe(b)}", node, "define __divmod__")
    return made


def joined(cx: Lowerer, a: Value, b: Value, node: ast.AST) -> Value:
    """``operator.concat``: ``+``, of sequences only."""
    if isinstance(a, Ref) or isinstance(b, Ref):
        cx.fails(TypeError, "operator.concat of an array", node, "use np.concatenate")
    return binary(cx, ast.Add(), a, b, node)


def _binary(op: ast.operator) -> Callable[..., Value]:
    return lambda cx, a, b, node: binary(cx, op, a, b, node)


def _in_place(op: ast.operator) -> Callable[..., Value]:
    return lambda cx, a, b, node: updated(cx, op, a, b, node)


def _unary(op: ast.unaryop) -> Callable[..., Value]:
    return lambda cx, value, node: unary(cx, op, value, node)


def _compare(op: ast.cmpop) -> Callable[..., Value]:
    return lambda cx, a, b, node: compare(cx, op, a, b, node)


def _changing(fun: Any) -> Any:
    """``operator.iadd`` of ``operator.add``."""
    return getattr(operator, f"i{fun.__name__.rstrip('_')}")


_TWO = {
    **{fun: _binary(op()) for op, (_, fun) in BINARY.items()},
    **{_changing(fun): _in_place(op()) for op, (_, fun) in BINARY.items()},
    **{fun: _compare(op()) for op, (_, fun) in COMPARE.items()},
    operator.is_: _compare(ast.Is()), operator.is_not: _compare(ast.IsNot()),
    operator.contains: lambda cx, container, item, node: compare(cx, ast.In(), item, container, node),
    operator.getitem: read_item, operator.concat: joined, divmod: both_parts,
}
_ONE = {
    **{fun: _unary(op()) for op, (_, fun) in UNARY.items()}, operator.inv: _unary(ast.Invert()), abs: absolute,
    operator.abs: absolute, operator.not_: lambda cx, value, node: negated(cx, truth(cx, value, node)),
    operator.truth: lambda cx, value, node: call_bool(cx, (value,), {}, node),
}
OPERATORS: dict[Any, Handler] = {
    pow: power, **{fun: of(2, fun.__name__, does) for fun, does in _TWO.items()},
    **{fun: of(1, fun.__name__, does) for fun, does in _ONE.items()},
}
