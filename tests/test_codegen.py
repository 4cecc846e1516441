"""Codegen: the samples of the design page as text, and programs by hand executed against the interpreter of the IR."""

from __future__ import annotations

import copy
import linecache
import re
import textwrap
from typing import Any

import handmade as made
import numpy as np
import pytest
from handmade import FLOAT, INNER, INT, LEFT, MAT, RIGHT, UNDEFINED, VEC, Program, at, const, cut
from ir_eval import evaluate

import srcdiff
from srcdiff.codegen import emit
from srcdiff.ir.core import Diagonal, Module, Path, Reshape, Transpose
from srcdiff.ir.tree import Leaf, Node, Static
from srcdiff.ir.types import BOOL, Array, List, Scalar
from srcdiff.load import load
from srcdiff.optimize.inplace import bufferize
from srcdiff.testing import check_grads


def text_of(module: Module) -> str:
    return emit(bufferize(module)).text


def body_of(module: Module) -> str:
    """The text after the imports."""
    return text_of(module).split("\n\n\n", 1)[-1]


def same(a: Any, b: Any) -> bool:
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(np.array_equal(a, b, equal_nan=True))


def check(module: Module, *args: Any) -> str:
    """Run the text and the IR on the same arguments; the text must leave its arguments alone. Returns the text."""
    expected = evaluate(module, *args)
    source = emit(bufferize(module))
    given = copy.deepcopy(args)
    found = load(source).main(*given)
    found = found if isinstance(found, tuple) else (found,)
    assert same(found, expected), f"{source.text}\nfound {found}\nexpected {expected}"
    assert same(given, args), f"arguments changed\n{source.text}"
    return source.text.split("\n\n\n", 1)[-1]


def expect(text: str, wanted: str) -> None:
    assert text.strip() == textwrap.dedent(wanted).strip()


VALUES = np.array([0.3, -1.2, 0.8, 2.0, -0.5, 1.1, 0.7])
MATRIX = np.arange(49.0).reshape(7, 7) / 10 - 2


def test_wave_is_the_sample() -> None:
    text = check(made.wave(), VALUES, 0.3, 4)
    expect(text, '''
        def wave_grad(u, c, n):
            u = u.copy()  # the caller's array is left alone
            stash = []
            for t in range(n):
                stash.append(u[1:-1].copy())
                u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
            # line 4: return np.sum(u * u)
            u_bar = 2.0 * u
            c_bar = 0.0
            for t in reversed(range(n)):
                # line 3: u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
                u[1:-1] = stash.pop()  # rewind
                s_bar = u_bar[1:-1].copy()
                u_bar[1:-1] = 0.0
                t1 = u[2:] - u[:-2]
                c_bar += np.sum(s_bar * u[1:-1] * t1)
                r_bar = s_bar * c
                q_bar = r_bar * u[1:-1]
                u_bar[1:-1] += s_bar + r_bar * t1
                u_bar[2:] += q_bar
                u_bar[:-2] -= q_bar
            return u_bar, c_bar
        ''')


def test_loss_is_the_sample() -> None:
    expect(body_of(made.loss()), '''
        def loss_fwd(W, x, y):
            h = np.tanh(x @ W)
            err = h - y
            return np.mean(err ** 2), (x, h, err)


        def loss_bwd(stash, out_bar):
            x, h, err = stash
            # line 4: return np.mean(err ** 2)
            err_bar = 2.0 * out_bar / err.size * err
            # line 2: h = np.tanh(x @ W)
            W_bar = x.T @ (err_bar * (1.0 - h * h))
            return W_bar
        ''')


def test_swap_is_a_tuple_assignment() -> None:
    p = Program()
    a, b, n = p.param("a", FLOAT), p.param("b", FLOAT), p.param("n", INT)
    a, b = p.loop([("a", FLOAT, a), ("b", FLOAT, b)], lambda i, a, b: [b, p.add(a, b)], n=n)
    text = check(p.module(a, b), 1.0, 2.0, 5)
    assert "a, b = b, a + b" in text


