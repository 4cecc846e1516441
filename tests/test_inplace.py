"""Copies that make updates in place safe: where they are, and where they are not."""

from __future__ import annotations

from typing import Any

import numpy as np
from handmade import FLOAT, INNER, LEFT, MAT, RIGHT, VEC, Program, at, const, wave

import srcdiff
from srcdiff.ir.core import Block, Function, Module, Op, Path, Transpose, blocks_of
from srcdiff.ir.printer import print_module
from srcdiff.ir.types import List
from srcdiff.ir.verify import verify
from srcdiff.optimize.inplace import bufferize
from srcdiff.optimize.inplace_ownership import ownership
from srcdiff.testing import check_grads


def ops(block: Block) -> list[Op]:
    found: list[Op] = []
    for s in block.stmts:
        found += [s] if isinstance(s, Op) else [o for b in blocks_of(s) for o in ops(b)]
    return found


def copies(module: Module) -> int:
    """The number of copies after bufferizing; the result must be well formed and need no further ones."""
    done = bufferize(module)
    verify(done)
    assert not ownership(done.main, done).edits, print_module(done)
    return sum(o.name in ("np.copy", "copylist") for o in ops(done.main.body)) - sum(
        o.name in ("np.copy", "copylist") for o in ops(module.main.body))


def test_fresh_memory_is_updated_without_a_copy() -> None:
    p = Program()
    x = p.param("x", VEC)
    y = p.multiply(x, 2.0, hint="y")
    y = p.addview(y, 1.0, at(0), hint="y")
    assert copies(p.module(p.setview(y, 0.0, INNER, hint="y"))) == 0


def test_a_parameter_is_copied_once() -> None:
    p = Program()
    x = p.param("x", VEC)
    x1 = p.setview(x, 1.0, at(0))
    assert copies(p.module(p.setview(x1, 0.0, INNER))) == 1


def test_an_old_version_that_is_still_needed_is_copied() -> None:
    p = Program()
    y = p.multiply(p.param("x", VEC), 2.0)
    y1 = p.setview(y, 0.0, INNER)
    assert copies(p.module(p.add(y, y1))) == 1


def test_a_view_is_copied_only_if_it_outlives_an_update() -> None:
    p = Program()
    y = p.multiply(p.param("x", VEC), 2.0)
    v = p.view(y, INNER)
    s = p.sum(v)
    y1 = p.setview(y, s, INNER)
    assert copies(p.module(y1)) == 0
    q = Program()
    y = q.multiply(q.param("x", VEC), 2.0)
    v = q.view(y, INNER)
    y1 = q.setview(y, 0.0, INNER)
    assert copies(q.module(y1, q.sum(v))) == 1


def test_wave_copies_three_times() -> None:
    assert copies(wave()) == 3  # the argument, the saved slice, the slice of the adjoint


def test_an_accumulator_is_carried_without_copies() -> None:
    p = Program()
    x = p.param("x", VEC)
    bar = p.zeros_like(x, hint="x_bar")
    (bar,) = p.loop([("x_bar", VEC, bar)], lambda i, bar: [p.addview(bar, 1.0, at(i), hint="x_bar")], n=7)
    assert copies(p.module(bar)) == 0


def test_swapping_updates_no_copy_but_the_parameters() -> None:
    p = Program()
    a, b = p.param("a", VEC), p.param("b", VEC)

    def trip(i: Any, a: Any, b: Any) -> list[Any]:
        return [p.setview(b, p.view(a, RIGHT), INNER), a]

    assert copies(p.module(*p.loop([("a", VEC, a), ("b", VEC, b)], trip, n=3))) == 2


def test_what_is_kept_in_a_list_is_copied_only_if_it_is_updated() -> None:
    def program(write: bool) -> Module:
        p = Program()
        h = p.param("h", VEC)
        kept = p.new_list(VEC, "kept")

        def trip(i: Any, h: Any, kept: Any) -> list[Any]:
            kept = p.append(kept, h)
            return [p.setview(h, 0.5, at(i)) if write else p.multiply(h, 2.0), kept]

        h, kept = p.loop([("h", VEC, h), ("kept", List(VEC), kept)], trip, n=3)
        return p.module(p.sum(h), p.op("len", kept))

    assert copies(program(write=False)) == 0
    assert copies(program(write=True)) == 2  # the parameter, and each version that is kept


