"""Values that are known when a function is compiled, as Python objects and back: strings above all."""

from __future__ import annotations

import ast
import enum
import json
import operator
import os
import re
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from ..errors import SrcdiffError
from ..ir.build import const
from ..ir.core import UNDEF, Atom, Const, Op, Var, arg_vars
from ..ir.dims import Dim
from ..ir.types import Object, Scalar
from .context import Lowerer
from .nests import is_table
from .objects import class_of
from .outside import named_tuple
from .values import Fields, Generator, Kind, Obj, Once, Tup, Value

__all__ = ["STATIC", "call_text", "environment", "evaluated", "is_in", "is_static", "is_text", "lifted", "may_change",
           "python_value", "remember", "set_of", "shown", "text", "truth_of", "unroll_for"]

IMMUTABLE = (str, bytes, int, float, complex, tuple, range, frozenset, np.dtype, re.Pattern, re.Match, type(None))
LASTING = (*IMMUTABLE, type, np.generic, slice, enum.Enum, FunctionType, BuiltinFunctionType, np.ufunc, ModuleType, type(...))
TEXT = Object("str")
SHOWN = frozenset({"format", "join", "__mod__", "__add__", "upper", "lower", "strip", "ljust", "rjust", "center"})


def is_static(cx: Lowerer, value: Any) -> bool:
    """Whether a value is known now, with all that is in it; an instance of a user's class may change."""
    if isinstance(value, Const):
        return value.value is not UNDEF and class_of(cx, value) is None
    if isinstance(value, Tup):
        return value.shape_of is None and all(is_static(cx, v) for v in value.items)
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        if isinstance(contents, Fields) and not isinstance(contents.cls, type):
            return all(is_static(cx, v) for v in contents.items)
    return False


def python_value(cx: Lowerer, value: Any, node: ast.AST | None, what: str = "this") -> Any:
    """The Python object that a value is; an integer that the types know becomes a fact."""
    if isinstance(value, Const) and value.value is not UNDEF:
        return value.value
    if isinstance(value, Tup):
        items = [python_value(cx, v, node, what) for v in value.items]
        return value.cls(*items) if value.cls is not None else tuple(items)
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        if isinstance(contents, Fields) and not isinstance(contents.cls, type) and not is_table(contents):
            if isinstance(contents.cls, Kind) and contents.cls.is_set:
                return set_of(contents.keys or ())
            items = [python_value(cx, v, node, what) for v in contents.items]
            return items if contents.keys is None else dict(zip(contents.keys, items, strict=True))
    if isinstance(value, Var) and isinstance(value.type, Scalar) and value.type.dtype == "int64":
        return cx.static_int(value, node, what)
    return cx.refuse(f"{what} must be known when the function is compiled", node)


def set_of(keys: tuple[Any, ...]) -> set[Any]:
    """The set that Python has after these were added one after the other: in its order."""
    made: set[Any] = set()
    for key in keys:
        made.add(key)
    return made


def lifted(cx: Lowerer, value: Any) -> Value:
    """A Python object as a value; a list or dict is the function's own."""
    if isinstance(value, tuple) and type(value) is tuple:
        return Tup(tuple(lifted(cx, v) for v in value))
    if type(value) is list:
        return cx.new_list(lifted(cx, v) for v in value)
    if type(value) is dict:
        return cx.new_obj(Fields(tuple(lifted(cx, v) for v in value.values()), tuple(value)))
    return const(value)


