"""Generator functions and generator expressions: run in line where they are consumed.

A ``for`` over a generator lowers the generator's body, and at each ``yield`` the body of the ``for``: the two take turns, as
they do in Python. Any other consumer gets a list of what is yielded. A generator is used up once; what would use it up twice is
refused.
"""

from __future__ import annotations

import ast
from typing import Any

from ..ir.build import const
from .context import Frame, Lowerer
from .control import EXIT, branch, flag, is_false, is_true, lower_stmts, set_exit, set_flag
from .names import during, has_break, has_exit, own_nodes
from .positions import is_left_early, require_whole, used_up
from .reachable import live_values, reachable
from .values import Fields, Generator, Obj, Once, State, Value

__all__ = ["for_generator", "is_generator", "listed", "lower_yield", "lower_yield_from", "make_generator", "may_run_forever",
           "runs_forever"]


def is_generator(node: ast.AST) -> bool:
    """Whether a function's own body has a ``yield``."""
    body: list[Any] = node.body if isinstance(node, ast.FunctionDef) else [node.body] if isinstance(node, ast.Lambda) else []
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(body))


def make_generator(cx: Lowerer, frame: Frame, node: Any, bound: dict[str, Value]) -> Generator:
    return Generator(frame, node, tuple(bound.items()), next(cx.ids))


def consume(cx: Lowerer, generator: Generator, node: ast.AST | None) -> None:
    """Note that a generator is gone through here."""
    require_whole(cx, generator, node)
    cx.state.taken[generator.number] = None


def run(cx: Lowerer, generator: Generator, on_yield: Any, node: ast.AST | None) -> Value:
    """Lower the body of a generator, for what it returns; ``on_yield`` is called with each value that it yields."""
    from .inline import enter

    if not generator.frame.library and any(f.code is generator.frame.code for f in running(cx)):
        cx.refuse("a generator that calls itself", node, "build a list")
    consume(cx, generator, node)
    frame = Frame(**{name: getattr(generator.frame, name) for name in (
        "fid", "name", "scope", "source", "globals", "cells", "parent", "code", "library")})
    frame.on_yield = on_yield
    return enter(cx, frame, generator.node, dict(generator.bound))


def running(cx: Lowerer) -> list[Frame]:
    """The frames that wait for what is lowered now, without those of generators that wait at a ``yield``."""
    found, k = [], len(cx.frames) - 1
    while k >= 0:
        found.append(cx.frames[k])
        k = next(n for n, f in enumerate(cx.frames) if f is cx.frames[k]) - 1
    return found


def lower_yield(cx: Lowerer, node: ast.Yield) -> Value:
    from .exprs import expression

    frame = cx.frames[-1]
    if frame.on_yield is None:
        cx.refuse("yield in the differentiated function itself", node, "return the values: a list, or np.stack of it")
    frame.on_yield(const(None) if node.value is None else expression(cx, node.value))
    return const(None)


def lower_yield_from(cx: Lowerer, node: ast.YieldFrom) -> Value:
    """``yield from items`` is a loop over them."""
    made = cx.memo.get(("yield from", node))
    if made is None:
        target, item = (ast.Name(f"item{node.lineno}_", context) for context in (ast.Store(), ast.Load()))
        made = cx.memo["yield from", node] = ast.For(target, node.value, [ast.Expr(ast.Yield(item))], [])
        for inner in ast.walk(made):
            if not hasattr(inner, "lineno") and isinstance(inner, (ast.stmt, ast.expr)):
                ast.copy_location(inner, node)
    scope = cx.frames[-1].scope
    scope.local |= {f"item{node.lineno}_"}
    scope.head[made] = scope.after[made] = scope.after[made.body[0]] = cx.frames[-1].live
    key = (cx.frames[-1].fid, RETURNED_VALUE)
    cx.state.env[key] = const(None)
    lower_stmts(cx, [made])
    return cx.state.env.pop(key, const(None))


RETURNED_VALUE = "<value of a generator>"


