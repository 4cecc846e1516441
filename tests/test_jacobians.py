"""Jacobians and Hessians: shapes, nests, types, both modes against each other and differences, and inside of programs."""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import srcdiff
from srcdiff import DerivativeTypeError, SignatureError, UnsupportedError
from srcdiff.testing import check_grads

rng = np.random.default_rng(0)
MODES = [srcdiff.jacrev, srcdiff.jacfwd]


def differences(f, x, h=1e-6):
    """The Jacobian of ``f`` at an array, of shape out.shape + in.shape."""
    columns = []
    for k in range(x.size):
        e = np.zeros(x.size)
        e[k] = h
        e = e.reshape(x.shape)
        columns.append((np.asarray(f(x + e)) - np.asarray(f(x - e))) / (2 * h))
    return np.stack(columns, -1).reshape(np.shape(f(x)) + x.shape)


def affine(x):
    return np.tanh(np.arange(6.0).reshape(2, 3) @ x)


def outer(x):
    return np.sin(x[:, None]) * x[None, :] ** 2


def total(x):
    return np.sum(x * x * np.sin(x))


def in_place(x):
    y = np.zeros((2, x.shape[0]))
    for i in range(x.shape[0]):
        y[0, i] = np.sum(x[:i + 1] ** 2)
        y[1, i] = y[0, i] * x[i]
        x = x * np.cos(x)
    return y


def search(x):
    s, k = x * 1.0, 0
    while np.sum(s) < 3.0 and k < 20:
        s = s * 1.3
        k += 1
        if k == 7:
            break
    return s / (1.0 + s[::-1] ** 2)


def zero_d(x):
    return np.array(np.sum(x ** 3))


def matrix(x):
    return np.linalg.inv(np.outer(x, x) + np.eye(3))


PROGRAMS = [affine, outer, total, in_place, search, zero_d, matrix]


