"""Where updates may happen in place: the explicit copies that make it so.

Before::                                        after::

    u1 = setview(u, v, [1:-1])                      u' = np.copy(u)        u is a parameter: the caller's array
    s = view(u1, [0:2])                             u1 = setview(u', v, [1:-1])
    u2 = setview(u1, 0.0, [0:2])                    s' = np.copy(view(u1, [0:2]))
    return u2, s                                    u2 = setview(u1, 0.0, [0:2])

The result is still functional SSA, with this property: **every update may be done in place**, because its operand
*owns* its memory and nothing that is needed afterwards shares it (:mod:`srcdiff.optimize.inplace_ownership`).
Returned arrays are owners, each its own.
"""

from __future__ import annotations

from dataclasses import replace

from ..errors import InternalError
from ..ir.core import Function, Module
from . import placement, slots
from .accumulate import accumulate
from .filled import filled
from .inplace_edits import apply_edits
from .inplace_ownership import Ownership, ownership

__all__ = ["bufferize", "run"]

_ROUNDS = 12


def run(module: Module) -> Module:
    """See the module's docstring."""
    module = placement.run(slots.run(module))
    functions = {name: _bufferize(fn, module) for name, fn in module.functions.items()}
    return replace(module, main=_bufferize(module.main, module), functions=functions)


bufferize = run


def _bufferize(fn: Function, module: Module) -> Function:
    if fn.written:  # a sum that is a buffer's last value is made in the buffer
        own = Ownership(fn, module)
        own.classify()
        fn = accumulate(fn, own)
    own = _with_copies(fn, module)
    summed = accumulate(own.fn, own)
    return filled(own.fn if summed is own.fn else _with_copies(summed, module).fn)


def _with_copies(fn: Function, module: Module) -> Ownership:
    """Put in the copies that are missing, until none is: copies end sharing, so each round finds less."""
    for _ in range(_ROUNDS):
        own = ownership(fn, module)
        if not own.edits:
            return own
        fn = apply_edits(fn, own.edits)
    raise InternalError(f"{fn.name}: updates in place are not settled after {_ROUNDS} rounds")
