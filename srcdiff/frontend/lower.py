"""Lowering: abstract interpretation of a function's AST over the types of its arguments, to structured SSA."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Mapping
from types import FunctionType, MethodType
from typing import Any

from .. import rules
from ..errors import DerivativeTypeError, UnsupportedError
from ..ir import tree
from ..ir.build import const
from ..ir.core import Atom, Block, Const, Function, If, Module, Var
from ..ir.dims import Attribute, Facts
from ..ir.tree import part_names
from ..ir.types import Array, List
from .argument_objects import ArgumentObjects
from .choices import settled
from .context import Frame, Lowerer
from .failures import plain
from .inline import bind_parameters, cells_of, enter
from .local_classes import is_local
from .names import analyse
from .nests import is_circular, is_table
from .registered import apart, made, registration, static_object, static_value
from .source import function_source
from .values import DynList, Fields, Kind, Maybe, Obj, Poison, Ref, Rows, Tup, Value

__all__ = ["lower"]

assert rules  # importing it fills the table of operations


def lower(fun: Any, args: list[tuple[str, tree.Tree]], params: tuple[Var, ...], facts: Facts,
          inline: bool | None = None, derive: Callable[[Module, str, tuple[int, ...], bool], Module] | None = None,
          lent: tuple[str, ...] = (), same: Mapping[str, str] | None = None) -> Module:
    """Lower ``fun`` for arguments of the given types.

    Parameters
    ----------
    fun : function
        A Python function, lambda, or bound method (whose receiver is captured).
    args : list of (name, Tree)
        One tree of ``params`` for each parameter that the call binds.
    params : tuple of Var
        The leaves.
    facts : Facts
        Filled with what the program takes for granted.
    inline : bool, optional
        Lower every helper in line that can be, or keep every one as a function; None: by length.
    derive : callable, optional
        Differentiates a module: called for gradients that the program itself takes.
    lent : tuple of str
        Parameters bound before the call, such as ``self``: the generated function does to them what the function does.
    same : mapping of str to str, optional
        Expressions for arguments, or parts of them, that are one object: a later one to an earlier one.

    Returns
    -------
    Module
    """
    cx = Lowerer(facts)
    cx.derive, cx.inline = derive, inline
    cx.arguments = ArgumentObjects(same or {})
    cx.main_name = getattr(fun, "__name__", "")
    receiver: tuple[Value, ...] = ()
    if isinstance(fun, MethodType):
        receiver = (cx.captured(fun.__self__, "self"),)
        fun = fun.__func__
    if not isinstance(fun, FunctionType):
        raise DerivativeTypeError(f"{fun!r} is not a Python function")
    found = function_source(fun)
    facts.capture(fun, Attribute("__code__"), fun.__code__)
    frame = Frame(0, fun.__name__, analyse(found.node), found.source, fun.__globals__, cells_of(fun), code=fun.__code__)
    cx.frames.append(Frame(-1, fun.__name__, analyse(found.node), found.source, fun.__globals__, {}))
    loc = cx.loc(found.node)
    try:
        with cx.builder.at(loc):
            bound = bind(cx, fun, found.node, args, params, receiver)
            for name in lent:
                lend(cx, bound.get(name), name)
            cx.frames.clear()
            value = enter(cx, frame, found.node, bound)
            cx.frames.append(frame)
            results: list[Atom] = []
            result = leaves_of(cx, value, results, loc, found.node)
    except UnsupportedError as error:
        error.context = error.context or f"while differentiating {fun.__name__} ({found.source.file}:{found.node.lineno})"
        raise plain(error) from error.__cause__
    note_objects(cx)
    name = fun.__name__ if fun.__name__ != "<lambda>" else "function"
    main = Function(name, params, Block(tuple(cx.builder.stmts), tuple(results)), tuple(args), result, (), loc, "")
    return Module(main, dict(cx.kept_functions), facts, cx.objects)


def lend(cx: Lowerer, value: Value | None, text: str) -> None:
    """Note how generated code reaches the objects in an argument that was bound before the call."""
    if isinstance(value, Tup):
        for k, item in enumerate(value.items):
            lend(cx, item, f"{text}[{k}]")
    elif isinstance(value, Obj) and isinstance(contents := cx.contents(value.oid), Fields):
        cx.lent[value.oid] = text
        keys = range(len(contents.items)) if contents.keys is None else contents.keys
        for key, item in zip(keys, contents.items, strict=True):
            lend(cx, item, f"{text}[{key!r}]" if contents.cls is None else f"{text}.{key}")
    elif isinstance(value, Obj):
        cx.lent[value.oid] = text


def note_objects(cx: Lowerer) -> None:
    """Record which objects among the arguments were taken for two."""
    for a, b in cx.arguments.pairs():
        cx.facts.note_apart(f"{a} is not {b}", a, b)
    for a, b, value in cx.arguments.outside():
        label = cx.label(value, b)
        cx.facts.note_apart(f"{a} is not {label}", a, label)


def bind(cx: Lowerer, fun: FunctionType, node: Any, args: list[tuple[str, tree.Tree]], params: tuple[Var, ...],
         receiver: tuple[Value, ...]) -> dict[str, Value]:
    defaults = tuple(cx.captured(v, "default") for v in fun.__defaults__ or ())
    kw = {k: cx.captured(v, f"default of {k}") for k, v in (fun.__kwdefaults__ or {}).items()}
    spec = node.args
    values = {name: value_of(cx, t, params, node, name) for name, t in args}
    star = [] if spec.vararg is None else [spec.vararg.arg]
    double = [] if spec.kwarg is None else [spec.kwarg.arg]
    given = {k: v for k, v in values.items() if k not in star + double}
    bound = bind_parameters(cx, spec, defaults, kw, receiver, {}, fun.__name__, node) if receiver and not given else None
    if bound is None:
        only = [a.arg for a in spec.posonlyargs]
        head = tuple(given.pop(n) for n in only[len(receiver):] if n in given)
        bound = bind_parameters(cx, spec, defaults, kw, receiver + head, given, fun.__name__, node)
    bound.update({k: values[k] for k in star + double if k in values})
    return bound


def called(value: object, name: str) -> str:
    """What a function, class or module is called; ``name`` for anything else, whose attributes may be made by a method."""
    return name if hasattr(type(value), "__getattr__") else getattr(value, "__name__", name)


def value_of(cx: Lowerer, t: tree.Tree, params: tuple[Var, ...], node: ast.AST, name: str) -> Value:
    """The value that an argument's tree describes; ``name``: the expression that reaches it."""
    known = cx.arguments
    if name in known.same:
        return known.values_as(t, name, known.same[name])
    value = known.values[name] = made_of(cx, t, params, node, name)
    if isinstance(value, Obj) and not isinstance(t, tree.Static):
        known.add(value.oid, name, t)
    return value


