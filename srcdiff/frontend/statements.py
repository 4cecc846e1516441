"""One function for each kind of statement."""

from __future__ import annotations

import ast
import contextlib
import functools
import sys
from collections.abc import Callable
from typing import Any

from ..composed import python_library
from ..errors import UnsupportedError
from ..ir.build import const
from ..ir.core import Const
from ..ir.structural import is_fancy
from ..ir.types import Array
from ..unchanging import STABLE
from . import contexts, deletion, exceptions, iteration, local_classes, matching, objects, prelude, while_loops
from .aliases import partners
from .attributes import attribute, watch_attribute
from .choices import do_either, for_either, sure
from .context import Lowerer
from .control import RESULT, lower_if, set_exit, set_flag
from .exprs import binary, expression, in_place_operator
from .names import during
from .nested import call_transform, is_transform
from .operators import in_place_container, in_place_object
from .outside import SIGNS, is_global, outside, record, record_global
from .reachable import live_keys, live_values, reachable
from .refused import refuse_statement
from .subscripts import assign_item, read_item, subscript_ref, write_item
from .values import Closure, DynList, Either, Obj, Partial, Ref, Tup, Value, definite

__all__ = ["assign", "lower_stmt"]


def lower_stmt(cx: Lowerer, node: ast.stmt) -> None:
    frame = cx.frames[-1]
    frame.live = during(frame.scope, node)
    handler = STATEMENTS.get(type(node))
    if handler is None:
        refuse_statement(cx, node)
    stmts, start = cx.builder.stmts, len(cx.builder.stmts)
    with cx.at(node):
        try:
            handler(cx, node)
        except UnsupportedError as error:
            if error.loc is None:
                error.loc = cx.loc(node)
            if not exceptions.caught(cx, error):
                raise
        if cx.tries:
            exceptions.keep_computed(cx, stmts, start)


def lower_assign(cx: Lowerer, node: ast.Assign) -> None:
    if isinstance(target := node.targets[0], ast.Name):
        cx.memo["bound to", node.value] = target.id
    value = expression(cx, node.value)
    for target in node.targets:
        assign(cx, target, value)


