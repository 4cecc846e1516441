"""Who owns which memory in a function: the analysis behind updates in place.

- The result of an operation that allocates owns its memory; so does the result of an update.
- A *slot* (a loop's parameter and result, the result of an If) owns its memory where an update asks for it; then
  each of its sources must be an owner that nobody needs any more, or is copied there.
- Everything else *borrows*: a view from what it looks at, a list from what is appended while it is still needed elsewhere.

An update asks for a copy where its operand is not an owner that ends there, and where somebody who is needed
afterwards may share the memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..analysis.liveness import Liveness, liveness
from ..ir.core import Atom, Const, Function, If, Loop, Module, Op, Var, arg_vars, blocks_of
from ..ir.types import Array, List
from .inplace_edits import Edits
from .inplace_effects import (
    call_args,
    holds,
    is_buffer,
    is_container,
    is_fresh,
    is_transfer,
    returned,
    shared_args,
    updates,
    walk,
)

__all__ = ["Ownership", "ownership"]

Ref = tuple[Var, bool]


def ownership(fn: Function, module: Module) -> Ownership:
    """Who owns what in ``fn``, and the copies that are missing."""
    found = Ownership(fn, module)
    found.demand_owners()
    if not found.edits:
        found.classify()
        found.find_conflicts()
        if not found.edits:
            found.check_results()
    return found


class Ownership:
    """The analysis of one function. ``edits``: the copies that are missing; empty for a function that is bufferized."""

    def __init__(self, fn: Function, module: Module) -> None:
        self.fn = fn
        self.module = module
        self.live: Liveness = liveness(fn)
        self.stmts = walk(fn.body)
        self.edits: Edits = {}
        self.late_edits: Edits = {}
        self.slots: dict[Var, tuple[If | Loop, int]] = {}
        self.home: dict[Var, Op] = {}
        self.transferred: set[Var] = set()
        self.owners: set[Var] = set()
        self._params = {p: k for k, p in enumerate(fn.params)}
        self._written = {k for k, _ in fn.written}
        self._demanded: dict[Var, bool] = {}
        self._outer: dict[Loop, set[Var]] = {}
        self._parent: dict[Var, Var] = {}
        self._refs: dict[Var, dict[Ref, None]] = {}
        self._sharing: dict[Var, list[Var]] | None = None
        self._index()

    def _index(self) -> None:
        for stmt in self.stmts:
            if isinstance(stmt, Op):
                self.home.update(dict.fromkeys(stmt.outs, stmt))
                continue
            for k, out in enumerate(stmt.outs):
                self.slots[out] = (stmt, k)
            if isinstance(stmt, Loop):
                for k, p in enumerate(stmt.params):
                    self.slots[p] = (stmt, k)
                heads = {*stmt.params, stmt.index}
                self._outer[stmt] = {v for b in blocks_of(stmt) for v in self.live.free(b) if v not in heads}

    # -- moves: is a value needed after it was handed on? ----------------------------------------------------------------

    def _dies_in(self, op: Op, v: Var) -> bool:
        return not self.live.is_live_after(v, op)

    def _sources(self, stmt: If | Loop, k: int) -> list[tuple[Atom, bool, tuple[object, str, object]]]:
        """The sources of slot ``k``: atom, whether it may be moved there, and the place of a copy."""
        if isinstance(stmt, If):
            return [(b.results[k], self._moves(stmt, b.results, k), (stmt, arm, k))
                    for arm, b in (("then", stmt.then), ("else", stmt.orelse))]
        return [(stmt.inits[k], self._moves(stmt, stmt.inits, k), (stmt, "init", k)),
                (stmt.carried[k], self._moves(stmt, stmt.carried, k), (stmt, "result", k))]

    def _moves(self, stmt: If | Loop, handed: tuple[Atom, ...], k: int) -> bool:
        v = handed[k]
        if isinstance(v, Const):
            return True
        if sum(a is v for a in handed) > 1 or (self.live.is_live_after(v, stmt) and v not in stmt.outs):
            return False
        return isinstance(stmt, If) or v not in self._outer[stmt]

    # -- step 1: the operands of updates must be owners ------------------------------------------------------------------

    def demand_owners(self) -> None:
        for stmt in self.stmts:
            if not isinstance(stmt, Op):
                continue
            args = call_args(stmt) if stmt.name == "call" else stmt.args
            times = Counter(arg_vars(args)) if stmt.name == "call" else {}  # the callee takes its arguments to be distinct
            for at, _ in updates(stmt, self.module):
                v = args[at]
                if isinstance(v, Const) or times.get(v, 0) > 1 or not (self._dies_in(stmt, v) and self._demand(v)):
                    self.edits[stmt, "operand", at] = None
        for k, r in self.fn.written:
            self._check_written(k, r)

    def _check_written(self, k: int, r: int) -> None:
        """What a kept function updates in place must still be the memory that it was given."""
        result = self.fn.body.results[r]
        if isinstance(result, Var) and self._origin(result, set()) is not self.fn.params[k]:
            self.edits[self.fn, "write back", (k, r)] = None

    def _origin(self, v: Var, seen: set[Var]) -> Var | None:
        """The parameter whose memory ``v`` is, through updates and slots; a variable in the midst if it is something else."""
        if v in seen:
            return None
        seen.add(v)
        if v in self.slots:
            stmt, k = self.slots[v]
            found = {self._origin(s, seen) if isinstance(s, Var) else None for s, _, _ in self._sources(stmt, k)} - {None}
            return next(iter(found)) if len(found) == 1 else None if not found else v
        if v in self.home:
            op = self.home[v]
            args = call_args(op) if op.name == "call" else op.args
            at = [a for a, out in updates(op, self.module) if op.outs[out] is v]
            return self._origin(args[at[0]], seen) if at else v
        return v

    def _demand(self, v: Var) -> bool:
        """Make ``v`` an owner if it can be one, noting the copies that this takes."""
        if v not in self._demanded:
            self._demanded[v] = True  # in a cycle
            self._demanded[v] = self._can_own(v)
        return self._demanded[v]

    def _can_own(self, v: Var) -> bool:
        if v in self._params:
            if self._params[v] not in self._written:
                self.edits[v, "entry", 0] = None
            return True
        if v in self.slots:
            stmt, k = self.slots[v]
            for source, moves, place in self._sources(stmt, k):
                if isinstance(source, Var) and not (moves and self._demand(source)):
                    self.edits[place] = None
            return True
        op = self.home.get(v)
        if op is None:
            return False
        if is_fresh(op, op.outs.index(v), self.module):
            return True
        base = op.args[0] if op.args and is_transfer(op) else None
        if not (isinstance(base, Var) and isinstance(base.type, Array) and self._dies_in(op, base) and self._demand(base)):
            return False
        self.transferred.add(v)
        return True

    # -- step 2: owners, groups of buffers, and who borrows from whom ----------------------------------------------------

    def classify(self) -> None:
        self._find_owners()
        self._group()
        self._borrow()

    def _find_owners(self) -> None:
        owners = {p for p, k in self._params.items() if k in self._written} | self.transferred
        owners |= {v for v, op in self.home.items() if is_buffer(v.type) and is_fresh(op, op.outs.index(v), self.module)}
        phis = {v for v in self.slots if is_buffer(v.type)}
        changed = True
        while changed:
            changed = False
            for v in list(phis):
                for s, moves, _ in self._sources(*self.slots[v]):
                    if isinstance(s, Var) and not (moves and (s in owners or s in phis)):
                        phis.discard(v)
                        changed = True
                        break
        self.owners = owners | phis

    def find(self, v: Var) -> Var:
        """The representative of the group of owners between which ``v``'s buffer may be handed on."""
        while v in self._parent:
            v = self._parent[v]
        return v

    def _union(self, a: Var, b: Var) -> None:
        a, b = self.find(a), self.find(b)
        if a is not b:
            self._parent[b] = a

    def _group(self) -> None:
        for stmt in self.stmts:
            if isinstance(stmt, Op):
                args = call_args(stmt) if stmt.name == "call" else stmt.args
                for at, k in updates(stmt, self.module):
                    if isinstance(args[at], Var):
                        self._union(args[at], stmt.outs[k])
            elif isinstance(stmt, Loop):
                for p, out in zip(stmt.params, stmt.outs, strict=True):
                    self._union(p, out)
        for v, place in self.slots.items():
            for s, _, _ in self._sources(*place):
                if isinstance(s, Var) and v in self.owners and s in self.owners:
                    self._union(v, s)
        for v in self.transferred:
            self._union(self.home[v].args[0], v)

    def held(self, v: Var, moved: bool, exact: bool = True) -> dict[Ref, None]:
        """What somebody refers to who holds ``v``."""
        inner = self._refs.get(v, {})
        found = dict(inner) if exact else {(o, False): None for o, _ in inner}
        if v in self.owners and not moved:
            found[v, exact] = None
        elif v in self._params and v not in self.owners:
            found[v, False] = None
        return found

    def _borrow(self) -> None:
        """Fill ``_refs``: owner (and whether for certain that very owner's memory) -> for every variable that may share
        memory.
        """
        borrowing = [s for s in self.stmts if not isinstance(s, Op) or self._may_borrow(s)]
        changed = True
        while changed:
            changed = False
            for stmt in borrowing:
                for v, refs in self._refs_of(stmt):
                    known = self._refs.setdefault(v, {})
                    if refs.keys() - known.keys():
                        known.update(refs)
                        changed = True

    def _may_borrow(self, op: Op) -> bool:
        """Whether a result of ``op`` may refer to memory that is not its own."""
        return any(is_container(out.type) or (is_buffer(out.type) and out not in self.transferred
                                              and not is_fresh(op, k, self.module)) for k, out in enumerate(op.outs))

    def _refs_of(self, stmt: Op | If | Loop) -> list[tuple[Var, dict[Ref, None]]]:
        if isinstance(stmt, Op):
            return [(out, self._op_refs(stmt, k)) for k, out in enumerate(stmt.outs) if is_buffer(out.type)]
        found = []
        for k, out in enumerate(stmt.outs):
            if is_buffer(out.type):
                refs: dict[Ref, None] = {}
                for s, moves, _ in self._sources(stmt, k):
                    if isinstance(s, Var):
                        refs.update(self.held(s, moves, exact=isinstance(stmt, If)))
                found.append((out, refs))
                if isinstance(stmt, Loop):
                    found.append((stmt.params[k], refs))
        return found

    def _op_refs(self, op: Op, k: int) -> dict[Ref, None]:
        refs: dict[Ref, None] = {}
        out = op.outs[k]
        if held := holds(op, k, self.module):
            times = Counter(arg_vars(op.args))
            for v in held:
                refs.update(self.held(v, self._dies_in(op, v) and times[v] == 1))
        args = call_args(op) if op.name == "call" else op.args
        for at, r in updates(op, self.module):
            if r == k and is_container(out.type) and isinstance(args[at], Var):
                refs.update(self._refs.get(args[at], {}))
        if op.name in ("pop", "pop_in", "getitem", "untuple"):
            refs.update(self._refs.get(op.args[0], {}))
            refs.update({(p, False): None for p in [op.args[0]] if p in self._params})
            if op.name == "getitem" and isinstance(out.type, List):  # an update of the list may be one of its item
                refs.update(self.held(op.args[0], False))
        elif not is_fresh(op, k, self.module) and out not in self.transferred:
            for v in shared_args(op):
                refs.update(self.held(v, False))
        return refs

    # -- step 3: borrowers that would see an update ----------------------------------------------------------------------

    def find_conflicts(self) -> None:
        for stmt in self.stmts:
            if not isinstance(stmt, Op):
                continue
            args = call_args(stmt) if stmt.name == "call" else stmt.args
            for at, _ in updates(stmt, self.module):
                if isinstance(args[at], Var):
                    self._check_update(stmt, args[at])
                    self._check_items(stmt, args[at])
        if not self.edits:
            self.edits.update(self.late_edits)

    def _check_items(self, op: Op, w: Var) -> None:
        """An update of an item of ``w``, itself a list, must not be one of a list that somebody else has."""
        if op.name in ("append_in", "pop_in") or (op.name in ("setitem", "additem") and isinstance(op.args[1], tuple)):
            for owner, _ in self._refs.get(w, {}):
                if isinstance(owner.type, List):
                    self._separate(w, owner, set())

    def _check_update(self, op: Op, w: Var) -> None:
        also: list[Var] = []
        if op.name == "call":  # the callee takes its arguments to be distinct
            also = arg_vars(op.args)
        elif op.name == "setview" and op.role != "primal":  # NumPy's x[:, 0] = x[1] does not always read before it writes
            also = arg_vars(op.args[1])

        def needed(v: Var) -> bool:
            return v in also or (self.live.is_live_after(v, op) and v not in op.outs)

        for z in self._borrowers().get(self.find(w), ()):
            if z is not w and needed(z) and any(self._same(r, w, needed) for r in self._refs[z]):
                self._separate(z, w, set())

    def _borrowers(self) -> dict[Var, list[Var]]:
        """For each group of owners the variables that may share its memory."""
        if self._sharing is None:
            self._sharing = {}
            for z, refs in self._refs.items():
                for group in {self.find(owner): None for owner, _ in refs}:
                    self._sharing.setdefault(group, []).append(z)
        return self._sharing

    def is_free_after(self, w: Var, op: Op) -> bool:
        """Whether ``op`` might update ``w``: an owner that ends there, and whose memory nobody sees afterwards."""
        known = (dict(self.edits), dict(self.late_edits))
        self._check_update(op, w)
        free = self._dies_in(op, w) and (self.edits, self.late_edits) == known
        self.edits, self.late_edits = known
        return free

    def _same(self, ref: Ref, w: Var, needed: Callable[[Var], bool]) -> bool:
        """Whether a reference may be to the memory of ``w`` at a place where some variables are still needed."""
        owner, exact = ref
        if self.find(owner) is not self.find(w):
            return False
        return owner is w or not (exact and needed(owner))

    def _touches(self, v: Var, w: Var, moved: bool) -> bool:
        return any(self.find(o) is self.find(w) for o, _ in self.held(v, moved))

    def _separate(self, z: Var, w: Var, seen: set[Var]) -> None:
        """Copy what makes ``z`` share memory with the group of ``w``, where it comes to do so."""
        if z in seen:
            return
        seen.add(z)
        if z in self.slots:
            for s, moves, place in self._sources(*self.slots[z]):
                if not isinstance(s, Var) or not self._touches(s, w, moves):
                    continue
                if is_container(z.type) or (s in self.slots and s not in self.owners):
                    self._separate(s, w, seen)
                else:
                    self.edits[place] = None
            return
        op = self.home.get(z)
        if op is None:
            return
        k = op.outs.index(z)
        if op.name in ("getitem", "untuple") or (op.name in ("pop", "pop_in") and k == 0):
            self.late_edits[z, "def", 0] = None  # unless what it came from is mended first
            return
        if isinstance(z.type, Array):
            self.edits[z, "def", 0] = None
            return
        for v in holds(op, k, self.module):
            if not self._touches(v, w, self._dies_in(op, v)):
                continue
            if is_container(v.type) and self.find(v) is not self.find(w):  # its elements are meant
                self._separate(v, w, seen)
            else:
                self.edits[op, "hold", v] = None
        if op.args and isinstance(op.args[0], Var) and is_container(op.args[0].type) and op.name != "call":
            self._separate(op.args[0], w, seen)

    # -- step 4: results leave clean -------------------------------------------------------------------------------------

    def check_results(self) -> None:
        """Each returned array is writable memory of its own: no parameter's, no view of one, no other result's.

        A stash goes out by reference. What a kept function's stash refers to is not returned as well.
        """
        results = [(k, self.fn.body.results[k]) for k in returned(self.fn) if k < self._first_stashed()]
        gone: set[Var] = set()  # owners that are returned: two of them never share
        seen: set[Var] = set()  # groups of what is returned and borrows
        for _, r in results:
            if isinstance(r, Var) and is_container(r.type) and not isinstance(r.type, List):
                seen |= self._groups_held(r)
        for k, r in results:
            if not isinstance(r, Var) or not isinstance(r.type, (Array, List)):
                continue
            groups = self._groups_held(r)
            shared = groups & seen or (r in gone if r in self.owners else groups & {self.find(o) for o in gone})
            if shared or not self._leaves_clean(r):
                self.edits[self.fn, "copy result", k] = None
            elif r in self.owners:
                gone.add(r)
            else:
                seen |= groups

    def _groups_held(self, v: Var) -> set[Var]:
        return {self.find(o) for o, _ in self.held(v, False)}

    def _first_stashed(self) -> int:
        """The position of the first result that is stashed: a function with ``halves`` that is not joint is a forward half."""
        joint = any(isinstance(s, Op) and s.name == "split" for s in self.fn.body.stmts)
        return len(self.fn.body.results) if joint or self.fn.halves is None else self.fn.halves.results

    def _leaves_clean(self, r: Var) -> bool:
        if r in self.owners:
            return True
        op = self.home.get(r)
        if op is None or not is_transfer(op):
            return False
        base = op.args[0]
        return isinstance(base, Var) and self._leaves_clean(base)
