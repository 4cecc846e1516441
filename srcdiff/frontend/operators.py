"""Operators on instances of the user's classes: which special method Python would call."""

from __future__ import annotations

import ast
from types import FunctionType, SimpleNamespace
from typing import Any

from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.types import Array, Scalar
from . import objects
from .context import Lowerer
from .identity import one_object
from .values import Fields, Obj, Ref, Tup, Value

__all__ = ["call_special", "compare_objects", "in_place_container", "in_place_object", "operate", "unary_object"]

_BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
           ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.LShift: "lshift",
           ast.RShift: "rshift"}
_UNARY = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}
_COMPARE = {ast.Eq: ("eq", "eq"), ast.NotEq: ("ne", "ne"), ast.Lt: ("lt", "gt"), ast.LtE: ("le", "ge"), ast.Gt: ("gt", "lt"),
            ast.GtE: ("ge", "le")}


def call_special(cx: Lowerer, value: Value, name: str, args: tuple[Any, ...], node: ast.AST) -> Value | None:
    """``type(value).__name__(value, *args)``; None if the class has no such method, or it returns NotImplemented."""
    from .calls import apply

    if not isinstance(value, (Obj, Tup, Const)):
        return None
    method = objects.special(cx, value, f"__{name}__")
    result = None if method is None else apply(cx, method, args, {}, node)
    return None if isinstance(result, Const) and result.value is NotImplemented else result


def operate(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    """``a op b``: of ``a``'s class, or else of ``b``'s (first, if that is a subclass); None if neither defines it."""
    name = _BINARY[type(op)]
    one, two = objects.class_of(cx, a), objects.class_of(cx, b)
    if one is None and two is None:
        return None
    forward, backward = (a, name, b), (b, f"r{name}", a)
    first = one is not None and two is not None and one is not two and issubclass(two, one)
    for value, method, other in (backward, forward) if first else (forward, backward):
        if value is b and two is not None:
            check_left_to(cx, a, b, two, f"__{method}__", node)
        result = call_special(cx, value, method, (other,), node)
        if result is not None:
            return result
    return None


def check_left_to(cx: Lowerer, a: Value, b: Value, cls: type, method: str, node: ast.AST) -> None:
    """Refuse ``a op b`` where NumPy asks for the method once for each item of ``a``, or of ``b``."""
    t = cx.type_of(a) if isinstance(a, (Ref, Var)) else None
    if not isinstance(t, Array) and (not isinstance(t, Scalar) or t.py):
        return
    priority = objects.find(cx, cls, "__array_priority__")
    if objects.find(cx, cls, "__array_ufunc__") is None or (isinstance(priority, (int, float)) and priority > 0):
        return
    defined = (objects.find(cx, cls, name) for name in ("__len__", "__getitem__"))
    each = isinstance(t, Array) or isinstance(b, Tup) or all(isinstance(f, FunctionType) for f in defined)
    if each and objects.special(cx, b, method) is not None:
        cx.refuse(f"{cls.__name__}.{method} with an array: NumPy calls it once for each item", node,
                  f"set __array_ufunc__ = None in {cls.__name__}: then NumPy leaves it to {method}")


def in_place_object(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    """What ``a op= b`` binds: by ``__iadd__`` and the like, or by the operator; None if ``a`` is no instance."""
    result = call_special(cx, a, f"i{_BINARY[type(op)]}", (b,), node)
    return operate(cx, op, a, b, node) if result is None else result


_CHANGING = {ast.BitOr: "update", ast.BitAnd: "intersection_update", ast.Sub: "difference_update",
             ast.BitXor: "symmetric_difference_update"}


def in_place_container(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> bool:
    """``a op= b`` where ``a`` is a list, deque, dict or set: whoever else has it sees it change. False if ``a`` is none."""
    from .containers import is_kind, method, take_over
    from .exprs import binary

    if not isinstance(a, Obj) or objects.class_of(cx, a) is not None:
        return False
    contents = cx.contents(a.oid)
    if is_kind(contents, "Counter"):
        return False
    keyed = isinstance(contents, Fields) and contents.keys is not None
    if isinstance(op, ast.Add) and not keyed:
        method(cx, a, "extend", (b,), {}, node)
    elif isinstance(op, ast.Mult) and not keyed:
        cx.check_owned(a.oid, node)
        take_over(cx, a, binary(cx, op, a, b, node))
    elif keyed and (isinstance(op, ast.BitOr) or (is_kind(contents, "set") and type(op) in _CHANGING)):
        method(cx, a, _CHANGING[type(op)], (b,), {}, node)
    else:
        return False
    return True


def unary_object(cx: Lowerer, op: ast.unaryop, value: Value, node: ast.AST) -> Value | None:
    return call_special(cx, value, _UNARY[type(op)], (), node) if type(op) in _UNARY else None


def compare_objects(cx: Lowerer, op: ast.cmpop, a: Value, b: Value, node: ast.AST) -> Value | None:
    if type(op) not in _COMPARE or (objects.class_of(cx, a) is None and objects.class_of(cx, b) is None):
        return None
    name, mirrored = _COMPARE[type(op)]
    result = call_special(cx, a, name, (b,), node)
    if result is None and (cls := objects.class_of(cx, b)) is not None:
        check_left_to(cx, a, b, cls, f"__{mirrored}__", node)
    result = call_special(cx, b, mirrored, (a,), node) if result is None else result
    if result is None and isinstance(op, ast.NotEq):  # Python has it from __eq__ then
        from .exprs import negated, truth

        same = compare_objects(cx, ast.Eq(), a, b, node)
        return None if same is None else negated(cx, truth(cx, same, node))
    return compare_by_default(cx, op, a, b, node) if result is None else result


def compare_by_default(cx: Lowerer, op: ast.cmpop, a: Value, b: Value, node: ast.AST) -> Value | None:
    """What ``dataclass`` or ``object`` define: by the fields, or whether it is one object; None for anything else."""
    from .comparisons import compare_tuples
    from .dataclass_calls import compared_fields, compares_fields
    from .exprs import negated

    classes = [objects.class_of(cx, v) for v in (a, b)]
    if isinstance(a, Tup) or isinstance(b, Tup) or (isinstance(a, Const) and isinstance(b, Const)):
        return None
    if classes[0] is classes[1] and classes[0] is SimpleNamespace:
        return None  # by their attributes, as dicts
    order = not isinstance(op, (ast.Eq, ast.NotEq))
    if classes[0] is classes[1] and compares_fields(cx, classes[0], order):
        x, y = (Tup(compared_fields(cx, v, node)) for v in (a, b))
        return compare_tuples(cx, op, x, y, node)
    if not order:
        same = one_object(cx, a, b, node) if isinstance(a, Obj) and isinstance(b, Obj) else const(False)
        return same if isinstance(op, ast.Eq) else negated(cx, same)
    kinds = " and ".join(cx.describe(v) for v in (a, b))
    return cx.fails(TypeError, f"there is no order of a {kinds}", node, "define __lt__, or compare their attributes")
