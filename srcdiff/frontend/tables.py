"""Dicts whose keys only the run knows: ``memo[n]``.

Such a dict is two lists, of its keys and of its values, in the order in which they came in; a key is looked up in the first,
and the place where it is there is that of the value in the second. Keys are integers, or tuples of integers.
"""

from __future__ import annotations

import ast
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Atom, Const, Var
from ..ir.types import Scalar
from . import prelude
from .context import Lowerer
from .inside import item_of
from .join import to_dynamic
from .nests import PARTS, is_table
from .values import DynList, Fields, Inside, Iter, Kind, Obj, Tup, Value

__all__ = ["as_key", "as_table", "copy_into", "has_key", "is_table", "keyed", "length", "pairs", "read", "run_time_key",
           "write"]

def run_time_key(cx: Lowerer, key: Value) -> bool:
    """Whether a key is an integer that is not known when the function is compiled, or a tuple with one."""
    if isinstance(key, Tup):
        return all(is_integer(v) for v in key.items) and any(run_time_key(cx, v) for v in key.items)
    if not isinstance(key, Var) or not is_integer(key):
        return False
    return cx.tables or key.sym is None or (getattr(key.sym, "hint", None) is None and not cx.is_index(key.sym))


def is_integer(value: Value) -> bool:
    return isinstance(value, (Var, Const)) and isinstance(value.type, Scalar) and value.type.dtype == "int64"


def as_table(cx: Lowerer, base: Obj, node: ast.AST | None = None) -> tuple[Obj, Obj]:
    """The lists of keys and of values of a dict, which becomes one of run-time keys if it is not yet."""
    found = cx.contents(base.oid)
    assert isinstance(found, Fields)
    if not is_table(found):
        if isinstance(cx.state.objs[base.oid], Inside):
            cx.refuse("a dict in a list, with keys that only the run knows", node,
                      "use a list of pairs, or a dict for each key")
        if isinstance(found.cls, Kind) and found.cls.name not in ("defaultdict", "OrderedDict", "Counter"):
            cx.refuse(f"a {found.cls.name} with keys that only the run knows", node, "use a dict or a list")
        keys = cx.new_list(tuple(as_key(cx, key, node) for key in found.keys or ()))
        values = cx.new_list(found.items)
        if base.oid in cx.foreign:
            cx.foreign |= {keys.oid, values.oid}
        cx.state.objs[base.oid] = found = Fields((keys, values), PARTS, found.cls)
    keys, values = found.items
    for part in (keys, values):
        to_dynamic(cx, part.oid, None)
    return keys, values


def as_key(cx: Lowerer, key: Any, node: ast.AST | None) -> Value:
    parts = key if isinstance(key, tuple) else (key,)
    if not all(type(part) is int for part in parts):
        cx.refuse(f"a dict with the key {key!r}, and with keys that are known only at run time", node,
                  "use two dicts, or keys that do not depend on data")
    return Tup(tuple(map(const, key))) if isinstance(key, tuple) else const(key)


def copy_into(cx: Lowerer, base: Obj, given: Obj, node: ast.AST) -> None:
    """Let an empty dict have what is in one of run-time keys."""
    from .containers import copy

    parts = tuple(copy(cx, part, [], node) for part in as_table(cx, given, node))
    cx.put(base.oid, Fields(parts, PARTS, cx.contents(base.oid).cls))  # type: ignore[union-attr]


def place_of(cx: Lowerer, base: Obj, key: Value, node: ast.AST) -> Atom:
    """Where a key is; -1 if it is not there."""
    keys, _ = as_table(cx, base, node)
    found = cx.contents(keys.oid)
    assert isinstance(found, DynList)
    parts = key.items if isinstance(key, Tup) else (key,)
    if not all(is_integer(part) for part in parts):
        cx.refuse(f"a {cx.describe(key)} as a key of a dict whose other keys only the run knows", node, "use integers")
    if len(found.lists) != len(parts):
        if getattr(found.lists[0].type, "elem", 0) is not None:
            return const(-1)
        return cx.var("find", (found.lists[0],), (cx.read(parts[0]),))  # nothing is in it yet
    return cx.var("find", found.lists, tuple(cx.read(part) for part in parts))


def has_key(cx: Lowerer, base: Obj, key: Value, node: ast.AST) -> Atom:
    return cx.var("np.greater_equal", place_of(cx, base, key, node), const(0))


def read(cx: Lowerer, base: Obj, key: Value, node: ast.AST) -> Value:
    """``d[key]``."""
    from .calls import apply

    place = place_of(cx, base, key, node)
    keys, values = as_table(cx, base, node)
    kind = cx.contents(base.oid).cls  # type: ignore[union-attr]
    if not isinstance(kind, Kind) or kind.name not in ("defaultdict", "Counter"):
        return prelude.call(cx, python_library.at_place, (values, place), node)
    made = const(0) if kind.name == "Counter" else apply(cx, kind.factory, (), {}, node)
    if kind.name == "Counter":
        return prelude.call(cx, python_library.at_place_or, (values, place, made), node)
    place = prelude.call(cx, python_library.place_made, (keys, values, place, key, made), node)
    return item_of(cx, values.oid, place)


def write(cx: Lowerer, base: Obj, key: Value, value: Value, node: ast.AST) -> None:
    """``d[key] = value``."""
    if any(part.oid in cx.iterated for part in as_table(cx, base, node)):
        cx.refuse("a dict that changes while it is iterated", node, "iterate over a copy: for k in list(d)")
    place = place_of(cx, base, key, node)
    prelude.call(cx, python_library.put_at_place, (*as_table(cx, base, node), place, key, value), node)


def keyed(cx: Lowerer, base: Obj, name: str, args: tuple[Any, ...], node: ast.AST) -> Value:
    """``get``, ``setdefault`` and ``pop``."""
    place = place_of(cx, base, args[0], node)
    keys, values = as_table(cx, base, node)
    if name == "get":
        default = args[1] if len(args) > 1 else const(None)
        return prelude.call(cx, python_library.at_place_or, (values, place, default), node)
    if name == "setdefault" and len(args) == 2:
        place = prelude.call(cx, python_library.place_made, (keys, values, place, *args), node)
        return item_of(cx, values.oid, place)
    if name == "pop" and len(args) == 1:
        return prelude.call(cx, python_library.taken_from_place, (keys, values, place), node)
    return cx.refuse(f"{name} of a dict with keys that only the run knows", node, "write the test: if key in d")


def length(cx: Lowerer, base: Obj) -> Atom:
    found = cx.contents(as_table(cx, base)[0].oid)
    assert isinstance(found, DynList)
    return cx.var("len", found.lists[0])


def pairs(cx: Lowerer, base: Obj, kind: str) -> Iter:
    """The keys, values or items of a dict, to be gone through."""
    keys, values = as_table(cx, base)

    def get(i: Value) -> Value:
        place = cx.read(i)
        if kind == "items":
            return Tup((item_of(cx, keys.oid, place), item_of(cx, values.oid, place)))
        return item_of(cx, (values if kind == "values" else keys).oid, place)
    sources = {"items": (keys, values), "values": (values,)}.get(kind, (keys,))
    return Iter(length(cx, base), get, sources=sources, direct=True)
