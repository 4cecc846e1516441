"""Nests of parameters as one vector, and back: for optimisers that want a vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import SignatureError
from .values import map_values

__all__ = ["Unravel", "ravel"]


class Unravel:
    """What :func:`ravel` returns beside the vector: the way back, for vectors of the same length.

    ``like``: a nest with a :class:`Part` for each number and array.
    """

    def __init__(self, like: Any, size: int) -> None:
        self.like = like
        self.size = size

    def __call__(self, vector: Any) -> Any:
        given = np.asarray(vector)
        if given.shape != (self.size,):
            raise SignatureError(f"a vector of length {self.size} is needed, and this has shape {given.shape}")
        return map_values(lambda part: part.taken(given) if isinstance(part, Part) else part, self.like)

    def __repr__(self) -> str:
        return f"<unravel of a vector of length {self.size}>"


class Part:
    """Where in a vector a number or array is; ``cls`` is the class of a number, None for an array."""

    __slots__ = ("cls", "dtype", "shape", "start", "stop")

    def __init__(self, value: Any, start: int) -> None:
        self.cls = None if isinstance(value, np.ndarray) else type(value)
        self.dtype = np.asarray(value).dtype
        self.shape = np.shape(value)
        self.start, self.stop = start, start + np.size(value)

    def taken(self, vector: np.ndarray) -> Any:
        if self.cls is not None:
            return self.cls(vector[self.start])
        return vector[self.start:self.stop].reshape(self.shape).astype(self.dtype)


def ravel(params: Any) -> tuple[np.ndarray, Unravel]:
    """All numbers of a nest in one vector, and the function that makes the nest again.

    The function may be called in code that is differentiated; ``ravel`` itself may not.

    Parameters
    ----------
    params : nest
        Floats, float arrays, and nests of them in tuples, lists, dicts, dataclasses and registered
        classes (:func:`srcdiff.register_container`). Strings and None stay in the nest.

    Returns
    -------
    vector : numpy.ndarray
        Of one axis, and of the dtype to which those of the parts promote (float64, if there are none).
    unravel : callable
        ``unravel(vector)`` has the nest, the shapes and the dtypes of ``params``.

    Raises
    ------
    SignatureError
        If there are integers, booleans or complex numbers in ``params``; from ``unravel``, if the vector has another length.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> vector, unravel = srcdiff.ravel({"W": np.ones((2, 2)), "b": 0.5})
    >>> vector
    array([1. , 1. , 1. , 1. , 0.5])
    >>> def loss(p):
    ...     return np.sum(p["W"] ** 2) * p["b"]
    >>> srcdiff.grad(lambda v: loss(unravel(v)))(vector)
    array([1., 1., 1., 1., 4.])
    """
    parts: list[np.ndarray] = []

    def leaf(value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        if not isinstance(value, (float, np.ndarray, np.floating)) or np.asarray(value).dtype.kind != "f":
            raise SignatureError(f"ravel: a {type(value).__name__} among the parameters: it takes floats and arrays of floats")
        made = Part(value, sum(p.size for p in parts))
        parts.append(np.ravel(value))
        return made

    like = map_values(leaf, params, make=False)
    vector = np.concatenate(parts) if parts else np.zeros(0)
    return vector, Unravel(like, vector.size)
