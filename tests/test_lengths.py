"""Lengths that do not fit: NumPy raises, so the derivative is refused too, even where nothing would read the value."""

import linecache

import numpy as np
import pytest

import srcdiff
from srcdiff import UnsupportedError, grad

THREE, FOUR = np.arange(3.0), np.arange(4.0)

# Programs of x (three numbers), w (four) and m (three by four) in which NumPy raises ValueError or LinAlgError.
REFUSED = {
    "sum": "np.sum(x + w)",
    "literal": "np.sum(x + np.ones(4))",
    "unread": "np.sum(0.0 * (x * w)[:0]) + x[0]",
    "where": "np.sum(np.where(w > 0, x, 0.0))",
    "maximum": "np.sum(np.maximum(x, w))",
    "matmul": "np.sum(x @ np.ones((4, 2)))",
    "dot": "np.sum(np.dot(x, np.ones(4)))",
    "dot_matrix": "np.sum(m.dot(x))",
    "inner": "np.sum(np.inner(x, np.ones((2, 4))))",
    "vdot": "np.vdot(x, w)",
    "vecdot": "np.vecdot(x, w)",
    "matvec": "np.sum(np.matvec(m, x))",
    "tensordot": "np.sum(np.tensordot(x, np.ones((4, 2)), 1))",
    "einsum": "np.einsum('i,i->', x, w)",
    "multi_dot": "np.sum(np.linalg.multi_dot([m, x]))",
    "solve": "np.sum(np.linalg.solve(np.eye(4), x))",
    "inv": "np.sum(np.linalg.inv(m))",
    "det": "np.linalg.det(m)",
    "lstsq": "np.sum(np.linalg.lstsq(np.eye(4), x)[0])",
    "stack": "np.sum(np.stack([x, w]))",
    "stack_one": "np.sum(np.stack([x, w[:1]]))",
    "array": "np.sum(np.array([[x[0], 1.0], [x[1]]]))",
    "concatenate": "np.sum(np.concatenate([m, np.ones((2, 3))]))",
    "vstack": "np.sum(np.vstack([x, m]))",
    "column_stack": "np.sum(np.column_stack([x, w]))",
    "broadcast_to": "np.sum(np.broadcast_to(x, (2, 4)))",
    "interp": "np.interp(0.5, np.arange(4.0), x)",
}
WRITES = {
    "item": "y[:] = x",
    "slice": "y[1:3] = x",
    "to_one": "y[:1] = x",
    "augmented": "y += x",
    "row": "m = np.zeros((2, 4)); m[0] = x",
    "copyto": "np.copyto(y, x)",
    "out": "np.add(x, 1.0, out=y)",
    "add_at": "np.add.at(y, [0, 1], x)",
}


def define(name, body):
    text = f"def {name}(x, w, m):\n    {body}\n"
    scope = {"np": np}
    linecache.cache[f"<{name}>"] = (len(text), None, text.splitlines(keepends=True), f"<{name}>")
    exec(compile(text, f"<{name}>", "exec"), scope)
    return scope[name]


def check_refused(f):
    args = THREE, FOUR, np.ones((3, 4))
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        f(*args)
    with pytest.raises(UnsupportedError, match="lengths that do not fit") as caught:
        grad(f)(*args)
    assert caught.value.loc.line == 2


@pytest.mark.parametrize("name", REFUSED)
def test_lengths_of_operands(name):
    check_refused(define(name, f"return {REFUSED[name]}"))


@pytest.mark.parametrize("name", WRITES)
def test_lengths_of_what_is_written(name):
    check_refused(define(name, f"y = np.zeros(4); {WRITES[name]}; return x[0]"))


def test_under_a_condition():
    def f(x, w):
        if x[0] > 5.0:
            x = x + w
        return np.sum(x ** 2)

    np.testing.assert_array_equal(grad(f)(THREE, FOUR), 2 * THREE)
    with pytest.raises(UnsupportedError, match="lengths that do not fit"):
        grad(f)(THREE + 9.0, FOUR)


def test_other_lengths_at_the_next_call():
    df = grad(lambda x, w: np.sum(np.sin(x) + w))
    np.testing.assert_array_equal(df(THREE, THREE), np.cos(THREE))
    np.testing.assert_array_equal(df(FOUR, FOUR), np.cos(FOUR))
    np.testing.assert_array_equal(df(THREE[:1], FOUR), 4 * np.cos(THREE[:1]))
    with pytest.raises(UnsupportedError, match="lengths that do not fit"):
        df(THREE, FOUR)