@pytest.mark.parametrize("f", PROGRAMS)
@pytest.mark.parametrize("mode", MODES)
def test_both_modes_agree_with_differences(f, mode):
    x = rng.uniform(0.5, 1.5, 3)
    found = mode(f)(x)
    assert found.shape == np.shape(f(x)) + (3,)
    np.testing.assert_allclose(found, differences(f, x), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("f", PROGRAMS)
def test_second_derivatives_in_all_four_orders(f):
    x = rng.uniform(0.5, 1.5, 3)
    results = [a(b(f))(x) for a in MODES for b in MODES]
    expected = differences(srcdiff.jacrev(f), x)
    for found in results:
        assert found.shape == np.shape(f(x)) + (3, 3)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_what_does_not_depend_on_the_direction_is_computed_once(mode):
    before, inside = mode(affine).source(np.ones(3)).split("for k in range", 1)
    assert "np.tanh" in before
    assert "np.tanh" not in "".join(line.split("#")[0] for line in inside.splitlines())


def test_what_is_printed_is_printed_once(capsys):
    def f(x):
        for i in range(2):
            print("trip", i)
            x = x * np.sin(x)
        return x, i

    for mode in MODES:
        mode(f, has_aux=True)(np.ones(3))
        assert capsys.readouterr().out == "trip 0\ntrip 1\n"


notes: list = []


def test_what_is_noted_down_is_noted_once():
    def f(x):
        for _ in range(2):
            x = x * np.sin(x)
            notes.append(x)
        return np.sum(x)

    for derivative in (srcdiff.jacrev(f), srcdiff.jacfwd(f), srcdiff.hessian(f)):
        notes.clear()
        derivative(np.ones(3))
        assert len(notes) == 2


# -- shapes and types --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_shapes(mode):
    def f(x):
        return x[..., None] * np.ones(2)

    for shape in ((), (1,), (0,), (3,), (2, 3), (1, 2)):
        x = rng.normal(size=shape)
        J = mode(f)(x)
        assert J.shape == (*shape, 2, *shape)
        np.testing.assert_array_equal(J.reshape(x.size, 2, x.size), np.eye(x.size)[:, None, :] * np.ones((1, 2, 1)))


@pytest.mark.parametrize("mode", MODES)
def test_numbers(mode):
    assert mode(lambda x: x ** 3)(2.0) == 12.0
    assert type(mode(lambda x: x ** 3)(2.0)) is float
    np.testing.assert_array_equal(mode(lambda x: x * np.arange(3.0))(2.0), [0.0, 1.0, 2.0])
    np.testing.assert_array_equal(mode(lambda x: np.sum(x) * 2.0)(np.ones((2, 2))), np.full((2, 2), 2.0))


@pytest.mark.parametrize("mode", MODES)
def test_precision_is_kept(mode):
    x = rng.normal(size=3).astype(np.float32)
    J = mode(lambda x: np.sin(x) * x)(x)
    assert J.dtype == np.float32
    np.testing.assert_allclose(J, np.diag(np.cos(x) * x + np.sin(x)), rtol=1e-5)
    assert srcdiff.hessian(lambda x: np.sum(x ** 3))(x).dtype == np.float32


@pytest.mark.parametrize("mode", MODES)
def test_layouts(mode):
    W = np.asfortranarray(rng.normal(size=(3, 2)))
    for A in (W, W[::-1], W.T, np.ascontiguousarray(W)):
        found = mode(lambda a: np.sin(a) @ np.ones(a.shape[1]))(A)
        np.testing.assert_allclose(found, differences(lambda a: np.sin(a).sum(1), A), atol=1e-8)


class Pair(NamedTuple):
    a: object
    b: object


@dataclass
class Layer:
    W: np.ndarray
    b: float
    name: str = "layer"


@pytest.mark.parametrize("mode", MODES)
def test_nests(mode):
    def f(p, c):
        return {"y": p["l"].W @ p["t"][0] * p["l"].b, "s": (np.sum(p["t"][0]) * c, None)}

    p = {"l": Layer(rng.normal(size=(2, 3)), 0.5), "t": [rng.normal(size=3)]}
    J = mode(f, argnums=("p", 1))(p, 2.0)
    assert list(J) == ["y", "s"]
    (Jp, Jc), (Sp, Sc) = J["y"], J["s"][0]
    assert J["s"][1] is None
    assert Jp["l"].W.shape == (2, 2, 3)
    assert Jp["l"].name == "layer"
    np.testing.assert_allclose(Jp["t"][0], p["l"].W * 0.5)
    np.testing.assert_allclose(Jp["l"].b, p["l"].W @ p["t"][0])
    np.testing.assert_array_equal(Jc, np.zeros(2))
    np.testing.assert_allclose(Sp["t"][0], np.full(3, 2.0))
    assert Sc == np.sum(p["t"][0])
    np.testing.assert_array_equal(Sp["l"].W, np.zeros((2, 3)))
    assert mode(lambda p: p.a * p.b)(Pair(2.0, 3.0)) == Pair(3.0, 2.0)


@pytest.mark.parametrize("mode", [*MODES, srcdiff.elementwise_grad])
def test_aux(mode):
    J, aux = mode(lambda x: (x * x, {"n": x.shape[0], "y": np.cos(x)}), has_aux=True)(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(np.diag(J) if J.ndim == 2 else J, [2.0, 4.0])
    assert aux["n"] == 2
    np.testing.assert_array_equal(aux["y"], np.cos([1.0, 2.0]))
    with pytest.raises(DerivativeTypeError, match="pair"):
        mode(lambda x: x, has_aux=True)(np.ones(2))


@pytest.mark.parametrize("mode", [*MODES, srcdiff.elementwise_grad])
def test_what_cannot_be_differentiated(mode):
    with pytest.raises(DerivativeTypeError, match="floating-point"):
        mode(lambda x: x * 2.0)(np.arange(3))
    with pytest.raises(DerivativeTypeError, match="int64"):
        mode(lambda x: np.argsort(x))(np.ones(3))
    with pytest.raises(DerivativeTypeError, match="complex"):
        mode(lambda x: x * 1j)(np.ones(3))
    with pytest.raises(DerivativeTypeError, match="no numbers"):
        mode(lambda x: None)(np.ones(3))
    with pytest.raises(SignatureError, match="argnums"):
        mode(lambda x: x, argnums=1)(np.ones(3))
    with pytest.raises(SignatureError, match="argument"):
        mode(lambda x: x, argnums="y")(np.ones(3))


def test_decorators_and_attributes():
    @srcdiff.jacobian
    def f(x):
        """Twice."""
        return 2.0 * x

    @srcdiff.hessian(argnums="y")
    def g(x, y):
        return np.sum(x * y ** 2)

    np.testing.assert_array_equal(f(np.ones(2)), 2.0 * np.eye(2))
    assert f.__doc__ == "Twice."
    np.testing.assert_array_equal(g(np.array([1.0, 2.0]), np.ones(2)), np.diag([2.0, 4.0]))
    assert "jacrev of" in repr(f)


# -- Hessians ----------------------------------------------------------------------------------------------------------


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def test_hessian_of_rosenbrock():
    x = rng.normal(size=4)
    H = srcdiff.hessian(rosenbrock)(x)
    expected = np.zeros((4, 4))
    for i in range(3):
        expected[i, i] += 1200.0 * x[i] ** 2 - 400.0 * x[i + 1] + 2.0
        expected[i + 1, i + 1] += 200.0
        expected[i, i + 1] -= 400.0 * x[i]
        expected[i + 1, i] -= 400.0 * x[i]
    np.testing.assert_allclose(H, expected, rtol=1e-12)
    v = rng.normal(size=4)
    np.testing.assert_allclose(srcdiff.hvp(rosenbrock)(x, v), H @ v, rtol=1e-12)


def test_hessian_of_nests_and_several_arguments():
    def f(p, x):
        return np.sum(np.tanh(p["W"] @ x) * p["b"]), x

    p, x = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=2)}, rng.normal(size=3)
    (Hp, Hx), aux = srcdiff.hessian(f, argnums=(0, 1), has_aux=True)(p, x)
    np.testing.assert_array_equal(aux, x)
    assert Hp["W"][0]["W"].shape == (2, 3, 2, 3)
    assert Hp["W"][0]["b"].shape == (2, 3, 2)
    assert Hp["b"][1].shape == (2, 3)
    np.testing.assert_allclose(Hx[0]["b"], Hp["b"][1].T)
    np.testing.assert_allclose(Hx[1], differences(srcdiff.grad(lambda z: f(p, z)[0]), x), atol=1e-7)
    np.testing.assert_allclose(Hp["b"][0]["W"], np.moveaxis(Hp["W"][0]["b"], -1, 0))
    (Haa, Hab), (Hba, Hbb) = srcdiff.hessian(lambda a, b: a * a * b, argnums=(0, 1))(2.0, 3.0)
    assert (Haa, Hab, Hba, Hbb) == (6.0, 4.0, 4.0, 0.0)


