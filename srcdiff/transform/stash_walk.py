"""The walk over a backward half that brings every primal value that it names into scope.

A write to a rewound storage is undone at its mark: the overwritten part is put back into the version after the write,
and that is the version before it. Versions so found are valid for the rest of the scope, and no walk needs to know about
memory: versions are values, the undone write is an ordinary ``setview``. At the mirror of a loop or an If, the rewound
storages are carried backwards through it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..analysis.storage import Write
from ..errors import InternalError
from ..ir.core import Arg, Atom, Block, If, Loop, Op, Stmt, Var, blocks_of
from .mirrors import Mirrors
from .stash_primal import Primal, element_of, is_whole
from .stash_shapes import Shapes
from .stash_values import Scope, State, Values

__all__ = ["Walk"]


class Walk(Values):
    """One walk, for one choice of rewound storages and of values to save."""

    def __init__(self, primal: Primal, mirrors: Mirrors, shapes: Shapes, rewound: Collection[Var],
                 pushes: Collection[Var] = ()) -> None:
        super().__init__(primal, shapes, rewound, pushes)
        self.mirrors = mirrors

    def run(self, stmts: tuple[Stmt, ...], results: tuple[Atom, ...]) -> Block:
        """The backward half with slots; its results are the function's."""
        self.scopes = [Scope(self.primal.regions[self._outermost()])]
        for stmt in stmts:
            self.stmt(stmt)
        scope = self.scopes.pop()
        return Block(tuple(scope.stmts), tuple(self._result(r) for r in results))

    def _outermost(self) -> Block:
        return next(b for b, r in self.primal.regions.items() if r.level == 0)

    def _result(self, atom: Atom) -> Atom:
        if isinstance(atom, Var) and atom in self.primal.region and not self.primal.is_outer(atom):
            raise InternalError(f"a result names {atom!r}, which is no longer in scope")
        return atom

    # -- statements ----------------------------------------------------------------------------------------------------

    def stmt(self, stmt: Stmt) -> None:
        if isinstance(stmt, If):
            self.branch(stmt)
        elif isinstance(stmt, Loop):
            self.loop(stmt)
        elif stmt.name == "mark":
            self.mark(stmt.args[0])
        else:
            self.emit(self.zeros_of(stmt) or self.with_args(stmt, self.arg))

    def branch(self, stmt: If) -> None:
        twin = self.mirrors.get(stmt)
        cond = self.atom(stmt.cond)
        arms: list[tuple[Scope, tuple[Atom, ...]]] = []
        for arm, primal_arm in zip(blocks_of(stmt), blocks_of(twin) if isinstance(twin, If) else (None, None), strict=True):
            scope = self._arm_scope(twin, primal_arm) if isinstance(twin, If) and primal_arm is not None else Scope()
            arms.append((scope, self.block(scope, arm)))
        outs, phis = self._join_versions(arms[0][0], arms[1][0])
        blocks = [Block((*scope.slots.values(), *scope.stmts), (*results, *phi))
                  for (scope, results), phi in zip(arms, phis, strict=True)]
        self.scopes[-1].stmts.append(replace(stmt, cond=cond, then=blocks[0], orelse=blocks[1], outs=(*stmt.outs, *outs)))

    def _arm_scope(self, twin: If, arm: Block) -> Scope:
        """At the end of an arm the rewound storages are what came out of the If."""
        scope = Scope(self.primal.regions[arm])
        for result, out in zip(arm.results, twin.outs, strict=True):
            if isinstance(result, Var) and self.is_rewound(out) and out not in self.primal.storages.undef:
                version = self.get(out)
                assert version is not None
                scope.subst[result] = version
        return scope

    def _join_versions(self, then: Scope, orelse: Scope) -> tuple[list[Var], tuple[list[Atom], list[Atom]]]:
        """Versions from before the If that both arms have found again come out of its mirror."""
        outs: list[Var] = []
        phis: tuple[list[Atom], list[Atom]] = ([], [])
        for var in [v for v in then.subst if v in orelse.subst and self.is_rewound(v)]:
            out = Var(var.type, var.hint)
            outs.append(out)
            phis[0].append(then.subst[var])
            phis[1].append(orelse.subst[var])
            self.scopes[-1].subst[var] = out
        self.failed.clear()
        return outs, phis

    def block(self, scope: Scope, block: Block) -> tuple[Atom, ...]:
        """Walk ``block`` into ``scope``; its results."""
        self.scopes.append(scope)
        self.failed.clear()
        for stmt in block.stmts:
            self.stmt(stmt)
        results = tuple(self.atom(r) for r in block.results)
        if scope.loop is not None:
            self._close_states(scope)
        self.scopes.pop()
        self.failed.clear()
        return results

    def loop(self, stmt: Loop) -> None:
        twin = self.mirrors.get(stmt)
        inits = tuple(self.atom(a) for a in stmt.inits)
        lo, hi, step = (None if a is None else self.atom(a) for a in (stmt.lo, stmt.hi, stmt.step))
        scope = Scope()
        if isinstance(twin, Loop):
            scope = Scope(self.primal.regions[twin.body], twin)
            if twin.index is not None and stmt.index is not None:
                scope.subst[twin.index] = stmt.index
            scope.trip = stmt.index if twin.index is None else None
            self._enter_trip(scope, twin)
        cond = stmt.cond
        if cond is not None:
            inner = Scope()
            results = self.block(inner, cond)
            cond = Block(tuple(inner.stmts), results)
        results = self.block(scope, stmt.body)
        states = list(scope.states.values())
        outs = tuple(Var(s.param.type, s.param.hint) for s in states)
        body = Block((*scope.slots.values(), *scope.stmts), (*results, *(s.result for s in states if s.result is not None)))
        self.scopes[-1].stmts.append(replace(
            stmt, params=(*stmt.params, *(s.param for s in states)), inits=(*inits, *(s.init for s in states)), body=body,
            outs=(*stmt.outs, *outs), lo=lo, hi=hi, step=step, cond=cond))
        if isinstance(twin, Loop):
            self._leave_trips(twin, states, outs)

    def _enter_trip(self, scope: Scope, loop: Loop) -> None:
        """Rewound storages are carried backwards: at the end of a trip they are what the trip made."""
        for k, (param, result) in enumerate(zip(loop.params, loop.carried, strict=True)):
            if not self.is_rewound(param) or param in self.primal.storages.undef:
                continue
            init = self.get(loop.outs[k])
            assert init is not None
            state = State(k, Var(param.type, param.hint), init)
            scope.states[k] = state
            if isinstance(result, Var):
                scope.subst[result] = state.param

    def _close_states(self, scope: Scope) -> None:
        assert scope.loop is not None
        done = -1
        while done < len(scope.states):  # closing one may ask for another
            done = len(scope.states)
            for state in list(scope.states.values()):
                if state.result is None:
                    state.result = self.get(scope.loop.params[state.index])

    def _leave_trips(self, loop: Loop, states: list[State], outs: tuple[Var, ...]) -> None:
        """What the loop carried backwards ends as the loop's initial values."""
        for state, out in zip(states, outs, strict=True):
            init = loop.inits[state.index]
            if isinstance(init, Var) and (self.is_rewound(init) or not self.primal.is_outer(init)):
                self.scopes[-1].subst[init] = out
        self.failed.clear()

    # -- rewinding -----------------------------------------------------------------------------------------------------

    def mark(self, after: Var) -> None:
        """Undo the write that made ``after``, if its storage is rewound and this version is at hand."""
        write = self.primal.storages.writes.get(after)
        if write is None or not self.is_rewound(after) or write.op.name == "call":
            return
        current = self.get(after, push=False)
        if current is None:
            return
        self._forward_store(write, current)
        undone = self._undo(write, current)
        if undone is not None:
            self.scopes[-1].subst[write.before] = undone
            self.failed.clear()

    def _undo(self, write: Write, current: Atom) -> Atom | None:
        op = write.op
        if op.name in ("setview", "addview", "subview"):
            if is_whole(op.args[2]):
                return self.get(write.before)
            return self._restore(write, "setview", (current, self.atom(self.primal.saved(write)), self.arg(op.args[2])))
        if op.name == "append":
            rest = Var(write.before.type, write.before.hint)
            self.emit(Op("pop", (current,), (Var(element_of(op.outs[0])), rest), op.loc, "adjoint"))
            return rest
        if op.name == "append_in":
            rest = Var(write.before.type, write.before.hint)
            self.emit(Op("pop_in", (current, self.arg(op.args[1])), (Var(op.args[2].type), rest), op.loc, "adjoint"))
            return rest
        if op.name == "pop":
            return self._restore(write, "append", (current, self.atom(op.outs[0])))
        if op.name == "pop_in":
            return self._restore(write, "append_in", (current, self.arg(op.args[1]), self.atom(op.outs[0])))
        if op.name in ("setitem", "additem"):
            return self._restore(write, "setitem", (current, self.arg(op.args[1]), self.atom(self.primal.saved(write))))
        return None

    def _restore(self, write: Write, name: str, args: tuple[Arg, ...]) -> Var:
        out = Var(write.before.type, write.before.hint)
        self.emit(Op(name, args, (out,), write.op.loc, "adjoint"))
        self.undone[out] = write
        return out

    def _forward_store(self, write: Write, current: Atom) -> None:
        """A value that was just written can be read back before the write is undone."""
        op = write.op
        value = op.args[1] if op.name == "setview" else None
        if not isinstance(value, Var) or self.primal.is_outer(value) or self.lookup(value) is not None:
            return
        if value not in self.pushes:
            self.read_back(write, current, len(self.scopes) - 1)
