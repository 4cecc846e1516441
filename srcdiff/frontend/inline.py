"""Calls of the user's own functions: lowered in line, in a frame of their own, or kept as functions (recursion)."""

from __future__ import annotations

import ast
from types import FunctionType, MethodType
from typing import Any

from ..errors import UnsupportedError
from ..ir.build import const
from ..ir.core import CallRule, Const
from ..ir.dims import Attribute
from .context import AliasError, Frame, Lowerer, WouldRaise
from .control import EXIT, RESULT, RETURNED, flag, is_true, lower_stmts
from .exprs import expression
from .generators import is_generator, make_generator
from .libraries import is_of_library, of_library_function
from .names import analyse
from .source import COROUTINE, FunctionSource, function_source
from .values import Closure, Fields, Partial, Tup, Unset, Value

__all__ = ["call_checkpoint", "call_closure", "call_function", "enter"]

MAX_DEPTH = 100


Definition = ast.FunctionDef | ast.Lambda
Activation = tuple[Frame, Definition, tuple[Any, ...], tuple[tuple[str, Any], ...]]  # with the defaults of its parameters


def call_function(cx: Lowerer, fun: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A Python function with source."""
    if not is_of_library(fun.__globals__) or is_of_library(cx.frames[-1].globals):
        return run(cx, *of_function(cx, fun, node), args, kwargs, node)
    try:
        return run(cx, *of_function(cx, fun, node), args, kwargs, node)
    except (AliasError, WouldRaise):
        raise
    except UnsupportedError as error:
        raise not_followed(cx, fun, (*args, *kwargs.values()), error, node) from error


def not_followed(cx: Lowerer, fun: FunctionType, args: tuple[Any, ...], error: UnsupportedError,
                 node: ast.AST) -> UnsupportedError:
    """The error for a function of a library that does inside what is not supported; nobody can write that another way."""
    from .calls import may_carry

    found = of_library_function(fun.__module__, fun.__qualname__, error, cx.loc(node))
    if any(may_carry(cx, a) or isinstance(a, (Closure, Partial)) for a in args):
        return found
    return UnsupportedError(found.message, found.loc, "call it outside of the function and pass the result")


def call_closure(cx: Lowerer, fun: Closure, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A function defined inside the differentiated one."""
    return run(cx, *of_closure(fun), args, kwargs, node)


def call_checkpoint(cx: Lowerer, fun: Value, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A function that runs again in the backward half; one without statements of its own is just called."""
    from . import kept
    from .calls import apply

    if isinstance(fun, Partial):
        return call_checkpoint(cx, fun.fun, (*fun.args, *args), {**dict(fun.kwargs), **kwargs}, node)
    if isinstance(fun, Const) and isinstance(fun.value, MethodType):
        receiver = cx.captured(fun.value.__self__, f"{fun.name}.__self__")
        return call_checkpoint(cx, cx.captured(fun.value.__func__, fun.name), (receiver, *args), kwargs, node)
    if isinstance(fun, Closure):
        frame, definition, defaults, kw = of_closure(fun)
    elif isinstance(fun, Const) and isinstance(fun.value, FunctionType) and not is_library(fun.value):
        frame, definition, defaults, kw = of_function(cx, fun.value, node)
    else:
        return apply(cx, fun, args, kwargs, node)
    bound = bind_parameters(cx, definition.args, defaults, dict(kw), args, kwargs, frame.name, node)
    return kept.call_kept(cx, frame, definition, bound, node, rule=CallRule("checkpoint"))


def of_function(cx: Lowerer, fun: FunctionType, node: ast.AST) -> Activation:
    """A frame for a Python function with source."""
    if fun.__code__.co_flags & 0x280:  # coroutine, asynchronous generator
        cx.refuse(f"{fun.__qualname__} is a coroutine", node, COROUTINE)
    found = source_of(cx, fun, node)
    for part in ("__code__", "__defaults__", "__kwdefaults__"):  # reloading may change them in place
        cx.facts.capture(fun, Attribute(part), getattr(fun, part))
    for name, value in (fun.__kwdefaults__ or {}).items():
        cx.facts.capture(fun.__kwdefaults__, name, value)
    names = [f"default of {fun.__name__}"] * 99
    defaults = tuple(cx.captured(v, n) for v, n in zip(fun.__defaults__ or (), names, strict=False))
    kw = tuple((k, cx.captured(v, f"default of {k}")) for k, v in (fun.__kwdefaults__ or {}).items())
    frame = Frame(0, fun.__name__, analyse(found.node), found.source, fun.__globals__, cells_of(fun), code=fun.__code__,
                  library=is_library(fun))
    return frame, found.node, defaults, kw


def is_library(fun: FunctionType) -> bool:
    """Whether a function is one of ours that is lowered like the user's."""
    return str(fun.__module__).startswith(("srcdiff.composed.", "srcdiff.runtime."))


def of_closure(fun: Closure) -> Activation:
    """A frame for a function defined inside the differentiated one."""
    outer: Frame = fun.frame
    name = fun.node.name if isinstance(fun.node, ast.FunctionDef) else "<lambda>"
    frame = Frame(0, name, analyse(fun.node), outer.source, outer.globals, outer.cells, parent=outer, code=fun.node,
                  library=outer.library)
    return frame, fun.node, fun.defaults, fun.kw_defaults


def source_of(cx: Lowerer, fun: FunctionType, node: ast.AST | None) -> FunctionSource:
    try:
        return function_source(fun)
    except UnsupportedError as error:
        if error.loc is None:
            error.loc = cx.loc(node)
        raise


def cells_of(fun: FunctionType) -> dict[str, Any]:
    return dict(zip(fun.__code__.co_freevars, fun.__closure__ or (), strict=True))


def run(cx: Lowerer, frame: Frame, node: Definition, defaults: tuple[Any, ...],
        kw_defaults: tuple[tuple[str, Any], ...], args: tuple[Any, ...], kwargs: dict[str, Any], site: ast.AST) -> Value:
    from . import kept

    bound = bind_parameters(cx, node.args, defaults, dict(kw_defaults), args, kwargs, frame.name, site)
    if is_generator(node):
        return make_generator(cx, frame, node, bound)
    if not frame.library and (any(f.code is frame.code for f in cx.frames) or kept.is_recursive(cx, frame.code)):
        return kept.call_kept(cx, frame, node, bound, site)
    if not frame.library and cx.ends is None and kept.is_wanted(cx, frame, node):
        found = kept.try_kept(cx, frame, node, bound, site)
        if found is not None:
            return found
    if len(cx.frames) > MAX_DEPTH:
        cx.refuse("calls nested too deep", site)
    return enter(cx, frame, node, bound)


def enter(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value]) -> Value:
    """Lower the body with its parameters bound; the result."""
    frame.fid = next(cx.ids)
    frame.ends, cx.ends = cx.ends, None
    for name, value in bound.items():
        cx.state.env[frame.fid, name] = value
    cx.state.env[frame.fid, EXIT] = cx.state.env[frame.fid, RETURNED] = const(False)
    cx.frames.append(frame)
    try:
        if isinstance(node, ast.Lambda):
            frame.live = frame.scope.local
            return expression(cx, node.body)
        lower_stmts(cx, [*node.body, implicit_return(cx, node)])
        if cx.state.dead:  # every path raises: nobody sees the result
            if frame.given_up is not None and not cx.tries:
                raise frame.given_up
            return const(0.0)
        if not is_true(flag(cx, RETURNED)):
            cx.refuse("a path through this function that does not end in return", node)
        result = cx.state.env.get((frame.fid, RESULT), const(None))
        return result.value if isinstance(result, Unset) else result
    finally:
        cx.frames.pop()
        if frame.scope.kept:
            cx.outlived.add(frame.fid)
        for key in [k for k in cx.state.env if k[0] == frame.fid and k[1].startswith("<")]:
            del cx.state.env[key]


def implicit_return(cx: Lowerer, node: ast.FunctionDef) -> ast.Return:
    made = cx.memo.get(("return", node))
    if made is None:
        made = cx.memo["return", node] = ast.copy_location(ast.Return(None), node.body[-1])
    return made


def bind_parameters(cx: Lowerer, spec: ast.arguments, defaults: tuple[Any, ...], kw_defaults: dict[str, Any],
                    args: tuple[Any, ...], kwargs: dict[str, Any], name: str, node: ast.AST | None) -> dict[str, Value]:
    """Arguments by parameter name, as Python binds them."""
    positional = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    only = {a.arg for a in spec.posonlyargs}
    keyword = [a.arg for a in spec.kwonlyargs]
    bound: dict[str, Value] = dict(zip(positional, args, strict=False))
    if len(args) > len(positional) and spec.vararg is None:
        cx.fails(TypeError, f"{name} takes {len(positional)} positional arguments, {len(args)} were given", node)
    if spec.vararg is not None:
        bound[spec.vararg.arg] = Tup(tuple(args[len(positional):]))
    rest: dict[str, Value] = {}
    for key, value in kwargs.items():
        if (key in positional and key not in only) or key in keyword:
            if key in bound:
                cx.fails(TypeError, f"{name} got {key!r} twice", node)
            bound[key] = value
        elif spec.kwarg is not None:
            rest[key] = value
        else:
            cx.fails(TypeError, f"{name} has no parameter {key!r}", node)
    if spec.kwarg is not None:
        bound[spec.kwarg.arg] = cx.new_obj(Fields(tuple(rest.values()), tuple(rest)))
    given = dict(zip(positional[len(positional) - len(defaults):], defaults, strict=True)) | kw_defaults
    for key in (*positional, *keyword):
        if key not in bound:
            if key not in given:
                cx.fails(TypeError, f"{name} needs the argument {key!r}", node)
            bound[key] = given[key]
    return bound