def lower_annassign(cx: Lowerer, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(cx, node.target, expression(cx, node.value))


def assign(cx: Lowerer, target: ast.expr, value: Value) -> None:
    """Bind or write ``value`` to a target of any form."""
    if isinstance(target, ast.Name):
        bind_name(cx, target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        unpack(cx, target, value)
    elif isinstance(target, ast.Subscript):
        if (held := outside(cx, target.value)) is not None and not isinstance(target.slice, ast.Slice):
            record(cx, "[]", held, expression(cx, target.slice), (value,), target)
            return
        assign_item(cx, target, value)
    elif isinstance(target, ast.Starred):
        assign(cx, target.value, value)
    elif isinstance(target, ast.Attribute):
        if (held := outside(cx, target.value)) is not None:
            record(cx, ".", held, const(target.attr), (value,), target)
            return
        objects.set_attribute(cx, expression(cx, target.value), target.attr, value, target)
    else:
        cx.refuse(f"cannot assign to {type(target).__name__}", target)


def bind_name(cx: Lowerer, name: str, value: Value) -> None:
    cx.call_it(value, name)
    if is_global(cx, name):
        record_global(cx, name, "", value, ast.Pass())
        return
    cx.state.env[cx.home(name), name] = value


def unpack(cx: Lowerer, target: ast.Tuple | ast.List, value: Value) -> None:
    stars = [k for k, e in enumerate(target.elts) if isinstance(e, ast.Starred)]
    if stars and isinstance(value, Obj) and isinstance(cx.contents(value.oid), DynList):
        unpack_unknown(cx, target, value, stars[0])
        return
    items = iteration.items_of(cx, value, target, None if stars else len(target.elts))
    if not stars:
        if len(items) != len(target.elts):
            cx.fails(ValueError, f"cannot unpack {len(items)} values into {len(target.elts)}", target)
        for element, item in zip(target.elts, items, strict=True):
            assign(cx, element, item)
        return
    before, after = stars[0], len(target.elts) - stars[0] - 1
    if len(items) < before + after:
        cx.fails(ValueError, f"cannot unpack {len(items)} values into {len(target.elts)}", target)
    middle = cx.new_list(items[before:len(items) - after])
    parts = [*items[:before], middle, *items[len(items) - after:]]
    for element, item in zip(target.elts, parts, strict=True):
        assign(cx, element, item)


def unpack_unknown(cx: Lowerer, target: ast.Tuple | ast.List, value: Obj, before: int) -> None:
    """``first, *rest = items`` of a list of which only the run knows the length."""
    after = len(target.elts) - before - 1
    middle = prelude.call(cx, python_library.middle, (value, const(before), const(after)), target)
    places = [*range(before), *range(-after, 0)]
    items = [read_item(cx, value, const(k), target) for k in places]
    for element, item in zip(target.elts, [*items[:before], middle, *items[before:]], strict=True):
        assign(cx, element, item)


def lower_augassign(cx: Lowerer, node: ast.AugAssign) -> None:
    target = node.target
    if isinstance(target, (ast.Subscript, ast.Attribute)) and type(node.op) in SIGNS and (held := outside(cx, target.value)):
        key = const(target.attr) if isinstance(target, ast.Attribute) else expression(cx, target.slice)
        how = ("." if isinstance(target, ast.Attribute) else "[]") + SIGNS[type(node.op)]
        record(cx, how, held, key, (definite(expression(cx, node.value)),), node)
        return
    if isinstance(target, ast.Subscript):
        return subscript_augassign(cx, node, target)
    if isinstance(target, ast.Attribute):
        return attribute_augassign(cx, node, target)
    if not isinstance(target, ast.Name):
        cx.refuse(f"augmented assignment to a {type(target).__name__}", node)
    if is_global(cx, target.id) and type(node.op) in SIGNS:
        return record_global(cx, target.id, SIGNS[type(node.op)], definite(expression(cx, node.value)), node)
    old = definite(expression(cx, ast.copy_location(ast.Name(target.id, ast.Load()), target)))
    value = definite(expression(cx, node.value))
    if isinstance(old, Ref):
        t = cx.type_of(old)
        if isinstance(t, Array) and not t.weak:
            return in_place_operator(cx, node.op, old, value, node)
        if not partners(cx.state, old.sid) & reachable(cx, live_values(cx)) and not shared(cx, old, target.id):
            return bind_name(cx, target.id, binary(cx, node.op, old, value, node))
        cx.refuse("whether this is an in-place update or a rebinding cannot be decided", node,
                  f"write {target.id} = {target.id} {_symbol(node.op)} ...")
    return bind_name(cx, target.id, updated(cx, node.op, old, value, node))


def updated(cx: Lowerer, op: ast.operator, old: Value, value: Value, node: ast.AST) -> Value:
    """What ``old op= value`` binds: an array, a list or a dict itself, changed in place, or else a new value."""
    if isinstance(old, Either):
        return for_either(cx, old, lambda chosen: updated(cx, op, chosen, value, node))
    if isinstance(old, Ref) and not getattr(cx.type_of(old), "weak", False):
        in_place_operator(cx, op, old, value, node)
        return old
    if in_place_container(cx, op, old, value, node):
        return old
    made = in_place_object(cx, op, old, value, node)
    return binary(cx, op, old, value, node) if made is None else made


def attribute_augassign(cx: Lowerer, node: ast.AugAssign, target: ast.Attribute) -> None:
    """``base.name op= value``: what was changed in place is assigned too, which a property sees."""
    do_either(cx, sure(cx, expression(cx, target.value), target), lambda base: augment_attribute(cx, node, target, base))


def augment_attribute(cx: Lowerer, node: ast.AugAssign, target: ast.Attribute, base: Value) -> None:
    old = attribute(cx, base, target.attr, target)
    new = updated(cx, node.op, old, expression(cx, node.value), node)
    if new is not old or not objects.holds(cx, base, target.attr):
        objects.set_attribute(cx, base, target.attr, new, target)


def shared(cx: Lowerer, ref: Ref, name: str) -> bool:
    """Whether another live name sees the storage."""
    home = (cx.home(name), name)
    return ref.sid in reachable(cx, [v for k in live_keys(cx) if k != home and (v := cx.state.env.get(k)) is not None])


def _symbol(op: ast.operator) -> str:
    return {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Pow": "**", "MatMult": "@"}.get(type(op).__name__, "op")


def subscript_augassign(cx: Lowerer, node: ast.AugAssign, target: ast.Subscript) -> None:
    """``x[i] += v``: the index is evaluated once; repeated integer indices count once, as NumPy has it."""
    do_either(cx, sure(cx, expression(cx, target.value), target), lambda base: augment_item(cx, node, target, base))


def augment_item(cx: Lowerer, node: ast.AugAssign, target: ast.Subscript, base: Value) -> None:
    if isinstance(base, Ref):
        ref = subscript_ref(cx, base, target)
        before = cx.state.store[ref.sid]
        value = expression(cx, node.value)
        if cx.state.store[ref.sid] is not before and copied(cx, ref):  # Python reads an item before the right-hand side
            old = cx.wrap_atom(cx.var("view", before, ref.path))
            return cx.write(ref, binary(cx, node.op, old, value, node), "setview", node)
        return in_place_operator(cx, node.op, ref, value, node)
    index = expression(cx, target.slice)
    old = read_item(cx, base, index, target)
    new = updated(cx, node.op, old, expression(cx, node.value), node)
    if new is not old or not isinstance(base, Obj) or objects.class_of(cx, base) is not None:  # else it is in its place already
        write_item(cx, base, index, new, target)
    return None


def copied(cx: Lowerer, ref: Ref) -> bool:
    """Whether reading this location gives a copy: an item, or a selection by index arrays."""
    return is_fancy(ref.path) or not isinstance(cx.type_of(ref), Array)


def lower_return(cx: Lowerer, node: ast.Return) -> None:
    value = const(None) if node.value is None else expression(cx, node.value)
    set_flag(cx, RESULT, value if cx.frames[-1].ends is None else Tup((const(False), value)))
    set_exit(cx, "return")


def lower_plain_if(cx: Lowerer, node: ast.If) -> None:
    lower_if(cx, node, [], cx.frames[-1].scope.after[node])


def lower_expr(cx: Lowerer, node: ast.Expr) -> None:
    if not isinstance(node.value, ast.Constant):
        expression(cx, node.value)


def lower_def(cx: Lowerer, node: ast.FunctionDef) -> None:
    from .calls import apply

    around = [(d, expression(cx, d)) for d in node.decorator_list if not is_transparent(cx, d)]
    value: Value = closure(cx, node)
    for decorator, fun in reversed(around):
        if isinstance(fun, Const) and is_transform(fun.value):
            value = call_transform(cx, fun.value, (value,), {}, decorator)
        elif isinstance(fun, Const) and fun.value is contextlib.contextmanager:
            value = Partial(fun, (value,))  # a manager where it is called in a with
        else:
            value = apply(cx, fun, (value,), {}, decorator)
    bind_name(cx, node.name, value)


def is_transparent(cx: Lowerer, decorator: ast.expr) -> bool:
    """A decorator that leaves what a function computes as it is: ``functools.cache``, ``lru_cache(...)``, ``wraps(...)``, those
    of numba."""
    if isinstance(decorator, ast.Call) and not any(isinstance(a, ast.Starred) for a in decorator.args):
        decorator = decorator.func
    if not isinstance(decorator, (ast.Name, ast.Attribute)):
        return False
    fun = expression(cx, decorator)
    if not isinstance(fun, Const) or not callable(fun.value):
        return False
    numba = getattr(fun.value, "__module__", None) or ""
    return any(fun.value is f for f in (functools.cache, functools.lru_cache, functools.wraps)) or \
        (numba.partition(".")[0] == "numba" and fun.value.__name__ in ("jit", "njit"))


def closure(cx: Lowerer, node: ast.FunctionDef | ast.Lambda) -> Closure:
    defaults = tuple(expression(cx, d) for d in node.args.defaults)
    kw = tuple((a.arg, expression(cx, d)) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d)
    return Closure(node, cx.frames[-1], defaults, kw)


def import_module(cx: Lowerer, name: str, package: str | None, node: ast.stmt) -> Any:
    import importlib

    try:
        module = importlib.import_module(name, package)
        if module.__name__.partition(".")[0] not in STABLE:
            cx.facts.capture(sys.modules, module.__name__, module)
        return module
    except ImportError as error:
        cx.fails(type(error), f"this raises {type(error).__name__}: {error}", node, args=tuple(map(const, error.args)))


def lower_import(cx: Lowerer, node: ast.Import | ast.ImportFrom) -> None:
    """Modules are imported when the function is compiled."""
    frame = cx.frames[-1]
    for alias in node.names:
        name = alias.asname or alias.name
        if isinstance(node, ast.Import):
            module = import_module(cx, alias.name, None, node)
            name = name.split(".")[0]
            value = module if alias.asname else import_module(cx, name, None, node)
        else:
            module = import_module(cx, "." * node.level + (node.module or ""), frame.globals.get("__package__"), node)
            if hasattr(module, alias.name):
                value = getattr(module, alias.name)
                watch_attribute(cx, module, alias.name, value)
            else:
                value = import_module(cx, f"{module.__name__}.{alias.name}", None, node)
        cx.state.env[cx.home(name), name] = cx.captured(value, name)


def nothing(cx: Lowerer, node: ast.stmt) -> None:
    """pass, nonlocal, global: nothing to do."""


Handler = Callable[[Lowerer, Any], None]
STATEMENTS: dict[type, Handler] = {
    ast.Assign: lower_assign,
    ast.AnnAssign: lower_annassign,
    ast.AugAssign: lower_augassign,
    ast.Return: lower_return,
    ast.If: lower_plain_if,
    ast.Expr: lower_expr,
    ast.FunctionDef: lower_def,
    ast.ClassDef: lambda cx, node: local_classes.lower_class(cx, node),
    ast.For: lambda cx, node: iteration.lower_for(cx, node),
    ast.While: lambda cx, node: while_loops.lower_while(cx, node),
    while_loops.EndLoop: while_loops.lower_end_loop,
    ast.Break: lambda cx, node: set_exit(cx, "break"),
    ast.Continue: lambda cx, node: set_exit(cx, "continue"),
    matching.Captures: matching.lower_captures,
    ast.Pass: nothing,
    ast.Nonlocal: nothing,
    ast.Global: nothing,
    ast.Assert: exceptions.lower_assert,
    ast.Raise: exceptions.lower_raise,
    ast.Try: exceptions.lower_try,
    ast.Delete: deletion.lower_delete,
    ast.With: contexts.lower_with,
    ast.Import: lower_import,
    ast.ImportFrom: lower_import,
}
