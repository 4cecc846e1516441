"""User's names that mean something in generated code or in a guard: arguments, locals, globals and functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from files import module_of

import srcdiff

PROGRAMS = '''
import math as m
import numpy

np = numpy.array([1.0, 2.0, 3.0])
rt = numpy.array([3.0, 2.0, 1.0])
math, len, x_bar, t = [1.0, 2.0], 3.0, 0.5, 1.5

class Float:
    scale = numpy.array([1.0, 2.0, 3.0])
float = Float()

def sum(v): return numpy.sum(v) * 2.0

def arg_np(np, x): return numpy.sum(numpy.sin(x)) * np
def arg_rt(rt, x): return numpy.sum(numpy.where(x > 0, numpy.log(x), 0.0)) * rt
def arg_float(float, x): return float * 2.0 * numpy.sum(x * x)
def arg_type(type, x): return type * numpy.sum(x * x)
def arg_len(len, tuple): return (tuple[0] + tuple[1]) * len
def arg_both(np, np_): return numpy.sum(numpy.sin(np_)) * np
def arg_nest(a, np): return numpy.sum(numpy.sin(np[0] * np[1])) * a
def arg_bar(x_bar, x): return numpy.sum(numpy.sin(x * x_bar) * x)
def arg_out_bar(out_bar, x): return out_bar * numpy.sum(numpy.sin(x))
def arg_stash(stash, x):
    for i in range(3):
        x = numpy.sin(x) * stash
    return numpy.sum(x)
def arg_keyword(class_, x): return numpy.sum(numpy.sin(class_ * x))
def locals_(a, x):
    np = numpy
    len = np.sin(x)
    float = len * 2.0
    rt = float * a
    return np.sum(rt * rt)
def functions(a, x):
    def range(n): return n * 2.0
    def np(q): return numpy.sin(q * a)
    return numpy.sum(np(range(x)))
def globals_(a, x): return numpy.sum(np * x * numpy.sin(x * a)) * len * x_bar + t
def guarded(a, x): return numpy.sum(numpy.where(x > 0, numpy.log(x), rt)) * a
def attribute(a, x): return numpy.sum(float.scale * numpy.sin(x)) * a
def module(a, x): return m.sin(a) * math[1] * numpy.sum(x)
def own_sum(a, x): return sum(x * x) * a
def recursive(a, x):
    def np(x, n): return x if n == 0 else np(numpy.sin(x), n - 1)
    return numpy.sum(np(x, 3)) * a
'''


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("names") / "shadowing_programs.py"
    path.write_text(PROGRAMS)
    return module_of(path)


NAMES = ["arg_np", "arg_rt", "arg_float", "arg_type", "arg_len", "arg_both", "arg_nest", "arg_bar", "arg_out_bar", "arg_stash",
         "arg_keyword", "locals_", "functions", "globals_", "guarded", "attribute", "module", "own_sum", "recursive"]


@pytest.mark.parametrize("name", NAMES)
def test_right(programs: Any, name: str) -> None:
    """Joint and split, reverse and forward, first and second order."""
    fun = vars(programs)[name]
    x = numpy.array([0.4, 0.9, 1.7])
    args = (1.3, (0.5, 0.25)) if name == "arg_len" else (1.3, (x, 2.0)) if name == "arg_nest" else (1.3, x)
    expected = (fun(args[0] + 1e-6, args[1]) - fun(args[0] - 1e-6, args[1])) / 2e-6
    assert srcdiff.grad(fun)(*args) == pytest.approx(expected, rel=1e-6)
    assert srcdiff.vjp(fun, *args)[1](1.0)[0] == pytest.approx(expected, rel=1e-6)
    assert srcdiff.jvp(fun, args, (1.0, None))[1] == pytest.approx(expected, rel=1e-6)
    slope = (srcdiff.grad(fun)(args[0] + 1e-6, args[1]) - srcdiff.grad(fun)(args[0] - 1e-6, args[1])) / 2e-6
    assert srcdiff.hvp(fun)(*args, 1.0) == pytest.approx(slope, rel=1e-5, abs=1e-8)
