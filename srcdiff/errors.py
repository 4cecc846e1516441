"""Errors that srcdiff raises, and the source locations that they point at.

::

    SrcdiffError
    ├── UnsupportedError        the program uses something that has no derivative here
    │   └── NoRuleError         an operation without a derivative rule
    ├── DerivativeTypeError     an argument or a result that cannot be differentiated
    ├── SignatureError          a signature that cannot be read, or does not fit
    └── InternalError           a fault of srcdiff itself; prints the IR around the place
"""

from __future__ import annotations

from dataclasses import field

from .records import dataclass

__all__ = [
    "DerivativeTypeError",
    "InternalError",
    "Loc",
    "NoRuleError",
    "SignatureError",
    "Source",
    "SrcdiffError",
    "UnsupportedError",
]


@dataclass(frozen=True, eq=False)
class Source:
    """The text that a function came from.

    ``first_line`` is the number in the file of the first line of ``text``.
    """

    file: str
    text: str
    first_line: int = 1
    lines: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(self.text.splitlines()))

    def line(self, number: int) -> str:
        """Line ``number`` of the file, without its newline; empty where there is none."""
        index = number - self.first_line
        return self.lines[index] if 0 <= index < len(self.lines) else ""


@dataclass(frozen=True)
class Loc:
    """A place in the user's source: lines count from 1, columns from 0."""

    source: Source
    line: int
    col: int = 0
    end_line: int = 0
    end_col: int = 0

    @property
    def text(self) -> str:
        """The source line, stripped."""
        return self.source.line(self.line).strip()

    def __str__(self) -> str:
        return f"{self.source.file}:{self.line}:{self.col + 1}"

    def excerpt(self) -> str:
        """The source line with a caret under the place."""
        text = self.source.line(self.line)
        if not text:
            return ""
        stop = self.end_col if self.end_line == self.line else len(text)
        carets = "^" * max(1, stop - self.col)
        number = f"{self.line:>6}"
        return f"{number} | {text}\n{' ' * len(number)} | {' ' * self.col}{carets}"


class SrcdiffError(Exception):
    """Base class of every error that srcdiff raises on purpose."""


class UnsupportedError(SrcdiffError):
    """The program does something that srcdiff does not differentiate.

    Parameters
    ----------
    message : str
        What is not supported, in a few words.
    loc : Loc, optional
        Where.
    advice : str, optional
        What to write instead.
    """

    def __init__(self, message: str, loc: Loc | None = None, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.loc = loc
        self.advice = advice
        self.context = ""

    def __str__(self) -> str:
        head = f"{self.loc}: {self.message}" if self.loc else self.message
        parts = [head]
        if self.loc and (excerpt := self.loc.excerpt()):
            parts.append(excerpt)
        parts.extend(f"    {line}" for line in (self.advice, self.context) if line)
        return "\n".join(parts)


class NoRuleError(UnsupportedError):
    """An operation on values that carry a derivative has no derivative rule."""


class DerivativeTypeError(SrcdiffError, TypeError):
    """An argument or a result has a type that cannot be differentiated."""


class SignatureError(SrcdiffError, ValueError):
    """A signature cannot be read, or does not fit the function."""


class InternalError(SrcdiffError):
    """A fault of srcdiff itself: please report it with the text that it prints."""
