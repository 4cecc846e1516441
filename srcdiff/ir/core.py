"""The IR: structured, functional SSA. Data only.

Grammar::

    Function ::= name(params) Block                 the Block's results are the function's results
    Block    ::= Stmt* results
    Stmt     ::= Op | If | Loop
    Op       ::= outs = name(args)                  a write is an operation with a result
    If       ::= outs = if cond: Block else: Block  outs[k] is results[k] of the arm taken
    Loop     ::= outs = for index in range(lo, hi, step), perhaps reversed, carrying params: Block
               | outs = while Block, carrying params: Block
    Arg      ::= Atom | (Arg, ...) | Path           Paths and tuples may hold atoms
    Atom     ::= Var | Const

Every variable is assigned once and is visible in the statements that follow in its block and in the blocks nested in
them. Arrays and lists are values: an update makes a new version (``a1 = setview(a0, v, path)``), and only
the last stage turns updates into in-place writes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..errors import Loc
from ..records import dataclass
from .dims import DimLike, Facts
from .types import Type

__all__ = ["Arg", "Atom", "Block", "CallRule", "Const", "Diagonal", "Function", "Halves", "If", "Index", "Loop", "Module", "Op",
           "Path", "Reshape", "Slice", "Stmt", "Transpose", "UNDEF", "Var", "all_uses", "all_uses_of", "arg_vars", "atoms_of",
           "map_arg"]


_uids = itertools.count()


class Var:
    """An SSA variable. Equality is identity; ``hint`` is the user's name for it, if there is one.

    ``uid`` grows with creation: it orders variables and names run-time dimensions, and reaches no text.

    ``sym`` is the symbolic value of an integer scalar (or of a shape) that shape arithmetic knows.
    """

    __slots__ = ("hint", "sym", "type", "uid")

    def __init__(self, type: Type, hint: str = "", sym: DimLike | tuple[DimLike, ...] | None = None) -> None:
        self.type = type
        self.hint = hint
        self.sym = sym
        self.uid = next(_uids)

    def __repr__(self) -> str:
        return f"<Var {self.hint or '_'}: {self.type}>"


class _Undef:
    """The value of a name that a branch left unassigned."""

    def __repr__(self) -> str:
        return "UNDEF"


UNDEF = _Undef()


@dataclass(frozen=True, eq=False)
class Const:
    """A literal, or any other object that is known at compile time (a dtype, None, a string, UNDEF).

    ``name``: for an object that is no literal, the name under which generated code refers to it.
    """

    value: Any
    type: Type
    name: str = ""

    def __repr__(self) -> str:
        return self.name or repr(self.value)


Atom = Var | Const


@dataclass(frozen=True)
class Slice:
    """``start:stop:step`` in an index; an atom or None each."""

    start: Atom | None = None
    stop: Atom | None = None
    step: Atom | None = None


@dataclass(frozen=True)
class Index:
    """A step of a path: ``[items]``.

    Each item is an Atom (an integer scalar; in the *last* Index of a path also an integer or boolean array),
    a Slice, None (new axis) or Ellipsis.
    """

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Transpose:
    """A step of a path: axes permuted, as ``np.transpose(x, perm)``."""

    perm: tuple[int, ...]


@dataclass(frozen=True)
class Reshape:
    """A step of a path: C-order reshape of memory that allows it without a copy. ``shape``: atoms, no -1."""

    shape: tuple[Atom, ...]


@dataclass(frozen=True)
class Diagonal:
    """A step of a path: ``np.diagonal(x, offset, axis1, axis2)``."""

    offset: int = 0
    axis1: int = 0
    axis2: int = 1


Step = Index | Transpose | Reshape | Diagonal


@dataclass(frozen=True)
class Path:
    """How a view is reached from its storage: steps from left to right. The empty path is the storage itself."""

    steps: tuple[Step, ...] = ()


Arg = Any  # Atom | tuple[Arg, ...] | Path


@dataclass(frozen=True, eq=False)
class Op:
    """``outs = name(args)``.

    ``name`` is a key of the table of operations (:mod:`srcdiff.ir.ops`): a structural operation (``view``, ``setview``, ...)
    or a canonical one with one argument for each parameter of its signature (``np.sum``: x, axis, keepdims).
    ``role``: ``"primal"``, ``"adjoint"`` or ``"tangent"``; ``loc`` is always a place in the user's source.
    ``callee`` names the kept function that a ``call`` runs.
    """

    name: str
    args: tuple[Arg, ...]
    outs: tuple[Var, ...]
    loc: Loc | None = None
    role: str = "primal"
    callee: str = ""


@dataclass(frozen=True, eq=False)
class Block:
    stmts: tuple[Stmt, ...] = ()
    results: tuple[Atom, ...] = ()


@dataclass(frozen=True, eq=False)
class If:
    """``style``: ``"if"``, or how the source spelled it: ``"ifexp"``, ``"and"``, ``"or"``.

    ``twin``: a number that a statement of the forward half shares with its mirror in the backward half; 0 if it has none.
    """

    cond: Atom
    then: Block
    orelse: Block
    outs: tuple[Var, ...]
    loc: Loc | None = None
    role: str = "primal"
    style: str = "if"
    twin: int = 0


@dataclass(frozen=True, eq=False)
class Loop:
    """A ``for`` over a range (``index`` is set) or a ``while`` (``cond`` is set).

    On entry ``params[k]`` is ``inits[k]``; after each trip ``params[k]`` becomes ``body.results[k]``
    (``body.results[k + 1]`` if ``stop``); ``outs[k]`` is the last value. ``stop``: ``body.results[0]`` is a bool, and the
    loop ends after a trip in which it is true. ``cond`` is a Block over the params with one result, evaluated before each
    trip. ``reverse``: the trips of ``range(lo, hi, step)`` in reversed order. ``trips``: if set, an int
    variable that holds the number of trips begun, visible after the loop. ``twin``: as in :class:`If`.
    """

    params: tuple[Var, ...]
    inits: tuple[Atom, ...]
    body: Block
    outs: tuple[Var, ...]
    index: Var | None = None
    lo: Atom | None = None
    hi: Atom | None = None
    step: Atom | None = None
    reverse: bool = False
    cond: Block | None = None
    stop: bool = False
    trips: Var | None = None
    loc: Loc | None = None
    role: str = "primal"
    twin: int = 0

    @property
    def carried(self) -> tuple[Atom, ...]:
        """The body's results without the stop flag: one for each of ``params``."""
        return self.body.results[1:] if self.stop else self.body.results


