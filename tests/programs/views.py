"""Views, aliases, and writes through them."""

import numpy as np

from programs.registry import array, program

A34 = array(3, 4)


@program(array(4))
def alias_written(x):
    y = x
    y[0] = y[1] * y[2]
    x[3] *= y[0]
    return np.sum(x * y)


@program(array(4))
def alias_read_after_write(x):
    y = x
    z = y * 2.0
    x[1:] = z[:-1] * x[1:]
    return np.sum(y * z)


@program(array(4))
def copy_is_no_alias(x):
    y = x.copy()
    y[0] = y[1] * y[2]
    return np.sum(x * y)


@program(array(6))
def slice_written(x):
    v = x[1:5]
    v[1:] = v[:-1] * v[1:]
    v *= x[0]
    return np.sum(x * x)


@program(array(8))
def view_of_a_view(x):
    v = x[::2]
    w = v[1:]
    w[0] = w[1] * x[1]
    w[::-1][0] += v[0] * v[0]
    return np.sum(x * x * x)


@program(array(6))
def negative_steps(x):
    v = x[::-1]
    v[:2] = v[2:4] * v[4:]
    x[-1::-2] *= 0.5 * x[::2]
    return np.sum(x * x)


@program(A34)
def transposed_write(m):
    t = m.T
    t[0] = t[1] * t[2]
    m.T[2, 1] += m[0, 0] ** 2
    m.transpose()[1] *= 0.3
    return np.sum(m * m)


@program(A34)
def rows_and_columns(m):
    row, column = m[1], m[:, 2]
    row[0] = column[0] * column[2]
    column += row[:3] * row[1]
    return np.sum(m * m)


@program(A34)
def reshaped_write(m):
    v = m.reshape(-1)
    v[1:4] = v[5:8] * v[0]
    m.reshape(2, 6)[1, 0] = m[0, 0] * m[2, 3]
    np.reshape(m, (4, 3))[3] *= m[0, :3]
    return np.sum(m * m)


@program(A34)
def raveled_write(m):
    v = m.ravel()
    v[::5] *= v[1]
    np.ravel(m)[2] = m[1, 1] ** 2
    return np.sum(m * m)


@program(A34)
def flatten_is_a_copy(m):
    v = m.flatten()
    v[0] = v[1] * v[2]
    return np.sum(m.reshape(-1) * v)


@program(A34)
def reshape_of_a_transpose_is_a_copy(m):
    b = m.T.reshape(12)
    b[0] = b[1] * b[2]
    return np.sum(m * m) + np.sum(b * b * b)


@program(np.asfortranarray(A34))
def reshape_of_a_fortran_array(m):
    b = m.reshape(12)
    b[0] = b[1] * b[2]
    return np.sum(m * m) + np.sum(b * b * b)


@program(np.asfortranarray(A34))
def ravel_of_a_fortran_transpose(m):
    b = m.T.ravel()
    b[0] = b[1] * b[2]
    return np.sum(m * m) + np.sum(b * b * b)


@program(array(8)[::2])
def argument_that_is_a_strided_view(x):
    b = x.reshape(2, 2)
    b[0, 0] = b[1, 1] * b[0, 1]
    x[3] *= x[0]
    return np.sum(x * x) + np.sum(b)


@program(A34.T)
def argument_that_is_a_transpose(m):
    r = m.ravel()
    r[0] = r[1] * 2.0
    return np.sum(m * m) + np.sum(r * r)


@program(array(4, 4))
def swapped_axes_written(m):
    t = m.swapaxes(0, 1)
    t[0, 1:] = t[1, 1:] * t[2, 0]
    return np.sum(m * m)


@program(array(2, 3, 2))
def axes_moved(a):
    b = np.moveaxis(a, 0, -1)
    b[0, 1] *= b[1, 0]
    c = np.transpose(a, (2, 0, 1))
    c[1, 0, 2] = c[0, 0, 0] ** 2
    return np.sum(a * a)


@program(array(4, 4))
def diagonal_read(m):
    d = m.diagonal()
    e = np.diagonal(m, 1)
    return np.sum(d * d) + np.sum(e) * m.trace() + np.sum(np.diag(m) ** 3)


@program(array(4, 4))
def diagonal_read_after_write(m):
    d = m.diagonal()
    m[1, 1] = m[0, 1] * m[2, 2]
    return np.sum(d * d * d)


@program(array(4, 4))
def diagonal_written_by_stride(m):
    d = m.reshape(-1)[::5]
    d *= m[0]
    m.ravel()[::5] += 1.0
    return np.sum(m * m)


@program(array(3, 1))
def squeezed_write(m):
    v = np.squeeze(m)
    v[0] = v[1] * v[2]
    m.squeeze(axis=1)[1] *= 2.0
    return np.sum(m * m)


