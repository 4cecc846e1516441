"""``grad`` and its like called inside the function that is lowered.

The inner function is lowered on its own over the leaves of its arguments and of what it captures, differentiated, and the joint
function that comes out (its stash explicit) is copied in line: it can be differentiated again like any other code.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from ..ir import tree
from ..ir.build import const
from ..ir.copying import Copier
from ..ir.core import Atom, Block, Const, Function, Module, Var
from ..ir.types import Array, Object, Scalar, dtype_of, is_active_type
from .choices import settled
from .context import Frame, Lowerer
from .names import reads_of
from .nested_sharing import Sharing
from .nests import is_circular
from .reachable import reachable
from .registered import apart, made, registration, static_object, static_value
from .structure import is_none
from .values import Bound, Closure, Derived, DynList, Fields, Maybe, Obj, Partial, Ref, Tup, Value

__all__ = ["call_derived", "call_transform", "derived", "free_values", "inline_function", "is_transform"]

TRANSFORMS = {("srcdiff.api", name): name for name in ("grad", "value_and_grad", "hvp", "jvp", "stop_gradient")}
TRANSFORMS |= {("srcdiff.jacobians", name): mode for name, mode in
               (("jacobian", "jacrev"), ("jacrev", "jacrev"), ("jacfwd", "jacfwd"), ("hessian", "hessian"),
                ("elementwise_grad", "elementwise_grad"))}
ELSEWHERE = {
    ("srcdiff.api", "vjp"): "use srcdiff.grad of the result times its adjoint: np.sum(f(x) * out_bar)",
    ("srcdiff.flatten", "ravel"): "call it outside, and what it returns beside the vector inside",
    ("srcdiff.jacobians", "linearize"): "use srcdiff.jvp",
    ("srcdiff.jacobians", "per_example_grad"): "write the loop: np.stack([srcdiff.grad(f)(w, x) for x in xs])",
}  # what is not supported inside a differentiated function, and what is
MAKERS = {("srcdiff.custom", "checkpoint"): "checkpoint", ("srcdiff.differences", "numeric"): "numeric"}
TRANSFORMS |= MAKERS
ELSEWHERE |= {("srcdiff.custom", name): "define the function and its rule outside of the differentiated function"
              for name in ("custom_vjp", "custom_jvp")}
JACOBIANS = ("jacrev", "jacfwd", "elementwise_grad")


def is_transform(obj: Any) -> bool:
    return _key_of(obj) in TRANSFORMS or _key_of(obj) in ELSEWHERE


def _key_of(obj: Any) -> tuple[str, str]:
    return getattr(obj, "__module__", ""), getattr(obj, "__qualname__", "")


def derived(cx: Lowerer, obj: Any, name: str) -> Derived | None:
    """The value of an object that ``grad`` or its like returned outside; None for any other object."""
    mode = getattr(obj, "mode", None)
    if not hasattr(obj, "argnums") or not hasattr(obj, "fun"):
        return None
    if mode == "per_example_grad":
        cx.refuse("per_example_grad inside this function", advice=ELSEWHERE["srcdiff.jacobians", mode])
    if mode not in ("grad", "value_and_grad", "hvp", *JACOBIANS):
        return None
    return Derived(cx.captured(obj.fun, name), mode, obj.argnums, getattr(obj, "has_aux", False))


def call_transform(cx: Lowerer, obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``grad(f, argnums)`` inside the function; ``jvp(f, primals, tangents)`` is computed at once."""
    if (advice := ELSEWHERE.get(_key_of(obj))) is not None:
        cx.refuse(f"{obj.__name__} inside this function", node, advice)
    mode = TRANSFORMS[_key_of(obj)]
    if mode == "stop_gradient":
        from .array_calls import stop_gradient

        return stop_gradient(cx, args, kwargs, node)
    if mode == "checkpoint" and len(args) == 1 and not kwargs:
        return Derived(args[0], mode)
    if mode == "numeric":
        return numeric_of(cx, obj, args, kwargs, node)
    if mode == "jvp":
        from .iteration import items_of

        if len(args) != 3 or kwargs:
            cx.refuse("jvp with other arguments than (f, primals, tangents)", node)
        return push_forward(cx, args[0], items_of(cx, args[1], node), items_of(cx, args[2], node), node)
    given = dict(zip(("fun", "argnums", "has_aux"), args, strict=False)) | kwargs
    if "fun" not in given:
        cx.refuse(f"{obj.__name__} as a decorator inside this function", node, f"call it: g = srcdiff.{obj.__name__}(f)")
    argnums, aux = given.get("argnums"), given.get("has_aux")
    chosen: Any = 0
    if isinstance(argnums, Tup):
        chosen = tuple(a.value for a in argnums.items)
    elif argnums is not None:
        chosen = argnums.value
    has_aux = aux is not None and bool(aux.value)
    if mode == "hessian":
        return Derived(Derived(given["fun"], "grad", chosen, has_aux), "jacfwd", chosen, has_aux)
    return Derived(given["fun"], mode, chosen, has_aux)