Stmt = Op | If | Loop


@dataclass(frozen=True)
class Halves:
    """How a joint function splits: the first ``params`` parameters and the first ``results`` results belong to the forward
    half, the others to the backward half; and the names that the halves get. ``planned``: the stash is explicit; until then
    the backward half may name any variable of the forward half."""

    params: int
    results: int
    fwd: str
    bwd: str
    planned: bool = False


@dataclass(frozen=True, eq=False)
class CallRule:
    """How a kept function is differentiated, if not by its body alone.

    ``kind`` is ``"checkpoint"`` (the forward half runs again before the backward half) or ``"custom"``: then ``reverse`` is a
    joint function with adjoints for all results and parameters that can have one, its stash not yet planned, and ``forward`` a
    function with tangents for all of them. ``reason`` tells why one is missing, or calls Python that nobody can look into.
    """

    kind: str
    reverse: Function | None = None
    forward: Function | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Function:
    """A function in SSA form.

    ``args``: a tree of the Python signature: (name, tree) pairs, where a tree is an index into ``params``, a ``Static`` value
    or a container of trees (:mod:`srcdiff.ir.tree`). ``result``: the tree of results, over indices into ``body.results``.
    ``written``: for a kept function, (param index, result index) of the storages that it updates in place.
    ``halves``: set on a joint function (one with a ``split``). ``rule``: set on a kept function with a derivative of its own.
    """

    name: str
    params: tuple[Var, ...]
    body: Block
    args: tuple[tuple[str, Any], ...] = ()
    result: Any = None
    written: tuple[tuple[int, int], ...] = ()
    loc: Loc | None = None
    doc: str = ""
    halves: Halves | None = None
    rule: CallRule | None = None


