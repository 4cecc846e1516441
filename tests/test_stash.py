"""Planning the stash: what is kept, recomputed, rewound and pushed, and that the numbers stay the same."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np
import pytest
from generator import generate, load, reject
from ir_eval import evaluate

import srcdiff
from srcdiff.errors import UnsupportedError
from srcdiff.frontend.lower import lower
from srcdiff.ir.build import Builder
from srcdiff.ir.core import Block, Function, Module, Op, Var, blocks_of
from srcdiff.ir.dims import Facts, Sym, of
from srcdiff.ir.tree import Leaf
from srcdiff.ir.types import FLOAT, INT, Array, Stash, Type
from srcdiff.ir.verify import verify
from srcdiff.optimize import dce, plain_products, simplify
from srcdiff.transform.fit import apply
from srcdiff.transform.reverse import reverse
from srcdiff.transform.split import split_halves
from srcdiff.transform.stash import StashEntry, plan_stash

POLICIES = [None, True, False]


def type_of(name: str, value: Any) -> Type:
    if isinstance(value, np.ndarray):
        return Array("float64", tuple(of(Sym(f"{name}.shape[{k}]", n)) for k, n in enumerate(value.shape)), "C")
    return FLOAT if isinstance(value, float) else INT


def optimize(module: Module) -> Module:
    return dce.run(simplify.run(plain_products.run(module)))


def joint(fun: Callable[..., Any], *args: Any, wrt: tuple[int, ...] = (0,)) -> Module:
    """The joint function of ``fun`` before its stash is planned."""
    names = fun.__code__.co_varnames[:len(args)]
    params = tuple(Var(type_of(n, a), n) for n, a in zip(names, args, strict=True))
    primal = lower(fun, [(n, Leaf(k)) for k, n in enumerate(names)], params, Facts())
    return optimize(reverse(primal, wrt, keep_value=True)[0])


def planned(fun: Callable[..., Any], *args: Any, rewind: bool | None = None,
            wrt: tuple[int, ...] = (0,)) -> tuple[Module, list[StashEntry]]:
    """Plan, and check that the plan is well scoped and computes what the unplanned function does."""
    before = joint(fun, *args, wrt=wrt)
    after, entries = plan_stash(before, rewind=rewind)
    verify(after)
    same(evaluate(before, *args), evaluate(after, *args))
    assert not list(ops(after.main, "mark", "slot"))
    return after, list(entries)


def same(want: tuple[Any, ...], got: tuple[Any, ...]) -> None:
    for a, b in zip(want, got, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-14)


def ops(fn: Function, *names: str) -> list[Op]:
    found: list[Op] = []

    def block(b: Any) -> None:
        for stmt in b.stmts:
            if isinstance(stmt, Op) and stmt.name in names:
                found.append(stmt)
            for inner in blocks_of(stmt):
                block(inner)

    block(fn.body)
    return found


def count(entries: list[StashEntry]) -> Counter[str]:
    return Counter(e.how for e in entries)


def pushed(entries: list[StashEntry]) -> list[str]:
    return [e.what for e in entries if e.how == "push"]


def vector(n: int = 6) -> np.ndarray:
    return np.sin(np.arange(n) * 1.7 + 0.3) * 0.6


# -- programs ----------------------------------------------------------------------------------------------------------


def wave(u, c, n):
    for t in range(n):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def rnn(h, w, n):
    for t in range(n):
        h = np.tanh(w @ h)
    return np.sum(h * h)


def scan(x, n):
    for i in range(1, n):
        x[i] = np.sin(x[i - 1]) * x[i]
    return np.sum(x)


def branch_in_loop(x, n):
    s = 0.0
    for i in range(n):
        if x[i] > 0.0:
            t = np.sin(x[i])
            x[i] = t * t
        else:
            s = s + x[i] * s + 1.0
    return s + np.sum(x * x)


def nested_writes(a, n):
    for k in range(n):
        for i in range(1, 5):
            a[i, 1:] = a[i, 1:] * a[i - 1, :-1] + a[k, 1:]
        a[:, 0] = np.sin(a[:, 1])
    return np.sum(a * a)


def swapped(a, b, n):
    for k in range(n):
        b[1:-1] = a[2:] * a[:-2]
        a, b = b, a
    return np.sum(a) + np.sum(b * b)


def until(x, limit):
    s = x[0]
    k = 1
    while s < limit and k < 6:
        s = s + np.exp(s) * x[k]
        x[k] = s * x[k - 1]
        k += 1
    return s * s + np.sum(x)


def leaves_early(x, limit):
    t = 1.0
    for i in range(3):
        s = 1.0
        for j in range(6):
            s = s * x[j] + x[j] ** 2
            if s > limit:
                break
            s = s * 1.1
        t = t * s
    return t


def born_in_a_branch(x, n):
    t = 0.0
    for i in range(n):
        if i > 1:
            t = t + np.sin(y) * y  # noqa: F821 - assigned in an earlier trip
        if x[i] < 9.0:
            y = x[i] * x[i]
    return t


def collected(x, n):
    items = []
    for i in range(n):
        items.append(np.sin(x[i]))
    s = 0.0
    while len(items) > 1:
        v = items.pop()
        s = s + v * v
    return s * items[0]


def nested_sines(x, n):
    if n <= 1:
        return np.sin(x)
    return x * nested_sines(x * 0.5, n - 1)


def recursive(x, n):
    s = 0.0
    for i in range(n):
        s += nested_sines(x[i], 3) * x[i]
    return s


PROGRAMS = [
    (wave, (vector(), 0.3, 3)), (rnn, (vector(3), np.outer(vector(3), vector(3)), 4)), (scan, (vector(), 6)),
    (branch_in_loop, (vector(), 6)), (nested_writes, (np.outer(vector(5), vector(5)) + 0.2, 2)),
    (swapped, (vector(), vector() * 2, 3)), (until, (abs(vector()), 2.0)), (leaves_early, (vector(), 1.2)),
    (born_in_a_branch, (vector(), 5)), (collected, (vector(), 5)), (recursive, (vector(), 4)),
]
CASES = [pytest.param(fun, args, id=fun.__name__) for fun, args in PROGRAMS]


@pytest.mark.parametrize("rewind", POLICIES)
@pytest.mark.parametrize(("fun", "args"), CASES)
def test_numbers(fun: Callable[..., Any], args: tuple[Any, ...], rewind: bool | None) -> None:
    planned(fun, *args, rewind=rewind)


@pytest.mark.parametrize("rewind", POLICIES)
@pytest.mark.parametrize(("fun", "args"), CASES)
def test_halves(fun: Callable[..., Any], args: tuple[Any, ...], rewind: bool | None) -> None:
    """The two halves compute what the joint function does, and the backward half can be called again."""
    after, _ = planned(fun, *args, rewind=rewind)
    split = verify(split_halves(after))
    bwd = split.functions[after.main.halves.bwd]
    value, *stash = evaluate(split, *args)
    gradient = evaluate(Module(bwd, split.functions), *stash)
    same(evaluate(after, *args), (value, *gradient))
    same(gradient, evaluate(Module(bwd, split.functions), *stash))


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_stencil_is_rewound_and_saves_one_slice():
    _, entries = planned(wave, vector(), 0.3, 3, wrt=(0, 1))
    assert len(pushed(entries)) == 1
    assert count(entries)["rewind"] == 1


def test_stencil_without_rewinding_saves_no_product_of_a_saved_value():
    _, entries = planned(wave, vector(), 0.3, 3, wrt=(0, 1), rewind=False)
    assert len(pushed(entries)) <= 2
    assert count(entries)["rewind"] == 0


def test_carried_state_is_saved_once_a_trip():
    _, entries = planned(rnn, vector(3), np.outer(vector(3), vector(3)), 4, wrt=(0, 1))
    assert pushed(entries) == ["h"]


def test_gradient_without_the_weights_needs_only_the_results():
    _, entries = planned(rnn, vector(3), np.outer(vector(3), vector(3)), 4)
    assert pushed(entries) == ["h"]


def test_scalars_are_not_rewound_for_one_push_less():
    _, entries = planned(scan, vector(), 6)
    assert count(entries)["rewind"] == 0


def test_double_buffer_is_rewound():
    _, entries = planned(swapped, vector(), vector() * 2, 3, rewind=True)
    assert count(entries)["rewind"] == 1


def test_straight_line_code_has_no_stash():
    def straight(x, y):
        h = np.tanh(x * y)
        return np.sum(h * h)

    after, entries = planned(straight, vector(), vector())
    assert set(count(entries)) == {"keep"}
    assert not ops(after.main, "append", "pop", "list")


def test_straight_line_write_is_undone_rather_than_copied():
    def overwrite(x, y):
        s = np.sum(np.sin(x))
        x[2] = 0.5
        return s + np.sum(np.sin(x) * y)

    _, entries = planned(overwrite, vector(), vector())
    assert count(entries)["rewind"] == 1


def test_cheap_condition_is_recomputed():
    def parity(x, n):
        s = 0.0
        for i in range(n):
            if i % 2 == 0:
                s = s + np.sin(x[i])
            else:
                s = s + np.cos(x[i])
        return s

    _, entries = planned(parity, vector(), 6)
    assert not pushed(entries)


def test_shape_alone_saves_nothing():
    def only_shapes(x, n):
        s = 0.0
        for i in range(n):
            y = np.sin(x)
            s = s + np.sum(y * 2.0) + y[0]
        return s

    _, entries = planned(only_shapes, vector(), 3)
    assert not pushed(entries)


def test_an_append_is_undone_by_a_pop():
    def filled(x, n):
        items = []
        s = 0.0
        for i in range(n):
            items.append(x[i] * x[i])
            s = s + items[-1] * items[0]
        return s

    after, entries = planned(filled, vector(), 4)
    assert all("list" not in e.type for e in entries if e.how == "push")


def test_stored_value_is_read_back():
    """``t`` is what was just written: it is still in the array, until the write is undone."""
    def forwarded(x, y, n):
        for i in range(n):
            t = np.sin(x[i] * y[i])
            x[i] = t
            y[i] = np.exp(t) * t
        return np.sum(x * y)

    _, entries = planned(forwarded, vector(), vector(), 6, rewind=True)
    assert "t" not in pushed(entries)


@pytest.mark.parametrize("rewind", POLICIES)
def test_value_stored_where_indices_repeat_is_not_read_back(rewind):
    def repeated(x, n):
        for i in range(n):
            t = np.sin(x[:2] * x[3:5])
            x[np.array([0, 0])] = t
            x[3:5] = np.exp(t)
        return np.sum(x)

    planned(repeated, vector(), 3, rewind=rewind)


def test_counter_of_a_while_is_known_from_the_trip():
    def counted(x, n):
        s, k = 0.0, 1
        while k < n:
            s = s + np.sin(x[k])
            k += 2
        return s

    _, entries = planned(counted, vector(), 6)
    assert not pushed(entries)


def test_kept_functions_are_split():
    after, _ = planned(recursive, vector(), 4)
    fwd, bwd = after.functions["nested_sines_fwd"], after.functions["nested_sines_bwd"]
    assert fwd.body.results[-1].type == bwd.params[0].type == Stash("nested_sines")
    assert "nested_sines_joint" not in after.functions


def test_value_of_a_branch_is_saved_where_it_is_used():
    """A name that some path leaves unassigned is pushed in the branch that reads it."""
    after, _ = planned(born_in_a_branch, vector(), 5)
    assert any(op.args[1].hint == "y" for op in ops(after.main, "append"))


def test_report_names_line_kind_and_size():
    _, entries = planned(wave, vector(), 0.3, 3)
    push = next(e for e in entries if e.how == "push")
    assert push.line == wave.__code__.co_firstlineno + 2
    assert push.bytes == "8 * (max(u.shape[0] - 2, 0))"
    assert str(push).startswith("push")


# -- second order, and cost --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rewind", POLICIES)
@pytest.mark.parametrize(("fun", "args"), CASES)
def test_plan_can_be_differentiated_again(fun: Callable[..., Any], args: tuple[Any, ...], rewind: bool | None) -> None:
    first, _ = planned(fun, *args, rewind=rewind)
    before = optimize(reverse(square_of_gradient(first), (0,), keep_value=True)[0])
    want = evaluate(before, *args)
    gradient = evaluate(first, *args)[1]
    same(want[:1], (np.sum(gradient * gradient),))
    for policy in POLICIES:
        after, _ = plan_stash(before, rewind=policy)
        verify(after)
        same(want, evaluate(after, *args))


def square_of_gradient(module: Module) -> Module:
    """The sum of the squares of the last result of a gradient function, as a function of its own."""
    b = Builder(module.facts)
    g = module.main.body.results[-1]
    total = apply(b, "np.sum", b.emit("np.multiply", g, g))
    body = Block((*module.main.body.stmts, *b.stmts), (total,))
    return replace(module, main=replace(module.main, body=body, halves=None))


def nest(depth: int) -> Callable[..., Any]:
    lines = ["def f(x):"]
    for d in range(depth):
        lines.append("    " * (d + 1) + f"for i{d} in range(2):")
        lines.append("    " * (d + 2) + f"x[{d}] = np.sin(x[{d}]) * x[{d + 1}]")
    lines.append("    return np.sum(x)")
    return "\n".join(lines)


def test_a_deep_nest_costs_no_more_than_its_text(tmp_path):
    sizes = {}
    for depth in (3, 6):
        file = tmp_path / f"nest{depth}.py"
        file.write_text("import numpy as np\n" + nest(depth) + "\n")
        spec = spec_from_file_location(file.stem, file)
        made = module_from_spec(spec)
        spec.loader.exec_module(made)
        before = joint(made.f, vector(8))
        start = time.perf_counter()
        plan_stash(before)
        sizes[depth] = time.perf_counter() - start
    assert sizes[6] < 20 * sizes[3] + 0.05


# -- random programs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(0, 60, 10))
def test_random_programs(start: int) -> None:
    """Every policy computes what the unplanned function does."""
    tried = 0
    for seed in range(start, start + 10):
        program = generate(seed)
        if reject(program) or not all(isinstance(a, (int, float, np.ndarray)) for a in program.args):
            continue
        wrt = tuple(k for k, a in enumerate(program.args) if isinstance(a, np.ndarray))
        for rewind in POLICIES:
            try:
                planned(load(program), *program.args, rewind=rewind, wrt=wrt)
            except UnsupportedError:
                break
            tried += 1
    assert tried


def invariant(x, w, n):
    for _ in range(n):
        factor = np.exp(np.sin(w))
        x = np.tanh(x * factor)
    return np.sum(x)


def invariant_in_nested_loops(x, w, n):
    for i in range(n):
        for _ in range(2):
            x = x * np.exp(w) + np.sin(x[0] * i)
    return np.sum(x)


def invariant_in_a_branch(x, w, n):
    for i in range(n):
        if i > 1:
            x = np.tanh(x * np.exp(w))
    return np.sum(x)


def overwritten_operand(x, w, n):
    for _ in range(n):
        x = np.tanh(x * np.exp(w))
        w[0] = w[0] * 0.5
    return np.sum(x)


@pytest.mark.parametrize(("fun", "appends"), [(invariant, 1), (invariant_in_nested_loops, 1), (invariant_in_a_branch, 3),
                                              (overwritten_operand, 2)])
def test_what_is_the_same_in_every_trip_is_not_pushed(fun, appends) -> None:
    """It is computed once more, in front of the mirror; not where a branch decides, or where an operand is overwritten."""
    x, w = np.array([0.3, -0.2, 0.5]), np.array([0.1, 0.4, -0.3])
    text = srcdiff.source(fun, x, w, 3, argnums=(0, 1), form="joint")
    assert text.count(".append(") == appends, text
    for n in (0, 3):
        srcdiff.testing.check_grads(fun, (x, w, n), order=2)


def stops_early(x, n):
    s = x
    for _ in range(n):
        s = s + x * 0.3
        if s > 1.5 and x > 0.0:
            s = s * x
            break
        s = s * np.sin(s)
    return s


def goes_on(x, n):
    s, k = x, 0
    while k < n:
        s = s + np.sin(s) * 0.3
        if s < 1.5 or x < 0.0:
            k = k + 1
            s = s * x
        else:
            return s * s
    return s


@pytest.mark.parametrize("fun", [stops_early, goes_on])
def test_the_condition_of_an_exit_is_not_pushed(fun) -> None:
    """It can have its value only in the last trip, so it is saved once."""
    text = srcdiff.source(fun, 0.9, 5, form="joint")
    assert text.count("stopped = False") == 2 if fun is stops_early else text.count("going = True") == 2
    assert text.count(".append(") == 2
    for x in (0.3, 0.9, 1.4, 2.0, -0.5):
        for n in (0, 1, 2, 7):
            srcdiff.testing.check_grads(fun, (x, n), order=2)
