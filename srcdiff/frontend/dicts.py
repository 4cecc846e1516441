"""Methods and operators of dicts, and of sets of static values."""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Const
from . import prelude, subclassed, tables
from .context import Lowerer
from .exprs import static_key
from .iteration import items_of, of_items
from .static_values import python_value
from .subscripts import with_key
from .values import DynList, Fields, Kind, Obj, Once, Tup, Value

__all__ = ["as_set", "counted", "dict_method", "dict_operator", "gathered", "missing_item", "new_set", "pairs_of", "set_method",
           "set_operator", "static_items"]

VIEWS: dict[str, Callable[[Any, Any], Any]] = {
    "keys": lambda k, v: k, "values": lambda k, v: v, "items": lambda k, v: Tup((k, v))}


def dict_method(cx: Lowerer, base: Obj, contents: Fields, name: str, args: tuple[Any, ...], kwargs: dict[str, Any],
                node: ast.AST) -> Value:
    assert contents.keys is not None
    if tables.is_table(contents) or (name in ("get", "pop", "setdefault") and tables.run_time_key(cx, args[0])):
        return table_method(cx, base, name, args, kwargs, node)
    if name in VIEWS:
        return view(cx, base, name)
    if name in ("get", "pop", "setdefault"):
        return keyed(cx, base, contents, name, args, node)
    if name == "copy":
        return gathered(cx, (base,), contents.cls, node)
    handler = CHANGES.get(name)
    if handler is None:
        cx.refuse(f"the dict method {name} is not supported", node,
                  f"supported: get, pop, setdefault, copy, keys, values, items, {', '.join(CHANGES)}")
    check_changing(cx, base, node)
    return handler(cx, base, contents, args, kwargs, node)


