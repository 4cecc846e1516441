"""Derivatives by differences of the primal: the oracle that shares nothing with the compiler."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import trees

__all__ = ["Differences", "directional", "gradient", "weigh", "weights"]

STEP = 1e-3


@dataclass(frozen=True)
class Differences:
    """An estimate of a derivative, and for each element how far two step sizes disagree about it."""

    value: np.ndarray
    error: np.ndarray

    @property
    def reliable(self) -> bool:
        """Whether the function looks differentiable here: two step sizes agree."""
        return bool(np.all(np.isfinite(self.value)) and np.all(self.error <= 1e-5 * (1.0 + np.abs(self.value))))

    def mismatch(self, other: np.ndarray, tolerance: float) -> str:
        """A message if ``other`` is not this derivative; empty if it is."""
        if other.shape != self.value.shape:
            return f"shape {other.shape}, differences have {self.value.shape}"
        allowed = tolerance * (1.0 + np.max(np.abs(self.value), initial=0.0)) + 30.0 * self.error
        if np.all(np.abs(other - self.value) <= allowed):
            return ""
        return f"got {other.tolist()}, differences give {self.value.tolist()}"


def weights(out: Any) -> Any:
    """A fixed cotangent for a result: 1.0 for a scalar, otherwise numbers without a pattern; zero where nothing is real."""
    results = list(trees.leaves(out))
    if len(results) == 1 and trees.is_float(results[0]) and np.ndim(results[0]) == 0:
        return trees.map_leaves(lambda leaf: 1.0, out)
    count = iter(range(1, 1 + len(results)))

    def weight(leaf: Any) -> Any:
        shift = next(count)
        if not isinstance(leaf, np.ndarray):
            return 0.5 + 0.25 * shift
        return np.cos(np.arange(1.0, leaf.size + 1.0) * shift).reshape(leaf.shape).astype(leaf.dtype)

    return trees.map_leaves(weight, out)


def weigh(out: Any) -> float:
    """A result reduced to a number with :func:`weights`."""
    return trees.dot(out, weights(out))[0]


def _slope(phi: Callable[[float], Any], step: float) -> tuple[Any, Any]:
    """The derivative of ``phi`` at 0 by extrapolated central differences, and the disagreement of two extrapolations."""
    central = [(phi(h) - phi(-h)) / (2.0 * h) for h in (step, step / 2.0, step / 4.0)]
    coarse, fine = ((4.0 * b - a) / 3.0 for a, b in zip(central, central[1:], strict=False))
    return fine, np.abs(fine - coarse)


def gradient(fun: Callable[..., Any], args: tuple[Any, ...], step: float = STEP) -> Differences:
    """The gradient of ``weigh(fun(*args))`` with respect to every float leaf of ``args``."""
    point = trees.flat(args)

    def moved(k: int, h: float) -> float:
        vector = point.copy()
        vector[k] += h
        return weigh(fun(*trees.unflatten(args, vector)))

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        pairs = [_slope(lambda h, k=k: moved(k, h), step) for k in range(point.size)]
    return Differences(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]))


def directional(fun: Callable[..., Any], args: tuple[Any, ...], direction: Any, step: float = STEP) -> Differences:
    """The derivative along ``direction`` of all float results of ``fun``, as a vector."""
    point, v = trees.flat(args), trees.flat(direction)
    value, error = _slope(lambda h: trees.flat(fun(*trees.unflatten(args, point + h * v))), step)
    return Differences(value, error)
