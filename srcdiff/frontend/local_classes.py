"""Classes that are defined inside the differentiated function.

The class is made when the function is compiled, with a :class:`Member` for all that its body binds: so it is looked up along
the method resolution order like any other, and what is found is a value of the lowering, such as a method that reads names of
the function around it.
"""

from __future__ import annotations

import ast
import collections
import dataclasses
import functools
import typing
from types import FunctionType
from typing import Any

from ..ir.build import const
from ..ir.core import Const
from ..ir.dims import MISSING
from ..ir.types import Object
from .classes import EMPTY, is_user_class
from .context import Frame, Lowerer
from .names import Scope, assigned_names
from .values import Closure, Partial, Value

__all__ = ["Member", "bound", "is_local", "lower_class", "taken"]

KINDS: dict[Any, str] = {
    staticmethod: "static", classmethod: "class", property: "property", functools.cached_property: "cached"}
MARK = "__srcdiff_local__"
OUTSIDE = "define the class outside of the function"


@dataclasses.dataclass(frozen=True, eq=False)
class Member:
    """What the body of a class binds to a name: a plain ``value``, or a function that is a method, a property...

    ``kind``: ``"value"``, ``"method"``, ``"static"``, ``"class"``, ``"property"`` (with ``setter``, if it has one),
    ``"cached"``; ``"field"``: one of a dataclass, with the options in ``setter``.
    """

    kind: str
    value: Any
    setter: Any = None


def is_local(cls: object) -> bool:
    return isinstance(cls, type) and MARK in cls.__dict__


def taken(cx: Lowerer, found: Any, name: str) -> Value:
    """A default of a field as a value."""
    return found.value if isinstance(found, Member) else cx.captured(found, name)


def bound(cx: Lowerer, member: Member, receiver: Value | None, cls: type, node: ast.AST) -> Value:
    """What the attribute of an instance is, or (without ``receiver``) that of the class."""
    from .calls import apply

    if member.kind == "class":
        return Partial(member.value, (Const(cls, Object("static"), cls.__name__),))
    if member.kind == "value" and is_descriptor(cx, member.value):
        cx.refuse("a descriptor in a class inside of a function", node, OUTSIDE)
    if receiver is None or member.kind in ("value", "static"):
        return member.value
    if member.kind == "method":
        return Partial(member.value, (receiver,))
    return apply(cx, member.value, (receiver,), {}, node)


def is_descriptor(cx: Lowerer, value: Value) -> bool:
    """Whether a value of the class's body says by methods of its own what an attribute is."""
    from .objects import class_of, find

    cls = class_of(cx, value)
    return cls is not None and any(find(cx, cls, name) is not MISSING for name in ("__get__", "__set__", "__delete__"))


# -- the statement -----------------------------------------------------------------------------------------------------


def lower_class(cx: Lowerer, node: ast.ClassDef) -> None:
    from .statements import bind_name

    if node.keywords:
        cx.refuse("a class with a metaclass or other keywords inside of a function", node, OUTSIDE)
    bases = [base_of(cx, b) for b in node.bases]
    members = body_of(cx, node)
    key = (node, next(cx.ids))
    if typing.NamedTuple in bases:
        make = functools.partial(named_tuple, node, members)
    else:
        make = functools.partial(plain, cx, node, tuple(bases), members)
    for decorator in reversed(node.decorator_list):
        make = decorated(cx, decorator, make)
    if key not in cx.local_classes:
        try:
            cx.local_classes[key] = make(), members
        except (TypeError, ValueError) as error:
            cx.fails(type(error), str(error), node)
    made, before = cx.local_classes[key]
    for name, member in members.items():  # lowered once more: the values are new, also where they are defaults of fields
        renew(before[name], member)
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef):
            cx.methods[inner] = made
    bind_name(cx, node.name, Const(made, Object("static"), node.name))


def renew(old: Member, new: Member) -> None:
    """Let a member be what the body, lowered once more, binds."""
    if old.kind == "field":
        for option, value in new.setter.items():
            if isinstance(value, Member):
                renew(old.setter[option], value)
        return
    object.__setattr__(old, "value", new.value)
    object.__setattr__(old, "setter", new.setter)


def base_of(cx: Lowerer, node: ast.expr) -> Any:
    from .exprs import expression

    value = expression(cx, node)
    cls = value.value if isinstance(value, Const) else None
    followed = isinstance(cls, type) and is_user_class(cls) and not issubclass(cls, tuple)
    if cls is not typing.NamedTuple and cls not in EMPTY and not followed:
        cx.refuse("a class inside of a function with this base", node, OUTSIDE)
    if "__init_subclass__" in {n for c in getattr(cls, "__mro__", ()) if c not in EMPTY for n in vars(c)}:
        cx.refuse("a class inside of a function whose base has __init_subclass__", node,
                  OUTSIDE)
    return cls


