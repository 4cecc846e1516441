"""What planning the stash must know of the forward half: where each value is made, from what, and what it weighs.

A *region* is a block of the forward half. Values of the outermost region are still there in the backward half; those of
an inner one must be brought into the mirror of their region.
"""

from __future__ import annotations

from dataclasses import field

from ..analysis.storage import Storages, Write, storages
from ..ir.build import const
from ..ir.core import (
    Atom,
    Block,
    Const,
    Function,
    If,
    Index,
    Loop,
    Module,
    Op,
    Path,
    Reshape,
    Slice,
    Stmt,
    Var,
    arg_vars,
    blocks_of,
)
from ..ir.dims import Facts, is_static
from ..ir.ops import OPS
from ..ir.structural import element_type, path_type
from ..ir.types import INT, Array, List, Scalar, Tuple, Type
from ..records import dataclass
from .mirrors import halves_of
from .split import written_of

__all__ = ["Primal", "Region", "element_of", "is_cheap", "is_whole", "size_of", "survey"]

TRIPS = 100  # a loop counts as this many trips
LENGTH = 1000  # an axis counts as this many elements

ARITHMETIC = frozenset({
    "np.add", "np.subtract", "np.multiply", "np.negative", "np.positive", "np.less", "np.less_equal", "np.greater",
    "np.greater_equal", "np.equal", "np.not_equal", "np.logical_not", "np.logical_and", "np.logical_or", "not", "is",
})
SCALAR = frozenset({
    "np.divide", "np.power", "np.floor_divide", "np.remainder", "np.absolute", "np.square", "as_scalar", "cast", "float",
    "int", "bool",
})


@dataclass(frozen=True, eq=False)
class Region:
    """``level``: nesting of blocks; ``loops``: nesting of loops."""

    block: Block
    owner: Stmt | None = None
    parent: Region | None = None
    level: int = 0
    loops: int = 0


@dataclass(frozen=True, eq=False)
class Counter:
    """A loop parameter that is ``init + step * k`` in trip ``k``."""

    loop: Loop
    init: Atom
    step: int


