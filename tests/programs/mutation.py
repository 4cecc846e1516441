"""In-place NumPy: augmented forms, ``out=``, ufunc methods, filling, values needed after they are overwritten."""

import numpy as np

from programs.registry import array, program


@program(array(4))
def item_assignment(x):
    x[0] = x[1] * x[2]
    x[-1] = np.sin(x[0])
    return np.sum(x * x)


@program(array(3))
def three_assignments(x):
    c = np.zeros(3)
    c[0] = x[0] * x[1]
    c[1] = x[1]
    c[2] = x[2] ** 2
    return np.sum(c)


@program(array(4), 1.3)
def augmented_forms(x, a):
    x += a
    x *= x
    x -= a * x[0]
    x /= 1.5 + a * a
    x **= 2
    return np.sum(x)


@program(array(4), 1.3)
def augmented_items(x, a):
    x[0] += a * x[1]
    x[1] *= x[0]
    x[2] -= a
    x[3] /= 2.0 + x[2] ** 2
    x[1:3] **= 2
    return np.sum(x * x)


@program(array(3, 3))
def matrix_power_in_place(m):
    m @= m
    return np.sum(m * m)


@program(array(3, 4), array(4, shift=1.0))
def broadcast_writes(m, v):
    m[1:] = v
    m[0] *= v[0]
    m[:, 1:3] += v[:2] * m[2, 2]
    m += v
    return np.sum(m * m)


@program(array(6))
def non_linear_then_overwritten(x):
    y = np.sin(x)
    z = y * y
    y[:] = x * z
    y *= np.exp(y)
    y[2:4] = 0.0
    return np.sum(y * z)


@program(array(6))
def scaled_twice(x):
    x *= 0.9
    x *= np.sin(x)
    return np.sum(np.sin(x))


@program(array(4))
def item_read_then_overwritten(x):
    t = x[2]
    x[2] = x[0] * x[1]
    u = np.sin(t)
    x[2] = x[2] * t * u
    return np.sum(x) + u


@program(array(4))
def self_multiplied_in_a_loop(x):
    for _ in range(2):
        x *= x
        x += 0.1
    return np.sum(x)


@program(array(4))
def out_argument(x):
    y = np.empty(4)
    np.sin(x, out=y)
    np.multiply(y, x, out=y)
    np.add(x, y, out=x)
    return np.sum(x * y)


@program(array(6))
def out_into_a_view(x):
    np.multiply(x[:3], x[3:], out=x[1:4])
    np.exp(x[::2], out=x[::2])
    return np.sum(x * x)


@program(array(3, 3), array(3))
def out_of_matmul(m, v):
    y = np.zeros(3)
    np.matmul(m, v, out=y)
    np.dot(m, y, out=v)
    return np.sum(v * y)


@program(array(4))
def result_of_out_is_the_target(x):
    y = np.zeros(4)
    z = np.cos(x, out=y)
    z[0] = z[1] * z[2]
    return np.sum(y * y)


@program(array(4), array(2, shift=1.0))
def copyto(x, y):
    np.copyto(x[1:3], y * y)
    np.copyto(x[3:], x[:1])
    return np.sum(x * x)


@program(array(4), 0.7)
def fill(x, a):
    x[1:3].fill(a * x[0])
    y = np.empty(3)
    y.fill(a)
    return np.sum(x * x) * np.sum(y)


@program(array(5))
def sort_in_place(x):
    y = x * x
    y.sort()
    x.sort()
    return np.sum(y * np.arange(5.0)) + x[0] * x[-1]


@program(array(5))
def empty_filled_piecewise(x):
    y = np.empty((2, 5))
    y[0, 0] = x[0]
    for i in range(1, 5):
        y[0, i] = y[0, i - 1] * x[i]
    y[1, ::2] = x[::2] ** 2
    y[1, 1::2] = y[0, 1::2]
    return np.sum(y * y)


@program(array(5))
def zeros_like_filled(x):
    y = np.zeros_like(x)
    y[1:] = x[1:] - x[:-1]
    z = np.empty_like(y)
    z[:] = y * y
    return np.sum(z * x)


@program(array(4))
def written_array_is_inactive(x):
    n = np.zeros(4)
    n[0] = 2.0
    n[1:] += n[0]
    x *= n
    n[:] = 7.0
    return np.sum(x * x)


@program(array(4), array(4, shift=1.0))
def argument_overwritten_entirely(x, y):
    y[:] = x * x
    x[:] = 1.0
    return np.sum(x * y)


@program(array(4))
def zeroed_slice(x):
    y = x * x
    x[1:3] = 0
    return np.sum(y * np.sqrt(np.abs(x) + 1.0))


@program(array(4, 4), array(4, 4, shift=1.0))
def two_arrays_written_in_turn(a, b):
    for i in range(1, 3):
        a[i] += b[i - 1] * a[i - 1]
        b[:, i] = a[:, i] * b[0, i]
    return np.sum(a * b)


@program(array(4))
def result_is_a_view_of_an_argument(x):
    x[0] = x[1] * x[2]
    return x[1:]


@program(array(6))
def written_after_it_was_summed(x):
    s = np.sum(x * x)
    x[:] = s * x
    t = np.sum(x * x)
    x[0] = t
    return t * s + x[0]


@program(array(5))
def cumulative_by_hand(x):
    for i in range(1, 5):
        x[i] += x[i - 1]
    for i in range(4):
        x[i] = x[i] * x[i + 1]
    return np.sum(x * x)


@program(array(5))
def state_in_one_element(x):
    acc = np.zeros(1)
    for v in x:
        acc[0] = np.tanh(acc[0] + v)
    return acc[0] ** 2


@program(array(3))
def integer_array_stays_integer(x):
    n = np.zeros(3, dtype=int)
    n[1] = 2
    n += 1
    return np.sum(x * x * n)


@program(array(4))
def float_written_from_integer(x):
    x[1] = 3
    x[2:] = [1, 2]
    return np.sum(x * x)


@program(np.float32([0.5, -0.25, 1.5]), order=1)
def single_precision_is_kept(x):
    y = x * 2.0
    y[0] = y[1] * y[2]
    return y


@program(array(4))
def value_before_the_rewind(x):
    x[1:] = x[1:] * x[:-1]
    for i in range(3):
        x[0] += 0.5
    return x.sum()


@program(array(4), array(4, 3))
def written_by_mask_and_later_by_row(x, A):
    x[x > 0.2] -= (A[1] @ A.T)[x > 0.2]
    for i in range(1, 4):
        A[i][2:] -= 2.0
    return x.sum() + A.sum()


@program(array(4, 3))
@program(array(6, 4))
def half_as_often_twice(A):
    A[-2:, ::-1] = np.repeat(A[1:3, ::2], 2, axis=1)[:, :A.shape[1]] ** 2
    return np.sum(np.sin(A))
