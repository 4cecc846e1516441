"""Instances of the user's classes: construction, attributes, methods and operators.

An instance is an object of the heap whose slots are its attributes; a NamedTuple is a tuple that knows its class. What is found
in the class is looked up along its method resolution order, as Python does it, and noted: a class that changes
later is noticed.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
from collections.abc import Mapping
from types import CodeType, FunctionType, MemberDescriptorType, SimpleNamespace
from typing import Any, NamedTuple

from ..custom import Custom
from ..ir.build import const
from ..ir.core import Const
from ..ir.dims import MISSING, Attribute
from ..ir.types import Object, Scalar
from ..unchanging import unchanging
from . import subclassed
from .choices import alternatives, do_either, sure
from .classes import HEAP, is_user_class
from .context import Lowerer
from .local_classes import Member, bound, is_local, taken
from .outside import look_into, note
from .values import Bound, Either, Fields, Obj, Partial, Super, Tup, Value

__all__ = ["BUILTINS", "class_of", "class_value", "construct", "definer", "found_in_class", "get", "is_generated",
           "set_attribute", "special", "zero_argument_super"]

FIELD = type(NamedTuple("Pair", [("one", int)]).__dict__["one"])  # what a field of a named tuple is in its class


def class_of(cx: Lowerer, value: Value) -> type | None:
    """The user's class that a value is an instance of; None for anything else."""
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        return contents.cls if isinstance(contents, Fields) and isinstance(contents.cls, type) else None
    if isinstance(value, Tup):
        return value.cls
    if isinstance(value, Const) and isinstance(value.type, Object) and is_user_class(type(value.value)):
        return type(value.value)
    return None


def is_generated(method: object) -> bool:
    """Whether ``dataclass`` wrote a method: what it does is known without its text."""
    return isinstance(method, FunctionType) and method.__code__.co_qualname.startswith("__create_fn__")


def definer(cls: type, name: str) -> type:
    """The class that an attribute of a class comes from."""
    return next(base for base in cls.__mro__ if name in base.__dict__)


def find(cx: Lowerer, cls: type, name: str, after: type | None = None) -> Any:
    """What the class or a base of it defines under ``name`` (bases after ``after``); ``MISSING`` if nothing."""
    order = cls.__mro__
    if cls.__flags__ & HEAP and not is_local(cls):
        cx.facts.capture(cls, Attribute("__mro__"), order)
    for base in order[order.index(after) + 1 if after is not None else 0:]:
        if name in base.__dict__:
            value = base.__dict__[name]
            if base is not object and base is not SimpleNamespace and not is_local(base):
                look_into(cx, base, name)
                cx.facts.capture(base, name, value)
            if is_user_class(type(value)):
                find(cx, type(value), "__set__")  # with it, a descriptor comes before what the instance has
            return value
        if not is_local(base):
            cx.facts.capture(base, name, MISSING)  # nothing: a method that is defined here later is noticed
    return MISSING


def watch(cx: Lowerer, obj: object, name: str) -> None:
    """Record what an object outside of the function has itself under a name, and what its class has: nothing, perhaps."""
    own = getattr(obj, "__dict__", None)
    if isinstance(own, dict):
        cx.facts.capture(own, name, own.get(name, MISSING))
    cls = obj if isinstance(obj, type) else type(obj)
    if not cls.__flags__ & HEAP or unchanging(cls):
        return
    found = find(cx, cls, name)
    if found is MISSING:
        find(cx, cls if cls is not obj else type(cls), name if cls is obj else "__getattr__")
    if isinstance(found, MemberDescriptorType) and cls is not obj:  # a slot, which may be empty
        cx.facts.assume(f"{'' if hasattr(obj, name) else 'not '}hasattr({cx.label(obj, cls.__name__)}, {name!r})")


def special(cx: Lowerer, value: Value, name: str) -> Value | None:
    """The bound special method ``name`` of an instance, if its class defines it in Python."""
    cls = class_of(cx, value)
    found = find(cx, cls, name) if cls is not None else None
    if isinstance(found, Member) and found.kind == "method":
        return Partial(found.value, (value,))
    if not isinstance(found, FunctionType) or is_generated(found):
        return subclassed.inherited(cx, value, found, name)
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
    if name == "__dict__" and isinstance(value, Obj):
        if not cls.__dictoffset__:
            cx.fails(AttributeError, f"a {cls.__name__} has no __dict__: its class has __slots__", node)
        return Bound(value, name)
    if isinstance(value, Tup) and name in getattr(cls, "_fields", ()) and type(find(cx, cls, name)) is FIELD:
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


