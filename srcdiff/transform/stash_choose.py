"""Which values to save: a smallest set from which everything that is needed can be had.

A first walk that saves whatever it cannot get shows what is missing. Cheap operations lead from other values to the
missing ones, so the values to save are a cut between what would have to be saved in any case (results of expensive
operations, carried values) and what is missing: the cheapest such cut, found by maximum flow, as near to the missing
values as possible.

Example::

    t = u[1:-1]; s = c * t          missing: t and s (c is at hand)      ->      save t, do c * t again
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

from ..ir.core import Var, arg_vars
from ..ir.graph import reached
from ..ir.ops import OPS
from .stash_primal import Primal, is_cheap

__all__ = ["choose"]

LIMIT = 200  # for more values that hang together than this, no cut is looked for


def choose(primal: Primal, missing: Iterable[Var]) -> set[Var]:
    """The values to save so that all of ``missing`` can be had."""
    wanted = dict.fromkeys(missing)
    sources = {v: _sources(primal, v) for v in wanted}
    work = list(wanted)
    while work:
        for s in sources[work.pop()] or ():
            if s not in sources:
                sources[s] = _sources(primal, s)
                work.append(s)
    chosen: set[Var] = set()
    for part in _parts(sources):
        here = {v for v in part if v in wanted}
        chosen |= here if len(part) > LIMIT else _Cut(primal, {v: sources[v] for v in part}, here).run()
    return chosen


def _parts(sources: dict[Var, list[Var] | None]) -> list[list[Var]]:
    """The values in groups that do not depend on each other."""
    near: dict[Var, list[Var]] = {v: list(group or ()) for v, group in sources.items()}
    for v, group in sources.items():
        for s in group or ():
            near[s].append(v)
    parts: list[list[Var]] = []
    seen: set[Var] = set()
    for start in near:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for v in part:
            fresh = [s for s in dict.fromkeys(near[v]) if s not in seen]
            seen.update(fresh)
            part.extend(fresh)
        parts.append(part)
    return parts


def _sources(primal: Primal, var: Var) -> list[Var] | None:
    """What ``var`` can be had from, without what is at hand anyway; None if it can only be saved."""
    op = primal.maker_op(var)
    if var in primal.storages.undef:
        return None
    if op is not None and is_cheap(op):
        args = tuple(a for k, a in enumerate(op.args) if k not in OPS[op.name].shape_only)
        return _not_at_hand(primal, arg_vars(args))
    loop, k = primal.trip_of.get(var, (None, 0))
    if loop is not None and loop.params[k] not in primal.storages.undef:
        return _not_at_hand(primal, [loop.params[k], loop.outs[k]])
    return None


def _not_at_hand(primal: Primal, vars: list[Var]) -> list[Var]:
    return [v for v in dict.fromkeys(vars) if not primal.is_at_hand(v)]


class _Cut:
    """Vertex cut by augmenting paths from roots to what is wanted; each value carries at most its weight."""

    def __init__(self, primal: Primal, sources: dict[Var, list[Var] | None], wanted: set[Var]) -> None:
        self.order = sorted(sources, key=lambda v: primal.order[v])
        self.weight = {v: primal.weight(v) for v in self.order}
        self.roots = {v for v in self.order if sources[v] is None}
        self.wanted = wanted
        self.targets: dict[Var, list[Var]] = {v: [] for v in self.order}
        self.sources: dict[Var, list[Var]] = {v: list(sources[v] or ()) for v in self.order}
        for v in self.order:
            for s in self.sources[v]:
                self.targets[s].append(v)
        self.through = dict.fromkeys(self.order, 0.0)
        self.along: dict[tuple[Var, Var], float] = {}

    def run(self) -> set[Var]:
        while self._augment():
            pass
        reached = self._reaching()
        return {v for v in self.order if (v, True) in reached and (v, False) not in reached}

    # A node is (value, passed): before or after what the value itself carries.

    def _next(self, node: tuple[Var, bool]) -> list[tuple[tuple[Var, bool], float]]:
        """Nodes that more can flow to, and how much."""
        var, passed = node
        if not passed:
            back = [((s, True), f) for s in self.sources[var] if (f := self.along.get((s, var), 0.0)) > 0]
            return [((var, True), self.weight[var] - self.through[var]), *back]
        onward = [((t, False), float("inf")) for t in self.targets[var]]
        return [*onward, ((var, False), self.through[var])]

    def _augment(self) -> bool:
        came: dict[tuple[Var, bool], tuple[Var, bool] | None] = {(v, False): None for v in self.order if v in self.roots}
        queue = deque(came)
        while queue:
            node = queue.popleft()
            if node[1] and node[0] in self.wanted:
                self._push(self._path(came, node))
                return True
            for other, room in self._next(node):
                if room > 0 and other not in came:
                    came[other] = node
                    queue.append(other)
        return False

    def _path(self, came: dict[tuple[Var, bool], tuple[Var, bool] | None], end: tuple[Var, bool]) -> list[tuple[Var, bool]]:
        path = [end]
        while (before := came[path[-1]]) is not None:
            path.append(before)
        return path[::-1]

    def _push(self, path: list[tuple[Var, bool]]) -> None:
        pairs = list(pairwise(path))
        amount = min(next(room for other, room in self._next(a) if other == b) for a, b in pairs)
        for (x, passed), (y, _) in pairs:
            if x is y:
                self.through[x] += -amount if passed else amount
            elif passed:
                self.along[x, y] = self.along.get((x, y), 0.0) + amount
            else:
                self.along[y, x] -= amount

    def _reaching(self) -> set[tuple[Var, bool]]:
        """Nodes from which more can flow to what is wanted: the cut lies just before them."""
        into: dict[tuple[Var, bool], list[tuple[Var, bool]]] = {}
        for var in self.order:
            for node in ((var, False), (var, True)):
                for other, room in self._next(node):
                    if room > 0:
                        into.setdefault(other, []).append(node)
        return reached(((v, True) for v in self.order if v in self.wanted), into)
