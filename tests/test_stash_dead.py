"""What is put back or cleared in the backward half only where somebody reads it: texts, and random programs of indices."""

from __future__ import annotations

import linecache
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff
from srcdiff import pipeline
from srcdiff.api import Derivative
from srcdiff.derivation import Derivation
from srcdiff.testing import check_grads

X = np.array([0.3, 0.7, 1.1, 0.9, 0.5, 0.8, 0.4, 0.6, 1.0])
SQUARE = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])


def filter_forwards(x, a):
    y = np.empty_like(x)
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = x[i] * y[i - 1] + a * y[i - 1]
    return np.sum(y)


def filter_backwards(x, a):
    n = len(x)
    y = np.zeros(n)
    y[-1] = x[-1]
    for i in range(n - 2, -1, -1):
        y[i] = x[i] * y[i + 1] + a * y[i + 1]
    return y[0]


def cholesky(A):
    n = A.shape[0]
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = L[i, :j] @ L[j, :j]
            if i == j:
                L[i, i] = np.sqrt(A[i, i] - s)
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    return np.sum(np.log(np.diag(L)))


def from_the_end(x):
    y = x * 1.0
    for i in range(len(x)):
        y[i] = np.sin(y[i]) * y[i - 1]  # first y[-1], which is written last
    return np.sum(y)


def two_ahead(x):
    y = x * 1.0
    for i in range(len(x) - 2):
        y[i] = np.sin(y[i + 2]) * y[i]
    return np.sum(y)


def both_directions(x):
    y = x * 1.0
    for i in range(1, len(x) - 1):
        y[i] = y[i - 1] * y[i + 1]
    return np.sum(y)


def twice(x):
    y = np.zeros(len(x))
    for _ in range(2):
        for i in range(1, len(x)):
            y[i] = x[i] * y[i - 1] + np.cos(y[i])
    return np.sum(y)


def searched(x):
    y = np.ones(len(x))
    k = 0
    while k < len(x) - 1 and y[k] < 3.0:
        y[k + 1] = y[k] * (1.0 + x[k])
        k += 1
    return y[k]


NOTHING_SAVED = [(filter_forwards, (X, 0.5)), (filter_backwards, (X, 0.5)), (cholesky, (SQUARE,)), (searched, (X,))]
SAVED = [(from_the_end, (X,)), (two_ahead, (X,)), (both_directions, (X,)), (twice, (X,))]


