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
    from .containers import register_container
    from .custom import checkpoint, custom_jvp, custom_vjp
    from .differences import numeric
    from .flatten import ravel
    from .jacobians import elementwise_grad, hessian, jacfwd, jacobian, jacrev, linearize, per_example_grad

__all__ = ["Derivative", "DerivativeTypeError", "InternalError", "NoRuleError", "SignatureError", "SrcdiffError",
           "UnsupportedError", "checkpoint", "custom_jvp", "custom_vjp", "elementwise_grad", "grad", "hessian", "hvp", "jacfwd",
           "jacobian", "jacrev", "jvp", "linearize", "numeric", "per_example_grad", "ravel", "register_container", "source",
           "stop_gradient",
           "value_and_grad", "vjp"]
__version__ = "0.1.0"

# Imported when they are first asked for, so that importing srcdiff costs next to nothing.
_HOMES = {
    "api": "Derivative grad hvp jvp source stop_gradient value_and_grad vjp",
    "containers": "register_container",
    "custom": "checkpoint custom_jvp custom_vjp",
    "differences": "numeric",
    "flatten": "ravel",
    "jacobians": "elementwise_grad hessian jacfwd jacobian jacrev linearize per_example_grad",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}
_MODULES = frozenset({"autograd", "diskcache", "rules", "testing"})


def __getattr__(name: str) -> Any:
    if name in _HOME:
        found = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = found
        return found
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'srcdiff' has no attribute {name!r}")
