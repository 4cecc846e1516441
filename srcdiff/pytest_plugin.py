"""The pytest plugin: a fixture ``check_grads``, registered by the entry point ``pytest11``.

::

    def test_loss(check_grads):
        check_grads(loss, (W, x, y), order=2)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

__all__ = ["check_grads"]


@pytest.fixture
def check_grads() -> Callable[..., None]:
    """:func:`srcdiff.testing.check_grads`: derivatives of a function against each other and against differences."""
    from . import testing  # the compiler is loaded by the first test that needs it

    checker: Callable[..., Any] = testing.check_grads
    return checker
