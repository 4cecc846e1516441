"""A module in its final form -> Python source."""

from __future__ import annotations

import ast
import dataclasses
import keyword
import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..containers import container_of
from ..errors import InternalError
from ..generated import GeneratedSource
from ..ir.core import Atom, Block, Const, Function, Loop, Module, Op, Var, arg_vars, defs_of
from ..ir.hints import Follower
from ..ir.tree import Leaf, Static, Tree
from ..ir.tree import Node as TreeNode
from ..ir.types import List, Object, Stash, is_active_type
from ..optimize.inplace_effects import returned, walk
from ..rules.table import registered_function
from .expressions import const_node, dotted, object_name, subscript
from .names import Leader, Wish, choose_names, real_names, rename
from .places import put_in_place
from .statements import Emitter
from .text import Text
from .tree import Line, Node, literal, name_of

__all__ = ["GeneratedSource", "emit"]

KINDS = {"_bar": "bar", "_dot": "dot"}


def emit(module: Module) -> GeneratedSource:
    """The source of all functions of a bufferized module, kept ones first."""
    called = {s.callee for f in (module.main, *module.functions.values()) for s in walk(f.body) if isinstance(s, Op)}
    functions = _in_order(module, called)
    taken = {f.name for f in functions} | set(module.objects)
    classes: dict[str, Any] = {}
    named: dict[Var, str] = {}
    parts = [_function(_flat(fn) if fn.name in called else fn, module, taken, classes, named) for fn in functions]
    used = set().union(*(real_names(body) for _, body, _ in parts))
    body_text = Text()
    for fn, body, head in parts:
        body_text.add("")
        body_text.add("")
        body_text.add(head, 0, fn.loc)
        if fn.doc:
            body_text.add(f'"""{fn.doc}"""', 1)
        body_text.block(body, 1)
    imports = _imports(used, "\n".join(body_text.lines))
    if not imports:
        body_text = _without_blank_head(body_text)
    shift = len(imports)
    text = "\n".join([*imports, *body_text.lines]) + "\n"
    line_map = {k + shift: loc for k, loc in body_text.places.items()}
    names = tuple(f.name for f in (module.main, *module.functions.values()))
    return GeneratedSource(text, line_map, names, {**module.objects, **_registered(functions), **classes})


def _registered(functions: list[Function]) -> dict[str, Any]:
    """The user's functions that are operations of their own."""
    ops = [s for f in functions for s in walk(f.body) if isinstance(s, Op)]
    return {object_name(op.name): f for op in ops if (f := registered_function(op.name)) is not None}


def _in_order(module: Module, called: set[str]) -> list[Function]:
    """Functions that others call, the main one, and its other half."""
    kept = module.functions.values()
    return [*(f for f in kept if f.name in called), module.main, *(f for f in kept if f.name not in called)]


def _flat(fn: Function) -> Function:
    """A kept function passes leaves, not containers: one parameter for each, and a tuple of what it does not update in
    place.
    """
    plain = all(isinstance(tree, Leaf) for _, tree in fn.args) and len(fn.args) == len(fn.params)
    kept: tuple[Tree, ...] = tuple(Leaf(k) for k in returned(fn))
    if kept and (stash := _stash_of(fn)) is not None:  # written where it is returned
        first = len(fn.body.results) - 1
        fn = replace(fn, body=Block(fn.body.stmts[:-1], (*fn.body.results[:-1], *stash.args[0])))
        kept = (*kept[:-1], TreeNode("tuple", tuple(Leaf(first + k) for k in range(len(stash.args[0])))))
    return replace(fn, args=fn.args if plain else (), result=kept[0] if len(kept) == 1 else TreeNode("tuple", kept))


def _stash_of(fn: Function) -> Op | None:
    """The operation that makes the stash, which is the last result, if it is the last of all."""
    last, result = fn.body.stmts[-1] if fn.body.stmts else None, fn.body.results[-1]
    packs = isinstance(last, Op) and last.name == "tuple" and last.outs[0] is result and isinstance(result.type, Stash)
    return last if packs else None  # type: ignore[return-value]


def _without_blank_head(text: Text) -> Text:
    shorter = Text()
    shorter.lines = text.lines[2:]
    shorter.places = {k - 2: loc for k, loc in text.places.items()}
    return shorter


def _imports(used: set[str], text: str) -> list[str]:
    lines = []
    if "math" in used:
        lines.append("import math")
    third = ["import numpy as np"] if "np" in used else []
    third += [f"import {m}" for m in sorted(set(re.findall(r"\bscipy\.[a-z]+(?=\.)", text)))] if "scipy" in used else []
    lines += ([""] if lines and third else []) + third
    if "rt" in used:
        lines += [""] * bool(lines) + ["from srcdiff import runtime as rt"]
    return lines


