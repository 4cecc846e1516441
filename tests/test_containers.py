"""Classes that a user registers: their instances as arguments, results, gradients and tangents."""

from __future__ import annotations

import numpy as np
import pytest
from diskcached import warm

import srcdiff
from srcdiff.standalone import standalone
from srcdiff.testing import check_grads

X = np.array([0.3, 0.5, -0.2])


class Layer:
    __slots__ = ("b", "kind", "w")

    def __init__(self, w, b, kind="tanh"):
        self.w, self.b, self.kind = w, b, kind

    def __call__(self, x):
        y = self.w @ x + self.b
        return np.tanh(y) if self.kind == "tanh" else y

    def flat(self):
        return [self.w, self.b], self.kind

    @classmethod
    def of(cls, kind, children):
        made = object.__new__(cls)
        made.w, made.b = children
        made.kind = kind
        return made


class Net:
    """With containers in it, a static part that can change in place, and an attribute that is in neither part."""

    def __init__(self, layers, config):
        self.layers, self.config, self.calls = layers, config, 0

    def __call__(self, x):
        for k in range(self.config["depth"]):
            x = self.layers[k](x)
        return x


def flatten_net(net):
    return (net.layers,), net.config


def unflatten_net(config, children):
    return Net(children[0], config)


srcdiff.register_container(Layer, Layer.flat, Layer.of)
srcdiff.register_container(Net, flatten_net, unflatten_net)


def layer(kind="tanh"):
    return Layer(np.arange(6.0).reshape(2, 3) * 0.1, np.array([0.1, -0.2]), kind)


def net():
    return Net([Layer(np.eye(3) * 0.5, np.zeros(3)), layer()], {"depth": 2})


def loss(model, x):
    return np.sum(model(x) ** 2)


def test_both_modes_to_second_order():
    for model in (layer(), layer("linear"), net()):
        check_grads(loss, (model, X))


def test_gradient_is_an_instance():
    g = srcdiff.grad(loss)(net(), X)
    assert type(g) is Net
    assert type(g.layers[1]) is Layer
    assert g.layers[1].kind == "tanh"
    assert g.config == {"depth": 2}
    by_hand = srcdiff.grad(lambda w: loss(Net([net().layers[0], Layer(w, layer().b)], {"depth": 2}), X))(layer().w)
    np.testing.assert_allclose(g.layers[1].w, by_hand, rtol=1e-14)


def test_a_derivative_for_each_static_part():
    g = srcdiff.grad(loss)
    values = [g(layer(kind), X).w for kind in ("tanh", "linear", "tanh")]
    np.testing.assert_array_equal(values[0], values[2])
    assert not np.allclose(values[0], values[1])
    model = net()
    deep = g(model, X).layers[1].b
    model.config["depth"] = 1
    assert np.any(deep != 0)
    np.testing.assert_array_equal(g(model, X).layers[1].b, 0.0)


def test_results_and_seeds():
    def step(model, x):
        g = srcdiff.grad(loss)(model, x)
        return Layer(model.w - 0.1 * g.w, model.b - 0.1 * g.b, model.kind)

    out, pullback = srcdiff.vjp(step, layer(), X)
    assert type(out) is Layer
    bars = pullback(Layer(np.ones((2, 3)), np.ones(2)))
    assert type(bars[0]) is Layer
    check_grads(step, (layer(), X))
    with pytest.raises(srcdiff.SignatureError, match="out_bar must be a Layer"):
        pullback(X)
    with pytest.raises(srcdiff.SignatureError, match="child 1 of out_bar has shape"):
        pullback(Layer(np.ones((2, 3)), np.ones(3)))


def test_tangents_jacobians_and_examples():
    out, out_dot = srcdiff.jvp(loss, (layer(), X), (layer(), None))
    g = srcdiff.grad(loss)(layer(), X)
    assert out == loss(layer(), X)
    np.testing.assert_allclose(out_dot, np.sum(g.w * layer().w) + np.sum(g.b * layer().b), rtol=1e-13)
    jac = srcdiff.jacobian(lambda m: m(X))(layer())
    assert jac.w.shape == (2, 2, 3)
    assert srcdiff.hessian(lambda m: loss(m, X))(layer()).w.b.shape == (2, 3, 2)
    assert srcdiff.per_example_grad(loss)(layer(), np.ones((4, 3))).w.shape == (4, 2, 3)


def test_ravel():
    vector, unravel = srcdiff.ravel({"net": net(), "scale": 2.0})
    assert vector.shape == (9 + 3 + 6 + 2 + 1,)
    again = unravel(vector)
    assert type(again["net"].layers[0]) is Layer
    fun = lambda v: loss(unravel(v)["net"], X) * unravel(v)["scale"]  # noqa: E731
    g = unravel(srcdiff.grad(fun)(vector))
    np.testing.assert_allclose(g["net"].layers[1].b, 2.0 * srcdiff.grad(loss)(net(), X).layers[1].b, rtol=1e-13)


