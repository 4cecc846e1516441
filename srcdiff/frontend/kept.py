"""Functions that stay functions: recursive ones, and long ones.

A kept function is lowered on its own, once for each kind of arguments, over the leaves of its arguments. It assumes nothing of
their dimensions but what its callers prove (equal ones stay equal). What it returns, and which storages it writes, is found
by fixed point from bottom: in the first round a call of itself is an error in its branch.
"""

from __future__ import annotations

import ast
from dataclasses import field, replace
from typing import Any

from ..errors import UnsupportedError
from ..ir import dims, tree
from ..ir.build import const
from ..ir.core import Atom, Block, CallRule, Const, Function, Var
from ..ir.types import Array, Scalar, Type
from ..records import dataclass
from .aliases import partners, read_again
from .context import Frame, Lowerer
from .nested import free_values
from .packed import Packed, closed, opened, result_types, unpack
from .scopes import RESERVED
from .structure import flatten, rebuild
from .values import Closure, DynList, Fields, Obj, Poison, Ref, Value
from .widening import NoJoin, join_types

__all__ = ["call_kept", "is_recursive", "is_wanted", "try_kept", "unique_name"]

ROUNDS = 20
LONG = 20  # statements; a shorter function that does not call itself is lowered in line


def is_recursive(cx: Lowerer, code: object) -> bool:
    """Whether a function of this code is being lowered on its own, or was because it calls itself."""
    return any(info.frame.code is code and (info.busy or info.recursive) for info in cx.kept.values())


