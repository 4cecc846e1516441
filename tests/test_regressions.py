"""Programs that other tools got wrong, with the right answers (the tool and its report are named beside each)."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import oracle
import pytest
import trees

import srcdiff

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def inline_divisor(a):
    s = 0.0
    for i in range(2):
        s += 1.0 / ((i + 1) + a * a)
    return s


def test_inline_divisor() -> None:  # Clad 1865
    assert srcdiff.grad(inline_divisor)(0.5) == pytest.approx(-0.83753086, abs=1e-8)


def riemann(lower, upper):
    n = 100
    h = (upper - lower) / n
    x = lower
    s = 0.0
    while x <= upper - 1e-9:
        s += x * x * h
        x += h
    return s


def test_riemann_sum() -> None:  # Clad 474
    np.testing.assert_allclose(srcdiff.grad(riemann, argnums=(0, 1))(1.0, 2.0), [-0.97504999, 3.96504999], atol=1e-8)


def walrus_in_while(i, j):
    c = 0
    while (res := i * j) and c < 1:
        c += 1
    return res


def test_assignment_in_a_condition() -> None:  # Clad 746
    assert srcdiff.grad(walrus_in_while, argnums=(0, 1))(3.0, 5.0) == (5.0, 3.0)


def unused_arccos(C, A):
    a = np.arccos(-C / A)
    return 2.0 * C * C * A


@pytest.mark.parametrize(("C", "A"), [(5.0, 3.0), (3.0, 3.0), (2.0, 3.0)])
def test_unused_value_with_an_infinite_derivative(C: float, A: float) -> None:  # Clad 1108
    with np.errstate(invalid="ignore"):
        assert srcdiff.grad(unused_arccos, argnums=(0, 1))(C, A) == (4.0 * C * A, 2.0 * C * C)


def loop_on_one_path(x, skip):
    if skip > 0.0:
        return x * x * x
    s = x
    for i in range(3):
        s = s * x + i
    return s


def test_early_return_beside_a_loop() -> None:  # Clad 1958
    assert srcdiff.grad(loop_on_one_path)(2.0, 1.0) == 12.0
    assert srcdiff.grad(srcdiff.grad(loop_on_one_path))(2.0, 1.0) == 12.0
    oracle.check(loop_on_one_path, (2.0, 1.0), order=2)
    oracle.check(loop_on_one_path, (2.0, -1.0), order=2)


def shifted_square(x):
    x = x + 3
    return x * x


def difference_shifted(W, x):
    return shifted_square(W - x)


def test_parameter_rebound_in_a_helper() -> None:  # Tapenade/TCLB 196
    assert srcdiff.grad(difference_shifted, argnums=(0, 1))(2.0, 0.5) == (9.0, -9.0)


def squares(x):
    x *= x
    return x


def test_seed_array_is_kept() -> None:  # Tapenade/ADBench 91
    x, seed = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    _, pullback = srcdiff.vjp(squares, x)
    first, second = pullback(seed), pullback(seed)
    np.testing.assert_array_equal(first[0], [6.0, 20.0])
    np.testing.assert_array_equal(second[0], [6.0, 20.0])
    np.testing.assert_array_equal(seed, [3.0, 5.0])
    np.testing.assert_array_equal(x, [1.0, 2.0])


def scan(W, ys):
    h = np.zeros(W.shape[0])
    for t in range(ys.shape[1]):
        h = np.tanh(W @ h + ys[:, t])
    return np.sum(h * h)


def test_scan_over_columns() -> None:  # Reactant 3119
    rng = np.random.default_rng(0)
    oracle.check(scan, (0.5 * rng.standard_normal((3, 3)), rng.standard_normal((3, 5))), order=2)


def concatenated_maxima(x):
    y = np.concatenate([x, np.max(x, axis=0, keepdims=True)])
    z = np.concatenate([y, np.max(y, axis=0, keepdims=True)])
    return np.sum(z)


def test_maximum_concatenated_twice() -> None:  # autograd 138
    np.testing.assert_allclose(srcdiff.grad(concatenated_maxima)(np.array([[1.0]])), [[3.0]], **EXACT)


def safe_norms(x):
    norm = np.sqrt(np.sum(x * x, axis=1))
    return np.sum(np.where(norm > 0.5, norm, 1.0))


def safe_norms_by_linalg(x):
    norm = np.linalg.norm(x, axis=1)
    return np.sum(np.where(norm > 0.5, norm, 1.0))


@pytest.mark.parametrize("fun", [safe_norms, safe_norms_by_linalg])
def test_norm_behind_where(fun) -> None:  # JAX 347
    x = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(srcdiff.grad(fun)(x), [[0.2 ** 0.5, 0.8 ** 0.5], [0.6, 0.8], [0.0, 0.0]], **EXACT)


def masked_root(x):
    mask = np.array([False, True])
    return np.sum(((np.array([0.0, 1.0]) * x) ** 0.5)[mask])


def test_root_behind_a_mask() -> None:  # JAX 19089
    assert srcdiff.grad(masked_root)(1.0) == 0.5


def norm_squared(x):
    return np.linalg.norm(x) ** 2


def root_squared(x):
    return np.sqrt(np.sum(x * x)) ** 2


@pytest.mark.parametrize("fun", [norm_squared, root_squared])
def test_square_of_a_norm_at_zero(fun) -> None:  # autograd 151, JAX, MyGrad
    np.testing.assert_array_equal(srcdiff.grad(fun)(np.zeros(3)), np.zeros(3))


def perturbation(x):
    return x * srcdiff.grad(lambda y: x + y)(x)


def test_perturbation_confusion() -> None:  # AutoGrad.jl PR 75
    assert perturbation(5.0) == 5.0
    assert srcdiff.grad(perturbation)(5.0) == 1.0


def nested_product(x):
    return x * srcdiff.grad(lambda y: x * y * y)(x)


def test_derivative_of_a_derivative_inside() -> None:
    assert srcdiff.grad(nested_product)(2.0) == pytest.approx(24.0)


def three_assignments(x):
    xc = np.zeros(3)
    xc[0] = x * 2.0
    xc[1] = x * x
    xc[2] = np.sin(x)
    return np.sum(xc)


def test_three_element_assignments() -> None:  # torch-autograd 102
    assert srcdiff.grad(three_assignments)(0.5) == pytest.approx(2.0 + 1.0 + np.cos(0.5), rel=1e-14)


def alternating(x, y):
    z = x * 1.0
    for i in range(4):
        if i % 2 == 0:
            z = z * x
        else:
            z = z + y * z
    return np.sum(z)


def test_branch_on_the_loop_index() -> None:  # taichi 6204
    oracle.check(alternating, (np.array([0.5, -0.3]), np.array([0.2, 0.9])), order=2)


def trips_from_an_array(x, n):
    s = 1.0
    for i in range(int(n[0])):
        s = s * x + i
        n[0] = 0.5
    return s


def test_trip_count_overwritten_in_the_body() -> None:  # quadrants PR 543
    n = np.array([3.0])
    assert srcdiff.grad(trips_from_an_array)(0.7, n) == pytest.approx(3.0 * 0.7 ** 2 + 1.0, rel=1e-14)  # of x ** 3 + x + 2
    assert n[0] == 3.0


def outputs_reused(x):
    s = x
    for i in range(4):
        s = np.tanh(s) * np.exp(-0.1 * s) + 0.1 * i
    return s


def test_rules_that_use_the_output_in_a_loop() -> None:  # quadrants PR 502, 501
    oracle.check(outputs_reused, (0.8,), order=2)


def fill_buffer(buffer, x):
    for i in range(len(buffer)):
        buffer[i] = x[i] * x[i - 1]


def buffer_of_the_caller(x):
    buffer = np.empty_like(x)
    fill_buffer(buffer, x)
    return np.sum(buffer * buffer)


def buffer_given(x, buffer):
    fill_buffer(buffer, x)
    return np.sum(buffer * x)


def test_buffer_filled_in_a_callee() -> None:  # Enzyme 1223, Tangent
    x = np.array([0.3, -0.8, 1.2])
    oracle.check(buffer_of_the_caller, (x,), order=2)
    oracle.check(buffer_given, (x, np.ones(3)), order=2)


def total_of_squares(x):
    return np.sum(x * x)


@pytest.mark.parametrize("x", [np.array([1, 2, 3, 4]), 3, True, np.array([True, False])], ids=repr)
def test_integers_are_never_given_zeros(x) -> None:  # Tangent 66
    with pytest.raises(srcdiff.SrcdiffError):
        srcdiff.grad(total_of_squares)(x)


HASHED = """
    import numpy as np, srcdiff
    def f(p, x):
        out = []
        for w, b in p["layers"]:
            x = np.tanh(w @ x + b) if x[0] > -2.0 else w @ x
            out.append(x * p["scale"])
        a = {"one": x, "two": out[0]}
        return np.sum(a["one"] * a["two"])
    p = {"layers": [(np.eye(3), 0.1), (np.ones((3, 3)), 0.2)], "scale": 0.5}
    g = srcdiff.grad(f, argnums=(0, 1))
    g(p, np.array([0.1, 0.2, 0.3]))
    print(g.source(p, np.array([0.1, 0.2, 0.3])))