def body_of(cx: Lowerer, node: ast.ClassDef) -> dict[str, Member]:
    """What the statements of the body bind, which is looked up in it and not in methods."""
    from .control import lower_stmts

    outer = cx.frames[-1]
    names = assigned_names(node.body)
    scope = Scope(names, frozenset(), frozenset())
    frame = Frame(next(cx.ids), node.name, scope, outer.source, outer.globals, outer.cells, outer, outer.live | names)
    members: dict[str, Member] = {}
    cx.frames.append(frame)
    try:
        for stmt in node.body:
            scope.before[stmt] = scope.after[stmt] = names
            if isinstance(stmt, ast.FunctionDef):
                members[stmt.name] = method(cx, stmt, outer, members)
                cx.state.env[frame.fid, stmt.name] = members[stmt.name].value
            elif isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
                if stmt.value is not None:
                    members[stmt.target.id] = field_of(cx, stmt.value)
                    cx.state.env[frame.fid, stmt.target.id] = members[stmt.target.id].value
            elif isinstance(stmt, ast.Assign) and all(isinstance(t, ast.Name) for t in stmt.targets):
                lower_stmts(cx, [stmt])
                for target in stmt.targets:
                    found = cx.state.env[frame.fid, target.id]  # type: ignore[attr-defined]
                    members[target.id] = Member("method" if is_function(found) else "value", found)  # type: ignore[attr-defined]
            elif not isinstance(stmt, ast.Pass) and not (isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)):
                cx.refuse("this statement in a class inside of a function", stmt, OUTSIDE)
    finally:
        cx.frames.pop()
        for key in [k for k in cx.state.env if k[0] == frame.fid]:
            del cx.state.env[key]
    return members


def method(cx: Lowerer, node: ast.FunctionDef, outer: Frame, members: dict[str, Member]) -> Member:
    """A function of the body: its free names are those of the function around the class."""
    from .statements import closure

    made = dataclasses.replace(closure(cx, node), frame=outer)
    kind = "method"
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr == "setter" and isinstance(decorator.value, ast.Name):
            old = members.get(decorator.value.id)
            if old is not None and old.kind == "property" and len(node.decorator_list) == 1:
                return Member("property", old.value, made)
        found = static_decorator(cx, decorator)
        if found not in KINDS or kind != "method":
            cx.refuse("this decorator of a method in a class inside of a function", decorator,
                      f"staticmethod, classmethod, property, functools.cached_property; or {OUTSIDE}")
        kind = KINDS[found]
    return Member(kind, made)


def is_function(value: Value) -> bool:
    return isinstance(value, Closure) or (isinstance(value, Const) and isinstance(value.value, FunctionType))


def static_decorator(cx: Lowerer, node: ast.expr) -> Any:
    from .exprs import expression

    value = expression(cx, node)
    return value.value if isinstance(value, Const) else None


def field_of(cx: Lowerer, node: ast.expr) -> Any:
    """The value of ``name: type = value``: a plain one, or the arguments of ``dataclasses.field``."""
    from .exprs import expression
    from .static_values import python_value

    if not isinstance(node, ast.Call) or static_decorator(cx, node.func) is not dataclasses.field:
        return Member("value", expression(cx, node))
    options: dict[str, Any] = {}
    for keyword in node.keywords:
        value = expression(cx, keyword.value)
        plain_factory = keyword.arg == "default_factory" and isinstance(value, Const)
        if keyword.arg in ("default", "default_factory") and not plain_factory:
            options[keyword.arg] = Member("value", value)
        else:
            options[str(keyword.arg)] = python_value(cx, value, node)
    return Member("field", const(None), options)


# -- making the class --------------------------------------------------------------------------------------------------


def plain(cx: Lowerer, node: ast.ClassDef, bases: tuple[type, ...], members: dict[str, Member]) -> type:
    from .static_values import python_value

    namespace: dict[str, Any] = {name: dataclasses.field(**m.setter) if m.kind == "field" else m for name, m in members.items()}
    if "__slots__" in members:
        namespace["__slots__"] = python_value(cx, members["__slots__"].value, node)
    notes = {s.target.id: ast.unparse(s.annotation) for s in node.body
             if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)}
    frame = cx.frames[-1]
    module = frame.globals.get("__name__", "__main__")
    return type(node.name, bases, {"__module__": module, "__qualname__": f"{frame.name}.<locals>.{node.name}",
                                   "__annotations__": notes, MARK: True, **namespace})


def named_tuple(node: ast.ClassDef, members: dict[str, Member]) -> type:
    fields = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    defaults = [members[f] for f in fields if f in members]
    base: Any = collections.namedtuple(node.name, fields, defaults=defaults)  # type: ignore[misc]
    others = {name: m for name, m in members.items() if name not in fields}
    return type(node.name, (base,), {"__module__": "__main__", MARK: True, **others})


def decorated(cx: Lowerer, decorator: ast.expr, make: Any) -> Any:
    """``@dataclass``, with or without options."""
    from .exprs import expression
    from .static_values import python_value

    call = decorator if isinstance(decorator, ast.Call) else None
    found = static_decorator(cx, call.func if call else decorator)
    if found is not dataclasses.dataclass or (call is not None and call.args):
        cx.refuse("this decorator of a class inside of a function", decorator, OUTSIDE)
    options = {str(k.arg): python_value(cx, expression(cx, k.value), decorator) for k in (call.keywords if call else ())}
    return lambda: dataclasses.dataclass(make(), **options)
