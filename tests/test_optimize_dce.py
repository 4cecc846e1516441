"""Dead code: what goes, what stays, and what a mark keeps."""

from __future__ import annotations

import textwrap

import numpy as np
from handmade import INNER, UNDEFINED, VEC, Program, at
from lowered import lowered

from srcdiff.analysis.effects import ops_of
from srcdiff.ir.build import const
from srcdiff.ir.core import Atom, Function, If, Loop, Module, Op, Var
from srcdiff.ir.printer import print_function
from srcdiff.ir.types import BOOL, FLOAT, INT
from srcdiff.ir.verify import verify
from srcdiff.optimize import dce
from srcdiff.transform.mirrors import structures
from srcdiff.transform.reverse import reverse

X = np.linspace(0.5, 1.5, 5)


def check(p: Program, *results: Atom, expected: str) -> None:
    made = verify(dce.run(verify(p.module(*results))))
    text = print_function(made.main).split("\n", 1)[1]
    assert textwrap.dedent(text) == textwrap.dedent(expected).strip()


def test_what_nobody_reads_goes() -> None:
    p = Program()
    x = p.param("x", VEC)
    p.exp(p.sin(x))
    check(p, p.cos(x), expected="""
        t.1 = np.cos(x)
        return t.1
        """)


def test_effects_stay_with_what_they_need() -> None:
    p = Program()
    x, c = p.param("x", VEC), p.param("c", BOOL)
    s = p.cos(x)

    def shout() -> list[Atom]:
        p.b.emit_all("print", (s,), (), types=())
        return [p.sin(x)]

    p.branch(c, shout, lambda: [x], [("y", VEC)])
    check(p, c, expected="""
        t.2 = np.cos(x)
        if c:
            print((t.2,), ())
        else:
            pass
        return c
        """)


def test_dead_carried_values_go_with_what_made_them() -> None:
    p = Program()
    x, n = p.param("x", VEC), p.param("n", INT)

    def trip(i: Var, s: Var, t: Var) -> list[Atom]:
        return [p.add(s, p.view(x, at(i))), p.multiply(t, p.exp(s))]

    s, _ = p.loop([("s", FLOAT, const(0.0)), ("t", FLOAT, const(1.0))], trip, n=n)
    check(p, s, expected="""
        for i in range(0, n, 1), s = 0.0:
            t.4 = view(x, [i])
            t.5 = np.add(s, t.4)
            yield t.5
        -> s.6
        return s.6
        """)


def test_a_loop_without_results_goes() -> None:
    p = Program()
    x, n = p.param("x", VEC), p.param("n", INT)
    p.loop([("s", FLOAT, const(0.0))], lambda i, s: [p.add(s, p.view(x, at(i)))], n=n)
    check(p, n, expected="return n")


def test_results_of_branches_go() -> None:
    p = Program()
    x, c = p.param("x", VEC), p.param("c", BOOL)
    y, _ = p.branch(c, lambda: [p.sin(x), p.cos(x)], lambda: [x, UNDEFINED], [("y", VEC), ("z", VEC)])
    check(p, y, expected="""
        if c:
            t.2 = np.sin(x)
            yield t.2
        else:
            yield x
        -> y
        return y
        """)


def test_functions_that_nobody_calls_go() -> None:
    p, q, r = Program(name="f"), Program(name="g"), Program(name="h")
    functions = {"g": q.function(q.param("x", VEC)), "h": r.function(r.param("x", VEC))}
    x = p.param("x", VEC)
    out = p.b.emit_all("call", x, types=(VEC,), callee="g")[0]
    module = Module(p.function(out), functions, p.b.facts)
    assert list(dce.run(module).functions) == ["g"]


def test_calls_with_effects_stay() -> None:
    q = Program(name="g")
    y = q.param("y", VEC)
    q.b.emit_all("print", (y,), (), types=())
    p = Program()
    x = p.param("x", VEC)
    p.b.emit_all("call", x, types=(), callee="g")
    made = dce.run(Module(p.function(x), {"g": q.function()}, p.b.facts))
    assert [op.name for op in ops_of(made.main.body)] == ["call"]


# -- marks -------------------------------------------------------------------------------------------------------------


def joint(fun: object, *args: object) -> Function:
    return dce.run(reverse(lowered(fun, *args), (0,), keep_value=False)[0]).main  # type: ignore[arg-type]


def names(fn: Function) -> list[str]:
    return [op.name for op in ops_of(fn.body)]


def test_a_mark_stays_with_its_write() -> None:
    def f(x):
        x[1:-1] *= 2.0
        return np.sum(x * x)

    assert "mark" in names(joint(f, X))


def test_a_mark_goes_with_its_write() -> None:
    def f(x):
        k = np.zeros(3)
        k[0] = 1.0
        return np.sum(x * x)

    assert not {"mark", "setview"} & set(names(joint(f, X)))


def test_a_mirror_with_a_mark_keeps_its_trips() -> None:
    def f(x, n):
        k = np.zeros(9)
        j = 0
        while j < n:
            if j > 1:
                k[j] = 2.0
            j = j + 1
        return np.sum(x * k[2])

    fn = joint(f, X, 4)
    primal, mirror = (s for s in structures(fn.body.stmts) if isinstance(s, Loop))
    assert primal.trips is not None
    assert mirror.hi is primal.trips
    assert isinstance(mirror.body.stmts[0], If)
    assert isinstance(mirror.body.stmts[0].cond, Var)


def test_a_store_that_is_undone_for_nobody() -> None:
    p = Program()
    x = p.param("x", VEC)
    x1 = p.setview(x, const(0.0), INNER)
    p.b.emit_all("split", types=())
    p.b.add(Op("mark", (x1,), ()))
    made = dce.run(p.module(p.cos(x)))
    assert names(made.main) == ["split", "np.cos"]
