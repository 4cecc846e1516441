"""``while``: a loop, or its body written out.

A ``while`` is written out, one copy of its body after the other, where only that tells what a name means: ``node = node.next``.
It has to end by itself: a copy for each trip, until the condition is known to be false.
"""

from __future__ import annotations

import ast

from ..ir.build import const
from ..ir.core import Atom, Const
from .context import AliasError, Lowerer
from .control import EXIT, branch, flag, is_false, is_true, lower_stmts, set_exit, set_flag
from .exprs import condition
from .iteration import Mark
from .loops import CondChanges, Trip, run_loop
from .names import has_break
from .stepped import begin_in_front
from .unrolled import leave_for_good, leave_unrolled, lower_else

__all__ = ["EndLoop", "lower_end_loop", "lower_while"]

MOST = 32  # copies
NESTED = 8  # copies under a condition that only the run knows


class EndLoop(ast.Break):
    """The end of a ``while`` by its condition: not a ``break``, so ``else`` runs."""


class EndUnknownError(Exception):
    """The loop might have further trips."""


def lower_while(cx: Lowerer, node: ast.While) -> None:
    """A loop; or copies of its body, where that is possible and only that tells what a name means."""
    begin_in_front(cx, node)
    mark, start = Mark(cx), next(cx.ids)
    cx.restart(start)
    try:
        with cx.fallback(cx.copies_left > 0):
            while_loop(cx, node)
        return
    except AliasError:
        if cx.copies_left <= 0:
            raise
    mark.restore(start)
    cx.copies_left -= 1
    try:
        write_out(cx, node)
        return
    except EndUnknownError:
        mark.restore(start)
    while_loop(cx, node)


def while_loop(cx: Lowerer, node: ast.While) -> None:
    from .exceptions import decides

    entry, stmts = cx.state, len(cx.builder.stmts)
    start = next(cx.ids)
    cx.restart(start + 1)

    def test() -> Atom:
        made = condition(cx, node.test)
        if cx.tries and decides(cx, cx.builder.stmts):
            raise CondChanges
        return made

    try:
        run_loop(cx, Trip(node, lambda index: None, node.body, cond=test))
    except CondChanges:
        cx.state = entry
        del cx.builder.stmts[stmts:]
        cx.restart(start + 1)
        cx.memo.pop((node, start + 1), None)
        run_loop(cx, Trip(node, lambda index: None, [test_inside(cx, node), *node.body], cond=lambda: const(True)))
    if isinstance(node.test, ast.Constant) and node.test.value and not has_break(node.body):
        leave_for_good(cx)
        return
    lower_else(cx, node, start + 1)


def test_inside(cx: Lowerer, node: ast.While) -> ast.If:
    """``if not test: end`` as the first statement of the body."""
    scope = cx.frames[-1].scope
    made = cx.memo.get(("test", node))
    if made is None:
        end = ast.copy_location(EndLoop(), node.test)
        test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        made = cx.memo["test", node] = ast.copy_location(ast.If(test, [end], []), node.test)
    live = scope.head.get(node, frozenset()) | scope.after.get(node, frozenset())
    scope.after[made] = scope.after[made.body[0]] = live
    return made


def lower_end_loop(cx: Lowerer, node: EndLoop) -> None:
    set_exit(cx, "end")


# -- written out --------------------------------------------------------------------------------------------------------


def write_out(cx: Lowerer, node: ast.While) -> None:
    """Lower a ``while`` as copies of its body."""
    frame = cx.frames[-1]
    loop = next(cx.ids)
    frame.loops.append(loop)
    if node.orelse:
        cx.else_loops.add(loop)
    for kind in ("stop", "broke"):
        set_flag(cx, f"<{kind} {loop}>", const(False))
    try:
        trips_from(cx, node, loop, MOST, NESTED)
    finally:
        frame.loops.pop()
    leave_unrolled(cx, node, loop)


def trips_from(cx: Lowerer, node: ast.While, loop: int, left: int, nested: int) -> None:
    cond = condition(cx, node.test)
    if isinstance(cond, Const) and not cond.value:
        return
    if left == 0 or nested == 0:
        raise EndUnknownError
    scope = cx.frames[-1].scope
    live = scope.head.get(node, frozenset()) | scope.after.get(node, frozenset())
    inner = nested - (not isinstance(cond, Const))

    def trip() -> None:
        lower_stmts(cx, node.body)
        if cx.state.dead:
            return
        stop = flag(cx, f"<stop {loop}>")
        if is_false(stop):
            go_on()
        elif not is_true(stop):
            branch(cx, stop, lambda: None, go_on, live)

    def go_on() -> None:
        for name in (EXIT, "<returned>", f"<stop {loop}>", f"<broke {loop}>"):
            set_flag(cx, name, const(False))
        trips_from(cx, node, loop, left - 1, inner)

    branch(cx, cond, trip, lambda: None, live)
