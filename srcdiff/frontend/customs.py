"""Calls of functions with a derivative of their own (:mod:`srcdiff.custom`).

Such a function is a kept one with a rule: a joint function for reverse mode, whose backward half is not made from its forward
half but lowered from what the user wrote, and one with tangents for forward mode. The transforms take these where they would
make their own. What cannot be lowered is called as it is.

::

    sigmoid.defvjp(fwd, bwd)            def sigmoid_joint(x, out_bar):
                                            y, s = 1.0 / (1.0 + np.exp(-x)), ...      from fwd
                                            split()
                                            x_bar = out_bar * s * (1.0 - s)           from bwd
                                            return y, x_bar
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ..custom import Checkpoint, Custom, CustomRule
from ..differences import Numeric
from ..errors import Loc, UnsupportedError
from ..ir import tree
from ..ir.build import const
from ..ir.copying import Copier
from ..ir.core import Atom, Block, CallRule, Const, Function, Halves, Module, Op, Stmt, Var
from ..ir.types import Array, List, Object, Type, is_active_type
from ..opaque import Kind, Opaque, OpaqueAdjoint, OpaqueForward, Place, kind_of
from ..records import dataclass
from ..values import map_values
from .context import Frame, Lowerer
from .kept import unique_name
from .packed import Packed, result_types
from .rule_parts import (
    Part,
    WrongRule,
    bar_type,
    calls_python,
    depends,
    forward_half,
    in_words,
    is_active,
    kind_of_type,
    name_of,
    nest,
    tree_of,
    type_of,
    value_of,
)
from .source import function_source
from .values import Tup, Value

__all__ = ["call_custom"]


@dataclass(eq=False)
class Known:
    """A custom function for one kind of arguments. ``frame`` has the code of no function: it is never recursive."""

    name: str
    frame: Frame
    params: tuple[Var, ...]
    result: tree.Tree | None = None
    types: tuple[Type, ...] = ()
    busy: bool = False
    recursive: bool = False


def call_custom(cx: Lowerer, obj: Custom, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``obj(*args, **kwargs)``."""
    if isinstance(obj, Checkpoint):
        from .inline import call_checkpoint

        return call_checkpoint(cx, cx.captured(obj.fun, obj.label), args, kwargs, node)
    for part in ("fwd", "bwd", "jvp", "nondiff_argnums", "step", "fun"):
        if part in vars(obj):
            cx.facts.capture(vars(obj), part, vars(obj)[part])
    if isinstance(obj, CustomRule) and obj.fwd is None and obj.jvp is None:
        cx.refuse(f"{obj.label} has no rule yet", node, f"call {obj.label}.defvjp(fwd, bwd) or {obj.label}.defjvp(jvp)")
    values = positional(cx, obj, args, kwargs, node)
    packed = Packed(cx, dict(enumerate(values)), node, known_integers=True)
    if any(isinstance(p.type, List) for p in packed.params):
        cx.refuse(f"a list of unknown length passed to {obj.label}, which has a rule", node, "pass an array: np.array(items)")
    key = (obj, packed.key)
    if key not in cx.kept:
        Maker(cx, obj, packed, node).make(key)
    return emit_call(cx, cx.kept[key], packed)