"""


def test_text_does_not_depend_on_hashing(tmp_path: Path) -> None:  # DaCe PR 2507
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(HASHED))
    texts = {subprocess.run([sys.executable, script], env={**os.environ, "PYTHONHASHSEED": str(seed)}, check=True,
                            capture_output=True, text=True).stdout for seed in range(3)}
    assert len(texts) == 1
    assert "def " in texts.pop()


def log_of_negative(x):
    y = -x
    return np.log(y)


def test_invalid_value_raises_at_the_forward_line() -> None:  # torch 160016
    with np.errstate(all="raise"), pytest.raises(FloatingPointError) as caught:
        srcdiff.value_and_grad(log_of_negative)(1.0)
    assert_names(caught.value, "np.log(y)")


def two_roots(x):
    y = np.sqrt(x - 2.0)
    y = np.sqrt(y)
    return y


def test_the_first_invalid_line_is_named() -> None:  # torch 160016
    with np.errstate(all="raise"), pytest.raises(FloatingPointError) as caught:
        srcdiff.value_and_grad(two_roots)(1.0)
    assert_names(caught.value, "np.sqrt(x - 2.0)")


def assert_names(error: BaseException, line: str) -> None:
    """The generated line at fault, or the note about the user's line, shows ``line``."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    assert line in (last.line or "") or any(line in note for note in getattr(error, "__notes__", []))


