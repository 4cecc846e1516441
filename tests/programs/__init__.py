"""About two hundred small programs, one feature of the language or of NumPy each, and pairs of them."""

from programs import (
    arrays,
    branches,
    calls,
    containers,
    found,
    indexing,
    loops,
    mutation,
    names,
    refusals,
    views,
)
from programs.registry import TABLE, Program

__all__ = ["TABLE", "Program", "arrays", "branches", "calls", "containers", "found", "indexing", "loops", "mutation", "names",
           "refusals",
           "views"]