def made_of(cx: Lowerer, t: tree.Tree, params: tuple[Var, ...], node: ast.AST, name: str) -> Value:
    """The same, of what is not one object with an argument before."""
    if isinstance(t, tree.Static):
        return cx.captured(t.value, called(t.value, name if name.isidentifier() else "static"))
    if isinstance(t, tree.Leaf):
        var = params[t.index]
        if isinstance(var.type, Array):
            return Ref(cx.new_storage(var))
        return cx.new_obj(DynList((var,), 0)) if isinstance(var.type, List) else var
    items = tuple(value_of(cx, i, params, node, n) for i, n in zip(t.items, part_names(t, name), strict=True))
    if t.kind == "registered":
        value = made(cx, t.cls, static_value(cx, t.static), items, node)
        name_leaves(cx, value, params)
        return value
    if t.kind in ("tuple", "namedtuple"):
        return Tup(items, t.cls)
    return cx.new_obj(Fields(items, t.keys if t.kind != "list" else None, t.cls))


def name_leaves(cx: Lowerer, instance: Value, params: tuple[Var, ...]) -> None:
    """Call parameters what an instance of a registered class calls them."""
    contents = cx.contents(instance.oid) if isinstance(instance, Obj) else None
    if not isinstance(contents, Fields) or contents.keys is None:
        return
    for name, item in zip(contents.keys, contents.items, strict=True):
        var = cx.state.store[item.sid] if isinstance(item, Ref) and not item.path.steps else item
        if isinstance(var, Var) and var in params and not var.hint:
            var.hint = name


