"""The public interface: grad and its relatives, as decorators, on every kind of callable; caches, copies, pickles."""

import functools
import pickle
import threading
from dataclasses import dataclass

import numpy as np
import pytest

import srcdiff
from srcdiff import DerivativeTypeError, SignatureError, UnsupportedError


def cube(x, c=2.0):
    return c * x ** 3


def loss(W, x, y):
    h = np.tanh(x @ W)
    err = h - y
    return np.mean(err ** 2)


@srcdiff.grad
def decorated(x):
    return x * x


@srcdiff.value_and_grad(argnums="y")
def decorated_with_arguments(x, y):
    return x * y * y


def problem():
    rng = np.random.default_rng(0)
    return rng.normal(size=(3, 2)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


# -- forms of use ------------------------------------------------------------------------------------------------------


def test_function_decorator_and_decorator_with_arguments():
    assert srcdiff.grad(cube)(2.0) == 24.0
    assert decorated(3.0) == 6.0
    assert decorated_with_arguments(2.0, 3.0) == (18.0, 12.0)


def test_argnums():
    assert srcdiff.grad(cube, argnums=1)(2.0, 5.0) == 8.0
    assert srcdiff.grad(cube, argnums="c")(2.0) == 8.0
    assert srcdiff.grad(cube, argnums=-1)(2.0, 5.0) == 8.0
    assert srcdiff.grad(cube, argnums=(1, 0))(2.0, 5.0) == (8.0, 60.0)
    assert srcdiff.grad(cube, argnums=(0,))(2.0, 5.0) == (60.0,)
    for wrong in (2, "q"):
        with pytest.raises(SignatureError):
            srcdiff.grad(cube, argnums=wrong)(2.0, 5.0)
    for wrong in (1.0, (), True):
        with pytest.raises(SignatureError):
            srcdiff.grad(cube, argnums=wrong)


def test_keywords_and_defaults():
    g = srcdiff.grad(cube)
    assert g(2.0, c=1.0) == g(x=2.0, c=1.0) == g(2.0, 1.0) == 12.0
    with pytest.raises(TypeError):
        g()


def test_star_arguments():
    def f(x, *rest, **more):
        return x * rest[0] * rest[1] * more["k"]

    assert srcdiff.grad(f, argnums=2)(2.0, 3.0, 5.0, k=7.0) == 42.0
    assert srcdiff.grad(f, argnums="k")(2.0, 3.0, 5.0, k=7.0) == 30.0


def test_has_aux():
    def f(x):
        y = x * x
        return y * x, {"square": y}

    assert srcdiff.grad(f, has_aux=True)(2.0) == (12.0, {"square": 4.0})
    assert srcdiff.value_and_grad(f, has_aux=True)(2.0) == ((8.0, {"square": 4.0}), 12.0)
    with pytest.raises(DerivativeTypeError, match="has_aux"):
        srcdiff.grad(f)(2.0)
    with pytest.raises(DerivativeTypeError, match="pair"):
        srcdiff.grad(cube, has_aux=True)(2.0)


def test_methods_lambdas_partials_and_nested_functions():
    class Model:
        def __init__(self, scale):
            self.scale = scale

        def value(self, x):
            return self.scale * x * x

        @srcdiff.grad(argnums=1)
        def slope(self, x):
            return self.scale * x * x

    assert srcdiff.grad(Model(3.0).value)(2.0) == 12.0
    assert Model(3.0).slope(2.0) == 12.0
    assert srcdiff.grad(lambda x: x * x)(2.0) == 4.0
    assert srcdiff.grad(functools.partial(cube, c=1.0))(2.0) == 12.0
    assert srcdiff.grad(functools.partial(cube, 2.0))(1.0) == 8.0

    def outer(k):
        def inner(x):
            return k * x
        return inner

    assert [srcdiff.grad(outer(k))(1.0) for k in (2.0, 3.0)] == [2.0, 3.0]


def test_attributes_and_wrapping():
    g = srcdiff.grad(cube, argnums="c", has_aux=False)
    assert (g.fun, g.argnums, g.mode, g.has_aux) == (cube, "c", "grad", False)
    assert (g.__name__, g.__doc__, g.__wrapped__) == ("cube", None, cube)
    assert "grad of cube" in repr(g)


def test_pickle():
    assert pickle.loads(pickle.dumps(srcdiff.grad(cube)))(2.0) == 24.0
    assert pickle.loads(pickle.dumps(decorated)) is decorated


# -- results -----------------------------------------------------------------------------------------------------------


@dataclass
class Layer:
    W: np.ndarray
    b: float


def test_gradients_have_the_type_of_their_argument():
    def f(p):
        return np.sum(p["layer"].W) * p["layer"].b + p["pair"][0] * p["pair"][1][0]

    g = srcdiff.grad(f)({"layer": Layer(np.ones((2, 3)), 2.0), "pair": (3.0, [np.float64(4.0)]), "name": None})
    assert list(g) == ["layer", "pair", "name"]
    np.testing.assert_array_equal(g["layer"].W, np.full((2, 3), 2.0))
    assert type(g["layer"].b) is float
    assert g["layer"].b == 6.0
    assert g["pair"] == (4.0, [3.0])
    assert type(g["pair"][0]) is float
    assert type(g["pair"][1][0]) is np.float64
    assert g["name"] is None
    single = srcdiff.grad(lambda x: np.sum(x * x))(np.ones(3, np.float32))
    assert single.dtype == np.float32


def test_arguments_stay_as_they_were_and_results_are_fresh():
    def f(x, y):
        x[0] = 3.0
        x *= y
        return np.sum(x)

    x, y = np.ones(3), np.full(3, 2.0)
    gx, gy = srcdiff.grad(f, argnums=(0, 1))(x, y)
    np.testing.assert_array_equal(x, np.ones(3))
    np.testing.assert_array_equal(gx, [0.0, 2.0, 2.0])
    np.testing.assert_array_equal(gy, [3.0, 1.0, 1.0])
    a, b = srcdiff.grad(lambda x, y: np.sum(x + y), argnums=(0, 1))(x, y)
    assert not np.shares_memory(a, b)
    assert not np.shares_memory(srcdiff.grad(lambda x, y: np.sum(x * y))(x, y), y)


def test_overlapping_arguments_are_refused_where_one_is_written():
    def f(x, y):
        x[0] = y[1] * 2.0
        return np.sum(x * y)

    g = srcdiff.grad(f)
    z = np.arange(5.0)
    np.testing.assert_array_equal(g(z, z.copy()), [0.0, 1.0, 2.0, 3.0, 4.0])
    for a, b in ((z, z[::-1]), (z[1:], z[:-1])):
        with pytest.raises(UnsupportedError, match="share memory"):
            g(a, b)
    assert srcdiff.grad(lambda x, y: np.sum(x * y))(z, z)[1] == 1.0


@pytest.mark.parametrize("value", [3, True, np.arange(3), [1, 2], None, "a", {"w": 1.0, "n": 3}])
def test_arguments_without_a_derivative_are_errors_never_zeros(value):
    with pytest.raises(DerivativeTypeError):
        srcdiff.grad(lambda x, y: y)(value, 1.0)


def test_results_that_are_no_number_name_the_way_out():
    with pytest.raises(DerivativeTypeError, match=r"srcdiff.vjp or srcdiff.jacobian"):
        srcdiff.grad(lambda x: x * 2.0)(np.ones(3))
    for fun in (lambda x: (x, x), lambda x: [x], lambda x: None, lambda x: 3, lambda x: x * 1j):
        with pytest.raises(DerivativeTypeError):
            srcdiff.grad(fun)(1.0)


# -- products ----------------------------------------------------------------------------------------------------------


def test_vjp_may_be_called_many_times():
    W, x, y = problem()
    out, pullback = srcdiff.vjp(lambda W, x: np.tanh(x @ W), W, x)
    for seed in (np.ones_like(out), np.zeros_like(out), np.ones_like(out)):
        kept = seed.copy()
        bars = pullback(seed)
        np.testing.assert_array_equal(seed, kept)
    assert [b.shape for b in bars] == [(3, 2), (5, 3)]
    np.testing.assert_allclose(bars[0], x.T @ (1.0 - out * out))


def test_vjp_is_safe_from_later_writes_to_arguments_and_value():
    W, x, _ = problem()
    out, pullback = srcdiff.vjp(lambda W, x: np.tanh(x @ W), W, x)
    expected = pullback(np.ones_like(out))
    W *= 0.0
    x *= 0.0
    out *= 0.0
    for got, want in zip(pullback(np.ones((5, 2))), expected):
        np.testing.assert_array_equal(got, want)


def test_vjp_checks_the_adjoint():
    _, pullback = srcdiff.vjp(lambda x: x * 2.0, np.ones(3))
    for wrong in (1.0, np.ones(2), np.ones((3, 1)), np.ones(3) * 1j, (np.ones(3),) * 2):
        with pytest.raises(SignatureError):
            pullback(wrong)
    np.testing.assert_array_equal(pullback([1, 2, 3])[0], [2.0, 4.0, 6.0])


def test_vjp_of_containers_and_with_aux():
    out, pullback = srcdiff.vjp(lambda x: {"a": x * 2.0, "n": 3}, 2.0)
    assert out == {"a": 4.0, "n": 3}
    assert pullback({"a": 1.0, "n": None}) == (2.0,)
    out, pullback, aux = srcdiff.vjp(lambda x: (x * x, "aux"), 3.0, has_aux=True, argnums=0)
    assert (out, aux, pullback(1.0)) == (9.0, "aux", 6.0)


def test_jvp_and_hvp():
    assert srcdiff.jvp(cube, (2.0, 3.0), (1.0, None)) == (24.0, 36.0)
    W, x, y = problem()
    V = np.ones_like(W)
    value, slope = srcdiff.jvp(loss, (W, x, y), (V, None, None))
    assert value == loss(W, x, y)
    np.testing.assert_allclose(slope, np.sum(srcdiff.grad(loss)(W, x, y) * V))
    g = srcdiff.grad(loss)
    h = 1e-6
    numeric = (g(W + h * V, x, y) - g(W - h * V, x, y)) / (2 * h)
    np.testing.assert_allclose(srcdiff.hvp(loss)(W, x, y, V), numeric, rtol=1e-6, atol=1e-9)
    with pytest.raises(SignatureError):
        srcdiff.jvp(cube, (2.0,), (1.0, 2.0))


def test_gradient_of_gradient():
    assert srcdiff.grad(srcdiff.grad(cube))(2.0) == 24.0
    assert srcdiff.grad(srcdiff.grad(srcdiff.grad(cube)))(2.0) == 12.0
    assert srcdiff.grad(lambda x: x * srcdiff.grad(lambda y: x + y)(x))(5.0) == 1.0
    assert srcdiff.grad(decorated)(3.0) == 2.0


def test_stop_gradient():
    assert srcdiff.grad(lambda x: x * srcdiff.stop_gradient(x))(3.0) == 3.0
    assert srcdiff.stop_gradient(3.0) == 3.0


# -- source and cache --------------------------------------------------------------------------------------------------


def test_source_of_values_signatures_and_annotations():
    W, x, y = problem()
    text = srcdiff.source(loss, W, x, y)
    assert "def loss_fwd(W, x, y):" in text
    assert "def loss_bwd(stash, out_bar):" in text
    assert "def loss_bwd(stash, out_bar):" in srcdiff.source(loss, "W: f64[n, m], x: f64[k, n], y: f64[k, m]")
    assert "def loss_grad(W, x, y):" in srcdiff.grad(loss).source(W, x, y)
    assert "W_dot" in srcdiff.source(loss, W, x, y, mode="forward")

    def annotated(x: float):
        return x * x

    assert "def annotated_grad(x):" in srcdiff.source(annotated, form="joint")
    with pytest.raises(SignatureError, match="--args"):
        srcdiff.source(loss)


def test_stash_is_told():
    W, x, y = problem()
    entries = srcdiff.grad(loss).stash(W, x, y)
    assert all(e.how in ("keep", "recompute", "rewind", "push") for e in entries)


def test_one_specialisation_serves_all_sizes():
    g = srcdiff.grad(lambda x: np.sum(x * x))
    for n in (3, 5, 7):
        np.testing.assert_array_equal(g(np.ones(n)), np.full(n, 2.0))
    assert len(g._table.recent) == 1
    g(1.0)
    assert len(g._table.recent) == 2
    g.clear_cache()
    assert len(g._table.recent) == 0


def test_threads_share_one_compilation():
    g = srcdiff.grad(lambda x: np.sum(np.sin(x)))
    results = []
    threads = [threading.Thread(target=lambda: results.append(g(np.zeros(3)))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(results) == 8
    assert all(np.array_equal(r, np.ones(3)) for r in results)
    assert len(g._table.recent) == 1


def test_exceptions_name_the_users_line():
    def f(x):
        if x > 0.0:
            raise ValueError("positive")
        return x * x

    with pytest.raises(ValueError, match="positive"):
        srcdiff.grad(f)(1.0)
    assert srcdiff.grad(f)(-1.0) == -2.0


def test_a_pullback_asks_no_shape_of_what_may_be_missing() -> None:
    def f(x, b, s):  # type: ignore[no-untyped-def]
        if np.any(s > 0.7):
            x = other = b[1] ** 0.5  # noqa: F841  a name that is bound on this path only
        return x.sum()

    x, b = np.arange(4.0), np.full((3, 4), 4.0)
    _, pullback = srcdiff.vjp(f, x, b, 0.5, argnums=(0, 1))
    np.testing.assert_array_equal(pullback(2.0)[0], np.full(4, 2.0))
    _, pullback = srcdiff.vjp(f, x, b, 1.0, argnums=(0, 1))
    np.testing.assert_array_equal(pullback(2.0)[1][1], np.full(4, 0.5))
