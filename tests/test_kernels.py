"""Gradients of published kernels with respect to every float that they are given, against finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from kernels import TABLE, Kernel

from srcdiff.testing import check_grads

CALLS = [pytest.param(k, id=k.name) for k in TABLE]
TWICE = [pytest.param(k, id=k.name) for k in TABLE if k.order > 1]


def weighted(kernel: Kernel) -> Callable[..., float]:
    """One number of all that the kernel returns and writes to its arguments: each times a weight."""
    fun, outputs = kernel.fun, kernel.outputs

    def objective(*args: Any) -> float:
        results = fun(*args)
        if results is None:
            results = ()
        elif not isinstance(results, tuple):
            results = (results,)
        total = 0.0
        for array in [*results, *[args[k] for k in outputs]]:
            weights = np.cos(np.arange(np.size(array)) + 0.5)
            total += np.sum(weights * np.ravel(array))
        return total

    return objective


@pytest.mark.parametrize("kernel", CALLS)
def test_reverse(kernel: Kernel) -> None:
    check_grads(weighted(kernel), kernel.args, modes=("rev",))


@pytest.mark.slow
@pytest.mark.parametrize("kernel", TWICE)
def test_forward_and_second_order(kernel: Kernel) -> None:
    check_grads(weighted(kernel), kernel.args, order=2)


def test_names_are_unique() -> None:
    assert len({kernel.name for kernel in TABLE}) == len(TABLE) >= 40
