"""Instances of the user's classes: construction, attributes, methods and operators.

An instance is an object of the heap whose slots are its attributes; a NamedTuple is a tuple that knows its class. What is found
in the class is looked up along its method resolution order, as Python does it, and noted: a class that changes
later is noticed.
"""

from __future__ import annotations

import abc
import ast
import copy
import dataclasses
import functools
import sys
from collections.abc import Mapping
from types import FunctionType, MemberDescriptorType, SimpleNamespace
from typing import Any

from ..custom import Custom
from ..ir.build import const
from ..ir.core import Const
from ..ir.types import Object
from .context import Lowerer
from .outside import note
from .structure import flatten, rebuild
from .values import Fields, Obj, Partial, Ref, Super, Tup, Value

__all__ = ["BUILTINS", "class_of", "construct", "copied", "found_in_class", "get", "is_user_class", "replaced", "set_attribute",
           "special",
           "zero_argument_super"]

_MISSING = object()
# Classes of these are not followed: their methods are not written for it.
LIBRARIES = sys.stdlib_module_names - {"__main__"} | {"numpy", "scipy", "srcdiff"}

HEAP = 1 << 9  # the flag of classes that a class statement made (Py_TPFLAGS_HEAPTYPE)


def is_user_class(cls: object) -> bool:
    """Whether instances of ``cls`` are followed: a class written in Python, built the usual way."""
    if cls is SimpleNamespace:
        return True
    if not isinstance(cls, type) or not cls.__flags__ & HEAP:  # np.ufunc
        return False
    if str(cls.__module__).partition(".")[0] in LIBRARIES or issubclass(cls, BaseException):
        return False
    if type(cls) is not type and not issubclass(type(cls), abc.ABCMeta):
        return False
    if issubclass(cls, tuple):
        return hasattr(cls, "_fields")
    return object in cls.__bases__ or all(map(is_user_class, cls.__bases__))


def class_of(cx: Lowerer, value: Value) -> type | None:
    """The user's class that a value is an instance of; None for anything else."""
    if isinstance(value, Obj):
        contents = cx.state.objs[value.oid]
        return contents.cls if isinstance(contents, Fields) and isinstance(contents.cls, type) else None
    if isinstance(value, Tup):
        return value.cls
    if isinstance(value, Const) and isinstance(value.type, Object) and is_user_class(type(value.value)):
        return type(value.value)
    return None


def find(cx: Lowerer, cls: type, name: str, after: type | None = None) -> Any:
    """What the class or a base of it defines under ``name`` (bases after ``after``); ``_MISSING`` if nothing."""
    order = cls.__mro__
    for base in order[order.index(after) + 1 if after is not None else 0:]:
        if name in base.__dict__:
            value = base.__dict__[name]
            if base is not object and base is not SimpleNamespace:
                cx.facts.capture(base, name, value)
            return value
        cx.facts.capture(base, name, None)  # nothing: a method that is defined here later is noticed
    return _MISSING


def watch(cx: Lowerer, obj: object, name: str) -> None:
    """Record what an object outside of the function has itself under a name, and what its class has: nothing, perhaps."""
    own = getattr(obj, "__dict__", None)
    if isinstance(own, dict):
        cx.facts.capture(own, name, own.get(name))
    cls = obj if isinstance(obj, type) else type(obj)
    if is_user_class(cls):
        find(cx, cls, name)


def special(cx: Lowerer, value: Value, name: str) -> Value | None:
    """The bound special method ``name`` of an instance, if its class defines it in Python."""
    cls = class_of(cx, value)
    found = find(cx, cls, name) if cls is not None else None
    if not isinstance(found, FunctionType) or (isinstance(value, Tup) and found in (tuple.__add__,)):
        return None
    if cls is not None and dataclasses.is_dataclass(cls) and found.__code__.co_filename == "<string>":
        return None  # written by dataclass: compared field by field, which is not supported for arrays
    return Partial(cx.captured(found, f"{cls.__name__}.{name}"), (value,)) if cls is not None else None


# -- reading attributes ------------------------------------------------------------------------------------------------


