"""``isinstance`` and ``type``: the class of a value, which its type tells."""

from __future__ import annotations

import abc
import ast
import collections
from types import FunctionType, GeneratorType, UnionType
from typing import Any

import numpy as np

from ..ir.build import const
from ..ir.core import Const, Slice, Var
from ..ir.dims import Attribute
from ..ir.types import Array, Object, Scalar, Type
from ..unchanging import unchanging
from .classes import is_user_class
from .context import Lowerer
from .static_values import python_value
from .values import Bound, Closure, Fields, Generator, Iter, Kind, Obj, Ref, Tup, Value

__all__ = ["call_isinstance", "call_type", "is_one_of", "python_type"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]
KINDS: dict[str, type] = {"set": set, "defaultdict": collections.defaultdict, "deque": collections.deque,
                          "Counter": collections.Counter, "OrderedDict": collections.OrderedDict, "frozenset": frozenset}


SEVERAL = "the type of a number that has one on one path and another on the other"


def call_isinstance(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """Decided by the types."""
    if not isinstance(args[0], Var) or args[0] not in cx.joined:
        return const(is_one_of(cx, args[0], python_type(cx, args[0], node), args[1], node))
    found = {is_one_of(cx, args[0], class_of_number(t), args[1], node) for t in cx.joined[args[0]]}
    if len(found) > 1:
        cx.refuse(SEVERAL, node, "float(v) before the test")
    return const(found.pop())


def class_of_number(t: Type) -> type:
    assert isinstance(t, Scalar)
    return {"f": float, "i": int, "b": bool, "c": complex}[np.dtype(t.dtype).kind] if t.py else np.dtype(t.dtype).type


def is_one_of(cx: Lowerer, value: Value | None, own: type, kinds: Value, node: ast.AST) -> bool:
    """Whether the class ``own`` (that of ``value``, if any) is one of some, or derived from one."""
    if not unchanging(own):
        cx.facts.capture(own, Attribute("__mro__"), own.__mro__)
    return any(is_kind(cx, value, own, cls, node) for cls in classes_of(cx, kinds, node))


def classes_of(cx: Lowerer, kinds: Value, node: ast.AST) -> list[type]:
    """The second argument of ``isinstance``: a class, a union, or a nest of tuples of them."""
    todo, found = [python_value(cx, kinds, node, "the class")], []
    while todo:
        kind = todo.pop(0)
        if isinstance(kind, tuple):
            todo[:0] = kind
        elif isinstance(kind, UnionType):
            todo[:0] = kind.__args__
        elif isinstance(kind, type):
            found.append(kind)
        else:
            cx.fails(TypeError, "isinstance needs a class, a union of classes, or a tuple of them", node)
    return found


def is_kind(cx: Lowerer, value: Value | None, own: type, cls: type, node: ast.AST) -> bool:
    """Whether a value of the class ``own`` is an instance of ``cls``; a fact where others may change that."""
    if type(cls).__instancecheck__ is type.__instancecheck__:
        return issubclass(own, cls)
    try:
        if isinstance(value, Const) and not isinstance(value.type, Scalar):
            found, names = isinstance(value.value, cls), (cx.label(value.value, value.name or own.__name__), "isinstance")
        elif isinstance(cls, abc.ABCMeta):
            found, names = issubclass(own, cls), (cx.label(own, own.__name__), "issubclass")
        else:
            cx.refuse(f"isinstance with {cls.__name__}, whose metaclass decides", node, "compare type(...) with the class")
    except TypeError as error:
        cx.refuse(f"isinstance with {cls.__name__}: {error}", node, "look for the attribute: hasattr(...)")
    if is_user_class(own) or is_user_class(cls):
        cx.facts.assume(f"{'' if found else 'not '}{names[1]}({names[0]}, {cx.label(cls, cls.__name__)})")
    return found


def python_type(cx: Lowerer, value: Value, node: ast.AST) -> type:
    """The class of a value."""
    if isinstance(value, Const) and not isinstance(value.type, Scalar):
        return type(value.value)
    if isinstance(value, Tup):
        return value.cls or tuple
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        if isinstance(contents, Fields) and isinstance(contents.cls, Kind):
            return KINDS[contents.cls.name]
        if isinstance(contents, Fields) and contents.cls is not None:
            return contents.cls
        return dict if isinstance(contents, Fields) and contents.keys is not None else list
    if isinstance(value, (Closure, Bound)):
        return FunctionType
    if isinstance(value, Generator):
        return GeneratorType
    if isinstance(value, Iter):
        return range
    if isinstance(value, Slice):
        return slice
    if not isinstance(value, (Var, Const, Ref)):
        cx.refuse(f"the type of a {cx.describe(value)}", node)
    t = cx.type_of(value)
    if isinstance(t, Array):
        if t.weak:
            cx.refuse("the type of a value that is a scalar on some path", node)
        return np.ndarray
    if isinstance(t, Scalar):
        if isinstance(value, Var) and len({class_of_number(k) for k in cx.joined.get(value, ())}) > 1:
            cx.refuse(SEVERAL, node, "float(v) before the test")
        return class_of_number(t)
    return cx.refuse("the type of this value is not known", node)


def call_type(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) > 1:
        cx.refuse("type() with three arguments makes a class", node, "define the class outside of the function")
    kind = python_type(cx, args[0], node)
    return Const(kind, Object("static"), kind.__name__)
