"""The table of operations: what each name in the IR means to the passes.

Structural operations are registered by :mod:`srcdiff.ir.structural`, canonical ones (``np.sin``) by :mod:`srcdiff.rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..records import dataclass
from .core import Arg
from .dims import Facts
from .types import Type

__all__ = ["OPS", "OpSpec", "Rule", "register", "spec"]

Infer = Callable[[tuple[Arg, ...], Facts], "Type | tuple[Type, ...]"]


@dataclass(frozen=True)
class Rule:
    """Derivatives of one operation, as formula text (see :mod:`srcdiff.rules.table`).

    ``kind``: ``"elementwise"``, ``"linear"``, ``"bilinear"``, ``"general"`` or ``"constant"`` (derivative zero or none).
    ``vjp``: parameter name -> formula. ``jvp``: parameter name -> formula, for ``"general"`` only.
    ``lists``: parameter name -> formula for the adjoint of a whole list, where an element's place depends on the others.
    """

    kind: str
    vjp: dict[str, str] = field(default_factory=dict)
    jvp: dict[str, str] = field(default_factory=dict)
    where: str = ""
    lists: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpSpec:
    """``infer`` gives the result's type (a tuple of types for several results) and raises ``UnsupportedError`` where the
    arguments do not fit.

    effect
        Never dropped, moved or repeated.
    shape_only
        Positions of arguments of which only the shape is used, never the value.
    inplace
        Position of the argument that the (first) result is an updated version of.
    fresh
        The result is memory of its own: it never shares with an argument.
    cheap
        Recomputing it costs less than saving it.
    """

    name: str
    params: tuple[str, ...]
    infer: Infer
    defaults: dict[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    effect: bool = False
    shape_only: tuple[int, ...] = ()
    inplace: int | None = None
    fresh: bool = True
    cheap: bool = False


OPS: dict[str, OpSpec] = {}


def register(op: OpSpec) -> OpSpec:
    OPS[op.name] = op
    return op


def spec(name: str) -> OpSpec:
    return OPS[name]