def _function(fn: Function, module: Module, taken: set[str], classes: dict[str, Any],
              named: dict[Var, str]) -> tuple[Function, list[Node], str]:
    """The statements of a function, with names, and its ``def`` line. To be filled: ``classes`` that the text names, and
    variables that are ``named``, from one function to the next.
    """
    emitter = Emitter(fn, module, classes)
    tree = _result_tree(fn)
    body = emitter.function(lambda results: None if tree is None else _tree_node(tree, results, emitter))
    prologue = _Prologue(fn, emitter, real_names(body))
    body = prologue.lines + body or [Line(ast.Pass(), fn.loc, "primal")]
    put_in_place(body)
    reserved = taken | real_names(body) | set(prologue.names)
    names = choose_names(body, prologue.params, _wishes(emitter, named), reserved - set(prologue.params.values()))
    rename(body, names)
    defined = (v for s in emitter.own.stmts for v in defs_of(s))
    named.update({v: names[k] for v in (*fn.params, *defined) if (k := emitter.slots[v]) in names})
    return fn, body, f"def {fn.name}({', '.join(prologue.signature(names))}):"


class _Prologue:
    """The signature, and the unpacking of containers among the arguments. ``taken``: names that mean something else in the
    body: an argument that is called ``np`` becomes ``np_`` where the text needs NumPy.
    """

    def __init__(self, fn: Function, emitter: Emitter, taken: set[str]) -> None:
        self.fn = fn
        self.emitter = emitter
        self.taken = taken
        self.lines: list[Node] = []
        self.params: dict[int, str] = {}  # variables that have their names from the signature
        self.names: list[str] = []  # other names of the signature
        self._parts: list[str | int] = []
        if fn.args:
            for name, tree in fn.args:
                self._argument(name, tree)
        else:
            self._plain()

    def _plain(self) -> None:
        """A kept function: its parameters are called what they are called inside."""
        for p in self.fn.params:
            slot = self.emitter.slots[p]
            name = p.hint or "arg"
            n = 1
            while name in self.params.values() or name in self.taken or keyword.iskeyword(name):
                name, n = f"{p.hint or 'arg'}_{n}", n + 1
            self.params[slot] = name
            self._parts.append(name)

    def _argument(self, name: str, tree: Tree) -> None:
        others = {other for other, _ in self.fn.args if other != name}
        while name in self.taken or name in others or name in self._parts:
            name += "_"
        self._parts.append(name)
        if isinstance(tree, Leaf):
            self.params[self.emitter.slots[self.fn.params[tree.index]]] = name
            return
        self.names.append(name)
        if isinstance(tree, TreeNode):
            self._unpack(ast.Name(name, ast.Load()), tree)

    def _unpack(self, base: ast.expr, tree: TreeNode) -> None:
        """``(W, b), c = params``; dicts and objects by item."""
        if not any(self._used(leaf) for leaf in _leaves(tree)):
            return
        if tree.kind == "registered":
            base, tree = self._taken_apart(base, tree)
        target = self._pattern(tree)
        if target is not None:
            self.lines.append(Line(ast.Assign([target], base), self.fn.loc, "primal", setup=True))
            return
        for k, item in enumerate(tree.items):
            part = self._part(base, tree, k)
            if isinstance(item, Leaf) and self._used(item):
                slot = self.emitter.slots[self.fn.params[item.index]]
                self.lines.append(Line(ast.Assign([name_of(slot)], part), self.fn.loc, "primal", setup=True))
            elif isinstance(item, TreeNode):
                self._unpack(part, item)

    def _taken_apart(self, base: ast.expr, tree: TreeNode) -> tuple[ast.expr, TreeNode]:
        """``flatten(instance)``, and the pair that it gives."""
        container = container_of(tree.cls)
        assert container is not None
        name = self.emitter.object_name(container.flatten_name, container.flatten)
        pair = TreeNode("tuple", (TreeNode("tuple", tree.items), Static(None)))
        return ast.Call(ast.Name(name, ast.Load()), [base], []), pair

    def _part(self, base: ast.expr, tree: TreeNode, k: int) -> ast.expr:
        if tree.kind in ("tuple", "list", "namedtuple"):
            return subscript(base, ast.Constant(k))
        if tree.kind == "dict":
            return subscript(base, const_node(Const(tree.keys[k], Object("static"))))
        return ast.Attribute(base, tree.keys[k], ast.Load())

    def _used(self, leaf: Leaf) -> bool:
        return bool(self.emitter.uses(self.fn.params[leaf.index]))

    def _pattern(self, tree: Tree) -> ast.expr | None:
        """An assignment target for nested tuples and lists; None where there is anything else."""
        if isinstance(tree, Leaf):
            return name_of(self.emitter.slots[self.fn.params[tree.index]]) if self._used(tree) else ast.Name("_", ast.Store())
        if isinstance(tree, Static):
            return ast.Name("_", ast.Store())
        if tree.kind not in ("tuple", "list", "namedtuple"):
            return None
        if not tree.items:
            return ast.Name("_", ast.Store())
        parts = [self._pattern(t) for t in tree.items]
        return None if any(p is None for p in parts) else ast.Tuple([p for p in parts if p is not None], ast.Store())

    def signature(self, names: dict[int, str]) -> list[str]:
        return [p if isinstance(p, str) else names[p] for p in self._parts]


