"""``smul(g, p)`` and ``sdiv(g, p)`` become plain products where g holds no structural zeros or p is finite: guards are slow.

Before::                                  After::

    y_bar = smul(out_bar, p)                  y_bar = np.multiply(out_bar, p)

A structural zero is one that the program put there: a zero literal, a mask, a branch of ``where``, memory that was cleared
and is only partly written. A dataflow analysis finds the variables that may hold some, to a fixed point over loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..analysis.effects import ops_of
from ..ir.core import (
    Arg,
    Atom,
    Block,
    Const,
    Diagonal,
    Function,
    If,
    Index,
    Loop,
    Module,
    Op,
    Path,
    Stmt,
    Var,
    arg_vars,
    atoms_of,
)
from ..ir.dims import Facts, agree
from ..ir.ops import OPS
from ..ir.types import Array, Scalar
from ..transform.reverse_views import covers
from .finite import Finite

__all__ = ["NONE", "PARTLY", "SOME", "run", "zeros_in"]

SUMS = 4

NONE, PARTLY, SOME = 0, 1, 2  # PARTLY: zeros, but none of the rows (axis 0) is all zero

PLAIN = {"smul": "np.multiply", "sdiv": "np.divide"}
PLAIN_TANGENTS = frozenset({"smul"})  # in a function that selects some of what it computes
CLEARED = frozenset({"np.zeros", "np.zeros_like", "zeros_list", "np.empty", "np.empty_like", "np.eye", "np.identity", "np.tri"})
TRIANGLES = frozenset({"np.triu", "np.tril"})
PADDED = TRIANGLES | {"np.diag", "np.diagflat", "np.pad"}
FACTORS = frozenset({"np.multiply", "smul", "np.outer", "np.kron"})
QUOTIENTS = frozenset({"np.divide", "sdiv", "np.remainder", "np.power"})
FIRST_FACTOR = frozenset({"np.negative", "np.power", "np.divide", "sdiv", "np.square", "np.broadcast_to", "as_scalar", "cast"})
KEEP_ZERO = frozenset("np." + n for n in [
    "negative", "positive", "absolute", "fabs", "sqrt", "cbrt", "square", "sin", "tan", "tanh", "arcsin", "arctan", "sinh",
    "arcsinh", "arctanh", "sign", "expm1", "log1p", "maximum", "minimum", "fmax", "fmin", "real", "imag", "conjugate", "prod",
    "max", "min",
])


def run(module: Module, *, last: bool = True, sparse: frozenset[Var] = frozenset()) -> Module:
    """Make plain what can be, in every function.

    ``last``: the result is not differentiated again; until then a finite factor is guarded too, since its derivative
    may be infinite. ``sparse``: parameters of the main function that hold structural zeros.
    """
    if not any(_guarded(fn.body) for fn in (module.main, *module.functions.values())):
        return module
    finite = Finite(module) if last else None
    functions = {name: _function(f, module.facts, finite, f.params) for name, f in module.functions.items()}
    return replace(module, main=_function(module.main, module.facts, finite, sparse), functions=functions)


def _function(fn: Function, facts: Facts, finite: Finite | None, sparse: Iterable[Var]) -> Function:
    if not _guarded(fn.body):
        return fn
    makers = {out: op for op in ops_of(fn.body) for out in op.outs}
    loud = PLAIN_TANGENTS if _selects(fn.body) else frozenset(PLAIN)
    level = zeros_in(fn, facts, sparse)
    return replace(fn, body=_Rewriter(level, loud, makers, finite, _singular(makers, level)).block(fn.body))


def _singular(makers: dict[Var, Op], level: dict[Var, int]) -> frozenset[Atom]:
    """Divisors of what may hold structural zeros: they may be zero there, also where something else is divided by them."""
    quotients = (op.args for op in makers.values() if op.name == "sdiv")
    return frozenset(divisor for g, divisor in quotients if _level(g, level) != NONE)


def _guarded(block: Block) -> bool:
    return any(s.name in PLAIN if isinstance(s, Op) else any(map(_guarded, _blocks(s))) for s in block.stmts)


def _selects(block: Block) -> bool:
    """Whether some results are computed and then not used: their tangents may divide by zero where the values do not."""
    return any(_selects_here(s) if isinstance(s, Op) else any(map(_selects, _blocks(s))) for s in block.stmts)


def _selects_here(op: Op) -> bool:
    """``np.where``, a triangle, a diagonal, or a boolean mask."""
    if op.name == "np.where" or op.name in TRIANGLES:
        return True
    steps = [step for arg in op.args if isinstance(arg, Path) for step in arg.steps]
    masks = [i for step in steps if isinstance(step, Index) for i in step.items if isinstance(i, Var)]
    return any(isinstance(step, Diagonal) for step in steps) or any(getattr(i.type, "dtype", "") == "bool" for i in masks)


def _blocks(stmt: Stmt) -> tuple[Block, ...]:
    return (stmt.then, stmt.orelse) if isinstance(stmt, If) else (stmt.body,) if isinstance(stmt, Loop) else ()


class _Rewriter:
    """``level``: the structural zeros of each variable. ``loud``: the operations that may be made plain among tangents, where a
    plain one may warn. ``makers``: the operation that makes each variable. ``finite``: which factors are; None if none shall
    be taken to be. ``singular``: divisors that may be zero."""

    def __init__(self, level: dict[Var, int], loud: frozenset[str], makers: dict[Var, Op], finite: Finite | None,
                 singular: frozenset[Atom]) -> None:
        self.level, self.loud, self.makers, self.finite, self.singular = level, loud, makers, finite, singular

    def block(self, block: Block) -> Block:
        return Block(tuple(map(self.stmt, block.stmts)), block.results)

    def stmt(self, stmt: Stmt) -> Stmt:
        if isinstance(stmt, Op):
            return replace(stmt, name=PLAIN[stmt.name]) if stmt.name in PLAIN and self.may_be_plain(stmt) else stmt
        if isinstance(stmt, If):
            return replace(stmt, then=self.block(stmt.then), orelse=self.block(stmt.orelse))
        return replace(stmt, body=self.block(stmt.body))

    def may_be_plain(self, op: Op) -> bool:
        g, p = op.args
        if self.finite is not None and self.finite.is_finite(p) and (op.name == "smul" or self.finite.is_nonzero(p)):
            return True
        if _level(g, self.level) != NONE or (op.role == "tangent" and op.name not in self.loud):
            return False
        if op.name == "smul":
            return True
        hidden = all(isinstance(a, Var) and a in self.makers and self.makers[a].name == "pop" for a in op.args)
        return not (hidden or p in self.singular or self.factors(g) & self.factors(p))

    def factors(self, x: Atom, sums: int = SUMS) -> set[Var]:
        """Variables that make ``x`` zero where they are: the adjoint of ``y ** 2`` is ``2 * y``; ``sqrt`` divides by that.

        ``sums``: of how many sums in a row the factors that both sides have are looked for.
        """
        found: set[Var] = set()
        work = [x]
        while work:
            v = work.pop()
            if isinstance(v, Var) and v not in found:
                found.add(v)
                op = self.makers.get(v)
                if op is not None and op.name in ("np.multiply", "smul"):
                    work.extend(op.args)
                elif op is not None and op.name in FIRST_FACTOR:
                    work.append(op.args[0])
                elif op is not None and op.name in ("np.add", "np.subtract") and sums:
                    found |= self.factors(op.args[0], sums - 1) & self.factors(op.args[1], sums - 1)
        return found


# -- the analysis ------------------------------------------------------------------------------------------------------


def zeros_in(fn: Function, facts: Facts, sparse: Iterable[Var]) -> dict[Var, int]:
    """How many structural zeros each variable may hold; one that is missing holds none.

    ``sparse``: parameters that may hold some. The callers of a kept function may pass anything.
    """
    flow = _Flow(facts)
    flow.block(fn.body)
    for p in sparse:
        flow.raise_to(p, SOME)
    return flow.solve()


class _Flow:
    """Each variable's level is a monotone function of others: computed anew whenever one of those rises."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.level: dict[Var, int] = {}
        self.rules: dict[Var, Callable[[], int]] = {}
        self.readers: dict[Var, list[Var]] = {}
        self.counts: set[Var] = set()  # results of np.arange

    def raise_to(self, var: Var, level: int) -> None:
        self.level[var] = level

    def solve(self) -> dict[Var, int]:
        work = list(self.rules)
        while work:
            var = work.pop()
            new = self.rules[var]()
            if new > self.level.get(var, NONE):
                self.level[var] = new
                work += self.readers.get(var, ())
        return self.level

    def _define(self, var: Var, reads: Arg, rule: Callable[[], int]) -> None:
        self.rules[var] = rule
        for source in arg_vars(reads):
            self.readers.setdefault(source, []).append(var)

    def of(self, atom: Arg) -> int:
        return _level(atom, self.level)

    def most(self, arg: Arg) -> int:
        return max((self.of(a) for a in atoms_of(arg)), default=NONE)

    def block(self, block: Block) -> None:
        for stmt in block.stmts:
            if isinstance(stmt, Op):
                self._op(stmt)
            elif isinstance(stmt, If):
                self._join(stmt.outs, stmt.then.results, stmt.orelse.results)
            else:
                self._join(stmt.params, stmt.inits, stmt.carried)
                self._join(stmt.outs, stmt.inits, stmt.carried)
            for inner in _blocks(stmt):
                self.block(inner)

    def _join(self, vars: tuple[Var, ...], *sources: tuple[Atom, ...]) -> None:
        for var, *atoms in zip(vars, *sources, strict=True):
            pair = tuple(atoms)
            self._define(var, pair, lambda pair=pair: self.most(pair))  # type: ignore[misc]

    def _op(self, op: Op) -> None:
        if op.name == "np.arange":
            self.counts.update(op.outs)
        rule = _transfer(op)
        if rule is not None:
            for out in op.outs:
                self._define(out, op.args, lambda: rule(self, op.args))


