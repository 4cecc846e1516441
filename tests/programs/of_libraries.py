"""Functions and methods of NumPy and SciPy that are no single operation: lists, iterators, windows, distributions."""

import math

import numpy as np
import scipy.stats
from numpy.lib.stride_tricks import sliding_window_view

from programs.registry import GRID, LINE, OTHER, THREE, program


@program(GRID)
@program(GRID.T)
def flat_elements(x):
    return sum(k * v * v for k, v in enumerate(x.flat)) + x.flat[1] * np.sum(x.flat[2:4])


@program(THREE, refused=True)
def flat_written(x):
    y = x * 2.0
    y.flat[1] = x[0]
    return np.sum(y * y)


@program(THREE, refused=True)
def slice_of_flat_written(x):
    y = x * 2.0
    part = y.flat[:2]
    part[0] = x[2]
    return np.sum(y * part[0])


@program(THREE)
def lists_of_numbers(x):
    numbers = x.tolist()
    numbers.append(x[0].item())
    return math.prod(numbers) + max(numbers)


@program(GRID)
def lists_of_rows(x):
    rows = x.tolist()
    return sum([row[0] * row[-1] for row in rows]) * x.sum().tolist()


@program(np.array(1.5), 0.7)
def number_of_a_scalar(x, y):
    return x.tolist() * np.float64(y).item()


@program(np.array(1.5))
def whole_index_of_a_scalar(x):
    y = x[()]
    return y * 2.0 if np.isscalar(y) else y * 3.0


@program(LINE)
def running_means(x):
    return np.sum(np.sin(sliding_window_view(x, 3).mean(axis=-1)))


@program(GRID)
def patches(x):
    return np.sum(np.prod(sliding_window_view(x, (2, 2)), axis=(2, 3))) + np.sum(sliding_window_view(x, 2, axis=1) ** 2)


@program(THREE, refused=True)
def window_of_a_written_array(x):
    y = x * 2.0
    windows = sliding_window_view(y, 2)
    y[0] = x[2]
    return np.sum(windows * y[0])


@program(THREE, 1.3)
def frozen_normal(x, s):
    prior = scipy.stats.norm(x[0], scale=s)
    return np.sum(prior.logpdf(x)) + prior.cdf(x[1])


@program(THREE, 1.3)
def frozen_distributions(x, s):
    found = [scipy.stats.gamma(s, scale=x[0]), scipy.stats.expon(0.0, s), scipy.stats.t(df=s)]
    return sum(np.sum(d.logpdf(x + 0.1)) for d in found)


@program(THREE, OTHER)
def repeated_places(x, y):
    z = x * 1.0
    np.multiply.at(z, [0, 2, 0], y)
    np.maximum.at(z, np.array([1, 1]), y[:2])
    return np.sum(z * z)


@program(THREE, OTHER)
def in_a_dtype(x, y):
    z = np.add(x, 2, dtype=np.float64)
    return np.sum(np.multiply(z, y, dtype=float)) * np.exp(y[0], dtype=np.float64)


@program(LINE)
def places_by_slice(x):
    return np.sum(np.insert(x, np.s_[1:3], x[5]) ** 2) + np.sum(np.insert(x, slice(0, 4, 2), [2.0, 3.0])[::2] * x[0])


@program(THREE)
def extremes_of_numbers(x):
    return np.fmax.reduce(x) * np.fmin.reduce(x * x)
