"""``del`` of names, items and attributes."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

from ..ir.core import Const, Slice
from .choices import do_either, sure
from .containers import pop, replace_items, write_slice
from .context import Lowerer
from .dicts import dict_method
from .exprs import expression
from .local_classes import Member
from .objects import class_of, comes_first, find
from .operators import call_special
from .values import Fields, Obj, Ref, Tup, Value

__all__ = ["lower_delete"]


def lower_delete(cx: Lowerer, node: ast.Delete) -> None:
    for target in node.targets:
        delete(cx, target)


def delete(cx: Lowerer, target: ast.expr) -> None:
    if isinstance(target, ast.Name):
        if cx.state.env.pop((cx.home(target.id), target.id), None) is None:
            cx.refuse(f"{target.id} is deleted, and is not assigned on every path that gets here", target)
    elif isinstance(target, ast.Subscript):
        base, index = sure(cx, expression(cx, target.value), target), expression(cx, target.slice)
        do_either(cx, base, lambda chosen: delete_item(cx, chosen, index, target))
    elif isinstance(target, ast.Attribute):
        base = sure(cx, expression(cx, target.value), target)
        do_either(cx, base, lambda chosen: delete_attribute(cx, chosen, target.attr, target))
    elif isinstance(target, (ast.Tuple, ast.List)):
        for inner in target.elts:
            delete(cx, inner)
    else:
        cx.refuse(f"del of a {type(target).__name__}", target)


def delete_item(cx: Lowerer, base: Value, index: Any, node: ast.AST) -> None:
    """``del base[index]``."""
    if isinstance(base, Ref):
        cx.fails(ValueError, "cannot delete array elements", node, "np.delete makes a new array")
    if not isinstance(base, Obj):
        cx.refuse(f"del of an item of a {cx.describe(base)}", node)
    if call_special(cx, base, "delitem", (index,), node) is not None:
        return
    cx.check_owned(base.oid, node)
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields) and contents.keys is not None:
        dict_method(cx, base, contents, "pop", (index,), {}, node)
    elif isinstance(contents, Fields) and isinstance(index, Slice):
        if base.oid in cx.iterated:
            cx.refuse("a list that changes while it is iterated", node, "iterate over a copy: for v in list(items)")
        bounds = [None if p is None else cx.static_int(p, node, "a slice bound") for p in (index.start, index.stop, index.step)]
        gone = set(range(len(contents.items))[slice(*bounds)])
        replace_items(cx, base, tuple(v for k, v in enumerate(contents.items) if k not in gone))
    else:
        if base.oid in cx.iterated:
            cx.refuse("a list that changes while it is iterated", node, "iterate over a copy: for v in list(items)")
        if isinstance(index, Slice):
            write_slice(cx, base, index, Tup(()), node)
            return
        pop(cx, base, [index], node)


def delete_attribute(cx: Lowerer, base: Value, name: str, node: ast.AST) -> None:
    """``del base.name``."""
    if isinstance(base, Const) or class_of(cx, base) is None or not isinstance(base, Obj):
        cx.refuse(f"del of an attribute of a {cx.describe(base)}", node, "delete attributes of the function's own objects only")
    cx.check_owned(base.oid, node)
    if deleted_by_class(cx, base, name, node):
        return
    contents = cx.contents(base.oid)
    assert isinstance(contents, Fields)
    if contents.keys is None or name not in contents.keys:
        cx.fails(AttributeError, f"{cx.describe(base)} has no attribute {name!r}", node)
    left = {key: value for key, value in zip(contents.keys, contents.items, strict=True) if key != name}
    cx.put(base.oid, Fields(tuple(left.values()), tuple(left), contents.cls))


def deleted_by_class(cx: Lowerer, base: Obj, name: str, node: ast.AST) -> bool:
    """Whether the class has its own way to delete the attribute, and did."""
    from .calls import apply

    cls = class_of(cx, base)
    assert cls is not None
    if find(cx, cls, "__delattr__") is not object.__delattr__ and cls is not SimpleNamespace:
        cx.refuse(f"{cls.__name__} defines __delattr__", node, "use a method")
    defined = find(cx, cls, name)
    if not comes_first(defined):
        return False
    if isinstance(defined, property) and defined.fdel is not None:
        apply(cx, cx.captured(defined.fdel, f"{cls.__name__}.{name}"), (base,), {}, node)
        return True
    if isinstance(defined, (property, Member)):
        cx.fails(AttributeError, f"the property {cls.__name__}.{name} has no deleter", node)
    cx.refuse(f"the descriptor {cls.__name__}.{name} is not followed", node, "use a property or a method")