@dataclass(frozen=True, eq=False)
class Module:
    """One differentiated function, the kept functions that it calls, and what it takes for granted.

    ``objects``: objects of the user's that the code refers to by name (``Const.name``).
    """

    main: Function
    functions: dict[str, Function] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    objects: dict[str, Any] = field(default_factory=dict)


# -- walking -----------------------------------------------------------------------------------------------------------


def map_arg(arg: Arg, fn: Callable[[Atom], Atom]) -> Arg:
    """``arg`` with ``fn`` applied to every atom in it.

    Identity is kept where nothing changes, so passes can tell.
    """
    if isinstance(arg, (Var, Const)):
        return fn(arg)
    if isinstance(arg, tuple):
        return tuple(map_arg(a, fn) for a in arg)
    if isinstance(arg, Path):
        return Path(tuple(map_arg(s, fn) for s in arg.steps))
    if isinstance(arg, Index):
        return Index(tuple(map_arg(i, fn) for i in arg.items))
    if isinstance(arg, Reshape):
        return Reshape(tuple(map_arg(i, fn) for i in arg.shape))
    if isinstance(arg, Slice):
        return Slice(*(None if p is None else fn(p) for p in (arg.start, arg.stop, arg.step)))
    return arg  # None, Ellipsis, Transpose, Diagonal


def atoms_of(arg: Arg) -> list[Atom]:
    """Every atom in ``arg``, from left to right."""
    found: list[Atom] = []
    _collect((arg,), _ATOMS, found)
    return found


def arg_vars(args: Arg) -> list[Var]:
    """The variables in ``args``, from left to right, with repetitions."""
    found: list[Var] = []
    _collect((args,), _VARS, found)
    return found


_VARS = frozenset({Var})
_ATOMS = frozenset({Var, Const})
_PARTS: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    tuple: lambda a: a, Path: lambda a: a.steps, Index: lambda a: a.items, Reshape: lambda a: a.shape,
    Slice: lambda a: (a.start, a.stop, a.step)}


def _collect(args: tuple[Arg, ...], wanted: frozenset[type], found: list[Any]) -> None:
    """Append the atoms of the ``wanted`` classes. By exact class: this runs more often than anything else."""
    for arg in args:
        kind = type(arg)
        if kind in wanted:
            found.append(arg)
        elif (parts := _PARTS.get(kind)) is not None:
            _collect(parts(arg), wanted, found)


def blocks_of(stmt: Stmt) -> tuple[Block, ...]:
    """The blocks that a statement owns."""
    if isinstance(stmt, If):
        return (stmt.then, stmt.orelse)
    if isinstance(stmt, Loop):
        return (stmt.body,) if stmt.cond is None else (stmt.cond, stmt.body)
    return ()


def uses_of(stmt: Stmt) -> list[Var]:
    """The variables that a statement itself reads: not what its blocks read."""
    if isinstance(stmt, Op):
        return arg_vars(stmt.args)
    if isinstance(stmt, If):
        return arg_vars(stmt.cond)
    return arg_vars(tuple(a for a in (stmt.lo, stmt.hi, stmt.step) if a is not None) + stmt.inits)


def all_uses_of(stmt: Stmt) -> set[Var]:
    """The variables that a statement reads, in its blocks as well."""
    return set(uses_of(stmt)).union(*map(all_uses, blocks_of(stmt)))


def all_uses(block: Block) -> set[Var]:
    """The variables that a block reads, in the blocks within as well."""
    return set(arg_vars(block.results)).union(*map(all_uses_of, block.stmts))


def defs_of(stmt: Stmt) -> tuple[Var, ...]:
    """The variables that a statement defines for the statements after it."""
    if isinstance(stmt, Loop) and stmt.trips is not None:
        return (*stmt.outs, stmt.trips)
    return stmt.outs


def with_args(op: Op, args: tuple[Arg, ...]) -> Op:
    return Op(op.name, args, op.outs, op.loc, op.role, op.callee)