_Transfer = Callable[[_Flow, tuple[Arg, ...]], int]


def _level(atom: Atom, level: dict[Var, int]) -> int:
    if isinstance(atom, Const):
        return SOME if isinstance(atom.value, (int, float)) and atom.value == 0 else NONE
    if isinstance(atom.type, (Array, Scalar)) and atom.type.dtype == "bool":
        return SOME
    return level.get(atom, NONE)


def _transfer(op: Op) -> _Transfer | None:
    """How the level of an operation's result follows from its operands'; None: it holds no structural zeros."""
    name = op.name
    if name in CLEARED or name in PADDED or name == "call":
        return lambda f, a: SOME
    if name in _TRANSFERS:
        return _TRANSFERS[name]
    if name in FACTORS:
        return lambda f, a: max(f.of(a[0]), f.of(a[1]))
    if name in QUOTIENTS or name in KEEP_ZERO:
        return lambda f, a: f.of(a[0])
    rule = OPS[name].rule
    if rule is not None and rule.kind == "linear":
        return lambda f, a: max((f.most(x) for k, x in enumerate(a) if OPS[name].params[k] in rule.vjp), default=NONE)
    return None


def _both(f: _Flow, a: tuple[Arg, ...]) -> int:
    return min(f.of(a[0]), f.of(a[1]))


