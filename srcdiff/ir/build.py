"""Builder: appends statements to a block, typing each from the table of operations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..errors import InternalError, Loc
from . import structural as _structural  # registers the structural operations
from .core import Arg, Atom, Block, Const, Op, Stmt, Var
from .dims import DimLike, Facts
from .ops import OPS
from .types import BOOL, FLOAT, INT, Object, Scalar, Type

__all__ = ["Builder", "const"]

assert _structural


_LITERALS: dict[type, Type] = {bool: BOOL, int: INT, float: FLOAT, complex: Scalar("complex128", py=True)}
_STATIC = Object("static")


def const(value: object) -> Const:
    """A literal as an atom.

    >>> const(2.0).type.dtype
    'float64'
    """
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return Const(value, Scalar(str(value.dtype)))
    return Const(value, _LITERALS.get(type(value), _STATIC))


class Builder:
    """``loc`` and ``role`` are given to every statement that is emitted."""

    def __init__(self, facts: Facts, loc: Loc | None = None, role: str = "primal") -> None:
        self.facts = facts
        self.loc = loc
        self.role = role
        self.stmts: list[Stmt] = []

    def emit(self, name: str, *args: Arg, type: Type | None = None, hint: str = "",
             sym: DimLike | tuple[DimLike, ...] | None = None) -> Var:
        """Emit an operation with one result."""
        outs = self.emit_all(name, *args, types=None if type is None else (type,))
        if len(outs) != 1:
            raise InternalError(f"{name} has {len(outs)} results")
        outs[0].hint = hint
        outs[0].sym = sym
        return outs[0]

    def emit_all(self, name: str, *args: Arg, types: tuple[Type, ...] | None = None, callee: str = "") -> tuple[Var, ...]:
        """Emit an operation with any number of results."""
        if types is None:
            inferred = OPS[name].infer(args, self.facts)
            types = inferred if isinstance(inferred, tuple) else (inferred,)
        outs = tuple(Var(t) for t in types)
        self.stmts.append(Op(name, args, outs, self.loc, self.role, callee))
        return outs

    def add(self, stmt: Stmt) -> None:
        self.stmts.append(stmt)

    @contextmanager
    def block(self) -> Iterator[list[Stmt]]:
        """Collect what is emitted inside into a fresh list."""
        outer, self.stmts = self.stmts, []
        try:
            yield self.stmts
        finally:
            self.stmts = outer

    def at(self, loc: Loc | None, role: str | None = None) -> _At:
        """Give what is emitted inside this place (and role)."""
        return _At(self, loc or self.loc, role or self.role)


class _At:
    """The context of :meth:`Builder.at`: a class, since lowering enters one for every expression."""

    __slots__ = ("builder", "loc", "outer", "role")

    def __init__(self, builder: Builder, loc: Loc | None, role: str) -> None:
        self.builder = builder
        self.loc = loc
        self.role = role

    def __enter__(self) -> None:
        self.outer = self.builder.loc, self.builder.role
        self.builder.loc, self.builder.role = self.loc, self.role

    def __exit__(self, *error: object) -> None:
        self.builder.loc, self.builder.role = self.outer


def block(stmts: list[Stmt], results: tuple[Atom, ...] = ()) -> Block:
    return Block(tuple(stmts), results)
