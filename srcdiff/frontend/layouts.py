"""How an array lies in memory, as far as the types tell; a question about an argument becomes a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ir.types import Array
from .values import Ref

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["ask_layout", "contiguous"]


def contiguous(cx: Lowerer, ref: Ref) -> bool | None:
    """Whether the array is C-contiguous: True, False, or None where the types do not tell."""
    t = cx.type_of(ref)
    assert isinstance(t, Array)
    if len(t.shape) == 0:
        return True
    layout = ask_layout(cx, t.layout)
    if layout == "F" and (len(t.shape) == 1 or any(cx.facts.is_one(d) is not False for d in t.shape)):
        return True if len(t.shape) == 1 else None
    return {"C": True, "F": False}.get(layout)


def ask_layout(cx: Lowerer, layout: Any) -> str:
    """The layout that stands behind a lazy one; a question about an argument becomes a fact."""
    if isinstance(layout, str):
        return layout
    if layout[0] == "arg":
        actual = layout[2] if len(layout) > 2 else "A"
        flag = {"C": "c_contiguous", "F": "f_contiguous"}.get(actual)
        cx.facts.assume(f"{layout[1]}.flags.{flag}" if flag else f"not {layout[1]}.flags.forc")
        return actual
    if layout[0] == "lead":
        return "C" if ask_layout(cx, layout[1]) == "C" else "A"
    if layout[0] == "T":
        return {"C": "F", "F": "C"}.get(ask_layout(cx, layout[1]), "A")
    found = {ask_layout(cx, inner) for inner in layout[1]}
    return found.pop() if len(found) == 1 else "A"
