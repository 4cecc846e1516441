"""What a form is: a call as a program writes it, with the arguments that it is tried on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from rows import Num

__all__ = ["FORMS", "Form", "Num", "form"]


@dataclass(frozen=True)
class Form:
    """``text``: an expression in ``a``, ``b``, ... for ``args``: :class:`Num`, or values as such. ``before``: a statement."""

    text: str
    args: tuple[Any, ...]
    before: str = ""
    module: str = ""

    @property
    def id(self) -> str:
        return f"{self.module}-{self.before + '; ' if self.before else ''}{self.text}"


FORMS: list[Form] = []


def form(text: str, *args: Any, before: str = "") -> None:
    module = sys._getframe(1).f_globals["__name__"].rpartition(".")[2]
    FORMS.append(Form(text, args, before, module))
