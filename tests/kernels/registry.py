"""The table of kernels: each function with arguments, and which of those hold its output."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

__all__ = ["TABLE", "Kernel", "kernel", "normal", "positive", "uniform"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Kernel:
    """``outputs``: positions of the arguments that the kernel writes its results to; what it returns is output, too."""

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    outputs: tuple[int, ...]
    order: int

    @property
    def name(self) -> str:
        return f"{self.fun.__module__.rpartition('.')[2]}-{self.fun.__name__}"


TABLE: list[Kernel] = []


def kernel(*args: Any, out: str = "", order: int = 2) -> Callable[[F], F]:
    """Register a kernel with its arguments; ``out`` names those that are written. The function stays as it is."""

    def register(fun: F) -> F:
        names = list(inspect.signature(fun).parameters)
        TABLE.append(Kernel(fun, args, tuple(names.index(name) for name in out.split()), order))
        return fun

    return register


def _rng(shape: tuple[int, ...], seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, *shape])


def uniform(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers between 0.1 and 1.1."""
    return _rng(shape, seed).uniform(0.1, 1.1, shape)


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return _rng(shape, seed).standard_normal(shape)


def positive(n: int, seed: int = 0) -> np.ndarray:
    """A symmetric positive definite matrix."""
    A = normal(n, n, seed=seed)
    return A @ A.T + n * np.eye(n)
