"""Which classes are the user's: their instances are followed, attribute by attribute."""

from __future__ import annotations

import abc
import collections
import sys
from types import SimpleNamespace
from typing import Generic, Protocol

__all__ = ["HEAP", "is_user_class"]

# Classes of these are not followed: their methods are not written for it.
LIBRARIES = sys.stdlib_module_names - {"__main__", "builtins"} | {"numpy", "scipy", "srcdiff"}

EMPTY = frozenset({object, abc.ABC, Generic, Protocol})  # bases that do nothing to instances
# Of the standard library, written in Python and no more than one would write oneself.
FOLLOWED = frozenset({collections.ChainMap, collections.UserDict, collections.UserList})
HEAP = 1 << 9  # the flag of classes that a class statement made (Py_TPFLAGS_HEAPTYPE)


def is_user_class(cls: object) -> bool:
    """Whether instances of ``cls`` are followed: a class written in Python, built the usual way."""
    if not isinstance(cls, type):
        return False
    if cls is SimpleNamespace or cls in FOLLOWED:
        return True
    if not cls.__flags__ & HEAP:  # np.ufunc
        return False
    if str(cls.__module__).partition(".")[0] in LIBRARIES or issubclass(cls, BaseException):
        return False
    if type(cls) is not type and not issubclass(type(cls), abc.ABCMeta):
        return False
    if issubclass(cls, tuple):
        return hasattr(cls, "_fields")
    return all(base in EMPTY or base in (list, dict) or is_user_class(base) for base in cls.__bases__)
