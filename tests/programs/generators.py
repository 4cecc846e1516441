"""Generator functions and expressions: they take turns with the loop that consumes them."""

from __future__ import annotations

import numpy as np

from programs.registry import array, program


def neighbours(a):
    k = 0
    while k < len(a) - 1:
        yield a[k], a[k + 1]
        k += 1


def endless(a):
    k = 0
    while True:
        yield a[k % len(a)] * k
        k += 1


@program(array(4))
def over_a_generator(x):
    s = 0.0
    for a, b in neighbours(x):
        s += a * b * b
    return s


@program(array(4))
def turns(x):
    """The loop writes to what the generator reads next."""
    s = 0.0
    for a, b in neighbours(x):
        x[2] = x[2] * a + b
        s += a * b
    return s + np.sum(x)


@program(array(4), 0.5)
@program(array(4), -0.5)
def leaving(x, c):
    s = 0.0
    for v in endless(x):
        if v * c > 0.9:
            continue
        s += v * v
        if s > 1.0 or v < -5.0:
            break
    return s * c


@program(array(4))
def returning(x):
    for k, (a, b) in enumerate(neighbours(x)):
        if k == 2:
            return a * b
    return 0.0


@program(array(4))
def reduced(x):
    return sum(a * b for a, b in neighbours(x)) * max(v * v for v in x)


@program(array(4))
def from_others(x):
    def both(a):
        yield from a[:2]
        yield from (v * v for v in a)
        yield 2.0

    return sum(both(x)) * x[0]


@program(array(4))
def with_else(x):
    s = 0.0
    for a, b in neighbours(x):
        if a > 100.0:
            break
        s += a * b
    else:
        s *= 2.0
    return s


@program(array(3))
def late_binding(x):
    """The expression reads ``k`` when it is consumed."""
    k = 2.0
    g = (v * k for v in x)
    k = 3.0
    return sum(g) * k


@program(array(3))
def arms(x):
    def chosen(a):
        if a[0] > 0.1:
            yield a[0] * a[1]
        for v in a:
            if v > 0.2:
                yield v
            else:
                yield -v
        return

    return sum(v * v for v in chosen(x))


@program(array(3), refused=True)
def twice(x):
    g = (v * v for v in x)
    return sum(g) + sum(g)
