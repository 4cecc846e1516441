"""Iterators and generators that are asked for one item at a time, in loops that stay loops."""

from itertools import count, cycle, islice

import numpy as np

from programs.registry import LINE, THREE, program


def powers(v):
    p = v
    while True:
        yield p
        p = p * v


def steps_of(rate, decay):
    k = 0
    while True:
        k += 1
        step = rate / (1.0 + decay * k)
        yield step


def alternating(v):
    while True:
        yield v
        yield -2.0 * v


def halves(v, n):
    for _ in range(n):
        v = v * 0.5
        yield v
    return v


@program(LINE)
def next_in_a_loop(x):
    it = iter(x)
    s = 0.0
    for k in range(5):
        a = next(it)
        s += a * next(it) * k
    return s + next(it) ** 2


@program(LINE)
def next_in_the_loop_over_it(x):
    it = iter(x)
    s = 0.0
    for v in it:
        s += v * next(it, 1.0) ** 2
    return s


@program(LINE)
def next_until_none(x):
    it = iter(x)
    s, v = 0.0, next(it)
    while v is not None:
        s += v**2
        v = next(it, None)
    return s


@program(LINE)
def next_on_some_paths(x):
    it = iter(x)
    s = 0.0
    for v in x[:4]:
        if v > 0.2:
            s += next(it) ** 2
        else:
            s += next(it) * next(it)
    return s + sum(it)


@program(LINE)
def rest_after_break(x):
    pairs = enumerate(x)
    s = 0.0
    for k, v in pairs:
        if v > 0.5:
            break
        s += k * v**2
    for k, v in pairs:
        s += 3.0 * k * v**3
    return s


@program(THREE)
def rest_of_a_generator(x):
    g = (v**2 for v in x)
    s = 0.0
    for v in g:
        s += v
        break
    for v in g:
        s += 100.0 * v
    return s + len(list(g))


@program(LINE)
def numbers_and_signs(x):
    ids, signs = count(1), cycle([1.0, -2.0])
    s = 0.0
    for v in x:
        s += next(signs) * v**2 / next(ids)
    return s


@program(LINE)
def next_of_endless(x):
    rates = steps_of(x[0], x[1])
    w = x[2]
    for v in x:
        w = w - next(rates) * (w**2 - v)
    return w * next(rates)


@program(LINE)
def next_of_two_yields(x):
    g = alternating(x[0])
    s = next(g)
    for v in x:
        if v > 0.4:
            s += v**2 * next(g)
    return s


@program(LINE)
def endless_in_parts(x):
    g = powers(x[5])
    first = next(g)
    s = 0.0
    for p in islice(g, 3):
        s += p * x[1]
    for p in g:
        if p < 1e-3:
            break
        s += p**2
    return s + first * next(g) * 1e2


@program(LINE)
def endless_in_a_function(x):
    rates = steps_of(x[0], x[1])

    def step(w):
        return w - next(rates) * w**2

    w = x[3]
    for _ in range(12):
        w = step(w)
    return w


@program(THREE)
def slices_of_endless(x):
    some = list(islice(powers(x[0]), 4))
    s = some[0] * some[3]
    for k, p in zip(islice(powers(x[1]), 1, 6, 2), x, strict=False):
        s += k * p
    return s


@program(LINE)
def value_of_yield_from(x):
    def outer():
        a = yield from halves(x[0], 3)
        b = yield from halves(x[1], 12)
        yield a * b * 100.0

    s = 0.0
    for k, v in enumerate(outer()):
        s += v**2 * k
        if v > 5.0:
            break
    return s


@program(LINE)
def batches(x):
    def endless():
        start = 0
        while True:
            yield x[start:start + 4]
            start = (start + 4) % 8

    data = endless()
    w = 0.5
    for _ in range(10):
        w = w - 0.1 * np.mean((w - next(data)) ** 2)
    return w**2


def pairs_of(x):
    for v in x:
        yield v, v**2


@program(THREE)
def one_generator_in_another(x):
    s = 0.0
    for a, b in pairs_of(x):
        for c, d in pairs_of(x):
            if c > a:
                s += a * d + b * c
    return s
