"""Functions with rules of their own: in both modes, at second order, in loops, of nests, as arbitrary Python, and refused."""

import copy
import functools
import pickle

import numpy as np
import pytest
from hidden import hidden

import srcdiff
from srcdiff import UnsupportedError
from srcdiff.testing import check_grads

X = np.array([0.3, -1.0, 2.0])


# -- reverse mode ------------------------------------------------------------------------------------------------------


@srcdiff.custom_vjp
def sigmoid(x):
    """The logistic function."""
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_fwd(x):
    y = sigmoid(x)
    return y, y


def sigmoid_bwd(y, g):
    return (g * y * (1.0 - y),)


sigmoid.defvjp(sigmoid_fwd, sigmoid_bwd)


def uses_sigmoid(x):
    return np.sum(sigmoid(x * x) * x)


def test_outside_it_is_the_function():
    assert sigmoid(0.0) == 0.5
    assert (sigmoid.__name__, sigmoid.__doc__) == ("sigmoid", "The logistic function.")
    assert "sigmoid" in repr(sigmoid)


def test_both_modes_and_both_orders():
    check_grads(uses_sigmoid, (X,), order=2)
    check_grads(sigmoid, (X,))
    expected = np.diag(np.diag(srcdiff.jacrev(srcdiff.grad(uses_sigmoid))(X)))
    np.testing.assert_allclose(srcdiff.hessian(uses_sigmoid)(X), expected)
    s = sigmoid(0.7)
    assert srcdiff.grad(srcdiff.grad(sigmoid))(0.7) == pytest.approx(s * (1 - s) * (1 - 2 * s))


def test_the_rule_is_used():
    @srcdiff.custom_vjp
    def f(x):
        return x * 2.0

    f.defvjp(lambda x: (x * 2.0, None), lambda _, g: (g * 100.0,))
    assert srcdiff.grad(f)(1.0) == 100.0
    assert srcdiff.grad(lambda x: f(f(x)))(1.0) == 10000.0
    assert srcdiff.jvp(f, (1.0,), (1.0,)) == (2.0, 100.0)
    assert srcdiff.value_and_grad(f)(1.0) == (2.0, 100.0)


def test_the_generated_code_is_the_rule():
    source = srcdiff.grad(uses_sigmoid).source(X)
    assert "def sigmoid_fwd(x):" in source
    assert "x_bar += out_bar * y * (1.0 - y)" in source


def test_in_loops_and_branches():
    def f(x, n):
        total = 0.0
        for k in range(n):
            if k % 2:
                x = sigmoid(x) * (k + 1.0)
            else:
                x[1:] = sigmoid(x[:-1])
            total += np.sum(x)
        return total

    check_grads(lambda x: f(x * 1.0, 5), (X,), order=2)


@srcdiff.custom_vjp
def identity(x):
    return x


identity.defvjp(lambda x: (x, None), lambda _, g: (np.clip(g, -1.0, 1.0),))


def test_clipped_adjoints():
    np.testing.assert_array_equal(srcdiff.grad(lambda x: np.sum(identity(x) * np.array([0.5, 3.0, -4.0])))(X), [0.5, 1.0, -1.0])
    with pytest.raises(UnsupportedError, match="forward mode through identity") as caught:
        srcdiff.jvp(identity, (X,), (X,))
    assert "not linear" in str(caught.value)
    assert "test_custom.py" in str(caught.value)


def test_a_result_that_is_the_argument_is_memory_of_its_own():
    def f(x):
        y = identity(x * 1.0)
        return np.sum(y * y)

    x = X.copy()
    np.testing.assert_array_equal(srcdiff.grad(f)(x), np.clip(2 * X, -1, 1))
    np.testing.assert_array_equal(x, X)


@srcdiff.custom_vjp
def straight_through(x):
    return np.round(x)


straight_through.defvjp(lambda x: (np.round(x), None), lambda _, g: (g,))


def test_straight_through_an_operation_without_derivative():
    f = lambda x: np.sum(straight_through(x * 3.0) ** 2)  # noqa: E731
    np.testing.assert_allclose(srcdiff.grad(f)(X), 6.0 * np.round(3.0 * X))


