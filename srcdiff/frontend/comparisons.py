"""Comparisons: of numbers and arrays, of sequences item by item, of strings, and ``is`` and ``in``."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..composed import python_library
from ..ir import dims
from ..ir.build import const
from ..ir.core import Atom, Const, Var
from ..ir.structural import sym_of
from ..ir.types import Array, Scalar
from . import prelude
from .choices import for_either, for_maybe
from .context import Lowerer
from .control import select
from .exprs import as_array, negated, numeric, static_key, truth
from .identity import one_object
from .namespaces import as_dict
from .nests import is_table
from .objects import class_of
from .operators import call_special, compare_objects
from .refused import instead_of
from .static_values import is_in, is_static, is_text, may_change, python_value, remember
from .structure import is_none
from .values import Either, Fields, Kind, Maybe, Obj, Ref, Tup, Value, definite

__all__ = ["COMPARE", "compare", "contains", "same_object"]

COMPARE: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Lt: ("np.less", operator.lt), ast.LtE: ("np.less_equal", operator.le), ast.Gt: ("np.greater", operator.gt),
    ast.GtE: ("np.greater_equal", operator.ge), ast.Eq: ("np.equal", operator.eq), ast.NotEq: ("np.not_equal", operator.ne),
}


def compare(cx: Lowerer, op: ast.cmpop, a: Value, b: Value, node: ast.AST) -> Value:
    if isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)) and any(isinstance(v, Maybe) for v in (a, b)):
        found = compare_maybe(cx, a, b, node)
        if found is not None:
            return found if isinstance(op, (ast.Is, ast.Eq)) else negated(cx, found)
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(a, Maybe):
        return for_maybe(cx, a, lambda v: compare(cx, op, v, b, node))
    a, b = as_dict(cx, definite(a)), as_dict(cx, definite(b))
    if isinstance(a, Either):
        return for_either(cx, a, lambda v: compare(cx, op, v, b, node))
    if isinstance(b, Either):
        return for_either(cx, b, lambda v: compare(cx, op, a, v, node))
    if isinstance(op, (ast.Is, ast.IsNot)):
        one = identical(cx, a, b, node)
        return one if isinstance(op, ast.Is) else negated(cx, one)
    if isinstance(op, (ast.In, ast.NotIn)):
        found = contains(cx, a, b, node)
        return found if isinstance(op, ast.In) else negated(cx, found)
    if (result := compare_objects(cx, op, a, b, node)) is not None:
        return result
    name, python = COMPARE[type(op)]
    if isinstance(a, Const) and isinstance(b, Const):
        for cls in (class_of(cx, a), class_of(cx, b)):
            if cls is not None and cls.__eq__ is not object.__eq__:
                cx.refuse(f"comparing an instance of {cls.__name__}", node, "compare its attributes")
        for value in (a, b):
            if isinstance(value.value, np.ndarray):
                cx.refuse(f"comparing a {cx.describe(value)}", node, instead_of(value))
        try:
            holds = bool(python(a.value, b.value))
            if may_change(a) or may_change(b):
                remember(cx, python, (a, b), holds, node)
            return const(holds)
        except TypeError as error:
            cx.refuse(str(error), node)
    if isinstance(a, Tup) and isinstance(b, Tup):
        return compare_tuples(cx, op, a, b, node)
    if isinstance(a, Obj) and isinstance(b, Obj):
        return compare_lists(cx, op, a, b, node)
    if any(is_text(v) for v in (a, b)):
        return compare_text(cx, op, a, b, node)
    if any(isinstance(v, Const) and v.value is None for v in (a, b)) or different_kinds(a, b):
        if isinstance(op, (ast.Eq, ast.NotEq)):
            return const(isinstance(op, ast.NotEq))
        cx.refuse("comparison of an array or number with None or a string", node)
    x, y = numeric(cx, as_array(cx, a, node), node), numeric(cx, as_array(cx, b, node), node)
    known = compare_symbols(python, x, y)
    return const(known) if known is not None else cx.emit(name, x, y)


def compare_maybe(cx: Lowerer, a: Value, b: Value, node: ast.AST) -> Value | None:
    """Whether a value that may be None is None; nothing if that is not asked."""
    maybe, other = (a, b) if isinstance(a, Maybe) else (b, a)
    assert isinstance(maybe, Maybe)
    return maybe.none if is_none(other) else None


def compare_symbols(python: Callable[[Any, Any], Any], x: Atom, y: Atom) -> bool | None:
    """Comparison of two integers that differ by a constant."""
    a, b = sym_of(x), sym_of(y)
    if a is None or b is None or isinstance(x.type, Array) or isinstance(y.type, Array):
        return None
    gap = dims.sub(a, b)
    return bool(python(gap, 0)) if isinstance(gap, int) else None


def compare_tuples(cx: Lowerer, op: ast.cmpop, a: Tup, b: Tup, node: ast.AST) -> Value:
    """As Python compares sequences: by the first items that differ."""
    if isinstance(op, (ast.Eq, ast.NotEq)):
        same = equal_items(cx, a.items, b.items, node) if len(a.items) == len(b.items) else const(False)
        return same if isinstance(op, ast.Eq) else negated(cx, same)
    python = COMPARE[type(op)][1]
    strict = ast.Lt() if isinstance(op, (ast.Lt, ast.LtE)) else ast.Gt()

    def first_difference(k: int) -> Value:
        if k == min(len(a.items), len(b.items)):
            return const(bool(python(len(a.items), len(b.items))))
        x, y = a.items[k], b.items[k]
        if k == len(a.items) - 1 == len(b.items) - 1:
            return compare(cx, op, x, y, node)
        same = truth(cx, compare(cx, ast.Eq(), x, y, node), node)
        return select(cx, same, lambda: first_difference(k + 1), lambda: compare(cx, strict, x, y, node), "ifexp")
    return first_difference(0)


def equal_items(cx: Lowerer, a: tuple[Any, ...], b: tuple[Any, ...], node: ast.AST) -> Atom:
    """Whether two sequences of one length are equal, item by item."""
    result: Value = const(True)
    for x, y in zip(a, b, strict=True):
        before = truth(cx, result, node)
        if not same_object(x, y):
            result = select(cx, before, lambda x=x, y=y: compare(cx, ast.Eq(), x, y, node),  # type: ignore[misc]
                            lambda before=before: before, "and")  # type: ignore[misc]
    return truth(cx, result, node)


def compare_lists(cx: Lowerer, op: ast.cmpop, a: Obj, b: Obj, node: ast.AST) -> Value:
    from .dicts import as_set

    x, y = cx.contents(a.oid), cx.contents(b.oid)
    for contents in (x, y):
        if isinstance(contents, Fields) and contents.keys == ("<poison>",):
            definite(contents.items[0])
    if (one := as_set(cx, a)) is not None and (two := as_set(cx, b)) is not None:
        return const(bool(COMPARE[type(op)][1](one(), two())))
    if is_table(x) or is_table(y):
        cx.refuse("comparison of a dict with keys that only the run knows", node, "write the loop over its keys")
    if not isinstance(x, Fields) or not isinstance(y, Fields):
        cx.refuse("comparison of lists of unknown length", node, "write the loop")
    if x.keys is None and y.keys is None:
        return compare_tuples(cx, op, Tup(x.items), Tup(y.items), node)
    if not isinstance(op, (ast.Eq, ast.NotEq)):
        cx.refuse("an order of dicts", node)
    kinds = {c.cls.name for c in (x, y) if isinstance(c.cls, Kind)}
    if "Counter" in kinds:
        cx.refuse("comparison of a Counter", node, "compare the counts, or dict(the counter)")
    ordered = kinds == {"OrderedDict"} and isinstance(x.cls, Kind) and isinstance(y.cls, Kind)
    same = const(False)
    if x.keys is not None and y.keys is not None and (x.keys == y.keys if ordered else set(x.keys) == set(y.keys)):
        order = [y.keys.index(k) for k in x.keys]
        same = equal_items(cx, x.items, tuple(y.items[k] for k in order), node)  # type: ignore[assignment]
    return same if isinstance(op, ast.Eq) else negated(cx, same)


def compare_text(cx: Lowerer, op: ast.cmpop, a: Value, b: Value, node: ast.AST) -> Value:
    """A string beside something that the run knows."""
    if not isinstance(op, (ast.Eq, ast.NotEq)) or (is_text(a) and is_text(b)):
        cx.refuse("comparison of a string that only the run knows", node, "compare the values that it is made of")
    return const(isinstance(op, ast.NotEq))


def different_kinds(a: Value, b: Value) -> bool:
    """Whether one is a sequence and the other a Python number, or one a tuple and the other a list: never equal."""
    one, two = sorted((a, b), key=lambda v: isinstance(v, (Tup, Obj)))
    if isinstance(one, (Tup, Obj)) and isinstance(two, (Tup, Obj)):
        return type(one) is not type(two)
    number = isinstance(one, (Var, Const)) and isinstance(one.type, Scalar) and one.type.py
    return number and isinstance(two, (Tup, Obj))


def identical(cx: Lowerer, a: Value, b: Value, node: ast.AST) -> Atom:
    if isinstance(a, Const) and isinstance(b, Const):
        return const(a.value is b.value)
    if any(isinstance(v, Const) and (v.value is None or isinstance(v.value, (bool, type))) for v in (a, b)):
        other = b if isinstance(a, Const) else a
        if isinstance(other, Var) and isinstance(other.type, Scalar) and other.type.dtype == "bool":
            cx.refuse("is with True or False on a value known at run time", node, "use ==")
        return const(False)
    if isinstance(a, Obj) and isinstance(b, Obj):
        return one_object(cx, a, b, node)
    return cx.refuse("is on arrays or numbers is not supported", node, "use ==")


def contains(cx: Lowerer, item: Value, container: Value, node: ast.AST) -> Atom:
    """``item in container``: decided now where everything is known, else by comparing with each item."""
    from .iteration import iterator
    if (result := call_special(cx, container, "contains", (item,), node)) is not None:
        return truth(cx, result, node)
    if class_of(cx, container) is not None and not isinstance(container, Tup):
        return truth(cx, prelude.call(cx, python_library.has_item, (container, item), node), node)
    contents = cx.contents(container.oid) if isinstance(container, Obj) else None
    if isinstance(contents, Fields) and contents.keys is not None and isinstance(container, Obj):
        from . import tables
        from .dicts import as_set

        if tables.is_table(contents) or (as_set(cx, container) is None and tables.run_time_key(cx, item)):
            return tables.has_key(cx, container, item, node)
        return const(static_key(cx, item, node) in contents.keys)
    if is_static(cx, item) and is_static(cx, container):
        name = container.name if isinstance(container, Const) else ""
        return const(is_in(cx, python_value(cx, item, node), python_value(cx, container, node), name))
    if isinstance(container, Ref):
        return truth(cx, cx.emit("np.any", *cx.bind("np.any", (compare(cx, ast.Eq(), container, item, node),), {}, node)), node)
    it = iterator(cx, container, node)
    if it.known is None:
        if it.count is None:
            cx.refuse("in, of an iterator without an end", node, "write the loop")
        return truth(cx, prelude.call(cx, python_library.has_item, (it, item), node), node)

    def same_as(k: int) -> Atom:
        if k == it.known:
            return const(False)
        other = it.get(const(k))
        same = const(True) if same_object(item, other) else truth(cx, compare(cx, ast.Eq(), other, item, node), node)
        found = select(cx, same, lambda: const(True), lambda: same_as(k + 1), "or")
        assert isinstance(found, (Var, Const))
        return found
    return same_as(0)


def same_object(a: Value, b: Value) -> bool:
    return isinstance(a, Obj) and isinstance(b, Obj) and a.oid == b.oid