@dataclass
class Primal:
    """The forward half, indexed."""

    function: Function
    storages: Storages
    facts: Facts
    flags: dict[Var, Const]  # loop parameters that are this at the start of every trip
    region: dict[Var, Region] = field(default_factory=dict)
    regions: dict[Block, Region] = field(default_factory=dict)
    maker: dict[Var, Stmt] = field(default_factory=dict)  # not for parameters, indices and carried values
    trip_of: dict[Var, tuple[Loop, int]] = field(default_factory=dict)  # results of trips
    arm_of: dict[Var, tuple[If, int]] = field(default_factory=dict)  # results of arms
    stores: dict[Var, list[Write]] = field(default_factory=dict)  # values and the writes that stored them
    indices: set[Var] = field(default_factory=set)  # of mirrored loops: their mirrors have them too
    counters: dict[Var, Counter] = field(default_factory=dict)
    order: dict[Var, int] = field(default_factory=dict)
    extras: dict[Var, tuple[Op, Stmt, bool]] = field(default_factory=dict)  # reads to add: op, beside which statement, before?
    _reads: dict[object, Var] = field(default_factory=dict)
    _saved: dict[Write, Var] = field(default_factory=dict)
    _dims: dict[tuple[Var, int], Var] = field(default_factory=dict)
    _invariant: dict[Var, Region | None] = field(default_factory=dict)

    def is_outer(self, var: Var) -> bool:
        """Whether ``var`` is in scope everywhere in the backward half."""
        return self.region[var].level == 0

    def maker_op(self, var: Var) -> Op | None:
        made = self.maker.get(var)
        return made if isinstance(made, Op) else None

    def weight(self, var: Var, region: Region | None = None) -> float:
        """What saving ``var`` each time that ``region`` (its own, if None) runs costs."""
        return size_of(var.type) * TRIPS ** (region or self.region[var]).loops

    def saved(self, write: Write) -> Var:
        """The overwritten part of a storage, read before the write: a read that is there already, or a new one."""
        if write not in self._saved:
            self._saved[write] = self._find_saved(write)
        return self._saved[write]

    def _find_saved(self, write: Write) -> Var:
        op, region = write.op, self.region[write.after]
        if op.name in ("setitem", "additem"):
            out = Var(element_type(write.after.type, op.args[1]), "saved")
            return self.add_extra(Op("getitem", (write.before, op.args[1]), (out,), op.loc), op, True)
        path = op.args[2]
        if is_whole(path):
            return write.before
        found = self._reads.get((write.before, path_key(path)))
        before = found is not None and self.order[found] < self.order[write.after]
        if found is not None and before and self._encloses(self.region[found], region):
            return found
        assert isinstance(write.before.type, Array)
        out = Var(path_type(write.before.type, path, self.facts), "saved")
        return self.add_extra(Op("view", (write.before, path), (out,), op.loc), op, True)

    def dim(self, var: Var, axis: int) -> Var | None:
        """A dimension of ``var`` as a value of the forward half; None for what no statement makes."""
        if (var, axis) not in self._dims:
            made = self.maker.get(var)
            if made is None or var in self.storages.undef:
                return None
            op = Op("dim", (var, const(axis)), (Var(INT, "n"),), made.loc)
            self._dims[var, axis] = self.add_extra(op, made, False)
        return self._dims[var, axis]

    def add_extra(self, op: Op, beside: Stmt, before: bool) -> Var:
        """A statement to be added to the forward half if its result is asked for."""
        out = op.outs[0]
        anchor = beside.outs[0]
        self.extras[out] = (op, beside, before)
        self.region[out] = self.region[anchor]
        self.order[out] = self.order[anchor]
        self.maker[out] = op
        return out

    def is_at_hand(self, var: Var) -> bool:
        """Whether the mirror of a value's region has it without more ado."""
        if var in self.counters:
            init = self.counters[var].init
            return isinstance(init, Const) or self.is_outer(init)
        return self.is_outer(var) or var in self.indices or var in self.flags or self.invariant_in(var) is not None

    def invariant_in(self, var: Var) -> Region | None:
        """A region around the loops in whose every trip ``var`` is the same, if it can be computed there once; else None."""
        if var not in self._invariant:
            self._invariant[var] = None
            self._invariant[var] = self._find_invariant(var)
        return self._invariant[var]

    def _find_invariant(self, var: Var) -> Region | None:
        op, own = self.maker_op(var), self.region[var]
        if op is None or not own.loops or not _can_be_done_once(op):
            return None
        around: Region | None = None
        for v in (v for k, a in enumerate(op.args) if k not in OPS[op.name].shape_only for v in arg_vars(a)):
            if self.storages.is_overwritten(v) or v in self.storages.undef:
                return None
            found = self.invariant_in(v) or self.region[v]
            around = found if around is None or found.level > around.level else around
        region: Region | None = own
        while region is not None and region is not around:  # only loops in between: what is in a branch may be wrong elsewhere
            if not isinstance(region.owner, Loop) or region.block is not region.owner.body:
                return None
            region = region.parent
        return None if region is own else region

    def comes_after(self, region: Region, var: Var) -> bool:
        """Whether ``region`` is the block of ``var``, or in a statement of that block which follows the maker of ``var``."""
        home, inner = self.region[var], region
        while inner is not home and inner.parent is not None and inner.parent is not home:
            inner = inner.parent
        outs = () if inner.owner is None else inner.owner.outs
        return inner is home or (inner.parent is home and any(self.order[out] > self.order[var] for out in outs))

    def _encloses(self, outer: Region, inner: Region | None) -> bool:
        while inner is not None and inner is not outer:
            inner = inner.parent
        return inner is outer

    # -- filling -------------------------------------------------------------------------------------------------------

    def define(self, var: Var, region: Region, maker: Stmt | None = None) -> None:
        self.region[var] = region
        self.order[var] = len(self.order)
        if maker is not None:
            self.maker[var] = maker

    def enter(self, block: Block, region: Region) -> None:
        self.regions[block] = region
        for stmt in block.stmts:
            if isinstance(stmt, If):
                self._enter_if(stmt, region)
            elif isinstance(stmt, Loop):
                self._enter_loop(stmt, region)
            for out in stmt.outs:
                self.define(out, region, stmt)
            if isinstance(stmt, Loop) and stmt.trips is not None:
                self.define(stmt.trips, region, stmt)
            if isinstance(stmt, Op) and stmt.name == "view":
                self._reads.setdefault((stmt.args[0], path_key(stmt.args[1])), stmt.outs[0])

    def _enter_if(self, stmt: If, region: Region) -> None:
        for arm in blocks_of(stmt):
            inner = Region(arm, stmt, region, region.level + 1, region.loops)
            self.enter(arm, inner)
            for k, result in enumerate(arm.results):
                if isinstance(result, Var) and self.region[result] is inner:
                    self.arm_of.setdefault(result, (stmt, k))

    def _find_counters(self, loop: Loop) -> None:
        """Integers that grow by a constant each trip of a ``while``."""
        for param, init, result in zip(loop.params, loop.inits, loop.carried, strict=True):
            op = self.maker_op(result) if isinstance(result, Var) and param.type == INT else None
            if op is None or op.name not in ("np.add", "np.subtract"):
                continue
            if op.args[0] is param and isinstance(op.args[1], Const):
                step = op.args[1].value
                self.counters[param] = Counter(loop, init, step if op.name == "np.add" else -step)

    def _enter_loop(self, loop: Loop, region: Region) -> None:
        for block in blocks_of(loop):
            inner = Region(block, loop, region, region.level + 1, region.loops + 1)
            for var in loop.params if loop.index is None else (*loop.params, loop.index):
                self.define(var, inner)
            self.enter(block, inner)
        if loop.index is not None:
            self.indices.add(loop.index)
        else:
            self._find_counters(loop)
        for k, result in enumerate(loop.carried):
            if isinstance(result, Var) and self.region[result] is self.regions[loop.body] and result not in loop.params:
                self.trip_of.setdefault(result, (loop, k))


