"""Shapes of results of SciPy's linear algebra, of single matrices; as in :mod:`srcdiff.rules.shapes`."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..ir.core import Arg
from ..ir.dims import Facts
from ..ir.types import BOOL, Array, Scalar, Type
from .decomposition_shapes import floating
from .matrix_shapes import norm, square_matrix
from .shapes import Shape, array_type, shape_of, static

_ASSUMED = (None, "gen", "general", "sym", "symmetric", "her", "hermitian", "pos", "positive definite")


def matrix(facts: Facts, a: Arg, what: str = "SciPy's linear algebra", **options: Arg) -> Shape:
    """One matrix; options that would destroy it are refused."""
    shape = square_matrix(facts, a)
    if len(shape) != 2:
        raise UnsupportedError(f"{what} of a stack of matrices", advice="np.linalg, or a loop over the matrices")
    for name, value in options.items():
        if name.startswith("overwrite") and static(value, name):
            raise UnsupportedError(f"{name}=True", advice="leave it out")
    return shape


def like_matrix(facts: Facts, a: Arg, **options: Arg) -> Array:
    return Array(floating(a, facts, "this"), matrix(facts, a, **options), "A")


def stack_of_matrices(facts: Facts, A: Arg) -> Array:
    return Array(floating(A, facts, "an exponential"), square_matrix(facts, A), "A")


def determinant(facts: Facts, a: Arg, **options: Arg) -> Scalar:
    matrix(facts, a, **options)
    floating(a, facts, "a determinant")
    return Scalar("float64")


def solved(facts: Facts, a: Arg, b: Arg, **options: Arg) -> Array:
    matrix(facts, a, **options)
    if "assume_a" in options and static(options["assume_a"], "assume_a") not in _ASSUMED:
        raise UnsupportedError(f"assume_a={static(options['assume_a'])!r}", advice="leave it out")
    return right_side(facts, a, b)


def right_side(facts: Facts, a: Arg, b: Arg) -> Array:
    shape = shape_of(b, facts)
    if len(shape) not in (1, 2):
        raise UnsupportedError(f"a right-hand side of {len(shape)} dimensions")
    return Array(str(np.result_type(floating(a, facts, "this"), floating(b, facts, "this"))), shape, "A")


def factor_and_flag(facts: Facts, a: Arg, **options: Arg) -> tuple[Type, Type]:
    return like_matrix(facts, a, **options), BOOL


def factor_and_pivots(facts: Facts, a: Arg, **options: Arg) -> tuple[Type, Type]:
    found = like_matrix(facts, a, **options)
    return found, Array("int32", found.shape[:1], "C")


def with_factor(facts: Facts, b: Arg, **options: Arg) -> Array:
    factor: Any = options.pop("c_and_lower", None) or options.pop("lu_and_piv")
    if not isinstance(factor, tuple):
        raise UnsupportedError("a factor that is not the pair that SciPy returned")
    matrix(facts, factor[0], **options)
    return right_side(facts, factor[0], b)


def matrix_norm(facts: Facts, a: Arg, ord: Arg, axis: Arg, keepdims: Arg, check_finite: Arg) -> Array | Scalar:
    """SciPy returns numbers of several types, so it is asked."""
    shape = norm(facts, a, ord, axis, keepdims)
    dtype, rank = floating(a, facts, "a norm"), len(shape_of(a, facts))
    options = {"axis": static(axis), "keepdims": static(keepdims)}
    found = sys.modules["scipy.linalg"].norm(np.ones((2,) * rank, dtype), static(ord), **options)
    dtype = str(np.asarray(found).dtype)
    return Array(dtype, shape, "A") if shape else Scalar(dtype, not isinstance(found, np.generic))


def permutation(facts: Facts, piv: Arg) -> Array:
    t = array_type(piv, facts)
    assert isinstance(t, Array)
    return Array("int64", t.shape, "C")
