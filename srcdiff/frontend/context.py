"""The state of one lowering: builder, frames, the heap, and the reads and writes through it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import field, replace
from itertools import count
from typing import Any, NoReturn

import numpy as np

from ..errors import InternalError, Loc, Source, UnsupportedError
from ..ir.build import Builder, const
from ..ir.core import UNDEF, Arg, Atom, Block, Const, Diagonal, If, Path, Slice, Step, Var, arg_vars, map_arg
from ..ir.dims import Dim, DimLike, Facts
from ..ir.ops import OPS
from ..ir.structural import is_fancy, path_type, sym_of
from ..ir.types import Array, List, Object, Scalar, Tuple, Type, rank_of
from ..records import dataclass
from . import inside, sharing
from .aliases import AliasError, link, read_again, write_chosen
from .argument_objects import ArgumentObjects
from .failures import NeedUnroll, WouldRaise, plain
from .item_arrays import Place, is_in_place, put_back
from .libraries import is_of_library, of_library_function
from .names import Names, Scope
from .nests import nest_of
from .overlap import check_overlap
from .reachable import live_values, reachable
from .scopes import Scopes
from .values import (
    Bound,
    Closure,
    Derived,
    DynList,
    Either,
    Fields,
    Generator,
    Inside,
    Iter,
    Maybe,
    Obj,
    Once,
    Partial,
    Poison,
    Ref,
    Rows,
    State,
    Super,
    Tup,
    Value,
    definite,
)

__all__ = ["AliasError", "Frame", "Lowerer", "NeedUnroll", "WouldRaise"]


WEAK_READERS = frozenset({"setview", "addview", "subview", "np.ndim"})
KINDS = {Tup: "tuple", Slice: "slice", Iter: "range", Super: "super()", Generator: "generator",
         Either: "value that is one of two", Maybe: "value that may be None",
         Derived: "derivative", Partial: "partial function", Closure: "function", Bound: "method", Ref: "array", Var: "scalar"}


ARTICLE = re.compile(r"\ba (?=(?:array|int|ndarray|object|exception|index|iterator)\b)")  # of what a value is described as


@dataclass(eq=False)
class Frame:
    """One activation of a function that is lowered in line.

    ``library``: not the user's, so errors are placed where it is called. ``on_yield``: what a generator's ``yield`` does.
    """

    fid: int
    name: str
    scope: Scope
    source: Source
    globals: dict[str, Any]
    cells: dict[str, Any]
    parent: Frame | None = None
    live: Names = frozenset()
    code: object = None
    library: bool = False
    on_yield: Any = None
    loops: list[Any] = field(default_factory=list)
    ends: type[BaseException] | None = None  # the exception that is a result here: whether it was raised comes before the value
    given_up: UnsupportedError | None = None  # what some path of it raises at run time, being unsupported


class Lowerer(Scopes):
    """Lowers one function; modules of this package add what they know as functions of a ``Lowerer``."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.builder = Builder(facts)
        self.state = State()
        self.frames: list[Frame] = []
        self.ids = count(1)
        self.objects: dict[str, Any] = {}
        self.foreign: set[int] = set()
        self.read_only: set[int] = set()
        self.slices: dict[int, tuple[Any, Any]] = {}  # parts of iterators: of which one, and where it stands after them
        self.asked: set[ast.AST] = set()  # calls of next in front of which it is tested that there is an item
        self.outlived: set[int] = set()  # frames of functions that returned, and made functions that read their names
        self.held: dict[int, dict[Any, Any]] = {}  # what generators read whose items are computed ahead
        self.tables = False  # an integer is a key as the run knows it, also one that unrolling a loop would tell
        self.bounds: dict[int, int] = {}  # of deques of unknown length: how long they may be
        self.shared: set[int] = set()  # containers that are put into others more than once
        self.arguments = ArgumentObjects({})
        self.lent: dict[int, str] = {}  # objects of the caller's that writes go to, and how generated code reaches them
        self.pinned: set[int] = set()
        self.pending: list[tuple[int, str]] = []
        self.loop_indices: list[Var] = []
        self.else_loops: set[int] = set()
        self.iterated: list[int] = []
        self.started: list[tuple[int, Atom]] = []  # lists that are iterated, and how long they were when that began
        self.tries: list[Any] = []  # the try statements around, with handlers
        self.handled: list[Any] = []  # what the handlers around handle
        self.places: dict[Var, Place] = {}  # of arrays that are items of lists
        self.exceptions: dict[Var, Any] = {}  # those that are made and not raised yet
        self.ahead: list[tuple[dict[Any, Any], str, ast.AST | None]] = []  # what was read before the trips that it is for
        self.consumer = ""  # the iterator (enumerate, zip) whose items are made
        self.joined: dict[Var, frozenset[Type]] = {}  # numbers of one type on one path and another on the other
        self.mixed = 0  # how many joins made one type of an integer and a float
        self.rolled: list[int] = []  # the loops around, without those that are unrolled
        self.memo: dict[Any, Any] = {}
        self.kept: dict[Any, Any] = {}
        self.kept_functions: dict[str, Any] = {}
        self.inline: bool | None = None
        self.never_kept: set[object] = set()
        self.derive: Any = None  # differentiates a module: the transforms stand below this package
        self.conditional = 0
        self.copies_left = 8
        self.fallbacks = 0
        self.main_name = ""
        self.negations: dict[Var, Atom] = {}  # of what a condition is the contrary
        self.known: dict[Var, bool] = {}  # conditions, where the path tells
        self.local_classes: dict[Any, Any] = {}  # those that the function defines
        self.methods: dict[ast.AST, type] = {}  # of them: in which class a method is
        self.lengths: dict[Var, Var] = {}  # of lists, by the variables that hold them
        self.ends: type[BaseException] | None = None  # that of the next frame
        self.placeless = False  # a rule's formula has no place of its own

    def restart(self, number: int) -> None:
        """Go on numbering frames, storages and objects from here: each round over a loop's body numbers alike."""
        self.ids = count(number)

    def forget_from(self, number: int) -> None:
        """Nothing is known of storages and loops numbered from here on."""
        for marks in (self.foreign, self.read_only, self.shared, self.outlived):
            marks.difference_update([n for n in marks if n >= number])
        loops = [k for k in self.memo if isinstance(k, tuple) and isinstance(k[-1], int) and k[-1] >= number]
        for key in loops:
            del self.memo[key]

    # -- errors --------------------------------------------------------------------------------------------------------

    def loc(self, node: ast.AST | None) -> Loc | None:
        if not isinstance(node, (ast.stmt, ast.expr)) or self.placeless or not self.frames or self.frames[-1].library:
            return self.builder.loc
        if self.builder.loc is not None and is_of_library(self.frames[-1].globals):
            return self.builder.loc  # where the user calls it
        return Loc(self.frames[-1].source, node.lineno, node.col_offset, node.end_lineno or node.lineno,
                   node.end_col_offset or node.col_offset + 1)

    def refuse(self, message: str, node: ast.AST | None = None, advice: str = "") -> NoReturn:
        raise UnsupportedError(ARTICLE.sub("an ", message), self.loc(node), advice)

    def fails(self, kind: type[BaseException], message: str, node: ast.AST | None = None, advice: str = "",
              args: tuple[Arg, ...] | None = None) -> NoReturn:
        """The program raises ``kind`` here; ``args``: the arguments of the exception, if they are known."""
        raise WouldRaise(ARTICLE.sub("an ", message), self.loc(node), advice, kind, args, self.builder.stmts)

    @contextmanager
    def fallback(self, possible: bool) -> Iterator[None]:
        """What is lowered inside is lowered another way if its aliases cannot be decided (if that is possible)."""
        self.fallbacks += possible
        try:
            yield
        finally:
            self.fallbacks -= possible

    def at(self, node: ast.AST | None) -> AbstractContextManager[None]:
        """What is emitted inside comes from this node."""
        return self.builder.at(self.loc(node))

    # -- emitting ------------------------------------------------------------------------------------------------------

    def emit(self, name: str, *args: Arg, type: Type | None = None, hint: str = "") -> Value:
        """Emit an operation and wrap its result as a value."""
        args, weak = self.weak_args(name, args)
        outs = self.builder.emit_all(name, *args, types=None if type is None else (type,))
        for out in outs:
            out.hint = hint
            if weak:
                self.weaken(out, args)
            if isinstance(out.type, Array) and len(out.type.shape) <= 1 and out.type.layout != "C" and OPS[name].fresh:
                out.type = Array(out.type.dtype, out.type.shape, "C", out.type.weak)
        values = tuple(self.wrap(o) for o in outs)
        return values[0] if len(values) == 1 else Tup(values)

    def var(self, name: str, *args: Arg, type: Type | None = None, sym: DimLike | tuple[DimLike, ...] | None = None) -> Var:
        args, weak = self.weak_args(name, args)
        out = self.builder.emit(name, *args, type=type, sym=sym)
        if weak:
            self.weaken(out, args)
        return out

    def weaken(self, out: Var, args: tuple[Arg, ...]) -> None:
        """A result is an array for certain where an operand of its shape is."""
        strong = [v.type.shape for v in arg_vars(args) if isinstance(v.type, Array) and not v.type.weak]
        if isinstance(out.type, Array) and out.type.shape not in strong:
            out.type = replace(out.type, weak=True)

    def weak_args(self, name: str, args: tuple[Arg, ...]) -> tuple[tuple[Arg, ...], bool]:
        """Operands that are scalars on some path: fine where operands broadcast, else it is asked at run time that they are
        arrays. The second result: whether the operation's result is weak too."""
        found = [v for v in arg_vars(args) if isinstance(v.type, Array) and v.type.weak]
        if not found or name in WEAK_READERS or self.placeless:  # adjoints are fitted to what they are adjoints of
            return args, False
        rule = OPS[name].rule
        if (rule is not None and rule.kind == "elementwise") or name in ("np.where", "cast", "stop_gradient"):
            return args, True
        pythons = name == "round" or name.startswith("math.")  # for numbers: an array without axes need not do
        made = {v: self.require_array(v) for v in dict.fromkeys(found) if rank_of(v.type) or not pythons}
        return map_arg(args, lambda a: made.get(a, a) if isinstance(a, Var) else a), False

    def wrap(self, var: Var) -> Value:
        """A variable as a value: an array or a list becomes a storage of its own."""
        if isinstance(var.type, Array):
            return Ref(self.new_storage(var))
        if isinstance(var.type, List):
            return self.new_obj(DynList((var,), nest_of(var.type)))
        if isinstance(var.type, Tuple):
            return Tup(tuple(self.wrap(self.var("untuple", var, const(k))) for k in range(len(var.type.items))))
        return var

    # -- the heap ------------------------------------------------------------------------------------------------------

    def new_storage(self, var: Var) -> int:
        sid = next(self.ids)
        self.state.store[sid] = var
        return sid

    def new_obj(self, contents: Fields | DynList) -> Obj:
        oid = next(self.ids)
        self.state.objs[oid] = contents
        return Obj(oid)

    def contents(self, oid: int) -> Fields | DynList:
        """What a list, dict or object holds."""
        return inside.contents(self, oid)

    def put(self, oid: int, contents: Fields | DynList) -> None:
        """Give a list, dict or object other contents."""
        inside.put(self, oid, contents)

    def new_list(self, items: Iterable[Value]) -> Obj:
        return self.new_obj(Fields(tuple(items)))

    def type_of(self, value: Value) -> Type:
        """The type of an array or scalar."""
        if isinstance(value, (Var, Const)):
            return value.type
        if isinstance(value, Ref):
            base = self.state.store[value.sid].type
            assert isinstance(base, Array)
            return path_type(base, value.path, self.facts) if value.path.steps else base
        definite(value)
        raise InternalError(f"no IR type of {value!r}")

    def read(self, value: Value) -> Atom:
        """The current contents of an array reference, or the scalar itself."""
        if isinstance(value, Ref):
            var = self.state.store[value.sid]
            return var if not value.path.steps else self.var("view", var, value.path)
        if isinstance(value, (Var, Const)):
            return value
        if isinstance(value, Maybe):
            return self.read(value.value)
        if isinstance(value, Poison):
            self.refuse(value.reason, advice="use two names, or make both branches agree")
        return self.refuse(f"a {self.describe(value)} where a number or an array is needed")

    def arg(self, value: Value) -> Arg:
        """A value as an argument of an operation: containers become tuples, lists of unknown length variables."""
        if isinstance(value, Tup):
            return tuple(self.arg(i) for i in value.items)
        if isinstance(value, Obj):
            contents = self.contents(value.oid)
            if isinstance(contents, Fields):
                if contents.keys is not None:
                    self.refuse("a dict where numbers or arrays are needed")
                return tuple(self.arg(i) for i in contents.items)
            return self.list_of_numbers(value, contents)
        return self.read(value)

    def list_of_numbers(self, value: Obj, contents: DynList) -> Var:
        """A list of unknown length as one IR list: of numbers or arrays, of lists of them, or of pairs as lists."""
        from ..composed import python_library
        from . import prelude

        template = contents.template
        while isinstance(template, (Rows, Maybe)):
            template = template.item if isinstance(template, Rows) else template.value
        if isinstance(template, int):
            return contents.lists[template]
        if template is contents.template and isinstance(template, Tup):
            rows = prelude.call(self, python_library.as_rows, (value,), ast.Pass())
            found = self.contents(rows.oid)
            if isinstance(found, DynList) and isinstance(found.template, Rows) and isinstance(found.template.item, int):
                return found.lists[0]
        return self.refuse("a list of tuples where a list of arrays is needed")

    def write(self, ref: Ref, value: Value, op: str = "setview", node: ast.AST | None = None,
              diagonal: bool = False) -> None:
        """Write ``value`` (``op``: setview, addview or subview) through ``ref``: a new version of the storage."""
        self.check_writable(ref.sid, node)
        if not diagonal and any(isinstance(s, Diagonal) for s in ref.path.steps):
            self.refuse("writing to a diagonal, which NumPy makes read-only", node, "use np.fill_diagonal or m[i, i]")
        if ref.sid in self.state.choices:
            write_chosen(self, ref, value, op, node, diagonal)
        else:
            self.write_storage(ref, value, op, node)

    def write_storage(self, ref: Ref, value: Value, op: str, node: ast.AST | None) -> None:
        """The write itself, to a storage that is what it is."""
        base = self.state.store[ref.sid]
        assert isinstance(base.type, Array)
        if op == "setview" and isinstance(value, Ref) and value.sid == ref.sid:
            check_overlap(self, ref, value, node)
        new = self.var(op, base, self.cast_in(value, base.type, node), ref.path)
        new.hint = base.hint
        self.state.store[ref.sid] = new
        put_back(self, ref.sid, base, node)
        read_again(self, ref.sid)

    def cast_in(self, value: Value, base: Array, node: ast.AST | None) -> Atom:
        v = self.read(value)
        if not isinstance(v.type, (Scalar, Array)):
            self.refuse(f"a {v.type} written into an array", node)
        return v

    def check_writable(self, sid: int, node: ast.AST | None = None) -> None:
        """Refuse a write that a live alias, which the IR does not track, would see."""
        self.check_owned(sid, node)
        if sid in self.read_only:
            self.refuse("writing to a read-only view", node, "write to a copy")
        partners = self.state.links.get(sid)
        if partners and partners & reachable(self, live_values(self)) and not is_in_place(self, sid):
            raise AliasError("whether this write changes another live array cannot be decided", self.loc(node),
                             "write to a copy: x = x.copy()")

    def check_owned(self, number: int, node: ast.AST | None = None, noted: bool = False) -> None:
        """Refuse a write to a global or captured array, list or dict; ``noted``: a lent object is written to as well."""
        if number in self.lent and not noted:
            self.refuse(f"this change of {self.lent[number]}, which the function does not own", node,
                        "append, extend, or assign to an item or attribute")
        sharing.check_change(self, number, node)
        if number in self.foreign:
            self.refuse("writing to something that the function does not own (a global or captured value)", node,
                        "pass it as an argument, or write to a copy")
        self.arguments.note_change(self, number)

    def link(self, a: int, b: int) -> None:
        """``a`` and ``b`` may share memory without the IR knowing it: neither may be written while the other is live."""
        link(self.state, a, b)

    def is_pinned(self, sid: int) -> bool:
        """Whether the storage's last version is wanted whatever names see it (what a kept function writes)."""
        return sid in self.pinned

    # -- views ---------------------------------------------------------------------------------------------------------

    def step(self, ref: Ref, step: Step) -> Value:
        """A further view of an array; a scalar is read at once."""
        path = Path((*ref.path.steps, step))
        base = self.state.store[ref.sid]
        if is_fancy(path):
            return self.wrap(self.var("view", base, path))
        assert isinstance(base.type, Array)
        if isinstance(path_type(base.type, path, self.facts), Scalar):
            return self.var("view", base, path)
        made = Ref(ref.sid, path)
        if any(t.at_run_time for t in self.tries):
            self.read(made)  # what making the view raises is raised here, read or not
        return made

    def strengthen(self, ref: Ref) -> None:
        """A value that is a scalar on some path is used as only an array can be: ask at run time."""
        var = self.state.store[ref.sid]
        if isinstance(var.type, Array) and var.type.weak:
            self.state.store[ref.sid] = self.require_array(var)

    def require_array(self, var: Var) -> Var:
        """``var``, after a test at run time that it is an array on the path taken; a scalar may be an array without axes."""
        assert isinstance(var.type, Array)
        if not var.type.shape:
            return self.builder.emit("np.asarray", var, const(None), type=replace(var.type, weak=False))
        strong = Var(Array(var.type.dtype, var.type.shape, "A"), var.hint)
        scalar = self.builder.emit("np.equal", self.builder.emit("np.ndim", var), const(0))
        error = UnsupportedError("a value that is a scalar on this path is used as an array", self.builder.loc,
                                 "start from an array: np.zeros(n)")
        with self.builder.block() as stmts:
            self.raise_at_run_time(error)
        arms = Block(tuple(stmts), (undef(strong.type),)), Block((), (var,))
        self.builder.add(If(scalar, *arms, (strong,), self.builder.loc, self.builder.role))
        return strong

    def raise_at_run_time(self, error: UnsupportedError) -> None:
        """The error where control gets there."""
        for around in self.frames:
            around.given_up = error
        frame = next((f for f in self.frames if is_of_library(f.globals)), None)
        if frame is not None and not isinstance(error, WouldRaise):
            error = of_library_function(frame.globals["__name__"], frame.name, error, error.loc)
        text = str(error if error.advice else plain(error))
        self.objects["UnsupportedError"] = UnsupportedError
        self.builder.emit_all("raise", Const(UnsupportedError, const(None).type, "UnsupportedError"), (const(text),))

    def is_index(self, sym: DimLike | tuple[DimLike, ...] | None) -> bool:
        """Whether a value depends on which trip of a loop it is."""
        names = {s.name for s, _ in sym.terms} if isinstance(sym, Dim) else set()
        return any(str(index.sym) in names for index in self.loop_indices)

    def need_unroll(self, sym: DimLike) -> None:
        """The value depends on which trip of a loop it is: raise for the innermost loop that ``sym`` counts."""
        names = {s.name for s, _ in sym.terms} if isinstance(sym, Dim) else set()
        for index in reversed(self.loop_indices):
            if str(index.sym) in names:
                raise NeedUnroll(index)

    def bind(self, name: str, args: tuple[Value, ...], kwargs: dict[str, Value], node: ast.AST | None) -> tuple[Arg, ...]:
        """The arguments of an operation in the order of its signature."""
        from .calls import bind_operation

        return bind_operation(self, name, args, kwargs, node)

    def wrap_atom(self, value: Atom) -> Value:
        return self.wrap(value) if isinstance(value, Var) else value

    def printable(self, value: Value) -> Arg:
        """A value as an argument of print, assert or raise."""
        if isinstance(value, Const) and isinstance(value.value, BaseException) and not value.name:
            return const(str(value.value))
        if isinstance(value, (Tup, Obj)):
            from .static_values import shown

            return shown(self, value)
        if isinstance(value, Const) and "." in value.name and value.type == Object("static"):
            return Const(value.value, value.type, self.label(value.value, value.name))
        if isinstance(value, (Var, Const, Ref)):
            return self.read(value) if isinstance(value, Ref) else value
        if isinstance(value, Either):
            self.refuse("showing a value that is one of two", advice="show what it is made of")
        return const(self.describe(value))

    # -- static knowledge ----------------------------------------------------------------------------------------------

    def static_int(self, value: Value, node: ast.AST | None, what: str = "this integer") -> int:
        """An integer that has to be known at compile time; the value of an argument becomes a fact."""
        if isinstance(value, Const) and isinstance(value.value, int):
            return int(value.value)
        sym = sym_of(value)
        if isinstance(sym, int):
            return sym
        if sym is not None and sym.hint is not None and not sym.assumed:
            self.facts.assume(f"{sym} == {sym.hint}")
            return sym.hint
        if isinstance(sym, Dim):
            self.need_unroll(sym)
        return self.refuse(f"{what} must be known when the function is compiled", node, "write it as a literal")

    def describe(self, value: Value) -> str:
        if isinstance(value, Const):
            kind = f"array of dtype {value.value.dtype}" if type(value.value) is np.ndarray else type(value.value).__name__
            return kind if repr(value).startswith("<") else f"{kind} ({value!r})"
        if isinstance(value, Obj):
            contents = self.state.objs[value.oid]
            if isinstance(contents, Inside):
                contents = contents.template
            if isinstance(contents, Fields) and contents.cls is not None:
                return contents.cls.__name__
            return "dict" if isinstance(contents, Fields) and contents.keys is not None else "list"
        if isinstance(value, Poison):
            return "name with two meanings"
        if isinstance(value, Once):
            return value.kind
        if isinstance(value, Var) and isinstance(value.type, Object):
            return {"str": "text"}.get(value.type.kind, value.type.kind)
        return KINDS[type(value)]


def undef(t: Type) -> Const:
    return Const(UNDEF, t)
