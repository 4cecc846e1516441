"""Functions of Python's own library, of NumPy and of SciPy: errors from inside of them, in words for who calls them."""

from __future__ import annotations

import sys
from typing import Any

from ..errors import Loc, NoRuleError, UnsupportedError

__all__ = ["WAYS_OUT", "is_of_library", "of_library_function"]

LIBRARIES = frozenset({"numpy", "scipy"}) | sys.stdlib_module_names
WAYS_OUT = ("three ways out: a rule (srcdiff.rules.elementwise, linear, ...), a derivative of yours (srcdiff.custom_vjp), or "
            "differences (srcdiff.numeric)")


def is_of_library(scope: dict[str, Any]) -> bool:
    """Whether a function with these globals is one of Python's own library, NumPy's or SciPy's."""
    return str(scope.get("__name__", "")).partition(".")[0] in LIBRARIES


def of_library_function(module: str, name: str, error: UnsupportedError, loc: Loc | None) -> UnsupportedError:
    """An error from inside of a library's function, in words for who calls that."""
    place = ".".join(part for part in module.split(".") if part[:1] != "_")
    return NoRuleError(f"{place}.{name} cannot be followed: {error.message}", loc, WAYS_OUT)
