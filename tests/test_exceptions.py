"""``try``, ``raise`` and ``with`` at run time: what is printed, what is raised, and what is left behind."""

from __future__ import annotations

import contextlib
import io
import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcdiff

X = np.array([0.3, 0.7, 1.1])
Y = np.array([1.5, 0.7, 0.2])
LOCK = threading.Lock()


class Rejected(Exception):
    pass


class Shown:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, *error):
        print("exit", self.name)


@contextlib.contextmanager
def shown(name):
    print("begin", name)
    try:
        yield name
    finally:
        print("end", name)


def finally_in_a_loop(x):
    s = 0.0
    for k in range(3):
        try:
            print("try", k)
            if x[k] > 1.0:
                break
            if x[k] > 0.5:
                continue
            s += x[k]
        finally:
            print("finally", k, s)
        print("next", k)
    return s * x[0]


def finally_and_return(x):
    for k in range(3):
        try:
            if x[k] > 1.0:
                return x[k] * x[0]
            print("on", k)
        finally:
            print("finally", k)
    print("done")
    return np.sum(x)


def managers(x):
    with Shown(1) as first, Shown(2):
        if x[0] > 1.0:
            print("return", first.name)
            return x[0] * x[1]
        print("body")
    return x[2] * x[0]


def generators(x):
    s = 0.0
    for v in x:
        with shown("v") as name:
            if v > 1.0:
                break
            s += v * v
            print(name)
    print("after")
    return s + x[0]


def handlers(x):
    try:
        try:
            print("try")
            if x[0] > 1.0:
                raise ValueError("large")
            print("fine")
        except KeyError:
            print("never")
        else:
            print("else")
        finally:
            print("inner")
    except ValueError as error:
        print("caught", error)
    finally:
        print("outer")
    return np.sum(x * x)


def out_of_managers(x):
    with Shown("a"):
        try:
            with Shown("b"):
                if x[0] > 1.0:
                    raise Rejected
                print("fine")
        except Rejected:
            print("caught")
    return np.sum(x * x)


PRINTING = [finally_in_a_loop, finally_and_return, managers, generators, handlers, out_of_managers]
MODES: dict[str, Callable[..., Any]] = {
    "grad": srcdiff.grad,
    "value_and_grad": srcdiff.value_and_grad,
    "jvp": lambda f: lambda x: srcdiff.jvp(f, (x,), (np.ones(3),)),
    "grad of grad": lambda f: srcdiff.grad(lambda x: np.sum(srcdiff.grad(f)(x) ** 2)),
}


def printed(fun: Callable[..., Any], x: np.ndarray) -> str:
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        fun(x)
    return text.getvalue()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("x", [X, Y], ids=["small", "large"])
@pytest.mark.parametrize("fun", PRINTING)
def test_effects_happen_once_and_in_order(fun, x, mode):
    assert printed(MODES[mode](fun), x) == printed(fun, x)


# -- exceptions of operations --------------------------------------------------------------------------------------------


def root(x):
    try:
        y = math.sqrt(x)
    except ValueError:
        y = 0.0 * x
    return y * y


def reciprocal(x):
    try:
        return 1.0 / x
    except ZeroDivisionError:
        return x


def logarithm(x):
    try:
        y = math.log(x) + 3.0
    except (ValueError, OverflowError):
        y = x
    return y


@pytest.mark.parametrize(("fun", "good", "bad", "cause"), [
    (root, 2.0, -2.0, ValueError), (reciprocal, 2.0, 0.0, ZeroDivisionError), (logarithm, 2.0, -1.0, ValueError)])
def test_a_caught_exception_is_refused(fun, good, bad, cause):
    gradient = srcdiff.grad(fun)
    gradient(good)
    with pytest.raises(srcdiff.UnsupportedError, match="this try catches") as caught:
        gradient(bad)
    assert isinstance(caught.value.__cause__, cause)


def definite(x):
    y = x * 3.0
    try:
        np.linalg.cholesky(np.diag(x))
    except np.linalg.LinAlgError:
        return 7.0 * np.sum(x)
    return np.sum(y)