def get(cx: Lowerer, value: Value, name: str, node: ast.AST) -> Value | None:
    """An attribute of an instance; None if neither it nor its class has one of this name."""
    if isinstance(value, Super):
        return found_in_class(cx, value.receiver, value.cls, name, node, after=value.after)
    cls = class_of(cx, value)
    if cls is None:
        return None
    if name == "__class__":
        return Const(cls, Object("static"), cls.__name__)
    if isinstance(value, Tup) and name in getattr(cls, "_fields", ()):
        return value.items[cls._fields.index(name)]  # type: ignore[attr-defined]
    if isinstance(value, Tup) and name in ("_replace", "_asdict"):
        function = dataclasses.replace if name == "_replace" else dataclasses.asdict
        return Partial(Const(function, Object("static"), name), (value,))
    check_plain_reads(cx, cls, node)
    defined = find(cx, cls, name)
    slots = own_slots(cx, value)
    if name in slots and not comes_first(defined):
        return slots[name]
    return found_in_class(cx, value, cls, name, node)


def check_plain_reads(cx: Lowerer, cls: type, node: ast.AST) -> None:
    if isinstance(find(cx, cls, "__getattribute__"), FunctionType):
        cx.refuse(f"{cls.__name__} defines __getattribute__", node, "use a property or a method")


def comes_first(defined: object) -> bool:
    """Whether what a class defines comes before an attribute of the instance: a property or another descriptor that sets."""
    return hasattr(type(defined), "__set__") and not isinstance(defined, MemberDescriptorType)


def own_slots(cx: Lowerer, value: Value) -> Mapping[str, Value]:
    contents = cx.state.objs[value.oid] if isinstance(value, Obj) else None
    if not isinstance(contents, Fields) or contents.keys is None:
        return {}
    return dict(zip(contents.keys, contents.items, strict=True))


def found_in_class(cx: Lowerer, value: Value, cls: type, name: str, node: ast.AST, after: type | None = None) -> Value | None:
    """What the class gives for an attribute that the instance has not itself: methods bound, properties computed."""
    from .calls import apply

    defined = find(cx, cls, name, after)
    label = f"{cls.__name__}.{name}"
    if defined is _MISSING or isinstance(defined, MemberDescriptorType):
        if find(cx, cls, "__getattr__") is not _MISSING:
            cx.refuse(f"{cls.__name__} defines __getattr__, and has no attribute {name}", node, "use an attribute or a method")
        return None
    if isinstance(defined, property):
        return apply(cx, cx.captured(defined.fget, label), (value,), {}, node)
    if isinstance(defined, functools.cached_property):
        made = apply(cx, cx.captured(defined.func, label), (value,), {}, node)
        if isinstance(value, Obj):
            store(cx, value, name, made)
        return made
    if isinstance(defined, (FunctionType, Custom)) or hasattr(defined, "derivation"):
        return Partial(cx.captured(defined, label), (value,))
    if isinstance(defined, classmethod):
        is_class = isinstance(value, Const) and isinstance(value.value, type)
        receiver = value if is_class else Const(cls, Object("static"), cls.__name__)
        return Partial(cx.captured(defined.__func__, label), (receiver,))
    if isinstance(defined, staticmethod):
        return cx.captured(defined.__func__, label)
    if hasattr(type(defined), "__get__") and cls is not SimpleNamespace:
        return inherited_from_object(cx, value, name, node) if after is not None or defined in vars(object).values() else \
            cx.refuse(f"the descriptor {label} is not followed", node, "use a property or a method")
    return cx.captured(defined, label)


def inherited_from_object(cx: Lowerer, value: Value, name: str, node: ast.AST) -> Value:
    """``super().__init__()`` where no base defines one."""
    if name in ("__init__", "__init_subclass__", "__post_init__"):
        return Const(nothing, Object("static"), name)
    return cx.refuse(f"the method {name} of object", node)


def nothing() -> None:
    return None


def holds(cx: Lowerer, value: Value, name: str) -> bool:
    """Whether the attribute is a plain slot of the instance: assigning what it holds already changes nothing."""
    cls = class_of(cx, value)
    return cls is not None and name in own_slots(cx, value) and not comes_first(find(cx, cls, name)) and not is_frozen(cls)


def is_frozen(cls: type) -> bool:
    """Whether it is a dataclass that may not be assigned to."""
    return bool(getattr(getattr(cls, "__dataclass_params__", None), "frozen", False))


# -- writing attributes ------------------------------------------------------------------------------------------------


