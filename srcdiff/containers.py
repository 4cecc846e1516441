"""Classes that a user registered as containers: how an instance is taken apart, and made again.

An instance counts as its children, in order, and a static part that is compared. Arguments, results, gradients and tangents of
the class are nests of the children; the code is followed as if it began with ``unflatten`` and ended with ``flatten``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from .errors import SignatureError
from .records import dataclass

__all__ = ["Container", "Parts", "container_of", "register_container", "static_key", "taken_apart"]

Flatten = Callable[[Any], tuple[Any, Any]]
Unflatten = Callable[[Any, Any], Any]


@dataclass(frozen=True, eq=False)
class Container:
    """How instances of ``cls`` are taken apart and made."""

    cls: type
    flatten: Flatten
    unflatten: Unflatten

    @property
    def flatten_name(self) -> str:
        """What generated code calls ``flatten``."""
        return f"flatten_{self.cls.__name__}"

    @property
    def unflatten_name(self) -> str:
        return f"unflatten_{self.cls.__name__}"


@dataclass(frozen=True, eq=False)
class Parts:
    """An instance taken apart: it stands for one where the children are no numbers, which ``unflatten`` might not take."""

    container: Container
    children: tuple[Any, ...]
    static: Any


_CONTAINERS: dict[type, Container] = {}


def register_container(cls: type, flatten: Flatten, unflatten: Unflatten) -> None:
    """Let instances of a class be arguments, results and gradients: nests of the numbers and arrays in them.

    Dataclasses, named tuples, and classes that keep all in plain attributes need no registration: they are nests of their
    attributes. A registration says what else to count, or what to leave out.

    Parameters
    ----------
    cls : type
        The class. A class derived from it is registered by itself.
    flatten : callable
        ``flatten(instance)`` gives ``(children, static)``. ``children``: a tuple or list of numbers, arrays, and nests of them
        (other registered classes included). ``static``: anything else that an instance consists of, such as names and sizes; it
        must be hashable, or made of tuples, lists and dicts of what is hashable, and a derivative is compiled for each value
        of it.
    unflatten : callable
        ``unflatten(static, children)`` makes an instance; ``children`` is a tuple. It is also given derivatives in the place of
        the children, so it should not look at their values.

    Raises
    ------
    SignatureError
        If the class is registered already, or something is no class or cannot be called.

    Notes
    -----
    Both functions are followed when a function that takes or makes an instance is differentiated, so they need source.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> class Line:
    ...     def __init__(self, slope, offset, name):
    ...         self.coefficients, self.name = (slope, offset), name
    ...     def at(self, x):
    ...         slope, offset = self.coefficients
    ...         return slope * x + offset
    >>> srcdiff.register_container(Line, lambda line: (line.coefficients, line.name), lambda name, c: Line(c[0], c[1], name))
    >>> g = srcdiff.grad(lambda line: line.at(3.0) ** 2)(Line(2.0, 1.0, "a"))
    >>> g.name, g.coefficients
    ('a', (42.0, 14.0))
    """
    if not isinstance(cls, type):
        raise SignatureError(f"register_container needs a class, and {cls!r} is none")
    if not callable(flatten) or not callable(unflatten):
        raise SignatureError(f"register_container({cls.__name__}, flatten, unflatten): both must be functions")
    if cls in _CONTAINERS:
        raise SignatureError(f"{cls.__name__} is registered already")
    if cls in (tuple, list, dict, np.ndarray) or issubclass(cls, (bool, int, float, complex, str, bytes, np.generic)):
        raise SignatureError(f"{cls.__name__} has a meaning of its own, and cannot be registered")
    _CONTAINERS[cls] = Container(cls, flatten, unflatten)


def container_of(cls: object) -> Container | None:
    """How a class is registered; None if it is not."""
    return _CONTAINERS.get(cls) if isinstance(cls, type) else None


def taken_apart(container: Container, value: Any) -> tuple[tuple[Any, ...], Any]:
    """Children and static part of an instance.

    Raises
    ------
    SignatureError
        If ``flatten`` gives anything else.
    """
    found = container.flatten(value)
    name = container.cls.__name__
    if not isinstance(found, tuple) or len(found) != 2:
        raise SignatureError(f"flatten of {name} must return a pair (children, static), and returned a {type(found).__name__}")
    children, static = found
    if not isinstance(children, (tuple, list)):
        raise SignatureError(f"flatten of {name} must return the children as a tuple or list, and they are a "
                             f"{type(children).__name__}")
    return tuple(children), static


def static_key(value: Any, name: str = "") -> Hashable:
    """What is equal for equal static parts: types count, and the signs of zeros.

    Raises
    ------
    SignatureError
        If the static part of an instance of ``name`` holds an array, or what is not hashable.
    """
    cls = type(value)
    if isinstance(value, (tuple, list)):
        return cls, tuple(static_key(v, name) for v in value)
    if cls is dict:
        return cls, tuple((static_key(k, name), static_key(v, name)) for k, v in value.items())
    if isinstance(value, (float, complex, np.inexact)):
        return cls, repr(value)
    if isinstance(value, np.ndarray):
        raise SignatureError(f"the static part of {name} holds an array: let flatten return arrays among the children")
    try:
        hash(value)
    except TypeError:
        raise SignatureError(f"the static part of {name} holds a {cls.__name__}, which is not hashable: use a frozen one, or "
                             "return it among the children") from None
    return cls, value
