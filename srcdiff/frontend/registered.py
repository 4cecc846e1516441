"""Instances of registered classes: the functions that the user gave are followed where an instance comes in or goes out."""

from __future__ import annotations

import ast
from typing import Any

from ..containers import Container, container_of, static_key
from ..errors import SignatureError
from ..ir.core import Const
from ..ir.types import Scalar
from .context import Lowerer
from .objects import class_of
from .static_values import python_value
from .values import Fields, Obj, Tup, Value

__all__ = ["apart", "made", "registration", "static_object", "static_value"]


def registration(cx: Lowerer, value: Value) -> Container | None:
    """How the class of an instance is registered; None for anything else."""
    return container_of(class_of(cx, value)) if isinstance(value, (Obj, Tup)) else None


def made(cx: Lowerer, cls: type | None, static: Value, children: tuple[Value, ...], node: ast.AST) -> Value:
    """``unflatten(static, children)``."""
    from .calls import apply

    container = container_of(cls)
    assert container is not None
    value = apply(cx, cx.captured(container.unflatten, container.unflatten_name), (static, Tup(children)), {}, node)
    if class_of(cx, value) is not cls:
        cx.refuse(f"unflatten of {container.cls.__name__} makes a {cx.describe(value)}", node,
                  f"let it return an instance of {container.cls.__name__}")
    return value


def apart(cx: Lowerer, container: Container, value: Value, node: ast.AST) -> tuple[tuple[Value, ...], Value]:
    """Children and static part of an instance, as ``flatten`` says."""
    from .calls import apply

    pair = apply(cx, cx.captured(container.flatten, container.flatten_name), (value,), {}, node)
    name = container.cls.__name__
    if not isinstance(pair, Tup) or len(pair.items) != 2:
        cx.refuse(f"flatten of {name} returns a {cx.describe(pair)}", node, "return a pair (children, static)")
    children, static = pair.items
    if isinstance(children, Tup) and children.cls is None:
        return children.items, static
    contents = cx.contents(children.oid) if isinstance(children, Obj) else None
    if not isinstance(contents, Fields) or contents.keys is not None or contents.cls is not None:
        cx.refuse(f"flatten of {name} returns a {cx.describe(children)} for the children", node, "return a tuple or list")
    return contents.items, static


def static_object(cx: Lowerer, static: Value, container: Container, node: ast.AST) -> Any:
    """The static part as a Python object, known when the function is compiled."""
    name = container.cls.__name__
    if isinstance(static, Const) and isinstance(static.type, Scalar) and static.name:
        kind = type(static.value).__name__
        cx.refuse(f"the static part of a {name} that is a {kind} of NumPy", node, "make it an int or float")
    found = python_value(cx, static, node, f"the static part of {name}")
    try:
        static_key(found, name)
    except SignatureError as error:
        cx.refuse(str(error), node, "see srcdiff.register_container")
    return found


def static_value(cx: Lowerer, static: Any) -> Value:
    """A static part as a value; lists and dicts in it are the function's own."""
    if type(static) is tuple:
        return Tup(tuple(static_value(cx, v) for v in static))
    if type(static) is list:
        return cx.new_list(static_value(cx, v) for v in static)
    if type(static) is dict:
        return cx.new_obj(Fields(tuple(static_value(cx, v) for v in static.values()), tuple(static)))
    return cx.captured(static, getattr(static, "__name__", "static"))