def set_attribute(cx: Lowerer, base: Value, name: str, value: Value, node: ast.AST) -> None:
    """``base.name = value``."""
    from .calls import apply

    cls = class_of(cx, base)
    if isinstance(base, Const):
        cx.refuse(f"writing to an attribute of {base.name or 'an object'}, which the function does not own", node,
                  "pass the object as an argument, or return the new value")
    if not isinstance(base, Obj) or cls is None:
        cx.refuse(f"assigning to an attribute of a {cx.describe(base)}", node, "use a local name")
    cx.check_owned(base.oid, node, noted=True)
    defined = find(cx, cls, name)
    if isinstance(defined, property):
        if defined.fset is None:
            cx.refuse(f"the property {cls.__name__}.{name} has no setter", node)
        apply(cx, cx.captured(defined.fset, f"{cls.__name__}.{name}"), (base, value), {}, node)
        return
    if comes_first(defined):
        cx.refuse(f"the descriptor {cls.__name__}.{name} is not followed", node, "use a property or a method")
    if is_frozen(cls):
        cx.refuse(f"assigning to a field of the frozen {cls.__name__}", node, "use dataclasses.replace")
    if cls is not SimpleNamespace and find(cx, cls, "__setattr__") is not object.__dict__["__setattr__"]:
        cx.refuse(f"{cls.__name__} defines __setattr__", node, "use a method")
    note(cx, base, ".", const(name), (value,), node)
    store(cx, base, name, value)


def store(cx: Lowerer, base: Obj, name: str, value: Value) -> None:
    from .subscripts import with_key

    contents = cx.state.objs[base.oid]
    assert isinstance(contents, Fields)
    cx.state.objs[base.oid] = with_key(contents, name, value)


# -- construction ------------------------------------------------------------------------------------------------------


