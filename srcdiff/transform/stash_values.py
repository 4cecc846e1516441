"""Values of the forward half, brought into scope in the backward half.

Every block of the backward half has a scope, and the mirror of a region of the forward half knows its region. A value is
looked for in this order: what the scopes already hold (a loop index, a rewound version, a saved value); a variable of the
function level (*keep*); the slots decided on before; doing a cheap operation again (*recompute*); the number of the trip,
for a counter; the result of a trip, carried backwards as state; a new slot (*push*).

A slot is an operation ``v' = slot(v)`` at the head of a mirror. Dead code elimination shows which of them are needed, and
:mod:`srcdiff.transform.stash_thread` makes them lists.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import field, replace

from ..analysis.storage import Write
from ..errors import InternalError
from ..ir.build import Builder, const
from ..ir.core import Arg, Atom, Const, If, Loop, Op, Stmt, Var, arg_vars, map_arg, with_args
from ..ir.ops import OPS
from ..ir.structural import is_fancy
from ..ir.types import INT, Array, Object, Scalar
from ..records import dataclass
from .stash_primal import Primal, Region, is_cheap
from .stash_shapes import Shapes, is_c_contiguous

__all__ = ["DEPTH", "Scope", "State", "Values"]

DEPTH = 4  # at most this many arithmetic operations in a row are done again
VIEWS = frozenset({"view", "dim", "shape", "size", "len", "tuple", "untuple"})


@dataclass
class State:
    """A value that a mirrored loop carries backwards: ``param`` is the primal result of the trip, then its parameter."""

    index: int
    param: Var
    init: Atom
    result: Atom | None = None


@dataclass
class Scope:
    """A block under construction.

    ``region``: the region that it mirrors; ``loop``: the primal loop, if it is a trip; ``trip``: the number of the trip.
    """

    region: Region | None = None
    loop: Loop | None = None
    trip: Var | None = None
    subst: dict[Var, Atom] = field(default_factory=dict)
    slots: dict[Var, Op] = field(default_factory=dict)
    stmts: list[Stmt] = field(default_factory=list)
    states: dict[int, State] = field(default_factory=dict)


class Values:
    """The scopes that are open, innermost last, and how to get values into them.

    ``rewound``: groups of the storages that are rewound; ``pushes``: values that are to be saved.
    """

    def __init__(self, primal: Primal, shapes: Shapes, rewound: Collection[Var], pushes: Collection[Var] = ()) -> None:
        self.primal = primal
        self.rewound = frozenset(rewound)
        self.pushes = frozenset(pushes)
        self.scopes: list[Scope] = []
        self.failed: set[tuple[Var, int]] = set()
        self.regions: dict[Op, Region] = {}  # of slots
        self.undone: dict[Var, Write] = {}  # rewound version -> the write that was undone
        self.recomputed: dict[Var, Var] = {}  # made again -> primal variable
        self.shapes = shapes

    def emit(self, op: Op, level: int = -1) -> None:
        self.scopes[level].stmts.append(op)

    def arg(self, arg: Arg) -> Arg:
        return map_arg(arg, self.atom)

    def atom(self, atom: Atom) -> Atom:
        """The atom by which the backward half may name ``atom`` here."""
        if isinstance(atom, Const) or atom not in self.primal.region:
            return atom
        found = self.get(atom)
        assert found is not None
        return found

    def zeros_of(self, op: Op) -> Op | None:
        """``np.zeros_like`` of what is not at hand becomes ``np.zeros`` of its dimensions."""
        var = op.args[0] if op.name == "np.zeros_like" else None
        if not isinstance(var, Var) or var not in self.primal.region or self.shapes.stand_in(op, 0) is not None:
            return None
        if self.get(var, push=False) is not None or not is_c_contiguous(var.type):
            return None
        dims = tuple(self._dim(var, k) for k in range(len(var.type.shape)))  # type: ignore[union-attr]
        if any(d is None for d in dims):
            return None
        return replace(op, name="np.zeros", args=(dims, Const(op.outs[0].type.dtype, Object("static"))))  # type: ignore[union-attr]

    def _dim(self, var: Var, axis: int) -> Atom | None:
        """A dimension of ``var``, which is not at hand itself."""
        size = var.type.shape[axis]  # type: ignore[union-attr]
        if isinstance(size, int):
            return const(size)
        if (found := self.shapes.dim(var, axis)) is not None:
            out = Var(INT, sym=size)
            self.emit(Op("dim", (found[0], const(found[1])), (out,), self.primal.function.loc, "adjoint"))
            return out
        made = self.primal.dim(var, axis)
        return None if made is None else self.get(made)

    def with_args(self, op: Op, fn: Callable[[Arg], Arg]) -> Op:
        """``op`` with ``fn`` applied to its arguments, and stand-ins for those of which only the shape is used."""
        if op.name == "dim" and op.args[0] in self.primal.region:
            found = self.shapes.dim(op.args[0], op.args[1].value)
            if found is not None:
                return with_args(op, (found[0], const(found[1])))
        args = list(op.args)
        for k in range(len(args)):
            stand_in = self.shapes.stand_in(op, k) if k in OPS[op.name].shape_only and args[k] in self.primal.region else None
            args[k] = fn(args[k]) if stand_in is None else stand_in
        return with_args(op, tuple(args))

    def is_rewound(self, var: Var) -> bool:
        return bool(self.rewound) and var in self.primal.region and self.primal.storages.group(var) in self.rewound

    # -- looking for a value -------------------------------------------------------------------------------------------

    def lookup(self, var: Var, level: int | None = None) -> Atom | None:
        """What the scopes up to ``level`` hold for ``var``."""
        last = len(self.scopes) - 1 if level is None else level
        for k in range(last, -1, -1):
            if var in self.scopes[k].subst:
                return self.scopes[k].subst[var]
        return None

    def get(self, var: Var, push: bool = True, level: int | None = None, fuel: int = DEPTH) -> Atom | None:
        """An atom for the primal variable ``var`` in the scope at ``level`` (the innermost one).

        None if that would take a new slot, and ``push`` is false.
        """
        here = len(self.scopes) - 1 if level is None else level
        found = self.lookup(var, here) or self.primal.flags.get(var)
        if found is not None:
            return found
        if var in self.primal.storages.undef:
            return self._maybe_unassigned(var, here, push)
        if self.primal.is_outer(var):
            return self._from_rewound(var, here) or var
        home = self._home(var, here)
        if var in self.pushes:
            return self.slot(var, home)
        found = self.derive(var, home, fuel)
        if found is None and here != home:
            found = self.derive(var, here, fuel)
        if found is None:
            found = self._from_outside(var, here)
        return self.slot(var, home) if found is None and push else found

    def _home(self, var: Var, here: int) -> int:
        """The level of the scope that mirrors the region of ``var``."""
        region = self.primal.region[var]
        for k in range(here, -1, -1):
            if self.scopes[k].region is region:
                return k
        raise InternalError(f"{var!r} is named outside the mirror of its block")

    def _maybe_unassigned(self, var: Var, here: int, push: bool) -> Atom | None:
        """A value that some paths leave unassigned is saved where it is used, if it is made before: there it is assigned.

        Inside the arm that hands it on it is what the arm hands on.
        """
        handed = self._handed_on(var, here)
        if handed is not None:
            return self.get(handed, push, here) if isinstance(handed, Var) else handed
        regions = [scope.region for scope in self.scopes[:here + 1]]
        level = next((k for k in range(here, -1, -1) if (r := regions[k]) is not None and self.primal.comes_after(r, var)), 0)
        if level == 0:
            return var
        if push or var in self.pushes:
            return self.slot(var, level)
        return None

    def _handed_on(self, var: Var, here: int) -> Atom | None:
        """The result of the arm that the scopes up to ``here`` mirror, if ``var`` is a value of that ``If``."""
        made = self.primal.maker.get(var)
        if not isinstance(made, If):
            return None
        regions = [scope.region for scope in self.scopes[:here + 1]]
        for arm in (made.then, made.orelse):
            if self.primal.regions[arm] in regions:
                return arm.results[made.outs.index(var)]
        return None

    def _from_rewound(self, var: Var, here: int) -> Atom | None:
        """A read of a storage that is overwritten later, made again from its rewound version."""
        op = self.primal.maker_op(var)
        if op is None or op.name != "view" or not isinstance(var.type, Array) or not self.primal.storages.is_overwritten(var):
            return None
        return None if self.lookup(op.args[0], here) is None else self._again(var, op, here, DEPTH)

    def slot(self, var: Var, level: int) -> Var:
        """The saved value of ``var``, at the head of the scope at ``level``."""
        scope = self.scopes[level]
        if var not in scope.slots:
            out = Var(var.type, var.hint, var.sym)
            scope.slots[var] = Op("slot", (var,), (out,), getattr(self.primal.maker.get(var), "loc", None), "adjoint")
            scope.subst[var] = out
            assert scope.region is not None
            self.regions[scope.slots[var]] = scope.region
            self.failed.clear()
        return scope.slots[var].outs[0]

    def derive(self, var: Var, level: int, fuel: int) -> Atom | None:
        """``var`` from values at hand at ``level``, without a new slot."""
        key = (var, level)
        if key in self.failed or fuel < 0:
            return None
        self.failed.add(key)
        op = self.primal.maker_op(var)
        found: Atom | None = None
        if op is not None and is_cheap(op):
            found = self._again(var, op, level, fuel if op.name in VIEWS else fuel - 1)
        found = found or self._from_count(var, level) or self._from_trip(var, level)
        found = found or self._from_branch(var, level, fuel) or self._from_store(var, level)
        if found is not None:
            self.failed.discard(key)
        return found

    def _again(self, var: Var, op: Op, level: int, fuel: int) -> Atom | None:
        """``op`` done again at ``level``."""
        operands = _Operands(self, level, fuel)
        made = self.with_args(op, operands)
        if operands.missing:
            return None
        out = Var(var.type, var.hint, var.sym)
        self.emit(replace(made, outs=(out,), role="adjoint"), level)
        self.scopes[level].subst[var] = out
        self.recomputed[out] = var
        return out

    def _from_outside(self, var: Var, here: int) -> Atom | None:
        """What is the same in every trip of a loop is computed in front of the mirror."""
        region = self.primal.invariant_in(var)
        level = next((k for k in range(here, -1, -1) if self.scopes[k].region is region), None)
        return None if region is None or level is None else self._once(var, level)

    def _once(self, var: Var, level: int) -> Atom | None:
        """``var`` computed in the scope at ``level``, together with operands that are invariant themselves."""
        found, region = self.lookup(var, level), self.scopes[level].region
        assert region is not None
        if found is not None:
            return found
        if self.primal.region[var].level <= region.level:
            return self.get(var, False, level)
        op = self.primal.maker_op(var)
        assert op is not None
        operands: dict[Atom, Atom] = {}
        for v in (v for k, a in enumerate(op.args) if k not in OPS[op.name].shape_only for v in arg_vars(a)):
            operand = self._once(v, level)
            if operand is None:
                return None
            operands[v] = operand
        made = self.with_args(op, lambda a: map_arg(a, lambda v: operands.get(v, v)))
        out = Var(var.type, var.hint, var.sym)
        self.emit(replace(made, outs=(out,), role="adjoint"), level)
        self.scopes[level].subst[var] = out
        self.recomputed[out] = var
        return out

    def _from_count(self, var: Var, level: int) -> Atom | None:
        """A counter is known from the number of the trip."""
        counter, scope = self.primal.counters.get(var), self.scopes[level]
        if counter is None or scope.loop is not counter.loop or scope.trip is None:
            return None
        init = counter.init if isinstance(counter.init, Const) else self.get(counter.init, False, level - 1)
        if init is None:
            return None
        b = Builder(self.primal.facts, counter.loop.loc, "adjoint")
        grown: Atom = scope.trip if counter.step == 1 else b.emit("np.multiply", scope.trip, const(counter.step))
        if not (isinstance(init, Const) and init.value == 0):
            grown = b.emit("np.add", init, grown)
        for stmt in b.stmts:
            assert isinstance(stmt, Op)
            self.emit(stmt, level)
        scope.subst[var] = grown
        return grown

    def _from_trip(self, var: Var, level: int) -> Atom | None:
        """The result of a trip is carried backwards, if what the next trip backwards needs is saved anyway."""
        loop, k = self.primal.trip_of.get(var, (None, 0))
        if loop is None or self.scopes[level].loop is not loop:
            return None
        scope, param = self.scopes[level], loop.params[k]
        if k not in scope.states:
            if (param not in self.pushes and param not in self.primal.flags) or param in self.primal.storages.undef:
                return None
            init = self.get(loop.outs[k], False, level - 1)
            if init is None:
                return None
            scope.states[k] = State(k, Var(param.type, param.hint), init)
        scope.subst[var] = scope.states[k].param
        return scope.subst[var]

    def _from_store(self, var: Var, level: int) -> Atom | None:
        """A value that was written to a rewound storage is still there, until the write is undone."""
        for write in self.primal.stores.get(var, ()):
            current = self.lookup(write.after, level) if self.is_rewound(write.after) else None
            if current is not None:
                return self.read_back(write, current, level)
        return None

    def read_back(self, write: Write, current: Atom, level: int) -> Var | None:
        """The value that ``write`` stored, read from ``current``; None if it was cast or stretched, or indices may repeat."""
        op = write.op
        value, read = op.args[1], self.primal.saved(write)
        if not op.args[2].steps or is_fancy(op.args[2]) or not _same_type(read, value):
            return None
        path = _Operands(self, level, DEPTH)(op.args[2])
        if path is None:
            return None
        out = Var(value.type, value.hint)
        self.emit(Op("view", (current, path), (out,), op.loc, "adjoint"), level)
        self.scopes[level].subst[value] = out
        return out

    def _from_branch(self, var: Var, level: int, fuel: int) -> Atom | None:
        """The result of an arm is what came out of the If."""
        stmt, k = self.primal.arm_of.get(var, (None, 0))
        if stmt is None or level == 0 or stmt.outs[k] in self.primal.storages.undef or stmt.outs[k].type != var.type:
            return None
        return self.get(stmt.outs[k], False, level - 1, fuel)


class _Operands:
    """Brings arguments into the scope at ``level`` without a new slot; None, and ``missing`` is set, where that fails."""

    def __init__(self, values: Values, level: int, fuel: int) -> None:
        self.values = values
        self.level = level
        self.fuel = fuel
        self.missing = False

    def __call__(self, arg: Arg) -> Arg | None:
        made = map_arg(arg, self.atom)
        return None if self.missing else made

    def atom(self, atom: Atom) -> Atom:
        if isinstance(atom, Const) or self.missing:
            return atom
        found = self.values.get(atom, False, self.level, self.fuel)
        self.missing = found is None
        return atom if found is None else found


def _same_type(a: Var, b: Var) -> bool:
    """Whether both have the same type, and dimensions that stay the same over trips."""
    if isinstance(a.type, Array) and isinstance(b.type, Array):
        return a.type.dtype == b.type.dtype and a.type.shape == b.type.shape and "%" not in str(a.type)
    return isinstance(a.type, Scalar) and a.type == b.type
