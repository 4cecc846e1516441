"""Generators without an end that are asked for one item at a time: ``next(g)``.

    def powers(v):                        def powers(v):
        p = v                                 p, place = v, 0
        while True:                           def step():
            yield p              becomes          nonlocal p, place
            p = p * v                             if place == 1:
                                                      p = p * v
                                                  place = 1
                                                  return p
                                              return step

What stands in front of the loop runs when the first item is asked for, or in front of the loop of the program that asks for
it, where it reads nothing that could change.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ..composed import python_library
from . import prelude
from .context import Frame
from .generators import runs_forever
from .names import analyse, assigned_names, has_break, has_exit, own_nodes, parameters, reads_of
from .positions import require_whole
from .reachable import names_of
from .values import Closure, Generator, Obj, Ref, Value

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["begin_in_front", "first_step", "going_on"]

PLACE, STEP = "place_", "step_"


def first_step(cx: Lowerer, value: Generator, node: ast.AST | None) -> Closure | None:
    """What gives the next item of a generator; None for one that cannot be written as such a function."""
    key = (0, f"<steps {value.number}>")
    found = cx.state.env.get(key)
    if isinstance(found, Closure):
        return found
    made = as_function(cx, value.node)
    if made is None or value.number in cx.state.taken:
        return None
    require_whole(cx, value, node)
    return begin(cx, value, made)


def begin(cx: Lowerer, value: Generator, made: ast.FunctionDef) -> Closure:
    from .inline import enter

    around: Frame = value.frame
    frame = Frame(0, around.name, analyse(made), around.source, around.globals, around.cells, around.parent, code=made,
                  library=around.library)
    step = enter(cx, frame, made, dict(value.bound))
    assert isinstance(step, Closure)
    cx.state.env[0, f"<steps {value.number}>"] = step
    cx.state.taken[value.number] = None
    return step


def going_on(cx: Lowerer, value: Value, node: ast.AST | None) -> Value:
    """A generator of which items were taken, as one of the rest; any other value as it is."""
    step = cx.state.env.get((0, f"<steps {value.number}>")) if isinstance(value, Generator) else None
    if step is None:
        return value
    return prelude.call(cx, python_library.endless_items, (step,), node or ast.Pass())


def begin_in_front(cx: Lowerer, loop: ast.For | ast.While) -> None:
    """Begin the generators that a loop asks for items."""
    keys = {(cx.frames[-1].fid, name) for name in frozenset().union(*map(reads_of, loop.body))} & set(cx.state.env)
    for key in sorted(keys | names_of(cx, [cx.state.env[k] for k in keys])):
        value = cx.state.env[key]
        if not isinstance(value, Generator) or value.number in cx.state.taken or not runs_forever(value.node.body):
            continue
        made = as_function(cx, value.node)
        if made is not None and not any(value.number < n for n in cx.rolled) and reads_nothing(value, made):
            begin(cx, value, made)


def reads_nothing(value: Generator, made: ast.FunctionDef) -> bool:
    """Whether what stands in front of a generator's loop computes with its arguments and constants, and all are numbers."""
    bound = dict(value.bound)
    front = [s for s in made.body if not isinstance(s, (ast.FunctionDef, ast.Return))]
    plain = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context, ast.Tuple)
    for stmt in front:
        if not isinstance(stmt, ast.Assign) or not all(isinstance(n, plain) for n in ast.walk(stmt.value)):
            return False
    names = frozenset().union(*map(reads_of, front))
    own = assigned_names(list(front))
    return all(n in own or (n in bound and not isinstance(bound[n], (Ref, Obj))) for n in names)


def as_function(cx: Lowerer, node: ast.AST) -> ast.FunctionDef | None:
    """A generator function as a function that gives a function: each call of that gives the next item."""
    key = ("steps", node)
    if key not in cx.memo:
        cx.memo[key] = rewritten(node) if isinstance(node, ast.FunctionDef) else None
    made: ast.FunctionDef | None = cx.memo[key]
    return made


def rewritten(node: ast.FunctionDef) -> ast.FunctionDef | None:
    loop = node.body[-1]
    if not isinstance(loop, ast.While) or not runs_forever([loop]) or has_yield(node.body[:-1]):
        return None
    parts: list[list[ast.stmt]] = [[]]
    values: list[ast.expr] = []
    for stmt in loop.body:
        if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Yield):
            values.append(stmt.value.value or ast.Constant(None))
            parts.append([])
        else:
            parts[-1].append(stmt)
    if not values or has_yield([s for part in parts for s in part]) or has_exit(loop.body) or has_break(loop.body) \
            or any(has_yield([ast.Expr(v)]) for v in values) or has_exit(node.body[:-1]):
        return None
    before = node.body[:-1]
    unset = sorted(assigned_names(loop.body) - assigned_names(before) - parameters(node.args))
    changed = sorted(assigned_names(loop.body))
    step = ast.FunctionDef(STEP, NOTHING, [ast.Nonlocal([*changed, PLACE]), *steps(parts, values)], [])
    front: list[ast.stmt] = [*before, *(assign(n, None) for n in unset), assign(PLACE, 0), step,
                             ast.Return(ast.Name(STEP, ast.Load()))]
    made = ast.FunctionDef(node.name, node.args, front, [])
    for inner in ast.walk(made):
        if isinstance(inner, (ast.stmt, ast.expr)) and not hasattr(inner, "lineno"):
            ast.copy_location(inner, loop)
    return made


NOTHING = ast.arguments([], [], None, [], [], None, [])


def steps(parts: list[list[ast.stmt]], values: list[ast.expr]) -> list[ast.stmt]:
    """The body of the function, which goes on behind the ``yield`` that it left at."""
    found: list[ast.stmt] = []
    for k in range(1, len(values)):
        found.append(ast.If(at(k), [*parts[k], assign(PLACE, k + 1), ast.Return(values[k])], []))
    if parts[-1]:
        found.append(ast.If(at(len(values)), parts[-1], []))
    return [*found, *parts[0], assign(PLACE, 1), ast.Return(values[0])]


def at(k: int) -> ast.expr:
    return ast.Compare(ast.Name(PLACE, ast.Load()), [ast.Eq()], [ast.Constant(k)])


def assign(name: str, value: object) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], ast.Constant(value))  # type: ignore[arg-type]


def has_yield(stmts: list[ast.stmt]) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(stmts))