def shared_method(cx: Lowerer, instances: list[Value], name: str) -> type | None:
    """The class of several instances, if it is one and ``name`` is a method of it or a property."""
    classes = {class_of(cx, v) for v in instances}
    cls = classes.pop()
    if classes or cls is None or issubclass(cls, tuple) or any(name in own_slots(cx, v) for v in instances):
        return None
    found = find(cx, cls, name)
    return cls if isinstance(found, (FunctionType, property)) or getattr(found, "kind", "") in ("method", "property") else None


def check_plain_reads(cx: Lowerer, cls: type, node: ast.AST) -> None:
    if isinstance(find(cx, cls, "__getattribute__"), FunctionType):
        cx.refuse(f"{cls.__name__} defines __getattribute__", node, "use a property or a method")


def comes_first(defined: object) -> bool:
    """Whether what a class defines comes before an attribute of the instance: a property or another descriptor that sets."""
    local = isinstance(defined, Member) and defined.kind == "property"
    return local or (hasattr(type(defined), "__set__") and not isinstance(defined, MemberDescriptorType))


def own_slots(cx: Lowerer, value: Value) -> Mapping[str, Value]:
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    if not isinstance(contents, Fields) or contents.keys is None:
        return {}
    return dict(zip(contents.keys, contents.items, strict=True))


def found_in_class(cx: Lowerer, value: Value, cls: type, name: str, node: ast.AST, after: type | None = None) -> Value | None:
    """What the class gives for an attribute that the instance has not itself: methods bound, properties computed."""
    from .calls import apply

    defined = find(cx, cls, name, after)
    label = f"{cls.__name__}.{name}"
    if defined is MISSING or isinstance(defined, MemberDescriptorType):
        hook = special(cx, value, "__getattr__") if after is None else None
        return None if hook is None else apply(cx, hook, (const(name),), {}, node)
    if (made := subclassed.inherited(cx, value, defined, name)) is not None:
        return made
    if isinstance(defined, Member):
        made = bound(cx, defined, value, cls, node)
        if defined.kind == "cached" and isinstance(value, Obj):
            store(cx, value, name, made)
        return made
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
    if isinstance(getter := getattr(type(defined), "__get__", None), FunctionType) and is_user_class(type(defined)):
        watch(cx, defined, "__get__")
        receiver = const(None) if isinstance(value, Const) and isinstance(value.value, type) else value
        owner = Const(cls, Object("static"), cls.__name__)
        return apply(cx, cx.captured(getter, f"{label}.__get__"), (cx.captured(defined, label), receiver, owner), {}, node)
    if after is None and (defined is object.__getattribute__ or defined is object.__setattr__):
        plain: Any = getattr if name == "__getattribute__" else setattr
        return Partial(Const(plain, Object("static"), plain.__name__), (value,))
    if hasattr(type(defined), "__get__") and cls is not SimpleNamespace:
        return inherited_from_object(cx, value, name, node) if after is not None or defined in vars(object).values() else \
            cx.refuse(f"the descriptor {label} is not followed", node, "use a property or a method")
    return cx.captured(defined, label)


def inherited_from_object(cx: Lowerer, value: Value, name: str, node: ast.AST) -> Value:
    """``super().__init__()`` where no base defines one."""
    if name in ("__init__", "__init_subclass__", "__post_init__"):
        return Const(nothing, Object("static"), name)
    if name == "__setattr__":
        return Partial(Const(object.__setattr__, Object("static"), name), (value,))
    return cx.refuse(f"the method {name} of object", node)


def nothing() -> None:
    return None


def class_value(cx: Lowerer, cls: type, name: str) -> Value | None:
    """A number that a class has under a name, for instances that have none of their own; None if it has none."""
    found = find(cx, cls, name)
    if isinstance(found, Member):
        value = found.value if found.kind == "value" else None
        return value if isinstance(value, Const) and isinstance(value.type, Scalar) else None
    return cx.captured(found, f"{cls.__name__}.{name}") if isinstance(found, (bool, int, float)) else None


def holds(cx: Lowerer, value: Value, name: str) -> bool:
    """Whether the attribute is a plain slot of the instance: assigning what it holds already changes nothing."""
    cls = class_of(cx, value)
    return cls is not None and name in own_slots(cx, value) and not comes_first(find(cx, cls, name)) and \
        not is_frozen(cls) and own_setter(cx, cls) is None


def is_frozen(cls: type) -> bool:
    """Whether it is a dataclass that may not be assigned to."""
    return bool(getattr(getattr(cls, "__dataclass_params__", None), "frozen", False))


def own_setter(cx: Lowerer, cls: type) -> Any:
    """The ``__setattr__`` that a class defines in Python; None if it has none, or that of a frozen dataclass."""
    if cls is SimpleNamespace or is_frozen(cls):
        return None
    found = find(cx, cls, "__setattr__")
    return found if isinstance(found, (FunctionType, Member)) else None


