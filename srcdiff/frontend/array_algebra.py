"""Linear algebra whose results are named tuples, or whose rule depends on more than the types of its arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from ..composed.linalg import plane_product
from ..ir import dims
from ..ir.build import const
from ..ir.core import Const
from . import prelude
from .array_arguments import Args, Keywords, array_type, is_none, need_array, rank, several, take_arguments
from .array_views import moveaxis
from .attributes import dimension
from .calls import operation
from .context import Lowerer
from .values import Ref, Tup, Value

__all__ = ["FUNCTIONS"]


def named(name: str, example: Any) -> Callable[..., Value]:
    """An operation whose results have names, as NumPy's result for ``example`` does."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        made = operation(cx, name, args, kwargs, node)
        return Tup(made.items, type(example)) if isinstance(made, Tup) else made
    return handler


_ONE = np.eye(1)
EIGEN = type(np.linalg.eig(_ONE))
SINGULAR = type(np.linalg.svd(_ONE))
ORTHOGONAL = type(np.linalg.qr(_ONE))


def eig(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    made = operation(cx, "rt.real_eig", args, kwargs, node)
    assert isinstance(made, Tup)
    return Tup(made.items, EIGEN)


def eigvals(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return operation(cx, "rt.real_eigvals", args, kwargs, node)


def qr(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    a, mode = take_arguments("a mode", args, kwargs, cx, node)
    kind = "reduced" if mode is None else getattr(mode, "value", None)
    made = operation(cx, "np.linalg.qr", (a,) if kind in ("reduced", "r") else (a, mode), {}, node)
    assert isinstance(made, Tup)
    return made.items[1] if kind == "r" else Tup(made.items, ORTHOGONAL)


def svd(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    a, full, vectors, hermitian = take_arguments("a full_matrices compute_uv hermitian", args, kwargs, cx, node)
    if not (is_none(hermitian) or getattr(hermitian, "value", True) is False):
        cx.refuse("np.linalg.svd with hermitian=", node, "np.linalg.eigh")
    if isinstance(vectors, Const) and not vectors.value:
        return operation(cx, "np.linalg.svdvals", (a,), {}, node)
    made = operation(cx, "np.linalg.svd", (a,) if full is None else (a, full), {}, node)
    assert isinstance(made, Tup)
    return Tup(made.items, SINGULAR)


def cross(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """Of vectors with three components an operation; with two, written out."""
    a, b, axisa, axisb, axisc, axis = take_arguments("a b axisa axisb axisc axis", args, kwargs, cx, node)
    if not is_none(axis):
        axisa = axisb = axisc = axis
    left, right = need_array(cx, a, node), need_array(cx, b, node)
    places = [several(cx, const(-1) if v is None else v, rank(cx, ref), node)[0]
              for v, ref in ((axisa, left), (axisb, right))]
    lengths = [length(cx, ref, k, node) for ref, k in zip((left, right), places, strict=True)]
    if lengths == [3, 3]:
        axes = {n: v for n, v in (("axisa", axisa), ("axisb", axisb), ("axisc", axisc)) if v is not None}
        return operation(cx, "np.cross", (left, right), axes, node)
    if not set(lengths) <= {2, 3}:
        cx.refuse("np.cross of vectors that have not 2 or 3 components", node)
    moved = [moveaxis(cx, (ref, const(k), const(-1)), {}, node) for ref, k in zip((left, right), places, strict=True)]
    made = prelude.call(cx, plane_product, tuple(moved), node)
    if lengths == [2, 2] or axisc is None:
        return made
    assert isinstance(made, Ref)
    return moveaxis(cx, (made, const(-1), axisc), {}, node)


def length(cx: Lowerer, ref: Ref, axis: int, node: ast.AST) -> int:
    d = array_type(cx, ref).shape[axis]
    return d if isinstance(d, int) else cx.static_int(dimension(cx, cx.read(ref), axis, d), node, "the number of components")


def at_least(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``m >= n`` of two lengths, decided by the call that is being compiled."""
    from ..ir.structural import sym_of

    m, n = (sym_of(a) for a in args)
    a, b = (None if d is None else dims.hint_of(d) for d in (m, n))
    if a is None or b is None:
        cx.refuse("a length that is known at run time only", node)
    if m != n and not (isinstance(m, int) and isinstance(n, int)):
        cx.facts.assume(f"{m} >= {n}" if a >= b else f"{m} < {n}")
    return const(a >= b)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "np.linalg.eigh": named("np.linalg.eigh", np.linalg.eigh(_ONE)), "np.linalg.eig": eig, "np.linalg.eigvals": eigvals,
    "np.linalg.slogdet": named("np.linalg.slogdet", np.linalg.slogdet(_ONE)), "np.linalg.qr": qr, "np.linalg.svd": svd,
    "np.cross": cross, "rt.at_least": at_least,
}