def test_swapped_buffers_are_copied_where_they_are_kept() -> None:
    p = Program()
    a, b, n = p.param("a", VEC), p.param("b", VEC), p.param("n", INT)
    kept = p.new_list(VEC, "kept")

    def trip(i: Any, a: Any, b: Any, kept: Any) -> list[Any]:
        b = p.setview(b, p.multiply(p.view(a, RIGHT), 0.5), INNER, hint="b")
        kept = p.append(kept, p.view(a, INNER), hint="kept")
        return [b, a, kept]

    a, b, kept = p.loop([("a", VEC, a), ("b", VEC, b), ("kept", List(VEC), kept)], trip, n=n)
    last = p.getitem(kept, 0)
    text = check(p.module(a, b, last), VALUES, VALUES + 1, 4)
    assert "kept.append(a[1:-1].copy())" in text
    assert "a, b = b, a" in text


def test_parameter_reaches_a_write_by_rebinding() -> None:
    p = Program()
    b, y = p.param("b", VEC), p.param("y", VEC)

    def trip(i: Any, b: Any, y: Any) -> list[Any]:
        b, y = y, b
        return [p.setview(b, p.multiply(b, 0.5), Path()), y]

    b, y = p.loop([("b", VEC, b), ("y", VEC, y)], trip, n=3)
    check(p.module(b, y), VALUES, VALUES + 1)


def test_results_leave_clean() -> None:
    p = Program()
    x, y = p.param("x", VEC), p.param("y", VEC)
    s = p.add(x, y)
    module = p.module(y, s, s)
    source = emit(bufferize(module))
    args = VALUES.copy(), VALUES + 1
    found = load(source).main(*args)
    arrays = [*args, *found]
    assert not any(np.shares_memory(a, b) for k, a in enumerate(arrays) for b in arrays[:k])


def test_read_only_broadcast_is_copied_before_it_accumulates() -> None:
    p = Program()
    x = p.param("x", VEC)
    g = p.op("np.broadcast_to", const(1.0), (p.dim(x, 0),))
    check(p.module(p.addview(g, p.view(x, RIGHT), LEFT)), VALUES)


def test_break_stands_in_the_arm() -> None:
    p = Program()
    x, lim = p.param("x", VEC), p.param("lim", FLOAT)

    def trip(i: Any, s: Any) -> list[Any]:
        grown = p.add(s, p.view(x, at(i)), hint="s")
        stop, out = p.branch(p.greater(grown, lim), lambda: [const(True), grown],
                             lambda: [const(False), p.multiply(grown, 1.1, hint="s")], [("", BOOL), ("s", FLOAT)])
        return [stop, out]

    (s,) = p.loop([("s", FLOAT, const(0.0))], trip, n=7, stop=True)
    for lim_value in (-5.0, 0.5, 9.0):
        text = check(p.module(s), VALUES, lim_value)
    expect(text, """
        def f(x, lim):
            s = 0.0
            for i in range(7):
                s += x[i]
                if s > lim:
                    break
                s *= 1.1
            return s
        """)


def test_values_that_wait_are_assigned_before_a_break() -> None:
    p = Program()
    x, lim = p.param("x", VEC), p.param("lim", FLOAT)

    def trip(i: Any, s: Any, d: Any) -> list[Any]:
        d2 = p.multiply(s, d)
        s2 = p.add(s, p.view(x, at(i)), hint="s")
        (stop,) = p.branch(p.greater(s2, lim), lambda: [const(True)], lambda: [const(False)], [("", BOOL)])
        return [stop, s2, d2]

    s, d = p.loop([("s", FLOAT, const(0.5)), ("d", FLOAT, const(1.0))], trip, n=7, stop=True)
    for lim_value in (-5.0, 0.5, 9.0):
        check(p.module(s, d), VALUES, lim_value)


def test_nested_loops_with_break_and_trips() -> None:
    p = Program()
    x, lim = p.param("x", VEC), p.param("lim", FLOAT)
    total = []

    def outer(i: Any, s: Any) -> list[Any]:
        def inner(j: Any, t: Any) -> list[Any]:
            t = p.add(p.multiply(t, p.view(x, at(j))), 0.5, hint="t")
            return [p.greater(t, lim), t]

        made.Var(INT)
        (t,) = p.loop([("t", FLOAT, const(1.0))], inner, n=7, index="j", stop=True, trips=trips)
        return [p.add(s, p.multiply(t, trips), hint="s")]

    trips = made.Var(INT, "trips")
    total = p.loop([("s", FLOAT, const(0.0))], outer, n=3)
    for lim_value in (-5.0, 0.5, 9.0):
        check(p.module(*total), VALUES, lim_value)


