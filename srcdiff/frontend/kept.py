"""Functions that stay functions: recursion."""

from __future__ import annotations

import ast


from .context import Frame, Lowerer
from .values import Value

__all__ = ["call_kept", "is_kept"]


def is_kept(cx: Lowerer, code: object) -> bool:
    return False


def call_kept(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value], site: ast.AST) -> Value:
    return cx.refuse("recursion", site)