def test_lengths_of_a_given_signature_are_made_up():
    def product(x, w):
        return np.sum(x * w)

    assert "unbroadcast" not in srcdiff.source(product, "x: f64[n], w: f64[m]")


def test_a_condition_that_holds_at_the_next_call():
    def f(x, y):
        return np.sum(x + y) if np.shape(x) == np.shape(y) else np.sum(x * x)

    g = srcdiff.grad(f)
    for sizes in ((3, 2), (3, 3), (2, 2), (2, 3)):
        x, y = map(np.ones, sizes)
        np.testing.assert_array_equal(g(x, y), x if x.shape == y.shape else 2.0 * x)


OUT_OF_BOUNDS = {  # of x, which has three elements
    "unread": "y = x[7]; return x[0]",
    "times_zero": "return x[0] + 0 * x[3]",
    "from_the_end": "return x[0] + 0 * x[-4]",
    "list": "return x[0] + 0 * np.sum(x[[0, 3]])",
    "view": "return x[0] + 0 * x[1:][2]",
    "axis": "return x[0] + 0 * m[0, 4]",
    "column": "return x[0] + 0 * m.T[4][0]",
    "known_length": "y = np.zeros(3); return x[0] + 0 * y[3]",
    "written": "y = x.copy(); y[3] = 1.0; return x[0]",
}


@pytest.mark.parametrize("name", OUT_OF_BOUNDS)
def test_a_constant_index_out_of_bounds(name):
    f = define(name, OUT_OF_BOUNDS[name])
    with pytest.raises(IndexError):
        f(THREE.copy(), FOUR, np.ones((3, 4)))
    with pytest.raises(UnsupportedError, match="this raises IndexError: index"):
        grad(f)(THREE, FOUR, np.ones((3, 4)))


@pytest.mark.parametrize("name", ["unread", "times_zero", "from_the_end", "list", "view", "written"])
def test_a_constant_index_out_of_bounds_at_the_next_call(name):
    df = grad(define(name, OUT_OF_BOUNDS[name]))
    for n in (8, 3, 8):
        x = np.arange(float(n))
        if n < 8:
            with pytest.raises(UnsupportedError, match="this raises IndexError: index"):
                df(x, FOUR, np.ones((3, 4)))
        else:
            np.testing.assert_array_equal(df(x, FOUR, np.ones((3, 4))), np.eye(8)[0])


def test_a_constant_index_that_control_does_not_get_to():
    def f(x):
        s = x[0]
        if s > 5.0:
            s += x[7] * 0
        for _ in range(len(x) - 7):
            s *= x[7]
        try:
            s *= x[7]
        except IndexError:
            s *= 3.0
        return s

    df = grad(f)
    for n in (3, 8, 3):
        x = np.linspace(0.5, 1.0, n)
        np.testing.assert_allclose(df(x), [3.0, 0.0, 0.0] if n == 3 else [1.0, *[0.0] * 6, 2 * 0.5])
    with pytest.raises(UnsupportedError, match="this raises IndexError"):
        df(THREE + 9.0)


def test_an_index_that_the_code_still_has_is_no_condition():
    df = grad(lambda x: x[0] * x[2])
    df(THREE)
    assert not any(">=" in condition for condition in df.specialise((THREE,)).compiled.facts.conditions)


def test_lengths_that_only_the_run_knows():
    def f(x, a):
        first = np.array([0, 1]) if a > 0 else np.array([1, 2])
        again = np.array([1, 0, 0]) if a > 0 else np.array([0, 0, 1])
        p, q = np.delete(x, first), np.repeat(x, again)
        first = np.array([0, 0]) if a > 0 else np.array([1, 1])
        again = np.array([1, 1, 2]) if a > 0 else np.array([2, 1, 1])
        return np.sum(p * np.delete(x, first)) + np.sum(q * np.repeat(x, again))

    x = np.array([0.5, 0.7, 1.1])
    for a in (1.0, -1.0):
        differences = [(f(x + step, a) - f(x - step, a)) / 2e-6 for step in 1e-6 * np.eye(3)]
        np.testing.assert_allclose(grad(f)(x, a), differences, rtol=1e-6)