@pytest.mark.parametrize(("fun", "args"), NOTHING_SAVED, ids=lambda v: getattr(v, "__name__", ""))
def test_nothing_is_saved_that_nobody_reads_again(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    text = srcdiff.source(fun, *args, form="joint")
    assert "append" not in text
    assert "saved" not in text
    check_grads(fun, args, order=2)


@pytest.mark.parametrize(("fun", "args"), SAVED, ids=lambda v: getattr(v, "__name__", ""))
def test_what_is_read_again_is_saved(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert "append" in srcdiff.source(fun, *args, form="joint")
    check_grads(fun, args, order=2)


def downwards(x, m):
    y = x * 1.0
    for _ in range(m):
        y[4:0:-1] = np.sin(y[2]) * x[1:5]
    return np.sum(y * y)


def perhaps_no_trip(x, m):
    y = x * 1.0
    z = np.sin(y[:2])
    for _ in range(m):
        y[:2] = x[:2] * x[2:4]
    y[:2] = x[4:6]
    return np.sum(y) + np.sum(z * z)


def quotients(x, m):
    y = x * 1.0
    for i in range(len(x) - m):
        k = i // 2
        y[k:k + 2] = np.sin(y[k + 2:k + 4]) * x[i]
    return np.sum(y)


@pytest.mark.parametrize("m", [0, 2])
@pytest.mark.parametrize("fun", [downwards, perhaps_no_trip, quotients])
def test_rewinding_gives_what_saving_gives(fun: Callable[..., Any], m: int) -> None:
    ways = [pipeline.Options(rewind=rewind) for rewind in (True, False)]
    results = [Derivative(fun, Derivation("grad", 0), options=options)(X, m) for options in ways]
    np.testing.assert_allclose(*results, rtol=1e-12)
    check_grads(fun, (X, m))


def test_an_adjoint_is_not_cleared_for_nobody() -> None:
    def squares(x):
        y = np.empty(len(x))
        for i in range(len(x)):
            y[i] = x[i] * x[i]
        return np.sum(y)

    assert "= 0.0" not in srcdiff.source(squares, X, form="joint")
    check_grads(squares, (X,), order=2)


def test_a_quotient_of_lengths_may_be_negative() -> None:
    def f(x):
        k = (len(x) - 5) // 2
        y = x * 1.0
        for _ in range(3):
            y[k + 1] = 0.5 * y[k + 1] * y[0] + np.sin(y[k + 1])
            y[0] = np.sin(y[0]) + 0.1 * y[k + 1]
        return np.sum(y ** 2)

    df = Derivative(f, Derivation("grad", 0), options=pipeline.Options(rewind=True))
    for n in (9, 3, 4):  # with three, k + 1 is 0
        steps = 1e-6 * np.eye(n)
        differences = [(f(X[:n] + step) - f(X[:n] - step)) / 2e-6 for step in steps]
        np.testing.assert_allclose(df(X[:n]), differences, rtol=1e-6, atol=1e-6)


# -- random programs ---------------------------------------------------------------------------------------------------


class Indices:
    """Random programs of two arrays whose elements and slices are read and written at indices linear in those of loops."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def index(self, names: list[str]) -> str:
        r = self.r
        if not names or r.random() < 0.25:
            return str(r.choice([-3, -2, -1, 0, 1, 2, 5]))
        v, d = r.choice(names), r.choice([-2, -1, 0, 0, 1, 2])
        base = r.choice([v, v, v, f"8 - {v}", f"2 * {v} - 9"])
        return f"{base} {'-' if d < 0 else '+'} {abs(d)}" if d else base

    def part(self, names: list[str]) -> str:
        at = self.index(names)
        return self.r.choice([f"{at}:", f":{at}", f"{at}:{at} + 2" if names else "1:3", "1:-1", "::2", ":"])

    def loop(self, v: str, names: list[str]) -> str:
        r = self.r
        low, high = r.choice(["0", "1", "2", *names]), r.choice(["7", "4", "n - 2", "m"])
        return r.choice([f"for {v} in range({low}, {high}):", f"for {v} in range({high} - 1, {low} - 1, -1):",
                         f"for {v} in range({low}, {high}, 2):", f"for {v} in reversed(range({low}, {high})):"])

    def write(self, names: list[str]) -> str:
        r = self.r
        reads = [f"{r.choice('xyz')}[{self.index(names)}]" for _ in range(2)]
        value = r.choice(["np.sin({}) * {}", "{} * {}", "0.5 * {} + {}"]).format(*reads)
        if r.random() < 0.7:
            return f"{r.choice('yz')}[{self.index(names)}] {r.choice(['=', '=', '+=', '*='])} {value}"
        where = self.part(names)
        return f"{r.choice('yz')}[{where}] = np.tanh({r.choice('yz')}[{where}]) * {reads[0]}"

    def block(self, depth: int, names: list[str], indent: str) -> list[str]:
        r, lines = self.r, []
        for _ in range(r.randint(1, 3)):
            kind = r.random()
            if kind < 0.5 and len(names) < 3 and depth < 4:
                v = "ijk"[len(names)]
                lines += [indent + self.loop(v, names), *self.block(depth + 1, [*names, v], indent + "    ")]
            elif kind < 0.6 and names and depth < 4:
                test = f"{r.choice(names)} {r.choice(['==', '!=', '<'])} {self.index(names)}"
                lines += [f"{indent}if {test}:", *self.block(depth + 2, names, indent + "    ")]
            else:
                lines.append(indent + self.write(names))
        return lines

    def text(self) -> str:
        head = ["def f(x, m):", "    n = len(x)", f"    y = {self.r.choice(['np.ones(n)', 'x.copy()'])}", "    z = x * x"]
        tail = [f"    return {self.r.choice(['np.sum(y * z)', 'y[-1] + z[2]', 'np.sum(y[1:] * z[:-1])'])}"]
        return "\n".join([*head, *self.block(0, [], "    "), *tail]) + "\n"


def define(text: str, name: str) -> Callable[..., Any]:
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    scope: dict[str, Any] = {"np": np}
    exec(compile(text, name, "exec"), scope)
    return scope["f"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("start", range(0, 120, 30))
def test_random_indices(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = pipeline.plan_stash
    monkeypatch.setattr(pipeline, "plan_stash", lambda module, rewind=None: plan(module, rewind=True))
    checked = 0
    for seed in range(start, start + 30):
        text = Indices(seed).text()
        f = define(text, f"<indices {seed}>")
        try:
            with np.errstate(all="raise"):
                value = f(X.copy(), 5)
        except (IndexError, ValueError, FloatingPointError):
            continue
        if abs(value) < 1e4:
            steps = 1e-6 * np.eye(len(X))
            differences = [(f(X + step, 5) - f(X - step, 5)) / 2e-6 for step in steps]
            np.testing.assert_allclose(srcdiff.grad(f)(X, 5), differences, rtol=1e-4, atol=1e-4, err_msg=text)
            checked += 1
    assert checked >= 5
