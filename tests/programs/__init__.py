"""About two hundred small programs, one feature of the language or of NumPy each, and pairs of them."""

from programs import (
    array_views,
    arrays,
    branches,
    calls,
    containers,
    contexts,
    draws,
    elements,
    exceptions,
    found,
    generators,
    indexing,
    iterators,
    keyed,
    library,
    lists,
    loops,
    matching,
    mutation,
    names,
    notes,
    objects,
    optional,
    ordering,
    refusals,
    strings,
    updates,
    views,
)
from programs.registry import TABLE, Program

__all__ = ["TABLE", "Program", "array_views", "arrays", "branches", "calls", "containers", "contexts", "draws", "elements",
           "exceptions", "found", "generators", "indexing", "iterators", "keyed", "library", "lists", "loops", "matching",
           "mutation", "names", "notes", "objects", "optional", "ordering", "refusals", "strings", "updates", "views"]
