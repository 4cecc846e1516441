"""``copy.copy`` and ``copy.deepcopy``: what is shared in the original is shared in the copy."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType
from typing import Any

from .choices import for_either
from .containers import copy as copied_list
from .context import Lowerer
from .dicts import gathered
from .local_classes import Member
from .nests import is_table
from .objects import class_of, find, special
from .subclassed import data_of
from .values import DynList, Either, Fields, Generator, Maybe, Obj, Once, Ref, Tup, Value

__all__ = ["COPIES", "deep_copy"]

# By these methods a class says what of an instance is copied.
PICKLING = ("__reduce_ex__", "__reduce__", "__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__")


def call_copy(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    return shallow_copy(cx, args[0], node)


def call_deepcopy(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    if len(args) + len(kwargs) > 1:
        cx.refuse("deepcopy with a memo", node, "leave it out")
    return deep_copy(cx, args[0], node)


def shallow_copy(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    from .calls import apply

    if isinstance(value, (Either, Maybe)):
        return on_each(cx, value, lambda v: shallow_copy(cx, v, node))
    if (method := special(cx, value, "__copy__")) is not None:
        return apply(cx, method, (), {}, node)
    check_copied(cx, value, node)
    if isinstance(value, Ref):
        return cx.emit("np.copy", cx.read(value))
    if not isinstance(value, Obj):
        return value
    contents = cx.contents(value.oid)
    if is_table(contents):
        return gathered(cx, (value,), contents.cls, node)  # type: ignore[union-attr]
    if (data := data_of(cx, value)) is not None:
        assert isinstance(contents, Fields)
        items = tuple(copied_list(cx, data, [], node) if v is data else v for v in contents.items)
        return cx.new_obj(replace(contents, items=items))
    return copied_list(cx, value, [], node) if isinstance(contents, DynList) else cx.new_obj(contents)


def deep_copy(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    objects: dict[Obj, Obj] = {}
    arrays: dict[Ref, Value] = {}

    def array(ref: Ref) -> Value:
        made = cx.emit("np.copy", cx.read(ref))
        first = arrays.setdefault(ref, made)
        if first is not made and isinstance(made, Ref) and isinstance(first, Ref):
            cx.link(first.sid, made.sid)  # one array twice has one copy, two views of one part have two: nobody can tell
        return made

    def copied(value: Value) -> Value:
        if isinstance(value, (Either, Maybe)):
            return on_each(cx, value, copied)
        if special(cx, value, "__deepcopy__") is not None:
            cx.refuse(f"deepcopy of a {cx.describe(value)}, which defines __deepcopy__", node, "use a method")
        check_copied(cx, value, node)
        if isinstance(value, Ref):
            return array(value)
        if isinstance(value, Tup):
            return replace(value, items=tuple(map(copied, value.items)))
        if not isinstance(value, Obj) or value in objects:
            return objects.get(value, value) if isinstance(value, Obj) else value
        contents = cx.contents(value.oid)
        if isinstance(contents, DynList):
            made = copied_list(cx, value, [], node)  # arrays in it are those of the original: writing to them is refused
            assert isinstance(made, Obj)
            objects[value] = made
            return made
        objects[value] = made = cx.new_obj(contents)  # known before what is in it, which may lead back to it
        cx.state.objs[made.oid] = replace(contents, items=tuple(map(copied, contents.items)))
        return made

    return copied(value)


def on_each(cx: Lowerer, value: Either | Maybe, fun: Callable[[Value], Value]) -> Value:
    return for_either(cx, value, fun) if isinstance(value, Either) else replace(value, value=fun(value.value))


def check_copied(cx: Lowerer, value: Value, node: ast.AST) -> None:
    """Refuse what is copied in a way of its own."""
    if isinstance(value, (Once, Generator)):
        cx.refuse(f"a copy of a {cx.describe(value)}", node, "make a list of it first")
    if (cls := class_of(cx, value)) is not None:
        for name in PICKLING:
            if isinstance(found := find(cx, cls, name), (FunctionType, Member)) and found.__module__ != "collections":
                cx.refuse(f"a copy of a {cx.describe(value)}, which defines {name}", node, "define __copy__, or use a method")


COPIES: dict[Any, Callable[..., Value]] = {copy.copy: call_copy, copy.deepcopy: call_deepcopy}
