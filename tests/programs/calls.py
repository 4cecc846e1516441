"""Calls of the user's own functions: helpers, closures, lambdas, recursion."""

import functools

import numpy as np

from programs.registry import array, program


def square(x):
    return x * x


def scaled(x, a=2.0, *, shift=0.5):
    return a * x + shift * x * x


def total(*args, **options):
    s = 0.0
    for a in args:
        s = s * 0.5 + a
    return s * options["scale"]


def fill_powers(out, x, n=3):
    out[0] = x
    for k in range(1, n):
        out[k] = out[k - 1] * x


def smooth(q):
    q[1:-1] = 0.5 * (q[:-2] + q[2:] * q[1:-1])


def returned(q, a=1.0):
    q[0] = a * q[1]
    return q


def clipped(x, limit):
    if x > limit:
        return limit
    return x * x


@program(0.7)
def helper(x):
    return square(x) + square(square(x))


@program(0.7, 1.3)
def defaults_and_keywords(x, a):
    return scaled(x) * scaled(x, a) + scaled(a=x, x=a) + scaled(x, shift=a)


@program(0.7, 1.3)
def star_arguments(x, a):
    pair = (x, a)
    options = {"scale": x}
    return total(x, a, x * a, scale=2.0) + total(*pair, scale=a) + total(a, **options)


@program(array(4), 0.6)
def helper_fills_an_array(x, a):
    y = np.empty(3)
    fill_powers(y, a)
    fill_powers(x[1:], a * y[1], n=2)
    return np.sum(y * y) + np.sum(x * x)


@program(array(5))
def helper_writes_its_argument(x):
    for _ in range(3):
        smooth(x)
    smooth(x[::-1])
    return np.sum(x * x)


@program(array(3, 4))
def helper_writes_through_views(m):
    for row in m:
        smooth(row)
    smooth(m.T[0])
    smooth(m.reshape(-1))
    return np.sum(m * m)


@program(array(4))
def helper_returns_its_parameter(x):
    y = returned(x)
    y *= 2.0
    returned(y[2:], a=y[0])
    return np.sum(x * y)


@program(array(4), 0.8)
def argument_written_while_it_is_read(x, a):
    def touch(q):
        q[0] = q[0] * a
        return q[2]

    y = x[0:2] * touch(x)
    return np.sum(y * y) + np.sum(x)


@program(array(5))
def helper_with_branches_in_a_loop(x):
    s = 0.0
    for v in x:
        s += clipped(v + s, 0.6)
    return s * s


@program(array(6))
def helper_reads_by_index_in_a_loop(x):
    def product(a, i):
        return a[i] * a[i - 1]

    s = 0.0
    for i in range(len(x)):
        s += product(x, i) * s + product(x, i - 1)
    return s


@program(array(4), 0.6)
def closure(x, a):
    scale = a * a

    def inner(t):
        return t * scale + x[0]

    return inner(x[1]) * inner(a)


@program(array(4), 0.6)
def closure_sees_later_changes(x, a):
    def inner(t):
        return t * a * x[1]

    s = inner(2.0)
    a = a * x[0]
    x[1] = s
    return s + inner(3.0) ** 2


@program(array(4))
def closure_writes(x):
    def put(i, v):
        x[i] = x[i - 1] * v

    put(1, 2.0)
    put(2, x[1])
    return np.sum(x * x)


@program(0.7)
def nonlocal_name(x):
    s = x

    def add(v):
        nonlocal s
        s = s * v + 1.0

    add(x)
    add(2.0)
    return s * s


@program(0.7, 0.2)
def lambdas(x, y):
    f = lambda t: t * y + x  # noqa: E731
    g = lambda t, a=x: f(t) * a  # noqa: E731
    return g(y) + (lambda t: t * t)(x) + g(x, 3.0)


@program(0.7)
def function_as_argument(x):
    def twice(f, t):
        return f(f(t))

    return twice(np.sin, x) + twice(lambda t: t * x, 2.0) + twice(square, x)


@program(0.7)
def function_returned(x):
    def power(n):
        def f(t):
            return t**n * x

        return f

    return power(2)(x) + power(3)(2.0)


@program(0.7)
def functions_in_a_tuple(x):
    s = x
    for f in (np.sin, square, np.tanh):
        s = f(s) + x
    return s


@program(0.7)
def partial_application(x):
    f = functools.partial(scaled, a=x)
    return f(x) + f(2.0)


def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


@program(0.7)
def recursion(x):
    return power(x, 3) + power(x * x, 1)


