"""Guards and choices between numbers as conditional expressions: NumPy calls cost far more. Nothing is differentiated after it.

Before::                              After::

    t = sdiv(g, p)                        c = np.not_equal(g, 0.0)
    w = np.where(b, t, 0.0)               ifexp c: np.divide(g, p) else: 0.0
    x_bar = as_scalar(w)                  -> t
                                          ifexp b: t else: 0.0
                                          -> w

A quotient of Python floats stays a call, since Python raises where NumPy gives an infinity; unless the value itself
was divided by the same number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..analysis.effects import ops_of
from ..ir.build import const
from ..ir.core import Atom, Block, Function, If, Loop, Module, Op, Stmt, Var, arg_vars, blocks_of, map_arg
from ..ir.graph import reached
from ..ir.types import BOOL, Array, Scalar, Type

__all__ = ["run"]

LETS_GO = frozenset({"append", "append_in", "call"})  # of values whose type may be seen elsewhere
TAKES_ARRAYS = LETS_GO | {"view", "setview", "addview", "subview"}
PLAIN = {"smul": "np.multiply", "sdiv": "np.divide"}


def run(module: Module) -> Module:
    """Spell out the guards and choices in every function."""
    functions = {name: _function(f) for name, f in module.functions.items()}
    return replace(module, main=_function(module.main), functions=functions)


def _function(fn: Function) -> Function:
    ops = list(ops_of(fn.body))
    if not any(op.name in PLAIN or _is_choice(op) for op in ops):
        return fn
    divisors = {op.args[1] for op in ops if op.name == "np.divide" and op.role == "primal"}
    returned = _handed_to(set(arg_vars(fn.body.results)), fn)
    kept = {v for op in ops if op.name in TAKES_ARRAYS for v in arg_vars(op.args if op.name in LETS_GO else op.args[:1])}
    exact = returned | _computed_into({v for v in arg_vars(fn.body.results) if _is_numpy_scalar(v)}, ops, fn)
    return replace(fn, body=_Walk(divisors, _handed_to(kept | returned, fn), exact).block(fn.body))


def _computed_into(found: set[Var], ops: list[Op], fn: Function) -> set[Var]:
    """``found``, and the numbers of NumPy's type from which they are computed: were these Python's, so would they be."""
    sources = dict(_sources(fn.body))
    for op in ops:
        if all(isinstance(a.type, Scalar) for a in arg_vars(op.args)):
            sources |= dict.fromkeys(op.outs, arg_vars(op.args))
    return reached(found, {v: [s for s in of if _is_numpy_scalar(s)] for v, of in sources.items()})


def _is_numpy_scalar(v: Var) -> bool:
    return isinstance(v.type, Scalar) and not v.type.py


def _handed_to(found: set[Var], fn: Function) -> set[Var]:
    """``found``, and what reaches them by way of branches, loops and conversions."""
    return reached(found, dict(_sources(fn.body)))


def _makes_array(op: Op) -> bool:
    return op.name == "cast" and isinstance(op.outs[0].type, Array)


def _sources(block: Block) -> Iterator[tuple[Var, list[Var]]]:
    """The results and parameters of branches and loops, each with the variables that it takes its value from."""
    for stmt in block.stmts:
        for inner in blocks_of(stmt):
            yield from _sources(inner)
        if isinstance(stmt, Op) and (stmt.name == "as_scalar" or _makes_array(stmt)):
            yield stmt.outs[0], arg_vars(stmt.args)
        elif isinstance(stmt, If):
            for out, *arms in zip(stmt.outs, stmt.then.results, stmt.orelse.results, strict=True):
                yield out, arg_vars(tuple(arms))
        elif isinstance(stmt, Loop):
            for param, out, *ends in zip(stmt.params, stmt.outs, stmt.inits, stmt.carried, strict=True):
                yield out, arg_vars(tuple(ends))
                yield param, arg_vars(tuple(ends))


class _Walk:
    """``arrays``: variables that must stay arrays of rank 0: those that are returned (as they are or converted), viewed or
    written. ``returned``: variables whose type is seen from outside, or that of what is computed
    from them. ``same``: conversions of what are numbers now anyway
    -> what they convert; ``numbers``: choices that were spelled out."""

    def __init__(self, divisors: set[object], arrays: set[Var], returned: set[Var]) -> None:
        self.divisors = divisors
        self.arrays = arrays
        self.returned = returned
        self.same: dict[Var, Atom] = {}
        self.numbers: set[Atom] = set()

    def atom(self, x: Atom) -> Atom:
        return self.same.get(x, x) if isinstance(x, Var) else x

    def atoms(self, xs: tuple[Atom, ...]) -> tuple[Atom, ...]:
        return tuple(map(self.atom, xs))

    def block(self, block: Block) -> Block:
        stmts = tuple(s for stmt in block.stmts for s in self.stmt(stmt))
        return Block(stmts, self.atoms(block.results))

    def stmt(self, stmt: Stmt) -> tuple[Stmt, ...]:
        if isinstance(stmt, If):
            return (replace(stmt, cond=self.atom(stmt.cond), then=self.block(stmt.then), orelse=self.block(stmt.orelse)),)
        if isinstance(stmt, Loop):
            lo, hi, step = (None if a is None else self.atom(a) for a in (stmt.lo, stmt.hi, stmt.step))
            test = None if stmt.cond is None else self.block(stmt.cond)
            body = self.block(stmt.body)
            return (replace(stmt, inits=self.atoms(stmt.inits), lo=lo, hi=hi, step=step, cond=test, body=body),)
        return self.op(replace(stmt, args=tuple(map_arg(a, self.atom) for a in stmt.args)) if self.same else stmt)

    def op(self, op: Op) -> tuple[Stmt, ...]:
        if op.name in PLAIN and self.may_spell_out(op):
            return _guarded(op, op.outs[0] in self.returned)
        if _is_choice(op) and op.outs[0] not in self.arrays and _keeps_type(op):
            cond, a, b = op.args
            dtype = op.outs[0].type.dtype  # type: ignore[union-attr]
            number = Var(Scalar(dtype, py=a.type != Scalar(dtype) or b.type != Scalar(dtype)), op.outs[0].hint)
            self.same[op.outs[0]] = number
            self.numbers.add(number)
            return (If(cond, Block((), (a,)), Block((), (b,)), (number,), op.loc, op.role, "ifexp"),)
        if op.name == "as_scalar" and op.args[0] in self.numbers:
            self.same[op.outs[0]] = op.args[0]
            return ()
        return (op,)

    def may_spell_out(self, op: Op) -> bool:
        types = [a.type for a in op.args]
        if not all(isinstance(t, Scalar) for t in types):
            return False
        return op.name == "smul" or not all(t.py for t in types) or op.args[1] in self.divisors


def _is_choice(op: Op) -> bool:
    """``np.where`` between numbers, in an adjoint."""
    return op.name == "np.where" and op.role == "adjoint" and all(_is_number(a.type) for a in op.args)


def _keeps_type(op: Op) -> bool:
    """Whether a choice between these numbers has the type that the result is taken to have."""
    _, a, b = op.args
    if isinstance(op.outs[0].type, Scalar):
        return bool(a.type == b.type == op.outs[0].type)
    return all(isinstance(x.type, Scalar) for x in op.args)


def _is_number(t: Type) -> bool:
    """A number, or what a choice between numbers is until this pass: an array of rank 0."""
    return isinstance(t, Scalar) or (isinstance(t, Array) and t.shape == ())


def _guarded(op: Op, returned: bool) -> tuple[Stmt, ...]:
    """``returned``: the result leaves the function, so a zero must be of its type too."""
    zero = op.args[0] if returned and op.args[0].type == op.outs[0].type else const(0.0)
    nonzero, value = Var(BOOL), Var(op.outs[0].type)
    test = Op("np.not_equal", (op.args[0], const(0.0)), (nonzero,), op.loc, op.role)
    product = replace(op, name=PLAIN[op.name], outs=(value,))
    return test, If(nonzero, Block((product,), (value,)), Block((), (zero,)), op.outs, op.loc, op.role, "ifexp")
