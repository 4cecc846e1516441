"""Functions that give views, and writes through what they give; writes by index and mask through views."""

import numpy as np

from programs.registry import array, program

A34 = array(3, 4)


@program(array(6))
def parts_written(x):
    first, second, third = np.split(x, 3)
    second[0] = first[1] * third[0]
    x[0] *= second[0]
    third += first
    return np.sum(x * x)


@program(A34)
def columns_split_and_written(m):
    left, right = np.hsplit(m, 2)
    right[1] *= left[2]
    m[1, 3] += left[0, 0] ** 2
    return np.sum(left * right)


@program(array(7))
def uneven_parts(x):
    parts = np.array_split(x, 3)
    parts[0][:2] = parts[2] * parts[1]
    x[3] = parts[0][0]
    return np.sum(x ** 2) + np.sum(parts[1])


@program(array(5, 3))
def split_at_indices(m):
    top, rest = np.split(m, [2])
    rest[0] = top[0] * top[1]
    m[0] = rest[1] + rest[0]
    return np.sum(m * m)


@program(array(2, 2, 4))
def depth_split(x):
    a, b = np.dsplit(x, 2)
    a[0] = b[1] * a[1]
    x[0, 0, 3] = a[0, 1, 0]
    return np.sum(x * b.sum())


@program(array(8))
def split_in_a_loop(x):
    total = 0.0
    for k in range(3):
        a, b = np.split(x, 2)
        a *= 0.5 * b
        x[k] += a[1] * b[k]
        total += np.sum(x)
    return total


@program(A34)
def turned_and_written(m):
    r = np.rot90(m)
    r[0] = r[1] * r[2]
    m[2] *= r[3, 0]
    return np.sum(m * m)


@program(A34)
def turned_back(m):
    r = np.rot90(m, -1)
    r[1, 1:] = m[0, :2] * r[0, :2]
    np.rot90(m, 2)[0] *= 0.5
    return np.sum(r * r)


@program(array(2, 3, 4))
def axis_rolled(x):
    y = np.rollaxis(x, 2)
    y[1] = y[0] * y[2]
    x[0, 0] += y[3, 1, 1]
    return np.sum(x ** 2)


@program(array(2, 3, 3))
def matrix_transposes(x):
    t = x.mT
    t[0, 1] = t[0, 0] * t[1, 1]
    np.matrix_transpose(x)[1, 0] *= 0.3
    return np.sum(x * t)


@program(array(3, 3))
def diagonal_read_after_write(m):
    d = np.diag(m)
    e = np.linalg.diagonal(m, offset=1)
    m[0, 0] *= m[1, 2]
    m[0, 1] = 2.0 * m[2, 2]
    return np.sum(d * d) + np.sum(e ** 2)


@program(array(3, 3), refused=True)
def diagonal_written(m):
    d = np.diag(m)
    d[0] = 1.0
    return np.sum(m)


@program(array(3), array(3, shift=1.0))
def broadcast_seen_again(x, y):
    a, b = np.broadcast_arrays(x, y[:, None])
    z = a * b
    return np.sum(z * a)


@program(array(3), refused=True)
def broadcast_written(x):
    a, _ = np.broadcast_arrays(x, np.ones((2, 3)))
    a[0, 0] = 1.0
    return np.sum(a)


@program(array(2, 6))
def fortran_reshape_written(m):
    f = np.asfortranarray(m * 1.0)
    v = f.reshape((3, 4), order="F")
    v[1] = v[0] * v[2]
    return np.sum(v * v)


@program(array(2, 6))
def fortran_copy(m):
    v = m.ravel(order="F")
    v[3] = v[1] * m[0, 2]
    m[0, 1] *= v[3]
    return np.sum(v * v) + np.sum(m)


@program(array(3, 4))
def thick(m):
    t = np.atleast_3d(m)
    t[1, :, 0] = t[0, :, 0] * m[2]
    m[0] += t[1, :, 0]
    return np.sum(t * t)


@program(A34)
def unstacked_rows(m):
    a, b, c = np.unstack(m)
    b[:2] = a[2:] * c[:2]
    m[0, 0] = b[0] * b[1]
    return np.sum(a * c) + np.sum(m)


