"""Lowering to see what happens, without a trace of it in the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .context import Lowerer

__all__ = ["quiet"]


@contextmanager
def quiet(cx: Lowerer) -> Iterator[None]:
    """What is lowered inside is forgotten."""
    state, stmts, frames, loc = cx.state, cx.builder.stmts, len(cx.frames), cx.builder.loc
    tries, cx.tries = cx.tries, []
    cx.state, cx.builder.stmts = state.copy(), []
    try:
        yield
    finally:
        cx.state, cx.builder.stmts, cx.tries, cx.builder.loc = state, stmts, tries, loc
        del cx.frames[frames:]
