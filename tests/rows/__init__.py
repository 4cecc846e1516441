"""One row per operation and way of calling it: the table behind ``test_rules.py`` and ``test_rules_compiled.py``."""

import importlib
import pkgutil

from .declare import ROWS, Num, Row, call, draw, in_float32, takes_complex

__all__ = ["Num", "ROWS", "Row", "call", "draw", "in_float32", "takes_complex"]

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
    importlib.import_module(f"{__name__}.{_module.name}")
