"""Dataclasses: the fields' values, comparisons by them, and what :mod:`dataclasses` makes of instances."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from typing import Any

from ..ir.dims import Attribute
from .context import Lowerer
from .copies import deep_copy
from .local_classes import taken
from .objects import class_of, construct, definer, find, is_generated, own_slots
from .values import Fields, Obj, Tup, Value

__all__ = ["BUILTINS", "all_fields", "compared_by", "compared_fields", "dataclass_fields", "is_init_var", "replaced"]


def dataclass_fields(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> dict[str, Value]:
    """The fields' values, as the ``__init__`` that dataclass writes would set them."""
    from .calls import apply

    every = [f for f in all_fields(cls).values() if f in dataclasses.fields(cls) or is_init_var(f)]
    fields = [f for f in every if f.init]
    positional = [f.name for f in fields if not f.kw_only]
    if len(args) > len(positional):
        cx.refuse(f"{cls.__name__} takes {len(positional)} positional arguments, {len(args)} were given", node)
    given = dict(zip(positional, args, strict=False))
    unknown = [k for k in kwargs if k in given or k not in {f.name for f in fields}]
    if unknown:
        cx.refuse(f"{cls.__name__} has no parameter {unknown[0]!r}, or got it twice", node)
    given |= kwargs
    values: dict[str, Value] = {}
    defaults = generated_defaults(cx, cls)
    for f in every:
        if f.name in given:
            values[f.name] = given[f.name]
        elif f.default is not dataclasses.MISSING:
            default = defaults[f.name] if f.init else find(cx, cls, f.name)
            values[f.name] = taken(cx, default, f"{cls.__name__}.{f.name}")
        elif f.default_factory is not dataclasses.MISSING:
            values[f.name] = apply(cx, taken(cx, f.default_factory, f"{cls.__name__}.{f.name}"), (), {}, node)
        elif f.init:
            cx.refuse(f"{cls.__name__} needs the argument {f.name!r}", node)
    return values


def generated_defaults(cx: Lowerer, cls: type) -> dict[str, Any]:
    """What the ``__init__`` that dataclass wrote takes for what is not given; it may have been set anew."""
    init = find(cx, cls, "__init__")
    cx.facts.capture(init, Attribute("__defaults__"), init.__defaults__)
    positional, only = init.__defaults__ or (), init.__kwdefaults__ or {}
    for name, value in only.items():
        cx.facts.capture(only, name, value)
    names = init.__code__.co_varnames[:init.__code__.co_argcount]
    return dict(zip(names[len(names) - len(positional):], positional, strict=True)) | only


def all_fields(cls: type) -> dict[str, dataclasses.Field[Any]]:
    """The fields of a dataclass with those that are only arguments (``InitVar``) or of the class (``ClassVar``)."""
    fields: dict[str, dataclasses.Field[Any]] = cls.__dataclass_fields__  # type: ignore[attr-defined]
    return fields


def is_init_var(field: Any) -> bool:
    return field._field_type is dataclasses._FIELD_INITVAR  # type: ignore[attr-defined]


# -- comparisons --------------------------------------------------------------------------------------------------------


def compared_by(cx: Lowerer, cls: type, name: str) -> type | None:
    """The class whose fields are compared, where ``dataclass`` wrote the method: a base, if ``cls`` has none of its own."""
    return definer(cls, f"__{name}__") if is_generated(find(cx, cls, f"__{name}__")) else None


def compared_fields(cx: Lowerer, value: Value, cls: type, node: ast.AST) -> tuple[Value, ...]:
    """The fields of a class that count when an instance of it is compared."""
    from .attributes import attribute

    return tuple(attribute(cx, value, f.name, node) for f in dataclasses.fields(cls) if f.compare)


# -- functions of dataclasses -------------------------------------------------------------------------------------------


def replaced(cx: Lowerer, value: Value, kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``dataclasses.replace(value, **kwargs)`` and ``value._replace(**kwargs)``."""
    cls = class_of(cx, value)
    if isinstance(value, Tup) and cls is not None:
        unknown = set(kwargs) - set(cls._fields)  # type: ignore[attr-defined]
        if unknown:
            cx.refuse(f"{cls.__name__} has no field {min(unknown)!r}", node)
        fields = cls._fields  # type: ignore[attr-defined]
        return Tup(tuple(kwargs.get(f, item) for f, item in zip(fields, value.items, strict=True)), cls)
    if cls is None or not dataclasses.is_dataclass(cls) or not isinstance(value, Obj):
        cx.refuse(f"dataclasses.replace of a {cx.describe(value)}", node)
    slots = own_slots(cx, value)
    return construct(cx, cls, (), {f.name: slots[f.name] for f in dataclasses.fields(cls) if f.init} | kwargs, node)


def call_replace(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    return replaced(cx, args[0], kwargs, node)


def call_asdict(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``dataclasses.asdict`` and ``value._asdict()``."""
    value = args[0]
    cls = class_of(cx, value)
    if isinstance(value, Tup) and hasattr(cls, "_fields"):
        return cx.new_obj(Fields(value.items, cls._fields))  # type: ignore[union-attr]
    if kwargs or len(args) > 1:
        cx.refuse("asdict with dict_factory=", node, "build the dict")
    return taken_apart(cx, value, lambda names, items: cx.new_obj(Fields(items, names)), node)


def call_astuple(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``dataclasses.astuple``."""
    if kwargs or len(args) > 1:
        cx.refuse("astuple with tuple_factory=", node, "build the tuple")
    return taken_apart(cx, args[0], lambda names, items: Tup(items), node)


def taken_apart(cx: Lowerer, value: Value, make: Callable[[tuple[str, ...], tuple[Value, ...]], Value], node: ast.AST) -> Value:
    """What ``make`` makes of a dataclass, and of those in it, in its lists, tuples and dicts; all else is copied."""
    cls = class_of(cx, value)
    if cls is None or not dataclasses.is_dataclass(cls) or not isinstance(value, Obj):
        cx.refuse(f"asdict or astuple of a {cx.describe(value)}", node, "build the dict or tuple")

    def inner(item: Value) -> Value:
        kind = class_of(cx, item)
        if kind is not None and dataclasses.is_dataclass(kind):
            return taken_apart(cx, item, make, node)
        if isinstance(item, Tup):
            return Tup(tuple(map(inner, item.items)), item.cls)
        contents = cx.contents(item.oid) if isinstance(item, Obj) else None
        if isinstance(contents, Fields) and kind is None:
            return cx.new_obj(Fields(tuple(map(inner, contents.items)), contents.keys, contents.cls))
        return deep_copy(cx, item, node)

    slots = own_slots(cx, value)
    names = tuple(f.name for f in dataclasses.fields(cls))
    return make(names, tuple(inner(slots[n]) for n in names))


BUILTINS: dict[Any, Any] = {
    dataclasses.replace: call_replace, dataclasses.asdict: call_asdict, dataclasses.astuple: call_astuple,
}
