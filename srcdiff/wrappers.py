"""Callables that stand for a Python function without being one."""

from __future__ import annotations

import functools
from types import FunctionType
from typing import Any

__all__ = ["python_function"]


def python_function(value: Any) -> FunctionType | None:
    """The Python function whose results a callable gives: what ``numba.njit`` compiled, what ``functools.cache`` remembers.

    None for functions themselves, and for any other callable; an object whose class has a ``__call__`` in Python does what
    that says.
    """
    cls = type(value)
    if cls is FunctionType:
        return None
    if isinstance(value, functools._lru_cache_wrapper):
        return _followed(value.__wrapped__)
    if isinstance(value, type) or (isinstance(getattr(cls, "__call__", None), FunctionType) and not _is_numba(cls)):  # noqa: B004
        return None
    own = getattr(value, "__dict__", None)
    return _followed(own["py_func"]) if isinstance(own, dict) and "py_func" in own else None


def _followed(value: Any) -> FunctionType | None:
    return value if isinstance(value, FunctionType) else python_function(value)


def _is_numba(cls: type) -> bool:
    return any(c.__module__.partition(".")[0] == "numba" for c in cls.__mro__)
