"""Loops that are written out: a copy of the body for each item; and what stands behind a loop."""

from __future__ import annotations

import ast

from ..ir.build import const
from .context import Lowerer
from .control import EXIT, branch, flag, is_false, is_true, lower_stmts, set_flag
from .values import Iter, Tup, Value

__all__ = ["leave_for_good", "leave_unrolled", "lower_else", "unroll"]


def unroll(cx: Lowerer, node: ast.For, it: Iter, count: int) -> None:
    """One copy of the body for each item."""
    frame = cx.frames[-1]
    loop = next(cx.ids)
    frame.loops.append(loop)
    if node.orelse:
        cx.else_loops.add(loop)
    set_flag(cx, f"<stop {loop}>", const(False))
    set_flag(cx, f"<broke {loop}>", const(False))
    iterated = (frame.fid, f"<iterated {loop}>")
    if it.sources:
        cx.state.env[iterated] = Tup(it.sources)
    try:
        unroll_from(cx, node, it, 0, count, loop)
    finally:
        frame.loops.pop()
    cx.state.env.pop(iterated, None)
    leave_unrolled(cx, node, loop)


def unroll_from(cx: Lowerer, node: ast.For, it: Iter, k: int, count: int, loop: int) -> None:
    from .statements import assign

    if k == count or cx.state.dead:
        return
    assign(cx, node.target, unrolled_item(cx, it, k))
    head = cx.frames[-1].scope.head.get(node, frozenset())
    lower_stmts(cx, node.body)
    if cx.state.dead:
        return
    stop = flag(cx, f"<stop {loop}>")
    if is_true(stop):
        return
    if is_false(stop):
        set_flag(cx, EXIT, const(False))
        unroll_from(cx, node, it, k + 1, count, loop)
        return

    def go_on() -> None:
        for name in (EXIT, "<returned>", f"<stop {loop}>", f"<broke {loop}>"):
            set_flag(cx, name, const(False))
        unroll_from(cx, node, it, k + 1, count, loop)

    branch(cx, stop, lambda: None, go_on, head | cx.frames[-1].scope.after.get(node, frozenset()))


def unrolled_item(cx: Lowerer, it: Iter, k: int) -> Value:
    from .exprs import arithmetic

    if it.known is not None or it.span is None:
        return it.get(const(k))
    lo, _, step = it.span
    if it.backwards:
        k = cx.static_int(it.count, None) - 1 - k
    return arithmetic(cx, "np.add", lo, arithmetic(cx, "np.multiply", const(k), step, None), None)


def leave_unrolled(cx: Lowerer, node: ast.For | ast.While, loop: int) -> None:
    returned = flag(cx, "<returned>")
    outer = cx.frames[-1].loops
    set_flag(cx, EXIT, returned)
    if outer and not is_false(returned):
        set_flag(cx, f"<stop {outer[-1]}>", returned)
    lower_else(cx, node, loop)
    cx.state.env.pop((cx.frames[-1].fid, f"<stop {loop}>"), None)
    cx.state.env.pop((cx.frames[-1].fid, f"<broke {loop}>"), None)


def lower_else(cx: Lowerer, node: ast.For | ast.While, loop: int) -> None:
    """The ``else`` of a loop: unless it was left by ``break`` or ``return``."""
    if not node.orelse or cx.state.dead:
        return
    end = cx.frames[-1].scope.after.get(node, frozenset())
    broke = flag(cx, f"<broke {loop}>")

    def unless_broken() -> None:
        branch(cx, broke, lambda: None, lambda: lower_stmts(cx, node.orelse, end), end)

    left = flag(cx, EXIT)
    if is_false(left):
        unless_broken()
    else:
        branch(cx, left, lambda: None, unless_broken, end)


def leave_for_good(cx: Lowerer) -> None:
    """After ``while True`` without a break: control left by return, if at all."""
    set_flag(cx, EXIT, const(True))
    set_flag(cx, "<returned>", const(True))
    if cx.frames[-1].loops:
        set_flag(cx, f"<stop {cx.frames[-1].loops[-1]}>", const(True))
