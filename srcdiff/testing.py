"""Checks that derivatives are right: ``check_grads``.

Reverse mode, forward mode and central differences of the function itself are three independent opinions: a wrong rule can
make two of them agree, but hardly all three. Besides, the caller's arrays must stay as they were, and no two results may
share memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .api import grad, jvp, vjp
from .derivative import Derivative
from .values import copy_arrays, leaves_in, map_values

__all__ = ["check_grads"]

Function = Callable[..., Any]


def check_grads(fun: Function, args: Sequence[Any], order: int = 1, modes: Sequence[str] = ("rev", "fwd"),
                rtol: float | None = None, atol: float | None = None, eps: float | None = None) -> None:
    """Check the derivatives of ``fun`` at ``args``.

    Parameters
    ----------
    fun : callable
        The function. For ``order`` 2 and more it has to return one real number.
    args : sequence
        Its arguments. Floats, float arrays and nests of them are differentiated; any other argument is held fixed.
    order : int
        Check derivatives up to this order.
    modes : sequence of {"rev", "fwd"}
        Which modes to check.
    rtol, atol, eps : float, optional
        Tolerances for the comparison with differences, and their relative step; chosen by the arguments' precision by default.

    Raises
    ------
    AssertionError
        If two opinions differ, an argument was changed, or results share memory.
    """
    args = tuple(args)
    argnums = tuple(k for k, a in enumerate(args) if _is_differentiable(a))
    if not argnums:
        raise ValueError("check_grads: there is no argument to differentiate with respect to")
    single = any(a.dtype in (np.float32, np.complex64) for k in argnums for a in map(np.asarray, _leaves(args[k])))
    step = eps or (1e-2 if single else 1e-6)
    tolerance = (rtol or (2e-2 if single else 1e-5), atol or (2e-3 if single else 1e-6))
    rng = np.random.default_rng(0)
    tangents = tuple(_random(rng, a) if k in argnums else None for k, a in enumerate(args))
    difference = _difference(fun, args, tangents, step)
    exact = (0.0, 0.0)
    if isinstance(fun, Derivative):  # sums of adjoints may be associated differently
        exact = (1e-5, 1e-6) if single else (1e-12, 1e-14)
    if "fwd" in modes:
        _check_forward(fun, args, tangents, difference, tolerance, exact)
    if "rev" in modes:
        _check_reverse(fun, args, argnums, tangents, difference, tolerance, exact, rng)
    if order > 1:
        check_grads(grad(fun, argnums), args, order - 1, modes, rtol, atol, eps)


def _check_forward(fun: Function, args: tuple[Any, ...], tangents: tuple[Any, ...], difference: Any,
                   tolerance: tuple[float, float], exact: tuple[float, float]) -> None:
    with _Unchanged(args, "jvp"):
        out, out_dot = jvp(fun, args, tangents)
    _same(out, fun(*copy_arrays(args)), exact, "the value that jvp returns, against the function's")
    _same(out_dot, difference, tolerance, "forward mode against differences")


def _check_reverse(fun: Function, args: tuple[Any, ...], argnums: tuple[int, ...], tangents: tuple[Any, ...], difference: Any,
                   tolerance: tuple[float, float], exact: tuple[float, float], rng: np.random.Generator) -> None:
    with _Unchanged(args, "vjp"):
        out, pullback = vjp(fun, *args, argnums=argnums)
        _same(out, fun(*copy_arrays(args)), exact, "the value that vjp returns, against the function's")
        out_bar = _random(rng, out)
        kept = copy_arrays(out_bar)
        bars = pullback(out_bar)
        again = pullback(out_bar)
    _same(again, bars, (0.0, 0.0), "the pullback's second call against its first")
    _same(out_bar, kept, (0.0, 0.0), "the adjoint given to the pullback, after against before")
    _check_unshared([*_leaves(bars)], [*_leaves(args), *_leaves(out_bar)])
    chosen = tuple(tangents[k] for k in argnums)
    scale = sum(np.sum(np.abs(a) * np.abs(b)) for a, b in zip(_leaves(bars), _leaves(chosen), strict=True))
    got, expected = _dot(bars, chosen), _dot(out_bar, difference)
    assert abs(got - expected) <= tolerance[1] + tolerance[0] * max(scale, abs(expected)), \
        f"reverse mode against differences: {got} and {expected}"


# -- pieces ------------------------------------------------------------------------------------------------------------


def _is_number(value: Any) -> bool:
    return isinstance(value, (float, complex, np.ndarray, np.inexact)) and np.asarray(value).dtype.kind in "fc"


def _is_differentiable(value: Any) -> bool:
    return bool(all_leaves := leaves_in(value)) and all(map(_is_number, all_leaves))


def _leaves(value: Any) -> Iterator[Any]:
    """The leaves that carry derivatives."""
    yield from filter(_is_number, leaves_in(value))


def _random(rng: np.random.Generator, like: Any) -> Any:
    """A direction: the nest of ``like``, filled with random numbers; None where no derivative is."""
    def leaf(value: Any) -> Any:
        if not _is_number(value):
            return None
        array = np.asarray(value)
        drawn = rng.uniform(0.5, 1.5, array.shape) * rng.choice([-1.0, 1.0], array.shape)
        return np.asarray(drawn).astype(array.dtype) if isinstance(value, np.ndarray) else type(value)(drawn)
    return map_values(leaf, like)


def _difference(fun: Function, args: tuple[Any, ...], tangents: tuple[Any, ...], step: float) -> Any:
    """The central difference of ``fun`` along ``tangents``."""
    size = max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in _leaves(args)), default=1.0)
    h = step * max(1.0, min(size, 1e3))
    ends = [fun(*(_move(a, t, sign * h) for a, t in zip(args, tangents, strict=True))) for sign in (1, -1)]
    found = iter([(np.asarray(p) - np.asarray(m)) / (2 * h) for p, m in zip(*map(_leaves, ends), strict=True)])
    return map_values(lambda v: next(found) if _is_number(v) else None, ends[0])


def _move(value: Any, tangent: Any, h: float) -> Any:
    if tangent is None:
        return copy_arrays(value)
    steps = _leaves(tangent)
    return map_values(lambda v: type(v)(v + h * next(steps)) if not isinstance(v, np.ndarray)
                      else (v + h * next(steps)).astype(v.dtype) if _is_number(v) else v, value)


def _dot(a: Any, b: Any) -> Any:
    return sum(np.sum(np.asarray(x) * np.asarray(y)) for x, y in zip(_leaves(a), _leaves(b), strict=True))


def _same(got: Any, expected: Any, tolerance: tuple[float, float], what: str) -> None:
    left, right = list(_leaves(got)), list(_leaves(expected))
    assert len(left) == len(right), f"{what}: {len(left)} and {len(right)} numbers or arrays"
    for a, b in zip(left, right, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance[0], atol=tolerance[1], err_msg=what)


def _check_unshared(results: list[Any], others: list[Any]) -> None:
    arrays = [r for r in results if isinstance(r, np.ndarray)]
    for k, a in enumerate(arrays):
        for b in [*arrays[k + 1:], *(o for o in others if isinstance(o, np.ndarray))]:
            assert not np.shares_memory(a, b), "a gradient shares memory with another one, or with an argument"


class _Unchanged:
    """A context that checks that no array in ``args`` changes."""

    def __init__(self, args: tuple[Any, ...], what: str) -> None:
        self.args = args
        self.what = what

    def __enter__(self) -> None:
        self.before = copy_arrays(self.args)

    def __exit__(self, *error: object) -> None:
        if error == (None, None, None):
            for a, b in zip(leaves_in(self.args), leaves_in(self.before), strict=True):
                assert a is b or np.array_equal(a, b, equal_nan=_is_number(a)), f"{self.what} changed an argument"