def _setview(f: _Flow, a: tuple[Arg, ...]) -> int:
    storage, value, path = a
    if covers(path):
        return _in_place(f.of(value), path)
    if f.of(value) == NONE and f.of(storage) and _touches_rows(f, storage, path):
        return PARTLY
    return max(f.of(storage), f.of(value))


def _addview(f: _Flow, a: tuple[Arg, ...]) -> int:
    storage, value, path = a
    if covers(path):
        return min(f.of(storage), _in_place(f.of(value), path))
    below = f.of(storage)
    return PARTLY if below and f.of(value) == NONE and _touches_rows(f, storage, path) else below


def _in_place(level: int, path: Path) -> int:
    """The level of what is written through a path to all elements: rows stay rows if the shape stays."""
    return SOME if level == PARTLY and not all(isinstance(s, Index) and None not in s.items for s in path.steps) else level


def _touches_rows(f: _Flow, storage: Var, path: Arg) -> bool:
    """Whether the write is through ``[np.arange(n), ...]``: one element in each row."""
    step = path.steps[0] if len(path.steps) == 1 else None
    first = step.items[0] if isinstance(step, Index) and step.items else None
    if not (isinstance(first, Var) and isinstance(first.type, Array) and isinstance(storage.type, Array)):
        return False
    return first in f.counts and agree(first.type.shape[0], storage.type.shape[0], f.facts)


def _sum(f: _Flow, a: tuple[Arg, ...]) -> int:
    """A sum within rows of which none is all zero has no zeros."""
    level = f.of(a[0])
    if level != PARTLY:
        return level
    axis = a[1].value if isinstance(a[1], Const) else 0
    axes = axis if isinstance(axis, tuple) else (axis,)
    rank = len(a[0].type.shape)
    return SOME if any(x is not None and x % rank == 0 for x in axes) and None not in axes else NONE


_TRANSFERS: dict[str, _Transfer] = {
    "np.add": _both, "np.subtract": _both, "addlist": _both, "setview": _setview, "addview": _addview, "subview": _addview,
    "np.sum": _sum, "np.mean": _sum,
    "view": lambda f, a: SOME if f.of(a[0]) else NONE,
    "np.where": lambda f, a: max(f.of(a[1]), f.of(a[2])),
    "append": lambda f, a: max(f.of(a[0]), f.of(a[1])), "append_in": lambda f, a: max(f.of(a[0]), f.of(a[2])),
    "setitem": lambda f, a: max(f.of(a[0]), f.of(a[2])),
    "additem": lambda f, a: f.of(a[0]), "list": lambda f, a: f.most(a[0]), "tuple": lambda f, a: f.most(a[0]),
    **dict.fromkeys(("pop", "pop_in", "getitem", "untuple", "copylist", "cast", "as_scalar", "unbroadcast"),
                    lambda f, a: f.of(a[0])),
}