def is_wanted(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether to keep a function that could be lowered in line: by its length, unless an option says so."""
    if isinstance(node, ast.Lambda) or frame.scope.nonlocals or frame.code in cx.never_kept:
        return False
    if cx.inline is not None:
        return not cx.inline
    return sum(isinstance(n, ast.stmt) for n in ast.walk(node)) > LONG


def try_kept(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value],
             site: ast.AST) -> Value | None:
    """Keep the function if that is possible without giving anything up; None if it has to be lowered in line."""
    from .iteration import Mark

    mark, start, known = Mark(cx), next(cx.ids), dict(cx.kept)
    functions = dict(cx.kept_functions)
    try:
        return call_kept(cx, frame, node, bound, site, strict=True)
    except UnsupportedError:
        mark.restore(start)
        cx.kept.clear()
        cx.kept.update(known)
        cx.kept_functions.clear()
        cx.kept_functions.update(functions)
        cx.never_kept.add(frame.code)
        return None


@dataclass(eq=False)
class Info:
    """What is known of a kept function; ``result`` is None until a round gave one.

    ``written``: positions of the parameters whose storage it writes. ``alias``: (result leaf, parameter) that may share memory
    after the call; ``links``: pairs of parameters that may.
    """

    name: str
    frame: Frame
    params: tuple[Var, ...]
    names: tuple[tuple[Any, Any], ...]
    result: Value | None = None
    types: tuple[Type, ...] = ()
    written: tuple[int, ...] = ()
    alias: frozenset[tuple[int, int]] = frozenset()
    links: frozenset[tuple[int, int]] = frozenset()
    busy: bool = True
    recursive: bool = False
    memo: dict[Any, Any] = field(default_factory=dict)
    rule: CallRule | None = None
    layout: Any = None

    def findings(self) -> tuple[Any, ...]:
        """What the rounds find out."""
        return self.types, self.written, self.alias, self.links, self.result is None


def call_kept(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value], site: ast.AST,
              strict: bool = False, rule: CallRule | None = None) -> Value:
    """Call a function that is not lowered in line.

    ``strict``: refuse one whose aliases only its caller could tell. ``rule``: how it is differentiated, if not by its body.
    """
    values: dict[Any, Value] = dict(bound) | captured_names(cx, frame, node, bound)
    packed = Packed(cx, values, site, known_integers=rule is not None)
    key = (frame.code, packed.key, rule and rule.kind, bool(cx.tries))  # in a try it computes what nobody needs too
    info = cx.kept.get(key)
    if info is None:
        for k, param in enumerate(packed.params):
            param.hint = next((n if isinstance(n, str) else n[1] for n, t in packed.trees.items() if t == tree.Leaf(k)), "")
        info = cx.kept[key] = Info(unique_name(cx, frame.name), frame, packed.params, tuple(packed.trees.items()),
                                  rule=rule)
        settle(cx, info, node, packed, site)
    elif info.busy:
        info.recursive = True
    if strict and (info.alias or info.links or not plain(info.result)):
        cx.refuse("a result that may share memory with an argument", site)
    if info.result is None:
        raise UnsupportedError(f"{frame.name} calls itself on every path", cx.loc(site), "give it a base case")
    return emit_call(cx, info, packed, site)


def plain(result: Value | None) -> bool:
    """Whether a result is made of numbers and arrays (a list is better known item by item)."""
    return result is None or all(isinstance(v, (int, Const)) for v in flatten(result))


def unique_name(cx: Lowerer, name: str) -> str:
    base, main = (n if n.isidentifier() else "function" for n in (name, cx.main_name))
    names = {main, *(i.name for i in cx.kept.values()), *RESERVED}
    return next(n for n in (base, f"{base}_rec", *(f"{base}_{k}" for k in range(2, 1000))) if n not in names)


def captured_names(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value]) -> dict[Any, Value]:
    """Variables of enclosing functions that the function reads, also through functions that it is given: further arguments."""
    if frame.scope.nonlocals:
        raise UnsupportedError("nonlocal in a function that is kept as one", cx.loc(node), "return the new value")
    found: dict[Any, Value] = {}
    functions: list[Value] = [leaf for value in bound.values() for leaf in flatten(value)]
    if frame.parent is not None:
        functions.append(Closure(node, frame.parent))
    for fun in functions:
        found |= free_values(cx, fun)
    return found


# -- lowering the function ---------------------------------------------------------------------------------------------


def settle(cx: Lowerer, info: Info, node: ast.FunctionDef | ast.Lambda, packed: Packed, site: ast.AST) -> None:
    """Lower the body until its result, its writes and its aliases no longer change."""
    for _ in range(ROUNDS):
        before = info.findings()
        function = lower_body(cx, info, node, packed)
        if info.findings() == before:
            break
    else:
        cx.refuse(f"the type of what {info.name} returns does not settle", site)
    info.busy = False
    cx.kept_functions[info.name] = replace(function, rule=info.rule)


def lower_body(cx: Lowerer, info: Info, node: ast.FunctionDef | ast.Lambda, packed: Packed) -> Function:
    from .inline import enter

    sub = Lowerer(cx.facts)
    sub.kept, sub.kept_functions, sub.objects, sub.memo = cx.kept, cx.kept_functions, cx.objects, info.memo
    sub.derive = cx.derive
    sub.tries = cx.tries
    sub.restart(1_000_000)
    sub.main_name, sub.inline, sub.never_kept = cx.main_name, cx.inline, cx.never_kept
    sub.builder.loc = cx.loc(node)
    storages: dict[int, int] = {}
    bound: dict[str, Value] = {}
    owners: list[int | None] = [None] * len(info.params)
    for name, t in info.names:
        value = unpack(sub, t, info.params, owners)
        if isinstance(name, str):
            bound[name] = value
        else:
            sub.state.env[name] = value
    storages = {s: k for k, s in enumerate(owners) if s is not None}
    sub.pinned = set(storages)
    frame = replace_frame(info.frame)
    value = enter(sub, frame, node, bound)
    sub.frames.append(frame)
    return finish(sub, info, value, storages, packed)


def replace_frame(frame: Frame) -> Frame:
    return Frame(0, frame.name, frame.scope, frame.source, frame.globals, frame.cells, frame.parent, code=frame.code)


def finish(sub: Lowerer, info: Info, value: Value, storages: dict[int, int], packed: Packed) -> Function:
    """Read the results, note what changed, and make the function."""
    results: list[Atom] = []
    numbered: list[Any] = []
    alias: set[tuple[int, int]] = set()
    if isinstance(value, (Closure, Poison)):
        sub.refuse(f"a recursive function that returns a {sub.describe(value)}")
    if info.rule is not None and not sub.state.dead:
        value, info.layout = opened(sub, value, storages)
    if not sub.state.dead:
        for leaf in flatten(value):
            numbered.append(result_leaf(sub, leaf, results, alias, storages))
        shape = rebuild(value, iter(numbered))
        types = merged_types(info, [r.type for r in results], sub)
        info.result, info.types = shape, types
        info.alias |= alias
    info.links |= {(k, storages[b]) for a, k in storages.items() for b in partners(sub.state, a) if b in storages}
    leaves = len(info.types)
    if sub.state.dead:
        results = [const(0.0)] * leaves
    written: list[tuple[int, int]] = []
    for number, k in sorted(storages.items(), key=lambda s: s[1]):
        final: Any = sub.state.store.get(number)
        if number in sub.state.objs:
            contents = sub.state.objs[number]
            final = contents.lists[0] if isinstance(contents, DynList) else None
            if final is None:
                sub.refuse("a list that a recursive function replaces")
        if final is not info.params[k]:
            written.append((k, leaves + len(written)))
            results.append(final)
    info.written = tuple(sorted({*info.written, *(k for k, _ in written)}))
    if len(info.written) != len(written):
        written, results = all_written(info, results[:leaves], storages, sub)
    args = tuple((param_name(info, k), tree.Leaf(k)) for k in range(len(info.params)))
    out = tree.Leaf(0) if leaves == 1 else tree.Node("tuple", tuple(tree.Leaf(k) for k in range(leaves)))
    return Function(info.name, info.params, Block(tuple(sub.builder.stmts), tuple(results)), args, out, tuple(written),
                    sub.builder.loc)


def all_written(info: Info, results: list[Atom], storages: dict[int, int], sub: Lowerer) -> tuple[list[Any], list[Atom]]:
    written: list[Any] = []
    for number, k in sorted(storages.items(), key=lambda s: s[1]):
        if k in info.written:
            contents = sub.state.objs.get(number)
            written.append((k, len(results)))
            results.append(contents.lists[0] if isinstance(contents, DynList) else sub.state.store[number])
    return written, results


def param_name(info: Info, index: int) -> str:
    for name, t in info.names:
        if t == tree.Leaf(index):
            return name if isinstance(name, str) else name[1]
    return f"arg{index}"


def result_leaf(sub: Lowerer, leaf: Any, results: list[Atom], alias: set[tuple[int, int]], storages: dict[int, int]) -> Any:
    if isinstance(leaf, Const) and not isinstance(leaf.type, Scalar):
        return leaf
    if isinstance(leaf, Ref):
        for sid in {leaf.sid} | partners(sub.state, leaf.sid):
            if sid in storages:
                alias.add((len(results), storages[sid]))
    elif isinstance(leaf, Obj):
        contents = sub.state.objs[leaf.oid]
        if not isinstance(contents, DynList) or contents.template != 0 or leaf.oid in storages:
            from .join import to_dynamic

            if leaf.oid in storages or not isinstance(contents, Fields) or contents.keys is not None:
                sub.refuse("a recursive function that returns a dict, or a list that it was given")
            contents = to_dynamic(sub, leaf.oid, None)
        results.append(contents.lists[0])
        return len(results) - 1
    results.append(sub.read(leaf))
    return len(results) - 1


def merged_types(info: Info, types: list[Type], sub: Lowerer) -> tuple[Type, ...]:
    """The types of the results: joined with those of the rounds before, dimensions in terms of the parameters."""
    known = {s for p in info.params if isinstance(p.type, Array) for d in p.type.shape for s, _ in d.terms}  # type: ignore[union-attr]
    clean = tuple(_clean(t, known, (info.name, k)) for k, t in enumerate(types))
    if not info.types:
        return clean
    if len(info.types) != len(clean):
        sub.refuse("a recursive function that returns different structures")
    try:
        return tuple(_clean(join_types(a, b), known, (info.name, k))
                     for k, (a, b) in enumerate(zip(info.types, clean, strict=True)))
    except NoJoin as no:
        raise UnsupportedError(f"a recursive function that returns {no}") from no


def _clean(t: Type, known: set[dims.Sym], tag: object) -> Type:
    if not isinstance(t, Array):
        return t
    shape = tuple(d if isinstance(d, int) or {s for s, _ in d.terms} <= known else dims.runtime_sym(f"r{tag}{k}")
                  for k, d in enumerate(t.shape))
    return Array(t.dtype, shape, t.layout if isinstance(t.layout, str) else "A", t.weak)


# -- the call ----------------------------------------------------------------------------------------------------------


def emit_call(cx: Lowerer, info: Info, packed: Packed, site: ast.AST) -> Value:
    """The operation, and what it does to the caller's heap."""
    written = [packed.leaves[k] for k in info.written]
    for leaf in written:
        check_alone(cx, leaf, packed.leaves, site)
    args = packed.read()
    types = result_types(info.params, packed, args, info.types) + tuple(args[k].type for k in info.written)
    outs = cx.builder.emit_all("call", *args, types=types, callee=info.name)
    leaves: list[Any] = []
    wrapped = [cx.wrap(o) for o in outs[:len(info.types)]]
    for place, k in info.alias:
        source, result = packed.leaves[k], wrapped[place]
        if isinstance(source, Ref) and isinstance(result, Ref):
            cx.link(result.sid, source.sid)
    for a, b in sorted(info.links):
        cx.link(*(v.sid if isinstance(v, Ref) else v.oid for v in (packed.leaves[a], packed.leaves[b])))  # type: ignore[union-attr]
    assert info.result is not None
    for leaf in flatten(info.result):
        leaves.append(wrapped[leaf] if isinstance(leaf, int) else leaf)
    for leaf, out in zip(written, outs[len(info.types):], strict=True):
        write_back(cx, leaf, out, site)
    return closed(cx, rebuild(info.result, iter(leaves)), info.layout)


def check_alone(cx: Lowerer, leaf: Value, leaves: list[Value], site: ast.AST) -> None:
    """The storage that a kept function writes must not be passed to it a second time."""
    number = leaf.sid if isinstance(leaf, Ref) else leaf.oid  # type: ignore[union-attr]
    near = {number, *partners(cx.state, number)}
    same = [v for v in leaves if getattr(v, "sid", None) in near or getattr(v, "oid", None) in near]
    if len(same) > 1:
        cx.refuse("a recursive function that writes to an array passed to it twice", site, "pass a copy")


def write_back(cx: Lowerer, leaf: Value, out: Var, site: ast.AST) -> None:
    if isinstance(leaf, Obj):
        cx.check_owned(leaf.oid, site)
        cx.state.objs[leaf.oid] = DynList((out,), 0)
        return
    assert isinstance(leaf, Ref)
    if leaf.path.steps or leaf.sid in cx.state.choices:
        cx.write(leaf, out, "setview", site)
        return
    cx.check_writable(leaf.sid, site)
    cx.state.store[leaf.sid] = out
    read_again(cx, leaf.sid)


