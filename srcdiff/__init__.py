"""srcdiff: gradients of ordinary NumPy code, as ordinary NumPy code.

>>> import srcdiff
>>> srcdiff.grad(lambda x: x * x)(3.0)
6.0
"""

from __future__ import annotations

import importlib
from typing import Any

from .api import Derivative, grad, hvp, jvp, source, stop_gradient, value_and_grad, vjp
from .errors import DerivativeTypeError, InternalError, NoRuleError, SignatureError, SrcdiffError, UnsupportedError

__all__ = ["Derivative", "DerivativeTypeError", "InternalError", "NoRuleError", "SignatureError", "SrcdiffError",
           "UnsupportedError", "grad", "hvp", "jvp", "source", "stop_gradient", "value_and_grad", "vjp"]
__version__ = "0.1.0"

_LAZY = ("rules", "testing")  # imported when they are first asked for


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'srcdiff' has no attribute {name!r}")
