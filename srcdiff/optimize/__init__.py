"""Optimisations on the IR: each pass takes a module and returns one; a transform runs them before and after planning the stash."""

from __future__ import annotations

from ..ir.core import Module
from . import dce, plain_products, scalar_guards, simplify

__all__ = ["PASSES", "optimize", "scalar_guards"]

PASSES = ("plain_products", *simplify.STEPS, "dce")


def optimize(module: Module, skip: frozenset[str] = frozenset()) -> Module:
    """All passes in order, without those in ``skip``."""
    if "plain_products" not in skip:
        module = plain_products.run(module)
    module = simplify.run(module, skip)
    return module if "dce" in skip else dce.run(module)