@program(0.5)
def recursion_on_data(x):
    def halve(t):
        if t < 0.1:
            return t * t
        return halve(t * 0.5) + np.sin(t)

    return halve(x) * x


def tree_sum(x):
    if len(x) == 1:
        return x[0] ** 2
    half = len(x) // 2
    return tree_sum(x[:half]) * 0.5 + tree_sum(x[half:]) * x[0]


@program(array(5))
def recursion_over_halves(x):
    return tree_sum(x)


def fft(re, im):
    n = len(re)
    if n == 1:
        return re * 1.0, im * 1.0
    er, ei = fft(re[::2], im[::2])
    odd_r, odd_i = fft(re[1::2], im[1::2])
    k = np.arange(n // 2)
    c, s = np.cos(-2.0 * np.pi * k / n), np.sin(-2.0 * np.pi * k / n)
    tr, ti = c * odd_r - s * odd_i, s * odd_r + c * odd_i
    return np.concatenate([er + tr, er - tr]), np.concatenate([ei + ti, ei - ti])


@program(array(8), array(8, shift=1.0))
def fast_fourier_transform(x, y):
    re, im = fft(x, y)
    return np.sum(re**3) + np.sum(im * re)


def quick(x, low, high):
    if low >= high:
        return
    pivot, at = x[high], low
    for k in range(low, high):
        if x[k] < pivot:
            x[at], x[k] = x[k], x[at]
            at += 1
    x[at], x[high] = x[high], x[at]
    quick(x, low, at - 1)
    quick(x, at + 1, high)


@program(array(5))
def recursion_that_writes(x):
    quick(x, 0, len(x) - 1)
    return np.sum(x * np.arange(5.0)) + x[0] * x[1]


def even(x, n):
    return x if n == 0 else odd(x * x, n - 1)


def odd(x, n):
    return 0.1 * x if n == 0 else even(np.sin(x) + x, n - 1)


@program(0.7)
def mutual_recursion(x):
    return even(x, 3) + odd(x, 2)


@program(array(4))
def several_results_of_a_helper(x):
    def parts(a):
        b = a * a
        return b[:2], b[2:], np.sum(b)

    p, q, s = parts(x)
    p[0] = q[1] * s
    return np.sum(p * q)


@program(array(4), array(4, shift=1.0))
def helper_swaps_and_fills(a, b):
    def step(src, dst):
        dst[1:] = src[:-1] * src[1:]
        dst[0] = src[0]

    for _ in range(3):
        step(a, b)
        a, b = b, a
    return np.sum(a * a) + np.sum(b)


@program(array(4))
def same_array_for_two_parameters(x):
    def mix(p, q):
        p[0] = q[1] * 2.0
        q[2] *= p[0]
        return np.sum(p * q)

    return mix(x, x) + x[0]


@program(array(6))
def overlapping_arguments_of_a_helper(x):
    def mix(p, q):
        for i in range(len(p)):
            p[i] = p[i] * q[i]

    mix(x[:4], x[2:])
    mix(x[1:], x[:-1])
    return np.sum(x * x)


@program(array(3, 4), array(4))
def parameter_swapped_with_a_default(m, v):
    def h(a, b=1.0):
        for _ in range(1, 4):
            b, a = a, b
        return b

    for i in range(3):
        m.T[0] += h(0.3, b=v[i])
    return np.sum(m * m)


@program(array(3))
def helper_for_its_side_effect_only(x):
    log = []

    def note(v):
        log.append(v)

    note(x[0] * x[1])
    note(x[2] ** 2)
    return log[0] * log[1]


@program(0.5)
def early_return_of_none(x):
    y = np.array([x, x * x])

    def maybe(q, go):
        if not go:
            return
        q[0] *= q[1]

    maybe(y, False)
    maybe(y, True)
    return np.sum(y * y)


def scaled_in_turn(p, s, n=3):
    if n == 0:
        return np.sin(s)
    p[n] *= s
    return scaled_in_turn(p[::-1], 0.5, n - 1)


@program(array(4), 0.4)
def recursion_on_two_views_of_one_array(x, s):
    m = np.cumsum(np.ones((4, 4)), axis=0)
    scaled_in_turn(m.T[0][::-1], s)
    scaled_in_turn(m[0, ::-1], x[0])
    return np.mean(m)


def cosine_after_all(p, n=2):
    if n <= 0:
        return p * 0.9
    a = cosine_after_all(p + 0.1, n - 1)
    a = np.cos(p) + p[0] * p
    return a


@program(array(3))
def adjoint_that_is_result_and_buffer(x):
    w = x * 1.0
    for _ in range(2):
        w += cosine_after_all(w)
    return np.sum(np.sin(w))
