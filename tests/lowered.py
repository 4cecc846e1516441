"""From a Python function to IR and back to numbers, without code generation: for the tests of the transforms."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from ir_eval import evaluate

import srcdiff.rules  # noqa: F401 - registers the operations
from srcdiff.frontend.lower import lower
from srcdiff.ir.build import Builder
from srcdiff.ir.core import Block, Module, Var
from srcdiff.ir.dims import Facts, Sym, of
from srcdiff.ir.tree import Leaf
from srcdiff.ir.types import BOOL, FLOAT, INT, Array, Scalar, Type
from srcdiff.ir.verify import verify
from srcdiff.optimize import dce, plain_products, simplify
from srcdiff.transform.fit import apply
from srcdiff.transform.reverse import reverse
from srcdiff.transform.stash import plan_stash

__all__ = ["differences", "float_positions", "lowered", "optimized", "planned", "squared"]


def type_of(name: str, value: Any) -> Type:
    if isinstance(value, np.ndarray):
        return Array(str(value.dtype), tuple(of(Sym(f"{name}.shape[{k}]", n)) for k, n in enumerate(value.shape)), "C")
    if isinstance(value, np.generic):
        return Scalar(str(value.dtype))
    return BOOL if isinstance(value, bool) else FLOAT if isinstance(value, float) else INT


def lowered(fun: Callable[..., Any], *args: Any) -> Module:
    """The IR of ``fun`` for the types of ``args``."""
    names = fun.__code__.co_varnames[:len(args)]
    params = tuple(Var(type_of(n, a), n) for n, a in zip(names, args, strict=True))
    return verify(lower(fun, [(n, Leaf(k)) for k, n in enumerate(names)], params, Facts()))


def optimized(module: Module, skip: frozenset[str] = frozenset()) -> Module:
    """The passes that the pipeline runs after a transform, without those in ``skip``."""
    module = module if "plain_products" in skip else plain_products.run(module)
    module = verify(simplify.run(module, skip))
    return module if "dce" in skip else verify(dce.run(module))


def planned(module: Module, wrt: Sequence[int], *, skip: frozenset[str] = frozenset()) -> Module:
    """The gradient, as the next transform gets it."""
    joint = verify(reverse(module, wrt, keep_value=False)[0])
    return optimized(verify(plan_stash(optimized(joint, skip))[0]), skip)


def squared(module: Module) -> Module:
    """A scalar function of all results of ``module``: the sum of their sines."""
    b = Builder(module.facts)
    sines = [apply(b, "np.sum", apply(b, "np.sin", r)) for r in module.main.body.results]
    total = sines[0]
    for s in sines[1:]:
        total = apply(b, "np.add", total, s)
    body = Block((*module.main.body.stmts, *b.stmts), (total,))
    return verify(replace(module, main=replace(module.main, body=body)))


def float_positions(args: Sequence[Any]) -> tuple[int, ...]:
    return tuple(k for k, a in enumerate(args) if np.asarray(a).dtype.kind == "f")


def differences(module: Module, args: Sequence[Any], wrt: Sequence[int], h: float = 1e-6) -> list[np.ndarray]:
    """Central differences of the first result, evaluated by the interpreter."""
    return [_difference(module, args, k, h) for k in wrt]


def _difference(module: Module, args: Sequence[Any], k: int, h: float) -> np.ndarray:
    start = np.asarray(args[k], float)
    found = np.zeros_like(start)
    for place in np.ndindex(start.shape):
        ends = []
        for step in (h, -h):
            moved = np.array(start)
            moved[place] += step
            given = copy.deepcopy(list(args))
            given[k] = moved if isinstance(args[k], np.ndarray) else float(moved)
            ends.append(evaluate(module, *given)[0])
        found[place] = (ends[0] - ends[1]) / (2 * h)
    return found
