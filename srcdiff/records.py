"""Dataclasses that are cheap to define and to create.

The compiler consists of some eighty small classes, and makes thousands of instances of a few of them. A frozen dataclass
costs half a millisecond when it is defined (six methods, each compiled from text), and three times a plain one's time for
each instance. ``dataclass`` here is the standard one for type checkers, which hold everybody to ``frozen``; when the
program runs, nothing is compiled but ``__init__``, and that when the first instance is made: a program needs half of them.
"""

from __future__ import annotations

import dataclasses
import operator
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
            cls.__doc__ = cls.__doc__ or cls.__name__  # or else a signature is made for it
            made = _initialised_late(dataclasses.dataclass(cls, init=False, repr=False, eq=False, match_args=False))
            return _comparing(made, frozen) if eq else made

        return make if cls is None else make(cls)


def _initialised_late(cls: Any) -> Any:
    """``cls`` with an ``__init__`` that is made when it is first called: that of a subclass which adds no fields."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        full = type(cls)(cls.__name__, (cls,), {"__doc__": cls.__doc__})
        cls.__init__ = dataclasses.dataclass(full, repr=False, eq=False, match_args=False).__init__
        cls.__init__(self, *args, **kwargs)

    cls.__init__ = __init__
    return cls


def _comparing(cls: Any, frozen: bool) -> Any:
    """``cls`` with instances that are equal where their fields are; ``frozen``: and that have a hash."""
    contents = operator.attrgetter(*(f.name for f in dataclasses.fields(cls) if f.compare))

    def __eq__(self: Any, other: Any) -> Any:
        return contents(self) == contents(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(contents(self))

    if "__eq__" not in vars(cls):
        cls.__eq__ = __eq__
    cls.__hash__ = __hash__ if frozen else None
    return cls


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"
