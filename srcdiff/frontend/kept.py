"""Functions that stay functions: recursive ones, and long ones.

A kept function is lowered on its own, once for each kind of arguments, over the leaves of its arguments. One that does not call
itself is lowered for the dimensions of its first call; otherwise it assumes nothing of them but what its callers prove (equal
ones stay equal). What it returns, and which storages it writes, is found by fixed point from bottom: in the first round a call
of itself is an error in its branch.
"""

from __future__ import annotations

import ast
from dataclasses import field, replace
from typing import Any

from ..errors import UnsupportedError
from ..ir import dims, tree
from ..ir.build import const
from ..ir.core import Atom, Block, CallRule, Const, Function, Var
from ..ir.types import Array, List, Scalar, Type
from ..records import dataclass
from .aliases import partners, read_again
from .context import Frame, Lowerer
from .nested import free_values
from .nests import nest_of
from .packed import Packed, closed, opened, result_types, unpack
from .scopes import RESERVED
from .structure import flatten, rebuild, same_value
from .values import Closure, DynList, Fields, Obj, Poison, Ref, Tup, Value
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


class CallsItself(Exception):
    """A function (``code``) that is being lowered for the dimensions of one call calls itself."""

    def __init__(self, code: object) -> None:
        self.code = code


def try_kept(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value],
             site: ast.AST) -> Value | None:
    """Keep the function if that is possible without giving anything up; None if it has to be lowered in line."""
    from .iteration import Mark

    mark, start, known = Mark(cx), next(cx.ids), dict(cx.kept)
    functions, conditions = dict(cx.kept_functions), dict(cx.facts.conditions)
    for sizes in (True, False):
        try:
            return call_kept(cx, frame, node, bound, site, strict=True, sizes=sizes)
        except (UnsupportedError, CallsItself) as reason:
            mark.restore(start)
            refill(cx.kept, known)
            refill(cx.kept_functions, functions)
            if isinstance(reason, UnsupportedError):
                break
            refill(cx.facts.conditions, conditions)
            if reason.code is not frame.code:
                raise
    cx.never_kept.add(frame.code)
    return None


def refill(contents: dict[Any, Any], was: dict[Any, Any]) -> None:
    contents.clear()
    contents.update(was)