def test_while_and_its_condition() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    y, k = p.loop([("y", FLOAT, x), ("k", INT, const(0))], lambda y, k: [p.multiply(y, 0.5), p.add(k, 1)],
                  cond=lambda y, k: p.greater(y, 0.1))
    assert "while y > 0.1:" in check(p.module(y, k), 3.0)


def test_continue() -> None:
    p = Program()
    x = p.param("x", VEC)

    def trip(i: Any, s: Any) -> list[Any]:
        t = p.view(x, at(i), hint="t")
        (out,) = p.branch(p.less(t, 0.0), lambda: [s], lambda: [p.add(s, p.multiply(t, t), hint="s")], [("s", FLOAT)])
        return [out]

    (s,) = p.loop([("s", FLOAT, const(0.0))], trip, n=7)
    text = check(p.module(s), VALUES)
    assert "continue" in text and "else" not in text


def test_if_and_elif() -> None:
    p = Program()
    x = p.param("x", FLOAT)

    def rest() -> list[Any]:
        return list(p.branch(p.greater(x, 1.0), lambda: [p.multiply(x, 2.0)], lambda: [p.add(x, 3.0)], [("y", FLOAT)]))

    (y,) = p.branch(p.less(x, 0.0), lambda: [p.negative(x)], rest, [("y", FLOAT)])
    for value in (-1.0, 0.5, 2.0):
        text = check(p.module(y), value)
    assert "elif x > 1.0:" in text


def test_conditional_expressions() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    (y,) = p.branch(p.less(x, 0.0), lambda: [p.negative(x)], lambda: [p.multiply(x, 2.0)], [("", FLOAT)], style="ifexp")
    a = p.less(x, 1.0)
    (both,) = p.branch(a, lambda: [p.greater(x, 0.0)], lambda: [a], [("", BOOL)], style="and")
    module = p.module(p.add(y, 1.0), both)
    for value in (-1.0, 0.5, 2.0):
        text = check(module, value)
    expect(text, "def f(x):\n    return (-x if x < 0.0 else x * 2.0) + 1.0, x < 1.0 and x > 0.0\n")


def test_reads_do_not_move_over_writes() -> None:
    p = Program()
    x = p.param("x", VEC)
    before = p.multiply(p.view(x, at(0)), 2.0)
    part = p.add(p.view(x, INNER), 1.0)
    x1 = p.setview(x, before, at(0), hint="x")
    x2 = p.setview(x1, 5.0, INNER, hint="x")
    check(p.module(x2, part, before), VALUES)


def test_views_that_outlive_a_write_are_copied() -> None:
    p = Program()
    x = p.param("x", VEC)
    v = p.view(x, INNER, hint="v")
    x1 = p.setview(x, 0.0, INNER, hint="x")
    assert "v = x[1:-1].copy()" in check(p.module(x1, p.add(v, 1.0)), VALUES)


def test_writes_through_paths() -> None:
    p = Program()
    A, x = p.param("A", MAT), p.param("x", VEC)
    transposed = Path((Transpose((1, 0)),))
    A = p.addview(A, x, transposed, hint="A")
    A = p.setview(A, 2.0, Path((Transpose((1, 0)), *at(0).steps)), hint="A")
    A = p.setview(A, p.multiply(A, 3.0), Path(), hint="A")
    A = p.addview(A, 1.0, at(cut(), 2), hint="A")
    A = p.setview(A, p.view(A, at(1)), at(cut(), 3), hint="A")
    A = p.addview(A, x, Path(), hint="A")
    A = p.setview(A, 7.0, Path((Diagonal(),)), hint="A")
    flat = p.view(A, Path((Reshape((const(49),)),)))
    text = check(p.module(A, p.sum(flat), p.sum(p.view(A, Path((Diagonal(),))))), MATRIX, VALUES)
    for line in ("A.T[...] += x", "A.T[0] = 2.0", "A *= 3.0", "A[:, 2] += 1.0", "A[:, 3] = A[1]", "A += x", "A.reshape(-1)"):
        assert line in text, text
    assert 'A = A.copy()' in text


