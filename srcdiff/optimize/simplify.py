"""One forward walk that folds, rewrites and shares: constants, identities and common subexpressions feed each other.

Before::                                       After::

    t = np.multiply(1.0, np.cos(x))                t = np.cos(x)
    u = np.multiply(2.0, np.cos(x))                u = np.multiply(2.0, t)

Each operation, its operands already rewritten, is offered to the rules of :mod:`.fold` and :mod:`.identities`; what they
leave is looked up among the operations seen so far (:mod:`.cse`). Rules may emit new operations, which go the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..errors import Loc
from ..ir.core import (
    Arg,
    Atom,
    Block,
    Const,
    Function,
    If,
    Loop,
    Module,
    Op,
    Stmt,
    Var,
    arg_vars,
    blocks_of,
    map_arg,
    uses_of,
    with_args,
)
from ..ir.dims import DimLike, Facts
from ..ir.hints import give
from ..ir.ops import OPS
from ..ir.types import Type
from ..transform.shape_roots import ShapeRoots
from . import fold, identities
from .cse import Seen
from .same_lists import Filled

__all__ = ["STEPS", "Simplifier", "run"]

STEPS = ("fold", "identities", "cse")

Rewrite = Callable[["Simplifier", Op], "Atom | None"]


def run(module: Module, skip: frozenset[str] = frozenset()) -> Module:
    """Simplify every function; ``skip``: steps to leave out."""
    functions = {name: _function(f, module.facts, skip) for name, f in module.functions.items()}
    return replace(module, main=_function(module.main, module.facts, skip), functions=functions)


def _function(fn: Function, facts: Facts, skip: frozenset[str]) -> Function:
    return replace(fn, body=Simplifier(fn, facts, skip).block(fn.body))


class Simplifier:
    """The state of the walk. ``defs`` holds the operation that defined a variable; ``uses`` counts uses before the walk."""

    def __init__(self, fn: Function, facts: Facts, skip: frozenset[str]) -> None:
        self.facts = facts
        self.subst: dict[Var, Atom] = {}
        self.defs: dict[Var, Op] = {}
        self.remade: dict[Var, Atom] = {}  # writes that became other writes
        self.uses: Counter[Var] = Counter()
        _count(fn.body, self.uses)
        self.stmts: list[Stmt] = []
        self.roots = ShapeRoots()
        self.lists = Filled(fn)
        self.seen = Seen(across=fn.halves is not None and not fn.halves.planned, on="cse" not in skip)
        self.tables: list[dict[str, Rewrite]] = []
        self.folds = "fold" not in skip
        if self.folds:
            self.tables.append(fold.RULES)
        self.adjoint_tables = self.tables if "identities" in skip else [*self.tables, identities.RULES]
        self.loc: Loc | None = None
        self.role = "primal"

    # -- for the rules -------------------------------------------------------------------------------------------------

    def emit(self, name: str, *args: Arg, type: Type | None = None, sym: DimLike | None = None) -> Atom:
        """A new operation, simplified in turn."""
        found = OPS[name].infer(args, self.facts) if type is None else type
        assert not isinstance(found, tuple)
        return self.value(Op(name, args, (Var(found, sym=sym),), self.loc, self.role))

    def made_by(self, atom: Arg, *names: str) -> Op | None:
        """The operation that defined ``atom``, if it is one of ``names``."""
        op = self.defs.get(atom) if isinstance(atom, Var) else None
        return op if op is not None and op.name in names else None

    def once(self, atom: Arg) -> bool:
        """Whether ``atom`` has one reader."""
        return isinstance(atom, Var) and self.uses[atom] <= 1

    # -- walking -------------------------------------------------------------------------------------------------------

    def atom(self, atom: Atom) -> Atom:
        return self.subst.get(atom, atom) if isinstance(atom, Var) else atom

    def block(self, block: Block) -> Block:
        with self._collect() as stmts:
            for stmt in block.stmts:
                self._stmt(stmt)
        return Block(tuple(stmts), tuple(map(self.atom, block.results)))

    @contextmanager
    def _collect(self) -> Iterator[list[Stmt]]:
        outer, self.stmts = self.stmts, []
        try:
            yield self.stmts
        finally:
            self.stmts = outer

    def _stmt(self, stmt: Stmt) -> None:
        if isinstance(stmt, Op):
            self._op(stmt)
        elif isinstance(stmt, If):
            self._branch(stmt)
        else:
            self._loop(stmt)

    def _op(self, op: Op) -> None:
        if op.name == "mark":
            self._mark(op)
            return
        if any(v in self.subst for v in arg_vars(op.args)):
            op = with_args(op, tuple(map_arg(a, self.atom) for a in op.args))
        if op.name == "split":
            self.seen.split()
        if len(op.outs) != 1 or OPS[op.name].effect or op.name == "call":
            for out in op.outs:
                self.defs[out] = op
            self.stmts.append(op)
            return
        self.loc, self.role = op.loc, op.role
        out = op.outs[0]
        start = len(self.stmts)
        value = self.value(op)
        if value is not out:
            self.subst[out] = value
            if OPS[op.name].inplace is not None and any(value in s.outs for s in self.stmts[start:]):
                self.remade[out] = value
            if isinstance(value, Var):
                self.uses[value] += self.uses[out]
                made = self.defs.get(value)
                if not value.hint and made is not None and made.role == op.role:
                    give(value, out.hint)

    def _mark(self, op: Op) -> None:
        """The mark of a write that was rewritten names the new write; if that turned out to be none, there is no mark."""
        write = op.args[0]
        if write not in self.subst:
            self.stmts.append(op)
        elif write in self.remade:
            self.stmts.append(replace(op, args=(self.remade[write],)))

    def value(self, op: Op) -> Atom:
        """The value of an operation: rewritten, found among those seen, or emitted."""
        op = self._shape_of_named(op)
        for table in self.tables if op.role == "primal" else self.adjoint_tables:
            rule = table.get(op.name)
            found = None if rule is None else rule(self, op)
            if found is not None:
                return found
        known = self.seen.find(op)
        if known is not None:
            return known
        self.stmts.append(op)
        self.defs[op.outs[0]] = op
        self.seen.note(op)
        self.roots.note(op)
        return op.outs[0]

    def _shape_of_named(self, op: Op) -> Op:
        """``size(t)`` of a temporary as ``size(x)`` of a named variable of equal shape, so that t need not be kept."""
        places = OPS[op.name].shape_only if op.role != "primal" else ()
        for k in places:
            x = found = op.args[k]
            while isinstance(found, Var) and not found.hint and found in self.roots.parent:
                found = self.roots.parent[found]
            if found is not x and found.hint:
                op = replace(op, args=(*op.args[:k], found, *op.args[k + 1:]))
        return op

    def _branch(self, stmt: If) -> None:
        cond = self.atom(stmt.cond)
        if self.folds and isinstance(cond, Const) and isinstance(cond.value, (bool, int, float)):
            arm = stmt.then if cond.value else stmt.orelse
            for s in arm.stmts:
                self._stmt(s)
            self.subst.update(zip(stmt.outs, map(self.atom, arm.results), strict=True))
            return
        arms = []
        for k, arm in enumerate((stmt.then, stmt.orelse)):
            with self.seen.layer(stmt.twin, k):
                arms.append(self.block(arm))
        ends = enumerate(zip(stmt.outs, arms[0].results, arms[1].results, strict=True))
        kept = [k for k, (out, a, b) in ends if not (self.folds and self._agreed(out, a, b))]
        then, orelse = (Block(arm.stmts, tuple(arm.results[k] for k in kept)) for arm in arms)
        self.stmts.append(replace(stmt, cond=cond, then=then, orelse=orelse, outs=tuple(stmt.outs[k] for k in kept)))

    def _agreed(self, out: Var, a: Atom, b: Atom) -> bool:
        """Whether both arms hand on the same value; then ``out`` is that."""
        if a is b or (isinstance(a, Const) and isinstance(b, Const) and fold.same_literal(a, b)):
            self.subst[out] = a
            return True
        return False

    def _loop(self, loop: Loop) -> None:
        inits = tuple(map(self.atom, loop.inits))
        kept = [k for k, p in enumerate(loop.params) if not (self.folds and loop.carried[k] is p)]
        for k in set(range(len(inits))).difference(kept):  # handed on unchanged
            self.subst[loop.params[k]] = self.subst[loop.outs[k]] = inits[k]
        self.roots.note(loop)
        cond = None
        if loop.cond is not None:
            with self.seen.layer(0, 0):
                cond = self.block(loop.cond)
        with self.seen.layer(loop.twin, 0):
            body = self.block(loop.body)
        flag = body.results[:1] if loop.stop else ()
        carried = body.results[len(flag):]
        lo, hi, step = (None if a is None else self.atom(a) for a in (loop.lo, loop.hi, loop.step))
        made = replace(
            loop, params=tuple(loop.params[k] for k in kept), inits=tuple(inits[k] for k in kept), cond=cond,
            body=Block(body.stmts, flag + tuple(carried[k] for k in kept)), outs=tuple(loop.outs[k] for k in kept),
            lo=lo, hi=hi, step=step)
        self.stmts.append(made)
        if self.seen.on:
            self.subst.update(self.lists.same(made, self.defs))


def _count(block: Block, uses: Counter[Var]) -> None:
    for stmt in block.stmts:
        if not (isinstance(stmt, Op) and stmt.name == "mark"):
            uses.update(uses_of(stmt))
        for inner in blocks_of(stmt):
            _count(inner, uses)
    uses.update(arg_vars(block.results))