@dataclass(eq=False)
class Info:
    """What is known of a kept function; ``result`` is None until a round gave one.

    ``written``: positions of the parameters whose storage it writes. ``alias``: (result leaf, parameter) that may share memory
    after the call; ``links``: pairs of parameters that may. ``sizes``: it is lowered for the dimensions of one call.
    ``rebound``: names of the functions around it that it binds anew (nonlocal): what they are bound to comes after the result.
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
    sizes: bool = False
    rebound: tuple[Any, ...] = ()
    list_types: dict[int, Type] = field(default_factory=dict)  # of lists that it changes: what they are after it

    def findings(self) -> tuple[Any, ...]:
        """What the rounds find out."""
        return self.types, self.written, self.alias, self.links, self.result is None, self.rebound


def call_kept(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value], site: ast.AST,
              strict: bool = False, rule: CallRule | None = None, sizes: bool = False) -> Value:
    """Call a function that is not lowered in line.

    ``strict``: refuse one whose aliases only its caller could tell. ``rule``: how it is differentiated, if not by its body.
    ``sizes``: lower it for the dimensions of this call, unless it was for those of another one.
    """
    if any(info.sizes and info.busy and info.frame.code is frame.code for info in cx.kept.values()):
        raise CallsItself(frame.code)
    values: dict[Any, Value] = dict(bound) | captured_names(cx, frame, node, bound)
    grow_lists(cx, node, values)
    packed = Packed(cx, values, site, known_integers=rule is not None, sizes=sizes)
    key = (frame.code, packed.key, rule and rule.kind, bool(cx.tries))  # in a try it computes what nobody needs too
    if sizes and key not in cx.kept and any(info.sizes and info.frame.code is frame.code for info in cx.kept.values()):
        packed = Packed(cx, values, site)
        key = (frame.code, packed.key, None, bool(cx.tries))
        sizes = False
    info = cx.kept.get(key)
    if info is None:
        for k, param in enumerate(packed.params):
            param.hint = next((n if isinstance(n, str) else n[1] for n, t in packed.trees.items() if t == tree.Leaf(k)), "")
        info = cx.kept[key] = Info(unique_name(cx, frame.name), frame, packed.params, tuple(packed.trees.items()),
                                  rule=rule, sizes=sizes)
        settle(cx, info, node, packed, site)
    elif info.busy:
        info.recursive = True
    if strict and (info.alias or info.links or not plain(info.result)):
        cx.refuse("a result that may share memory with an argument", site)
    if info.result is None:
        raise UnsupportedError(f"{frame.name} calls itself on every path", cx.loc(site), "give it a base case")
    return emit_call(cx, info, packed, site)


CHANGING = frozenset({"append", "extend", "insert", "pop", "clear", "appendleft", "popleft", "remove", "sort", "reverse"})


def grow_lists(cx: Lowerer, node: ast.AST, values: dict[Any, Value]) -> None:
    """Lists that the function changes, by the names that it has for them, become lists of unknown length; dicts become dicts
    whose keys only the run knows."""
    from .join import to_dynamic
    from .tables import as_table

    changed = {n.func.value.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
               and n.func.attr in CHANGING and isinstance(n.func.value, ast.Name)}
    changed |= {n.value.id for n in ast.walk(node) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
                and isinstance(n.value, ast.Name)}
    for name, value in values.items():
        contents = cx.state.objs.get(value.oid) if isinstance(value, Obj) else None
        if (name if isinstance(name, str) else name[1]) in changed and isinstance(contents, Fields) \
                and isinstance(value, Obj) and value.oid not in cx.foreign:
            if contents.keys is None and contents.cls is None:
                to_dynamic(cx, value.oid, None)
            elif contents.keys is not None and not isinstance(contents.cls, type) and \
                    all(type(k) is int for k in contents.keys):
                as_table(cx, value)


def plain(result: Value | None) -> bool:
    """Whether a result is made of numbers and arrays (a list is better known item by item)."""
    return result is None or all(isinstance(v, (int, Const)) for v in flatten(result))


def unique_name(cx: Lowerer, name: str) -> str:
    base, main = (n if n.isidentifier() else "function" for n in (name, cx.main_name))
    names = {main, *(i.name for i in cx.kept.values()), *RESERVED}
    second = (f"{base}_rec",) if base == main else ()
    return next(n for n in (base, *second, *(f"{base}_{k}" for k in range(2, 1000))) if n not in names)


def captured_names(cx: Lowerer, frame: Frame, node: ast.FunctionDef | ast.Lambda, bound: dict[str, Value]) -> dict[Any, Value]:
    """Variables of enclosing functions that the function reads, also through functions that it is given: further arguments."""
    found: dict[Any, Value] = {}
    outer = frame.parent
    while outer is not None:
        keys = [(outer.fid, name) for name in sorted(frame.scope.nonlocals & outer.scope.local)]
        found |= {key: cx.state.env[key] for key in keys if key in cx.state.env}
        outer = outer.parent
    functions: list[Value] = [leaf for value in bound.values() for leaf in flatten(value)]
    if frame.parent is not None:
        functions.append(Closure(node, frame.parent))
    for fun in functions:
        found |= free_values(cx, fun)
    return found


# -- lowering the function ---------------------------------------------------------------------------------------------


def settle(cx: Lowerer, info: Info, node: ast.FunctionDef | ast.Lambda, packed: Packed, site: ast.AST) -> None:
    """Lower the body until its result, its writes and its aliases no longer change.

    Functions that call this one are lowered anew in each round.
    """
    for _ in range(ROUNDS):
        before, known, functions = info.findings(), dict(cx.kept), dict(cx.kept_functions)
        function = lower_body(cx, info, node, packed)
        if info.findings() == before:
            break
        if info.recursive:
            refill(cx.kept, known)
            refill(cx.kept_functions, functions)
    else:
        cx.refuse(f"the type of what {info.name} returns does not settle", site)
    info.busy = False
    cx.kept_functions[info.name] = replace(function, rule=info.rule)


def lower_body(cx: Lowerer, info: Info, node: ast.FunctionDef | ast.Lambda, packed: Packed) -> Function:
    from .inline import enter

    sub = Lowerer(cx.facts)
    sub.kept, sub.kept_functions, sub.objects, sub.memo = cx.kept, cx.kept_functions, cx.objects, info.memo
    sub.derive = cx.derive
    sub.tries, sub.outlived = cx.tries, set(cx.outlived)
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
    around = {name: sub.state.env[name] for name, _ in info.names if not isinstance(name, str)}
    value = enter(sub, frame, node, bound)
    sub.frames.append(frame)
    if not sub.state.dead:
        new = {name for name, old in around.items() if not same_value(old, sub.state.env.get(name, old))}
        if not new <= set(info.rebound):  # what was found so far has no place for them
            info.rebound = tuple(sorted(new.union(info.rebound)))
            info.result, info.types, info.alias = None, (), frozenset()
        if info.rebound:
            value = Tup((value, *(sub.state.env[name] for name in info.rebound)))
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
            final = contents.lists[0] if isinstance(contents, DynList) and len(contents.lists) == 1 else None
            if isinstance(final, Var):
                info.list_types[k] = final.type
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
    known = {s for p in info.params if isinstance(p.type, Array) for d in p.type.shape if not isinstance(d, int)
             for s, _ in d.terms}
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
    shape = tuple(d if isinstance(d, int) or dims.is_static((d,)) or {s for s, _ in d.terms} <= known
                  else dims.runtime_sym(f"r{tag}{k}") for k, d in enumerate(t.shape))
    return Array(t.dtype, shape, t.layout if isinstance(t.layout, str) else "A", t.weak)


# -- the call ----------------------------------------------------------------------------------------------------------


def emit_call(cx: Lowerer, info: Info, packed: Packed, site: ast.AST) -> Value:
    """The operation, and what it does to the caller's heap."""
    written = [packed.leaves[k] for k in info.written]
    for leaf in written:
        check_alone(cx, leaf, packed.leaves, site)
    args = packed.read()
    types = result_types(info.params, packed, args, info.types)
    types += tuple(written_type(info, k, args[k].type) for k in info.written)
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
    result = closed(cx, rebuild(info.result, iter(leaves)), info.layout)
    if not info.rebound:
        return result
    assert isinstance(result, Tup)
    cx.state.env.update(zip(info.rebound, result.items[1:], strict=True))
    return result.items[0]


def written_type(info: Info, k: int, before: Type) -> Type:
    """The type of what is written to: that of the argument, unless nothing was known of a list."""
    known = info.list_types.get(k)
    return known if known is not None and isinstance(before, List) and before.elem is None else before


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
        contents = cx.contents(leaf.oid)
        known = isinstance(contents, DynList) and not isinstance(contents.template, int)
        assert isinstance(out.type, List)
        cx.put(leaf.oid, DynList((out,), contents.template if known else nest_of(out.type)))  # type: ignore[union-attr]
        return
    assert isinstance(leaf, Ref)
    if leaf.path.steps or leaf.sid in cx.state.choices:
        cx.write(leaf, out, "setview", site)
        return
    cx.check_writable(leaf.sid, site)
    cx.state.store[leaf.sid] = out
    read_again(cx, leaf.sid)


