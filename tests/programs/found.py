"""Programs that went wrong once: each broke a simpler mechanism."""

from __future__ import annotations

import math

import numpy as np

from programs.registry import array, program

SCALE = np.float64(2.0)


@program(0.5)
@program(1.5)
@program(2.5)
@program(5.0)
def return_inside_the_last_arm(x):
    if x < 1:
        return x * x
    elif x < 2:
        y = x + 1
    else:
        y = x - 1
        if y > 3:
            return y * y
    return y ** 3


@program(np.asfortranarray(array(2, 2)))
def reshape_that_copies(m):
    v = m.reshape(-1)
    v *= 2
    return np.sum(m ** 2)


@program(np.asfortranarray(array(2, 2)))
def reshape_of_a_transpose_that_is_a_view(m):
    w = m.T.reshape(-1)
    w[0] += 1
    return np.sum(m ** 2)


def descend(x, y, n):
    if n == 0:
        return x[0] * y[0]
    t = descend(x, y, n - 1)
    y[0] *= t
    return t


@program(array(2), array(2, shift=1.0))
def stash_of_what_the_caller_overwrites(x, y):
    return descend(x, y, 2) + np.sum(x ** 2)


def fill_two(p):
    p[[0, 2]] = 0.7
    return 0.7


@program(array(4, 4, shift=2.0))
def selection_is_read_before_the_right_side(m):
    m[3][[0, 2]] /= fill_two(m[-1])
    return np.sum(m)


def double_first(x):
    x[0] = x[0] * 2.0
    return x[1]


@program(array(3))
def item_is_read_before_the_right_side(x):
    x[0] += double_first(x)
    return np.sum(x ** 2)


@program(array(3), refused=True)
def list_that_grows_while_it_is_iterated(x):
    items = [x[0], x[1]]
    for v in items:
        if len(items) < 5:
            items.append(v * x[2])
    return sum(items)


@program(array(3))
def item_with_an_ellipsis_is_a_view(x):
    t = x[..., 0]
    t += 1.0
    t *= x[1]
    return np.sum(x ** 2)


@program(array(3))
def zero_dimensional_buffer(x):
    s = np.zeros(())
    s[...] = s * x[1] + x[0]
    return s * x[2]


@program(array(3))
def narrow_factor(x):
    y = np.zeros(3, dtype=np.float32)
    y[:] = 1.5
    return np.sum(y * x)


@program(array(3))
def iterated_array_is_written_and_rebound(v):
    for z in v:
        v[1:] = np.tanh(np.broadcast_to(z, (2,)))
        v = np.cos(v)
    return np.mean(v)


@program(2.0)
def logarithm_with_a_base(s):
    return math.log(s, 3)


@program(array(3))
def indices_as_a_list(x):
    return np.take(x, [0, 0]).sum() + x.take([1, 1]).prod()


@program(1.1)
def endless_loop_left_by_return(x):
    i = 0
    while True:
        x = x * 1.4
        i += 1
        if x > 3:
            return x * i
        if i > 10:
            return x


@program(1.5)
def numpy_scalar_of_the_module(s):
    return s * SCALE


@program(array(3, 2), True)
@program(array(3, 2), False)
def array_on_one_path(x, train):
    if train:
        mu = np.mean(x, 0)
        var = np.var(x, 0)
    else:
        mu, var = 0.0, 1.0
    scaled = (x - mu) / np.sqrt(var + 0.1)
    return np.sum(scaled ** 3)


@program({"a": array(2), "b": array(3)}, {"a": array(2, shift=1.0), "b": array(3, shift=1.0)}, 0.1)
def dict_comprehension(p, g, lr):
    q = {k: p[k] - lr * g[k] for k in p}
    return sum(np.sum(v * v) for v in q.values())


@program(array(2, 3), 0)
@program(array(2, 3), 1)
def axis_as_an_argument(x, axis):
    return np.sum(np.sum(x, axis=axis) ** 2)


@program(array(4), -0.2, array(4, shift=1.0))
def bound_to_the_same_array_in_every_trip(x, s, y):
    if s < 0.5:
        pass
    for _ in range(2):
        y = x
    x[:1] *= 0.7
    return np.sum(y) * s


@program(array(3, shift=2.0), array(3), array(3, shift=1.0))
@program(-array(3, shift=2.0), array(3), array(3, shift=1.0))
def one_array_in_one_arm_only(x, u, y):
    a = u
    b = y
    if x[1] > 0.3:
        b = a
    else:
        a = x
    b[1] = 0.7
    return np.sum(a)


@program(array(3), array(3, shift=1.0))
def replaced_item_of_an_iterated_list(x, u):
    items = [x, x]
    for z in items:
        items[1] = u
        z[0] += 0.2
    return np.sum(x) + 2 * np.sum(u)


@program(array(3))
def item_appended_to_its_own_list(x):
    items = [x[1]]
    for _ in x:
        items.append(items[-1])
    return sum(items)


def swap_and_write(x, y, n):
    if n == 0:
        return 0.0
    y[0] = x[0] * x[0]
    return swap_and_write(x, y, n - 1)


@program(array(3), refused=True)
def one_array_twice_to_a_recursion_that_writes(x):
    return swap_and_write(x, x, 2) + x[0] ** 2