@srcdiff.custom_vjp
def affine(p, x, scale=2.0):
    return {"y": p["W"] @ x * scale, "n": x.shape[0]}, np.sum(x)


def affine_fwd(p, x, scale):
    return affine(p, x, scale), (p, x, scale)


def affine_bwd(kept, g):
    p, x, scale = kept
    gy, gs = g[0]["y"], g[1]
    return {"W": np.outer(gy, x) * scale, "name": None}, p["W"].T @ gy * scale + gs, np.sum(gy * (p["W"] @ x))


affine.defvjp(affine_fwd, affine_bwd)


def test_nests_defaults_and_keywords():
    p = {"W": np.arange(6.0).reshape(2, 3), "name": "affine"}

    def f(W, x, s):
        out, total = affine({"W": W, "name": "affine"}, x, scale=s)
        return np.sum(out["y"] ** 2) * total + out["n"]

    check_grads(f, (p["W"], X, 1.5), order=2)
    g = srcdiff.grad(lambda p, x: np.sum(affine(p, x)[0]["y"]))(p, X)
    np.testing.assert_allclose(g["W"], 2.0 * np.stack([X, X]))
    assert g["name"] == "affine"


def test_arguments_that_have_no_derivative():
    @functools.partial(srcdiff.custom_vjp, nondiff_argnums=(0, 2))
    def power(n, x, scale):
        return scale * x ** n

    power.defvjp(lambda n, x, scale: (scale * x ** n, x), lambda n, scale, x, g: (g * scale * n * x ** (n - 1),))
    check_grads(lambda x: np.sum(power(3, x, 2.0)), (X,), order=2)

    @srcdiff.custom_vjp(nondiff_argnums=(1,))
    def reduced(x, axis):
        return np.sum(x * x, axis=axis)

    reduced.defvjp(lambda x, axis: (np.sum(x * x, axis=axis), x), lambda axis, x, g: (2.0 * x * np.expand_dims(g, axis),))
    check_grads(lambda x: np.sum(reduced(x, 1) ** 2), (np.arange(6.0).reshape(2, 3),))


def test_integers_and_zeros():
    @srcdiff.custom_vjp
    def scaled(x, k, y):
        return x * k + 0.0 * y

    scaled.defvjp(lambda x, k, y: (x * k, k), lambda k, g: (g * k, None, None))
    np.testing.assert_array_equal(srcdiff.grad(lambda x, k: np.sum(scaled(x, k, x)))(X, 3), np.full(3, 3.0))


def test_types_are_kept():
    x = X.astype(np.float32)
    assert srcdiff.grad(uses_sigmoid)(x).dtype == np.float32
    assert type(srcdiff.grad(sigmoid)(0.5)) is float
    assert srcdiff.grad(sigmoid)(np.array(0.5)).shape == ()


class Model:
    def __init__(self, scale):
        self.scale = scale

    @srcdiff.custom_vjp
    def value(self, x):
        return self.scale * x


Model.__dict__["value"].defvjp(lambda self, x: (self.scale * x, self.scale), lambda scale, g: (None, 10.0 * scale * g))


def test_methods():
    assert Model(3.0).value(2.0) == 6.0
    assert srcdiff.grad(Model(3.0).value)(2.0) == 30.0
    model = Model(3.0)
    assert srcdiff.grad(lambda x: model.value(x) * x)(2.0) == 66.0


def test_a_rule_that_changes_is_noticed():
    @srcdiff.custom_vjp
    def f(x):
        return x

    f.defvjp(lambda x: (x, None), lambda _, g: (2.0 * g,))
    g = srcdiff.grad(lambda x: f(x))
    assert g(1.0) == 2.0
    f.defvjp(lambda x: (x, None), lambda _, g: (3.0 * g,))
    assert g(1.0) == 3.0


def test_pickles_and_copies():
    assert pickle.loads(pickle.dumps(sigmoid)) is sigmoid
    assert pickle.loads(pickle.dumps(srcdiff.grad(sigmoid)))(0.0) == 0.25
    again = copy.deepcopy(srcdiff.grad(uses_sigmoid))
    np.testing.assert_array_equal(again(X), srcdiff.grad(uses_sigmoid)(X))