# -- writing attributes ------------------------------------------------------------------------------------------------


def set_attribute(cx: Lowerer, base: Value, name: str, value: Value, node: ast.AST) -> None:
    """``base.name = value``."""
    from .calls import apply

    base = sure(cx, base, node)
    if isinstance(base, Either):
        do_either(cx, base, lambda chosen: set_attribute(cx, chosen, name, value, node))
        return
    cls = class_of(cx, base)
    if isinstance(base, Const):
        cx.refuse(f"writing to an attribute of {base.name or 'an object'}, which the function does not own", node,
                  "pass the object as an argument, or return the new value")
    if not isinstance(base, Obj) or cls is None:
        cx.refuse(f"assigning to an attribute of a {cx.describe(base)}", node, "use a local name")
    cx.check_owned(base.oid, node, noted=True)
    if own_setter(cx, cls) is not None and (hook := special(cx, base, "__setattr__")) is not None:
        apply(cx, hook, (const(name), value), {}, node)
        return
    if is_frozen(cls):
        cx.fails(dataclasses.FrozenInstanceError, f"assigning to a field of the frozen {cls.__name__}", node,
                 "use dataclasses.replace")
    set_plainly(cx, base, cls, name, value, node)


def set_plainly(cx: Lowerer, base: Obj, cls: type, name: str, value: Value, node: ast.AST) -> None:
    """``object.__setattr__(base, name, value)``: by a property or another descriptor, or into the instance."""
    from .calls import apply

    defined = find(cx, cls, name)
    if isinstance(defined, Member) and defined.kind == "property" and defined.setter is not None:
        apply(cx, defined.setter, (base, value), {}, node)
        return
    if isinstance(defined, Member) and defined.kind == "property":
        cx.fails(AttributeError, f"the property {cls.__name__}.{name} has no setter", node)
    if isinstance(defined, Member):
        bound(cx, defined, None, cls, node)  # a descriptor is refused
    if isinstance(defined, property):
        if defined.fset is None:
            cx.fails(AttributeError, f"the property {cls.__name__}.{name} has no setter", node)
        apply(cx, cx.captured(defined.fset, f"{cls.__name__}.{name}"), (base, value), {}, node)
        return
    if isinstance(setter := getattr(type(defined), "__set__", None), FunctionType) and is_user_class(type(defined)):
        watch(cx, defined, "__set__")
        descriptor = cx.captured(defined, f"{cls.__name__}.{name}")
        apply(cx, cx.captured(setter, f"{cls.__name__}.{name}.__set__"), (descriptor, base, value), {}, node)
        return
    if comes_first(defined):
        cx.refuse(f"the descriptor {cls.__name__}.{name} is not followed", node, "use a property or a method")
    if not cls.__dictoffset__ and not isinstance(defined, MemberDescriptorType):
        cx.fails(AttributeError, f"a {cls.__name__} has no attribute {name!r}: its class has __slots__", node)
    cx.call_it(value, name)
    note(cx, base, ".", const(name), (value,), node)
    store(cx, base, name, value)


def store(cx: Lowerer, base: Obj, name: str, value: Value) -> None:
    from .subscripts import with_key

    contents = cx.contents(base.oid)
    assert isinstance(contents, Fields)
    cx.put(base.oid, with_key(contents, name, value))


# -- construction ------------------------------------------------------------------------------------------------------


