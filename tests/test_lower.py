"""Lowering by itself: the IR, run by the interpreter, gives the primal's value; what it knows and refuses."""

from __future__ import annotations

import copy
import inspect
import warnings
from typing import Any

import ir_eval
import numpy as np
import pytest
import trees
from generator.program import generate, load
from programs import TABLE

from srcdiff import UnsupportedError
from srcdiff.frontend.lower import lower
from srcdiff.ir.core import If, Loop, Module, Op
from srcdiff.ir.dims import Facts
from srcdiff.ir.tree import Leaf, Node, Static, Tree
from srcdiff.ir.verify import verify
from srcdiff.signature import abstract


def lowered(fun: Any, args: tuple[Any, ...], **options: Any) -> Module:
    signature = abstract(tuple(inspect.signature(fun).parameters), bound(fun, args))
    return verify(lower(fun, signature.args, signature.params, Facts(), **options))


def bound(fun: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    given = inspect.signature(fun).bind(*args)
    given.apply_defaults()
    return tuple(given.arguments.values())


def evaluate(fun: Any, args: tuple[Any, ...], **options: Any) -> Any:
    """The value of the lowered program."""
    module = lowered(fun, args, **options)
    flat: dict[int, Any] = {}
    for (_, tree), value in zip(module.main.args, bound(fun, args), strict=True):
        collect(tree, value, flat)
    results = ir_eval.evaluate(module, *(flat[k] for k in range(len(module.main.params))))
    return rebuilt(module.main.result, results)


def collect(tree: Tree, value: Any, flat: dict[int, Any]) -> None:
    if isinstance(tree, Leaf):
        flat[tree.index] = copy.deepcopy(value)
    elif isinstance(tree, Node):
        for item, key in zip(tree.items, tree.keys or range(len(tree.items)), strict=True):
            fields = tree.kind in ("namedtuple", "dataclass", "object")
            collect(item, getattr(value, key) if fields else value[key], flat)


def rebuilt(tree: Tree, results: tuple[Any, ...]) -> Any:
    if isinstance(tree, Leaf):
        return results[tree.index]
    if isinstance(tree, Static):
        return tree.value
    items = [rebuilt(i, results) for i in tree.items]
    if tree.kind == "dict":
        return dict(zip(tree.keys, items, strict=True))
    return items if tree.kind == "list" else tuple(items)


def assert_same_value(fun: Any, args: tuple[Any, ...], **options: Any) -> None:
    """The interpreter copies at every write and so may sum in another order: equal up to rounding."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expected = fun(*copy.deepcopy(args))
        found = evaluate(fun, args, **options)
    assert type(expected) is type(found) or not isinstance(expected, (list, tuple, dict))
    for a, b in zip(trees.leaves(expected), trees.leaves(found), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


# The interpreter has no context managers.
PROGRAMS = [p for p in TABLE if not p.refused and not p.name.startswith("contexts-")]


@pytest.mark.parametrize("program", PROGRAMS, ids=[f"{p.name}-{k}" for k, p in enumerate(PROGRAMS)])
def test_corpus(program: Any) -> None:
    assert_same_value(program.fun, program.args)


@pytest.mark.parametrize("inline", [True, False])
def test_random_programs(inline: bool) -> None:
    """Helpers in line, and kept as functions."""
    refused = 0
    for seed in range(100, 180):
        program = generate(seed)
        try:
            assert_same_value(load(program), program.args, inline=inline)
        except UnsupportedError:
            refused += 1
    assert refused <= 8


def count(module: Module, kind: type) -> int:
    def inside(stmts: tuple[Any, ...]) -> int:
        total = 0
        for s in stmts:
            total += isinstance(s, kind)
            blocks = (s.then, s.orelse) if isinstance(s, If) else (s.body,) if isinstance(s, Loop) else ()
            total += sum(inside(b.stmts) for b in blocks)
        return total
    return inside(module.main.body.stmts)


def deep(x):
    s = 0.0
    for a in range(2):
        for b in range(2):
            for c in range(2):
                for d in range(2):
                    for e in range(2):
                        for k in range(2):
                            s += x[k] * x[e] * x[d]
                            x[a] = x[b] * 0.5 + x[c]
    return s


def test_nested_loops_stay_loops() -> None:
    assert count(lowered(deep, (np.ones(3),)), Loop) == 6
    assert_same_value(deep, (np.linspace(0.1, 1.0, 3),))


def test_conditions_that_the_types_decide_are_no_branches() -> None:
    def f(x, axis=None, name="a"):
        if x.ndim == 2 and axis is None:
            return np.sum(x)
        return x[0] if name == "b" else x[1]

    assert count(lowered(f, (np.ones((2, 2)),)), If) == 0


def test_shapes_are_symbols() -> None:
    def f(x):
        return x[1:-1] * (x[2:] - x[:-2])

    module = lowered(f, (np.ones(7),))
    assert str(module.main.body.results[0].type) == "f64[max(x.shape[0] - 2, 0)]"
    assert not module.facts.conditions


def test_a_broadcast_that_depends_on_the_sizes_is_a_fact() -> None:
    def f(x, y):
        return x * y

    assert set(lowered(f, (np.ones(3), np.ones(1))).facts.conditions) == {"x.shape[0] != 1", "y.shape[0] == 1"}


def long_helper(x, c):
    a = x * c
    for k in range(len(x)):
        if a[k] > 0.5:
            a[k] = a[k] * c
        elif a[k] > 0.2:
            a[k] = a[k] + c
        else:
            a[k] = c
        if c > 2.0:
            a[k] -= 1.0
        else:
            a[k] += 1.0
    b = np.sin(a)
    d = b + a
    e = d * b
    g = e - a
    h = g * g
    p = h + b
    q = p * 0.5
    r = q + a
    t = r * r
    u = t - 1.0
    v = u * 0.1
    w = v + c
    return np.sum(w)


def test_a_long_helper_is_kept() -> None:
    def f(x):
        return long_helper(x, 0.5) + long_helper(x * 2.0, 0.7)

    x = np.linspace(0.1, 1.0, 4)
    module = lowered(f, (x,))
    assert list(module.functions) == ["long_helper"]
    assert count(module, Loop) == 0
    assert not lowered(f, (x,), inline=True).functions
    assert_same_value(f, (x,))


def test_a_kept_function_knows_what_it_writes() -> None:
    def fill(x, k):
        if k < len(x):
            x[k] = x[k - 1] * 2.0
            fill(x, k + 1)

    def f(x):
        fill(x, 1)
        return np.sum(x)

    module = lowered(f, (np.ones(4),))
    assert [fn.written for fn in module.functions.values()] == [((0, 0),)]
    assert_same_value(f, (np.linspace(0.1, 1.0, 4),))


def test_unsupported_code_in_a_branch_is_a_raise_in_its_place() -> None:
    def f(x):
        if x > 3.0:
            eval("x")
        return x * x

    module = lowered(f, (1.0,))
    branch = next(s for s in module.main.body.stmts if isinstance(s, If))
    assert [s.name for s in branch.then.stmts if isinstance(s, Op)] == ["raise"]
    assert evaluate(f, (2.0,)) == 4.0
    with pytest.raises(UnsupportedError, match="eval"):
        evaluate(f, (4.0,))
