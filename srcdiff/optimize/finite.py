"""Which variables are finite wherever the arguments are: ``0 * p`` of such a p is 0 without a guard.

A logarithm, a quotient, an exponential (which overflows), a square root (NaN for what is negative) are not, nor is what is
computed from them::

    a = np.sin(x)               finite
    b = 1.0 / (a * a + 2.0)     finite: the divisor stays away from zero
    c = np.sqrt(b * b)          finite: the operand is not negative
    d = np.log(x) * a           not

A quotient by a number is infinite everywhere or nowhere, and so is a product with the square root of one. A program without
``np.where`` in which they are not finite would show it in its value: there they are taken to be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..analysis.effects import ops_of
from ..ir.core import Arg, Atom, Block, Const, If, Loop, Module, Op, Var, arg_vars, atoms_of, blocks_of
from ..ir.graph import reached
from ..ir.ops import OPS
from ..ir.types import Array, Scalar, rank_of

__all__ = ["Finite"]

BOUNDED = frozenset("np." + n for n in [
    "add", "subtract", "multiply", "negative", "positive", "absolute", "fabs", "sign", "square", "cbrt", "sin", "cos", "tanh",
    "arctan", "arctan2", "arcsinh", "hypot", "maximum", "minimum", "fmax", "fmin", "clip", "where", "max", "min", "ptp", "sort",
    "var", "copysign", "heaviside", "sinc", "copy", "prod", "cumprod", "linalg.norm", "linalg.det", "linalg.inv",
    "linalg.solve", "linalg.cholesky",
]) | {"smul", "view", "setview", "addview", "subview", "cast", "as_scalar", "unbroadcast", "list", "append", "append_in",
      "pop", "pop_in", "getitem", "setitem", "additem", "addlist", "copylist", "zeros_list", "tuple", "untuple", "captured",
      "stop_gradient", "float", "round", "math.sin", "math.cos", "math.tanh", "math.atan"}
QUOTIENTS = ("np.divide", "sdiv", "np.remainder", "np.floor_divide")
NONNEGATIVE = frozenset("np." + n for n in ["exp", "exp2", "cosh", "square", "absolute", "sqrt", "var", "std", "linalg.norm"])
KEEP_SIGN = frozenset("np." + n for n in ["sum", "mean", "max", "min", "copy"]) | {"as_scalar", "cast", "view"}
SIGN_OF_BOTH = frozenset({"np.add", "np.multiply", "np.divide", "sdiv", "smul"})
DEPTH = 8  # operations that are looked through


class Finite:
    """The answers for all functions of a module."""

    def __init__(self, module: Module) -> None:
        functions = (module.main, *module.functions.values())
        self._makers = {out: op for fn in functions for op in ops_of(fn.body) for out in op.outs}
        self._selects = any(op.name == "np.where" and op.role == "primal" for fn in functions for op in ops_of(fn.body))
        self._functions = {fn.name: (fn, -1) for fn in functions}
        for fn in functions:
            if fn.halves is not None:
                self._functions |= {fn.halves.fwd: (fn, 0), fn.halves.bwd: (fn, 1)}
        self._unsafe = self._reached([pair for fn in functions for pair in self._flow(fn.body)])

    def is_finite(self, a: Atom) -> bool:
        """Whether ``a`` is finite."""
        return a not in self._unsafe if isinstance(a, Var) else not _is_infinite(a)

    def is_nonzero(self, a: Arg, depth: int = DEPTH) -> bool:
        """Whether ``a`` is known to stay away from zero: a literal, a size, a positive literal plus what is not negative."""
        if isinstance(a, Const):
            return _is_number(a) and a.value != 0
        op = self._makers.get(a) if isinstance(a, Var) else None
        if op is None or depth == 0:
            return False
        if op.name in ("np.add", "np.maximum"):
            pairs = (op.args, op.args[::-1])
            return any(_is_number(one) and one.value > 0 and (op.name == "np.maximum" or self._is_nonnegative(other, depth - 1))
                       for one, other in pairs)
        if op.name in ("np.multiply", "np.sqrt", "as_scalar", "cast", "np.negative"):
            operands = op.args if op.name == "np.multiply" else op.args[:1]
            return all(self.is_nonzero(x, depth - 1) for x in operands)
        return op.name in ("size", "dim", "len", "range_length")

    def _is_nonnegative(self, a: Arg, depth: int = DEPTH) -> bool:
        if isinstance(a, Const):
            return _is_number(a) and a.value >= 0
        op = self._makers.get(a) if isinstance(a, Var) else None
        if op is None or depth == 0:
            return False
        if op.name in NONNEGATIVE or (op.name == "np.multiply" and op.args[0] is op.args[1]):
            return True
        if op.name == "np.power":
            return _is_number(op.args[1]) and op.args[1].value % 2 == 0
        operands = op.args if op.name in SIGN_OF_BOTH else op.args[:1]
        return op.name in SIGN_OF_BOTH | KEEP_SIGN and all(self._is_nonnegative(x, depth - 1) for x in operands)

    # -- where values flow ---------------------------------------------------------------------------------------------

    def _reached(self, pairs: list[tuple[Var | None, Var]]) -> set[Var]:
        """The targets that come from None."""
        unsafe: list[Var] = []
        edges: dict[Var, list[Var]] = {}
        for source, target in pairs:
            if not _is_exact(target):
                (unsafe if source is None else edges.setdefault(source, [])).append(target)
        return reached(unsafe, edges)

    def _flow(self, block: Block) -> Iterator[tuple[Var | None, Var]]:
        """(source, target): the target is as unsafe as the source; (None, target): it is unsafe in any case."""
        for stmt in block.stmts:
            for inner in blocks_of(stmt):
                yield from self._flow(inner)
            if isinstance(stmt, If):
                yield from (*_pairs(stmt.then.results, stmt.outs), *_pairs(stmt.orelse.results, stmt.outs))
            elif isinstance(stmt, Loop):
                for ends in (stmt.inits, stmt.carried):
                    yield from (*_pairs(ends, stmt.params), *_pairs(ends, stmt.outs))
            elif stmt.name == "call":
                yield from self._call(stmt)
            else:
                safe = self._is_safe(stmt)
                for out in stmt.outs:
                    yield from ((v, out) for v in arg_vars(stmt.args)) if safe else ((None, out),)

    def _call(self, op: Op) -> Iterator[tuple[Var | None, Var]]:
        """Arguments flow to parameters and results to results; those of a half to its part of the joint function's."""
        if op.callee not in self._functions:
            yield from ((None, out) for out in op.outs)
            return
        fn, half = self._functions[op.callee]
        params, results, args = fn.params, fn.body.results, op.args
        if fn.halves is not None and half >= 0:
            cut, end = fn.halves.params, fn.halves.results
            params, results = (params[:cut], results[:end]) if half == 0 else (params[cut:], results[end:])
            args = args[half:]  # of the backward half, the stash comes first
        for param, arg in zip(params, args, strict=False):
            yield from ((v, param) for v in arg_vars(arg))
        yield from _pairs(results, op.outs)

    def _would_show(self, a: Atom) -> bool:
        """Whether ``a`` is a number, of a program that does not choose between values."""
        return not self._selects and rank_of(a.type) == 0

    def _is_safe(self, op: Op) -> bool:
        """Whether the results are finite if the operands are."""
        if any(_is_infinite(a) for a in atoms_of(op.args)):
            return False
        if op.name in QUOTIENTS:
            return self.is_nonzero(op.args[1]) or self._would_show(op.args[1])
        if op.name == "np.power":
            exponent = op.args[1]
            return _is_number(exponent) and exponent.value >= 0 and float(exponent.value).is_integer()
        if op.name == "np.sqrt":
            return self._is_nonnegative(op.args[0]) or self._would_show(op.args[0])
        rule = OPS[op.name].rule
        return op.name in BOUNDED or (rule is not None and rule.kind in ("linear", "bilinear", "constant"))


def _pairs(sources: tuple[Atom, ...], targets: tuple[Var, ...]) -> Iterator[tuple[Var | None, Var]]:
    for source, target in zip(sources, targets, strict=False):  # the forward half of a kept function also gives its stash
        if isinstance(source, Var):
            yield source, target
        elif _is_infinite(source):
            yield None, target


def _is_exact(v: Var) -> bool:
    """Whether ``v`` holds integers or booleans."""
    return isinstance(v.type, (Array, Scalar)) and v.type.dtype[0] in "biu"


def _is_number(a: Arg) -> bool:
    return isinstance(a, Const) and isinstance(a.value, (int, float))


def _is_infinite(a: Atom) -> bool:
    return isinstance(a, Const) and isinstance(a.value, float) and not math.isfinite(a.value)
