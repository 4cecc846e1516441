"""Writes in the backward half that nobody sees: what is put back into a storage, or cleared, is never read again.

Before::                                            After::

    y = np.empty(n)
    for i in range(1, n):                               for i in range(1, n):
        s = append(s, view(y, [i]))
        y = setview(y, f(y[i - 1]), [i])                    y = setview(y, f(y[i - 1]), [i])
    split                                               split
    for i in reversed range(1, n):                      for i in reversed range(1, n):
        v, s = pop(s);  y = setview(y, v, [i])
        ... y[i - 1] ...                                    ... y[i - 1] ...

A region that was written is followed forwards through everything that is made from its storage. A read is harmless if on
some axis its interval lies beside that of the region. Bounds are linear in the indices of loops: in the next trip of a
reversed loop the index is smaller, after the loop it was anywhere in its range; in the arms of ``if i == j`` one may stand for
the other, or they differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from ..analysis.effects import ops_of
from ..ir import dims
from ..ir.core import (
    Atom,
    Block,
    Const,
    If,
    Index,
    Loop,
    Op,
    Path,
    Slice,
    Stmt,
    Var,
    arg_vars,
    blocks_of,
    map_arg,
    with_args,
)
from ..ir.dims import DimLike, Sym
from ..ir.ops import OPS
from ..ir.structural import expand_ellipsis
from ..ir.types import Array, List
from ..records import dataclass
from .reverse_views import covers
from .stash_primal import Primal, path_key

__all__ = ["unseen", "without", "writes_in"]

WRITES = frozenset({"setview", "addview", "subview"})
STEPS = 500  # a region is followed through at most this many variables
CHOICES = 8  # at most this many ways to name what is selected are tried

Interval = tuple[DimLike, DimLike] | None  # from, up to; None: anywhere on this axis
Compared = tuple[tuple[Atom, Atom, bool], ...]  # two integers, and whether they are equal


@dataclass(frozen=True)
class Region:
    """A part of a storage.

    ``path``: as it was written, while no loop has moved on; ``passed``: the loops that have gone to another trip since.
    """

    axes: tuple[Interval, ...]
    path: object
    passed: frozenset[int] = frozenset()


def writes_in(block: Block) -> list[Var]:
    """What the operations ``setview`` of a block make."""
    return [op.outs[0] for op in ops_of(block) if op.name == "setview"]


def unseen(block: Block, written: Collection[Var], primal: Primal) -> dict[Var, Atom]:
    """Of ``written``, which ``setview`` made: those whose new contents are never read, and what stands for them."""
    if not written:
        return {}
    follower = _Follower(block, primal)
    ops = [follower.makers[v] for v in written if v in follower.makers]
    return {op.outs[0]: op.args[0] for op in ops if isinstance(op, Op) and op.name == "setview" and follower.is_unseen(op)}


def without(block: Block, names: Mapping[Var, Atom]) -> Block:
    """``block`` without the operations that make the keys of ``names``, which their values stand for."""
    def atom(a: Atom) -> Atom:
        while isinstance(a, Var) and a in names:
            a = names[a]
        return a

    def go(block: Block) -> Block:
        stmts = [stmt(s) for s in block.stmts if not (isinstance(s, Op) and s.outs and s.outs[0] in names)]
        return Block(tuple(stmts), tuple(map(atom, block.results)))

    def stmt(s: Stmt) -> Stmt:
        if isinstance(s, Op):
            return s if names.keys().isdisjoint(arg_vars(s.args)) else with_args(s, map_arg(s.args, atom))
        if isinstance(s, If):
            return replace(s, cond=atom(s.cond), then=go(s.then), orelse=go(s.orelse))
        lo, hi, step = (None if a is None else atom(a) for a in (s.lo, s.hi, s.step))
        cond = None if s.cond is None else go(s.cond)
        return replace(s, inits=tuple(map(atom, s.inits)), lo=lo, hi=hi, step=step, cond=cond, body=go(s.body))

    return go(block)


class _Follower:
    """Follows regions through a backward half."""

    def __init__(self, block: Block, primal: Primal) -> None:
        self.primal = primal
        self.makers: dict[Var, Stmt] = {}
        self.uses: dict[Var, list[tuple[Stmt, int]]] = {}
        self.results: dict[Var, list[tuple[Stmt | None, int]]] = {}  # of a block: of which statement, and where
        self.loops: dict[Var, Loop] = {}  # by their index
        self.inside: dict[Var, frozenset[int]] = {}  # the numbers of the loops that a variable is made in
        self.number: dict[Loop, int] = {}
        self.known: dict[str, Var] = {}  # by the names of their symbols
        self.compared: dict[Stmt, Compared] = {}  # what is known where an operation stands
        self.same: dict[Atom, Atom] = {}  # what is to be taken for something else that is equal
        self._enter(block, None, frozenset(), ())

    def _enter(self, block: Block, owner: Stmt | None, loops: frozenset[int], compared: Compared) -> None:
        for k, result in enumerate(block.results):
            if isinstance(result, Var):
                self.results.setdefault(result, []).append((owner, k))
        for stmt in block.stmts:
            inner = loops
            self.compared[stmt] = compared
            for out in stmt.outs:
                self.makers[out], self.inside[out] = stmt, loops
            if isinstance(stmt, Loop):
                self.number[stmt] = len(self.number)
                inner = loops | {self.number[stmt]}
                for var in (*stmt.params, *(() if stmt.index is None else (stmt.index,))):
                    self.inside[var] = inner
                if stmt.index is not None:
                    self.loops[stmt.index] = stmt
            args = stmt.args if isinstance(stmt, Op) else stmt.inits if isinstance(stmt, Loop) else ()
            for k, arg in enumerate(args):
                for var in arg_vars(arg):
                    self.uses.setdefault(var, []).append((stmt, k))
            for k, part in enumerate(blocks_of(stmt)):
                more = self._compared(stmt.cond, bool(k)) if isinstance(stmt, If) else ()
                self._enter(part, stmt, inner, compared + more)

    def _compared(self, cond: Atom, orelse: bool) -> Compared:
        """What an arm knows."""
        op = self.maker(cond) if isinstance(cond, Var) else None
        if op is None or op.name not in ("np.equal", "np.not_equal"):
            return ()
        return ((op.args[0], op.args[1], (op.name == "np.equal") is not orelse),)

    def maker(self, var: Var) -> Op | None:
        made = self.makers.get(var) or self.primal.maker.get(var)
        return made if isinstance(made, Op) else None

    # -- following -----------------------------------------------------------------------------------------------------

    def is_unseen(self, op: Op) -> bool:
        """Whether what ``op`` writes is never read."""
        t = op.outs[0].type
        if not isinstance(t, Array) or not t.shape:
            return False
        return any(self._is_unseen(op.outs[0], Region(axes, path_key(op.args[2]))) for axes in self.selections(op, t))

    def _is_unseen(self, var: Var, region: Region) -> bool:
        work = [(var, region)]
        seen = set(work)
        while work:
            if len(seen) > STEPS:
                return False
            for onward in self._onward(*work.pop()):
                if onward is None:
                    return False
                if onward not in seen:
                    seen.add(onward)
                    work.append(onward)
        return True

    def _onward(self, var: Var, region: Region) -> Iterator[tuple[Var, Region] | None]:
        """Where the region goes from ``var``; None for a read of it."""
        for stmt, k in self.uses.get(var, ()):
            if isinstance(stmt, Loop):
                yield from ((stmt.params[k], region), (stmt.outs[k], region))
            elif isinstance(stmt, Op) and k not in _shape_only(stmt):
                yield from self._through(stmt, k, var, region)
        for owner, k in self.results.get(var, ()):
            if isinstance(owner, If):
                yield owner.outs[k], region
            elif isinstance(owner, Loop):
                yield from self._next_trip(owner, k, region)
            else:
                yield None

    def _through(self, op: Op, k: int, var: Var, region: Region) -> Iterator[tuple[Var, Region] | None]:
        if k != 0 or op.name not in ("view", *WRITES) or not isinstance(var.type, Array):
            yield None
            return
        path = op.args[-1]
        if op.name == "setview" and (covers(path) or (not region.passed and path_key(path) == region.path)):
            return  # written anew
        if op.name != "setview" and not any(self._beside(region, axes, op) for axes in self.selections(op, var.type)):
            yield None
        elif op.name != "view":
            yield op.outs[0], region

    def _next_trip(self, loop: Loop, k: int, region: Region) -> Iterator[tuple[Var, Region] | None]:
        """At the end of a trip: into the next one, and out of the loop. What else the trip computed is forgotten."""
        number, index = self.number[loop], loop.index
        bounds = None if index is None else self._range(loop)
        moved: list[Interval] = []
        outside: list[Interval] = []
        for interval in region.axes:
            inner = {v for end in interval or () for v in self._variables(end) if number in self.inside.get(v, ())}
            moved.append(interval if inner <= {index} else None)
            if inner and interval is not None and index is not None and bounds is not None and inner <= {index}:
                interval = _extreme(interval[0], index, bounds), _extreme(interval[1], index, bounds[::-1])
            elif inner:
                interval = None
            outside.append(interval)
        yield loop.params[k - loop.stop], Region(tuple(moved), None, region.passed | {number})
        yield loop.outs[k - loop.stop], Region(tuple(outside), None, region.passed - {number})

    # -- intervals -----------------------------------------------------------------------------------------------------

    def _beside(self, region: Region, axes: tuple[Interval, ...], op: Op) -> bool:
        """Whether ``op``, which reads ``axes``, reads nothing of the region."""
        for mine, other in zip(region.axes, axes, strict=False):
            if mine is not None and other is not None:
                low, high = (self._moved(end, region.passed) for end in mine)
                if any(self._is_gap(gap, op) for gap in (dims.sub(low, other[1]), dims.sub(other[0], high))):
                    return True
        return False

    def _is_gap(self, d: DimLike, op: Op) -> bool:
        """Whether ``d`` is at least 0 where ``op`` stands: also if it is at least -1, and known to differ from that."""
        if self.is_nonnegative(d):
            return True
        forms = [(self.linear(a), self.linear(b)) for a, b, same in self.compared[op] if not same]
        gaps = [dims.sub(a, b) for a, b in forms if a is not None and b is not None]
        more = dims.add(d, 1)
        return any(more in (gap, dims.scale(gap, -1)) for gap in gaps) and self.is_nonnegative(more)

    def _moved(self, bound: DimLike, passed: frozenset[int]) -> DimLike:
        """A bound in terms of the index of this trip, where it was written in an earlier one."""
        for index in [v for v in self._variables(bound) if v in self.loops and self.number[self.loops[v]] in passed]:
            loop = self.loops[index]
            step = 0 if loop.step is None else self.linear(loop.step)
            name = _name(index)
            if not isinstance(step, int) or step == 0:
                bound = dims.add(dims.sub(bound, _term(bound, index)), dims.runtime_sym(f"any{index.uid}"))
                continue
            ahead = step if loop.reverse else -step
            more = dims.of(Sym(f"max(0, trips of {name})"))
            bound = dims.add(bound, dims.scale(dims.add(ahead, dims.scale(more, ahead)), _coef(bound, index)))
        return bound

    def selections(self, op: Op, t: Array) -> Iterator[tuple[Interval, ...]]:
        """What the path of ``op`` selects: each is right, they differ in what stands for what is equal."""
        found = [self.intervals(t, op.args[-1])]
        for a, b in [pair for x, y, same in self.compared[op] if same for pair in ((x, y), (y, x))]:
            self.same = {a: b}
            found.append(self.intervals(t, op.args[-1]))
            self.same = {}
        return islice(product(*(dict.fromkeys(axis) for axis in zip(*found, strict=True))), CHOICES)

    def intervals(self, t: Array, path: Path) -> tuple[Interval, ...]:
        """What a path selects on each axis, at most."""
        step = path.steps[0] if path.steps else Index(())
        anywhere: tuple[Interval, ...] = (None,) * len(t.shape)
        if not isinstance(step, Index) or any(isinstance(i, Var) and isinstance(i.type, (Array, List)) for i in step.items):
            return anywhere
        items = [i for i in expand_ellipsis(step.items, len(t.shape)) if i is not None]
        return tuple(self._interval(item, n) for item, n in zip(items, t.shape, strict=True))

    def _interval(self, item: object, n: DimLike) -> Interval:
        if isinstance(item, Slice):
            if item.step is not None:
                return None
            low = 0 if item.start is None else self._position(item.start, n)
            high = self._size(n) if item.stop is None else self._position(item.stop, n)
            return None if low is None or high is None else (low, high)
        low = self._position(item, n)
        return None if low is None else (low, dims.add(low, 1))

    def _position(self, atom: object, n: DimLike) -> DimLike | None:
        """An index counted from the front; None if its sign is not known."""
        at = self.linear(atom) if isinstance(atom, (Var, Const)) else None
        if at is None or self.is_nonnegative(at):
            return at
        size = self._size(n)
        return None if size is None or not self.is_nonnegative(dims.sub(-1, at)) else dims.add(size, at)

    def _size(self, n: DimLike) -> DimLike | None:
        """A dimension; None if it may differ from trip to trip."""
        return n if dims.is_static((n,)) else None

    # -- arithmetic ----------------------------------------------------------------------------------------------------

    def linear(self, atom: Atom) -> DimLike | None:
        """An integer as a linear form over indices of loops, shapes and other variables."""
        if atom in self.same:  # only once: the other may be made from this one
            same, self.same = self.same, {}
            found, self.same = self.linear(same[atom]), same
            return found
        if isinstance(atom, Const):
            return atom.value if type(atom.value) is int else None
        if atom.sym is not None and not isinstance(atom.sym, tuple) and dims.is_static((atom.sym,)):
            return atom.sym
        op = None if atom in self.loops else self.maker(atom)
        if op is not None and op.name in ("np.add", "np.subtract", "np.multiply"):
            left, right = (self.linear(a) for a in op.args[:2])
            if left is not None and right is not None and (op.name != "np.multiply" or int in (type(left), type(right))):
                return {"np.add": dims.add, "np.subtract": dims.sub, "np.multiply": dims.mul}[op.name](left, right)
        self.known[_name(atom)] = atom
        return dims.of(Sym(_name(atom)))

    def is_nonnegative(self, d: DimLike) -> bool:
        """Whether ``d`` is at least 0 for certain: indices lie within their ranges, and sizes are not negative."""
        for _ in range(len(self.loops) + 1):
            index = next((v for v in self._variables(d) if v in self.loops), None)
            bounds = None if index is None else self._range(self.loops[index])
            if index is None or bounds is None:
                break
            d = _extreme(d, index, bounds)
        return dims.is_sum_of_lengths(d)

    def _range(self, loop: Loop) -> tuple[DimLike, DimLike] | None:
        """The smallest and the largest index of a loop."""
        low, high, step = (self.linear(a) if a is not None else None for a in (loop.lo, loop.hi, loop.step))
        if low is None or high is None or not isinstance(step, int) or step == 0:
            return None
        return (low, dims.sub(high, 1)) if step > 0 else (dims.add(high, 1), low)

    def _variables(self, d: DimLike) -> list[Var]:
        return [] if isinstance(d, int) else [self.known[s.name] for s, _ in d.terms if s.name in self.known]


def _name(var: Var) -> str:
    return f"%v{var.uid}"


def _coef(d: DimLike, index: Var) -> int:
    return 0 if isinstance(d, int) else next((c for s, c in d.terms if s.name == _name(index)), 0)


def _term(d: DimLike, index: Var) -> DimLike:
    return dims.scale(dims.of(Sym(_name(index))), _coef(d, index))


def _extreme(d: DimLike, index: Var, bounds: tuple[DimLike, DimLike]) -> DimLike:
    """The smallest value of ``d`` for an index within ``bounds``; the largest, if they are given the other way round."""
    coef = _coef(d, index)
    return dims.add(dims.sub(d, _term(d, index)), dims.scale(bounds[0 if coef > 0 else 1], coef))


def _shape_only(op: Op) -> tuple[int, ...]:
    return OPS[op.name].shape_only if op.name in OPS else ()
