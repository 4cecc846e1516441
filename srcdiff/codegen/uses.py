"""How often each variable of a function is used, and where: what decides whether its expression may wait for its use."""

from __future__ import annotations

from collections.abc import Iterable

from ..ir.core import Block, Function, If, Loop, Op, Path, Reshape, Stmt, Var, arg_vars, blocks_of, uses_of
from .expressions import implied

__all__ = ["Uses"]


class Uses:
    """``count``: uses of each variable; ``where``: the block of its uses, None if they are in several; ``user``: the last
    statement found that reads it.
    """

    def __init__(self, fn: Function) -> None:
        self.count: dict[Var, int] = {}
        self.where: dict[Var, Block | None] = {}
        self.user: dict[Var, Stmt] = {}
        self._mentioned = _mentioned(fn.body)
        self._use(arg_vars(fn.body.results), fn.body)
        self._block(fn.body)

    def __call__(self, v: Var) -> int:
        return self.count.get(v, 0)

    def carries(self, loop: Loop, k: int) -> bool:
        """Whether anybody looks at slot ``k`` of a loop."""
        return bool(self(loop.params[k]) or self(loop.outs[k]))

    def _block(self, block: Block) -> None:
        """Uses in a block; backwards, since an arm's result counts only if the result of the If is used."""
        for stmt in reversed(block.stmts):
            if isinstance(stmt, Loop):
                self._loop(stmt, block)
            elif isinstance(stmt, If):
                for arm in (stmt.then, stmt.orelse):
                    handed = [a for o, a in zip(stmt.outs, arm.results, strict=True) if self(o) and a is not stmt.cond]
                    self._use(arg_vars(tuple(handed)), arm)
                    self._block(arm)
                self._use(arg_vars(stmt.cond), block)
            else:
                self._use(_printed(stmt), block)
                self.user.update(dict.fromkeys(uses_of(stmt), stmt))

    def _loop(self, loop: Loop, block: Block) -> None:
        """What a loop hands from trip to trip counts as used if somebody may look at it."""
        needed = [k for k, p in enumerate(loop.params) if self(loop.outs[k]) or p in self._mentioned]
        if loop.cond is not None:
            self._use(arg_vars(loop.cond.results), loop.cond)
            self._block(loop.cond)
        self._use(arg_vars(loop.body.results[:int(loop.stop)] + tuple(loop.carried[k] for k in needed)), loop.body)
        self._block(loop.body)
        self._use(arg_vars(tuple(loop.inits[k] for k in needed)), block)
        if loop.index is not None:
            self._use(arg_vars((loop.lo, loop.hi, loop.step)), block)

    def _use(self, vs: Iterable[Var], block: Block) -> None:
        for v in vs:
            self.where[v] = block if self.where.get(v, block) is block else None
            self.count[v] = self.count.get(v, 0) + 1


def _printed(op: Op) -> list[Var]:
    """The variables that the text of an operation names: not the length that ``reshape(-1)`` finds by itself."""
    steps = [step for arg in op.args if isinstance(arg, Path) for step in arg.steps]
    hidden = [a for step in steps if isinstance(step, Reshape) for a in step.shape if a is implied(step)]
    found = uses_of(op)
    for a in hidden:
        found.remove(a)
    return found


def _mentioned(block: Block) -> set[Var]:
    """All variables that something reads: parameters of loops only if it is not just their own next value."""
    found: set[Var] = set(arg_vars(block.results))
    for stmt in block.stmts:
        found.update(uses_of(stmt))
        for inner in blocks_of(stmt):
            found |= _mentioned(Block(inner.stmts) if isinstance(stmt, Loop) and inner is stmt.body else inner)
        if isinstance(stmt, Loop):
            found.update(a for a, p in zip(stmt.carried, stmt.params, strict=True) if isinstance(a, Var) and a is not p)
            found.update(arg_vars(stmt.body.results[:int(stmt.stop)]))
    return found
