"""The compiler against itself: every optimisation off, rewinding forced on and off, helpers inlined and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import oracle
import trees

import srcdiff
from srcdiff.api import Derivative
from srcdiff.derivation import Derivation
from srcdiff.pipeline import Options

__all__ = ["OPTIONS", "compare"]

STEPS = ("fold", "identities", "cse", "plain_products", "dce")

OPTIONS = {
    **{f"without {step}": Options(verify=True, skip=frozenset([step])) for step in STEPS},
    "without any": Options(verify=True, skip=frozenset(STEPS)),
    "rewinding": Options(verify=True, rewind=True),
    "pushing": Options(verify=True, rewind=False),
    "inlining": Options(verify=True, inline=True),
    "keeping": Options(verify=True, inline=False),
}


def compare(fun: Callable[..., Any], args: tuple[Any, ...], name: str, order: int = 1) -> None:
    """Gradient (and Hessian-vector product, forward over reverse) under the options of that name equal those of the default."""
    argnums = oracle.float_args(args)
    options = OPTIONS[name]
    plain = srcdiff.value_and_grad(fun, argnums=argnums)(*trees.copy(args))
    _close(Derivative(fun, Derivation("value_and_grad", argnums), options=options)(*trees.copy(args)), plain, name)
    if order > 1:
        gradient = srcdiff.grad(fun, argnums=argnums)
        tangents = tuple(oracle.directions(args)[k] for k in argnums)
        results = []
        for chosen in (Options(), options):
            product = Derivative(gradient, Derivation("jvp", argnums), options=chosen)
            values = trees.copy(args)
            results.append(product.specialise(values).run(*values, *tangents))
        _close(results[1], results[0], f"second order, {name}")


def _close(found: Any, expected: Any, name: str) -> None:
    a, b = trees.flat(found), trees.flat(expected)
    scale = 1.0 + np.max(np.abs(b), initial=0.0)
    if a.shape != b.shape or not np.all(np.abs(a - b) <= 1e-10 * scale):
        raise oracle.Wrong(f"{name} gives another answer: {a.tolist()} instead of {b.tolist()}")
