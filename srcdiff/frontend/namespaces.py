"""``vars(instance)`` and ``instance.__dict__``: the attributes of an instance as a dict, without those of ``__slots__``.

It is no value of its own, but a way to see the instance: what reads it gets a dict of the attributes, what writes to it
sets them.
"""

from __future__ import annotations

import ast
from types import MemberDescriptorType
from typing import Any

from ..ir.core import Const
from . import objects
from .context import Lowerer
from .subclassed import DATA
from .values import Bound, Either, Fields, Obj, Value

__all__ = ["BUILTINS", "as_dict", "call_on_namespace", "is_namespace", "write_to_namespace"]

WRITING = frozenset({"update", "setdefault", "pop", "popitem", "clear", "__setitem__"})


def is_namespace(value: object) -> bool:
    return isinstance(value, Bound) and value.name == "__dict__" and isinstance(value.receiver, (Obj, Either))


def as_dict(cx: Lowerer, value: Value) -> Value:
    """A dict of an instance's attributes, for what reads them; any other value as it is."""
    from .choices import settled

    if not isinstance(value, Bound) or not is_namespace(value):
        return value
    instance = settled(cx, value.receiver, None)
    found = {k: v for k, v in objects.own_slots(cx, instance).items() if not in_slots(cx, instance, k)}
    return cx.new_obj(Fields(tuple(found.values()), tuple(found)))


def in_slots(cx: Lowerer, instance: Value, name: str) -> bool:
    """Whether a class of the instance has a slot for an attribute, or it is no attribute."""
    if name == DATA:
        return True
    cls = objects.class_of(cx, instance)
    return cls is not None and isinstance(objects.find(cx, cls, name), MemberDescriptorType)


def call_on_namespace(cx: Lowerer, value: Bound, name: str, args: tuple[Any, ...], kwargs: dict[str, Any],
                      node: ast.AST) -> Value:
    """A method of the dict."""
    from . import containers

    made = as_dict(cx, value)
    assert isinstance(made, Obj)
    result = containers.method(cx, made, name, args, kwargs, node)
    if name in WRITING:
        put_back(cx, value, made, node)
    return result


def write_to_namespace(cx: Lowerer, value: Bound, index: Any, item: Value, node: ast.AST) -> None:
    """``vars(instance)[name] = item``."""
    from .subscripts import write_item

    made = as_dict(cx, value)
    write_item(cx, made, index, item, node)
    put_back(cx, value, made, node)


def put_back(cx: Lowerer, value: Bound, made: Value, node: ast.AST) -> None:
    """Let the instance have what the dict has now."""
    instance = value.receiver
    if not isinstance(instance, Obj):
        cx.refuse("writing to the attributes of one of two objects by vars() or __dict__", node, "use setattr")
    cx.check_owned(instance.oid, node)
    contents, changed = cx.contents(instance.oid), cx.contents(made.oid)  # type: ignore[union-attr]
    assert isinstance(contents, Fields)
    assert isinstance(changed, Fields)
    now = dict(zip(changed.keys or (), changed.items, strict=True))
    if not all(isinstance(k, str) and not in_slots(cx, instance, k) for k in now):
        cx.refuse("an attribute whose name is no string, or in __slots__", node)
    slots = {k: v for k, v in objects.own_slots(cx, instance).items() if in_slots(cx, instance, k)}
    cx.put(instance.oid, Fields((*slots.values(), *now.values()), (*slots, *now), contents.cls))


def call_vars(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    from .attributes import attribute
    from .refused import refuse_call

    if not args:
        refuse_call(cx, vars, node)
    if len(args) != 1 or (objects.class_of(cx, args[0]) is None and not isinstance(args[0], (Const, Either))):
        cx.refuse("vars of something that is no instance of a class of yours", node, "use the names themselves")
    if (cls := objects.class_of(cx, args[0])) is not None and not cls.__dictoffset__:
        cx.fails(TypeError, f"vars of a {cls.__name__}, whose class has __slots__", node)
    return attribute(cx, args[0], "__dict__", node)


BUILTINS: dict[Any, Any] = {vars: call_vars}
