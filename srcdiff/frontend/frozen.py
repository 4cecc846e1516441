"""Distributions of ``scipy.stats`` that are given their parameters first: ``norm(loc, scale).logpdf(x)``.

``norm(loc, scale)`` is kept as the distribution and its parameters by name; its methods are those of ``norm``, with them.
"""

from __future__ import annotations

import ast
from typing import Any

from ..ir.core import Const
from .attributes import static_attribute
from .context import Lowerer
from .values import Partial, Value

__all__ = ["freeze", "is_distribution", "is_frozen", "method"]


def is_distribution(obj: object) -> bool:
    """Whether something is a distribution like ``scipy.stats.norm``."""
    return str(type(obj).__module__).startswith("scipy.stats.") and not isinstance(obj, type) and hasattr(obj, "logcdf")


def is_frozen(value: Value) -> bool:
    return isinstance(value, Partial) and isinstance(value.fun, Const) and is_distribution(value.fun.value)


def parameters(dist: Any) -> list[str]:
    """The names of a distribution's parameters, in order."""
    if not hasattr(dist, "shapes"):
        return ["mean", "cov", "allow_singular"]  # of vectors: the normal distribution is the one that has rules
    return [*(dist.shapes.split(", ") if dist.shapes else ()), "loc", *(("scale",) if hasattr(dist, "pdf") else ())]


def freeze(cx: Lowerer, fun: Const, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """The call of a distribution."""
    names = parameters(fun.value)
    if len(args) > len(names) or not set(names) >= set(kwargs):
        cx.refuse(f"{fun.name} with other arguments than {', '.join(names)}", node)
    return Partial(fun, (), tuple((dict(zip(names, args, strict=False)) | kwargs).items()))


def method(cx: Lowerer, frozen: Partial, name: str, node: ast.AST) -> Value:
    """A method of a distribution that has its parameters."""
    if not callable(getattr(frozen.fun.value, name, None)):
        cx.refuse(f"the attribute {name} of a distribution", node, "use its methods: logpdf, cdf")
    return Partial(static_attribute(cx, frozen.fun, name, node), (), frozen.kwargs)
