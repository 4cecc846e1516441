"""NumPy functions and array methods that make views, write in place or ask for shapes: questions of storage."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..composed import COMPOSED
from ..rules.infer import library_function
from . import array_algebra, array_others, array_padding, array_shapes, array_views, array_writes
from .array_arguments import Args, Keywords
from .array_others import stop_gradient, to_scalar_type
from .context import Lowerer
from .values import Value

__all__ = ["FUNCTIONS", "METHODS", "stop_gradient", "to_scalar_type"]

Handler = Callable[..., Value]
MODULES = (array_views, array_shapes, array_writes, array_padding, array_algebra, array_others)

FUNCTIONS: dict[Any, Handler] = {
    fun: handler for module in MODULES for name, handler in module.FUNCTIONS.items()
    if (fun := library_function(name)) is not None  # NumPy's newer functions may be missing
}


def written_out(name: str) -> Handler:
    """A method that is a composed function of its array."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        from .inline import call_function

        return call_function(cx, COMPOSED[name], args, kwargs, node)  # type: ignore[arg-type]
    return handler


def compress(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """The method has its condition second, the function first."""
    return written_out("np.compress")(cx, (args[1], args[0], *args[2:]), kwargs, node)


METHODS: dict[str, Handler] = {
    "compress": compress, "put": written_out("np.put"),
    "transpose": array_views.transpose, "swapaxes": array_views.swapaxes, "squeeze": array_views.squeeze,
    "diagonal": array_views.diagonal, **array_shapes.METHODS, **array_writes.METHODS, **array_others.METHODS,
}