# -- as arbitrary Python -----------------------------------------------------------------------------------------------


class Tables:
    """State that no compiler looks into."""

    calls = 0


@hidden
def bisect(c):
    """The root of x ** 3 + x = c."""
    low, high = -10.0, 10.0
    while high - low > 1e-13:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if middle ** 3 + middle < c else (low, middle)
    Tables.calls += 1
    return middle


@srcdiff.custom_vjp
def root(c):
    return bisect(c)


def root_fwd(c):
    x = bisect(c)
    return x, {"root": x, "kept": object()}


def root_bwd(kept, g):
    return (g / (3.0 * kept["root"] ** 2 + 1.0),)


root.defvjp(root_fwd, root_bwd)


def test_rules_that_nobody_can_look_into():
    f = lambda c: root(c * c) * c  # noqa: E731
    check_grads(f, (1.3,), modes=("rev",))
    g = srcdiff.grad(f)
    g(1.3)
    before = Tables.calls
    g(1.3)
    assert Tables.calls == before + 1
    source = srcdiff.grad(f).source(1.3)
    assert "call_root_fwd(c)" in source
    assert "call_root_bwd(residuals" in source


def test_they_work_in_loops():
    def f(c):
        total = 0.0
        for k in range(4):
            c = root(c) + 0.5 * c
            total += c * k
        return total

    check_grads(f, (1.3,), modes=("rev",))


def test_they_cannot_be_differentiated_again():
    for call in (lambda: srcdiff.grad(srcdiff.grad(root))(1.3), lambda: srcdiff.hvp(root)(1.3, 1.0),
                 lambda: srcdiff.jvp(root, (1.3,), (1.0,))):
        with pytest.raises(UnsupportedError, match="root"):
            call()


@srcdiff.custom_vjp
@hidden
def several(p, x):
    return {"a": p["w"] * x}, x.sum()


@hidden
def several_fwd(p, x):
    return several(p, x), (p, x)


@hidden
def several_bwd(kept, g):
    p, x = kept
    return {"w": float(np.sum(g[0]["a"] * x)), "s": None}, g[0]["a"] * p["w"] + g[1]


several.defvjp(several_fwd, several_bwd)


def test_nests_through_arbitrary_python():
    def f(w, x):
        out, total = several({"w": w, "s": "text"}, x)
        return np.sum(np.sin(out["a"])) * total

    check_grads(f, (0.7, X), modes=("rev",))
    assert srcdiff.grad(f, argnums=1)(0.7, X.astype(np.float32)).dtype == np.float32


def test_what_arbitrary_python_must_not_do():
    def broken(bwd, fwd=lambda x: (np.array(x), None), f=lambda x: np.array(x)):
        @srcdiff.custom_vjp
        @hidden
        def g(x):
            return f(x)

        g.defvjp(hidden(fwd), hidden(bwd))
        return srcdiff.grad(lambda x: np.sum(g(x)))

    def writes(x):
        x[0] = 5.0
        return x, None

    for bwd, fwd, message in ((lambda _, g: g, None, "tuple of 1"), (lambda _, g: (g[:2],), None, "shape"),
                              (lambda _, g: (g, g), None, "tuple of 1"), (lambda _, g: (g,), writes, "writes to its argument"),
                              (lambda _, g: (g,), lambda x: np.array(x), "pair"),
                              (lambda _, g: (g,), lambda x: (float(x[0]), None), "its result is a float")):
        with pytest.raises(srcdiff.SrcdiffError, match=message):
            broken(bwd, *(() if fwd is None else (fwd,)))(X)


def test_a_function_that_the_run_did_not_call():
    @srcdiff.custom_vjp
    @hidden
    def rare(x):
        return x * 1.0

    rare.defvjp(lambda x: (x, None), lambda _, g: (g,))
    f = lambda x: rare(x) if x > 5.0 else x  # noqa: E731
    g = srcdiff.grad(f)
    assert g(1.0) == 1.0
    with pytest.raises(UnsupportedError, match="what rare returns is not known"):
        g(6.0)
    assert srcdiff.grad(f)(6.0) == 1.0


# -- forward mode ------------------------------------------------------------------------------------------------------


