"""Calls of functions that are written out in Python: lowered in line like a user's own helpers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["call"]


def call(cx: Lowerer, fun: Callable[..., Any], args: tuple[Any, ...], node: ast.AST) -> Any:
    """Lower a call of one of the functions of :mod:`srcdiff.composed`."""
    from .inline import call_function

    return call_function(cx, fun, args, {}, node)  # type: ignore[arg-type]
