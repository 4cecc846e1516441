"""Calls in all the forms that NumPy and SciPy allow: options, sequences, views, writes. The table behind ``test_forms.py``."""

import importlib
import pkgutil

from .declare import FORMS, Form

__all__ = ["FORMS", "Form"]

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
    importlib.import_module(f"{__name__}.{_module.name}")