@program(array(8), array(3, shift=2.0))
def put_into_a_view(x, v):
    even = x[::2]
    np.put(even, [0, 2], v[:2] * v[1:])
    x[1] *= even[2]
    x.put(3, v[0] ** 2)
    return np.sum(x * x)


@program(A34, array(2, shift=2.0))
def put_into_a_transpose(m, v):
    t = m.T
    np.put(t, [1, 5], v)
    m[2, :3] *= t[1]
    return np.sum(m * m)


@program(A34, array(3, 1, shift=2.0))
def put_along_an_axis(m, v):
    k = np.argmax(m, axis=1, keepdims=True)
    np.put_along_axis(m, k, v * v, axis=1)
    m[0] *= v[0]
    return np.sum(m ** 2)


@program(array(8), array(3, shift=2.0))
def place_through_a_view(x, v):
    half = x[2:7]
    np.place(half, half > 0.0, v)
    x[0] = half[1] * half[2]
    return np.sum(x * x)


@program(array(8), array(4, shift=2.0))
def mask_put(x, v):
    half = x[::2]
    np.putmask(half, np.array([True, False, True, False]), v ** 2)
    return np.sum(x * half.sum())


@program(array(6))
def sorted_in_place(x):
    tail = x[1:5]
    tail.sort()
    x[0] *= tail[3]
    x[2:].partition(2)
    return np.sum(x * np.arange(6.0))


@program(array(6), array(2, shift=1.0))
def removed_and_inserted(x, v):
    y = np.delete(x, 2)
    x[0] *= y[1]
    z = np.insert(y, [1, 3], v)
    v[0] = z[2] * x[0]
    z[1] *= 2.0
    return np.sum(z * z) + np.sum(v)


@program(array(6))
def a_part_taken_is_no_view(x):
    y = np.take(x, [0, 2, 0])
    x[0] = y[0] * y[1]
    y[2] = x[0]
    return np.sum(x * x) + np.sum(y * y)


@program(A34)
def blocks(m):
    b = np.block([[m, 2.0 * m], [m[:1], m[1:2]]])
    m[0] = b[3, :4] * b[1, 4:]
    b[0] *= 0.5
    return np.sum(b * b) + np.sum(m ** 2)


@program(array(5))
def grid_is_a_copy(x):
    a, b = np.meshgrid(x, x[:3], indexing="ij")
    x[0] = a[1, 1] * b[2, 2]
    a[0] *= x[0]
    return np.sum(a * b) + np.sum(x)


@program(array(5))
def padded_is_a_copy(x):
    y = np.pad(x, 1, mode="wrap")
    x[0] = y[0] * y[2]
    y[1:-1] += x
    return np.sum(y * y)


@program(array(3, 3))
def named_results(m):
    s = m @ m.T + 3.0 * np.eye(3)
    w = np.linalg.eigh(s)
    values = w.eigenvalues
    values[0] *= 2.0
    return np.sum(values * np.sum(w.eigenvectors[:, 0] ** 2 * np.arange(3.0))) + np.linalg.slogdet(s).logabsdet


@program(array(4, 3))
def rows_selected_and_written(m):
    rows = m[np.ix_([0, 2], [1, 2])]
    m[np.ix_([1, 3], [0, 2])] = rows * rows
    m[np.triu_indices(3, 1)] *= 0.5
    return np.sum(m ** 2)


@program(array(6))
def pieces(x):
    y = np.piecewise(x, [x < 0.0, x > 0.5], [lambda t: t * t, np.sin, 2.0])
    x[0] = y[0] * y[3]
    return np.sum(y * y) + np.sum(x ** 2)


@program(array(3, 2), array(4))
def items_by_one_number(m, x):
    return m.item(3) * m.T.item(1) * m.item(-1) * x.item(2) + m.item(1, 0) * m.item((2, 1)) * x[:1].item()


@program(array(4))
def selected_among_lists(x):
    return np.sum(np.select([x > 0.5, x > 0.0], [x ** 2, [1.0, 2.0, 3.0, x[0]]], default=0) * x)