def listed(cx: Lowerer, generator: Generator, node: ast.AST | None) -> Obj:
    """All that a generator yields, as a list."""
    from .containers import append

    if runs_forever(generator.node.body):
        cx.refuse("a generator without an end", node, "loop over it with for, and break")
    before, consumer, cx.consumer = cx.state.copy(), cx.consumer, ""
    out = cx.new_obj(Fields(()))
    key = (cx.frames[-1].fid, f"<iterated {next(cx.ids)}>")
    cx.state.env[key] = out
    run(cx, generator, lambda value: append(cx, out, [value], node or ast.Pass()), node)
    cx.state.env.pop(key, None)
    cx.consumer = consumer
    if consumer:
        run_ahead(cx, generator, before, consumer, node)
    return out


def run_ahead(cx: Lowerer, generator: Generator, before: State, consumer: str, node: ast.AST | None) -> None:
    """A generator was run to its end, where ``consumer`` (``enumerate``, ``zip``) would run it step by step: what it
    changes would be seen too early, and what it reads must not change until the last step.
    """
    from .iteration import read_ahead

    now = cx.state
    cx.state = before
    seen = reachable(cx, live_values(cx))  # an iterator that nobody else has may change
    cx.state = now
    pairs = [(now.env.get(k), v) for k, v in before.env.items() if not k[1].startswith("<")]
    pairs += [(now.store.get(k), v) for k, v in before.store.items() if k in seen]
    pairs += [(now.objs.get(k), v) for k, v in before.objs.items() if k in seen]
    if any(new is not old and new != old for new, old in pairs):
        cx.refuse(f"a generator in {consumer} that changes what others see", node, "loop over the generator alone")
    read_ahead(cx, f"the generator in {consumer}", (generator,), node)


def runs_forever(stmts: list[ast.stmt]) -> bool:
    return any(isinstance(n, ast.While) and isinstance(n.test, ast.Constant) and n.test.value and not has_break(n.body)
               and not has_exit(n.body, True) for s in stmts for n in ast.walk(s))


def for_generator(cx: Lowerer, node: ast.For, generator: Generator) -> None:
    """A ``for`` over a generator: its body is lowered where the generator yields."""
    from .statements import assign
    from .unrolled import leave_unrolled

    outer = cx.frames[-1]
    loop = next(cx.ids)
    live = outer.scope.head.get(node, frozenset()) | during(outer.scope, node)
    if node.orelse:
        cx.else_loops.add(loop)
    for kind in ("stop", "broke"):
        set_flag(cx, f"<{kind} {loop}>", const(False))
    outer.loops.append(loop)

    def turn(value: Value) -> None:
        """One trip; then the generator goes on, or ends."""
        inner = cx.frames[-1]
        cx.frames.append(outer)
        try:
            set_flag(cx, EXIT, const(False))
            assign(cx, node.target, value)
            lower_stmts(cx, node.body)
            stop = flag(cx, f"<stop {loop}>")
            if not cx.state.dead:
                set_flag(cx, EXIT, const(False))
        finally:
            cx.frames.pop()
            outer.live = live
        if cx.state.dead or is_false(stop):
            return
        if is_true(stop):
            set_exit(cx, "return")
        else:
            branch(cx, stop, lambda: set_exit(cx, "return"), lambda: None, inner.live)

    outer.live = live
    try:
        returned = run(cx, generator, turn, node)
    finally:
        outer.loops.pop()
    if not is_left_early(node):
        used_up(cx, [generator])
    if (outer.fid, RETURNED_VALUE) in cx.state.env:
        cx.state.env[outer.fid, RETURNED_VALUE] = returned
    if not cx.state.dead:
        leave_unrolled(cx, node, loop)


def may_run_forever(generator: Generator) -> bool:
    """Whether it cannot be seen that a generator has an end: it has a ``while``, or goes through an iterator without one."""
    endless = ("count", "cycle", "repeat")
    nodes = list(ast.walk(generator.node))
    called = [n.func for n in nodes if isinstance(n, ast.Call)]
    names = [f.id if isinstance(f, ast.Name) else f.attr if isinstance(f, ast.Attribute) else "" for f in called]
    bound = [v for _, v in generator.bound if isinstance(v, Once)]
    kinds = {*names, *(v.kind for v in bound)}
    return any(isinstance(n, ast.While) for n in nodes) or not kinds.isdisjoint(endless)
