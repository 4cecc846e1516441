"""The stash: how each primal value that a backward half names gets there.

For each needed value, in this order of preference: *keep* it (it is still in a local variable), *recompute* it (cheap,
from values at hand), *rewind* the storage that it was read from (save what a write overwrites, and put it back on the way
backwards), *push* it (append it to a list, once a trip). Which storages are rewound is a question of cost: choices are
tried with a walk over the backward half, and the one that saves least is taken.

Before::                                            After::

    def f(u, n):                                        def f(u, n):
        for t in range(n), v = u:                           s = list()
            a = v[1:-1]                                     for t in range(n), v = u, l = s:
            w = setview(v, a * a, [1:-1])                       a = v[1:-1]
            yield w                                             l1 = append(l, a)
        -> out                                                  w = setview(v, a * a, [1:-1])
        split                                                   yield w, l1
        for t' in reversed range(n), bar = ...:             -> out, s1
            mark(w)                                         split
            ... a ...                                       for t' in reversed range(n), bar = ..., l' = s1:
                                                                a', l2 = pop(l')
                                                                ... a' ...
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..analysis.storage import Write
from ..ir.core import Block, Const, Function, Module, Var, arg_vars
from ..ir.types import Array, List
from ..records import dataclass
from .mirrors import halves_of, mirrors_of, split_index
from .split import split_kept
from .stash_choose import choose
from .stash_dead import unseen, without, writes_in
from .stash_exits import with_exit_flags
from .stash_primal import TRIPS, size_of, survey
from .stash_prune import prune
from .stash_report import StashEntry, report
from .stash_shapes import Shapes
from .stash_thread import Slot, slots_of, thread
from .stash_walk import Walk

__all__ = ["StashEntry", "plan_stash"]

TRIED = 6  # at most this many storages are tried one by one


def plan_stash(module: Module, *, rewind: bool | None = None) -> tuple[Module, tuple[StashEntry, ...]]:
    """Every joint function of ``module`` made well scoped, and what is stashed and why.

    ``rewind``: rewind every storage that can be, or none; None: whichever costs less. Kept functions are split into their
    halves.
    """
    entries: list[StashEntry] = []
    functions: dict[str, Function] = {}
    for name, fn in module.functions.items():
        halves = () if fn.halves is None else split_kept(_plan(fn, module, rewind, entries))
        functions |= {half.name: half for half in halves} or {name: fn}
    main = _plan(module.main, module, rewind, entries)
    return replace(module, main=main, functions=functions), tuple(entries)


@dataclass(frozen=True, eq=False)
class Attempt:
    """One plan: the walk, the pruned backward half that it made, the slots in it, and what they cost."""

    walk: Walk
    backward: Block
    slots: list[Slot]
    kept: list[Var]
    live: set[Var]
    cost: float


def _plan(function: Function, module: Module, rewind: bool | None, entries: list[StashEntry]) -> Function:
    if split_index(function.body) < 0:
        return function
    function, flags = with_exit_flags(function)
    at = split_index(function.body)
    planner = _Planner(function, module, rewind, flags)
    best = planner.best()
    entries.extend(report(planner.primal, best.walk, best.slots, best.kept, best.live))
    seen = without(best.backward, unseen(best.backward, writes_in(best.backward), planner.primal))
    forward, backward = thread(planner.primal, planner.forward, seen, best.slots)
    body = Block((*forward, function.body.stmts[at], *backward.stmts), backward.results)
    halves = None if function.halves is None else replace(function.halves, planned=True)
    return replace(function, body=body, halves=halves)


class _Planner:
    """Tries choices of storages to rewind."""

    def __init__(self, function: Function, module: Module, rewind: bool | None, flags: dict[Var, Const]) -> None:
        self.function = function
        self.primal = survey(function, module, flags)
        self.forward, self.backward = halves_of(function)
        self.mirrors = mirrors_of(function)
        self.shapes = Shapes(self.primal)
        self.rewind = rewind
        storages = self.primal.storages
        self.groups = {g: writes for g, writes in storages.groups_written().items() if storages.is_linear(g)}

    def best(self) -> Attempt:
        """The cheapest plan."""
        always = {g for g in self.groups if isinstance(g.type, List)}
        arrays = [g for g in self.groups if g not in always and any(w.op.name != "call" for w in self.groups[g])]
        if self.rewind is not None:
            return self.attempt(always | set(arrays if self.rewind else ()))
        best, chosen = self.attempt(always), set(always)
        candidates = [g for g in arrays if g in self._wanted(best)]
        if not candidates:
            return best
        together = self.attempt(chosen | set(candidates))
        for g in candidates if 1 < len(candidates) <= TRIED else ():
            trial = self.attempt(chosen | {g})
            if trial.cost < best.cost:
                best, chosen = trial, chosen | {g}
        return together if together.cost < best.cost else best

    def attempt(self, rewound: set[Var]) -> Attempt:
        """The plan with these storages rewound: one walk shows what is missing, a second one saves what was chosen."""
        first = self._walk(rewound, ())
        if not first.slots:
            return first
        second = self._walk(rewound, choose(self.primal, [s.var for s in first.slots]))
        return min(second, first, key=lambda a: a.cost)

    def _walk(self, rewound: set[Var], pushes: Iterable[Var]) -> Attempt:
        walk = Walk(self.primal, self.mirrors, self.shapes, rewound, set(pushes))
        made, live = prune(walk.run(self.backward, self.function.body.results))
        while names := unseen(made, [v for v in walk.undone if v in live], self.primal):
            made, live = prune(without(made, names))
        slots = slots_of(made, self.primal, walk.regions)
        kept = [v for v in self.primal.order if v in live and self.primal.is_outer(v)]
        cost = sum(self.primal.weight(s.var, s.region) for s in slots)
        cost += sum(size_of(v.type) for v in kept if self._is_copied(v))
        cost += sum(self._undoing(w) for out, w in walk.undone.items() if out in live)
        return Attempt(walk, made, slots, kept, live, cost)

    def _is_copied(self, var: Var) -> bool:
        """Whether keeping ``var`` takes a copy, because its memory is written later."""
        op = self.primal.maker_op(var)
        view = op is not None and op.name == "view"
        if not isinstance(var.type, (Array, List)):
            return False
        return self.primal.storages.is_overwritten(op.args[0] if view and op is not None else var)

    def _undoing(self, write: Write) -> float:
        """What undoing a write costs besides what it saved: storing a scalar is slow, an array comes for less than a push."""
        scale = TRIPS ** self.primal.region[write.after].loops
        if not isinstance(write.before.type, Array):
            return 0.0
        part = size_of(self.primal.saved(write).type)
        return 1.5 * scale if part <= 1 else (-0.001 * part * scale if scale > 1 else 0.001 * part)

    def _wanted(self, attempt: Attempt) -> set[Var]:
        """Storages of which an old version, or something read from one, is saved."""
        primal, found, seen = self.primal, set(), set()
        work = [s.var for s in attempt.slots] + [v for v in attempt.kept if self._is_copied(v)]
        while work:
            var = work.pop()
            if var in seen:
                continue
            seen.add(var)
            found.add(primal.storages.group(var))
            op = primal.maker_op(var)
            if op is not None and len(seen) < 1000:
                work.extend(arg_vars(op.args))
        return found