def test_what_is_bound_before_the_call_is_no_argument():
    class Counted(Net):
        def loss(self, x):
            self.calls += 1
            return loss(self, x)

    srcdiff.register_container(Counted, flatten_net, lambda config, children: Counted(children[0], config))
    model = Counted(net().layers, {"depth": 2})
    srcdiff.grad(model.loss)(X)
    assert model.calls == 1


def test_the_callers_arrays_stay():
    def overwritten(model, x):
        model.w[0] = x
        model.b = model.b * 3.0
        return loss(model, x)

    given = layer()
    g = srcdiff.grad(overwritten)(given, X)
    np.testing.assert_array_equal(g.w[0], 0.0)
    np.testing.assert_array_equal(given.w, layer().w)
    np.testing.assert_array_equal(given.b, layer().b)


SOURCE = """\
import numpy as np


def loss_grad(model, x):
    (w, b), _ = flatten_Layer(model)
    y = w @ x + b
    t = np.tanh(y)
    # line 24: return np.tanh(y) if self.kind == "tanh" else y
    y_bar = 2.0 * t * (1.0 - t * t)
    # line 23: y = self.w @ x + self.b
    w_bar = np.outer(y_bar, x)
    return unflatten_Layer('tanh', (w_bar, y_bar))
"""


def test_source():
    derivative = srcdiff.grad(loss)
    assert derivative.source(layer(), X) == SOURCE
    compiled = derivative.compile(derivative.signature((layer(), X), {}))
    text = standalone(compiled.source, "about")
    assert "from test_containers import Layer\nflatten_Layer = Layer.flat\n" in text
    assert "unflatten_Layer = Layer.of\n" in text


@pytest.mark.parametrize(("cls", "message"), [
    (3, "needs a class"), (dict, "a meaning of its own"), (float, "a meaning of its own"), (Layer, "registered already")])
def test_what_cannot_be_registered(cls, message):
    with pytest.raises(srcdiff.SignatureError, match=message):
        srcdiff.register_container(cls, Layer.flat, Layer.of)


def registered(flatten, unflatten=None):
    """A new class that is registered so."""
    class New(Box):
        pass

    srcdiff.register_container(New, flatten, unflatten or (lambda static, children: New(children[0], static)))
    return New


class Box:
    def __init__(self, v, extra=None):
        self.v, self.extra = v, extra


@pytest.mark.parametrize(("flatten", "message"), [
    (lambda b: (b.v, None), "children as a tuple or list, and they are a ndarray"),
    (lambda b: [b.v], "a pair"),
    (lambda b: ((b.v,), b.v), "holds an array"),
    (lambda b: ((b.v,), {"a": {1, 2}}), "holds a set, which is not hashable")])
def test_what_flatten_may_return(flatten, message):
    with pytest.raises(srcdiff.SignatureError, match=message):
        srcdiff.grad(lambda b: np.sum(b.v))(registered(flatten)(X))


def test_what_unflatten_may_return():
    new = registered(lambda b: ((b.v,), None), lambda static, children: [children[0]])
    with pytest.raises(srcdiff.UnsupportedError, match="unflatten of New makes a list"):
        srcdiff.grad(lambda b: np.sum(b.v))(new(X))


def test_integers_are_no_parameters():
    new = registered(lambda b: ((b.v, b.extra), None))
    with pytest.raises(srcdiff.DerivativeTypeError, match=r"flatten_New\(b\)\[0\]\[1\] is an int"):
        srcdiff.grad(lambda b: np.sum(b.v))(new(X, 3))


def test_a_static_part_that_depends_on_data():
    def fun(model, x):
        return Layer(model.w, model.b, "tanh" if x[0] > 0 else "linear")

    with pytest.raises(srcdiff.UnsupportedError, match="static part of Layer"):
        srcdiff.vjp(fun, layer(), X)


PROGRAM = """
    import numpy as np
    import srcdiff

    class Line:
        def __init__(self, a, b, power):
            self.a, self.b, self.power = a, b, power

    srcdiff.register_container(Line, lambda l: ((l.a, l.b), l.power), lambda power, c: Line(c[0] * {}, c[1], power))

    def f(x):
        line = srcdiff.grad(lambda l: l.a * x ** l.power + l.b)(Line(2.0, x, 3))
        return line.a * line.b
"""


@pytest.mark.usefixtures("place")
def test_the_disk_cache_knows_the_functions(load):
    assert not warm(load(PROGRAM.format("1.0")).f, 0.5)
    assert warm(load(PROGRAM.format("1.0")).f, 0.5)
    assert not warm(load(PROGRAM.format("2.0")).f, 0.5)
