"""The functions that generated code may call besides NumPy's."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

from srcdiff import runtime as rt

MODULES = [importlib.import_module(f"{rt.__name__}.{m.name}") for m in pkgutil.iter_modules(rt.__path__)]


def test_it_needs_nothing_but_numpy():
    for module in MODULES:
        imports = [n for n in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert {a.name for n in imports if isinstance(n, ast.Import) for a in n.names} <= {"numpy"}
        assert all(n.level == 1 for n in imports if isinstance(n, ast.ImportFrom))


def test_names_are_unique():
    """Standalone output holds the functions of all modules beside each other."""
    own = {m: [n for n, v in vars(m).items() if inspect.isfunction(v) and v.__module__ == m.__name__] for m in MODULES}
    for module, names in own.items():
        assert sorted(module.__all__) == module.__all__
        assert {n for n in names if not n.startswith("_")} == set(module.__all__) - {"LETTERS"}
    every = [n for names in own.values() for n in names]
    assert len(every) == len(set(every))
    assert sorted(rt.__all__) == sorted(n for m in MODULES for n in m.__all__)


@pytest.mark.parametrize(("g", "x"), [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((2, 3), (1, 1)), ((4, 2, 3), (2, 1)),
                                      ((3,), (3,)), ((0, 3), (1, 3)), ((), ())])
def test_unbroadcast_is_the_adjoint_of_broadcasting(g, x):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=g), rng.normal(size=x)
    found = rt.unbroadcast(a, b)
    assert np.shape(found) == x
    assert np.sum(found * b) == pytest.approx(np.sum(a * np.broadcast_to(b, g)))


def test_unbroadcast_of_numbers():
    assert rt.unbroadcast(2.0, 1.0) == 2.0
    assert rt.unbroadcast(np.ones(3), 1.0) == 3.0


def test_guarded_products_keep_zeros():
    g, p = np.array([0.0, 1.0, 0.0, 2.0]), np.array([np.inf, 2.0, np.nan, 0.0])
    np.testing.assert_array_equal(rt.smul(g, p), [0.0, 2.0, 0.0, 0.0])
    np.testing.assert_array_equal(rt.sdiv(g, p), [0.0, 0.5, 0.0, np.inf])
    assert rt.sdiv(g, 0.0).tolist() == [0.0, np.inf, 0.0, np.inf]
    assert rt.smul(np.zeros((2, 1)), np.full(3, np.inf)).tolist() == [[0.0] * 3] * 2


def test_guarded_products_keep_types():
    for f in (rt.smul, rt.sdiv):
        assert type(f(2.0, 4.0)) is float and type(f(0.0, 0.0)) is float and type(f(1.0, 0.0)) is float
        assert type(f(np.float64(2.0), 4.0)) is np.float64
        assert f(np.float32(2.0), 4.0).dtype == np.float32
        assert f(2.0, np.ones(2, np.float32)).dtype == np.float32
    assert rt.sdiv(1.0, 0.0) == np.inf and rt.smul(0.0, np.inf) == 0.0


def test_nan_adjoints_are_not_hidden():
    assert np.isnan(rt.smul(np.nan, 1.0)) and np.isnan(rt.sdiv(np.array([np.nan]), 2.0))[0]


def test_guards():
    np.testing.assert_array_equal(rt.ratio(np.array([0.0, 3.0]), np.array([0.0, 2.0])), [0.0, 1.5])
    assert rt.ratio(np.zeros(2, np.float32), np.zeros(2, np.float32)).dtype == np.float32
    np.testing.assert_array_equal(rt.reciprocal(np.array([0.0, 2.0])), [np.nan, 0.5])
    np.testing.assert_array_equal(rt.log_or_zero(np.array([1.0, 0.0, -1.0])), [0.0, 0.0, np.nan])


def test_exclusive_product():
    a = np.array([2.0, 0.0, 3.0, 4.0])
    np.testing.assert_array_equal(rt.exclusive_product(a), [0.0, 24.0, 0.0, 0.0])
    assert rt.exclusive_product(np.ones((0, 2))).shape == (0, 2)


def test_static_helpers():
    assert rt.inverse_permutation((2, 0, 1)) == (1, 2, 0)
    assert rt.inverse_permutation((-1, 0, 1)) == (1, 2, 0)
    assert rt.index_axes(-1, 3, 2) == ((2, 3), (0, 1))
    assert rt.einsum_adjoint("ij,jk->ik", 0) == "ik,jk->ij"
    assert rt.einsum_adjoint("ij->i", 0) == "i,ij->ij"
    assert rt.einsum_covers("ij,jk->ik", 1) and not rt.einsum_covers("ij->i", 0)
