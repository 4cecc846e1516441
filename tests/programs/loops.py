"""Loops of every kind, and every way out of them."""

import numpy as np

from programs.registry import array, program


@program(0.8)
def sum_of_powers(x):
    s = 0.0
    for i in range(5):
        s += x**i * 0.5
    return s * s


@program(array(5))
def recurrence(x):
    for i in range(1, len(x)):
        x[i] = np.sin(x[i - 1]) * x[i]
    return np.sum(x * x)


@program(array(5))
def backwards(x):
    for i in range(len(x) - 2, -1, -1):
        x[i] += x[i + 1] * x[i]
    for i in reversed(range(1, 4)):
        x[i] *= x[i - 1]
    return np.sum(x)


@program(array(7))
def range_with_step(x):
    s = 1.0
    for i in range(1, 7, 2):
        s = s * x[i] + x[i - 1]
    return s


@program(array(6), 0.1)
def wave(u, c):
    for _ in range(3):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


@program(array(4, 4))
def stencil_in_two_directions(a):
    for _ in range(2):
        a[1:-1, 1:-1] = 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] * a[1:-1, 2:])
    return np.sum(a * a)


@program(array(4, 4))
def seidel(a):
    for i in range(1, 3):
        for j in range(1, 3):
            a[i, j] = 0.3 * (a[i - 1, j] + a[i + 1, j] * a[i, j - 1] + a[i, j])
    return np.sum(a * a)


@program(array(5))
def over_an_array(x):
    s = 1.0
    for v in x:
        s = s * np.cos(v) + v
    return s


@program(array(3, 4))
def over_rows(m):
    s = np.zeros(4)
    for row in m:
        s = np.tanh(s * row + row)
    return np.sum(s * s)


@program(array(3, 4))
def over_rows_written(m):
    for row in m:
        row[1:] *= row[0]
    return np.sum(m * m)


@program(array(3, 4))
def over_columns(m):
    for column in m.T:
        column += column[0] * column[1]
    return np.sum(m * m)


@program(array(4))
def over_an_array_that_changes(x):
    s = 0.0
    for v in x:
        x += 0.1 * v
        s += v * v
    return s + np.sum(x)


@program(0.5, 0.8)
def over_a_tuple(a, b):
    s = 1.0
    for t in (a, b, a * b, 2.0):
        s = s * t + a
    return s


@program(array(4))
def enumerated(x):
    s = 0.0
    for i, v in enumerate(x):
        s += v**2 * i
        x[i] = s
    return np.sum(x * x)


@program(array(4))
def enumerated_from(x):
    s = 0.0
    for i, v in enumerate(x[1:], start=1):
        s = s * v + x[i - 1] * i
    return s


