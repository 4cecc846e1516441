"""Functions of NumPy's that call a Python function for each element or row, and what Python's own modules do with numbers."""

import math

import numpy as np

from .static import axes_of, unsupported
from .table import composed

__all__ = ["along_axis", "by_element", "objects_by_element"]


def by_element(fun, otype, fortran, *args):
    """``np.vectorize(fun)(*args)``: the function sees Python numbers, in the order in which they lie in memory.

    If ``otype`` is None, NumPy calls it once more, with the first numbers as they are: what comes is of the type of the result.
    """
    arrays = in_memory_order(fortran, args)
    flat = [np.ravel(a) for a in arrays]
    first = fun(*[a[0] for a in flat]) if otype is None else None
    values = [fun(*[a[k].item() for a in flat]) for k in range(np.size(arrays[0]))]
    if otype is None and isinstance(first, tuple):
        return tuple([arranged(np.array([v[k] for v in values], dtype=np.asarray(first[k]).dtype), arrays[0], fortran)
                      for k in axes_of(len(first))])
    return arranged(np.array(values, dtype=np.asarray(first).dtype if otype is None else otype), arrays[0], fortran)


def objects_by_element(fun, fortran, *args):
    """``np.frompyfunc(fun, n, 1)(*args)``, of numbers."""
    arrays = in_memory_order(fortran, args)
    flat = [np.ravel(a) for a in arrays]
    return arranged(np.array([fun(*[a[k].item() for a in flat]) for k in range(np.size(arrays[0]))]), arrays[0], fortran)


def in_memory_order(fortran, args):
    return [np.transpose(a) if fortran else a for a in np.broadcast_arrays(*args)]


def arranged(found, like, fortran):
    made = np.reshape(found, np.shape(like))
    return np.transpose(made) if fortran else made


def along_axis(func1d, axis, arr, *args, **kwargs):
    """``np.apply_along_axis``."""
    rows = np.moveaxis(np.asarray(arr), axis, -1)
    flat = np.reshape(rows, (-1, np.shape(rows)[-1]))
    found = np.array([func1d(row, *args, **kwargs) for row in flat])
    out = np.reshape(found, np.shape(rows)[:-1] + np.shape(found)[1:])
    if np.ndim(found) == 1:
        return out
    if np.ndim(found) > 2:
        unsupported("np.apply_along_axis of a function that returns a matrix", "write the loop")
    return np.moveaxis(out, -1, axis)


@composed("np.fromiter")
def fromiter(iter, dtype, count=-1):
    if count != -1:
        unsupported("np.fromiter with count=", "take the items first: itertools.islice")
    return np.array([v for v in iter], dtype=dtype)  # noqa: C416  it is not iterated twice


@composed("math.fsum")
def fsum(seq):
    if isinstance(seq, (np.ndarray, list, tuple)):
        return math.fsum(seq)
    return math.fsum([v for v in seq])  # noqa: C416  it is not iterated twice


@composed("math.prod")
def prod(iterable, *, start=1):
    total = start
    for item in iterable:
        total = total * item
    return total


@composed("math.hypot")
def hypot(*coordinates):
    if len(coordinates) == 2:
        return math.hypot(coordinates[0], coordinates[1])
    return math.dist(coordinates, (0.0,) * len(coordinates))


@composed("statistics.fmean")
def fmean(data, weights=None):
    if weights is not None:
        unsupported("statistics.fmean with weights", "use np.average")
    numbers = [v for v in data]  # noqa: C416  it is not iterated twice
    return math.fsum(numbers) / len(numbers)


@composed("statistics.median")
def median(data):
    numbers = sorted(data)
    n = len(numbers)
    if n % 2 == 1:
        return numbers[n // 2]
    return (numbers[n // 2 - 1] + numbers[n // 2]) / 2


@composed("statistics.mean", "statistics.stdev", "statistics.pstdev", "statistics.variance", "statistics.pvariance",
          "statistics.geometric_mean", "statistics.harmonic_mean")
def exact(*data, **options):
    unsupported("a function of the module statistics, which computes in fractions", "use np.mean, np.std or np.var")