def _leaves(tree: Tree) -> list[Leaf]:
    if isinstance(tree, Leaf):
        return [tree]
    return [x for t in tree.items for x in _leaves(t)] if isinstance(tree, TreeNode) else []


def _result_tree(fn: Function) -> Tree | None:
    if fn.result is not None:
        return None if isinstance(fn.result, TreeNode) and not fn.result.items and fn.written else fn.result
    leaves = tuple(Leaf(k) for k in returned(fn))
    return None if not leaves else leaves[0] if len(leaves) == 1 else TreeNode("tuple", leaves)


def _tree_node(tree: Tree, results: Sequence[Atom], emitter: Emitter) -> ast.expr:
    """A result with its containers around it."""
    if isinstance(tree, Leaf):
        return emitter.value(results[tree.index]).node
    if isinstance(tree, Static):
        return const_node(Const(tree.value, Object("static"), getattr(tree, "name", "")))
    items = [_tree_node(t, results, emitter) for t in tree.items]
    if tree.kind == "tuple":
        return ast.Tuple(items, ast.Load())
    if tree.kind == "list":
        return ast.List(items, ast.Load())
    if tree.kind == "dict":
        keys: list[ast.expr | None] = [const_node(Const(k, Object("static"))) for k in tree.keys]
        return ast.Dict(keys, items)
    if (container := container_of(tree.cls)) is not None and tree.kind == "registered":
        make = ast.Name(emitter.object_name(container.unflatten_name, container.unflatten), ast.Load())
        return ast.Call(make, [_static_node(tree.static, emitter), ast.Tuple(items, ast.Load())], [])
    if tree.cls is None:
        raise InternalError(f"a result of kind {tree.kind} has no class")
    fields = [ast.keyword(k, v) for k, v in zip(tree.keys, items, strict=True)]
    cls = ast.Name(emitter.class_name(tree.cls), ast.Load())
    return ast.Call(cls, [], fields) if _plain_init(tree) else ast.Call(dotted("rt.instance"), [cls], fields)


def _static_node(value: Any, emitter: Emitter) -> ast.expr:
    """The static part of an instance: written out as far as it has text."""
    if type(value) in (tuple, list):
        items = [_static_node(v, emitter) for v in value]
        return ast.Tuple(items, ast.Load()) if type(value) is tuple else ast.List(items, ast.Load())
    if type(value) is dict:
        return ast.Dict([_static_node(k, emitter) for k in value], [_static_node(v, emitter) for v in value.values()])
    if value is None or type(value) in (bool, int, float, complex, str, bytes):
        return literal(value)
    name = getattr(value, "__name__", "static")
    return ast.Name(emitter.object_name(name if name.isidentifier() else "static", value), ast.Load())


def _plain_init(tree: TreeNode) -> bool:
    """Whether the class may simply be called with its fields."""
    if tree.kind != "dataclass":
        return tree.kind == "namedtuple" or tree.cls is SimpleNamespace
    parts = dataclasses.fields(tree.cls)  # type: ignore[arg-type]
    return all(f.init for f in parts) and not hasattr(tree.cls, "__post_init__")


def _wishes(emitter: Emitter, named: dict[Var, str]) -> dict[int, Wish]:
    """What each variable would like to be called; ``named``: variables of other functions."""
    wishes: dict[int, Wish] = {}

    def wish(v: Var, kind: str) -> None:
        slot, hint = emitter.slots[v], v.hint
        old = wishes.get(slot) or Wish()
        if slot not in wishes or (hint and not old.hint):
            old = replace(old, hint=hint, kind="list" if isinstance(v.type, List) else kind)
        if isinstance(hint, Follower):
            leader = Leader(emitter.slots[hint.leader], named.get(hint.leader), hint.suffix)
            old = replace(old, leaders=tuple(dict.fromkeys((*old.leaders, leader))), depth=max(old.depth, hint.depth))
            old = replace(old, kind=KINDS[hint.suffix]) if old.kind == "temp" and not old.hint and hint.suffix else old
        wishes[slot] = replace(old, plain=True) if type(hint) is str and hint else old

    bars: set[Var] = set()
    for stmt in emitter.own.stmts:
        for v in stmt.outs:
            kind = "temp"
            carries = is_active_type(v.type) or isinstance(v.type, List)  # an index or a mask is no adjoint
            if carries and stmt.role in ("adjoint", "tangent") and (not isinstance(stmt, Op) or any(
                    a in bars or a.hint.endswith(("_bar", "_dot")) for a in arg_vars(stmt.args))):
                bars.add(v)
                kind = "bar" if stmt.role == "adjoint" else "dot"
            wish(v, kind)
        if isinstance(stmt, Loop):
            for p, i in zip(stmt.params, stmt.inits, strict=True):
                wish(p, "bar" if isinstance(i, Var) and i in bars else "temp")
            if stmt.index is not None:
                wish(stmt.index, "index")
            if stmt.trips is not None:
                slot = emitter.slots[stmt.trips]
                wishes[slot] = Wish(stmt.trips.hint or "trips")
    for p in emitter.fn.params:
        wish(p, "temp")
    return wishes
