"""One derivative as data: what is differentiated with respect to what, and how its results are laid out.

``plan`` checks that the types can be differentiated and picks the parameters; ``lay_out`` gives a transformed function its
name and the tree of its results, which are flat: the primal's leaves (if kept), then the derivatives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType

import numpy as np

from .analysis.effects import ops_of
from .errors import DerivativeTypeError, SignatureError, UnsupportedError
from .ir.core import Const, Function
from .ir.tree import Leaf, Node, Static, Tree, leaf_names, leaves, map_leaves
from .ir.types import Array, List, Object, Scalar, Tuple, Type, dtype_of, is_active_type
from .records import dataclass

__all__ = ["FORWARD", "JACOBIANS", "Argnums", "Derivation", "Plan", "active_results", "classes_in", "lay_out", "plan"]

JACOBIANS = ("jacrev", "jacfwd", "elementwise_grad")  # modes in which every result is differentiated
FORWARD = ("jvp", "jacfwd", "linearize")
WITH_VALUE = ("value_and_grad", "vjp", "jvp", "linearize")  # modes whose results begin with the value
Argnums = int | str | tuple[int | str, ...]
Find = Callable[[int | str], tuple[str, Tree]]


@dataclass(frozen=True)
class Derivation:
    """``mode``: ``"grad"``, ``"value_and_grad"``, ``"vjp"``, ``"jvp"``; ``"jacrev"`` and ``"jacfwd"``: a Jacobian by rows or by
    columns; ``"elementwise_grad"``: the sum of its rows; ``"linearize"``: a jvp in two halves."""

    mode: str
    argnums: Argnums = 0
    has_aux: bool = False

    @property
    def suffix(self) -> str:
        """What the name of the derived function ends in."""
        return f"_{self.mode}"


@dataclass(frozen=True)
class Plan:
    """``wrt``: positions of parameters; ``chosen``: the arguments that they make up, as (expression, tree).

    Of the primal: ``result``, its tree; ``params``, how many it has; ``active``, the results that can carry a derivative.
    """

    derivation: Derivation
    chosen: tuple[tuple[str, Tree], ...]
    wrt: tuple[int, ...]
    result: Tree
    params: int
    active: tuple[int, ...]

    @property
    def keep_value(self) -> bool:
        return self.derivation.mode in WITH_VALUE or self.derivation.has_aux

    @property
    def output(self) -> Tree:
        """The part of the result that is differentiated."""
        if self.derivation.has_aux and isinstance(self.result, Node):
            return self.result.items[0]
        return self.result

    def derivative_tree(self, results: int) -> Tree:
        """The tree of the derivatives, which are the last results."""
        if self.derivation.mode in ("jvp", "linearize"):
            place = {index: Leaf(results // 2 + index) for index in self.active}
            return map_leaves(self.output, lambda leaf: place.get(leaf.index, Static(None)))
        if self.derivation.mode in JACOBIANS:
            first = results - len(self.active) * len(self.wrt)
            return map_leaves(self.output, lambda leaf: self._gradients(first + self.active.index(leaf.index) * len(self.wrt)))
        return self._gradients(results - len(self.wrt))

    def _gradients(self, first: int) -> Tree:
        """The tree of one value for each of ``wrt``, which are results from ``first`` on."""
        place = {param: Leaf(first + k) for k, param in enumerate(self.wrt)}
        trees = tuple(map_leaves(tree, lambda leaf: place[leaf.index]) for _, tree in self.chosen)
        return Node("tuple", trees) if isinstance(self.derivation.argnums, tuple) else trees[0]


def plan(main: Function, derivation: Derivation, find: Find) -> Plan:
    """Check the types, and choose the parameters; ``find`` gives the argument that a position or name means."""
    argnums = derivation.argnums if isinstance(derivation.argnums, tuple) else (derivation.argnums,)
    chosen = tuple((name, _numbers_only(tree, main)) for name, tree in map(find, argnums))
    if len({name for name, _ in chosen}) < len(chosen):
        raise SignatureError(f"argnums={derivation.argnums!r} names an argument twice")
    for name, tree in chosen:
        _check_argument(name, tree, main)
    if derivation.has_aux and not _is_pair(main.result):
        raise DerivativeTypeError(f"has_aux=True, but {main.name} does not return a pair (value, aux)")
    if derivation.mode in ("grad", "value_and_grad"):
        _check_scalar(main, derivation)
    wrt = tuple(leaf.index for _, tree in chosen for leaf in leaves(tree))
    _check_once(chosen, main)
    made = Plan(derivation, chosen, wrt, main.result, len(main.params), active_results(main, derivation.has_aux))
    if derivation.mode in JACOBIANS:
        _check_jacobian(main, derivation, made.output, wrt)
    return made


def active_results(main: Function, has_aux: bool) -> tuple[int, ...]:
    """Indices of the results that are differentiated; with ``has_aux`` only those in the first item of the result."""
    output = main.result.items[0] if has_aux and isinstance(main.result, Node) else main.result
    return tuple(sorted({leaf.index for leaf in leaves(output) if is_active_type(main.body.results[leaf.index].type)}))


def classes_in(tree: Tree) -> dict[str, type]:
    """The classes of namedtuples and dataclasses in a tree, by the name under which generated code calls them."""
    found: dict[str, type] = {}
    if isinstance(tree, Node):
        if tree.cls is not None and tree.kind != "registered":
            found[tree.cls.__name__] = tree.cls
        for item in tree.items:
            found |= classes_in(item)
    return found


def lay_out(fn: Function, plan: Plan, name: str) -> Function:
    """``fn``, as a transform made it, with the arguments and results that the derivation has."""
    kept = len(list(leaves(plan.result))) if plan.keep_value else 0
    gradients = plan.derivative_tree(len(fn.body.results))
    if not plan.keep_value:
        tree = gradients
    elif plan.derivation.mode not in WITH_VALUE:
        tree = Node("tuple", (gradients, _aux(plan.result)))
    else:
        tree = Node("tuple", (plan.result, gradients))
    half = "jvp" if plan.derivation.mode == "linearize" else "bwd"
    halves = fn.halves and replace(fn.halves, results=kept, fwd=f"{name}_fwd", bwd=f"{name}_{half}")
    made = replace(fn, name=name + plan.derivation.suffix, args=fn.args + _further_args(fn, plan), result=tree, halves=halves)
    return _renumber(made)


def _further_args(fn: Function, plan: Plan) -> tuple[tuple[str, Tree], ...]:
    """The seeds (``out_bar``) or tangents (``x_dot``), which are the last parameters."""
    mode = plan.derivation.mode
    taken = {name for name, _ in fn.args}
    if mode == "vjp":
        place = {index: Leaf(plan.params + k) for k, index in enumerate(plan.active)}
        seeds = map_leaves(plan.output, lambda leaf: place.get(leaf.index, Static(None)))
        return ((_fresh("out_bar", taken), seeds),)
    if mode in ("jvp", "linearize"):
        place = {param: Leaf(plan.params + k) for k, param in enumerate(plan.wrt)}
        return tuple((_fresh(_identifier(name) + "_dot", taken), map_leaves(tree, lambda leaf: place[leaf.index]))
                     for name, tree in plan.chosen)
    return ()


def _identifier(expression: str) -> str:
    return re.sub(r"\W+", "_", expression).strip("_")


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _aux(result: Tree) -> Tree:
    assert isinstance(result, Node)
    return result.items[1]


def _renumber(fn: Function) -> Function:
    """Drop results that the tree does not mention, and number the others in its order."""
    order = [leaf.index for leaf in leaves(fn.result)]
    place = {index: Leaf(k) for k, index in enumerate(order)}
    body = replace(fn.body, results=tuple(fn.body.results[k] for k in order))
    return replace(fn, body=body, result=map_leaves(fn.result, lambda leaf: place[leaf.index]))


# -- checks ------------------------------------------------------------------------------------------------------------


def _check_argument(name: str, tree: Tree, main: Function) -> None:
    found = list(leaf_names(tree, name))
    if not found:
        raise DerivativeTypeError(f"{_without_numbers(name, tree)}: there is nothing to differentiate with respect to")
    for expression, index in found:
        t = main.params[index].type
        if not is_active_type(t):
            raise DerivativeTypeError(f"{expression} is {describe(t)}: derivatives are with respect to floating-point values. "
                                      f"Pass {_as_float(expression, t)}, or choose other arguments with argnums")


def _check_once(chosen: tuple[tuple[str, Tree], ...], main: Function) -> None:
    """Of arguments that are one object there is one derivative."""
    seen: dict[int, str] = {}
    for name, tree in chosen:
        for expression, index in leaf_names(tree, name):
            other = seen.setdefault(index, expression)
            if other != expression:
                raise UnsupportedError(f"{other} and {expression} are one object, and {main.name} changes it",
                                       advice="differentiate with respect to one of them, or pass a copy")


def _without_numbers(name: str, tree: Tree) -> str:
    if not isinstance(tree, Static):
        return f"{name} holds no numbers"
    cls = type(tree.value)
    if cls.__module__ == "builtins" or isinstance(tree.value, (type, FunctionType)):
        return f"{name} is {tree.value!r}"
    return f"{name} is a {cls.__name__}, of which the numbers cannot be seen (srcdiff.register_container says which they are)"


def _numbers_only(tree: Tree, main: Function, inside: bool = False) -> Tree:
    """The tree of an argument with None for the attributes of objects that carry no derivative, such as names and counters."""
    if isinstance(tree, Leaf):
        return tree if not inside or is_active_type(main.params[tree.index].type) else Static(None)
    if isinstance(tree, Static):
        return Static(None) if inside else tree
    return replace(tree, items=tuple(_numbers_only(i, main, inside or tree.kind == "object") for i in tree.items))


def describe(t: Type) -> str:
    """A type in words.

    >>> describe(Array("int64", (3, 4)))
    'an array of int64 with 2 axes'
    """
    if isinstance(t, Array):
        return f"an array of {t.dtype} with {len(t.shape)} {'axis' if len(t.shape) == 1 else 'axes'}"
    if isinstance(t, Scalar):
        words = {"int64": "an int", "bool": "a bool", "float64": "a float", "complex128": "a complex number"}
        return words[t.dtype] if t.py else f"a NumPy {t.dtype}"
    if isinstance(t, List):
        return f"a list of values, each {describe(t.elem)}" if t.elem else "an empty list"
    return "a tuple" if isinstance(t, Tuple) else f"an object ({t.kind})" if isinstance(t, Object) else str(t)


def _as_float(expression: str, t: Type) -> str:
    if isinstance(t, Array):
        return f"{expression}.astype(float)"
    return f"float({expression})" if isinstance(t, Scalar) else "floats"


def _check_scalar(main: Function, derivation: Derivation) -> None:
    result = main.result
    name = main.name
    if derivation.has_aux and isinstance(result, Node):
        result = result.items[0]
    if isinstance(result, Static):
        _refuse_in_its_place(main)
        raise DerivativeTypeError(f"{name} returns {result.value!r}; a gradient needs a single real number")
    if isinstance(result, Node):
        pair = result.kind == "tuple" and not derivation.has_aux
        hint = " To return further values beside the loss, use has_aux=True." if pair else ""
        raise DerivativeTypeError(f"{name} returns a {result.kind}; a gradient needs a single real number. "
                                  f"Use srcdiff.vjp or srcdiff.jacobian.{hint}")
    t = main.body.results[result.index].type
    if not isinstance(t, (Scalar, Array)) or (isinstance(t, Array) and t.shape != ()):
        raise DerivativeTypeError(f"{name} returns {describe(t)}; a gradient needs a single real number. "
                                  "Use srcdiff.vjp or srcdiff.jacobian, or reduce it, say with np.sum")
    if np.dtype(dtype_of(t)).kind != "f":
        raise DerivativeTypeError(f"{name} returns {describe(t)}; a gradient needs a real floating-point number")


def _refuse_in_its_place(main: Function) -> None:
    """Where no path returns a number since what is not supported raises first: say what that is."""
    for op in ops_of(main.body):
        if op.name == "raise" and isinstance(op.args[0], Const) and op.args[0].value is UnsupportedError:
            raise UnsupportedError(op.args[1][0].value)


def _is_pair(tree: Tree) -> bool:
    return isinstance(tree, Node) and tree.kind == "tuple" and len(tree.items) == 2


def _check_jacobian(main: Function, derivation: Derivation, output: Tree, wrt: tuple[int, ...]) -> None:
    """What is differentiated must be real numbers or arrays, each with a shape of its own."""
    found = list(leaf_names(output, f"{main.name}(...)"))
    if not found:
        raise DerivativeTypeError(f"{main.name} returns no numbers: there is nothing to differentiate")
    if derivation.mode == "elementwise_grad" and len(found) > 1:
        raise DerivativeTypeError(f"{main.name} returns several arrays or numbers; elementwise_grad needs one")
    whats = [*((name, main.body.results[k].type) for name, k in found),
             *((main.params[k].hint or "an argument", main.params[k].type) for k in wrt)]
    for what, t in whats:
        dtype = dtype_of(t)
        if dtype is None or (isinstance(t, Array) and t.weak):
            raise DerivativeTypeError(f"{what} is {describe(t)}, and a Jacobian is made of arrays: "
                                      "stack it with np.stack or np.array")
        if np.dtype(dtype).kind != "f":
            raise DerivativeTypeError(f"{what} is {describe(t)}; a Jacobian needs real floating-point numbers. "
                                      "Use srcdiff.vjp or srcdiff.jvp for complex ones, has_aux=True for others")
