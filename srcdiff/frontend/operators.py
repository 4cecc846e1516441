"""Operators on instances of the user's classes: which special method Python would call."""

from __future__ import annotations

import ast
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from ..ir.core import Const, Var
from ..ir.types import BOOL, Array, Scalar
from . import objects
from .context import Lowerer
from .identity import one_object
from .values import Fields, Obj, Ref, Tup, Value

__all__ = ["by_methods", "call_special", "compare_objects", "in_place_container", "in_place_object", "operate",
           "special_length", "special_truth", "unary_object"]

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


def special_truth(cx: Lowerer, value: Value, node: ast.AST) -> Value | None:
    """What ``__bool__``, or else ``__len__``, says of an instance; None if its class has neither."""
    if (found := call_special(cx, value, "bool", (), node)) is None:
        return special_length(cx, value, node)
    t = found.type if isinstance(found, (Var, Const)) else None
    if t == Scalar("bool"):
        cx.refuse("__bool__ returns a NumPy bool, for which Python raises TypeError", node, "return bool(...)")
    if t != BOOL:
        cx.fails(TypeError, f"__bool__ should return bool, not a {cx.describe(found)}", node)
    return found


def special_length(cx: Lowerer, value: Value, node: ast.AST) -> Value | None:
    """What ``__len__`` says of an instance; None if its class has none."""
    if (found := call_special(cx, value, "len", (), node)) is None:
        return None
    t = found.type if isinstance(found, (Var, Const)) else None
    if not isinstance(t, Scalar) or np.dtype(t.dtype).kind not in "iub":
        cx.fails(TypeError, f"__len__ should return an integer, not a {cx.describe(found)}", node)
    if isinstance(found, Const) and found.value < 0:
        cx.fails(ValueError, "__len__() should return >= 0", node)
    return found


def operate(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    """``a op b``: None if neither class defines it."""
    return by_methods(cx, _BINARY[type(op)], a, b, node)


def by_methods(cx: Lowerer, name: str, a: Value, b: Value, node: ast.AST) -> Value | None:
    """The method of ``a``'s class, or else of ``b``'s, which comes first if that is a subclass with a method of its own."""
    one, two = objects.class_of(cx, a), objects.class_of(cx, b)
    if one is None and two is None:
        return None
    forward, backward = (a, name, b), (b, f"r{name}", a)
    if one is two:
        ways = [forward]
    elif one and two and issubclass(two, one) and overloaded(cx, two, one, f"__r{name}__"):
        ways = [backward, forward]
    else:
        ways = [forward, backward]
    for value, method, other in ways:
        if value is b and two is not None:
            check_left_to(cx, a, b, two, f"__{method}__", node)
        result = call_special(cx, value, method, (other,), node)
        if result is not None:
            return result
    return None


def overloaded(cx: Lowerer, cls: type, base: type, name: str) -> bool:
    return objects.find(cx, cls, name) is not objects.find(cx, base, name)


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
    one, two = objects.class_of(cx, a), objects.class_of(cx, b)
    forward, backward = (a, name, b), (b, mirrored, a)
    first = one is not None and two is not None and one is not two and issubclass(two, one)
    for value, method, other in (backward, forward) if first else (forward, backward):
        if value is b and two is not None:
            check_left_to(cx, a, b, two, f"__{method}__", node)
        if (result := compare_by_method(cx, value, method, other, node)) is not None:
            return result
    return compare_by_default(cx, op, a, b, node)


def compare_by_method(cx: Lowerer, value: Value, name: str, other: Value, node: ast.AST) -> Value | None:
    """What the method of the user's says; ``__ne__`` is the contrary of ``__eq__`` where the class has only that."""
    from .exprs import negated, truth

    if (found := call_special(cx, value, name, (other,), node)) is not None or name != "ne":
        return found
    same = call_special(cx, value, "eq", (other,), node)
    return None if same is None else negated(cx, truth(cx, same, node))


def compare_by_default(cx: Lowerer, op: ast.cmpop, a: Value, b: Value, node: ast.AST) -> Value | None:
    """What ``dataclass`` or ``object`` define: by the fields, or whether it is one object; None for anything else."""
    from .comparisons import compare_tuples
    from .dataclass_calls import compared_by, compared_fields
    from .exprs import negated

    classes = [objects.class_of(cx, v) for v in (a, b)]
    cls = classes[0]
    if isinstance(a, Tup) or isinstance(b, Tup) or (isinstance(a, Const) and isinstance(b, Const)):
        return None
    if classes[0] is classes[1] and classes[0] is SimpleNamespace:
        return None  # by their attributes, as dicts
    order = not isinstance(op, (ast.Eq, ast.NotEq))
    if cls is not None and cls is classes[1] and (writer := compared_by(cx, cls, _COMPARE[type(op)][0] if order else "eq")):
        x, y = (Tup(compared_fields(cx, v, writer, node)) for v in (a, b))
        return compare_tuples(cx, op, x, y, node)
    if not order:
        same = one_object(cx, a, b, node)
        return same if isinstance(op, ast.Eq) else negated(cx, same)
    kinds = " and ".join(cx.describe(v) for v in (a, b))
    return cx.fails(TypeError, f"there is no order of a {kinds}", node, "define __lt__, or compare their attributes")
