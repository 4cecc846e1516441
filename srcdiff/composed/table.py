"""The table of composed functions, and how they get into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["COMPOSED", "composed"]

F = TypeVar("F", bound=Callable[..., Any])

COMPOSED: dict[str, Callable[..., Any]] = {}  # by the name of the library's function: "np.dstack", "scipy.linalg.block_diag"


def composed(*names: str) -> Callable[[F], F]:
    """Register a function as what the library's functions of these names do."""
    def register(fun: F) -> F:
        COMPOSED.update(dict.fromkeys(names, fun))
        return fun
    return register
