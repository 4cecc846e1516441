"""Liveness and interference on small functions built by hand."""

from srcdiff.analysis.liveness import liveness
from srcdiff.ir.build import Builder, const
from srcdiff.ir.core import Block, Function, If, Index, Loop, Path, Var
from srcdiff.ir.dims import Facts, Sym, of
from srcdiff.ir.types import BOOL, FLOAT, INT, Array

N = of(Sym("x.shape[0]", 9))
VEC = Array("float64", (N,), "C")


def path(*items):
    return Path((Index(items),))


def function(builder, params, results):
    return Function("f", tuple(params), Block(tuple(builder.stmts), tuple(results)))


def test_straight_line():
    x = Var(VEC, "x")
    b = Builder(Facts())
    t = b.emit("view", x, path(const(0)))
    y = b.emit("setview", x, t, path(const(1)))
    live = liveness(function(b, [x], [y]))
    read, write = b.stmts
    assert live.live_after(read) == [x, t]
    assert not live.is_live_after(x, write)
    assert not live.interfere(x, y)
    assert live.interfere(x, t)


def test_operand_that_is_read_again_interferes_with_the_result():
    x = Var(VEC, "x")
    b = Builder(Facts())
    y = b.emit("setview", x, const(0.0), path(const(1)))
    z = b.emit("view", x, path(const(0)))
    live = liveness(function(b, [x], [y, z]))
    assert live.interfere(x, y)


def make_loop(body_reads_outside=True):
    x, w = Var(VEC, "x"), Var(VEC, "w")
    n = Var(INT, "n")
    p, i, out = Var(VEC, "x"), Var(INT, "i"), Var(VEC, "x")
    b = Builder(Facts())
    with b.block() as body:
        t = b.emit("view", w if body_reads_outside else p, path(i))
        r = b.emit("setview", p, t, path(i))
    loop = Loop((p,), (x,), Block(tuple(body), (r,)), (out,), index=i, lo=const(0), hi=n, step=const(1))
    b.add(loop)
    return b, (x, w, n), (p, i, t, r, out), loop


def test_what_a_loop_reads_is_live_through_it():
    b, (x, w, n), (p, i, t, r, out), loop = make_loop()
    live = liveness(function(b, [x, w, n], [out]))
    assert live.is_live_at_end(w, loop.body)
    assert live.interfere(w, r) and live.interfere(w, p)
    assert not live.is_live_after(w, loop)
    assert not any(live.interfere(p, v) for v in (x, r, out))
    assert set(live.free(loop.body)) == {w, p, i}


def test_initial_value_needed_after_the_loop_interferes_with_the_parameter():
    b, (x, w, n), (p, i, t, r, out), loop = make_loop(body_reads_outside=False)
    live = liveness(function(b, [x, w, n], [out, x]))
    assert live.interfere(x, p) and live.interfere(x, r) and live.interfere(x, out)


def test_parameters_interfere_with_each_other_even_if_dead():
    a, c = Var(FLOAT, "a"), Var(FLOAT, "c")
    p, q, o1, o2, i = Var(FLOAT), Var(FLOAT), Var(FLOAT), Var(FLOAT), Var(INT)
    loop = Loop((p, q), (a, c), Block((), (q, const(0.0))), (o1, o2), index=i, lo=const(0), hi=const(3), step=const(1))
    b = Builder(Facts())
    b.add(loop)
    live = liveness(function(b, [a, c], [o1]))
    assert live.interfere(p, q) and live.interfere(o1, o2) and live.interfere(p, i)


def test_while_keeps_its_parameters_over_the_condition_and_its_trips_over_the_body():
    x = Var(FLOAT, "x")
    p, out, trips = Var(FLOAT, "x"), Var(FLOAT, "x"), Var(INT)
    b = Builder(Facts())
    c, t, r = Var(BOOL), Var(FLOAT), Var(FLOAT)
    from srcdiff.ir.core import Op
    cond = Block((Op("np.greater", (p, const(1.0)), (c,)),), (c,))
    body = Block((Op("np.sin", (p,), (t,)), Op("np.negative", (t,), (r,))), (r,))
    loop = Loop((p,), (x,), body, (out,), cond=cond, trips=trips)
    b.add(loop)
    live = liveness(function(b, [x], [out, trips]))
    assert live.interfere(p, c)
    assert live.interfere(trips, t) and live.interfere(trips, r) and live.interfere(trips, p)


def test_arms_do_not_interfere():
    x, c = Var(FLOAT, "x"), Var(BOOL, "c")
    b = Builder(Facts())
    from srcdiff.ir.core import Op
    s, t, out = Var(FLOAT), Var(FLOAT), Var(FLOAT)
    arm = If(c, Block((Op("np.sin", (x,), (s,)),), (s,)), Block((Op("np.cos", (x,), (t,)),), (t,)), (out,))
    b.add(arm)
    live = liveness(function(b, [x, c], [out]))
    assert not live.interfere(s, t)
    assert not live.interfere(s, out)
    assert not live.is_live_after(x, arm)
    assert live.is_live_at_start(x, arm.then)
