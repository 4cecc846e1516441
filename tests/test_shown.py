"""What a function prints and logs, and what it draws, happens once, and as the function itself does it."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np
import pytest

import srcdiff

X = np.array([0.3, 0.4, 0.5])


def talks(x):
    print("v", x[0], x, (1, 2), [x[0], 1.0], {"a": x[1]}, {1, 2}, None, True, sep="|")
    print(f"{x[0]:.3f} {x[1]!r} {len(x)} {x.shape} {[1, 2]} {'s'!r:>6}")
    print("%.3f %s %d" % (x[0], "s", len(x)), "{:.2f}-{}-{n}".format(x[1], x[2], n=3))
    print("loss " + str(x[0]), "a,b".split(","), "-".join(f"{v:.1f}" for v in x), repr(x[0]), str(x[:2]), format(x[1], ".1f"))
    for i, v in enumerate(x):
        print(i, f"{i}: {v:.2f}", "step %d" % i, "it" + str(i), end=";")
    for k in ("a", "b"):
        print(k, k.upper() * 2, sorted({"b": 1, "a": 2}), end=" ")
    return np.sum(x**2)


def test_prints_what_the_function_prints(capsys: pytest.CaptureFixture[str]) -> None:
    talks(X)
    expected = capsys.readouterr().out
    for derivative in (srcdiff.grad(talks), srcdiff.value_and_grad(talks)):
        derivative(X)
        assert capsys.readouterr().out == expected


class Step(NamedTuple):
    rate: object
    size: object = 2


OUTSIDE = Step(0.5, [1, 2])


def shows_named_tuples(x):
    print(OUTSIDE, [OUTSIDE], Step(x[0]), (Step(1, Step(x[1])),), {"a": Step("b")}, f"{OUTSIDE}")
    return x[0] * OUTSIDE.rate


def test_named_tuples_are_shown_with_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    shows_named_tuples(X)
    expected = capsys.readouterr().out
    srcdiff.grad(shows_named_tuples)(X)
    assert capsys.readouterr().out == expected


def logs(x):
    logging.getLogger("srcdiff.test").warning("loss %.2f of %s", x[0], "x")
    return x[0] * x[1]


def test_logs_once(caplog: pytest.LogCaptureFixture) -> None:
    srcdiff.grad(logs)(X)
    assert [r.getMessage() for r in caplog.records] == ["loss 0.30 of x"]


def test_a_captured_generator_draws_as_in_the_function() -> None:
    rng = np.random.default_rng(7)

    def noisy(x):
        return np.sum(np.tanh(x * rng.normal(size=3)))

    expected, z = noisy(X), np.random.default_rng(7).normal(size=3)
    rng = np.random.default_rng(7)
    value, gradient = srcdiff.value_and_grad(noisy)(X)
    assert value == expected
    np.testing.assert_allclose(gradient, z * (1.0 - np.tanh(X * z) ** 2), rtol=1e-14)
    assert rng.normal() == np.random.default_rng(7).normal(size=4)[3]  # the state is what one call leaves
