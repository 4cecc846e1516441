"""Enumerations: their members are known when the function is compiled."""

from __future__ import annotations

import ast
import enum
from typing import Any

from ..ir.build import const
from ..ir.core import Const
from .context import Lowerer
from .values import Tup, Value

__all__ = ["as_number", "chosen_member", "is_enumeration", "members"]


def is_enumeration(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, enum.EnumMeta)


def as_number(value: Value) -> Value:
    """A member that is a number, such as those of an ``IntEnum``, in arithmetic."""
    if isinstance(value, Const) and isinstance(value.value, enum.Enum) and isinstance(value.value, (int, float)):
        return const(value.value.value)
    return value


def members(cx: Lowerer, value: Value) -> Tup:
    """The members in their order."""
    assert isinstance(value, Const)
    return Tup(tuple(cx.captured(m, str(m)) for m in value.value))


def chosen_member(cx: Lowerer, enumeration: Const, arg: Value, by_name: bool, node: ast.AST) -> Value:
    """``Color(1)`` and ``Color["RED"]``."""
    from .static_values import python_value

    given: Any = python_value(cx, arg, node, f"which {enumeration.value.__name__} this is")
    try:
        member = enumeration.value[given] if by_name else enumeration.value(given)
    except (KeyError, ValueError) as error:
        cx.fails(type(error), str(error), node, args=tuple(map(const, error.args)))
    return cx.captured(member, str(member))
