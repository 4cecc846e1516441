"""Reads and writes with integer arrays, lists and masks; repeats as NumPy treats them."""

import numpy as np

from programs.registry import array, program


@program(array(5))
def fancy_read(x):
    return np.sum(x[[0, 2, 4]] * x[np.array([1, 1, 3])])


@program(array(5))
def fancy_read_with_repeats(x):
    y = x[[0, 0, 3, 0]]
    y[1] = y[0] * y[2]
    return np.sum(y * y)


@program(array(5), np.array([3.0, 5.0]))
def fancy_write(x, v):
    x[[4, 1]] = v * v
    return np.sum(x * x)


@program(array(2), np.array([3.0, 5.0]))
def fancy_write_with_repeats(x, v):
    x[[0, 0]] = v * v
    return np.sum(x)


@program(array(4), array(3, shift=1.0))
def fancy_write_with_repeats_later_used(x, v):
    x[np.array([1, 3, 1])] = v * x[:3]
    return np.sum(x * x * x)


@program(array(4), array(3, shift=1.0))
def fancy_add(x, v):
    x[[3, 0, 1]] += v * v
    x[[0, 2]] *= x[1]
    return np.sum(x * x)


@program(array(4), array(3, shift=1.0))
def fancy_add_with_repeats(x, v):
    x[[1, 1, 2]] += v * v
    return np.sum(x * x)


@program(array(4), array(3, shift=1.0))
def fancy_multiply_with_repeats(x, v):
    x[[1, 1, 2]] *= v
    x[[0, 0, 0]] -= x[1:]
    return np.sum(x * x)


@program(array(4), array(3, shift=1.0))
def add_at(x, v):
    np.add.at(x, [1, 1, 2], v * v)
    np.add.at(x, np.array([0, 0]), x[3])
    return np.sum(x * x)


@program(array(4), array(3, shift=1.0))
def subtract_at(x, v):
    np.subtract.at(x, [1, 1, 2], v * v)
    return np.sum(x * x)


@program(array(6))
def mask_read(x):
    return np.sum(x[x > 0.3] ** 2) * x[0]


@program(array(6))
def mask_write(x):
    x[x < 0] = x[0] * x[0]
    x[x > 0.7] *= 0.5
    return np.sum(x * x)


@program(array(6))
def mask_kept(x):
    mask = x > 0.2
    y = x * x
    y[mask] = x[mask] * 3.0
    y[~mask] += 1.0
    return np.sum(y * y)


@program(array(3, 4))
def mask_of_a_matrix(m):
    m[m > 0.5] = m[0, 1]
    m[m[:, 0] > 0] *= 2.0
    return np.sum(m * m)


@program(array(6))
def mask_written_with_an_array(x):
    mask = np.array([True, False, True, True, False, False])
    x[mask] = x[3:] * x[1]
    return np.sum(x * x)


@program(array(4, 4))
def pairs_of_index_arrays(m):
    i, j = [0, 1, 3], [2, 2, 0]
    s = np.sum(m[i, j] ** 2)
    m[i, j] = m[0, :3] * s
    return np.sum(m * m)


@program(array(4, 4))
def pairs_of_index_arrays_with_repeats(m):
    i, j = np.array([0, 1, 0]), np.array([2, 2, 2])
    m[i, j] += m[3, :3] ** 2
    return np.sum(m * m) + np.sum(m[i, j])


@program(array(3, 4))
def rows_by_list(m):
    m[[0, 2]] *= m[1]
    m[:, [1, 1]] = m[:, :2] * m[:, 2:]
    return np.sum(m[[1, 1, 0]] ** 2) + np.sum(m * m)


@program(array(3, 4))
def one_hot_labels(m):
    labels = np.array([2, 0, 3])
    return np.sum(m[np.arange(3), labels] ** 2) + np.sum(np.log(np.sum(np.exp(m), axis=1)))


@program(array(4))
def index_array_overwritten_later(x):
    i = np.array([0, 2])
    y = x[i] * x[i]
    i[:] = [1, 3]
    x[i] = y
    i[0] = 0
    return np.sum(x * x)


@program(array(6))
def fancy_read_is_a_copy(x):
    y = x[[0, 1, 2]]
    y *= y
    x[0] = y[1]
    return np.sum(x * x) + np.sum(y)


@program(array(6))
def fancy_through_a_view(x):
    v = x[::2]
    v[[0, 2]] = v[1] * v[0]
    v[[1, 1]] += x[[3, 5]]
    return np.sum(x * x)


@program(array(6))
def take_and_argsort(x):
    order = np.argsort(x)
    y = np.take(x, order) * np.arange(6.0)
    return np.sum(y * y) + x[np.argmax(x)] * x.argmin()


@program(array(5))
def fancy_write_in_a_loop(x):
    i = np.array([0, 2, 0])
    for k in range(3):
        x[i] += 0.5 * x[k] * x[1:4]
        i = i + (k % 2)
    return np.sum(x * x)


@program(array(5))
def negative_indices(x):
    x[[-1, 0]] = x[[0, -1]]
    x[-2] *= x[-4]
    return x[4] * x[0] ** 2 + x[-2]


@program(array(5))
def nonzero_positions(x):
    for i in np.nonzero(x > 0)[0]:
        x[i] *= x[i - 1]
    return np.sum(x * x)


@program(array(2, 3, 4))
def index_arrays_apart(a):
    return np.sum(a[[0, 1], :, [2, 3]] ** 2) + np.sum(a[0, [0, 2, 2]] * a[1, 1:, 1:2][0])


@program(array(4))
def empty_mask(x):
    x[x > 100.0] = 0.0
    return np.sum(x * x) + np.sum(x[x > 100.0])
