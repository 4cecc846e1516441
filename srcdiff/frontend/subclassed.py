"""Instances of the user's classes that are lists or dicts: the list or dict is kept beside the attributes.

What the class does not define itself is done with it: ``super().append(v)``, ``self[key]``, ``len(self)``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from types import MethodDescriptorType, WrapperDescriptorType
from typing import Any

from ..ir.build import const
from ..ir.core import Const, Slice
from ..ir.types import Object
from .context import Lowerer
from .values import Bound, Fields, Obj, Partial, Value

__all__ = ["BUILTINS", "DATA", "begin", "data_of", "inherited", "plain"]

DATA = "<data>"  # the attribute that holds the list or dict
KINDS = (list, dict)
READS = ("__iter__", "__len__", "__getitem__", "keys")  # what may not be defined anew where C code reads


def begin(cls: type, made: Fields, cx: Lowerer) -> Fields:
    """A new instance, with an empty list or dict."""
    kind = next((k for k in KINDS if issubclass(cls, k)), None)
    if kind is None:
        return made
    return Fields((cx.new_obj(Fields((), () if kind is dict else None)),), (DATA,), cls)


def data_of(cx: Lowerer, value: Value) -> Obj | None:
    """The list or dict of an instance that is one."""
    if isinstance(value, Const) and isinstance(value.value, KINDS) and type(value.value) not in KINDS:
        return cx.captured_items(value.value, value.name)
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if not isinstance(contents, Fields) or not isinstance(contents.cls, type) or DATA not in (contents.keys or ()):
        return None
    found = contents.items[contents.keys.index(DATA)]  # type: ignore[union-attr]
    assert isinstance(found, Obj)
    return found


def plain(cx: Lowerer, value: Any) -> Any:
    """The list or dict of an instance whose class reads it as it is; any other value unchanged."""
    data = data_of(cx, value) if isinstance(value, Obj) else None
    if data is None:
        return value
    cls = cx.contents(value.oid).cls  # type: ignore[union-attr]
    own = [base for base in cls.__mro__ if base not in (*KINDS, object)]
    return value if any(name in vars(base) for base in own for name in READS) else data


def inherited(cx: Lowerer, value: Value, defined: object, name: str) -> Value | None:
    """A method of ``list`` or ``dict``, of an instance that is one; None for anything else."""
    data = data_of(cx, value)
    if data is None or not isinstance(defined, (MethodDescriptorType, WrapperDescriptorType)) or \
            defined.__objclass__ not in KINDS:
        return None
    if name == "__init__":
        return Partial(native(fill), (data,))
    if name == "__getitem__" and defined.__objclass__ is dict:
        return Partial(native(item_of), (value, data))
    if name in ("__iadd__", "__ior__", "__imul__"):
        return Partial(native(grow), (value, data, const(name)))
    if name in NATIVE:
        return Partial(native(NATIVE[name]), (data,))
    return None if name.startswith("__") else Bound(data, name)


def native(fun: Callable[..., Any]) -> Const:
    return Const(fun, Object("static"), fun.__name__)


def fill(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``list.__init__`` and ``dict.__init__``."""
    from .containers import method

    data, *given = args
    contents = cx.contents(data.oid)
    if isinstance(contents, Fields) and contents.keys is not None:
        if given or kwargs:
            method(cx, data, "update", tuple(given), kwargs, node)
    elif given:
        method(cx, data, "extend", tuple(given), {}, node)
    return const(None)


def item_of(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``dict.__getitem__``, which asks ``__missing__`` where there is no such key."""
    from .calls import apply
    from .exprs import static_key
    from .nests import is_table
    from .objects import special
    from .subscripts import read_item

    value, data, index = args
    hook, contents = special(cx, value, "__missing__"), cx.contents(data.oid)
    if hook is None:
        return read_item(cx, data, index, node)
    if is_table(contents) or not isinstance(contents, Fields):
        cx.refuse("__missing__ of a dict with keys that only the run knows", node, "test for the key: if key in d")
    if static_key(cx, index, node) in (contents.keys or ()):
        return read_item(cx, data, index, node)
    return apply(cx, hook, (index,), {}, node)


def grow(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``items += others`` and ``d |= other``: the instance itself, changed in place."""
    from .containers import method

    value, data, name, other = args
    if name.value == "__imul__":
        cx.refuse("*= of an instance that is a list", node, "extend it")
    method(cx, data, "extend" if name.value == "__iadd__" else "update", (other,), {}, node)
    return value


def write(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    from .containers import write_slice
    from .subscripts import write_item

    base, index, value = args
    if isinstance(index, Slice):
        write_slice(cx, base, index, value, node)
    else:
        write_item(cx, base, index, value, node)
    return const(None)


def delete(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    from .deletion import delete_item

    delete_item(cx, args[0], args[1], node)
    return const(None)


NATIVE: dict[str, Any] = {
    "__getitem__": operator.getitem, "__setitem__": write, "__delitem__": delete, "__len__": len, "__iter__": iter,
    "__contains__": operator.contains, "__reversed__": reversed, "__add__": operator.add, "__mul__": operator.mul,
    "__or__": operator.or_, "__eq__": operator.eq, "__ne__": operator.ne, "__lt__": operator.lt, "__le__": operator.le,
    "__gt__": operator.gt, "__ge__": operator.ge,
}
BUILTINS: dict[Any, Any] = {fun: fun for fun in (fill, grow, item_of, write, delete)}
