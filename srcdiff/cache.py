"""The cache in memory: bounded, and safe under threads.

``Bounded`` maps keys to values and forgets the one unused for longest. ``Specialisations`` holds what one derivative was
compiled to: for each key of types a few specialisations, each with its guard.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from .records import dataclass

__all__ = ["Bounded", "Specialisation", "Specialisations"]

V = TypeVar("V")

IMPORTED = time.time()  # about when srcdiff was imported: what has changed on disk since is not what runs
PER_KEY = 8  # specialisations that differ in recorded facts only
KEYS = 128
RECENT = 8


class Bounded(Generic[V]):
    """A mapping of at most ``size`` entries.

    >>> cache = Bounded(2)
    >>> [cache.get_or_make(k, lambda: k) for k in "aba"], cache.get_or_make("c", lambda: "C"), "b" in cache
    (['a', 'b', 'a'], 'C', False)
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.RLock()
        self._entries: OrderedDict[Hashable, V] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, made now if it is not there. Two threads never make the same one."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
            value = make()
            self._entries[key] = value
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
            return value

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


@dataclass(frozen=True, eq=False)
class Specialisation:
    """Compiled code and the guard that says for which arguments it is right."""

    guard: Callable[..., bool]
    facts: Callable[..., bool]  # the guard without its tests of types, for arguments whose key is known to fit
    run: Callable[..., Any]
    compiled: Any


class Specialisations:
    """All specialisations of one derivative; ``recent`` is an immutable tuple that the fast path may read without the lock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._table: Bounded[list[Specialisation]] = Bounded(KEYS)
        self.recent: tuple[Specialisation, ...] = ()

    def find(self, values: tuple[Any, ...]) -> Specialisation | None:
        """A recent specialisation that fits."""
        for s in self.recent:
            if s.guard(*values):
                return s
        return None

    def find_or_make(self, key: Hashable, values: tuple[Any, ...], make: Callable[[], Specialisation]) -> Specialisation:
        with self._lock:
            entries = self._table.get_or_make(key, list)
            found = next((s for s in entries if s.facts(*values)), None)
            if found is None:
                found = make()
                entries.append(found)
                del entries[:-PER_KEY]
            self.recent = (found, *(s for s in self.recent if s is not found))[:RECENT]
            return found

    def clear(self) -> None:
        with self._lock:
            self._table.clear()
            self.recent = ()