def construct(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``cls(*args, **kwargs)``."""
    from .calls import apply

    label = cls.__name__
    if issubclass(cls, tuple):
        return named_tuple(cx, cls, args, kwargs, node)
    if cls is SimpleNamespace:
        if args:
            cx.refuse("SimpleNamespace of a mapping", node, "use keywords")
        return cx.new_obj(Fields(tuple(kwargs.values()), tuple(kwargs), cls))
    if type(cls).__call__ is not type.__call__ or not made_by_object(cls):
        cx.refuse(f"{label} makes its instances in a way of its own (__new__ or a metaclass)", node, "use a function")
    abstract = getattr(cls, "__abstractmethods__", None)
    if abstract:
        cx.refuse(f"the abstract class {label} has no instances (it lacks {min(abstract)})", node)
    made = cx.new_obj(Fields((), (), cls))
    init = find(cx, cls, "__init__")
    if is_generated(cls, init):
        for name, value in dataclass_fields(cx, cls, args, kwargs, node).items():
            store(cx, made, name, value)
        post = find(cx, cls, "__post_init__")
        if isinstance(post, FunctionType):
            apply(cx, cx.captured(post, f"{label}.__post_init__"), (made,), {}, node)
    elif isinstance(init, FunctionType):
        apply(cx, cx.captured(init, f"{label}.__init__"), (made, *args), kwargs, node)
    elif args or kwargs:
        cx.refuse(f"{label}() takes no arguments", node)
    return made


def made_by_object(cls: type) -> bool:
    found = next(base.__dict__["__new__"] for base in cls.__mro__ if "__new__" in base.__dict__)
    return found is object.__dict__["__new__"]


def is_generated(cls: type, init: object) -> bool:
    """Whether ``__init__`` was written by ``dataclass``."""
    return dataclasses.is_dataclass(cls) and isinstance(init, FunctionType) and init.__code__.co_filename == "<string>"


def dataclass_fields(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> dict[str, Value]:
    """The fields' values, as the ``__init__`` that dataclass writes would set them."""
    from .calls import apply

    fields = [f for f in dataclasses.fields(cls) if f.init]
    positional = [f.name for f in fields if not f.kw_only]
    if len(args) > len(positional):
        cx.refuse(f"{cls.__name__} takes {len(positional)} positional arguments, {len(args)} were given", node)
    given = dict(zip(positional, args, strict=False))
    unknown = [k for k in kwargs if k in given or k not in {f.name for f in fields}]
    if unknown:
        cx.refuse(f"{cls.__name__} has no parameter {unknown[0]!r}, or got it twice", node)
    given |= kwargs
    values: dict[str, Value] = {}
    for f in dataclasses.fields(cls):
        if f.name in given:
            values[f.name] = given[f.name]
        elif f.default is not dataclasses.MISSING:
            values[f.name] = cx.captured(f.default, f"{cls.__name__}.{f.name}")
        elif f.default_factory is not dataclasses.MISSING:
            values[f.name] = apply(cx, cx.captured(f.default_factory, f"{cls.__name__}.{f.name}"), (), {}, node)
        elif f.init:
            cx.refuse(f"{cls.__name__} needs the argument {f.name!r}", node)
    return values


def named_tuple(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Tup:
    names: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
    if len(args) > len(names):
        cx.refuse(f"{cls.__name__} takes {len(names)} arguments, {len(args)} were given", node)
    given = dict(zip(names, args, strict=False)) | kwargs
    for name, default in cls._field_defaults.items():  # type: ignore[attr-defined]
        if name not in given:
            given[name] = cx.captured(default, f"{cls.__name__}.{name}")
    if set(given) != set(names) or any(k in names[:len(args)] for k in kwargs):
        cx.refuse(f"{cls.__name__} needs the arguments {', '.join(names)}", node)
    return Tup(tuple(given[name] for name in names), cls)


# -- copies ------------------------------------------------------------------------------------------------------------


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


def copied(cx: Lowerer, value: Value, deep: bool) -> Value:
    """``copy.copy`` or ``copy.deepcopy`` of a value."""
    if isinstance(value, Obj) and isinstance(contents := cx.state.objs[value.oid], Fields):
        items = tuple(copied(cx, i, True) for i in contents.items) if deep else contents.items
        return cx.new_obj(Fields(items, contents.keys, contents.cls))
    if isinstance(value, Tup):
        return Tup(tuple(copied(cx, i, True) for i in value.items), value.cls) if deep else value
    leaves = [cx.emit("np.copy", cx.read(v)) if isinstance(v, Ref) else v for v in flatten(value)]
    return rebuild(value, iter(leaves))


def zero_argument_super(cx: Lowerer, node: ast.AST) -> Value:
    """``super()`` inside a method."""
    frame = cx.frames[-1]
    cell = frame.cells.get("__class__")
    code = frame.code
    if cell is None or not hasattr(code, "co_varnames") or not code.co_varnames:
        cx.refuse("super() outside of a method", node)
    receiver = cx.state.env[frame.fid, code.co_varnames[0]]
    cls = receiver.value if isinstance(receiver, Const) and isinstance(receiver.value, type) else class_of(cx, receiver)
    if cls is None:
        cx.refuse("super() of an object that is not followed", node)
    return Super(cell.cell_contents, cls, receiver)


def call_super(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    if not args:
        return zero_argument_super(cx, node)
    cls, receiver = args
    owner = class_of(cx, receiver)
    if owner is None or not isinstance(cls, Const):
        cx.refuse("super() of an object that is not followed", node)
    return Super(cls.value, owner, receiver)


def call_object_setattr(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``object.__setattr__(self, "x", v)``, the way into a frozen dataclass."""
    base, name, value = args
    if not isinstance(base, Obj) or not isinstance(name, Const):
        cx.refuse("object.__setattr__ of something that the function does not own", node)
    cx.check_owned(base.oid, node)
    store(cx, base, name.value, value)
    return const(None)


def call_replace(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    return replaced(cx, args[0], kwargs, node)


def call_asdict(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``dataclasses.asdict`` and ``value._asdict()``: a dict of the fields, nested instances included."""
    value = args[0]
    cls = class_of(cx, value)
    if isinstance(value, Tup) and hasattr(cls, "_fields"):
        return cx.new_obj(Fields(value.items, cls._fields))  # type: ignore[union-attr]
    if cls is None or not dataclasses.is_dataclass(cls):
        cx.refuse(f"asdict of a {cx.describe(value)}", node)
    slots = own_slots(cx, value)
    names = tuple(f.name for f in dataclasses.fields(cls))
    if any(class_of(cx, slots[n]) is not None for n in names):
        cx.refuse("asdict of nested instances", node, "build the dict")
    return cx.new_obj(Fields(tuple(copied(cx, slots[n], True) for n in names), names))


BUILTINS: dict[Any, Any] = {
    super: call_super, object.__setattr__: call_object_setattr, dataclasses.replace: call_replace,
    dataclasses.asdict: call_asdict,
    copy.copy: lambda cx, a, k, n: copied(cx, a[0], False), copy.deepcopy: lambda cx, a, k, n: copied(cx, a[0], True),
}