def evaluated(cx: Lowerer, fun: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A call of static values, made now."""
    for value in (*args, *kwargs.values()):
        if (cls := class_of(cx, value)) is not None and isinstance(value, Const):
            name = getattr(fun, "__name__", "this")
            cx.refuse(f"{name} of an instance of {cls.__name__}", node, "call a method of it that returns what is wanted")
    values = [python_value(cx, a, node) for a in args]
    named = {k: python_value(cx, v, node) for k, v in kwargs.items()}
    try:
        result = fun(*values, **named)
        if any(may_change(v) for v in args):
            remember(cx, fun, args, result, node)
        return lifted(cx, result)
    except SrcdiffError:
        raise
    except Exception as error:  # whatever Python raises here, it raises in the function
        return cx.fails(type(error), f"this raises {type(error).__name__}: {error}", node, args=tuple(map(const, error.args)))


def may_change(value: Value) -> bool:
    """Whether a value is an object from outside that may be another at the next call, though it is the same object."""
    return isinstance(value, Const) and isinstance(value.type, Object) and not isinstance(value.value, LASTING)


def remember(cx: Lowerer, fun: Callable[..., Any], args: tuple[Any, ...], result: Any, node: ast.AST) -> None:
    """Make it a fact that a function gives this result for an object that may change."""
    if type(result) not in (bool, int, float, str, type(None)) or not all(isinstance(a, Const) for a in args):
        cx.refuse(f"{getattr(fun, '__name__', 'this')} of an object that may change", node, "pass what it gives as an argument")
    name = getattr(fun, "__name__", "call")
    given = (cx.label(a.value, a.name or "value") if may_change(a) else repr(a.value) for a in args)
    cx.facts.assume(f"{cx.label(fun, name)}({', '.join(given)}) == {result!r}")


def truth_of(cx: Lowerer, value: Const) -> bool:
    """Whether an object is true; a fact if that may change."""
    found = bool(value.value)
    if may_change(value) and (hasattr(value.value, "__len__") or hasattr(value.value, "__bool__")):
        cx.facts.assume(f"{'' if found else 'not '}{cx.label(value.value, value.name or 'value')}")
    return found


def environment(cx: Lowerer, key: str) -> str | None:
    """An environment variable: its value becomes a fact."""
    value = os.environ.get(key)
    cx.facts.assume(f"{cx.label(os.environ, 'environ')}.get({key!r}) == {value!r}")
    return value


def is_in(cx: Lowerer, item: Any, container: Any, name: str) -> bool:
    """``item in container`` of Python objects; a fact if the container may change."""
    found = bool(item in container)
    if not isinstance(container, LASTING):
        key = repr(item) if type(item) in (str, bytes, int, float, bool, type(None)) else cx.label(item, "item")
        cx.facts.assume(f"{key} {'in' if found else 'not in'} {cx.label(container, name or 'container')}")
    return found


# -- text that only the run knows --------------------------------------------------------------------------------------


def is_text(value: Any) -> bool:
    return isinstance(value.value, str) if isinstance(value, Const) else isinstance(value, Var) and value.type == TEXT


def text(cx: Lowerer, receiver: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Value:
    """``receiver.name(*args)``, a string that only the run knows; it may be shown, and nothing else."""
    made = cx.var("text", cx.printable(receiver), const(name), tuple(cx.printable(a) for a in args),
                  tuple((const(k), cx.printable(v)) for k, v in kwargs.items()), type=TEXT)
    made.sym = tuple(s for a in (receiver, *args) if isinstance(a, Var) for s in symbols(a) if isinstance(s, Dim))
    return made


def shown(cx: Lowerer, value: Any) -> Any:
    """A tuple, list, dict or set as an argument of ``print`` and the like."""
    if isinstance(value, Tup):
        items = tuple(cx.printable(v) for v in value.items)
        return items if value.cls is None else named_tuple(cx, value.cls, items)
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if not isinstance(contents, Fields):
        return cx.arg(value)
    if isinstance(contents.cls, Kind) and contents.cls.is_set:
        return Const(frozenset(contents.keys or ()) if contents.cls.name == "frozenset" else set_of(contents.keys or ()), TEXT)
    if isinstance(contents.cls, type):
        from .operators import call_special

        for name in ("str", "repr"):
            if (made := call_special(cx, value, name, (), ast.AST())) is not None:
                return cx.printable(made)
    if contents.cls is not None:
        cx.refuse(f"showing a {cx.describe(value)}", advice="show what is in it")
    if is_table(contents):
        cx.refuse("showing a dict with keys that only the run knows", advice="show list(d) and list(d.values())")
    items = tuple(cx.printable(v) for v in contents.items)
    keys = tuple((const(k), const(None)) for k in contents.keys or ())
    return cx.var("text", const(None), const("[]" if contents.keys is None else "{}"), items, keys, type=Object("nest"))


def symbols(value: Atom) -> tuple[Any, ...]:
    found = value.sym if isinstance(value, Var) else None
    return found if isinstance(found, tuple) else (found,)


def unroll_for(cx: Lowerer, value: Any) -> None:
    """Where a value has to be known that depends on the trip of a loop, the loop is written out."""
    made = {out: stmt for stmt in cx.builder.stmts if isinstance(stmt, Op) for out in stmt.outs}
    todo, seen = [value], set()
    while todo:
        var = todo.pop()
        for sym in symbols(var):
            if isinstance(sym, Dim):
                cx.need_unroll(sym)
        if var in made and var not in seen:
            seen.add(var)
            todo.extend(arg_vars(made[var].args))


def call_text(cx: Lowerer, receiver: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A method of an immutable object that is known, or of a string: now if everything is known, else in the run."""
    from .iteration import items_of

    args = tuple(Tup(items_of(cx, a, node)) if isinstance(a, (Generator, Once)) else a for a in args)
    if isinstance(receiver, Const) and all(is_static(cx, a) for a in (*args, *kwargs.values())):
        return evaluated(cx, getattr(receiver.value, name), args, kwargs, node)
    if not is_text(receiver) or name not in SHOWN:
        cx.refuse(f"the method {name} of a {cx.describe(receiver)} with values that only the run knows", node)
    return text(cx, receiver, name, args, kwargs)


STATIC: dict[Any, Callable[..., Any]] = {f: f for f in (repr, ascii, chr, ord, format, bin, hex, oct, operator.countOf,
                                                        operator.indexOf, json.loads, re.compile, re.escape, re.findall,
                                                        re.fullmatch, re.match, re.search, re.split, re.sub, np.dtype,
                                                        np.finfo, np.iinfo, np.issubdtype)}
