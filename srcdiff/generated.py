"""What the compiler gives: generated text, and the functions that were loaded from it.

Apart from the compiler, so that text that was found on disk can be used without importing it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import Loc
from .ir.dims import Facts
from .records import dataclass

if TYPE_CHECKING:
    from .ir.core import Module

__all__ = ["Compiled", "GeneratedSource"]


@dataclass(frozen=True)
class GeneratedSource:
    """``line_map``: generated line -> place in the user's source. ``entries``: names of the functions that are
    called from outside, the main one first. ``objects``: what the text's free names mean."""

    text: str
    line_map: Mapping[int, Loc] = field(repr=False, default_factory=dict)
    entries: tuple[str, ...] = ()
    objects: dict[str, Any] = field(repr=False, default_factory=dict)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class Compiled:
    """A compiled derivative.

    ``facts``: what it takes for granted. ``backward`` is set in split form; then ``stashed`` holds the positions of the
    arguments whose memory the stash may refer to, and ``value_shared`` tells whether it may refer to memory of the value.
    ``module`` (the IR) and ``stash`` (a report on what is kept for the backward half) are there if it was compiled just now,
    not if it was found on disk.
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any] | None
    source: GeneratedSource
    facts: Facts
    module: Module | None = None
    stash: tuple[Any, ...] = ()
    stashed: frozenset[int] = frozenset()
    value_shared: bool = False

    @functools.cached_property
    def _arrays(self) -> tuple[str, ...]:
        """Names of arrays that the text finds outside of the function."""
        return tuple(name for name, value in self.source.objects.items()
                     if isinstance(value, np.ndarray) and re.search(rf"\b{name}\b", self.source.text))

    def apart(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        """Both halves, reading copies of the arrays that they find outside of the function."""
        assert self.backward is not None
        if not self._arrays:
            return self.forward, self.backward
        shared = self.forward.__globals__
        own = shared | {name: shared[name].copy(order="K") for name in self._arrays}
        for name, value in shared.items():
            if isinstance(value, FunctionType) and value.__globals__ is shared:
                own[name] = FunctionType(value.__code__, own, name, value.__defaults__)
        return own[self.forward.__name__], own[self.backward.__name__]
