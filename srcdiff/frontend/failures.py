"""What stops a lowering, or the way that is being tried."""

from __future__ import annotations

from typing import Any

from ..errors import Loc, UnsupportedError
from ..ir.core import Arg
from .aliases import AliasError

__all__ = ["NeedUnroll", "WouldRaise", "plain"]


class WouldRaise(UnsupportedError):
    """The program raises an exception of class ``kind`` here, for certain: refused, unless the program catches it.

    ``arguments``: those of the exception, None if they are not known. ``stmts``: the statements at whose end it does.
    """

    def __init__(self, message: str, loc: Loc | None, advice: str, kind: type[BaseException], arguments: tuple[Arg, ...] | None,
                 stmts: list[Any]) -> None:
        super().__init__(message, loc, advice)
        self.kind = kind
        self.arguments = arguments
        self.stmts = stmts


class NeedUnroll(Exception):
    """A loop index selects from a container whose elements differ in type: the loop has to be unrolled."""


def plain(error: UnsupportedError) -> UnsupportedError:
    """An error as the user sees it: the classes that only lowering tells apart are all one."""
    if not isinstance(error, (AliasError, WouldRaise)):
        return error
    message = error.message
    if isinstance(error, WouldRaise) and not message.startswith("this raises"):
        message = f"this raises {error.kind.__name__}: {message}"
    advice = error.advice or ("so does the function itself when it is called" if isinstance(error, WouldRaise) else "")
    made = UnsupportedError(message, error.loc, advice)
    made.context = error.context
    return made
