"""The text of what ``exec``, ``eval`` or ``python -c`` compiled. Python keeps none; often it is still at hand.

It is looked for among the strings that the running functions hold, as constants or under a name, and in the command line. A
text counts only if compiling it gives the very code of the function, line by line, so nothing is guessed.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from types import CodeType, FunctionType

__all__ = ["executed_lines"]

LONGEST = 1_000_000
_FUTURE = annotations.compiler_flag
_KNOWN: dict[int, tuple[CodeType, list[str]]] = {}


def executed_lines(fun: FunctionType) -> list[str]:
    """The lines of the text that a function was compiled from; empty if it is not at hand."""
    code = fun.__code__
    if id(code) not in _KNOWN:
        found = next((text for text in _texts(fun) if _gives(text, code)), None)
        if found is None:
            return []
        _KNOWN[id(code)] = code, found.splitlines(keepends=True)
        if len(_KNOWN) > 256:
            _KNOWN.pop(next(iter(_KNOWN)))
    return _KNOWN[id(code)][1]


def _texts(fun: FunctionType) -> Iterator[str]:
    """Strings that may be it, as they are and without their indentation."""
    word = "lambda" if fun.__name__ == "<lambda>" else fun.__code__.co_name
    seen: set[str] = set()
    for text in _strings(fun):
        if isinstance(text, str) and word in text and len(text) < LONGEST and text not in seen:
            seen.add(text)
            yield text
            if (plain := textwrap.dedent(text)) != text:
                yield plain


def _strings(fun: FunctionType) -> Iterator[object]:
    if "-c" in sys.orig_argv:
        yield from sys.orig_argv
    yield from list(fun.__globals__.values())
    frame = sys._getframe()
    while frame is not None:
        yield from frame.f_code.co_consts
        yield from list(frame.f_locals.values())
        frame = frame.f_back  # type: ignore[assignment]


def _gives(text: str, code: CodeType) -> bool:
    """Whether compiling the text makes this code."""
    for mode in ("exec", "eval"):
        try:
            made = compile(text, code.co_filename, mode, flags=code.co_flags & _FUTURE, dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        todo = [made]
        while todo:
            part = todo.pop()
            if part == code and list(part.co_positions()) == list(code.co_positions()):
                return True
            todo += [c for c in part.co_consts if isinstance(c, CodeType)]
    return False
