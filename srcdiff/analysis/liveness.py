"""Liveness on the structured IR: which variables are still needed after each statement, and which interfere.

A block's live set at its end, walked backwards, loses what a statement defines and gains what it reads. A loop needs no
fixed point: whatever its blocks read from outside is needed by the next trip too, so it is live all through the loop.

Two variables interfere if one is defined where the other is live: then they cannot share a name or a buffer. All
parameters of a loop interfere with each other, with everything live into the body and with everything needed after the
loop; the arms of an If do not interfere with each other. The count of trips is live all through its loop.

Sets are bit masks over a numbering of the variables, so that long functions stay cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ir.core import Block, Function, If, Loop, Op, Stmt, Var, arg_vars, blocks_of, defs_of, uses_of

__all__ = ["Liveness", "liveness"]


class Liveness:
    """What :func:`liveness` found out. Statements and blocks are asked for by identity."""

    def __init__(self) -> None:
        self._vars: list[Var] = []
        self._index: dict[Var, int] = {}
        self._uses: dict[Stmt, int] = {}
        self._free: dict[Block, int] = {}
        self._after: dict[Stmt, int] = {}
        self._start: dict[Block, int] = {}
        self._end: dict[Block, int] = {}
        self._conflicts: list[int] = []

    def is_live_after(self, var: Var, stmt: Stmt) -> bool:
        """Whether ``var`` is needed after ``stmt``, by what follows, by a next trip, or as a result."""
        return self._has(self._after[stmt], var)

    def is_live_at_start(self, var: Var, block: Block) -> bool:
        """Whether ``var`` is needed when ``block`` begins (parameters of its loop included)."""
        return self._has(self._start[block], var)

    def is_live_at_end(self, var: Var, block: Block) -> bool:
        """Whether ``var`` is needed when ``block`` ends: a result of it counts."""
        return self._has(self._end[block], var)

    def live_after(self, stmt: Stmt) -> list[Var]:
        """The variables needed after ``stmt``, in order of numbering."""
        return list(self._members(self._after[stmt]))

    def live_at_start(self, block: Block) -> list[Var]:
        return list(self._members(self._start[block]))

    def live_at_end(self, block: Block) -> list[Var]:
        return list(self._members(self._end[block]))

    def free(self, block: Block) -> list[Var]:
        """The variables that ``block`` reads and does not define (its loop's parameters are free in it)."""
        return list(self._members(self._free[block]))

    def interfere(self, a: Var, b: Var) -> bool:
        """Whether one is defined where the other is live. A variable does not interfere with itself."""
        i, j = self._index.get(a), self._index.get(b)
        if i is None or j is None or i == j:
            return False
        return bool((self._conflicts[i] >> j | self._conflicts[j] >> i) & 1)

    def conflicts(self, var: Var) -> list[Var]:
        """The variables live where ``var`` is defined (one direction of :meth:`interfere`)."""
        return [v for v in self._members(self._conflicts[self._number(var)]) if v is not var]

    def masks(self, var: Var) -> tuple[int, int]:
        """``var`` as a set, and the set of :meth:`conflicts`: for who asks about many variables at once."""
        bit = 1 << self._number(var)
        return bit, self._conflicts[self._index[var]] & ~bit

    # -- sets as masks -------------------------------------------------------------------------------------------------

    def _number(self, var: Var) -> int:
        if var not in self._index:
            self._index[var] = len(self._vars)
            self._vars.append(var)
            self._conflicts.append(0)
        return self._index[var]

    def _mask(self, vars: Iterable[Var]) -> int:
        mask, index = 0, self._index
        for v in vars:
            mask |= 1 << (index[v] if v in index else self._number(v))
        return mask

    def _has(self, mask: int, var: Var) -> bool:
        return var in self._index and bool(mask >> self._index[var] & 1)

    def _members(self, mask: int) -> Iterator[Var]:
        while mask:
            low = mask & -mask
            yield self._vars[low.bit_length() - 1]
            mask ^= low

    # -- the walk ------------------------------------------------------------------------------------------------------

    def _define(self, vars: Iterable[Var], live: int) -> int:
        """Note that ``vars`` are defined together where ``live`` is live; their mask."""
        vars = tuple(vars)
        mask = self._mask(vars)
        for v in vars:
            self._conflicts[self._index[v]] |= live | mask
        return mask

    def _find_free(self, block: Block) -> int:
        """The variables that a block reads from outside, for it and the blocks within."""
        free, defined = self._mask(arg_vars(block.results)), 0
        for stmt in block.stmts:
            uses = self._uses[stmt] = self._mask(uses_of(stmt))
            free |= uses
            for inner in blocks_of(stmt):
                free |= self._find_free(inner)
            defined |= self._mask(defs_of(stmt)) | (self._mask(_heads(stmt)) if isinstance(stmt, Loop) else 0)
        self._free[block] = free & ~defined
        return self._free[block]

    def _block(self, block: Block, after: int) -> int:
        live = after | self._mask(arg_vars(block.results))
        self._end[block] = live
        for stmt in reversed(block.stmts):
            self._after[stmt] = live
            below = live & ~self._define(defs_of(stmt), live)
            live = self._before(stmt, below) | self._uses[stmt]
        self._start[block] = live
        return live

    def _before(self, stmt: Stmt, below: int) -> int:
        """What is live before ``stmt`` because of what follows it (``below``) and of its blocks."""
        if isinstance(stmt, Op):
            return below
        if isinstance(stmt, If):
            return self._block(stmt.then, below) | self._block(stmt.orelse, below)
        return self._loop(stmt, below)

    def _loop(self, loop: Loop, below: int) -> int:
        heads = self._mask(_heads(loop))
        through = below
        for block in blocks_of(loop):
            through |= self._free[block] & ~heads
        trips = self._define(() if loop.trips is None else (loop.trips,), through | heads)
        live = self._block(loop.body, through | trips)
        if loop.cond is not None:  # where it is false, the parameters become the results
            live = self._block(loop.cond, live | self._mask(loop.params))
        self._define(_heads(loop), live | through | trips)
        return through


def _heads(loop: Loop) -> tuple[Var, ...]:
    """The variables that are defined at the head of each trip."""
    return loop.params if loop.index is None else (*loop.params, loop.index)


def liveness(function: Function) -> Liveness:
    """Liveness of every block and statement of ``function``."""
    result = Liveness()
    for v in function.params:
        result._number(v)
    result._find_free(function.body)
    live = result._block(function.body, 0)
    result._define(function.params, live)
    return result
