"""Lists that a loop fills with the same values are one list.

Before::                                          After::

    for i in range(n):                                for i in range(n):
        stash.append(t)                                   stash.append(t)
        stash_1.append(t)                             s1 = stash.pop()
    s1 = stash.pop()                                  s2 = stash.pop()        of the list as it was before
    s2 = stash_1.pop()

A second derivative reads again what the first one has stashed. Lists are values here: each ``pop`` gives a shorter one, and
where both are needed the last pass copies the list (not what is in it).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from ..analysis.effects import ops_of
from ..ir.core import Atom, Function, Loop, Op, Var, arg_vars
from ..ir.types import List

__all__ = ["Filled"]

Text = tuple[Hashable, ...]


class Filled:
    """What is appended to the lists that loops carry; ``loops`` holds those seen so far, by their results.

    A list that anything else than ``pop`` sees stays: whoever is handed two lists may change one of them.
    """

    def __init__(self, fn: Function) -> None:
        self.loops: dict[Var, tuple[Loop, int]] = {}
        self.leaving = set(arg_vars(fn.body.results))
        for op in ops_of(fn.body):
            if op.name not in ("append", "pop", "zeros_list"):
                self.leaving.update(v for v in arg_vars(op.args) if isinstance(v.type, List))

    def same(self, loop: Loop, defs: Mapping[Var, Op]) -> Iterator[tuple[Var, Var]]:
        """Results of ``loop`` that are other results too: (result, the other one)."""
        first: dict[Text, Var] = {}
        for k, (param, out) in enumerate(zip(loop.params, loop.outs, strict=True)):
            if isinstance(param.type, List) and out not in self.leaving:
                self.loops[out] = loop, k
                text = self.appended(loop, k, defs) if _is_empty_list(loop.inits[k], defs) else None
                if text is not None and (known := first.setdefault((*text, str(param.type)), out)) is not out:
                    yield out, known

    def appended(self, loop: Loop, k: int, defs: Mapping[Var, Op]) -> Text | None:
        """What one trip appends to the k-th variable, last first; None if it does anything else with it."""
        found: list[Hashable] = []
        atom: Atom = loop.carried[k]
        while atom is not loop.params[k]:
            if not isinstance(atom, Var):
                return None
            op = defs.get(atom)
            if op is not None and op.name == "append" and isinstance(op.args[1], Var):
                found.append(op.args[1])
                atom = op.args[0]
            elif atom in self.loops:
                inner, place = self.loops[atom]
                text = self.appended(inner, place, defs)
                if text is None:
                    return None
                found.append((id(inner), text))
                atom = inner.inits[place]
            else:
                return None
        return tuple(found)


def _is_empty_list(a: Atom, defs: Mapping[Var, Op]) -> bool:
    made = defs.get(a) if isinstance(a, Var) else None
    return made is not None and made.name == "list" and not made.args[0]
