"""Calls of ``grad`` and its like inside a function that is differentiated."""

from __future__ import annotations

import ast
from typing import Any

from .context import Lowerer
from .values import Value

__all__ = ["call_gradient", "is_gradient"]


def is_gradient(obj: Any) -> bool:
    """Whether ``obj`` is what ``srcdiff.grad`` and its like return."""
    return hasattr(obj, "__srcdiff__")


def call_gradient(cx: Lowerer, obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    return cx.refuse("a gradient inside", node)
