"""The table of programs: each function with the arguments that it is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

__all__ = ["GRID", "LINE", "OTHER", "TABLE", "THREE", "Program", "array", "program"]

THREE = np.array([0.3, 0.7, 1.1])
OTHER = np.array([0.5, -0.4, 0.9])
LINE = np.linspace(0.1, 1.5, 12)
GRID = np.arange(6.0).reshape(2, 3) * 0.2 + 0.1

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Program:
    """``refused``: there is an ``UnsupportedError``."""

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    refused: bool = False
    order: int = 2

    @property
    def name(self) -> str:
        return f"{self.fun.__module__.rpartition('.')[2]}-{self.fun.__name__}"


TABLE: list[Program] = []


def program(*args: Any, refused: bool = False, order: int = 2) -> Callable[[F], F]:
    """Register a function with its arguments; several decorators give several calls. The function stays as it is."""

    def register(fun: F) -> F:
        TABLE.append(Program(fun, args, refused, order))
        return fun

    return register


def array(*shape: int, shift: float = 0.0) -> np.ndarray:
    """An array without a pattern: no ties, no zeros, some numbers negative."""
    size = int(np.prod(shape))
    return (0.9 * np.sin(1.0 + 2.3 * np.arange(size) + shift) + 0.1).reshape(shape)
