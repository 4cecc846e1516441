"""Jacobians: the backward half of a function for every element of a result, or its tangents for every element of an argument.

Before (``vjp``, its stash planned)::        After (rows)::

    def f(x, out_bar):                           def f(x):
        y = np.sin(x)                                y = np.sin(x)
        split()                                      J = np.zeros((y.size, *x.shape))
        x_bar = out_bar * np.cos(x)                  for k in range(y.size):
        return y, x_bar                                  e = np.zeros(y.size); e[k] = 1.0
                                                         J[k] = e * np.cos(x)
                                                     return y, J

The forward part runs once; the backward part is the body of a loop, over variables of its own. Columns are made alike from
forward mode, where what does not depend on the tangents stays in front of the loop. Both are ordinary programs: they can be
differentiated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..analysis.effects import ops_of
from ..errors import UnsupportedError
from ..ir.build import Builder, const
from ..ir.copying import Copier
from ..ir.core import (
    Atom,
    Block,
    Const,
    Function,
    Halves,
    If,
    Index,
    Loop,
    Module,
    Op,
    Path,
    Slice,
    Stmt,
    Var,
    all_uses_of,
    arg_vars,
    defs_of,
)
from ..ir.dims import Dim, DimLike
from ..ir.types import INT, Array, Object, Scalar, Type
from .fit import apply, as_result, zeros
from .mirrors import halves_of

__all__ = ["columns", "parted", "rows", "sums"]


def rows(module: Module, wrt: Sequence[int], outputs: Sequence[int], *, keep_value: bool) -> Module:
    """From a ``vjp`` in joint form: results are the value's leaves (if ``keep_value``), then for each of ``outputs`` (indices
    of results) and of ``wrt`` (indices of parameters) the derivative of the one with respect to the other, of shape
    ``out.shape + in.shape``.
    """
    return _Rows(module, wrt, outputs).run(keep_value)


def sums(module: Module, wrt: Sequence[int], outputs: Sequence[int], *, keep_value: bool) -> Module:
    """From a ``vjp`` in joint form: the rows of each Jacobian added up, which is the diagonal of a diagonal one."""
    return _Rows(module, wrt, outputs).run(keep_value, summed=True)


def columns(module: Module, primal: Module, wrt: Sequence[int], outputs: Sequence[int], *, keep_value: bool) -> Module:
    """The results of :func:`rows`, from a ``jvp`` of ``primal``."""
    both = replace(module, functions=primal.functions | module.functions)
    return _Columns(both, primal, wrt, outputs, keep_value).run()


def parted(module: Module, primal: Module) -> Module:
    """A laid out ``jvp`` of ``primal`` in joint form: its forward half is what does not depend on the tangents."""
    main = module.main
    first, kept = len(primal.main.params), len(primal.main.body.results)
    results = main.body.results
    before, repeated, values = _separated(main, primal, main.params[first:], results[:kept], arg_vars(results[:kept]))
    body = Block((*before, Op("split", (), (), main.loc), *repeated), (*values, *results[kept:]))
    halves = Halves(first, kept, f"{primal.main.name}_fwd", f"{primal.main.name}_jvp", planned=True)
    return replace(module, main=replace(main, body=body, halves=halves), functions=primal.functions | module.functions)


# -- one direction after the other -------------------------------------------------------------------------------------


SEEN_OUTSIDE = frozenset({"print", "record"})
ALLOCATIONS = frozenset({"np.zeros", "np.zeros_like", "zeros_list", "list", "np.copy", "copylist"})


class _Directions:
    """The statements ``repeated``, for one of the elements of ``seeded`` after the other: each of these has its adjoint or
    tangent in ``seeds``. What they give is in ``found``, and belongs to ``others``. ``by_rows``: the shape of these comes last.
    """

    builder: Builder
    shapes: _Shapes
    seeds: Sequence[Var]
    seeded: Sequence[Atom]
    repeated: Sequence[Stmt]
    found: Sequence[Atom]
    others: Sequence[Atom]
    by_rows: bool

    def once(self, given: Atom, seed: Var) -> list[Atom]:
        """A copy of the statements for one adjoint or tangent; the others are zero."""
        names = {s: zeros(self.builder, x) for s, x in zip(self.seeds, self.seeded, strict=True) if s is not seed}
        copier = Copier(names | {seed: given})
        self.builder.stmts.extend(copier.stmts(self.repeated))
        return [copier.atom(a) for a in self.found]

    def loop(self, x: Var, seed: Var) -> list[Atom]:
        """The statements as the body of a loop over the elements of ``x``, which fills a Jacobian for each of ``others``."""
        b, of = self.builder, self.shapes.of
        size = self.shapes.size(x)
        inits = [_zeros(b, self._beside((size,), of(y)), y.type) for y in self.others]
        carried = [Var(i.type, "J") for i in inits]
        index = Var(INT, "k")
        with b.block() as stmts:
            parts = self.once(_unit(b, self.shapes, size, index, x), seed)
            ends = [b.emit("setview", J, part, Path((Index(self._place(index, y)),)), hint="J")
                    for J, part, y in zip(carried, parts, self.others, strict=True)]
        outs = [Var(i.type, "J") for i in inits]
        b.add(Loop(tuple(carried), tuple(inits), Block(tuple(stmts), tuple(ends)), tuple(outs), index, const(0), size, const(1),
                   loc=b.loc, role=b.role))
        return [_shaped(b, J, self._beside(of(x), of(y)), len(_dims(x)) > 1) for J, y in zip(outs, self.others, strict=True)]

    def _beside(self, mine: tuple[Atom, ...], theirs: tuple[Atom, ...]) -> tuple[Atom, ...]:
        return mine + theirs if self.by_rows else theirs + mine

    def _place(self, index: Var, other: Atom) -> tuple[Any, ...]:
        return (index,) if self.by_rows else (*(Slice() for _ in _dims(other)), index)


class _Rows(_Directions):
    by_rows = True

    def __init__(self, module: Module, wrt: Sequence[int], outputs: Sequence[int]) -> None:
        self.module = module
        self.joint = module.main
        self.builder = Builder(module.facts, self.joint.loc, role="adjoint")
        first = len(self.joint.params) - len(outputs)
        self.others = [self.joint.params[k] for k in wrt]
        self.params, self.seeds = self.joint.params[:first], self.joint.params[first:]
        self.values = self.joint.body.results[:len(self.joint.body.results) - len(wrt)]
        self.found = self.joint.body.results[len(self.values):]
        self.seeded = [self.values[k] for k in outputs]
        self.forward, self.repeated = halves_of(self.joint)
        self.shapes = _Shapes(self.builder, self.params)

    def run(self, keep_value: bool, summed: bool = False) -> Module:
        self.builder.stmts.extend(self.forward)
        found: list[Atom] = []
        for value, seed in zip(self.seeded, self.seeds, strict=True):
            looped = isinstance(value, Var) and _dims(value) and not summed
            found += self.loop(value, seed) if looped else self.once(_ones(self.builder, self.shapes, value), seed)  # type: ignore[arg-type]
        body = Block(tuple(self.builder.stmts), (*(self.values if keep_value else ()), *found))
        return _finished(self.module, self.joint, self.params, body)


# -- by columns --------------------------------------------------------------------------------------------------------


class _Columns(_Directions):
    by_rows = False

    def __init__(self, module: Module, primal: Module, wrt: Sequence[int], outputs: Sequence[int],
                 keep_value: bool) -> None:
        self.module = module
        self.main = module.main
        self.builder = Builder(module.facts, self.main.loc, role="tangent")
        first = len(self.main.params) - len(wrt)
        self.params, self.seeds = self.main.params[:first], self.main.params[first:]
        self.inputs = [self.main.params[k] for k in wrt]
        self.seeded = self.inputs
        results = self.main.body.results
        self.found = [results[len(results) // 2 + k] for k in outputs]
        values = results[:len(results) // 2]
        self.shapes = _Shapes(self.builder, self.params)
        wanted = arg_vars(values) if keep_value else [v for v in arg_vars(values) if not self.shapes.known(v)]
        before, self.repeated, values = _separated(self.main, primal, self.seeds, values, wanted)
        self.builder.stmts.extend(before)
        self.values = values if keep_value else ()
        self.others = [values[k] for k in outputs]

    def run(self) -> Module:
        columns = [self.loop(x, seed) if _dims(x) else self.once(_ones(self.builder, self.shapes, x), seed)
                   for x, seed in zip(self.inputs, self.seeds, strict=True)]
        found = [column[k] for k in range(len(self.others)) for column in columns]
        return _finished(self.module, self.main, self.params, Block(tuple(self.builder.stmts), (*self.values, *found)))


def _separated(main: Function, primal: Module, seeds: Sequence[Var], values: tuple[Atom, ...],
               wanted: Sequence[Var]) -> tuple[list[Stmt], list[Stmt], tuple[Atom, ...]]:
    """The statements that do not depend on ``seeds``, those that do, and the values of the program.

    If any of ``wanted`` is computed side by side with tangents, the first part holds all of ``primal``.
    """
    dependent: set[Var] = set(seeds)
    before: list[Stmt] = []
    repeated: list[Stmt] = []
    whole = any(isinstance(s, Op) and s.name == "enter" for s in main.body.stmts)  # what follows belongs to a block
    for stmt in main.body.stmts:
        if dependent.isdisjoint(all_uses_of(stmt)) and not whole:
            before.append(stmt)
        else:
            repeated.append(stmt)
            dependent.update(defs_of(stmt))
    before, repeated = _sunk(before, repeated, arg_vars(values))
    seen = any(op.name in SEEN_OUTSIDE for op in ops_of(Block(tuple(repeated))))
    again = seen or not dependent.isdisjoint(wanted)
    _check_repeatable(Block(main.body.stmts if again else tuple(repeated)))
    if not again:
        return before, repeated, values
    copier = Copier(dict(zip(primal.main.params, main.params, strict=False)))
    first = copier.stmts(s for s in primal.main.body.stmts if not (isinstance(s, Op) and s.name == "mark"))
    before, repeated = (list(_quiet(Block(tuple(part))).stmts) for part in (before, repeated))
    return first + before, repeated, tuple(copier.atom(r) for r in primal.main.body.results)


def _check_repeatable(block: Block) -> None:
    """Refuse to do again what differs from time to time."""
    for op in ops_of(block):
        if op.name == "outside":
            raise UnsupportedError("what this does would be done again for every direction of forward mode", op.loc,
                                   "do it outside and pass the result, or use srcdiff.jacrev")


def _sunk(before: list[Stmt], repeated: list[Stmt], values: Sequence[Var]) -> tuple[list[Stmt], list[Stmt]]:
    """New memory that only the repeated statements use is made by them: they may fill it in place."""
    used = {v for s in repeated for v in all_uses_of(s)}
    kept: list[Stmt] = []
    sunk: list[Stmt] = []
    elsewhere: set[Var] = set(values)
    for stmt in reversed(before):
        if isinstance(stmt, Op) and stmt.name in ALLOCATIONS and used.issuperset(stmt.outs) and elsewhere.isdisjoint(stmt.outs):
            sunk.append(stmt)
            used.update(all_uses_of(stmt))
        else:
            kept.append(stmt)
            elsewhere.update(all_uses_of(stmt))
    return kept[::-1], sunk[::-1] + repeated


def _quiet(block: Block) -> Block:
    """The block without what it prints and notes down: the primal program, which runs as well, has done that."""
    def stmt(s: Stmt) -> Stmt:
        if isinstance(s, If):
            return replace(s, then=_quiet(s.then), orelse=_quiet(s.orelse))
        return replace(s, body=_quiet(s.body)) if isinstance(s, Loop) else s

    return replace(block, stmts=tuple(stmt(s) for s in block.stmts if not (isinstance(s, Op) and s.name in SEEN_OUTSIDE)))


# -- both --------------------------------------------------------------------------------------------------------------


def _dims(x: Atom) -> tuple[DimLike, ...]:
    return x.type.shape if isinstance(x.type, Array) else ()


class _Shapes:
    """Dimensions of values as atoms, asked of parameters where those have the same: then no value is computed for its shape."""

    def __init__(self, b: Builder, params: Sequence[Var]) -> None:
        self.builder = b
        self.places = {d: (p, k) for p in reversed(params) for k, d in enumerate(_dims(p)) if not isinstance(d, int)}

    def known(self, x: Atom) -> bool:
        return all(isinstance(d, int) or d in self.places for d in _dims(x))

    def of(self, x: Atom) -> tuple[Atom, ...]:
        return tuple(const(d) if isinstance(d, int) else self._dim(x, k, d) for k, d in enumerate(_dims(x)))

    def _dim(self, x: Atom, axis: int, d: DimLike) -> Atom:
        of, at = self.places[d] if isinstance(d, Dim) and d in self.places else (x, axis)
        return self.builder.emit("dim", of, const(at), sym=d)

    def size(self, x: Var) -> Atom:
        """The number of elements."""
        dims = self.of(x)
        return dims[0] if len(dims) == 1 else self.builder.emit("size", x, sym=x.type.size)  # type: ignore[union-attr]


def _zeros(b: Builder, shape: tuple[Atom, ...], like: Type) -> Var:
    assert isinstance(like, (Array, Scalar))
    made = apply(b, "np.zeros", shape=shape, dtype=Const(like.dtype, Object("static")))
    made.hint = "J"
    return made


def _ones(b: Builder, shapes: _Shapes, like: Atom) -> Atom:
    """An adjoint or tangent of ones."""
    t = like.type
    if isinstance(t, Array) and t.shape:
        return apply(b, "np.broadcast_to", _one(b, Scalar(t.dtype)), shape=shapes.of(like), type=replace(t, layout="A"))
    return as_result(b, const(1.0), t) if isinstance(t, Array) else _one(b, t)


def _one(b: Builder, t: Type) -> Atom:
    assert isinstance(t, Scalar)
    return const(1.0) if t.dtype == "float64" else const(np.dtype(t.dtype).type(1.0))


def _unit(b: Builder, shapes: _Shapes, size: Atom, index: Var, like: Var) -> Var:
    """An array of the shape of ``like`` that is one at a flat position, and zero elsewhere."""
    assert isinstance(like.type, Array)
    flat = apply(b, "np.zeros", shape=(size,), dtype=Const(like.type.dtype, Object("static")))
    flat = b.emit("setview", flat, const(1.0), Path((Index((index,)),)))
    return flat if len(like.type.shape) == 1 else _shaped(b, flat, shapes.of(like), True)


def _shaped(b: Builder, x: Var, shape: tuple[Atom, ...], changed: bool) -> Var:
    """``x`` in another shape, which it has already if nothing ``changed``."""
    return apply(b, "np.reshape", x, shape=shape) if changed else x


def _finished(module: Module, joint: Function, params: tuple[Var, ...], body: Block) -> Module:
    main = replace(joint, params=params, body=body, halves=None)
    return replace(module, main=main)