@srcdiff.custom_jvp
def softplus(x):
    return np.log1p(np.exp(x))


@softplus.defjvp
def softplus_jvp(primals, tangents):
    (x,), (x_dot,) = primals, tangents
    return softplus(x), x_dot / (1.0 + np.exp(-x))


def test_a_rule_for_forward_mode_serves_both():
    check_grads(softplus, (X,))
    check_grads(lambda x: np.sum(softplus(x * x) * x), (X,), order=2)
    source = srcdiff.grad(lambda x: np.sum(softplus(x))).source(X)
    assert "np.log1p" not in source.split("softplus_bwd")[1]


def test_rules_argument_by_argument():
    @srcdiff.custom_jvp
    def f(x, y, z):
        return np.sin(x) * y

    f.defjvps(lambda x_dot, out, x, y, z: np.cos(x) * x_dot * y, lambda y_dot, out, x, y, z: np.sin(x) * y_dot, None)
    check_grads(lambda x, y: np.sum(f(x, y, 1.0)), (X, 0.7), order=2)
    assert srcdiff.grad(f, argnums="z")(1.0, 2.0, 3.0) == 0.0
    with pytest.raises(srcdiff.SignatureError):
        f.defjvps(None)


def test_the_rule_of_forward_mode_is_used():
    @srcdiff.custom_jvp
    def f(x):
        return x

    f.defjvp(lambda primals, tangents: (primals[0], 7.0 * tangents[0]))
    assert srcdiff.jvp(f, (1.0,), (1.0,)) == (1.0, 7.0)
    assert srcdiff.grad(f)(1.0) == 7.0
    f.defvjp(lambda x: (x, None), lambda _, g: (5.0 * g,))
    assert srcdiff.jvp(f, (1.0,), (1.0,)) == (1.0, 7.0)
    assert srcdiff.grad(f)(1.0) == 5.0


def test_a_rule_that_is_not_linear():
    @srcdiff.custom_jvp
    def f(x):
        return x

    f.defjvp(lambda primals, tangents: (primals[0], tangents[0] ** 2))
    with pytest.raises(UnsupportedError, match="reverse mode through f") as caught:
        srcdiff.grad(f)(1.0)
    assert "not linear" in str(caught.value)


def test_forward_rules_as_arbitrary_python():
    @srcdiff.custom_jvp
    @hidden
    def f(x, n):
        return x ** n

    @f.defjvp
    @hidden
    def rule(primals, tangents):
        (x, n), (x_dot, _) = primals, tangents
        return x ** n, n * x ** (n - 1) * x_dot

    check_grads(lambda x: np.sum(f(x, 3)), (X,), modes=("fwd",))
    with pytest.raises(UnsupportedError, match="reverse mode through f"):
        srcdiff.grad(lambda x: np.sum(f(x, 3)))(X)


# -- refused -----------------------------------------------------------------------------------------------------------


def test_refusals():
    @srcdiff.custom_vjp
    def bare(x):
        return x

    with pytest.raises(UnsupportedError, match="no rule yet"):
        srcdiff.grad(bare)(1.0)
    with pytest.raises(srcdiff.SignatureError, match="not a function"):
        srcdiff.custom_vjp(3)

    def rule(fwd, bwd):
        @srcdiff.custom_vjp
        def f(x):
            return x * 2.0

        f.defvjp(fwd, bwd)
        return srcdiff.grad(lambda x: np.sum(f(x)))

    right = lambda x: (x * 2.0, x)  # noqa: E731
    for fwd, bwd in ((lambda x: x, lambda r, g: (g,)), (right, lambda r, g: g), (right, lambda r, g: (g, g)),
                     (right, lambda r, g: (np.sum(g),)), (right, lambda r, g: (g[:2],)), (right, lambda r, g: (g * 1j,)),
                     (lambda x: (np.sum(x), x), lambda r, g: (g,))):
        with pytest.raises((srcdiff.SrcdiffError, AssertionError)):
            rule(fwd, bwd)(X)

    def made_inside(x):
        f = srcdiff.custom_vjp(lambda z: z)
        return f(x)

    with pytest.raises(UnsupportedError, match="custom_vjp inside"):
        srcdiff.grad(made_inside)(1.0)
