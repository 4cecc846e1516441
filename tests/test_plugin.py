"""The fixture that the pytest plugin registers, and ``check_grads`` behind it."""

import numpy as np
import pytest

from srcdiff import api, testing


def f(x, W, n):
    return np.sum(np.tanh(x @ W) ** 2) * n


def test_fixture_passes_on_right_derivatives(check_grads):
    check_grads(f, (np.ones((2, 3)) * 0.1, np.ones((3, 2)) * 0.2, 3))
    check_grads(lambda x: np.sin(x) * x, (0.7,), order=2)


def test_fixture_checks_results_that_are_no_number(check_grads):
    check_grads(lambda p: {"a": p[0] * p[1], "n": 3}, ((np.ones(3), 2.0),))


def test_wrong_derivatives_are_found(check_grads, monkeypatch):
    right = api.jvp
    monkeypatch.setattr(testing, "jvp", lambda *a: (right(*a)[0], right(*a)[1] * 1.01))
    with pytest.raises(AssertionError, match="forward mode"):
        check_grads(np_square, (2.0,), modes=("fwd",))
    check_grads(np_square, (2.0,), modes=("rev",))


def np_square(x):
    return x * x


def test_nothing_to_differentiate_is_an_error(check_grads):
    with pytest.raises(ValueError, match="no argument"):
        check_grads(f, (1, 2, 3))
