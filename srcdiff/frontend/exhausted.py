"""``v = next(it)`` where a handler waits for the end: ``if <nothing is left>: raise StopIteration`` stands in front of it.

So the exception is a jump out of a list of statements, like any other that the program raises.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ..ir.build import const
from ..ir.core import Const
from .exceptions import is_caught
from .exprs import EXPRESSIONS, arithmetic, expression, negated
from .positions import is_empty, position
from .values import Once, Value

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["test_in_front"]


class Exhausted(ast.expr):
    """Whether an iterator has no more items."""

    _fields = ("iterator",)

    def __init__(self, iterator: ast.expr) -> None:
        super().__init__()
        self.iterator = iterator


def test_in_front(cx: Lowerer, stmt: ast.stmt) -> ast.If | None:
    """The test for a statement that asks an iterator for its next item and nothing else; None for any other statement."""
    call = getattr(stmt, "value", None) if isinstance(stmt, (ast.Assign, ast.Expr, ast.Return)) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "next" or len(call.args) != 1 \
            or not isinstance(call.args[0], (ast.Name, ast.Attribute)) or call in cx.asked or not is_caught(cx, StopIteration):
        return None
    cx.asked.add(call)  # until the item is taken
    made: ast.If | None = cx.memo.get(("exhausted", call))
    if made is None:
        end = ast.Raise(ast.Name("StopIteration", ast.Load()), None)
        made = cx.memo["exhausted", call] = ast.If(Exhausted(call.args[0]), [end], [])
        for inner in (made.test, end.exc, end, made):
            ast.copy_location(inner, call)  # type: ignore[type-var]
    scope = cx.frames[-1].scope
    live = scope.before.get(stmt, frozenset()) | scope.after.get(stmt, frozenset())
    scope.before[made] = scope.after[made] = scope.after[made.body[0]] = live
    return made


def lower_exhausted(cx: Lowerer, node: Exhausted) -> Value:
    value = expression(cx, node.iterator)
    if not isinstance(value, Once) or not value.number or is_empty(cx, value):
        return const(False)  # next itself says so
    place, it = position(cx, value, node), value.make()
    if it.count is None or (isinstance(place, Const) and it.known is not None):
        return const(False)
    return negated(cx, arithmetic(cx, "np.less", place, it.count, node))


EXPRESSIONS[Exhausted] = lower_exhausted
