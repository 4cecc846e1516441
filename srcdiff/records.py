"""Dataclasses that are cheap to define and to create.

The compiler consists of some eighty small classes, and makes thousands of instances of a few of them. A frozen dataclass
costs half a millisecond when it is defined (six methods, each compiled from text), and three times a plain one's time for
each instance. ``dataclass`` here is the standard one for type checkers, which hold everybody to ``frozen``; when the
program runs, nothing is compiled but ``__init__``, and where values are compared, ``__eq__`` and ``__hash__``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True):
        """See the module's docstring."""

        def make(cls):
            if "__repr__" not in vars(cls):
                cls.__repr__ = _repr
            return dataclasses.dataclass(cls, repr=False, eq=eq, unsafe_hash=frozen and eq)

        return make if cls is None else make(cls)


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"