def test_results_are_their_own() -> None:
    p = Program()
    A, y = p.param("A", MAT), p.param("y", VEC)
    s = p.add(y, 1.0)
    T = Path((Transpose((1, 0)),))
    assert copies(p.module(p.view(A, T), y, s, s, p.view(p.multiply(A, 2.0), T))) == 3


def test_a_branch_may_take_over_what_ends_there() -> None:
    p = Program()
    x, c = p.param("x", VEC), p.param("c", FLOAT)
    y = p.multiply(x, 2.0, hint="y")
    (y,) = p.branch(p.less(c, 0.0), lambda: [y], lambda: [p.addview(y, c, LEFT, hint="y")], [("y", VEC)])
    assert copies(p.module(p.setview(y, 0.0, INNER, hint="y"))) == 0


def test_a_kept_function_updates_its_caller_s_memory() -> None:
    q = Program(name="helper")
    a = q.param("a", VEC)
    helper = q.function(q.setview(a, 1.0, INNER), written=((0, 0),))
    p = Program()
    (x,) = p.b.emit_all("call", p.param("x", VEC), types=(VEC,), callee="helper")
    module = bufferize(Module(p.function(x), {"helper": helper}))
    assert not [o for o in ops(module.functions["helper"].body) if o.name == "np.copy"]
    assert [o.name for o in ops(module.main.body)] == ["np.copy", "call"]


def test_a_kept_function_that_ends_in_other_memory_writes_back() -> None:
    q = Program(name="helper")
    a, b = q.param("a", VEC), q.param("b", VEC)
    helper = q.function(b, a, written=((0, 0), (1, 1)))
    p = Program()
    x, y = p.b.emit_all("call", p.param("x", VEC), p.param("y", VEC), types=(VEC, VEC), callee="helper")
    done: Function = bufferize(Module(p.function(x, y), {"helper": helper})).functions["helper"]
    assert [o.name for o in ops(done.body)].count("setview") == 2
    assert any(o.name == "np.copy" for o in ops(done.body))


def test_sums_of_adjoints_are_added_up_in_place() -> None:
    p = Program().at(1, "adjoint")
    x = p.param("x", VEC)
    bar = p.multiply(x, 2.0, hint="x_bar")
    more = p.add(bar, p.multiply(x, x), hint="x_bar")
    assert [o.name for o in ops(bufferize(p.module(more)).main.body)][-1] == "addview"
    assert copies(p.module(p.add(x, x, hint="x_bar"))) == 0  # x is not ours to update


def test_a_stash_for_one_value_is_a_variable() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    stash, c = p.new_list(FLOAT, "stash"), p.less(x, 0.0)
    (stash,) = p.branch(c, lambda: [p.append(stash, p.sin(x))], lambda: [stash], [("stash", List(FLOAT))])

    def use() -> list[Any]:
        return [p.pop(stash)[0]]

    (y,) = p.branch(c, use, lambda: [const(1.0)], [("y", FLOAT)])
    assert "list" not in {o.name for o in ops(bufferize(p.module(y)).main.body)}


def test_a_buffer_is_added_to_in_both_arms() -> None:
    def tree(x: Any, n: int) -> Any:
        if n == 0:
            return np.sum(np.sin(x))
        return tree(x[::2] * 1.5, n - 1) + np.sum(x * x) * np.cos(x[0])

    text = srcdiff.source(tree, np.ones(8), 2)
    assert "x_bar += out_bar * np.cos(x)" in text
    assert "x_bar_1" not in text
    assert "x_bar[...] =" not in text
    check_grads(lambda x: tree(x, 2), (np.linspace(0.1, 1.0, 8),), order=2)


def test_a_stretched_number_is_not_copied() -> None:
    def text(fun: Any, x: Any) -> str:
        return srcdiff.source(fun, x, form="joint")

    assert "return np.ones_like(x)" in text(lambda x: np.sum(x), np.ones((2, 3)))
    assert "return np.full_like(x, 1.0 / x.size)" in text(lambda x: np.mean(x), np.ones(3))
    assert "np.full_like(x, 3.5)" in text(lambda x: 3.5 * np.sum(x), np.ones(3, np.float32))
    big = np.asfortranarray(np.ones((2, 3)))
    for x in (np.ones((2, 3)), big, np.ones(3, np.float32)):
        found = srcdiff.grad(lambda x: 3.5 * np.sum(x))(x)
        assert found.dtype == x.dtype
        np.testing.assert_array_equal(found, np.full(x.shape, 3.5))
