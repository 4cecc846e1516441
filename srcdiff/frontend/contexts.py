"""``with``: managers of NumPy and of the standard library run where they stand, in the forward part; the user's own are
followed.

A ``with`` in generated code keeps what the manager does around its statements, whatever way control leaves them. The methods of
a user's class, and the generator that ``contextlib.contextmanager`` makes a manager of, are lowered like any other code.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from ..ir.build import const
from ..ir.core import Arg, Const
from ..ir.types import Object
from . import exceptions, generators
from .attributes import attribute
from .context import Lowerer
from .control import branch, lower_stmts
from .exprs import expression, truth
from .library_objects import MANAGER, is_of_library
from .names import during
from .objects import class_of, find
from .values import Either, Generator, Once, Partial, Value

__all__ = ["held", "lower_with"]

Body = Callable[[], object]
MAKER = contextlib.contextmanager(lambda: iter(())).__code__  # all functions that it makes share this


def lower_with(cx: Lowerer, node: ast.With) -> None:
    lower_item(cx, node, 0)


def lower_item(cx: Lowerer, node: ast.With, k: int) -> None:
    """The managers from number ``k`` on, and the body."""
    if k == len(node.items):
        lower_stmts(cx, node.body)
        return
    frame = cx.frames[-1]
    frame.live = during(frame.scope, node)
    item = node.items[k]
    place = item.context_expr
    with cx.at(place):
        enter(cx, node, item, lambda: lower_item(cx, node, k + 1))


def enter(cx: Lowerer, node: ast.With, item: ast.withitem, body: Body) -> None:
    """One manager around ``body``."""
    from .calls import arguments

    place = item.context_expr
    if not isinstance(place, ast.Call):
        manage(cx, node, expression(cx, place), item, body)
        return
    fun = expression(cx, place.func)
    if isinstance(fun, Const) and fun.value is contextlib.suppress:
        suppressed(cx, node, item, body)
        return
    args, kwargs = arguments(cx, place)
    made(cx, node, Partial(fun, args, tuple(kwargs.items())), item, body)


def manage(cx: Lowerer, node: ast.With, value: Value, item: ast.withitem, body: Body) -> None:
    """A manager that is a value; one of two is entered in either branch."""
    if isinstance(value, Either):
        branch(cx, value.cond, lambda: manage(cx, node, value.then, item, body),
               lambda: manage(cx, node, value.orelse, item, body), cx.frames[-1].scope.after.get(node, frozenset()))
    elif isinstance(value, Partial):
        made(cx, node, value, item, body)
    elif isinstance(value, Once) and value.kind == "nditer":
        bind(cx, item, value)
        body()
    else:
        around(cx, value, item, body)


def made(cx: Lowerer, node: ast.With, manager: Partial, item: ast.withitem, body: Body) -> None:
    """A manager that a call makes."""
    from .calls import apply

    fun, args, kwargs, place = manager.fun, manager.args, dict(manager.kwargs), item.context_expr
    obj = fun.value if isinstance(fun, Const) else None
    if obj is np.errstate:
        errstate(cx, kwargs, place, body)
    elif obj is contextlib.nullcontext:
        bind(cx, item, args[0] if args else kwargs.get("enter_result", const(None)))
        body()
    elif obj is np.nditer:
        bind(cx, item, apply(cx, fun, args, kwargs, place))
        body()
    elif isinstance(fun, Const) and is_library_manager(obj):
        library(cx, fun, args, kwargs, item, body)
    elif isinstance(obj, FunctionType) and obj.__code__ is MAKER:
        generated(cx, apply(cx, cx.captured(obj.__wrapped__, obj.__name__), args, kwargs, place), item, body)  # type: ignore[attr-defined]
    elif isinstance(fun, Partial) and makes_managers(fun):
        generated(cx, apply(cx, fun.args[0], args, kwargs, place), item, body)
    else:
        manage(cx, node, apply(cx, fun, args, kwargs, place), item, body)


def makes_managers(fun: Partial) -> bool:
    """A generator function that is decorated in the function itself."""
    return isinstance(fun.fun, Const) and fun.fun.value is contextlib.contextmanager


def held(cx: Lowerer, fun: Value, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Partial | None:
    """A call that makes a manager, put away until it is entered."""
    obj = fun.value if isinstance(fun, Const) else None
    if obj is np.errstate or obj is contextlib.nullcontext or (isinstance(obj, FunctionType) and obj.__code__ is MAKER) or \
            (isinstance(fun, Partial) and makes_managers(fun)):
        return Partial(fun, args, tuple(kwargs.items()))
    return None


def bind(cx: Lowerer, item: ast.withitem, value: Value) -> None:
    from .statements import assign

    if item.optional_vars is not None:
        assign(cx, item.optional_vars, value)


# -- NumPy and the standard library ------------------------------------------------------------------------------------


def errstate(cx: Lowerer, kwargs: dict[str, Any], node: ast.expr, body: Body) -> None:
    """``with np.errstate``: around the statements, and what it ignores around their adjoints too."""
    if "call" in kwargs or not all(isinstance(v, Const) and isinstance(v.value, str) for v in kwargs.values()):
        cx.refuse("np.errstate with arguments that are no constants", node, "write them out: np.errstate(divide='ignore')")
    pairs = tuple((const(name), how) for name, how in kwargs.items())
    off = tuple(pair for pair in pairs if pair[1].value == "ignore")
    cx.builder.emit_all("enter", Const(np.errstate, Object("static"), "np.errstate"), (), pairs)
    body()
    cx.builder.emit_all("leave", (), const(None), off)


REFUSED = (contextlib.ExitStack, contextlib.AsyncExitStack)


def is_library_manager(obj: Any) -> bool:
    """A class or function of Python's or NumPy's that makes managers."""
    if not is_of_library(obj):
        return False
    if isinstance(obj, FunctionType):
        return obj.__code__ is MAKER
    return isinstance(obj, BuiltinFunctionType) or (isinstance(obj, type) and hasattr(obj, "__enter__"))


def library(cx: Lowerer, fun: Const, args: tuple[Any, ...], kwargs: dict[str, Any], item: ast.withitem, body: Body) -> None:
    """A manager that is made and entered where it stands."""
    if fun.value in REFUSED:
        cx.refuse(f"with {fun.value.__name__}, which may swallow exceptions", item.context_expr,
                  "write the managers out: with a, b:")
    name = fun.name.rpartition(".")[2]
    if getattr(builtins, name, None) is not fun.value:
        name = fun.name if fun.name.startswith("np.") else cx.label(fun.value, name)
    fun = Const(fun.value, Object("static"), name)
    values = tuple(cx.printable(a) for a in args)
    opaque(cx, fun, values, tuple((const(k), cx.printable(v)) for k, v in kwargs.items()), item, body)


def opaque(cx: Lowerer, manager: Const, args: Arg, kwargs: Arg, item: ast.withitem, body: Body) -> None:
    outs = cx.builder.emit_all("enter", manager, args, kwargs, types=(Object(MANAGER),))
    bind(cx, item, outs[0])
    body()
    cx.builder.emit_all("leave", (), const(None), ())


def suppressed(cx: Lowerer, node: ast.With, item: ast.withitem, body: Body) -> None:
    """``with contextlib.suppress(E)`` is ``try: ... except E: pass``."""
    place = item.context_expr
    assert isinstance(place, ast.Call)
    name = place.func.attr if isinstance(place.func, ast.Attribute) else getattr(place.func, "id", "")
    if name != "suppress" or len(node.items) > 1:
        cx.refuse("contextlib.suppress under another name, or together with other managers", place,
                  "write it as a statement of its own: with contextlib.suppress(ValueError):")
    made = cx.memo.get(("suppress", node))
    if made is None:
        handler = ast.ExceptHandler(ast.Tuple(place.args, ast.Load()), None, [ast.Pass()])
        made = ast.Try(node.body, [handler], [], [])
        for inner in (handler.type, handler.body[0], made):
            ast.copy_location(inner, node)  # type: ignore[type-var]
        cx.memo["suppress", node] = made
    scope = cx.frames[-1].scope
    scope.after[made] = scope.after[made.handlers[0].body[0]] = scope.after.get(node, frozenset())
    scope.before[made] = scope.before.get(node, frozenset())
    exceptions.lower_try(cx, made)


# -- the user's own ----------------------------------------------------------------------------------------------------


def around(cx: Lowerer, value: Value, item: ast.withitem, body: Body) -> None:
    """``value.__enter__()``, the body, ``value.__exit__(None, None, None)``."""
    from .calls import apply

    node = item.context_expr
    library = isinstance(value, Const) and is_of_library(type(value.value))
    if isinstance(value, Const) and (library or class_of(cx, value) is None) and hasattr(value.value, "__enter__"):
        shown = Const(value.value, Object("static"), cx.label(value.value, value.name))
        opaque(cx, shown, const(None), (), item, body)
        return
    if class_of(cx, value) is None:
        cx.refuse(f"with a {cx.describe(value)}", node, "a context manager has __enter__ and __exit__")
    check_exit(cx, value, node)
    bind(cx, item, apply(cx, attribute(cx, value, "__enter__", node), (), {}, node))

    def leave() -> None:
        with cx.at(node):
            nothing = (const(None),) * 3
            swallows = truth(cx, apply(cx, attribute(cx, value, "__exit__", node), nothing, {}, node), node)
        if not isinstance(swallows, Const) or swallows.value:
            cx.refuse("a context manager that swallows exceptions", node, "let its __exit__ return nothing")
    exceptions.protect(cx, body, leave)


def check_exit(cx: Lowerer, value: Value, node: ast.expr) -> None:
    """Refuse a class whose ``__exit__`` may return true: it would swallow exceptions."""
    from .source import function_source

    cls = class_of(cx, value)
    found = find(cx, cls, "__exit__") if cls is not None else None
    if not isinstance(found, FunctionType):
        cx.refuse(f"with a {cls.__name__ if cls else 'value'}, which has no __exit__ written in Python", node)
    returns = [n.value for n in ast.walk(function_source(found).node) if isinstance(n, ast.Return)]
    if not all(v is None or (isinstance(v, ast.Constant) and not v.value) for v in returns):
        cx.refuse("a context manager that may swallow exceptions: its __exit__ returns something", node,
                  "let its __exit__ return nothing")


def generated(cx: Lowerer, made: Value, item: ast.withitem, body: Body) -> None:
    """A generator with one ``yield``, where the body runs."""
    node = item.context_expr
    if not isinstance(made, Generator):
        cx.refuse("contextlib.contextmanager of a function that is no generator", node)
    outer = cx.frames[-1]
    turns: list[Value] = []

    def turn(value: Value) -> None:
        if turns:
            cx.refuse("a context manager that yields more than once", node)
        turns.append(value)
        live = outer.live
        cx.frames.append(outer)
        try:
            bind(cx, item, value)
            body()
        finally:
            cx.frames.pop()
            outer.live = live
    generators.run(cx, made, turn, node)
    if not turns:
        cx.refuse("a context manager that does not yield", node)