def numeric_of(cx: Lowerer, obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``numeric(f)``: an object that is made when the function is compiled."""
    given = [*args, *kwargs.values()]
    if not all(isinstance(a, Const) for a in given):
        cx.refuse("numeric of a function that is defined inside this one", node, "define it outside, and pass what it captures")
    return Const(obj(*(a.value for a in args), **{k: v.value for k, v in kwargs.items()}), Object("static"), "numeric")


# -- calls -------------------------------------------------------------------------------------------------------------


def call_derived(cx: Lowerer, fun: Derived, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    if fun.mode == "checkpoint":
        from .inline import call_checkpoint

        return call_checkpoint(cx, fun.fun, args, kwargs, node)
    if fun.mode == "hvp":
        argnums = fun.argnums if isinstance(fun.argnums, tuple) else (fun.argnums,)
        gradient = Derived(fun.fun, "grad", fun.argnums)
        given = args[-1].items if isinstance(fun.argnums, tuple) else (args[-1],)
        tangents = dict(zip(argnums, given, strict=True))
        dots = tuple(tangents.get(k, const(None)) for k in range(len(args) - 1))
        return push_forward(cx, gradient, args[:-1], dots, node).items[1]  # type: ignore[union-attr]
    if cx.derive is None:
        cx.refuse("a gradient inside this function", node)
    inner = Inner(cx, fun.fun, args, kwargs, node)
    trees = inner.chosen(fun.argnums)
    wrt = tuple(leaf.index for t in trees for leaf in tree.leaves(t))
    if fun.mode in JACOBIANS:
        return differentiate_all(cx, fun, inner, trees, wrt)
    inner.check(wrt, fun.has_aux)
    outs = inner.run(cx.derive(inner.module, "value_and_grad", wrt, fun.has_aux))
    count = len(inner.module.main.body.results)
    place = {index: tree.Leaf(count + k) for k, index in enumerate(wrt)}
    gradients = [inner.value(tree.map_leaves(t, lambda leaf: place[leaf.index]), outs) for t in trees]
    result = Tup(tuple(gradients)) if isinstance(fun.argnums, tuple) else gradients[0]
    value = inner.value(inner.result, outs)
    if fun.mode == "value_and_grad":
        return Tup((value, result))
    return Tup((result, value.items[1])) if fun.has_aux and isinstance(value, Tup) else result


def differentiate_all(cx: Lowerer, fun: Derived, inner: Inner, trees: list[tree.Tree], wrt: tuple[int, ...]) -> Value:
    """A Jacobian, or the sum of its rows: for each leaf of the result a nest like the arguments'."""
    output = inner.check_results(wrt, fun.mode, fun.has_aux)
    assert cx.derive is not None
    outs = inner.run(cx.derive(inner.module, fun.mode, wrt, fun.has_aux))
    first = len(inner.module.main.body.results)
    rows = sorted({leaf.index for leaf in tree.leaves(output)})

    def gradients(leaf: tree.Leaf) -> tree.Tree:
        start = first + rows.index(leaf.index) * len(wrt)
        place = {index: tree.Leaf(start + k) for k, index in enumerate(wrt)}
        found = tuple(tree.map_leaves(t, lambda leaf: place[leaf.index]) for t in trees)
        return tree.Node("tuple", found) if isinstance(fun.argnums, tuple) else found[0]

    result = inner.value(tree.map_leaves(output, gradients), outs)
    value = inner.value(inner.result, outs) if fun.has_aux else None
    return Tup((result, value.items[1])) if isinstance(value, Tup) else result


def push_forward(cx: Lowerer, fun: Value, primals: tuple[Any, ...], tangents: tuple[Any, ...], node: ast.AST) -> Value:
    """``(value, tangent)`` of a call; a tangent may be None: that argument does not vary."""
    if cx.derive is None:
        cx.refuse("a derivative inside this function", node)
    inner = Inner(cx, fun, primals, {}, node)
    wrt: list[int] = []
    dots: list[Atom] = []
    given = [k for k, dot in enumerate(tangents) if not is_none(dot)]
    for k, chosen in zip(given, inner.chosen(tuple(given)), strict=True):
        dot, leaves = tangents[k], list(tree.leaves(chosen))
        moved = Inner.leaves_of(cx, dot, node)
        if len(moved) != len(leaves) or any(map(is_none, moved)):
            cx.refuse("a tangent of another structure than its argument", node)
        wrt += [leaf.index for leaf in leaves]
        dots += [cx.read(v) for v in moved]
    outs = inner.run(cx.derive(inner.module, "jvp", tuple(wrt), False), dots)
    half = len(inner.module.main.body.results)
    value = inner.value(inner.result, outs)
    return Tup((value, inner.value(tree.map_leaves(inner.result, lambda leaf: tree.Leaf(half + leaf.index)), outs)))


class Inner:
    """A call of a function, lowered on its own: ``module``, and how its leaves come from and go back to the caller."""

    def __init__(self, cx: Lowerer, fun: Value, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> None:
        self.cx, self.fun, self.node = cx, fun, node
        self.leaves: list[Value] = []
        self.params: list[Var] = []
        self.sharing = Sharing(cx, self.leaves, node)
        self.trees = [self.pack(a) for a in args]
        self.keywords = {k: self.pack(v) for k, v in kwargs.items()}
        captured = {key: self.pack(v) for key, v in free_values(cx, fun).items()}
        self.module, self.result = self.lower(captured)
        if self.sharing.found(self.module):
            self.module, self.result = self.lower(captured)

    @staticmethod
    def leaves_of(cx: Lowerer, value: Value, node: ast.AST) -> list[Value]:
        if (registered := registration(cx, value)) is not None:
            children, _ = apart(cx, registered, value, node)
            return [leaf for v in children for leaf in Inner.leaves_of(cx, v, node)]
        if isinstance(value, Tup):
            return [leaf for v in value.items for leaf in Inner.leaves_of(cx, v, node)]
        if isinstance(value, Obj) and isinstance(contents := cx.contents(value.oid), Fields):
            return [leaf for v in contents.items for leaf in Inner.leaves_of(cx, v, node)]
        return [value]

    def pack(self, value: Any) -> tree.Tree:
        value = settled(self.cx, value, self.node)
        if isinstance(value, Tup):
            return tree.Node("tuple", tuple(self.pack(v) for v in value.items), (), value.cls)
        if isinstance(value, Obj):
            contents = self.cx.contents(value.oid)
            if isinstance(contents, DynList):
                self.cx.refuse("a list of unknown length passed to a gradient inside", self.node, "stack it: np.stack(items)")
            if (registered := registration(self.cx, value)) is not None:
                children, static = apart(self.cx, registered, value, self.node)
                return tree.Node("registered", tuple(map(self.pack, children)), (), registered.cls,
                                 static_object(self.cx, static, registered, self.node))
            if is_circular(self.cx, value):
                self.cx.refuse("objects that refer to each other, passed to a gradient inside", self.node,
                               "pass what it needs of them")
            kind = "list" if contents.keys is None else "dict"
            node = tree.Node(kind, tuple(self.pack(v) for v in contents.items), contents.keys or (), contents.cls)
            self.sharing.add(node, value.oid)
            return node
        if isinstance(value, (Ref, Var)) or (isinstance(value, Const) and isinstance(value.type, Scalar)
                                             and value.type.dtype not in ("bool", "int64")):
            t = self.cx.type_of(value)
            self.leaves.append(value)
            self.params.append(Var(t, getattr(value, "hint", "") or "", getattr(value, "sym", None)))
            return tree.Leaf(len(self.leaves) - 1)
        if isinstance(value, (Maybe, Partial, Bound)) and reachable(self.cx, [value]):
            self.cx.refuse(f"a {self.cx.describe(value)} passed to a gradient inside", self.node, "pass the values themselves")
        return tree.Static(value)

    def lower(self, captured: dict[Any, tree.Tree]) -> tuple[Module, tree.Tree]:
        from .calls import apply
        from .lower import leaves_of

        cx = self.cx
        sub = Lowerer(cx.facts)
        sub.kept, sub.kept_functions, sub.objects = cx.kept, cx.kept_functions, cx.objects
        sub.derive, sub.inline, sub.never_kept, sub.main_name = cx.derive, cx.inline, cx.never_kept, cx.main_name
        sub.restart(next(cx.ids) + 100_000)
        sub.builder.loc = cx.builder.loc
        self.sharing.begin(sub)
        outer = cx.frames[-1]
        sub.frames.append(Frame(-1, outer.name, outer.scope, outer.source, outer.globals, outer.cells))
        for key, t in captured.items():
            sub.state.env[key] = self.unpack(sub, t)
            sub.foreign |= reachable(sub, [sub.state.env[key]])
        args = tuple(self.unpack(sub, t) for t in self.trees)
        kwargs = {k: self.unpack(sub, t) for k, t in self.keywords.items()}
        before = dict(sub.state.store), dict(sub.state.objs)
        inner = reachable(sub, [sub.state.env[key] for key in captured])
        value = apply(sub, self.fun, args, kwargs, self.node)
        if any(before[0].get(n) is not sub.state.store.get(n) or before[1].get(n) is not sub.state.objs.get(n) for n in inner):
            cx.refuse("a gradient of a function that writes to what it captures", self.node, "return the new value")
        results: list[Atom] = []
        result = leaves_of(sub, value, results, cx.builder.loc, self.node)
        body = Block(tuple(sub.builder.stmts), tuple(results))
        names = tuple((p.hint or f"arg{k}", tree.Leaf(k)) for k, p in enumerate(self.params))
        main = Function("inner", tuple(self.params), body, names, result, (), cx.builder.loc)
        return Module(main, dict(cx.kept_functions), cx.facts, cx.objects), result

    def unpack(self, sub: Lowerer, t: Any) -> Value:
        """The value that a tree stands for in the inner function."""
        if isinstance(t, tree.Static):
            return t.value
        return self.sharing.value(t, lambda: self.unpacked(sub, t))

    def unpacked(self, sub: Lowerer, t: Any) -> Value:
        if isinstance(t, tree.Leaf):
            return sub.wrap(self.params[t.index])
        items = tuple(self.unpack(sub, i) for i in t.items)
        if t.kind == "registered":
            return made(sub, t.cls, static_value(sub, t.static), items, self.node)
        if t.kind == "tuple":
            return Tup(items, t.cls)
        return sub.new_obj(Fields(items, t.keys if t.kind == "dict" else None, t.cls))

    def argument(self, which: int | str) -> tree.Tree:
        """The tree of the argument that ``argnums`` names."""
        if isinstance(which, str):
            if which in self.keywords:
                return self.keywords[which]
            names = parameter_names(self.fun)
            if which not in names:
                self.cx.refuse(f"argnums={which!r}: there is no such argument", self.node)
            which = names.index(which)
        if not -len(self.trees) <= which < len(self.trees):
            self.cx.refuse(f"argnums={which}, but {len(self.trees)} arguments are given", self.node)
        return self.trees[which]

    def chosen(self, which: Any) -> list[tree.Tree]:
        """The trees of the arguments that ``argnums`` names, with one leaf for what is one array."""
        trees = [self.sharing.first(self.argument(a)) for a in (which if isinstance(which, tuple) else (which,))]
        found = [leaf.index for t in trees for leaf in tree.leaves(t)]
        if len(set(found)) < len(found):
            self.cx.refuse("a gradient with respect to two arguments that are one array, of a function that writes to it",
                           self.node, "pass a copy of one of them: x.copy()")
        return trees

    def check(self, wrt: tuple[int, ...], has_aux: bool) -> None:
        for k in wrt:
            if not is_active_type(self.params[k].type):
                self.cx.refuse(f"a gradient with respect to {self.params[k].type}", self.node, "use floats")
        result = self.result.items[0] if has_aux and isinstance(self.result, tree.Node) else self.result
        t = self.module.main.body.results[result.index].type if isinstance(result, tree.Leaf) else None
        real = isinstance(t, Scalar) or (isinstance(t, Array) and t.shape == ())
        if not real or np.dtype(t.dtype).kind != "f":  # type: ignore[union-attr]
            self.cx.refuse("a gradient of something that is not a real number", self.node, "reduce it, say with np.sum")

    def check_results(self, wrt: tuple[int, ...], mode: str, has_aux: bool) -> tree.Tree:
        """The part of the result that a Jacobian differentiates: real numbers and arrays."""
        output = self.result.items[0] if has_aux and isinstance(self.result, tree.Node) else self.result
        found = [self.module.main.body.results[leaf.index].type for leaf in tree.leaves(output)]
        if not found or (mode == "elementwise_grad" and len(found) > 1):
            self.cx.refuse(f"a derivative of something that is not {'one array' if found else 'made of numbers'}", self.node)
        for t in (*found, *(self.params[k].type for k in wrt)):
            dtype = dtype_of(t)
            if dtype is None or np.dtype(dtype).kind != "f" or (isinstance(t, Array) and t.weak):
                self.cx.refuse(f"a Jacobian with {t}", self.node, "use arrays of floats")
        return output

    def run(self, made: Module, more: list[Atom] | None = None) -> tuple[Atom, ...]:
        """Copy the differentiated function in line; its results."""
        cx = self.cx
        for name, fn in made.functions.items():
            cx.kept_functions.setdefault(name, fn)
        args = [cx.read(v) for v in self.leaves] + (more or [])
        return inline_function(cx, made.main, args)

    def value(self, t: tree.Tree, outs: tuple[Atom, ...]) -> Value:
        cx = self.cx
        if isinstance(t, tree.Leaf):
            out = outs[t.index]
            return cx.wrap(out) if isinstance(out, Var) else out
        if isinstance(t, tree.Static):
            return t.value if isinstance(t.value, (Const, Tup, Closure)) else const(t.value)
        items = tuple(self.value(i, outs) for i in t.items)
        if t.kind == "registered":
            return made(cx, t.cls, static_value(cx, t.static), items, self.node)
        return Tup(items, t.cls) if t.kind in ("tuple", "namedtuple") else cx.new_obj(Fields(items, t.keys or None, t.cls))


def parameter_names(fun: Value) -> list[str]:
    """The names of the positional parameters of a function."""
    if isinstance(fun, Derived):
        return parameter_names(fun.fun)
    if isinstance(fun, Closure):
        return [a.arg for a in (*fun.node.args.posonlyargs, *fun.node.args.args)]
    code = getattr(getattr(fun, "value", None), "__code__", None)
    return list(code.co_varnames[:code.co_argcount]) if code is not None else []


def free_values(cx: Lowerer, fun: Value) -> dict[Any, Value]:
    """Variables of enclosing functions that a function reads, also through functions that it reads: by frame and name."""
    found: dict[Any, Value] = {}
    todo = [fun]
    while todo:
        value = todo.pop()
        if isinstance(value, Derived):
            todo.append(value.fun)
            continue
        if not isinstance(value, Closure):
            continue
        names = reads_of(value.node).union(*(n.names for n in ast.walk(value.node) if isinstance(n, ast.Nonlocal)))
        frame: Frame | None = value.frame
        while frame is not None:
            for name in sorted(names & frame.scope.local):
                inner = cx.state.env.get((frame.fid, name))
                if inner is not None and (frame.fid, name) not in found:
                    found[frame.fid, name] = inner
                    todo.append(inner)
            names -= frame.scope.local
            frame = frame.parent
    return found


# -- copying in line ---------------------------------------------------------------------------------------------------


def inline_function(cx: Lowerer, fn: Function, args: list[Atom]) -> tuple[Atom, ...]:
    """Append a copy of the function's body to what is being built; its results."""
    copier = Copier(dict(zip(fn.params, args, strict=True)), "primal", cx.builder.loc)
    cx.builder.stmts.extend(copier.stmts(fn.body.stmts))
    return tuple(copier.atom(r) for r in fn.body.results)
