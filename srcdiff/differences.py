"""``numeric``: derivatives by differences, for one function that cannot be differentiated otherwise."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from .custom import Custom
from .values import copy_arrays, leaves_in, map_values

__all__ = ["Numeric", "numeric"]

Function = Callable[..., Any]


class Numeric(Custom):
    """What ``numeric`` returns: a function of which lowering uses :meth:`pull` and :meth:`push`."""

    def __init__(self, fun: Function, step: float | None = None) -> None:
        super().__init__(fun)
        self.step = step

    def state(self) -> dict[str, Any]:
        return {"step": self.step}

    def pull(self, args: tuple[Any, ...], out_bar: Any) -> tuple[Any, ...]:
        """The adjoints of the arguments: a difference for each number in them; None for what cannot have one."""
        return tuple(self._adjoint(args, k, out_bar) if _numbers(a) else None for k, a in enumerate(args))

    def push(self, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
        """The value and its tangent: one difference along the tangents."""
        steps = [self._step(v) for a in primals for v in _numbers(a)]
        largest = max((float(np.max(np.abs(t), initial=0.0)) for t in _numbers(tangents)), default=0.0)
        h = max(steps, default=0.0) / largest if largest else 1.0
        out = self.fun(*copy_arrays(primals))
        ends = [self.fun(*(_moved(a, t, sign * h) for a, t in zip(primals, tangents, strict=True))) for sign in (1.0, -1.0)]
        return out, _quotient(ends[0], ends[1], 2.0 * h)

    def _adjoint(self, args: tuple[Any, ...], which: int, out_bar: Any) -> Any:
        found: list[Any] = []
        for number, leaf in enumerate(_numbers(args[which])):
            flat = np.zeros(np.size(leaf), np.asarray(leaf).dtype)
            for k in range(flat.size):
                flat[k] = self._slope(args, which, number, k, out_bar)
            found.append(flat.reshape(leaf.shape) if isinstance(leaf, np.ndarray) else type(leaf)(flat[0]))
        bars = iter(found)
        return map_values(lambda v: next(bars) if _is_number(v) else None, args[which])

    def _slope(self, args: tuple[Any, ...], which: int, number: int, k: int, out_bar: Any) -> float:
        """How the result, weighed with ``out_bar``, changes with one number in an argument."""
        at: list[float] = []
        ends = [self._end(args, which, number, k, sign, at) for sign in (1.0, -1.0)]
        total = 0.0
        for plus, minus, bar in zip(*map(_numbers, ends), _numbers(out_bar), strict=True):
            wanted = np.asarray(bar) != 0  # a zero adjoint stays zero whatever it is multiplied with
            a, b, g = (np.asarray(v)[wanted] for v in (plus, minus, bar))
            total += float(np.sum((a - b) * g))
        return total / (at[0] - at[1])

    def _end(self, args: tuple[Any, ...], which: int, number: int, k: int, sign: float, at: list[float]) -> Any:
        """The result with one number moved; where that is then is appended to ``at``."""
        moved = list(copy_arrays(args))
        leaves = itertools.count()

        def leaf(v: Any) -> Any:
            here = _is_number(v) and next(leaves) == number
            return _shifted(v, k, sign * self._step(v, k), at) if here else v

        moved[which] = map_values(leaf, moved[which])
        return self.fun(*moved)

    def _step(self, value: Any, k: int | None = None) -> float:
        """The distance to go: the cube root of the precision is best for central differences (Gill, Murray, Wright 1981)."""
        array = np.asarray(value)
        size = float(np.max(np.abs(array), initial=0.0)) if k is None else abs(float(array.reshape(-1)[k]))
        relative = float(np.cbrt(np.finfo(array.dtype).eps)) if self.step is None else self.step
        return relative * max(1.0, size)


def numeric(fun: Function, step: float | None = None) -> Numeric:
    """Differentiate one function by central differences: a way out where there is no rule and no source.

    The function is called as it is, and may be any Python that returns floats or arrays. Reverse mode calls it twice for each
    number in its arguments, forward mode three times. It has no second derivative.

    Parameters
    ----------
    fun : callable
        A function of positional arguments: floats, arrays, and nests of them; other arguments are held fixed.
    step : float, optional
        The distance to go, relative to numbers larger than 1. By default the cube root of the precision, with some ten correct
        digits in double precision and five in single.

    Returns
    -------
    Numeric
        A function with the same values.

    Raises
    ------
    UnsupportedError
        Where it is differentiated: at second order; or if ``fun`` writes to its arguments or changes the types that it returns.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> def table(x):
    ...     return float(np.interp(x, np.arange(10.0), np.arange(10.0) ** 2))
    >>> looked_up = srcdiff.numeric(table)
    >>> round(srcdiff.grad(lambda x: looked_up(x) * x)(2.5), 6)
    19.0
    """
    return Numeric(fun, step)


# -- nests -------------------------------------------------------------------------------------------------------------


def _is_number(value: Any) -> bool:
    return isinstance(value, (float, np.ndarray, np.floating)) and np.asarray(value).dtype.kind == "f"


def _numbers(value: Any) -> list[Any]:
    return list(filter(_is_number, leaves_in(value)))


def _shifted(value: Any, k: int, by: float, at: list[float]) -> Any:
    """``value`` with its number ``k`` moved, which is noted in ``at``."""
    if not isinstance(value, np.ndarray):
        moved = type(value)(value + by)
        at.append(float(moved))
        return moved
    made = value.copy()
    index = np.unravel_index(k, value.shape)
    made[index] += by
    at.append(float(made[index]))
    return made


def _moved(value: Any, tangent: Any, h: float) -> Any:
    if tangent is None:
        return copy_arrays(value)
    steps = iter(_numbers(tangent))

    def leaf(v: Any) -> Any:
        if not _is_number(v):
            return v
        moved = v + h * next(steps)
        return moved.astype(v.dtype) if isinstance(v, np.ndarray) else type(v)(moved)

    return map_values(leaf, value)


def _quotient(plus: Any, minus: Any, width: float) -> Any:
    below = iter(_numbers(minus))

    def leaf(v: Any) -> Any:
        if not _is_number(v):
            return None
        slope = (v - next(below)) / width
        return np.asarray(slope).astype(v.dtype) if isinstance(v, np.ndarray) else type(v)(slope)

    return map_values(leaf, plus)
