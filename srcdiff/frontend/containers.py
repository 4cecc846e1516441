"""Methods and operators of lists, dicts and tuples."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..ir.build import const
from ..ir.core import Const, Slice, Var
from ..ir.types import Scalar
from . import prelude
from .context import AliasError, Lowerer
from .exprs import static_key
from .iteration import items_of, iterator
from .structure import flatten, numbered, rebuild
from .subscripts import with_key
from .values import DynList, Fields, Obj, Ref, Tup, Value

__all__ = ["list_method", "method", "sequence_operator", "slice_list", "tuple_method"]


def method(cx: Lowerer, base: Obj, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    contents = cx.state.objs[base.oid]
    if isinstance(contents, Fields) and contents.keys is not None:
        return dict_method(cx, base, contents, name, args, kwargs, node)
    return list_method(cx, base, name, list(args), node)


# -- lists -------------------------------------------------------------------------------------------------------------


def list_method(cx: Lowerer, base: Obj, name: str, args: list[Any], node: ast.AST) -> Value:
    handler = LIST.get(name)
    if handler is None:
        cx.refuse(f"the list method {name} is not supported", node, f"supported: {', '.join(LIST)}")
    if name not in ("copy", "index", "count"):
        cx.check_owned(base.oid, node)
        if base.oid in cx.iterated:
            cx.refuse("a list that changes while it is iterated", node, "iterate over a copy: for v in list(items)")
    return handler(cx, base, args, node)


def append(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.state.objs[base.oid]
    if isinstance(contents, Fields):
        cx.state.objs[base.oid] = Fields((*contents.items, args[0]), None, contents.cls)
        return const(None)
    leaves = list(flatten(args[0]))
    template = contents.template
    if not leaves or any(not isinstance(v, (Var, Const, Ref)) for v in leaves):
        raise AliasError(f"appending a {cx.describe(args[0])} to a list in a loop", cx.loc(node),
                         "use an array, or one list for each")
    lists = contents.lists
    if len(lists) != len(leaves):
        if len(lists) != 1 or getattr(lists[0].type, "elem", 0) is not None:
            cx.refuse("appending an item of another structure than the list's", node)
        lists = tuple(cx.var("list", ()) for _ in leaves)
    if template == 0 and isinstance(args[0], Tup):
        template = numbered(args[0])
    grown = []
    for lst, leaf in zip(lists, leaves, strict=True):
        grown.append(cx.var("append", lst, cx.read(leaf)))
        grown[-1].hint = lst.hint
        if isinstance(leaf, Ref):
            cx.link(leaf.sid, base.oid)
    cx.state.objs[base.oid] = DynList(tuple(grown), template)
    return const(None)


def extend(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    it = iterator(cx, args[0], node)
    if it.items is None:
        prelude.call(cx, prelude.extend_list, (base, args[0]), node)
        return const(None)
    for item in it.items:
        append(cx, base, [item], node)
    return const(None)


def pop(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.state.objs[base.oid]
    if isinstance(contents, Fields):
        k = cx.static_int(args[0], node) if args else -1
        if not -len(contents.items) <= k < len(contents.items):
            cx.refuse("pop from an empty list, or out of range", node)
        k %= len(contents.items)
        cx.state.objs[base.oid] = Fields(contents.items[:k] + contents.items[k + 1:])
        return contents.items[k]
    if args and not (isinstance(args[0], Const) and args[0].value == -1):
        cx.refuse("pop from the middle of a list of unknown length", node, "pop from its end")
    leaves, lists = [], []
    for lst in contents.lists:
        value, shorter = cx.builder.emit_all("pop", lst)
        leaves.append(cx.wrap(value))
        lists.append(shorter)
    cx.state.objs[base.oid] = DynList(tuple(lists), contents.template)
    return leaves[0] if contents.template == 0 else rebuild(contents.template, iter(leaves))


def insert(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.state.objs[base.oid]
    if not isinstance(contents, Fields):
        cx.refuse("insert into a list of unknown length", node, "append, and reverse the list where it is read")
    items = list(contents.items)
    items.insert(cx.static_int(args[0], node), args[1])
    cx.state.objs[base.oid] = Fields(tuple(items))
    return const(None)


def clear(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    cx.state.objs[base.oid] = Fields(())
    return const(None)


def reverse(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.state.objs[base.oid]
    if not isinstance(contents, Fields):
        cx.refuse("reversing a list of unknown length in place", node, "iterate over reversed(the list)")
    cx.state.objs[base.oid] = Fields(tuple(reversed(contents.items)))
    return const(None)


def copy(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    return slice_list(cx, base, Slice(), node)


LIST: dict[str, Callable[[Lowerer, Obj, list[Any], ast.AST], Value]] = {
    "append": append, "extend": extend, "pop": pop, "insert": insert, "clear": clear, "reverse": reverse, "copy": copy,
}


def slice_list(cx: Lowerer, base: Obj, index: Slice, node: ast.AST) -> Value:
    """A new list with some of the items."""
    contents = cx.state.objs[base.oid]
    if isinstance(contents, Fields):
        return cx.new_list(contents.items)
    bounds = tuple(const(None) if p is None else p for p in (index.start, index.stop, index.step))
    whole = all(isinstance(b, Const) and b.value is None for b in bounds[:2])
    if whole and isinstance(bounds[2], Const) and bounds[2].value == -1:
        return prelude.call(cx, prelude.reversed_list, (base,), node)
    if isinstance(bounds[2], Const) and (bounds[2].value is None or bounds[2].value > 0):
        step = const(1) if bounds[2].value is None else bounds[2]
        return prelude.call(cx, prelude.slice_list, (base, *bounds[:2], step), node)
    return cx.refuse("a slice with a negative step of a list of unknown length", node, "iterate over reversed(the list)")


# -- dicts and tuples --------------------------------------------------------------------------------------------------


def dict_method(cx: Lowerer, base: Obj, contents: Fields, name: str, args: tuple[Any, ...], kwargs: dict[str, Any],
                node: ast.AST) -> Value:
    assert contents.keys is not None
    keys = contents.keys
    if name == "keys":
        return Tup(tuple(const(k) for k in keys))
    if name == "values":
        return Tup(contents.items)
    if name == "items":
        return Tup(tuple(Tup((const(k), v)) for k, v in zip(keys, contents.items, strict=True)))
    if name in ("get", "pop", "setdefault"):
        key = static_key(cx, args[0], node)
        default = args[1] if len(args) > 1 else const(None)
        if name == "pop" and key in keys:
            cx.check_owned(base.oid, node)
            k = keys.index(key)
            cx.state.objs[base.oid] = Fields(contents.items[:k] + contents.items[k + 1:], keys[:k] + keys[k + 1:])
        if name == "setdefault" and key not in keys:
            cx.check_owned(base.oid, node)
            cx.state.objs[base.oid] = with_key(contents, key, default)
        return contents.items[keys.index(key)] if key in keys else default
    if name == "copy":
        return cx.new_obj(contents)
    if name == "update":
        cx.check_owned(base.oid, node)
        more = dict(kwargs)
        for arg in args:
            other = cx.state.objs[arg.oid] if isinstance(arg, Obj) else None
            if not isinstance(other, Fields) or other.keys is None:
                cx.refuse("update with something that is not a dict", node)
            more = dict(zip(other.keys, other.items, strict=True)) | more
        for key, value in more.items():
            contents = with_key(contents, key, value)
        cx.state.objs[base.oid] = contents
        return const(None)
    return cx.refuse(f"the dict method {name} is not supported", node)


def tuple_method(cx: Lowerer, base: Tup, name: str, args: tuple[Any, ...], node: ast.AST) -> Value:
    if name == "_replace" and base.cls is not None:
        cx.refuse("_replace is not supported", node, "build a new one")
    if all(isinstance(i, Const) for i in (*base.items, *args)) and name in ("index", "count"):
        return const(getattr(tuple(i.value for i in base.items), name)(*(a.value for a in args)))
    return cx.refuse(f"the tuple method {name} is not supported", node)


# -- operators ---------------------------------------------------------------------------------------------------------


def sequence_operator(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    """``+`` and ``*`` of tuples and lists; None where NumPy takes over (an array is involved)."""
    if isinstance(a, Ref) or isinstance(b, Ref):
        return None
    if isinstance(op, ast.Add) and isinstance(a, Tup) and isinstance(b, Tup):
        return Tup(a.items + b.items)
    if isinstance(op, ast.Add) and isinstance(a, Obj) and isinstance(b, Obj):
        fields = [cx.state.objs[o.oid] for o in (a, b)]
        if all(isinstance(f, Fields) and f.keys is None for f in fields):
            return cx.new_list(fields[0].items + fields[1].items)  # type: ignore[union-attr]
        return prelude.call(cx, prelude.add_lists, (a, b), node)
    if isinstance(op, ast.Mult):
        return repeated(cx, a, b, node) if isinstance(a, (Tup, Obj)) else repeated(cx, b, a, node)
    return cx.refuse("this operator on lists or tuples", node, "make arrays of them: np.array(...)")


def repeated(cx: Lowerer, sequence: Value, times: Value, node: ast.AST) -> Value | None:
    if not (isinstance(times, (Var, Const)) and isinstance(times.type, Scalar) and times.type.dtype == "int64"):
        return cx.refuse("a list or tuple times something that is not an integer", node)
    if isinstance(times, Var) and isinstance(sequence, Obj):
        contents = cx.state.objs[sequence.oid]
        if isinstance(contents, Fields) and len(contents.items) == 1 and not isinstance(contents.items[0], (Tup, Obj)):
            return prelude.call(cx, prelude.repeat_item, (contents.items[0], times), node)
    count = cx.static_int(times, node, "the number of repetitions")
    items = items_of(cx, sequence, node) * count
    return Tup(items) if isinstance(sequence, Tup) else cx.new_list(items)


