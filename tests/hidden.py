"""Functions that no compiler can look into, because they have no source."""

from collections.abc import Callable
from typing import Any


def hidden(fun: Callable[..., Any]) -> Callable[..., Any]:
    """``fun`` behind a function that was made from text that nobody kept."""
    scope: dict[str, Any] = {"fun": fun}
    exec("def call(*args):\n    return fun(*args)\n", scope)
    made = scope["call"]
    made.__name__ = made.__qualname__ = fun.__name__
    made.__module__ = getattr(fun, "__module__", "numpy")  # ufuncs have none before NumPy 2.2
    return made