def test_hessian_of_a_number():
    assert srcdiff.hessian(lambda x: x ** 3)(2.0) == 12.0


# -- inside of programs ------------------------------------------------------------------------------------------------

made_outside = srcdiff.jacobian(affine)
curvature = srcdiff.hessian(lambda z: np.sum(np.sin(z) * z))


def test_inside_a_differentiated_function():
    x = rng.normal(size=3)
    check_grads(lambda x: np.sum(np.sin(srcdiff.jacobian(affine)(x))), (x,), order=2)
    check_grads(lambda x: np.sum(made_outside(x) @ x), (x,), order=2)
    check_grads(lambda x: np.sum(srcdiff.jacfwd(in_place)(x) ** 2), (x,))
    check_grads(lambda x: np.linalg.slogdet(curvature(x) + 5.0 * np.eye(3))[1], (x,))
    check_grads(lambda x: np.sum(srcdiff.hessian(lambda z: np.sum(z ** 3 * x))(x) ** 2), (x,))
    check_grads(lambda x: np.sum(srcdiff.elementwise_grad(lambda z: np.tanh(z) * x[0])(x)), (x,), order=2)


def test_inside_with_nests_names_and_aux():
    def f(x, c):
        def g(p, s=1.0):
            return {"y": p["a"] * p["b"] * s}, np.sum(p["a"])

        (J, Js), total = srcdiff.jacrev(g, argnums=("p", "s"), has_aux=True)({"a": x, "b": c}, s=2.0)["y"], 1.0
        return np.sum(J["a"]) + np.sum(J["b"] ** 2) + np.sum(Js) * total

    def right(x, c):
        def g(p, s=1.0):
            return {"y": p["a"] * p["b"] * s}, np.sum(p["a"])

        J, total = srcdiff.jacrev(g, argnums=("p", "s"), has_aux=True)({"a": x, "b": c}, s=2.0)
        return np.sum(J["y"][0]["a"]) + np.sum(J["y"][0]["b"] ** 2) + np.sum(J["y"][1]) * total

    check_grads(right, (rng.normal(size=3), 0.7))


