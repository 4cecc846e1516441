"""Branches, and the ways out of a list of statements.

``break``, ``continue`` and ``return`` set flags, which are names like any other and joined like any other: ``<exit>``
(control has left the current list), ``<stop n>`` (loop n ends after this trip), ``<returned>`` and
``<result>``. What follows an ``if`` that certainly leaves in one arm is lowered into the other arm, so that most
flags are constants and vanish.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..errors import UnsupportedError
from ..ir.build import const
from ..ir.core import Atom, Const, Var
from .arms import build_if
from .context import AliasError, Lowerer
from .join import Arm
from .names import during, has_exit
from .reachable import live_keys
from .values import Value

__all__ = ["branch", "is_true", "lower_if", "lower_stmts", "select", "set_exit"]

EXIT = "<exit>"
RETURNED = "<returned>"
RESULT = "<result>"
Key = tuple[int, str]


def flag(cx: Lowerer, name: str) -> Atom:
    """A flag of the current frame; False if nothing set it."""
    value = cx.state.env.get((cx.frames[-1].fid, name))
    return value if isinstance(value, (Var, Const)) else const(False)


def set_flag(cx: Lowerer, name: str, value: Value) -> None:
    cx.state.env[cx.frames[-1].fid, name] = value


def is_true(atom: object) -> bool:
    return isinstance(atom, Const) and atom.value is True


def is_false(atom: object) -> bool:
    return isinstance(atom, Const) and atom.value is False


def set_exit(cx: Lowerer, kind: str) -> None:
    """Leave the current list of statements: ``kind`` is "break", "continue", "return", or "end" (a while's condition)."""
    set_flag(cx, EXIT, const(True))
    loops = cx.frames[-1].loops
    if kind == "return":
        set_flag(cx, RETURNED, const(True))
    if kind != "continue" and loops:
        set_flag(cx, f"<stop {loops[-1]}>", const(True))
    if kind == "break" and loops[-1] in cx.else_loops:
        set_flag(cx, f"<broke {loops[-1]}>", const(True))


# -- statements in a row -----------------------------------------------------------------------------------------------


def lower_stmts(cx: Lowerer, stmts: list[ast.stmt], end: frozenset[str] | None = None) -> None:
    """Lower a list of statements; ``end``: the names live after the list (default: after its last statement)."""
    from .exhausted import test_in_front
    from .matching import as_branches
    from .statements import lower_stmt

    scope = cx.frames[-1].scope
    if end is None:
        end = scope.after.get(stmts[-1], frozenset()) if stmts else frozenset()
    for k, stmt in enumerate(stmts):
        if isinstance(stmt, ast.Match):
            stmt = as_branches(cx, stmt)
        if (test := test_in_front(cx, stmt)) is not None:
            lower_if(cx, test, stmts[k:], end)
            return
        if isinstance(stmt, ast.If) and has_exit([stmt]):
            lower_if(cx, stmt, stmts[k + 1:], end)
            return
        lower_stmt(cx, stmt)
        if cx.state.dead or is_true(flag(cx, EXIT)):
            return
        if not is_false(flag(cx, EXIT)):
            rest_unless_exit(cx, stmts[k + 1:], end)
            return


def rest_unless_exit(cx: Lowerer, rest: list[ast.stmt], end: frozenset[str]) -> None:
    """What follows a statement that may have left: under a test of the flag."""
    if not rest:
        return
    cond = flag(cx, EXIT)

    def go_on() -> None:
        loops = cx.frames[-1].loops[-1:]
        for name in (EXIT, RETURNED, *(f"<{kind} {n}>" for n in loops for kind in ("stop", "broke"))):
            set_flag(cx, name, const(False))
        lower_stmts(cx, rest, end)

    def gone() -> None:
        set_flag(cx, EXIT, const(True))
        if not cx.frames[-1].loops:
            set_flag(cx, RETURNED, const(True))

    branch(cx, cond, gone, go_on, end)


def lower_if(cx: Lowerer, node: ast.If, rest: list[ast.stmt], end: frozenset[str]) -> None:
    """An ``if`` with an exit inside, and what follows it in its list."""
    from .exceptions import keep_computed
    from .exprs import condition

    cx.frames[-1].live = during(cx.frames[-1].scope, node)
    stmts, start = cx.builder.stmts, len(cx.builder.stmts)
    with cx.at(node.test):
        cond = condition(cx, node.test)
        if cx.tries:
            keep_computed(cx, stmts, start)
    if isinstance(cond, Const):
        lower_stmts(cx, (node.body if cond.value else node.orelse) + rest, end)
        return
    after = end | cx.frames[-1].scope.after[node]
    arms = [Region(cx, body, after, known_where(cx, cond, holds)) for body, holds in ((node.body, True), (node.orelse, False))]
    for arm in arms:
        arm.run(arm.stmts_in)
    gone = [arm.gone() for arm in arms]
    done = False
    if rest and any(gone):
        for arm, left in zip(arms, gone, strict=True):
            if not left:
                arm.go(lambda: go_on_with(cx, rest, end))
        done = True
    live = live_at_join(cx, end if done else after)
    refuse_both(arms)
    with cx.at(node.test):
        build_if(cx, cond, (arms[0].arm, arms[1].arm), live, "if")
    if rest and not done and not cx.state.dead:
        go_on_with(cx, rest, end)


def go_on_with(cx: Lowerer, rest: list[ast.stmt], end: frozenset[str]) -> None:
    """What follows: at once where control certainly gets there, else under a test of the flag."""
    if is_false(flag(cx, EXIT)):
        lower_stmts(cx, rest, end)
    else:
        rest_unless_exit(cx, rest, end)


def live_at_join(cx: Lowerer, names: frozenset[str]) -> set[Key]:
    """The live names at a join in the current frame after which ``names`` are live."""
    frame = cx.frames[-1]
    saved, frame.live = frame.live, names | frame.scope.captured | frame.scope.nonlocals
    try:
        keys = live_keys(cx)
    finally:
        frame.live = saved
    return keys | {(f.fid, n) for f in cx.frames for n in (EXIT, RETURNED, RESULT)} | loop_flags(cx) | set(cx.pending)


def loop_flags(cx: Lowerer) -> set[Key]:
    return {(f.fid, f"<{kind} {n}>") for f in cx.frames for n in f.loops for kind in ("stop", "broke")}


class Region:
    """One arm of a branch: lowered on a copy of the state, into statements of its own, perhaps in several goes."""

    def __init__(self, cx: Lowerer, stmts_in: list[ast.stmt], after: frozenset[str], known: dict[Var, bool]) -> None:
        self.cx = cx
        self.known = known
        self.stmts_in = stmts_in
        self.after = after
        self.arm = Arm(cx.state.copy(), [], start=_mark())
        self.error: UnsupportedError | None = None

    def gone(self) -> bool:
        fid = self.cx.frames[-1].fid
        return self.arm.state.dead or is_true(self.arm.state.env.get((fid, EXIT)))

    def run(self, stmts: list[ast.stmt], end: frozenset[str] | None = None) -> None:
        """Lower ``stmts`` at the end of this arm."""
        self.go(lambda: lower_stmts(self.cx, stmts, self.after if end is None else end))

    def go(self, what: Callable[[], object]) -> None:
        """Do ``what`` at the end of this arm; what is not supported in it becomes a ``raise`` in its place."""
        cx = self.cx
        outer = cx.state, cx.builder.stmts
        backup, count = self.arm.state.copy(), len(self.arm.stmts)
        cx.state, cx.builder.stmts = self.arm.state, self.arm.stmts
        loc, frames = cx.builder.loc, len(cx.frames)
        known, cx.known = cx.known, self.known
        cx.conditional += 1
        try:
            what()
        except UnsupportedError as error:
            if isinstance(error, AliasError) and cx.fallbacks:
                raise
            self.error = error
            cx.state = backup
            del self.arm.stmts[count:]
            del cx.frames[frames:]
            cx.builder.stmts = self.arm.stmts
            cx.builder.loc = error.loc or loc
            raise_unsupported(cx, error)
        finally:
            cx.conditional -= 1
            cx.known = known
            cx.builder.loc = loc
            self.arm.state = cx.state
            cx.state, cx.builder.stmts = outer


def known_where(cx: Lowerer, cond: Atom, holds: bool) -> dict[Var, bool]:
    """The conditions that are known where ``cond`` holds, or does not."""
    known = dict(cx.known)
    while isinstance(cond, Var):
        known[cond] = holds
        cond, holds = cx.negations.get(cond, const(None)), not holds
    return known


def refuse_both(arms: list[Region]) -> None:
    """What is not supported in either arm is not supported at all."""
    if all(arm.error is not None for arm in arms) and arms[0].error is not None:
        raise arms[0].error


def raise_unsupported(cx: Lowerer, error: UnsupportedError) -> None:
    """The error at run time, where control gets there."""
    cx.raise_at_run_time(error)
    cx.state.dead = True


def _mark() -> int:
    return Var(const(0).type).uid


def branch(cx: Lowerer, cond: Atom, then: Callable[[], object], orelse: Callable[[], object], end: frozenset[str],
           style: str = "if") -> None:
    """Lower both arms and join them; a condition that is known takes its arm only."""
    if isinstance(cond, Const):
        (then if cond.value else orelse)()
        return
    arms = [Region(cx, [], end, known_where(cx, cond, holds)) for holds in (True, False)]
    for arm, what in zip(arms, (then, orelse), strict=True):
        arm.go(what)
    refuse_both(arms)
    build_if(cx, cond, (arms[0].arm, arms[1].arm), live_at_join(cx, end), style)


def select(cx: Lowerer, cond: Atom, then: Callable[[], Value], orelse: Callable[[], Value], style: str) -> Value:
    """A branch that has a value."""
    if isinstance(cond, Const):
        return then() if cond.value else orelse()
    frame = cx.frames[-1]
    key = (frame.fid, f"<value {next(cx.ids)}>")

    def keep(what: Callable[[], Value]) -> Callable[[], None]:
        def run() -> None:
            cx.state.env[key] = what()
        return run

    cx.pending.append(key)
    try:
        branch(cx, cond, keep(then), keep(orelse), frame.live, style)
    finally:
        cx.pending.remove(key)
    return cx.state.env.pop(key, const(None))
