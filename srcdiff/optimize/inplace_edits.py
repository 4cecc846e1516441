"""Putting explicit copies into a function."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..analysis.effects import ops_of
from ..ir.build import const
from ..ir.core import Arg, Atom, Block, Function, If, Index, Op, Path, Reshape, Slice, Stmt, Var, map_arg
from ..ir.dims import is_static
from ..ir.hints import give
from ..ir.ops import OPS
from ..ir.types import Array, List
from ..transform.reverse_views import covers
from .inplace_effects import call_args

__all__ = ["Edits", "apply_edits"]

Edits = dict[tuple[Any, str, Any], None]
"""Places of copies, in the order in which they were found::

    (op, "operand", k)     argument k of an update        (op, "hold", v)       every use of v as an argument
    (loop, "init", k)  (loop, "result", k)  (if, "then", k)  (if, "else", k)     what a slot receives
    (v, "def", 0)          right after v's definition, for all uses of v
    (param, "entry", 0)    at the head of the function    (fn, "copy result", k)
    (fn, "write back", (k, r))  the elements of result r into parameter k at the end
"""


def apply_edits(fn: Function, edits: Edits) -> Function:
    return _Rewriter(fn, edits).function()


class _Rewriter:
    def __init__(self, fn: Function, edits: Edits) -> None:
        self.fn = fn
        self.edits = edits
        self.subst: dict[Var, Atom] = {}
        self.stmts: list[Stmt] = []
        self.wanted: dict[Op, list[Var]] = {}
        self.reshapes = _reshapes(fn)
        for place, kind, v in edits:
            if kind == "hold":
                self.wanted.setdefault(place, []).append(v)

    def function(self) -> Function:
        for p in self.fn.params:
            if (p, "entry", 0) in self.edits:
                self.subst[p] = self._copy(p, self.fn.loc, "primal", p.hint)
        head = self.stmts
        self.stmts = []
        body = self.block(self.fn.body, self.fn, "copy result", self.fn.loc, "adjoint")
        return replace(self.fn, body=self._write_back(Block((*head, *body.stmts), body.results)))

    def _write_back(self, body: Block) -> Block:
        """Give the memory of written parameters the elements that ended up elsewhere."""
        back = [(k, r) for k, r in self.fn.written if (self.fn, "write back", (k, r)) in self.edits]
        results = list(body.results)
        self.stmts = list(body.stmts)
        if len(back) > 1:  # they may change places
            for _, r in back:
                results[r] = self._copy(results[r], self.fn.loc, "adjoint")
        for k, r in back:
            param = self.fn.params[k]
            out = Var(param.type, param.hint)
            every = Slice() if isinstance(param.type, List) else Ellipsis
            self.stmts.append(Op("setview", (param, results[r], Path((Index((every,)),))), (out,), self.fn.loc, "adjoint"))
            results[r] = out
        return Block(tuple(self.stmts), tuple(results))

    def _copy(self, a: Atom, loc: Any, role: str, hint: str = "") -> Var:
        """Emit a copy of ``a``."""
        out = Var(a.type, hint)
        self._emit_copy(self.use(a), out, loc, role)
        return out

    def _emit_copy(self, a: Atom, out: Var, loc: Any, role: str) -> None:
        name = "copylist" if isinstance(a.type, List) else "np.copy"
        rest = tuple(const(v) for v in OPS[name].defaults.values())
        self.stmts.append(Op(name, (a, *rest), (out,), loc, role))

    def use(self, a: Atom) -> Atom:
        return self.subst.get(a, a) if isinstance(a, Var) else a

    def arg(self, a: Arg) -> Arg:
        return map_arg(a, self.use)

    def block(self, block: Block, owner: Any, kind: str, loc: Any, role: str, shift: int = 0) -> Block:
        outer, self.stmts = self.stmts, []
        for stmt in block.stmts:
            self.stmt(stmt)
        results = self._handed(block.results, owner, kind, loc, role, shift)
        inner, self.stmts = self.stmts, outer
        return Block(tuple(inner), results)

    def _handed(self, atoms: tuple[Atom, ...], owner: Any, kind: str, loc: Any, role: str, shift: int = 0) -> tuple[Atom, ...]:
        return tuple(self._copy(a, loc, role) if (owner, kind, k - shift) in self.edits else self.use(a)
                     for k, a in enumerate(atoms))

    def stmt(self, stmt: Stmt) -> None:
        if isinstance(stmt, Op):
            self.op(stmt)
        elif isinstance(stmt, If):
            then = self.block(stmt.then, stmt, "then", stmt.loc, stmt.role)
            orelse = self.block(stmt.orelse, stmt, "else", stmt.loc, stmt.role)
            self.stmts.append(replace(stmt, cond=self.use(stmt.cond), then=then, orelse=orelse))
        else:
            inits = self._handed(stmt.inits, stmt, "init", stmt.loc, stmt.role)
            lo, hi, step = (None if a is None else self.use(a) for a in (stmt.lo, stmt.hi, stmt.step))
            cond = None if stmt.cond is None else self.block(stmt.cond, stmt, "", stmt.loc, stmt.role)
            body = self.block(stmt.body, stmt, "result", stmt.loc, stmt.role, shift=int(stmt.stop))
            self.stmts.append(replace(stmt, inits=inits, lo=lo, hi=hi, step=step, cond=cond, body=body))

    def op(self, op: Op) -> None:
        if (op, "operand", 0) in self.edits and not self.reshapes and _is_replaced(op):  # nothing of it would stay
            self.subst[op.outs[0]] = self.use(op.args[1])
            give(op.args[1], op.outs[0].hint)
            return
        held = {v: self._copy(v, op.loc, op.role) for v in self.wanted.get(op, ())}
        args = call_args(op) if op.name == "call" else op.args
        new = []
        for k, a in enumerate(args):
            if (op, "operand", k) in self.edits:
                new.append(self._copy(a, op.loc, op.role))
            else:
                new.append(map_arg(a, lambda x: held[x] if isinstance(x, Var) and x in held else self.use(x)))
        outs = tuple(Var(v.type) if (v, "def", 0) in self.edits else v for v in op.outs)
        self.stmts.append(Op(op.name, tuple(new), outs, op.loc, op.role, op.callee))
        for shared, v in zip(outs, op.outs, strict=True):
            if shared is not v:  # the copy takes the place of what it is a copy of
                self._emit_copy(shared, v, op.loc, op.role)


def _is_replaced(op: Op) -> bool:
    """Whether ``op`` writes an array like its operand to all of it."""
    if op.name != "setview" or not isinstance(op.args[1], Var):
        return False
    storage, value, path = op.args
    a, b = storage.type, value.type
    same = isinstance(a, Array) and isinstance(b, Array) and (a.dtype, a.shape) == (b.dtype, b.shape) and is_static(a.shape)
    return same and covers(path) and all(isinstance(step, Index) for step in path.steps)


def _reshapes(fn: Function) -> bool:
    """Whether a view in ``fn`` depends on how its array lies in memory."""
    paths = [arg for op in ops_of(fn.body) for arg in op.args if isinstance(arg, Path)]
    return any(isinstance(step, Reshape) for path in paths for step in path.steps)
