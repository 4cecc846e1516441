"""Arrays as nested lists."""

import numpy as np

from .static import unsupported

__all__ = ["to_list"]


def to_list(x):
    """``x.tolist()``: Python numbers, in lists for each axis."""
    if np.ndim(x) == 0:
        return x.item()
    if np.ndim(x) == 1:
        return [v.item() for v in x]
    if np.ndim(x) > 2:
        unsupported("tolist of an array of more than two axes", "a loop over its first axis")
    return [[v.item() for v in row] for row in x]
