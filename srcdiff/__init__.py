"""srcdiff: gradients of ordinary NumPy code, as ordinary NumPy code.

>>> import srcdiff
>>> srcdiff.grad(lambda x: x * x)(3.0)
6.0
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .errors import DerivativeTypeError, InternalError, NoRuleError, SignatureError, SrcdiffError, UnsupportedError

if TYPE_CHECKING:
    from .api import Derivative, grad, hvp, jvp, source, stop_gradient, value_and_grad, vjp

__all__ = ["Derivative", "DerivativeTypeError", "InternalError", "NoRuleError", "SignatureError", "SrcdiffError",
           "UnsupportedError", "grad", "hvp", "jvp", "source", "stop_gradient", "value_and_grad", "vjp"]
__version__ = "0.1.0"

# Imported when they are first asked for, so that importing srcdiff costs next to nothing.
_API = frozenset({"Derivative", "grad", "hvp", "jvp", "source", "stop_gradient", "value_and_grad", "vjp"})
_MODULES = frozenset({"rules", "testing"})


def __getattr__(name: str) -> Any:
    if name in _API:
        found = getattr(importlib.import_module(".api", __name__), name)
        globals()[name] = found
        return found
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'srcdiff' has no attribute {name!r}")