def test_newton_steps_in_a_loop():
    """Implicit layers: three steps of Newton's method with a Jacobian, differentiated with respect to a parameter."""
    def solve(c):
        x = np.array([1.0, 1.0])
        for _ in range(3):
            def residual(z):
                return np.array([z[0] ** 2 + z[1] - c, z[0] - z[1] ** 3])

            x = x - np.linalg.solve(srcdiff.jacfwd(residual)(x), residual(x))
        return np.sum(x ** 2)

    check_grads(solve, (2.5,))


def test_refusals_inside():
    for f, what in ((lambda x: np.sum(srcdiff.jacobian(lambda z: np.argsort(z))(x)), "Jacobian with"),
                    (lambda x: srcdiff.linearize(np.sin, x)[0], "linearize"),
                    (lambda x: np.sum(srcdiff.per_example_grad(total)(x)), "per_example_grad"),
                    (lambda x: srcdiff.vjp(total, x)[0], "vjp")):
        with pytest.raises(UnsupportedError, match=what):
            srcdiff.grad(f)(np.ones(3))


# -- derivatives element by element ------------------------------------------------------------------------------------


def tanh(x):
    y = np.exp(-2.0 * x)
    return (1.0 - y) / (1.0 + y)


def test_elementwise_derivatives_of_every_order():
    x = np.linspace(-2.0, 2.0, 7)
    t = np.tanh(x)
    expected = [t, 1 - t ** 2, -2 * t * (1 - t ** 2), (1 - t ** 2) * (6 * t ** 2 - 2), 8 * t * (1 - t ** 2) * (2 - 3 * t ** 2)]
    f = tanh
    for values in expected:
        np.testing.assert_allclose(f(x), values, atol=1e-12)
        f = srcdiff.elementwise_grad(f)


def test_elementwise_derivatives_of_numbers_and_several_arguments():
    assert srcdiff.elementwise_grad(lambda x: x ** 2)(3.0) == 6.0
    a, b = srcdiff.elementwise_grad(lambda x, y: x * y, argnums=(0, 1))(np.ones((2, 2)), np.full((2, 2), 3.0))
    assert (a == 3.0).all()
    assert (b == 1.0).all()
    with pytest.raises(DerivativeTypeError, match="one"):
        srcdiff.elementwise_grad(lambda x: (x, x))(np.ones(2))


# -- many examples -----------------------------------------------------------------------------------------------------


def loss(p, x, y):
    return (np.sum(np.tanh(x @ p["W"]) * p["v"]) - y) ** 2


def test_gradients_of_many_examples():
    p = {"W": rng.normal(size=(3, 2)), "v": rng.normal(size=2)}
    X, Y = rng.normal(size=(5, 3)), rng.normal(size=5)
    G = srcdiff.per_example_grad(loss)(p, X, Y)
    assert (G["W"].shape, G["v"].shape) == ((5, 3, 2), (5, 2))
    for k in range(5):
        one = srcdiff.grad(loss)(p, X[k], Y[k])
        np.testing.assert_array_equal(G["W"][k], one["W"])
    last = srcdiff.per_example_grad(loss, in_axes=(None, -1, 0))(p, X.T, Y)
    np.testing.assert_array_equal(last["W"], G["W"])
    by_x = srcdiff.per_example_grad(loss, argnums="x", in_axes=(None, 0, None))(p, X, 0.5)
    assert by_x.shape == (5, 3)
    own = srcdiff.per_example_grad(lambda x: (x ** 2, x), in_axes=0, has_aux=True)(np.arange(3.0))
    np.testing.assert_array_equal(own, ([0.0, 2.0, 4.0], [0.0, 1.0, 2.0]))


def test_what_is_no_list_of_examples():
    p = {"W": np.ones((3, 2)), "v": np.ones(2)}
    g = srcdiff.per_example_grad(loss)
    for args, message in (((p, np.ones((5, 3)), np.ones(4)), "different numbers"), ((p, 1.0, 2.0), "no argument"),
                          ((p, np.ones((0, 3)), np.ones(0)), "no example")):
        with pytest.raises(SignatureError, match=message):
            g(*args)
    with pytest.raises(SignatureError, match="in_axes"):
        srcdiff.per_example_grad(loss, in_axes=(None, 0))(p, np.ones((5, 3)), np.ones(5))


