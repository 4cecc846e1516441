"""What nobody changes while a program runs, so that it need not be looked up again at every call."""

from __future__ import annotations

import math
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

__all__ = ["STABLE", "as_it_was", "unchanging"]

STABLE = frozenset({"builtins", "functools", "itertools", "math", "numpy", "operator", "scipy", "srcdiff", "typing"})
_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE


def _copied(module: ModuleType, *parts: str) -> ModuleType:
    made = ModuleType(module.__name__, module.__doc__)
    made.__dict__.update(vars(module))
    made.__dict__.update({name: _copied(getattr(module, name)) for name in parts})
    return made


_COPIES = {"math": _copied(math), "numpy": _copied(np, "linalg", "fft")}


def as_it_was(module: ModuleType) -> ModuleType:
    """What rules and generated code mean by a module, whatever the user puts into it: ``math.sin = math.cos``."""
    return _COPIES.get(module.__name__, module)


def unchanging(container: Any) -> bool:
    """Whether what was read from somewhere need not be read again: it is the inside of a library, or a class of C."""
    if isinstance(container, FunctionType):
        return _is_stable(container.__module__)
    if isinstance(container, type):
        return bool(container.__flags__ & _IMMUTABLE) or _is_stable(container.__module__)
    return isinstance(container, dict) and _is_stable(container.get("__name__", ""))


def _is_stable(module: object) -> bool:
    name = str(module).partition(".")[0]
    return name in STABLE and name != "builtins"  # which is also what classes say that exec made