@program(array(3))
def expanded_write(x):
    m = np.expand_dims(x, 0)
    m[0, 1] = m[0, 0] * m[0, 2]
    x[:, None][2, 0] *= x[0]
    x[None, :, None][0, 0] += x[1] ** 2
    return np.sum(x * x)


# What np.broadcast_to returns is known by value only: a write to its source while it is live is refused, never misread.
@program(array(3), refused=True)
def broadcast_read(x):
    b = np.broadcast_to(x, (4, 3))
    x[0] = x[1] * x[2]
    return np.sum(b * b * x) + b[2, 1]


@program(A34)
def ellipsis(m):
    m[..., 0] = m[..., 1] * m[..., -1]
    m[...] *= 0.7
    v = m[1, ...]
    v[...] += v * v
    return np.sum(m * m)


@program(A34)
def whole_array_assigned(m):
    n = m
    m[:] = m * m
    m[:, :] += n[0]
    return np.sum(n)


@program(array(5))
def view_made_before_a_loop(x):
    v = x[1:]
    for i in range(4):
        x[i] *= x[i + 1]
        v[i] += x[0]
    return np.sum(v * v)


@program(array(6))
def view_rebound_in_a_loop(x):
    v = x
    for _ in range(3):
        v = v[1:]
        v[0] *= x[0]
    return np.sum(x * x)


@program(array(6))
def view_moves_in_a_loop(x):
    for i in range(3):
        v = x[i:i + 3]
        v[0] = v[1] * v[2]
    return np.sum(x * x) + np.sum(v)


@program(array(3, 3))
def overlapping_copy(m):
    m[:-1] = m[1:]
    m[:, 1:] = m[:, :-1]
    return np.sum(m * m)


@program(array(6))
def overlapping_update(x):
    x[1:] += x[:-1]
    x[:-1] *= x[1:]
    x[::-1] -= x
    return np.sum(x * x * x)


@program(array(3, 3), refused=True)
def right_side_is_a_view_of_the_target(m):
    w = m.reshape(3, 3)
    w[:, 2] = w[1]
    w[0] = w[:, 0]
    w[:] = w.T
    return np.sum(w * w) + m[0, 1]


@program(array(4))
def elements_swapped(x):
    x[0], x[1] = x[1], x[0]
    x[2], x[3] = x[3] * x[0], x[2]
    return x[0] ** 2 + x[1] + x[2] ** 3 + x[3]


@program(array(3, 2))
def rows_swapped_wrongly(m):
    m[0], m[1] = m[1], m[0]
    return np.sum(m[0] * m[0]) + np.sum(m[1]) + np.sum(m[2])


@program(array(3, 2))
def rows_swapped_rightly(m):
    m[0], m[1] = m[1].copy(), m[0].copy()
    m[[1, 2]] = m[[2, 1]]
    return np.sum(m[0] * m[0]) + np.sum(m[1]) * m[2, 0]


@program(array(4), array(4, shift=1.0))
def names_swapped(x, y):
    x, y = y, x
    x[0] = y[1] * y[1]
    y[2:] *= x[:2]
    return np.sum(x * x) + np.sum(y)


@program(array(4))
def name_rebound_to_a_view_of_itself(x):
    y = x
    x = x[1:]
    x[0] *= x[1]
    x = x[::-1]
    x[0] = y[0] * y[1]
    return np.sum(y * y)


@program(array(4))
def alias_cut_by_rebinding(x):
    y = x
    x = x + 1.0
    x[0] = y[0] * y[1]
    y += x
    return np.sum(y * y)


@program(array(4))
def augmented_assignment_keeps_the_alias(x):
    y = x
    x += 1.0
    x *= x
    return np.sum(y)


@program(array(4))
def item_is_no_view(x):
    t = x[0]
    t *= 2.0
    x[0] = 5.0
    return t * t + np.sum(x)


@program(array(4))
def read_before_and_after(x):
    before = x[1:3] * 1.0
    view = x[1:3]
    x[1] = x[0] * x[3]
    return np.sum(before * view)


@program(array(2, 3, 4))
def three_axes(a):
    a[1, :, 2] = a[0, :, 1] * a[1, 0, 0]
    a[:, 1:][0, 1, ::2] += a[1, 2, 1::2] ** 2
    a[0].T[3] *= 0.5
    return np.sum(a * a)


@program(array(4), 2)
def slice_object(x, k):
    s = slice(1, k + 1)
    x[s] *= x[0]
    return np.sum(x[s] ** 2) + x[slice(None, None, -1)][0]


@program(np.array(0.7))
def zero_dimensional(a):
    b = a * a
    a[()] = b + a
    a += b
    return np.sum(a * b)


@program(array(4))
def stop_of_the_name(x):
    y = x[:0]
    z = x[2:100]
    return np.sum(y) + np.sum(z * z) + np.sum(x[-100:2])