# -- linear functions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", PROGRAMS)
def test_linearize(f):
    x, v = rng.uniform(0.5, 1.5, 3), rng.normal(size=3)
    out, push = srcdiff.linearize(f, x)
    expected = srcdiff.jvp(f, (x,), (v,))
    np.testing.assert_array_equal(out, f(x))
    x[:] = 0.0  # the linear function keeps its own copy
    np.testing.assert_allclose(push(v), expected[1], rtol=1e-13)
    np.testing.assert_allclose(push(2.0 * v), 2.0 * push(v), rtol=1e-13)


def test_linearize_nests_names_and_aux():
    def f(p, c):
        return {"y": p["a"] * c, "n": 3}, c

    out, push, aux = srcdiff.linearize(f, {"a": np.ones(2)}, 3.0, argnums="p", has_aux=True)
    np.testing.assert_array_equal(out["y"], [3.0, 3.0])
    assert aux == 3.0
    dot = push({"a": np.array([1.0, 2.0])})
    np.testing.assert_array_equal(dot["y"], [3.0, 6.0])
    assert dot["n"] is None
    for wrong in ({"a": np.ones(3)}, np.ones(2)):
        with pytest.raises(SignatureError, match="tangent"):
            push(wrong)
    with pytest.raises(SignatureError, match="tangents"):
        push()


def test_jvp_aux():
    out, dot, aux = srcdiff.jvp(lambda x: (x * x, "aux"), (3.0,), (1.0,), has_aux=True)
    assert (out, dot, aux) == (9.0, 6.0, "aux")


# -- pickles -----------------------------------------------------------------------------------------------------------

decorated = srcdiff.jacobian(affine)


@pytest.mark.parametrize("make", [srcdiff.grad, srcdiff.value_and_grad, srcdiff.hessian, srcdiff.hvp, srcdiff.jacobian,
                                  srcdiff.elementwise_grad, srcdiff.jacfwd])
def test_results_pickle_and_copy(make):
    f = make(total)
    args = (np.ones(3), np.arange(3.0)) if make is srcdiff.hvp else (np.ones(3),)
    expected = f(*args)
    for again in (pickle.loads(pickle.dumps(f)), copy.copy(f), copy.deepcopy(f)):
        assert type(again) is type(f)
        assert repr(again) == repr(f)
        assert again.__name__ == "total"
        np.testing.assert_array_equal(np.ravel(np.hstack(again(*args))), np.ravel(np.hstack(expected)))


def test_options_survive_a_pickle():
    again = pickle.loads(pickle.dumps(srcdiff.per_example_grad(loss, argnums="x", in_axes=(None, 0, None))))
    assert again({"W": np.ones((3, 2)), "v": np.ones(2)}, np.ones((5, 3)), 0.5).shape == (5, 3)
    assert pickle.loads(pickle.dumps(srcdiff.grad(loss, argnums=("p", "x")))).argnums == ("p", "x")


def test_a_pool_of_processes():
    xs = [np.full(3, k) for k in (1.0, 2.0, 3.0)]
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(srcdiff.grad(total), xs))
    np.testing.assert_array_equal(found, [srcdiff.grad(total)(x) for x in xs])


# -- what must not be done again ---------------------------------------------------------------------------------------

generator = np.random.default_rng(0)


def noisy(x):
    for _ in range(2):
        x = x * generator.normal(size=3)
    return x


def test_what_differs_from_time_to_time_is_not_done_again():
    before = generator.bit_generator.state
    J = srcdiff.jacrev(noisy)(np.ones(3))
    generator.bit_generator.state = before
    np.testing.assert_allclose(J, np.diag(noisy(np.ones(3))))
    with pytest.raises(UnsupportedError, match="again"):
        srcdiff.jacfwd(noisy)(np.ones(3))
    with pytest.raises(UnsupportedError, match="again"):
        srcdiff.grad(lambda x: np.sum(srcdiff.checkpoint(noisy)(x)))(np.ones(3))
