"""Whether objects are different, and whether arrays share memory, as far as the bounds of their memory tell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.lib.array_utils import byte_bounds

__all__ = ["are_apart", "are_different", "are_distinct", "are_separate"]


def are_apart(first: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> bool:
    """Whether no array of ``first`` shares memory with one of ``second``.

    >>> x = np.zeros(4)
    >>> are_apart([x[:2]], [x[2:]]), are_apart([x[:2], x[3:]], [x[1:3]])
    (True, False)
    """
    ends = [0, 0]
    for low, high, which in sorted((*byte_bounds(a), k) for k, arrays in enumerate((first, second)) for a in arrays if a.size):
        if low < ends[1 - which]:
            return False
        ends[which] = max(ends[which], high)
    return True


def are_separate(written: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> bool:
    """Whether each of ``written`` shares memory with none of the others, and with no other of ``written``."""
    return are_distinct(written) and are_apart(written, others)


def are_different(changed: Sequence[object], others: Sequence[object]) -> bool:
    """Whether each of ``changed`` is none of the others, and no other of ``changed``.

    >>> a, b = [], []
    >>> are_different((a,), (b,)), are_different((a, b, a), ())
    (True, False)
    """
    numbers = set(map(id, changed))
    return len(numbers) == len(changed) and numbers.isdisjoint(map(id, others))


def are_distinct(arrays: Sequence[np.ndarray]) -> bool:
    """Whether no two of the arrays share memory.

    >>> x = np.zeros(4)
    >>> are_distinct([x[2:], x[:2]]), are_distinct([x, x])
    (True, False)
    """
    bounds = sorted(byte_bounds(a) for a in arrays if a.size)
    return all(high <= low for (_, high), (low, _) in pairwise(bounds))
