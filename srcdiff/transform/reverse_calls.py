"""Adjoints of kept calls: ``x_bar = call helper_bwd(stash, out_bar, x_bar)``.

An array operand's adjoint goes in and comes out updated, so that a loop over calls does not allocate one each time; the
adjoint of a storage that the callee overwrites goes in as the adjoint of its new version and comes out as that of the old
one. For a scalar the callee returns its contribution.

The forward half of a checkpoint runs in the backward half of its caller. The halves of a function with a rule of its own come
from that rule.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ..analysis.activity import Pattern
from ..errors import UnsupportedError
from ..ir.build import Builder
from ..ir.copying import Copier
from ..ir.core import Atom, Block, Function, Halves, Op, Path, Var
from ..ir.dims import Facts
from ..ir.hints import bar_of
from ..ir.types import Array, List, Stash, is_active_type
from ..records import dataclass
from .bars import bar_type
from .fit import add, fit, is_zero, zeros
from .mirrors import halves_of

if TYPE_CHECKING:
    from .reverse import Reverser

__all__ = ["MANY", "KeptCall", "buffered", "joint_of_rule", "overwritten"]

Bars = tuple["Atom | None", ...]


class HasModule(Protocol):
    """What the functions of one module share."""

    @property
    def facts(self) -> Facts: ...


@dataclass(frozen=True)
class KeptCall:
    """The forward half's call: of which function, for which pattern, and the name from which its halves are named."""

    callee: Function
    key: str
    pattern: Pattern


def overwritten(fn: Function, pattern: Pattern) -> dict[int, int]:
    """Active parameters whose storage the callee overwrites -> the place among the active results of its new version."""
    params, results = pattern
    return {p: results.index(r) for p, r in fn.written if p in params and r in results}


def buffered(fn: Function, pattern: Pattern) -> list[int]:
    """Active parameters whose adjoint is handed in, to be added to."""
    moved = overwritten(fn, pattern)
    return [p for p in pattern[0] if isinstance(fn.params[p].type, (Array, List)) and p not in moved]


def _call(r: Reverser, op: Op, bars: Bars) -> None:
    kept = r.kept_calls[op]
    stash = op.outs[-1]
    if kept.callee.rule is not None and kept.callee.rule.kind == "checkpoint":
        stash = Var(Stash(kept.key), "stash")
        again = tuple(Var(o.type, o.hint, o.sym) for o in op.outs)
        r.builder.add(Op("call", op.args, (*again, stash), r.builder.loc, "adjoint", f"{kept.key}_fwd"))
    params, results = kept.pattern
    given = [r.zeros(op.outs[k]) if (bar := bars[k]) is None else bar for k in results]
    buffers = _buffers(r, op, buffered(kept.callee, kept.pattern))
    outs = tuple(Var(bar_type(op.args[p])) for p in params)
    r.builder.add(Op("call", (stash, *given, *buffers.values()), outs, r.builder.loc, "adjoint", f"{kept.key}_bwd"))
    whole = {op.args[p]: p for p in reversed(list(buffers))}  # the first buffer of a variable held its adjoint so far
    for p, out in zip(params, outs, strict=True):
        if whole.get(op.args[p]) == p:
            r.put(op.args[p], out)
    for p, out in zip(params, outs, strict=True):
        if whole.get(op.args[p]) != p:
            r.add(op.args[p], out)


def _buffers(r: Reverser, op: Op, params: list[int]) -> dict[int, Atom]:
    """For each buffered parameter the adjoint that is handed in: where a variable is passed twice, zeros the second time."""
    seen: set[Var] = set()
    found: dict[int, Atom] = {}
    for p in params:
        x = op.args[p]
        found[p] = zeros(r.builder, x) if x in seen else r.base(x)
        seen.add(x)
    return found


# -- rules -------------------------------------------------------------------------------------------------------------


def joint_of_rule(program: HasModule, fn: Function, key: str, pattern: Pattern) -> Function:
    """The joint form of a function with a rule of its own, for some of its parameters and results."""
    assert fn.rule is not None
    rule = fn.rule.reverse
    if rule is None:
        raise UnsupportedError(f"reverse mode through {fn.name}: {fn.rule.reason}", fn.loc, "give it one with defvjp")
    wrt = [k for k, p in enumerate(fn.params) if is_active_type(p.type)]
    outputs = [k for k, r in enumerate(fn.body.results) if is_active_type(r.type)]
    seeds = dict(zip(outputs, rule.params[len(fn.params):], strict=True))
    forward, backward = halves_of(rule)
    results = rule.body.results[:len(fn.body.results)]
    found = dict(zip(wrt, rule.body.results[len(results):], strict=True))
    b = Builder(program.facts, fn.loc, "adjoint")
    bars = {k: Var(seeds[k].type, "out_bar") for k in pattern[1]}
    names: dict[Var, Atom] = {seed: bars[k] if k in bars else zeros(b, results[k]) for k, seed in seeds.items()}
    copier = Copier(names)
    b.stmts.extend(copier.stmts(backward))
    buffers = {p: Var(bar_type(fn.params[p]), bar_of(fn.params[p])) for p in buffered(fn, pattern)}
    ends = []
    for p in pattern[0]:
        end = fit(b, copier.atom(found[p]), fn.params[p].type, fn.params[p])
        ends.append(_grown(b, buffers[p], end) if p in buffers else end)
    params = (*fn.params, *bars.values(), *buffers.values())
    written = tuple((params.index(buffers[p]), len(results) + k) for k, p in enumerate(pattern[0]) if p in buffers)
    body = Block((*forward, Op("split", (), (), fn.loc), *b.stmts), (*results, *ends))
    halves = Halves(len(fn.params), len(results), f"{key}_fwd", f"{key}_bwd")
    return replace(fn, name=f"{key}_joint", params=params, body=body, args=(), written=written, halves=halves, rule=None)


def _grown(b: Builder, buffer: Var, bar: Atom) -> Atom:
    if isinstance(buffer.type, Array):
        return buffer if is_zero(bar) else b.emit("addview", buffer, bar, Path(), hint=buffer.hint)
    return add(b, buffer, bar, buffer.type)


MANY = {"call": _call}