def survey(function: Function, module: Module, flags: dict[Var, Const]) -> Primal:
    """Index the forward half of a joint function of ``module``. ``flags``: loop parameters that are constant."""
    forward, _ = halves_of(function)
    primal = Primal(function, storages(function, written_of(module), forward), module.facts, flags)
    outer = Region(Block(forward))
    for param in function.params:
        primal.define(param, outer)
    primal.enter(outer.block, outer)
    for write in primal.storages.writes.values():
        if write.op.name == "setview" and isinstance(write.op.args[1], Var):
            primal.stores.setdefault(write.op.args[1], []).append(write)
    return primal


def size_of(t: Type | None) -> float:
    """How much a value weighs against a scalar: the same for every size at the call, so that text does not depend on it."""
    if isinstance(t, Array):
        size = 1.0
        for d in t.shape:
            size *= d if isinstance(d, int) else LENGTH
        return max(size, 1.0)
    if isinstance(t, List):
        return LENGTH * size_of(t.elem)
    if isinstance(t, Tuple):
        return sum(map(size_of, t.items))
    return 1.0


def is_cheap(op: Op) -> bool:
    """Whether doing ``op`` again costs less than saving its result."""
    spec = OPS.get(op.name)
    if spec is None or spec.effect or len(op.outs) != 1 or op.name == "call":
        return False
    if op.name == "np.power" and not isinstance(op.args[1], Const):
        return False
    return spec.cheap or op.name in ARITHMETIC or (op.name in SCALAR and isinstance(op.outs[0].type, Scalar))


def _can_be_done_once(op: Op) -> bool:
    """Whether ``op`` may be done where the program may not have got to: an operation on arrays that never fails."""
    rule = OPS[op.name].rule if op.name in OPS else None
    if rule is None or rule.kind not in ("elementwise", "linear", "bilinear") or not op.name.startswith("np."):
        return False
    types = [v.type for v in (*arg_vars(op.args), *op.outs)]
    return len(op.outs) == 1 and isinstance(op.outs[0].type, Array) and all(
        isinstance(t, Scalar) or (isinstance(t, Array) and not t.weak and is_static(t.shape)) for t in types)


def element_of(var: Var) -> Type:
    """The type of the elements of a list."""
    assert isinstance(var.type, List)
    assert var.type.elem is not None
    return var.type.elem


def is_whole(path: Path) -> bool:
    """Whether a path selects all of a storage as it is."""
    return all(isinstance(s, Index) and all(i is Ellipsis or i == Slice() for i in s.items) for s in path.steps)


def path_key(arg: object) -> object:
    """Equal for equal paths: constants by value, variables by identity."""
    if isinstance(arg, Const):
        return ("const", type(arg.value).__name__, repr(arg.value))
    if isinstance(arg, Path):
        return tuple(path_key(s) for s in arg.steps)
    if isinstance(arg, Index):
        return ("index", *(path_key(i) for i in arg.items))
    if isinstance(arg, Reshape):
        return ("reshape", *(path_key(i) for i in arg.shape))
    if isinstance(arg, Slice):
        return ("slice", path_key(arg.start), path_key(arg.stop), path_key(arg.step))
    return arg
