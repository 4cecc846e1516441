"""Common subexpressions: an operation that was done before, in this block or one around it, is not done again.

Before::                          After::

    y = np.exp(x)                     y = np.exp(x)
    ...                               ...
    t = np.exp(x)                     x_bar = np.multiply(g, y)
    x_bar = np.multiply(g, t)

Until the stash is planned, a mirror sees what its primal block computed: planning then recomputes or saves it. The user's
own named values, and fresh memory that is going to be written, are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..ir.core import Arg, Const, Index, Op, Path, Reshape, Slice, Var
from ..ir.ops import OPS
from ..ir.types import List

__all__ = ["Seen", "key_of"]

FRESH = frozenset(f"np.{kind}{like}" for kind in ("zeros", "ones", "empty", "full") for like in ("", "_like")) | {"np.copy"}


class Seen:
    """The operations that are visible here, by name and operands."""

    def __init__(self, *, across: bool, on: bool) -> None:
        self.across = across
        self.on = on
        self.layers: list[dict[Any, Var]] = [{}]
        self.primal: dict[tuple[int, int], dict[Any, Var]] = {}
        self.backward = False

    def split(self) -> None:
        self.backward = True

    @contextmanager
    def layer(self, twin: int, arm: int) -> Iterator[None]:
        """The inside of a block: one arm of an ``If``, or a loop's body."""
        added: list[dict[Any, Var]] = [{}]
        if self.across and twin:
            if not self.backward:
                self.primal[twin, arm] = added[0]
            elif (twin, arm) in self.primal:
                added.insert(0, self.primal[twin, arm])
        self.layers += added
        yield
        del self.layers[-len(added):]

    def find(self, op: Op) -> Var | None:
        """The variable that already holds the value of ``op``."""
        if not self._shareable(op) or (op.role == "primal" and op.outs[0].hint):
            return None
        key = _op_key(op)
        return next((layer[key] for layer in reversed(self.layers) if key in layer), None)

    def note(self, op: Op) -> None:
        if self._shareable(op):
            self.layers[-1].setdefault(_op_key(op), op.outs[0])

    def _shareable(self, op: Op) -> bool:
        spec = OPS[op.name]
        if not self.on or spec.effect or spec.inplace is not None:
            return False
        return op.name not in FRESH and not isinstance(op.outs[0].type, List)


def _op_key(op: Op) -> Any:
    return (op.name, *map(key_of, op.args))


def key_of(arg: Arg) -> Any:
    """Equal for operands that have the same value."""
    if isinstance(arg, Const):
        return ("const", type(arg.value), repr(arg.value)) if isinstance(arg.value, _LITERALS) else ("object", id(arg.value))
    if isinstance(arg, tuple):
        return ("tuple", *map(key_of, arg))
    if isinstance(arg, Path):
        return ("path", *map(key_of, arg.steps))
    if isinstance(arg, Index):
        return ("index", *map(key_of, arg.items))
    if isinstance(arg, Reshape):
        return ("reshape", *map(key_of, arg.shape))
    if isinstance(arg, Slice):
        return ("slice", key_of(arg.start), key_of(arg.stop), key_of(arg.step))
    return arg


_LITERALS = (bool, int, float, complex, str, bytes, tuple, type(None))