@program(array(3), array(3, shift=1.0), refused=True)
def alias_at_a_break(x, u):
    a = u
    for _ in range(3):
        if x[0] > 100:
            a[:] = 0.7
        elif u[0] < 0.7:
            break
        a, u = u, x * 1.0
    a[1] = 0.7
    return np.sum(u)


@program(array(3), array(3, shift=1.0), array(3, shift=2.0))
def list_that_nobody_reads_any_more(x, u, y):
    b = u if y[0] > 0 else x
    items = [u, x * 2]
    if y[1] < 0.5:
        for _ in items:
            u, items[1] = u * 1.5, u
            break
    else:
        items[0] = x * 1.5
    if y[0] > 0.0:
        pass
    else:
        return 0.7
    items[0][1] += 0.3
    return np.sum(b)


@program(array(3), array(3))
def moved_into_what_it_reads(x, u):
    """An adjoint is updated that has to be moved into the variable of the other operand."""
    c = 0.7
    for _ in range(2):
        c, x = x, x[:]
    return np.sum(c * c) + np.sum(u * x)


@program(array(3), array(3), 0.3)
@program(array(3), array(3), 0.7)
def updated_arm(x, u, s):
    b = u[::1]
    x = u
    if s < 0.5:
        b, u = 0.7, b
    k = 0
    while k < 3:
        k += 1
        u = x
    return np.sum(u ** 2)


@program(array(3), array(3), 0.3)
@program(array(3), array(3), -0.3)
def written_through_a_choice(x, u, s):
    """Each of the three arrays sees the writes through the others."""
    c = x if s > 0.0 else u
    d = u if s > 0.1 else c[::-1]
    c[1] *= x[0]
    x[2] = d[0] * 0.5
    d[:2] += c[1:]
    for i in range(1, 3):
        c[i] = c[i - 1] * u[i]
    return np.sum(x * np.sin(u)) + np.sum(c * d)


@program(array(3), array(3), 0.3)
@program(array(3), array(3), -0.3)
def fresh_or_not(x, u, s):
    c = x if s > 0.0 else u * 2.0
    c *= x
    e = c
    e[0] = 0.5
    return np.sum(c * x) + np.sum(u)


@program(array(3), array(3), 0.3, -0.4)
@program(array(3), array(3), 0.3, 0.4)
@program(array(3), array(3), -0.3, 0.4)
def choice_of_a_choice(x, u, s, t):
    b = u * 1.5
    if s > 0.0:
        x = b if t > 0.0 else u
    b[:] = b * x
    x[1] += s
    return np.sum(x * u) + np.sum(b * b)


@program(array(3), array(3), array(3), 0.3)
@program(array(3), array(3), array(3), 0.7)
@program(array(3), array(3), array(3), 1.3)
def one_of_three(x, u, v, s):
    if s < 0.5:
        c = x
    elif s < 1.0:
        c = u[::-1]
    else:
        c = v
    c[0] = c[1] * s
    u[1:] *= c[:-1]
    c += x
    return np.sum(x * u) + np.sum(c * v)


@program(array(3), array(3), 0.3)
@program(array(3), array(3), -0.3)
def filled_by_a_helper(x, u, s):
    def fill(p, q):
        for i in range(len(p)):
            p[i] = q[i] * p[i]

    c = x if s > 0.0 else u
    fill(c, x)
    fill(u, c)
    return np.sum(x * u)


@program(array(3, 2))
def softmax_in_a_loop(z):
    """The zeros of what may be a scalar are no array to take a shape from."""
    z = z - np.max(z, axis=1, keepdims=True)
    for _ in range(2):
        p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    return -np.mean(np.log(p[:, 0]))


def checked(x, i):
    if i >= len(x):
        raise ValueError("out of range")
    v = x[i]
    return v ** 2


@program(array(3))
def product_of_what_may_raise(x):
    a = checked(x, 0)
    b = checked(x, 1)
    return a * b


@program(array(4), array(4))
def product_of_what_may_raise_in_a_loop(x, y):
    a = 1.0
    for i in range(len(y)):
        a *= checked(x, i) * checked(y, i)
    return a


@program(array(3), array(3))
def number_or_array_kept(x, u):
    """What may be a number is copied by a function, not by a method."""
    c = 0.7
    for _ in range(2):
        x = np.where(u > 0.0, np.sin(u), u * u)
        c, x = x, x[:]
    return np.sum(c * c) + np.sum(u * x)


@program(array(3))
def recursion_over_slices_of_a_list(x):
    def products(items):
        if len(items) == 0:
            return 1.0
        t = 0.0
        for i in range(len(items)):
            t += items[i] * products(items[:i] + items[i + 1:]) / (i + 1)
        return t

    return products(list(x))


@program(array(3))
def halves_inside_a_cosine(v):
    """The stash of a recursion is copied where its tangent is kept as well."""
    def halves(q):
        if len(q) < 2:
            return np.sum(q)
        return halves(q[:len(q) // 2]) * 0.5 - halves(q[len(q) // 2:])

    v[2] += np.sin(np.sum(v))
    return (1.3 + np.cos(halves(v))) ** 1.5 + 0.5 * np.sum(v ** 2)