def table_method(cx: Lowerer, base: Obj, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A method of a dict whose keys only the run knows."""
    if name in VIEWS:
        return Once(0, f"dict_{name}", lambda: tables.pairs(cx, base, name), (base,))
    if name in ("get", "pop", "setdefault"):
        return tables.keyed(cx, base, name, args, node)
    kind = cx.contents(base.oid).cls  # type: ignore[union-attr]
    if name == "copy":
        return gathered(cx, (base,), kind, node)
    if name == "update" and not (isinstance(kind, Kind) and kind.name == "Counter"):
        for given in (*args, *((kwargs,) if kwargs else ())):
            add(cx, base, given, node)
        return const(None)
    if name == "clear":
        cx.put(base.oid, Fields((), (), kind))
        return const(None)
    return cx.refuse(f"the method {name} of a dict with keys that only the run knows", node, "use get, pop, items, or a loop")


def view(cx: Lowerer, base: Obj, name: str) -> Value:
    """``d.items()`` and the like: what is in the dict when it is gone through."""
    def make() -> Any:
        now = cx.contents(base.oid)
        assert isinstance(now, Fields)
        pairs = zip((cx.captured(k, "") for k in now.keys or ()), now.items, strict=True)
        return of_items(tuple(VIEWS[name](k, v) for k, v in pairs), (base,))
    return Once(0, f"dict_{name}", make, (base,))


def keyed(cx: Lowerer, base: Obj, contents: Fields, name: str, args: tuple[Any, ...], node: ast.AST) -> Value:
    keys = contents.keys or ()
    key = static_key(cx, args[0], node)
    if key in keys:
        k = keys.index(key)
        if name == "pop":
            check_changing(cx, base, node)
            cx.put(base.oid, Fields(contents.items[:k] + contents.items[k + 1:], keys[:k] + keys[k + 1:], contents.cls))
        return contents.items[k]
    if name == "pop" and len(args) < 2:
        cx.fails(KeyError, f"the dict has no key {key!r}", node, args=(const(key),))
    default: Value = args[1] if len(args) > 1 else const(None)
    if name == "setdefault":
        check_changing(cx, base, node)
        cx.put(base.oid, with_key(contents, key, default))
    return default


def check_changing(cx: Lowerer, base: Obj, node: ast.AST) -> None:
    cx.check_owned(base.oid, node)
    if base.oid in cx.iterated:
        cx.refuse("a dict or set that changes while it is iterated", node, "iterate over a copy: for k in list(d)")


def pairs_of(cx: Lowerer, value: Value, node: ast.AST) -> dict[Any, Value]:
    """The items of a dict, or of pairs."""
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if tables.is_table(contents):
        cx.refuse("a dict with keys that only the run knows, where its keys must be known", node,
                  "write the loop: for key, value in d.items()")
    if isinstance(contents, Fields) and contents.keys is not None:
        return dict(zip(contents.keys, contents.items, strict=True))
    found: dict[Any, Value] = {}
    for item in items_of(cx, value, node):
        pair = items_of(cx, item, node)
        if len(pair) != 2:
            cx.refuse("an item of a dict that is not a pair", node)
        found[static_key(cx, pair[0], node)] = pair[1]
    return found


def gathered(cx: Lowerer, parts: Iterable[Any], cls: Any, node: ast.AST) -> Obj:
    """A new dict of what is in others, in pairs and in keywords."""
    made = cx.new_obj(Fields((), (), cls))
    for part in parts:
        add(cx, made, part, node)
    return made


def add(cx: Lowerer, base: Obj, given: Any, node: ast.AST) -> None:
    """What ``base.update(given)`` does; ``given`` may be keywords."""
    given = subclassed.plain(cx, given)
    contents = cx.contents(base.oid)
    assert isinstance(contents, Fields)
    if isinstance(given, Obj) and tables.is_table(cx.contents(given.oid)):
        if contents.keys:
            prelude.call(cx, python_library.put_all, (base, given), node)
        else:
            tables.copy_into(cx, base, given, node)
        return
    pairs = given if isinstance(given, dict) else pairs_of(cx, given, node)
    if tables.is_table(contents):
        for key, value in pairs.items():
            tables.write(cx, base, tables.as_key(cx, key, node), value, node)
        return
    for key, value in pairs.items():
        contents = with_key(contents, key, value)
    cx.put(base.oid, contents)


def update(cx: Lowerer, base: Obj, contents: Fields, args: Any, kwargs: dict[str, Any], node: ast.AST) -> Value:
    if is_counter(contents):
        cx.put(base.oid, counted(cx, contents, args, kwargs, node))
        return const(None)
    for given in (*args, kwargs):
        add(cx, base, given, node)
    return const(None)


def is_counter(contents: Fields | DynList) -> bool:
    return isinstance(contents, Fields) and isinstance(contents.cls, Kind) and contents.cls.name == "Counter"


def counted(cx: Lowerer, contents: Fields, args: tuple[Any, ...], kwargs: dict[str, Value], node: ast.AST) -> Fields:
    """A Counter with what is counted in ``args`` and ``kwargs``: the counts of a dict, one for each of other items."""
    from .exprs import binary

    for arg in (*args, kwargs):
        if isinstance(arg, dict):
            more: dict[Any, Value] = arg
        elif as_set(cx, arg) is None and isinstance(arg, Obj) and getattr(cx.contents(arg.oid), "keys", None) is not None:
            more = pairs_of(cx, arg, node)
        else:
            more = {k: const(n) for k, n in Counter(static_key(cx, v, node) for v in items_of(cx, arg, node)).items()}
        for key, count in more.items():
            before = dict(zip(contents.keys or (), contents.items, strict=True)).get(key, const(0))
            contents = with_key(contents, key, binary(cx, ast.Add(), before, count, node))
    return contents


def clear(cx: Lowerer, base: Obj, contents: Fields, args: Any, kwargs: dict[str, Any], node: ast.AST) -> Value:
    cx.put(base.oid, Fields((), (), contents.cls))
    return const(None)


def pop_item(cx: Lowerer, base: Obj, contents: Fields, args: Any, kwargs: dict[str, Any], node: ast.AST) -> Value:
    if not contents.keys:
        cx.fails(KeyError, "popitem of an empty dict", node)
    last = python_value(cx, args[0] if args else kwargs.get("last", const(True)), node, "last")
    k = len(contents.keys) - 1 if last else 0
    keys, items = contents.keys, contents.items
    cx.put(base.oid, Fields(items[:k] + items[k + 1:], keys[:k] + keys[k + 1:], contents.cls))
    return Tup((cx.captured(keys[k], ""), items[k]))


def move_to_end(cx: Lowerer, base: Obj, contents: Fields, args: Any, kwargs: dict[str, Any], node: ast.AST) -> Value:
    found = pairs_of(cx, base, node)
    key = static_key(cx, args[0], node)
    last = args[1] if len(args) > 1 else kwargs.get("last", const(True))
    value = found.pop(key)
    found = {**found, key: value} if last.value else {key: value, **found}
    cx.put(base.oid, Fields(tuple(found.values()), tuple(found), contents.cls))
    return const(None)


CHANGES: dict[str, Callable[..., Value]] = {"update": update, "clear": clear, "popitem": pop_item, "move_to_end": move_to_end}


def missing_item(cx: Lowerer, base: Obj, contents: Fields, key: Any, node: ast.AST) -> Value | None:
    """What a ``defaultdict`` puts where it has no item; None for a dict."""
    from .calls import apply

    kind = contents.cls
    if not isinstance(kind, Kind) or kind.factory is None or kind.name not in ("defaultdict", "Counter"):
        return None
    made = const(0) if contents.cls.name == "Counter" else apply(cx, contents.cls.factory, (), {}, node)
    now = cx.contents(base.oid)
    assert isinstance(now, Fields)
    if contents.cls.name == "defaultdict":
        check_changing(cx, base, node)
        cx.put(base.oid, with_key(now, key, made))
    return made


def dict_operator(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    """``a | b`` of dicts."""
    x, y = (cx.contents(v.oid) if isinstance(v, Obj) else None for v in (a, b))
    both = all(isinstance(c, Fields) and c.keys is not None and as_set(cx, v) is None for c, v in ((x, a), (y, b)))
    if not both or not isinstance(op, ast.BitOr) or not isinstance(x, Fields) or not isinstance(y, Fields):
        return None
    if is_counter(x) or is_counter(y):
        cx.refuse("an operator of a Counter", node, "write the loop over its keys")
    return gathered(cx, (a, b), x.cls, node)


# -- sets --------------------------------------------------------------------------------------------------------------


def new_set(cx: Lowerer, make: Callable[[], set[Any]], name: str = "set") -> Obj:
    """A set of static values. ``make`` builds it as the program does, so that its order is Python's."""
    keys = tuple(make())
    return cx.new_obj(Fields(tuple(const(None) for _ in keys), keys, Kind(name, make)))


def as_set(cx: Lowerer, value: Any) -> Callable[[], set[Any]] | None:
    """How to build the set that a value is; None if it is none."""
    if isinstance(value, Const) and isinstance(value.value, (set, frozenset)):
        return lambda: set(value.value)
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if isinstance(contents, Fields) and isinstance(contents.cls, Kind) and contents.cls.is_set:
        made: Callable[[], set[Any]] = contents.cls.factory
        return made
    return None


def static_items(cx: Lowerer, value: Value, node: ast.AST) -> list[Any]:
    return [static_key(cx, item, node) for item in items_of(cx, value, node)]


def operand(cx: Lowerer, value: Value, node: ast.AST) -> Callable[[], Any]:
    if (made := as_set(cx, value)) is not None:
        return made
    items = static_items(cx, value, node)
    return lambda: items


def set_method(cx: Lowerer, base: Obj, contents: Fields, name: str, args: tuple[Any, ...], node: ast.AST) -> Value:
    make = contents.cls.factory
    if name in ("add", "discard", "remove"):
        key = static_key(cx, args[0], node)
        if name == "remove" and key not in (contents.keys or ()):
            cx.fails(KeyError, f"the set has no item {key!r}", node, args=(const(key),))
        given: list[Callable[[], Any]] = [lambda: key]
    elif hasattr(set, name) and not name.startswith("_") and name != "pop":
        given = [operand(cx, a, node) for a in args]
    else:
        cx.refuse(f"the set method {name} is not supported", node)
    if name in ("issubset", "issuperset", "isdisjoint"):
        return const(getattr(make(), name)(*(g() for g in given)))
    changes = name in ("add", "discard", "remove", "clear") or name.endswith("update")

    def again() -> set[Any]:
        now: set[Any] = make()
        result = getattr(now, name)(*(g() for g in given))
        return now if changes else result
    if not changes:
        return new_set(cx, again, contents.cls.name)
    if contents.cls.name == "frozenset":
        cx.fails(AttributeError, f"'frozenset' object has no attribute {name!r}", node)
    check_changing(cx, base, node)
    keys = tuple(again())
    cx.put(base.oid, Fields(tuple(const(None) for _ in keys), keys, Kind("set", again)))
    return const(None)


_SET_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.Sub: operator.sub, ast.BitXor: operator.xor}


def set_operator(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    x, y = as_set(cx, a), as_set(cx, b)
    fun = _SET_OPERATORS.get(type(op))
    if x is None or y is None or fun is None:
        return None
    return new_set(cx, lambda: fun(x(), y()))