def test_repeated_indices_add_up() -> None:
    p = Program()
    x, idx = p.param("x", VEC), p.param("idx", Array("int64", (3,), "C"))
    x = p.addview(x, 1.0, at(idx), hint="x")
    x = p.setview(x, 4.0, at(p.op("np.less", x, 0.0)), hint="x")
    A = p.op("np.multiply", const(1.0), p.param("A", MAT))
    A = p.addview(A, 2.0, at(cut(1, None), idx), hint="A")
    text = check(p.module(x, A), VALUES, np.array([1, 1, 2]), MATRIX)
    assert "np.add.at(x, idx, 1.0)" in text
    assert "np.add.at(A, np.s_[1:, idx], 2.0)" in text


def test_powers_of_negative_numbers() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    y = p.power(-2.0, p.negative(p.power(p.add(x, 1.0), 2)))
    text = check(p.module(p.subtract(p.subtract(x, p.subtract(1.0, x)), y)), 1.0)
    assert "(-2.0) ** -(x + 1.0) ** 2" in text


def test_numpy_scalars_from_python_ones_need_the_function() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    assert "np.multiply(x, x)" in check(p.module(p.op("np.multiply", x, x, type=Scalar("float64"))), 1.5)


def test_containers_are_unpacked() -> None:
    p = Program()
    names = ["W1", "b1", "W2", "b2", "scale"]
    W1, b1, W2, b2, scale = (p.param(n, VEC if n[0] != "s" else FLOAT) for n in names)
    layers = Node("tuple", (Node("tuple", (Leaf(0), Leaf(1))), Node("list", (Leaf(2), Leaf(3)))))
    options = Node("dict", (Leaf(4), Static("x")), ("scale", "name"))
    y = p.multiply(p.add(p.multiply(W1, b1), p.multiply(W2, b2)), scale)
    module = p.module(y, args=(("params", layers), ("options", options), ("mode", Static("fast"))),
                      tree=Node("dict", (Leaf(0), Static(None)), ("y", "rest")))
    expect(body_of(module), """
        def f(params, options, mode):
            (W1, b1), (W2, b2) = params
            scale = options['scale']
            return {'y': (W1 * b1 + W2 * b2) * scale, 'rest': None}
        """)


def test_lists_grow_and_shrink() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    items = p.new_list(FLOAT, "items")
    items = p.append(items, x, hint="items")
    items = p.append(items, p.multiply(x, x), hint="items")
    items = p.op("additem", items, const(0), const(1.0), hint="items")
    last, items = p.pop(items)
    text = check(p.module(p.add(last, p.getitem(items, 0)), p.op("len", items)), 3.0)
    assert "items.append(x * x)" in text and "items[0] += 1.0" in text


def test_kept_functions_update_their_arguments() -> None:
    q = Program(name="helper")
    a, v = q.param("a", VEC), q.param("v", FLOAT)
    a1 = q.addview(a, v, at(0), hint="a")
    helper = q.function(q.multiply(v, 2.0), a1, written=((0, 1),))
    p = Program()
    x = p.param("x", VEC)

    def trip(i: Any, x: Any, s: Any) -> list[Any]:
        old = p.view(x, INNER)
        y, x = p.b.emit_all("call", x, s, types=(FLOAT, VEC), callee="helper")
        x.hint = "x"
        return [x, p.add(s, p.add(y, p.sum(old)))]

    x, s = p.loop([("x", VEC, x), ("s", FLOAT, const(1.0))], trip, n=3)
    module = Module(p.function(x, s), {"helper": helper})
    text = check(module, VALUES)
    assert "y = helper(x, s)" in text or "helper(x, s)" in text
    assert text.count("x.copy()") == 1


def test_names_are_numbered_only_where_they_conflict() -> None:
    p = Program()
    u = p.param("u", VEC)
    old = p.op("np.sin", u, hint="u")
    new = p.op("np.cos", old, hint="u")
    text = check(p.module(p.multiply(new, old)), VALUES)
    assert "u = np.sin(u)" in text and "u_1 = np.cos(u)" in text