def gathered(x, idx):
    return np.sum(x[idx] ** 2)


def test_repeated_indices_add_up() -> None:  # Tangent
    x, idx = np.array([1.0, 2.0, 3.0]), np.array([0, 2, 0, 0])
    np.testing.assert_array_equal(srcdiff.grad(gathered)(x, idx), [6.0, 0.0, 6.0])


def buffered_add(y, v):
    y[np.array([0, 1, 0])] += v * v
    return np.sum(y * y)


def test_buffered_addition_counts_the_last_write_once() -> None:  # PyTorch read as NumPy, Tangent
    y, v = np.array([0.5, -0.2]), np.array([0.3, 0.7, 1.1])
    oracle.check(buffered_add, (y, v), order=2)
    assert srcdiff.grad(buffered_add, argnums=1)(y, v)[0] == 0.0


def many_products(x, m):
    for _ in range(100):
        x = x @ m
    return np.sum(x)


@pytest.mark.slow
def test_memory_of_many_products() -> None:  # autograd 219
    import tracemalloc

    n = 200
    x, m = np.eye(n), np.eye(n) * 0.99
    gradient = srcdiff.grad(many_products)
    gradient(x, m)
    tracemalloc.start()
    gradient(x, m)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * x.nbytes, "the gradient for x needs m alone, and no product"


def test_corpus_arguments_are_copied_by_the_oracle() -> None:
    z = np.arange(4.0)
    one, two = trees.copy((z, z[1:]))
    assert np.shares_memory(one, two)
    assert not np.shares_memory(one, z)
