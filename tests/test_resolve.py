"""Spellings of one operation, and the binding of its arguments."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.special  # noqa: F401 (as a program under study does)
import scipy.stats  # noqa: F401

from srcdiff import runtime
from srcdiff.composed import static
from srcdiff.errors import UnsupportedError
from srcdiff.frontend.resolve import AT_COMPILE_TIME, bind, bind_method, canonical, method
from srcdiff.ir.core import Const
from srcdiff.ir.ops import OPS
from srcdiff.rules import table
from srcdiff.rules.infer import MASKED


@pytest.mark.parametrize(("spellings", "name"), [
    ((np.multiply,), "np.multiply"),
    ((np.divide, np.true_divide), "np.divide"),
    ((np.absolute, np.abs), "np.absolute"),
    ((np.max, np.amax, np.ndarray.max), "np.max"),
    ((np.min, np.amin), "np.min"),
    ((np.power, np.pow), "np.power"),
    ((np.arctan2, np.atan2), "np.arctan2"),
    ((np.concatenate, np.concat), "np.concatenate"),
    ((np.transpose, np.permute_dims, np.ndarray.transpose), "np.transpose"),
    ((np.linalg.norm,), "np.linalg.norm"),
    ((np.round, np.around), "np.round"),
    ((math.sin,), "math.sin"),
    ((float,), "float"),
    ((max,), "max"),
    ((runtime.smul,), "smul"),
    ((print, sorted, abs, np.random.rand, [], "np.sin"), None),
])
def test_spellings(spellings, name):
    assert [canonical(s) for s in spellings] == [name] * len(spellings)


def test_every_library_operation_is_found():
    for name in set(table.SIGNATURES) - {"not", "is", "item", "abs"}:
        assert canonical(table.function_of(name)) == name.removesuffix(MASKED)


def test_every_method_is_an_operation():
    methods = [m for m in dir(np.ndarray) if method(m)]
    assert {"sum", "dot", "astype", "conj", "flatten", "item"} <= set(methods)
    assert all(method(m) in OPS for m in methods)
    assert method("fill") is None and method("sort") is None and method("T") is None


def values(bound):
    return [a.value if isinstance(a, Const) else a for a in bound.args]


def test_arguments_come_in_the_order_of_the_parameters():
    assert values(bind("np.sum", ("x",), {"keepdims": True})) == ["x", None, True, None]
    assert values(bind("np.clip", ("x",), {"max": 1, "min": 0})) == ["x", 0, 1]
    assert values(bind("np.einsum", ("ij,jk", "a", "b"), {})) == ["ij,jk", ("a", "b"), False]
    assert values(bind("np.zeros", ((2, 3),), {"order": "C"})) == [(2, 3), "float64"]
    assert values(bind("smul", ("g", "p"), {})) == ["g", "p"]


def test_out_is_reported():
    assert bind("np.add", ("x", "y", "z"), {}).out == "z"
    assert bind("np.sum", ("x",), {"out": "z"}).out == "z"
    assert bind("np.add", ("x", "y"), {}).out is None


@pytest.mark.parametrize(("name", "args", "kwargs", "message"), [
    ("np.sum", ("x",), {"casting": "safe"},
     r"the keyword 'casting' of np.sum is not supported\n    supported: np.sum\(a, axis=None, \*, keepdims=False, dtype=None"),
    ("np.cumsum", ("x",), {"where": "m"}, "np.where"),
    ("np.sum", ("x", 0, "f4"), {}, "np.sum with 3 positional arguments"),
    ("np.sum", ("x", 0), {"axis": 1}, "got 'axis' twice"),
    ("np.matmul", ("x",), {}, "needs the argument 'b'"),
    ("smul", ("x",), {"p": 1}, "takes no keywords"),
])
def test_what_does_not_fit_is_refused(name, args, kwargs, message):
    with pytest.raises(UnsupportedError, match=message):
        bind(name, args, kwargs)


def test_methods():
    assert values(bind_method("reshape", ("x", 2, 3), {})) == ["x", (2, 3)]
    assert values(bind_method("reshape", ("x", (2, 3)), {"order": "C"})) == ["x", (2, 3)]
    assert values(bind_method("transpose", ("x",), {})) == ["x", None]
    assert values(bind_method("transpose", ("x", 1, 0), {})) == ["x", (1, 0)]
    assert values(bind_method("copy", ("x", "K"), {})) == ["x"]
    assert values(bind_method("mean", ("x", 0), {})) == ["x", 0, False, None]
    with pytest.raises(UnsupportedError, match="keyword 'order'"):
        bind_method("ravel", ("x", "F"), {})
    with pytest.raises(UnsupportedError, match="the array method fill"):
        bind_method("fill", ("x", 0), {})


def test_compile_time_functions_take_static_values_only():
    assert {f.__module__ for f in AT_COMPILE_TIME} == {runtime.static.__name__, static.__name__}
    assert {f.__name__ for f in AT_COMPILE_TIME} <= {*runtime.static.__all__, *static.__all__}