def recursive(x, n):
    np.linalg.cholesky(np.diag(x))
    return 1.0 if n == 0 else x[0] * recursive(x, n - 1)


def definite_in_a_recursion(x):
    before = recursive(np.abs(x), 1)
    try:
        return recursive(x, 2)
    except np.linalg.LinAlgError:
        return before


def in_a_test(x):
    try:
        if math.log(x[0]) > 0.0:
            return x[1]
        return x[1]
    except ValueError:
        return x[2]


def in_the_test_of_a_loop(x):
    try:
        while math.log(x[0]) > 100.0:
            pass
        n = x[1]
    except ValueError:
        n = x[2]
    return n


def in_text(x):
    try:
        label = f"{math.log(x[0]):.2f}"
        n = x[1]
    except ValueError:
        n = label = x[2]
    return n


def in_a_list(x):
    logs = []
    try:
        for v in x:
            logs.append(2.0 * math.log(v) + 1.0)
        n = x[1]
    except ValueError:
        n = x[2]
    return n


def as_a_subject(x):
    try:
        match math.log(x[0]):
            case 0.0:
                n = x[1]
            case _:
                n = x[1]
    except ValueError:
        n = x[2]
    return n


NEEDLESS = [definite, definite_in_a_recursion, in_a_test, in_the_test_of_a_loop, in_text, in_a_list, as_a_subject]


@pytest.mark.parametrize("fun", NEEDLESS)
def test_what_decides_is_computed_though_nobody_needs_it(fun):
    gradient = srcdiff.grad(fun)
    assert gradient(X).shape == X.shape
    with pytest.raises(srcdiff.UnsupportedError, match="this try catches"):
        gradient(-X)


def passed_on(x):
    try:
        return math.sqrt(x)
    except ValueError:
        raise


def test_what_a_handler_raises_again_is_raised():
    with pytest.raises(ValueError, match="math domain error"):
        srcdiff.grad(passed_on)(-2.0)


def with_a_lock(x):
    with LOCK:
        return math.sqrt(x)


def with_errstate(x):
    with np.errstate(divide="ignore"):
        return math.sqrt(x)


def with_finally(x):
    LOCK.acquire()
    try:
        return math.sqrt(x)
    finally:
        LOCK.release()


@pytest.mark.parametrize("fun", [with_a_lock, with_errstate, with_finally])
def test_an_exception_leaves_nothing_behind(fun):
    before = np.geterr()
    with pytest.raises(ValueError, match="math domain error"):
        srcdiff.grad(fun)(-2.0)
    assert np.geterr() == before
    assert not LOCK.locked()


def silent(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(x > 0.0, np.log(x), 0.0)
    return np.sum(y * y)


def test_an_adjoint_is_as_silent_as_its_statement():
    x = np.array([0.0, 1.0, 2.0])
    assert np.array_equal(srcdiff.grad(silent)(x), [0.0, 0.0, np.log(2.0)])
    text = srcdiff.grad(silent).source(x)
    assert text.count("with np.errstate(divide='ignore', invalid='ignore'):") == 2


def asserted(x):
    assert x > 0.0, f"not positive: {x}"
    if x > 10.0:
        raise Rejected("large", x)
    return x * x


def test_the_programs_own_exceptions():
    gradient = srcdiff.grad(asserted)
    assert gradient(3.0) == 6.0
    with pytest.raises(AssertionError, match=r"not positive: -1\.0"):
        gradient(-1.0)
    with pytest.raises(Rejected) as caught:
        gradient(11.0)
    assert caught.value.args == ("large", 11.0)


def unsupported_on_one_path(x):
    if x > 10.0:
        return eval("x * x")
    return x * x


def test_what_is_not_supported_is_raised_in_its_place():
    gradient = srcdiff.grad(unsupported_on_one_path)
    assert gradient(3.0) == 6.0
    with pytest.raises(srcdiff.UnsupportedError, match="eval runs a text"):
        gradient(11.0)
