"""Small programs, one feature of the language or of NumPy each, and pairs of them. Each module here registers its own."""

import importlib
import pkgutil

from programs.registry import TABLE, Program

__all__ = ["TABLE", "Program"]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"programs.{_module.name}")
