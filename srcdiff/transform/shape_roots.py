"""For each array variable an earlier one of the same shape and dtype: where zeros are made from.

Zeros made of the variable itself would keep a version of a storage alive, or a value that a branch left unassigned.
"""

from __future__ import annotations

from ..ir.core import Atom, If, Loop, Op, Stmt, Var
from ..ir.dims import is_static
from ..ir.ops import OPS
from ..ir.types import Array

__all__ = ["ShapeRoots"]


class ShapeRoots:
    """Filled as blocks are entered, outer ones first; true for arrays only: the length of a list changes."""

    def __init__(self) -> None:
        self.parent: dict[Var, Var] = {}

    def of(self, x: Var) -> Var:
        """The root of ``x``: a variable that dominates it, or ``x`` itself."""
        while x in self.parent:
            x = self.parent[x]
        return x

    def note(self, stmt: Stmt) -> None:
        """Record what the results of ``stmt`` have in common with its operands."""
        if isinstance(stmt, Op):
            self._op(stmt)
        elif isinstance(stmt, Loop):
            for param, init, out, result in zip(stmt.params, stmt.inits, stmt.outs, stmt.carried, strict=True):
                if _is_kept(stmt, param, result):
                    self._link(param, init)
                    self._link(out, init)
        else:
            self._branch(stmt)

    def _op(self, op: Op) -> None:
        spec = OPS[op.name]
        candidates = op.args[:1] if spec.inplace == 0 or op.name == "cast" else ()
        if spec.rule is not None and spec.rule.kind == "elementwise":
            candidates = op.args
        for out in op.outs:
            for arg in candidates:
                if self._link(out, arg):
                    break

    def _branch(self, stmt: If) -> None:
        local: set[Var] = set()
        for arm in (stmt.then, stmt.orelse):
            for s in arm.stmts:
                self.note(s)
                local.update(s.outs)
        for k, out in enumerate(stmt.outs):
            roots = {self.of(r) if isinstance(r, Var) else None for r in (stmt.then.results[k], stmt.orelse.results[k])}
            root = roots.pop()
            if not roots and root is not None and root not in local:
                self._link(out, root)

    def _link(self, x: Var, other: Atom | tuple[Atom, ...]) -> bool:
        """Link ``x`` to ``other`` if both are certain to have the same shape and dtype."""
        a, b = x.type, getattr(other, "type", None)
        if not (isinstance(other, Var) and isinstance(a, Array) and isinstance(b, Array)):
            return False
        if x in self.parent or a.weak or b.weak or a.shape != b.shape or a.dtype != b.dtype:
            return x in self.parent
        self.parent[x] = other
        return True


def _is_kept(loop: Loop, param: Var, result: Atom) -> bool:
    """Whether a carried array has one shape in all trips: a known one, or it is an array that is only written to."""
    if not isinstance(param.type, Array) or is_static(param.type.shape):
        return True
    makers = {out: s for s in loop.body.stmts if isinstance(s, Op) for out in s.outs}
    while result is not param:
        op = makers.get(result) if isinstance(result, Var) else None
        if op is None or OPS[op.name].inplace != 0:
            return False
        result = op.args[0]
    return True