@program(array(4), array(3, shift=1.0))
def zipped(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s = s * a + b
    return s


@program(array(4), array(3, 4))
def enumerated_zip(x, m):
    s = 0.0
    for i, (a, row) in enumerate(zip(x, m)):
        row[i] = a * a
        s += np.sum(row) * i
    return s + np.sum(m * m)


@program(array(4))
def reversed_array(x):
    s = 1.0
    for v in reversed(x):
        s = s * v + v * v
    for v in x[::-1]:
        s = np.sin(s + v)
    return s


@program(0.9)
def while_on_data(x):
    y = x
    n = 0
    while y < 20.0:
        y = y * 1.7 + x
        n += 1
    return y + n


@program(0.9)
def while_with_break(x):
    y, k = x, 0
    while True:
        k += 1
        if k > 4:
            break
        y = y * x + 0.1
        if y > 50.0:
            break
        y = np.sin(y)
    return y * y


@program(array(6))
def continue_in_for(x):
    s = 1.0
    for v in x:
        if v < 0:
            continue
        s = s * v + 1.0
    return s


@program(array(6))
def break_after_write(x):
    for i in range(len(x)):
        x[i] = x[i] * x[i - 1]
        if i == 3:
            break
        x[0] += x[i]
    return np.sum(x * x)


@program(array(4, 5), 1.3)
def nested_break(a, limit):
    t = 1.0
    for i in range(a.shape[0]):
        s = 1.0
        for j in range(a.shape[1]):
            s = s * a[i, j] + a[i, j] ** 2
            if s > limit:
                break
            s = s * 1.1
        t = t * s + 0.1
    return t


@program(array(6))
def return_from_a_loop(x):
    s = 0.0
    for i in range(6):
        s = s + x[i] ** 2
        if s > 1.0:
            return s * x[i]
        x[i] = s
    return np.sum(x)


@program(array(3, 3))
def return_from_nested_loops(a):
    for i in range(3):
        for j in range(3):
            a[i, j] = a[i, j] * a[j, i]
            if i * j == 2:
                return np.sum(a * a)
    return a[0, 0]


@program(array(4))
def for_else(x):
    s = 1.0
    for v in x:
        s = s * v
        if s > 100.0:
            break
    else:
        s = s * 3.0 + x[0]
    return s


@program(array(4))
def for_else_with_break(x):
    s = 1.0
    for v in x:
        s = s + v
        if s > 1.5:
            break
    else:
        s = 0.0
    return s * s


@program(0.5)
def while_else(x):
    k = 0
    while k < 3:
        k += 1
        x = x * x + 0.1
    else:
        x = x * 7.0
    return x


@program(0.5, 0)
@program(0.5, 1)
def no_or_one_trip(x, n):
    y = x
    for i in range(n):
        y = y * x + i
        last = y
    return y if n == 0 else y * last


@program(array(4))
def triangular_loops(x):
    a = np.outer(x, x) + np.eye(4)
    for i in range(4):
        for j in range(i):
            x[i] -= a[i, j] * x[j] * 0.3
    return np.sum(x * x)


@program(array(3, 3) + 2.0 * np.eye(3))
def elimination(a):
    for k in range(3):
        for i in range(k + 1, 3):
            a[i, k] = a[i, k] / a[k, k]
            a[i, k + 1:] -= a[i, k] * a[k, k + 1:]
    return np.sum(a * a)


@program(array(5))
def loop_variable_used_after(x):
    for i in range(3):
        x[i] *= x[i + 1]
    return x[i] * x[i] + i


@program(array(5))
def loop_variable_overwritten(x):
    s = 0.0
    for i in range(3):
        i = i + 1
        s += x[i] * x[i]
    return s


@program(array(4))
def two_loops_share_a_temporary(x):
    for i in range(2):
        v = x[i:i + 2]
        v[0] = v[1] * v[0]
    for i in range(3):
        v = x[i:i + 2]
        v[1] += v[0] * v[0]
    return np.sum(x * x)


@program(array(4), array(3, 4))
def scalar_becomes_array(v, a):
    s = 0.0
    for i in range(3):
        s += a[i] * v[i]
    return np.sum(s * s)


@program(array(6))
def double_buffer(a):
    b = np.zeros(6)
    for _ in range(3):
        b[1:-1] = a[2:] * a[:-2] + 0.3
        a, b = b, a
    return np.sum(a * a) + np.sum(b)


@program(array(4), array(4, shift=1.0))
def buffers_swapped_in_a_while(b, y):
    k = 0
    while k < 3:
        k += 1
        b, y = y, b
        b *= np.sin(y)
    return np.sum(b * b) + np.sum(y)


@program(array(5))
def index_from_data(x):
    s = 0.0
    for _ in range(3):
        i = int(np.argmax(x))
        s += x[i] ** 2
        x[i] = 0.1 * s
    return s + np.sum(x)


@program(array(4))
def trip_count_from_an_array_overwritten(x):
    n = np.array([3, 1])
    s = 1.0
    for _ in range(n[0]):
        s = s * x[1] + x[0]
        n[0] = 1
    return s


@program(array(5))
def growing_slices(x):
    s = 0.0
    for k in range(1, 5):
        s += np.sum(x[:k]) * x[k]
        x[k:] *= 0.9
    return s


@program(0.7)
def three_deep(x):
    s = 0.0
    for i in range(2):
        for j in range(3):
            t = x
            for k in range(j):
                t = t * x + i
            s = s * 0.5 + t
    return s


@program(array(5))
def iterate_and_rebind(v):
    s = 0.0
    for x in v[1:]:
        for _ in range(v.shape[0]):
            v = v[::1] * np.cos(0.3 * v)
        if s < 0.3:
            s = x
        else:
            s = np.dot(v, v)
    return s


@program(array(3))
def bound_in_the_loop_and_used_after(u):
    U = u * 2
    for _ in range(4):
        V = U.copy()
        U[1] = V[0] * V[2]
        if U[1] > 100:
            break
    return U.sum() + np.sum((U - V) ** 2)


@program(array(4))
def shrinking_while(x):
    y = x
    while len(y) > 1:
        y = y[1:] * y[0]
    return y[0]


@program(array(4))
def shrinking_from_either_end(x):
    y = x
    n = 0
    while len(y) > 1:
        if n % 2 == 0:
            y = y[1:] * y[0]
        else:
            y = y[:-1] * y[-1] + 1
        n += 1
    return y[0] ** 2


@program(array(3))
def growing_array(x):
    y = x
    for _ in range(2):
        y = np.concatenate((y, y[:1] * y[1:2]))
    return np.sum(y ** 3)


@program(0.3, np.array([0.9, 0.4, -0.1, 0.1, 0.2]))
def number_that_ends_a_loop(a, x):
    s = 0.0
    for i in range(len(x)):
        t = np.floor(x[i] * 3)
        if t:
            s = s + np.sin(t * a) * a + t * t * a * s
        else:
            break
    return s


@program(0.6)
def remainder_that_ends_a_loop(x):
    for i in range(3):
        n = 0
        while n < 4:
            n += 1
            if i % 2:
                break
            x = np.sin(x) + n * x
    return x


@program(np.array([0.0, 0.5, 0.0, 1.0]))
def powers_of_zero(x):
    s = x[0]
    for i in range(3):
        s = s ** i + x[1] * s + np.sum(x[2:] ** i)
    return s


@program(0.0)
def powers_of_zero_downwards(x):
    n, s = 4, 0.0
    while n:
        n -= 1
        s += x ** n * (n + 1.0)
    return s