def positional(cx: Lowerer, obj: Custom, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> list[Value]:
    """The arguments in the order of the parameters, defaults included."""
    try:
        given = obj.signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        cx.refuse(f"{obj.label}: {error}", node)
    values: list[Value] = []
    for name, p in obj.signature.parameters.items():
        if p.kind is p.VAR_POSITIONAL:
            values += given.get(name, ())
        elif p.kind in (p.KEYWORD_ONLY, p.VAR_KEYWORD):
            if name in given:
                cx.refuse(f"{obj.label} with keyword-only arguments", node, "give it positional ones")
        else:
            values.append(given[name] if name in given else cx.captured(p.default, f"default of {name}"))
    return values


def emit_call(cx: Lowerer, known: Known, packed: Packed) -> Value:
    assert known.result is not None
    args = packed.read()
    types = result_types(known.params, packed, args, known.types)
    outs = cx.builder.emit_all("call", *args, types=types, callee=known.name)
    return value_of(cx, known.result, outs)


class Maker:
    """Makes the function, and its rule, for one kind of arguments."""

    def __init__(self, cx: Lowerer, obj: Custom, packed: Packed, node: ast.AST) -> None:
        self.cx, self.obj, self.packed, self.node = cx, obj, packed, node
        self.params = packed.params
        self.trees: list[Any] = list(packed.trees.values())
        self.nondiff = {k % max(1, len(self.trees)) for k in getattr(obj, "nondiff_argnums", ())}
        self.wrt = tuple(k for k in range(len(self.trees)) if k not in self.nondiff)
        self.reason = ""
        self.plain: Opaque | None = None

    def make(self, key: Any) -> None:
        cx = self.cx
        frame = Frame(0, self.obj.label, None, None, {}, {}, code=self.obj)  # type: ignore[arg-type]
        label = self.obj.label
        self.known = Known(unique_name(cx, label if label != cx.main_name else f"{label}_itself"), frame, self.params)
        self.name_params()
        primal = self.attempt(self.primal) or self.opaque_primal()
        cx.kept[key] = self.known
        cx.kept_functions[self.known.name] = primal  # the rule may call it
        reverse = self.reverse(primal)
        rule = CallRule("custom", reverse, self.forward(reverse), f"{self.obj.label} has no such rule, and {self.reason}")
        cx.kept_functions[self.known.name] = replace(primal, rule=rule)

    def name_params(self) -> None:
        """Parameters are called what the function calls them."""
        names = [n for n, p in self.obj.signature.parameters.items() if p.kind is not p.VAR_POSITIONAL]
        for name, t in zip(names, self.trees, strict=False):
            if isinstance(t, tree.Leaf):
                self.params[t.index].hint = name

    def loc(self) -> Loc | None:
        """Where the call is; of a function that is differentiated itself, where it is defined."""
        if not self.cx.frames[-1].source.file.startswith("<srcdiff "):
            return self.cx.loc(self.node)
        try:
            found = function_source(self.obj.fun)  # type: ignore[arg-type]
        except (UnsupportedError, AttributeError):
            return self.cx.loc(self.node)
        return Loc(found.source, found.node.lineno, found.node.col_offset)

    def attempt(self, make: Callable[[], Function | None]) -> Function | None:
        """What ``make`` lowers; None, and the reason noted, if that is not possible."""
        cx = self.cx
        known, functions = dict(cx.kept), dict(cx.kept_functions)
        try:
            return make()
        except WrongRule:
            raise
        except UnsupportedError as error:
            for now, before in ((cx.kept, known), (cx.kept_functions, functions)):
                now.clear()
                now.update(before)
            self.reason = f"{error.loc}: {error.message}" if error.loc else error.message
            return None

    def function(self, name: str, body: Block, more: tuple[Var, ...] = (), **parts: Any) -> Function:
        params = (*self.params, *more)
        names = tuple((p.hint or f"arg{k}", tree.Leaf(k)) for k, p in enumerate(params))
        return Function(name, params, body, names, None, (), self.loc(), **parts)

    # -- lowered -------------------------------------------------------------------------------------------------------

    def primal(self) -> Function:
        """The function itself."""
        part = Part(self)
        value = part.call(self.obj.fun, *part.values)
        atoms: list[Atom] = []
        self.known.result = part.leaves(value, atoms)
        self.known.types = tuple(a.type for a in atoms)
        part.check_unwritten()
        return self.function(self.known.name, Block(tuple(part.sub.builder.stmts), tuple(atoms)))

    def out_bars(self) -> list[Var]:
        """Adjoints, or tangents, of the results that can have one."""
        return [Var(bar_type(t), "out_bar") for t in self.known.types if is_active_type(t)]

    def joint(self) -> Function:
        """The rule for reverse mode, in joint form."""
        obj = self.obj
        assert isinstance(obj, CustomRule)
        part = Part(self)
        pair = part.call(obj.fwd, *part.values)
        out, residuals = part.items(pair, 2, f"{name_of(obj.fwd)} does not return a pair (out, residuals)")
        atoms: list[Atom] = []
        self.check_result(part.leaves(out, atoms), atoms, name_of(obj.fwd))
        sub = part.sub
        sub.builder.stmts.append(Op("split", (), (), sub.builder.loc))
        bars = self.out_bars()
        with sub.builder.at(None, "adjoint"):
            first = [part.values[k] for k in sorted(self.nondiff)]
            found = part.call(obj.bwd, *first, residuals, part.with_leaves(self.bar_tree(), tuple(bars)))
            what = f"{name_of(obj.bwd)} does not return a tuple of {len(self.wrt)} adjoints"
            results = self.adjoints(part, part.items(found, len(self.wrt), what))
        part.check_unwritten()
        return self.halved(Block(tuple(sub.builder.stmts), (*atoms, *results)), bars, len(atoms))

    def halved(self, body: Block, bars: list[Var], results: int) -> Function:
        name = self.known.name
        halves = Halves(len(self.params), results, f"{name}_fwd", f"{name}_bwd")
        return self.function(f"{name}_joint", body, tuple(bars), halves=halves)

    def bar_tree(self) -> tree.Tree:
        """The nest of the result with adjoints for its leaves, None where there is none."""
        active = [k for k, t in enumerate(self.known.types) if is_active_type(t)]
        place = {k: tree.Leaf(n) for n, k in enumerate(active)}
        assert self.known.result is not None
        return tree.map_leaves(self.known.result, lambda leaf: place.get(leaf.index, tree.Static(None)))

    def check_result(self, found: tree.Tree, atoms: list[Atom], what: str) -> None:
        """The rule returns the same types as the function."""
        def kinds(types: tuple[Type, ...]) -> list[Any]:
            return [(t.dtype, len(t.shape)) if isinstance(t, Array) else t for t in types]

        types = tuple(a.type for a in atoms)
        if found != self.known.result or kinds(types) != kinds(self.known.types):
            shown, expected = (", ".join(map(in_words, ts)) for ts in (types, self.known.types))
            raise WrongRule(f"{what} returns {shown}, and {self.obj.label} {expected}", self.loc(), "return the same types")

    def adjoints(self, part: Part, bars: tuple[Value, ...]) -> list[Atom]:
        """An atom for each leaf of the arguments that can have an adjoint."""
        found: dict[int, Atom] = {}
        for k, bar in zip(self.wrt, bars, strict=True):
            part.match(self.trees[k], bar, found, f"the adjoint of argument {k} of {self.obj.label}", self.params)
        return [found.get(k, const(0.0)) for k, p in enumerate(self.params) if is_active_type(p.type)]

    def pushed(self) -> Function:
        """The rule for forward mode: results are the value's leaves, then the tangents of those that can have one."""
        obj = self.obj
        assert isinstance(obj, CustomRule)
        part = Part(self)
        dots = self.dots()
        tangents = part.with_leaves(tree.Node("tuple", tuple(map(self.dot_tree, self.wrt))), dots)
        first = [part.values[k] for k in sorted(self.nondiff)]
        pair = part.call(obj.jvp, *first, Tup(tuple(part.values[k] for k in self.wrt)), tangents)
        out, out_dot = part.items(pair, 2, f"{name_of(obj.jvp)} does not return a pair (out, out_dot)")
        atoms: list[Atom] = []
        self.check_result(part.leaves(out, atoms), atoms, name_of(obj.jvp))
        found: dict[int, Atom] = {}
        part.match(self.known.result, out_dot, found, f"the tangent that {name_of(obj.jvp)} returns", atoms)
        ends = [found.get(k, const(0.0)) for k, t in enumerate(self.known.types) if is_active_type(t)]
        part.check_unwritten()
        body = Block(tuple(part.sub.builder.stmts), (*atoms, *ends))
        return self.function(f"{self.known.name}_jvp", body, dots)

    def dots(self) -> tuple[Var, ...]:
        return tuple(Var(bar_type(p.type), f"{p.hint}_dot" if p.hint else "") for p in self.params if is_active_type(p.type))

    def dot_tree(self, k: int) -> tree.Tree:
        """The nest of an argument with tangents for its leaves."""
        active = [n for n, p in enumerate(self.params) if is_active_type(p.type)]
        place = {n: tree.Leaf(m) for m, n in enumerate(active)}
        t: tree.Tree = self.trees[k]
        return tree.map_leaves(t, lambda leaf: place.get(leaf.index, tree.Static(None)))

    def adjoint_from(self, pushed: Function, primal: Function) -> Function | None:
        """The joint form that follows from a rule for forward mode: the transposed of what that does with the tangents."""
        values = len(self.known.types)
        found = self.transposed(pushed, pushed.params, values)
        if found is None:
            return None
        forward = Copier({})
        stmts = [*forward.stmts(primal.body.stmts), Op("split", (), (), pushed.loc)]
        bars = self.out_bars()
        more, results = found.copied((*self.params, *filter(is_active, self.params)), bars, "adjoint")
        ends = (*(forward.atom(a) for a in primal.body.results), *results)
        return self.halved(Block((*stmts, *more), ends), bars, values)

    def tangent_from(self, joint: Function) -> Function | None:
        """The function with tangents that follows from a rule for reverse mode."""
        values = len(self.known.types)
        found = self.transposed(joint, joint.params, values)
        if found is None:
            return None
        copier = Copier({})
        stmts = copier.stmts(forward_half(joint))
        dots = self.dots()
        out = tuple(map(copier.atom, joint.body.results[:values]))
        more, results = found.copied((*self.params, *filter(is_active, out)), dots, "tangent")
        ends = (*out, *results)
        return self.function(f"{self.known.name}_jvp", Block((*stmts, *more), ends), dots)

    def transposed(self, fn: Function, params: tuple[Var, ...], values: int) -> Transposed | None:
        """What ``fn`` does with its further parameters, transposed; None if it is not linear in them."""
        cx = self.cx
        further = range(len(self.params), len(params))
        ends = fn.body.results[values:]
        stmts = tuple(s for s in fn.body.stmts if not (isinstance(s, Op) and s.name == "split"))
        result = tree.Node("tuple", tuple(map(tree.Leaf, range(len(ends)))))
        main = Function(fn.name, params, Block(stmts, ends), fn.args, result, (), fn.loc)
        module = Module(main, dict(cx.kept_functions), cx.facts, cx.objects)
        made = cx.derive(module, "pullback", tuple(further), False)
        results = made.main.body.results
        if depends(made.main.body.stmts, results, {made.main.params[k] for k in further}):
            self.reason = f"its rule for {'reverse' if fn.halves else 'forward'} mode is not linear"
            return None
        for name, made_too in made.functions.items():
            cx.kept_functions.setdefault(name, made_too)
        return Transposed(made.main, len(params), results)

    # -- as they are ---------------------------------------------------------------------------------------------------

    def opaque_primal(self) -> Function:
        """The function called as it is; what it returns is known from a run of the program."""
        kinds = self.observed()
        types: list[Type] = []

        def leaf(kind: Any) -> tree.Tree:
            if not isinstance(kind, Kind):
                return tree.Static(None)
            types.append(type_of(kind))
            return tree.Leaf(len(types) - 1)

        self.known.result = tree_of(kinds, leaf)
        self.known.types = tuple(types)
        outs = tuple(map(Var, types))
        call = self.opaque(self.plain_call(kinds), self.known.name, self.params, outs)
        return self.function(self.known.name, Block((call,), outs))

    def observed(self) -> Any:
        """The kinds of what the function returned in a run of the program, for arguments like these."""
        found = []
        for obj, args, kwargs, out in self.cx.facts.calls() if self.cx.facts.calls is not None else ():
            same = obj.fun is self.obj.fun and not kwargs and len(args) <= len(self.trees)
            if same and all(self.agrees(t, a) for t, a in zip(self.trees, args, strict=False)):
                found.append(map_values(kind_of, out))
        if not found or any(f != found[0] for f in found):
            why = "returned different types" if found else "was not called with such arguments"
            self.cx.refuse(f"what {self.obj.label} returns is not known: in a run of the program it {why}, "
                           f"and it cannot be looked into ({self.reason})", self.node,
                           "call it with one type of arguments, or write it in NumPy")
        return found[0]

    def agrees(self, t: Any, value: Any) -> bool:
        """Whether a value is of the types of a tree."""
        if isinstance(t, tree.Leaf):
            return kind_of(value) == kind_of_type(self.params[t.index].type)
        if isinstance(t, tree.Static):
            return True
        items = value.values() if isinstance(value, dict) else vars(value).values() if hasattr(value, "__dict__") else value
        return isinstance(items, Iterable) and all(self.agrees(i, v) for i, v in zip(t.items, items, strict=False))

    def plain_call(self, kinds: Any) -> Opaque:
        """The function as it is: one object for all places where it is called."""
        self.plain = self.plain or Opaque(self.obj.fun, self.nests(), kinds)
        return self.plain

    def nests(self) -> tuple[Any, ...]:
        """The arguments with places for leaves."""
        return tuple(nest(t, lambda leaf: Place(leaf.index)) for t in self.trees)

    def result_nest(self) -> Any:
        """The result with kinds for leaves."""
        return nest(self.known.result, lambda leaf: kind_of_type(self.known.types[leaf.index]))

    def opaque(self, call: Any, name: str, args: tuple[Atom, ...], outs: tuple[Var, ...], role: str = "primal") -> Op:
        cx = self.cx
        label = cx.label(call, f"call_{name}")
        return Op("opaque", (Const(call, Object("static"), label), tuple(args)), outs, self.loc(), role)

    def opaque_joint(self) -> Function:
        """The rule for reverse mode as it is: what its forward part keeps may be anything."""
        obj, name = self.obj, self.known.name
        outs = tuple(map(Var, self.known.types))
        bars = self.out_bars()
        kept: tuple[Any, ...]
        if isinstance(obj, CustomRule):
            kept = (Var(Object("residuals"), "residuals"),)
            assert obj.fwd is not None
            assert obj.bwd is not None
            call = OpaqueForward(obj.fwd, self.nests(), self.result_nest())
            backward, first = obj.bwd, tuple(sorted(self.nondiff))
            before = self.opaque(call, f"{name}_fwd", self.params, (*outs, *kept))
        else:
            assert isinstance(obj, Numeric)
            kept = (const(None),)
            before = self.opaque(self.plain_call(self.result_nest()), name, self.params, outs)
            backward, first = _without_residuals(obj), tuple(range(len(self.trees)))
        places = nest(self.bar_tree(), lambda leaf: Place(len(self.params) + leaf.index))
        adjoint = OpaqueAdjoint(backward, self.nests(), places, self.wrt, first)
        ends = tuple(Var(bar_type(p.type), f"{p.hint}_bar" if p.hint else "") for p in self.params if is_active_type(p.type))
        after = self.opaque(adjoint, f"{name}_bwd", (*kept, *self.params, *bars), ends, "adjoint")
        return self.halved(Block((before, Op("split", (), (), before.loc), after), (*outs, *ends)), bars, len(outs))

    def opaque_pushed(self) -> Function:
        """The rule for forward mode as it is."""
        obj, dots = self.obj, self.dots()
        outs = tuple(map(Var, self.known.types))
        ends = tuple(Var(bar_type(t), "out_dot") for t in self.known.types if is_active_type(t))
        place = {n: Place(len(self.params) + m) for m, n in
                 enumerate(n for n, p in enumerate(self.params) if is_active_type(p.type))}
        nests = self.nests()
        tangents = tuple(nest(self.trees[k], lambda leaf: place.get(leaf.index)) for k in self.wrt)
        fun: Any = obj.jvp if isinstance(obj, CustomRule) else obj.push  # type: ignore[attr-defined]
        given = (*(nests[k] for k in sorted(self.nondiff)), tuple(nests[k] for k in self.wrt), tangents)
        call = OpaqueForward(fun, given, self.result_nest(), dots=True)
        op = self.opaque(call, f"{self.known.name}_jvp", (*self.params, *dots), (*outs, *ends))
        return self.function(f"{self.known.name}_jvp", Block((op,), (*outs, *ends)), dots)

    # -- the rule ------------------------------------------------------------------------------------------------------

    def reverse(self, primal: Function) -> Function | None:
        obj = self.obj
        if isinstance(obj, Numeric):
            self.reason = "it is differentiated by differences"
            return self.opaque_joint()
        assert isinstance(obj, CustomRule)
        if obj.fwd is not None:
            return self.attempt(self.joint) or self.opaque_joint()
        pushed = self.attempt(self.pushed)
        return None if pushed is None else self.attempt(lambda: self.adjoint_from(pushed, primal))

    def forward(self, joint: Function | None) -> Function | None:
        obj = self.obj
        if isinstance(obj, Numeric):
            return self.opaque_pushed()
        if getattr(obj, "jvp", None) is None:
            self.reason = "its rule for reverse mode is called as it is"
            return None if joint is None or calls_python(joint.body) else self.attempt(lambda: self.tangent_from(joint))
        return self.attempt(self.pushed) or self.opaque_pushed()


@dataclass(frozen=True)
class Transposed:
    """``main`` has a function's parameters and seeds for its results (from ``first`` on); ``results`` are the adjoints of those
    parameters in which it is linear, and do not depend on them.
    """

    main: Function
    first: int
    results: tuple[Atom, ...]

    def copied(self, params: tuple[Atom, ...], seeds: Iterable[Var], role: str) -> tuple[list[Stmt], list[Atom]]:
        """The statements for these parameters (of the linear ones the shapes count) and seeds, and their results."""
        copier = Copier(dict(zip(self.main.params, (*params, *seeds), strict=True)), role)
        stmts = copier.stmts(self.main.body.stmts)
        return stmts, [copier.atom(a) for a in self.results]


def _without_residuals(obj: Numeric) -> Callable[..., Any]:
    """The backward part of a numeric function: of its arguments, and no residuals."""
    def pull(*args: Any) -> tuple[Any, ...]:
        *primals, _, out_bar = args
        return obj.pull(tuple(primals), out_bar)

    pull.__name__ = f"the difference of {obj.label}"
    return pull