def test_a_name_left_unassigned_raises_only_where_the_user_reads_it() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    (t,) = p.branch(p.less(x, 0.0), lambda: [p.negative(x, hint="t")], lambda: [UNDEFINED], [("t", FLOAT)])
    kept = p.append(p.new_list(FLOAT, "kept"), t, hint="kept")
    module = p.module(p.op("len", kept))
    assert load(emit(bufferize(module))).main(1.0) == 1


def test_same_input_same_text() -> None:
    assert text_of(made.wave()) == text_of(made.wave())


@pytest.mark.parametrize("make", [made.wave, made.loss])
def test_bufferizing_twice_changes_nothing(make: Any) -> None:
    once = bufferize(make())
    assert emit(bufferize(once)).text == emit(once).text


def test_a_branch_at_the_end_returns_from_its_arms() -> None:
    p = Program()
    x = p.param("x", FLOAT)

    def rest() -> list[Any]:
        y = p.multiply(x, 2.0, hint="y")
        return list(p.branch(p.greater(y, 1.0), lambda: [p.sin(y)], lambda: [y], [("", FLOAT)]))

    (y,) = p.branch(p.less(x, 0.0), lambda: [const(0.0)], rest, [("", FLOAT)])
    for value in (-1.0, 0.2, 2.0):
        text = check(p.module(y), value)
    expect(text, """
        def f(x):
            if x < 0.0:
                return 0.0
            y = x * 2.0
            if y > 1.0:
                return np.sin(y)
            return y
        """)


def test_a_value_that_is_returned_twice_is_computed_once() -> None:
    p = Program()
    x = p.param("x", FLOAT)
    (y,) = p.branch(p.less(x, 0.0), lambda: [p.sin(x)], lambda: [p.cos(x)], [("", FLOAT)])
    text = check(p.module(y, y), 0.5)
    assert text.count("np.cos") == 1


def test_a_value_that_is_carried_twice_past_a_break() -> None:
    p = Program()
    x = p.param("x", VEC)

    def trip(i: Any, s: Any, t: Any) -> list[Any]:
        stop, out = p.branch(p.greater(s, 1.0), lambda: [const(True), p.sin(s)],
                             lambda: [const(False), p.add(s, p.view(x, at(i)))], [("", BOOL), ("", FLOAT)])
        return [stop, out, out]

    check(p.module(*p.loop([("s", FLOAT, const(0.5)), ("t", FLOAT, const(0.0))], trip, n=7, stop=True)), VALUES)


def test_a_long_chain_of_conditions_takes_linear_time() -> None:
    """Conditional expressions that need statements are not tried again inside those around them: 2 ** 22 tries otherwise."""
    terms = " and ".join(f"(a if a > {k} else b) > 0" for k in range(22))
    text = f"def chain(b):\n    a = 3.0\n    while a > 0 and {terms}:\n"
    text += "        a, b = a - 1.0, b * 0.5\n    return (a + 1) * b\n"
    namespace: dict[str, Any] = {}
    linecache.cache["<chain>"] = len(text), None, text.splitlines(True), "<chain>"
    exec(compile(text, "<chain>", "exec"), namespace)
    assert srcdiff.grad(namespace["chain"])(2.0) == pytest.approx(0.125)


def test_a_comment_for_what_all_arms_do() -> None:
    def fun(x: Any, c: float) -> float:
        total = 0.0
        for v in x:
            y = np.sin(v) if v > c else v * v * c
            total += y * y
        return total

    text = srcdiff.source(fun, np.ones(3), 2.0)
    assert text.count("y = np.sin(v) if v > c else v * v * c\n        if v > c:") == 1
    assert len(re.findall("# line .*np.sin", text)) == 1


def test_the_adjoint_of_a_reshape() -> None:
    def fun(x: Any, w: Any) -> float:
        for k in range(2):
            x = np.sin(x) * x
        return np.sum(w * np.ravel(x))

    x = np.linspace(0.1, 1.0, 6).reshape(2, 3)
    text = srcdiff.source(fun, x, np.arange(6.0))
    assert not re.search(r"= \w+\.size$", text, re.MULTILINE)  # -1 says it
    assert "ascontiguousarray" not in text
    assert "zeros" not in text
    for a in (x, np.asfortranarray(x)):
        check_grads(fun, (a, np.arange(6.0)), order=2)