def require_result(cx: Lowerer, value: Maybe, loc: Any) -> None:
    """A test at run time that a result is there: None has no derivative."""
    with cx.builder.block() as stmts:
        cx.raise_at_run_time(UnsupportedError("the function returns None here", loc,
                                              "return a number or an array on every path, or raise an exception"))
    cx.builder.add(If(value.none, Block(tuple(stmts), ()), Block((), ()), (), cx.builder.loc, cx.builder.role))


def leaves_of(cx: Lowerer, value: Value, results: list[Atom], loc: Any, node: ast.AST) -> tree.Tree:
    """The tree of a result; its leaves are read and appended to ``results``."""
    value = settled(cx, value, node)
    if isinstance(value, Tup):
        kind = "namedtuple" if value.cls is not None else "tuple"
        return tree.Node(kind, tuple(leaves_of(cx, v, results, loc, node) for v in value.items),
                         getattr(value.cls, "_fields", ()), value.cls)
    if isinstance(value, Obj):
        contents = cx.contents(value.oid)
        if (registered := registration(cx, value)) is not None:
            children, static = apart(cx, registered, value, node)
            return tree.Node("registered", tuple(leaves_of(cx, v, results, loc, node) for v in children), (), registered.cls,
                             static_object(cx, static, registered, node))
        if isinstance(contents, Fields) and is_local(contents.cls):
            raise UnsupportedError(f"a result of the class {contents.cls.__name__}, which is made in the function", loc,
                                   "define the class outside of the function")
        if isinstance(contents, Fields) and isinstance(contents.cls, Kind):
            what = f"a result that is a {contents.cls.name}"
            raise UnsupportedError(what, loc, "return a list, a tuple or a dict: list(...)")
        if is_circular(cx, value):
            raise UnsupportedError("a result that leads back to itself", loc, "return the numbers and arrays in it")
        if is_table(contents):
            raise UnsupportedError("a result that is a dict with keys that only the run knows", loc,
                                   "return its keys and values: list(d), list(d.values())")
        if isinstance(contents, Fields):
            items = tuple(leaves_of(cx, v, results, loc, node) for v in contents.items)
            return tree.Node(kind_of(contents), items, contents.keys or (), contents.cls)
        template = contents.template
        while isinstance(template, Rows):
            template = template.item
        if template != 0:
            raise UnsupportedError("returning a list of tuples of unknown length", loc, "return one list for each")
        results.append(contents.lists[0])
        return tree.Leaf(len(results) - 1)
    if isinstance(value, Poison):
        raise UnsupportedError(value.reason, loc)
    if isinstance(value, Const) and value.type == const(None).type:
        return tree.Static(value.value)
    if isinstance(value, (Ref, Var, Const)):
        if isinstance(value, Ref):
            cx.strengthen(value)
        results.append(cx.read(value))
        return tree.Leaf(len(results) - 1)
    if isinstance(value, Maybe):
        require_result(cx, value, loc)
        return leaves_of(cx, value.value, results, loc, node)
    raise UnsupportedError(f"a result that is a {cx.describe(value)}", loc, "return numbers, arrays, or nests of them")


def kind_of(contents: Fields) -> str:
    """The kind of a node for a list, dict or object."""
    if contents.keys is None:
        return "list"
    if contents.cls is None:
        return "dict"
    return "dataclass" if dataclasses.is_dataclass(contents.cls) else "object"
