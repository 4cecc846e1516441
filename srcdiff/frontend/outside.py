"""Notes that a function takes in objects that it does not own: ``history.append(float(loss))``, ``counter["calls"] += 1``.

Such a write happens once, in the forward half, and nothing that the function computes may depend on it: an object that is
written to and read as well is refused.
"""

from __future__ import annotations

import ast
from collections import defaultdict, deque
from collections.abc import MutableMapping, MutableSequence, MutableSet
from types import ModuleType
from typing import Any

from ..ir.build import const
from ..ir.core import Arg, Const
from ..ir.dims import MISSING
from ..ir.types import Object
from .classes import is_user_class
from .context import Lowerer
from .values import Fields, Obj, Ref, Tup, Value, definite

__all__ = ["SIGNS", "is_global", "look_into", "named_tuple", "note", "outside", "record", "record_global",
           "recording_call"]

SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
WRITERS = frozenset({"append", "extend", "add", "update", "insert", "appendleft", "clear", "setdefault", "discard"})
CONTAINERS = (MutableSequence, MutableMapping, MutableSet, deque)


def outside(cx: Lowerer, node: ast.expr) -> Const | None:
    """The container or instance that an expression names, if it is not the function's own; nothing is read from it."""
    if isinstance(node, ast.Name):
        found = named(cx, node)
    elif isinstance(node, ast.Attribute) and node.attr == "__class__":
        found = class_named(cx, node)
    elif isinstance(node, ast.Attribute):
        base = outside(cx, node.value)
        inside = vars(base.value) if base is not None and hasattr(base.value, "__dict__") else {}
        if base is None or node.attr not in inside or isinstance(base.value, ModuleType):
            return None
        found = inside[node.attr], f"{base.name}.{node.attr}"
        cx.facts.capture(inside, node.attr, found[0])
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        found = item_named(cx, node, node.slice.value)
    else:
        found = class_named(cx, node)
    if found is None:
        return None
    value, name = found
    if isinstance(value, CONTAINERS) or is_user_class(type(value)) or (
            is_user_class(value) and "__srcdiff_local__" not in vars(value)):
        return Const(value, Object("static"), cx.label(value, name))
    return None


def item_named(cx: Lowerer, node: ast.Subscript, key: Any) -> tuple[Any, str] | None:
    """The container that is an item of one that is not the function's own: ``log["loss"]``."""
    base = outside(cx, node.value)
    if base is None or type(base.value) not in (dict, list):
        return None
    try:
        value = base.value[key]
    except (KeyError, IndexError, TypeError):
        return None
    cx.facts.capture(base.value, key, value)
    return value, f"{base.name}_{key}"


def class_named(cx: Lowerer, node: ast.expr) -> tuple[Any, str] | None:
    """The class that ``type(instance)`` or ``instance.__class__`` is, where ``instance`` is a local name."""
    if isinstance(node, ast.Attribute):
        inner = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1 and \
            getattr(cx.lookup("type", node), "value", None) is type:
        inner = node.args[0]
    else:
        return None
    value = cx.state.env.get((cx.frames[-1].fid, inner.id)) if isinstance(inner, ast.Name) else None
    contents = cx.state.objs.get(value.oid) if isinstance(value, Obj) else None
    cls = contents.cls if isinstance(contents, Fields) else None
    return (cls, cls.__name__) if isinstance(cls, type) and is_user_class(cls) else None


def named(cx: Lowerer, node: ast.Name) -> tuple[Any, str] | None:
    """The object behind a global, a captured variable, or a local name of an object that was passed as it is."""
    frame: Any = cx.frames[-1]
    while frame is not None:
        if node.id in frame.scope.local:
            value = cx.state.env.get((frame.fid, node.id))
            static = isinstance(value, Const) and isinstance(value.type, Object) and (
                is_user_class(type(value.value)) or is_user_class(value.value))
            return (value.value, value.name or node.id) if static else None  # type: ignore[union-attr]
        if frame.parent is None:
            break
        frame = frame.parent
    if node.id in frame.cells:
        cell = frame.cells[node.id]
        try:
            value = cell.cell_contents
        except ValueError:
            return None
        cx.facts.capture(cell, None, value)
        return value, node.id
    if node.id in frame.globals:
        value = frame.globals[node.id]
        cx.facts.capture(frame.globals, node.id, value)
        return value, node.id
    return None


def look_into(cx: Any, value: object, key: object = None) -> None:
    """Note that the compiled code depends on what a captured container or attribute holds."""
    cx.facts.looked_into.add((id(value), key))
    if (id(value), key) in cx.facts.recorded:
        cx.refuse("reading something outside of the function that the function writes to",
                  advice="return the value, or pass it in")


def record(cx: Lowerer, how: str, target: Const, key: Value, values: tuple[Value, ...], node: ast.AST) -> Value:
    """Emit a note; ``how`` is the name of a method, or "[]" or "." with the sign of an augmented assignment."""
    mark = (id(target.value), key.value if how[0] == "." and isinstance(key, Const) else None)
    cx.facts.recorded.add(mark)
    cx.arguments.note_recorded(target.value, target.name)
    if mark in cx.facts.looked_into:
        cx.refuse(f"writing to {target.name}, which is outside of the function and is read by it", node,
                  "return the value, or pass it in")
    cx.builder.emit_all("record", const(how), target, cx.read(key), tuple(given(cx, v, node) for v in values))
    return const(None)


