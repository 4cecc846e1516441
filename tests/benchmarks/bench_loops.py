"""A loop over elements: the ratio of gradient to primal must not grow with the length.

Run with ``pytest tests/benchmarks/bench_*.py``.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

import srcdiff

SIZES = (1_000, 10_000, 100_000)


def inlined(x, n):
    for i in range(1, n):
        x[i] = np.sin(x[i - 1]) * 0.9 + x[i]
    return x[n - 1]


def step(x, i, a=0.9):
    """Long enough, and with a branch, so that it is kept as a function."""
    s = x[i - 1]
    if s > 10.0:
        s = 10.0 + np.tanh(s - 10.0)
    for _ in range(2):
        s = s - 0.1 * s * s * a
    x[i] = np.sin(s) * a + x[i]


def with_helper(x, n):
    for i in range(1, n):
        step(x, i)
    return x[n - 1]


def start(n: int) -> np.ndarray:
    return np.linspace(-0.5, 0.5, n)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("fun", [inlined, with_helper])
@pytest.mark.parametrize("what", ["primal", "gradient"])
def test_loop(benchmark, fun, n: int, what: str) -> None:
    called = fun if what == "primal" else srcdiff.grad(fun)
    called(start(8), 8)
    benchmark.group = f"{fun.__name__} n={n}"
    benchmark.pedantic(called, setup=lambda: ((start(n), n), {}), rounds=3)


def seconds(called, n: int) -> float:
    times = []
    for _ in range(3):
        x = start(n)
        before = perf_counter()
        called(x, n)
        times.append(perf_counter() - before)
    return min(times)


@pytest.mark.parametrize("fun", [inlined, with_helper])
def test_no_growth(fun) -> None:
    """Prints the ratios; the longest loop may cost at most half as much again per trip as the shortest."""
    gradient = srcdiff.grad(fun)
    gradient(start(8), 8)
    ratios = [seconds(gradient, n) / seconds(fun, n) for n in SIZES]
    print(f"{fun.__name__}: gradient / primal at n = {', '.join(map(str, SIZES))}: {', '.join(f'{r:.2f}' for r in ratios)}")
    assert ratios[-1] < 1.5 * ratios[0]
