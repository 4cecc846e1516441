"""Lowering of a rule's formula: an expression over IR values, by the same frontend as user code."""

from __future__ import annotations

import ast
import functools

from ..errors import InternalError, Source, UnsupportedError
from ..ir.build import Builder, const
from ..ir.core import Arg, Atom, Const, Var
from ..ir.types import Array, List, Tuple
from ..rules import table
from .context import Frame, Lowerer
from .exprs import expression
from .names import Scope
from .values import DynList, Tup, Value

__all__ = ["lower_formula"]

EMPTY: frozenset[str] = frozenset()


@functools.lru_cache(4096)
def _parsed(text: str) -> tuple[ast.expr, Source, frozenset[str]]:
    node = ast.parse(text, mode="eval").body
    names = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
    return node, Source("<rule>", text), names


def lower_formula(text: str, where: str, env: dict[str, Arg], builder: Builder) -> Atom:
    """Lower ``text`` with the names in ``env`` bound to IR values; the statements go to ``builder``.

    Raises
    ------
    InternalError
        If the formula cannot be lowered: a fault of the rule, which ``where`` names.
    """
    node, source, names = _parsed(text)
    cx = Lowerer(builder.facts)
    cx.builder = builder
    scope = table.formula_globals(where)
    modules = {name: cx.captured(module, name) for name, module in table.formula_modules().items() if name in names}
    frame = Frame(0, "rule", Scope(names & (env.keys() | modules.keys()), EMPTY, EMPTY), source, scope or {}, {},
                  library=scope is None)
    frame.live = names
    cx.frames.append(frame)
    values = modules | {name: _value(cx, env[name]) for name in names & env.keys()}
    cx.state.env.update({(0, name): value for name, value in values.items()})
    loc = builder.loc
    try:
        value = _lower(cx, node)
        return result(cx, value)
    except UnsupportedError as error:
        raise InternalError(f"the rule at {where} could not be expanded: {error.message}\n    {text}") from error
    finally:
        builder.loc = loc


def _lower(cx: Lowerer, node: ast.expr) -> Value:
    """The whole expression is at the primal's place: no place in the rule's text."""
    cx.placeless = True
    return expression(cx, node)


def _value(cx: Lowerer, arg: Arg) -> Value:
    if isinstance(arg, tuple):
        return Tup(tuple(_value(cx, a) for a in arg))
    if isinstance(arg, Var):
        if isinstance(arg.type, List):
            return cx.new_obj(DynList((arg,), 0))
        if isinstance(arg.type, Tuple):
            return Tup(tuple(cx.wrap(cx.var("untuple", arg, const(k)))
                             for k in range(len(arg.type.items))))
        return cx.wrap(arg) if isinstance(arg.type, Array) else arg
    if isinstance(arg, Const) and isinstance(arg.value, tuple):
        return Tup(tuple(_value(cx, cx.captured(v, "")) for v in arg.value))
    return arg


def result(cx: Lowerer, value: Value) -> Atom:
    if isinstance(value, Tup):
        return cx.var("tuple", tuple(result(cx, v) for v in value.items))
    found = cx.arg(value)
    if isinstance(found, tuple):
        return cx.var("list", found)
    return found
