"""The table of programs: each function with the arguments that it is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

__all__ = ["TABLE", "Program", "array", "program"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Program:
    """``refused``: only an ``UnsupportedError`` is acceptable. ``may_refuse``: a right answer or an ``UnsupportedError``."""

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    refused: bool = False
    may_refuse: bool = False
    order: int = 2

    @property
    def name(self) -> str:
        return f"{self.fun.__module__.rpartition('.')[2]}-{self.fun.__name__}"


TABLE: list[Program] = []


def program(*args: Any, refused: bool = False, may_refuse: bool = False, order: int = 2) -> Callable[[F], F]:
    """Register a function with its arguments; several decorators give several calls. The function stays as it is."""

    def register(fun: F) -> F:
        TABLE.append(Program(fun, args, refused, may_refuse, order))
        return fun

    return register


def array(*shape: int, shift: float = 0.0) -> np.ndarray:
    """An array without a pattern: no ties, no zeros, some numbers negative."""
    size = int(np.prod(shape))
    return (0.9 * np.sin(1.0 + 2.3 * np.arange(size) + shift) + 0.1).reshape(shape)
