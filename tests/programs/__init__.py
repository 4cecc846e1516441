"""About two hundred small programs, one feature of the language or of NumPy each, and pairs of them."""

from programs import (
    array_views,
    arrays,
    branches,
    calls,
    containers,
    contexts,
    exceptions,
    found,
    generators,
    indexing,
    loops,
    matching,
    mutation,
    names,
    notes,
    objects,
    optional,
    refusals,
    updates,
    views,
)
from programs.registry import TABLE, Program

__all__ = ["TABLE", "Program", "array_views", "arrays", "branches", "calls", "containers", "contexts", "exceptions", "found",
           "generators", "indexing", "loops", "matching", "mutation", "names", "notes", "objects", "optional", "refusals",
           "updates", "views"]