def construct(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``cls(*args, **kwargs)``."""
    from .calls import apply
    from .dataclass_calls import all_fields, dataclass_fields, is_init_var

    label = cls.__name__
    if issubclass(cls, tuple):
        return named_tuple(cx, cls, args, kwargs, node)
    if cls is SimpleNamespace:
        if args:
            cx.refuse("SimpleNamespace of a mapping", node, "use keywords")
        return cx.new_obj(Fields(tuple(kwargs.values()), tuple(kwargs), cls))
    if type(cls).__call__ is not type.__call__:
        cx.refuse(f"{label} makes its instances in a way of its own (a metaclass)", node, "use a function")
    abstract = getattr(cls, "__abstractmethods__", None)
    if abstract:
        cx.refuse(f"the abstract class {label} has no instances (it lacks {min(abstract)})", node)
    made = new_instance(cx, cls, args, kwargs, node)
    if not isinstance(made, Obj) or class_of(cx, made) is not cls:
        return made
    init = find(cx, cls, "__init__")
    if is_generated(init):
        writer = definer(cls, "__init__")
        values = dataclass_fields(cx, writer, args, kwargs, node)
        only_given = [name for name, f in all_fields(writer).items() if is_init_var(f)]
        plainly = own_setter(cx, cls) is None
        for name, value in values.items():
            if name not in only_given:
                store(cx, made, name, value) if plainly else set_attribute(cx, made, name, value, node)
        post = find(cx, cls, "__post_init__") if "__post_init__" in init.__code__.co_names else MISSING
        if isinstance(post, (FunctionType, Member)):
            given = tuple(values[name] for name in only_given)
            apply(cx, taken(cx, post, f"{label}.__post_init__"), (made, *given), {}, node)
    elif isinstance(init, Member):
        apply(cx, init.value, (made, *args), kwargs, node)
    elif isinstance(init, FunctionType):
        apply(cx, cx.captured(init, f"{label}.__init__"), (made, *args), kwargs, node)
    elif (fill := subclassed.inherited(cx, made, init, "__init__")) is not None:
        apply(cx, fill, args, kwargs, node)
    elif (args or kwargs) and find(cx, cls, "__new__") is object.__new__:
        cx.fails(TypeError, f"{label}() takes no arguments", node)
    return made


def new_instance(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """What ``cls.__new__`` gives: an instance without attributes, unless a base of ``cls`` has one of its own."""
    from .calls import apply

    new = find(cx, cls, "__new__")
    if isinstance(new, Member):
        return apply(cx, new.value, (Const(cls, Object("static"), cls.__name__), *args), kwargs, node)
    new = new.__func__ if isinstance(new, staticmethod) else new
    if isinstance(new, FunctionType) and new.__module__ not in ("typing", "typing_extensions"):  # Generic, Protocol
        receiver = Const(cls, Object("static"), cls.__name__)
        return apply(cx, cx.captured(new, f"{cls.__name__}.__new__"), (receiver, *args), kwargs, node)
    return cx.new_obj(subclassed.begin(cls, Fields((), (), cls), cx))


def call_new(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``object.__new__(cls)``."""
    cls = args[0].value if len(args) == 1 and not kwargs and isinstance(args[0], Const) else None
    if not isinstance(cls, type) or not is_user_class(cls) or issubclass(cls, tuple):
        cx.refuse("object.__new__ of something that is not a class of yours", node, "call the class")
    return cx.new_obj(Fields((), (), cls))


def named_tuple(cx: Lowerer, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Tup:
    names: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
    new = find(cx, cls, "__new__").__func__
    own_init = isinstance(find(cx, cls, "__init__"), (FunctionType, Member))
    if own_init or not new.__globals__.get("__name__", "").startswith("namedtuple_"):
        cx.refuse(f"{cls.__name__}, a named tuple with a __new__ or an __init__ of its own", node,
                  "use a function that makes it")
    if len(args) > len(names):
        cx.refuse(f"{cls.__name__} takes {len(names)} arguments, {len(args)} were given", node)
    given = dict(zip(names, args, strict=False)) | kwargs
    defaults = new.__defaults__ or ()
    cx.facts.capture(new, Attribute("__defaults__"), new.__defaults__)
    for name, default in zip(names[len(names) - len(defaults):], defaults, strict=True):
        if name not in given:
            given[name] = taken(cx, default, f"{cls.__name__}.{name}")
    if set(given) != set(names) or any(k in names[:len(args)] for k in kwargs):
        cx.refuse(f"{cls.__name__} needs the arguments {', '.join(names)}", node)
    return Tup(tuple(given[name] for name in names), cls)


# -- copies ------------------------------------------------------------------------------------------------------------


def zero_argument_super(cx: Lowerer, node: ast.AST) -> Value:
    """``super()`` inside a method."""
    frame = cx.frames[-1]
    cell = frame.cells.get("__class__")
    code = frame.code
    if isinstance(code, ast.FunctionDef) and code in cx.methods and code.args.args:
        after, first = cx.methods[code], code.args.args[0].arg
    elif cell is not None and isinstance(code, CodeType) and code.co_varnames:
        after, first = cell.cell_contents, code.co_varnames[0]
    else:
        cx.refuse("super() outside of a method", node)
    receiver = cx.state.env[frame.fid, first]
    one = alternatives(receiver)[0]
    cls = one.value if isinstance(one, Const) and isinstance(one.value, type) else class_of(cx, one)
    if cls is None:
        cx.refuse("super() of an object that is not followed", node)
    return Super(after, cls, receiver)


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
    cls = class_of(cx, base)
    if not isinstance(base, Obj) or not isinstance(name, Const) or cls is None:
        cx.refuse("object.__setattr__ of something that the function does not own", node)
    cx.check_owned(base.oid, node, noted=True)
    set_plainly(cx, base, cls, name.value, value, node)
    return const(None)


BUILTINS: dict[Any, Any] = {
    super: call_super, object.__new__: call_new, object.__setattr__: call_object_setattr, 
}
