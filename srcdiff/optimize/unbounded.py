"""Which values may be infinite where the program does not use them: logarithms, and what is computed from them.

``np.where(x > 0, x * np.log(x), 0.0)`` is 0 at x == 0, and so is its derivative, but the partial derivative of the product by
x is log(0). A product by such a value stays guarded where the adjoint may hold structural zeros.
"""

from __future__ import annotations

from ..ir.core import Atom, Block, Function, If, Op, Var, arg_vars
from ..ir.types import Array, Scalar

__all__ = ["unbounded"]

LOGARITHMS = frozenset({"np.log", "np.log2", "np.log10", "np.log1p", "math.log", "math.log2", "math.log10", "math.log1p"})


def unbounded(fn: Function) -> set[Var]:
    """The variables that come from a logarithm."""
    found: set[Var] = set()
    while _spread(fn.body, found):
        pass
    return found


def _spread(block: Block, found: set[Var]) -> bool:
    """One pass over the statements; whether it found more."""
    before = len(found)
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            if stmt.name in LOGARITHMS or not found.isdisjoint(arg_vars(stmt.args)):
                found.update(v for v in stmt.outs if isinstance(v.type, (Array, Scalar)) and v.type.dtype[:1] in "fc")
        elif isinstance(stmt, If):
            _spread(stmt.then, found)
            _spread(stmt.orelse, found)
            _hand_on(found, stmt.outs, stmt.then.results, stmt.orelse.results)
        else:
            _hand_on(found, stmt.params, stmt.inits)
            _spread(stmt.body, found)
            _hand_on(found, stmt.params, stmt.carried)
            _hand_on(found, stmt.outs, stmt.inits, stmt.carried)
    return len(found) > before


def _hand_on(found: set[Var], targets: tuple[Var, ...], *sources: tuple[Atom, ...]) -> None:
    for target, *atoms in zip(targets, *sources, strict=True):
        if any(a in found for a in atoms if isinstance(a, Var)):
            found.add(target)
