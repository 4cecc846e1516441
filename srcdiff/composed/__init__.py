"""Library functions that are written out in other library functions: they need no rule.

Each has the parameters of the original and bitwise its value. It is lowered in line like a helper of the user's, so views
stay views, writes are writes, both modes and higher orders follow, and its statements belong to the line that calls it::

    @composed("np.dstack")
    def dstack(tup):
        return np.concatenate([np.atleast_3d(m) for m in tup], axis=2)
"""

import importlib
import pkgutil

from .table import COMPOSED, composed

__all__ = ["COMPOSED", "composed"]

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
    importlib.import_module(f"{__name__}.{_module.name}")