def is_global(cx: Lowerer, name: str) -> bool:
    """Whether the function declares that it assigns to a global."""
    scope = cx.frames[-1].scope
    return name not in scope.local and name not in scope.nonlocals and not name.startswith("<") and \
        not cx.frames[-1].library


def record_global(cx: Lowerer, name: str, sign: str, value: Value, node: ast.AST) -> None:
    """``global count; count += 1``: a note in the module, which the function does not read."""
    frame: Any = cx.frames[-1]
    while frame.parent is not None:
        frame = frame.parent
    mark = (id(frame.globals), name)
    cx.facts.recorded.add(mark)
    if mark in cx.facts.looked_into:
        cx.refuse(f"assigning to the global {name}, which is read as well", node, "return the new value")
    target = Const(frame.globals, Object("static"), cx.label(frame.globals, "module"))
    cx.builder.emit_all("record", const("[]" + sign), target, const(name), (given(cx, value, node),))


def note(cx: Lowerer, base: Obj, how: str, key: Value, values: tuple[Value, ...], node: ast.AST) -> None:
    """Emit the write to an object that was lent, such as ``self`` in a method; to any other it stays inside."""
    if base.oid in cx.lent:
        target = Const(None, Object("lent"), cx.lent[base.oid])
        cx.builder.emit_all("record", const(how), target, cx.read(key), tuple(given(cx, v, node) for v in values))


def named_tuple(cx: Lowerer, cls: type, items: tuple[Arg, ...]) -> Arg:
    """An instance of the user's class, as it is handed out."""
    made = Const(cls, Object("static"), cx.label(cls, cls.__name__))
    return cx.var("text", made, const("_make"), (items,), (), type=Object("nest"))


def given(cx: Lowerer, value: Value, node: ast.AST) -> Arg:
    """A value as it is handed out: an array as a copy, which nobody here writes to."""
    value = definite(value)
    if isinstance(value, Ref):
        return cx.read(cx.emit("np.copy", cx.read(value)))
    if isinstance(value, Tup):
        items = tuple(given(cx, v, node) for v in value.items)
        return cx.var("tuple", items) if value.cls is None else named_tuple(cx, value.cls, items)
    if not isinstance(value, Obj):
        return cx.read(value)
    return cx.refuse(f"a {cx.describe(value)} handed to an object outside of the function", node, "hand over numbers or arrays")


def recording_call(cx: Lowerer, node: ast.Call) -> Value | None:
    """``target.append(v)`` and the like on what the function does not own; None if the call is none of these."""
    from .exprs import expression

    if not isinstance(node.func, ast.Attribute) or node.func.attr not in WRITERS or node.keywords:
        return None
    place = node.func.value
    if isinstance(place, ast.Subscript):
        return recording_in_item(cx, node, node.func, place.value, place.slice)
    if isinstance(place, ast.Call) and (made := made_empty(place)) is not None:
        assert isinstance(place.func, ast.Attribute)
        return recording_in_item(cx, node, node.func, place.func.value, place.args[0], made)
    target = outside(cx, node.func.value)
    if target is None or not isinstance(target.value, CONTAINERS):
        return None
    values = tuple(expression(cx, a) for a in node.args)
    return record(cx, node.func.attr, target, const(None), values, node)


def made_empty(node: ast.Call) -> type | None:
    """The class of the container that ``log.setdefault(key, [])`` makes; None for any other call."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "setdefault" or len(node.args) != 2 or node.keywords:
        return None
    made = node.args[1]
    if isinstance(made, (ast.List, ast.Dict)) and not ast.unparse(made).strip("[]{}"):
        return list if isinstance(made, ast.List) else dict
    name = made.func.id if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and not made.args else ""
    return {"list": list, "dict": dict, "set": set}.get(name)


def recording_in_item(cx: Lowerer, node: ast.Call, method: ast.Attribute, base: ast.expr, index: ast.expr,
                      made: type | None = None) -> Value | None:
    """``log["loss"].append(v)``, of a list in a dict that the function does not own. Of a ``defaultdict``, or with
    ``setdefault`` (``made``: what it makes), it need not be there yet.
    """
    from .exprs import expression, static_key

    target = None if isinstance(index, ast.Slice) else outside(cx, base)
    if target is None or not isinstance(target.value, MutableMapping):
        return None
    key = static_key(cx, expression(cx, index), node)
    item = target.value.get(key, MISSING)
    factory = made or (target.value.default_factory if isinstance(target.value, defaultdict) else None)
    if not isinstance(item, CONTAINERS) and not (item is MISSING and factory in (list, set, dict, deque)):
        return None
    cx.facts.capture(target.value, key, item)
    changed = target.value if item is MISSING else item
    cx.facts.recorded.add((id(changed), None))
    cx.arguments.note_recorded(changed, f"{target.name}_{key}")
    if (id(changed), None) in cx.facts.looked_into:
        cx.refuse(f"writing to {target.name}, which is outside of the function and is read by it", node,
                  "return the value, or pass it in")
    values = tuple(given(cx, expression(cx, a), node) for a in node.args)
    place = "[]" if made is None else f"setdefault {made.__name__}"
    cx.builder.emit_all("record", const(f"{place}.{method.attr}"), target, const(key), values)
    return const(None)
