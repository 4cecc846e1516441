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


@program(array(3))
def twice(x):
    """The second time there is nothing left."""
    g = (v * v for v in x)
    return sum(g) + 10.0 * sum(g)


def settling(v, x):
    while True:
        v = np.sin(v) * x[1] + 0.3
        yield v


@program(array(4))
def endless_beside_an_array(x):
    return sum(a * b for a, b in zip(settling(x[0], x), x)) * sum(a * b * b for a, b in zip(x, settling(x[2], x)))


@program(array(4))
def steps_in_turn_with_an_array(x):
    y = x * 1.0

    def doubled():
        for k in range(3):
            y[k] *= 2.0
            y[k + 1] += y[k]
            yield y[k]

    before = sum(a * b for a, b in zip(y, doubled()))
    after = 0.0
    for a, b in zip(doubled(), x[:2]):
        after += a * b * y[3]
    return before * after + np.sum(y)


@program(array(4))
def numbered_steps_left_early(x):
    def grown():
        for k in range(4):
            x[k] *= 1.5
            yield x[k:]

    s = 0.0
    for k, v in enumerate(grown(), 1):
        v[0] += 0.1 * k
        s += np.sum(v)
        if k == 3:
            break
    return s * np.sum(x)


@program(array(4))
def map_in_turn(x):
    y, n = x * 1.0, 1.0

    def doubled():
        for k in range(4):
            y[k] *= 2.0
            yield y[k]

    def used(v):
        nonlocal n
        n = n * 1.1
        return v * n + y[3]

    s = 0.0
    for v in map(used, doubled()):
        s += v * n
        y[3] += 0.1
    return s * np.sum(y)


@program(array(3), refused=True)
def rest_of_a_generator(x):
    a, *rest = (v * v for v in x)
    return a * sum(rest) * len(rest)


@program(array(3), array(3, shift=1.0), refused=True)
def list_that_grew_in_a_branch_and_what_is_in_it(x, y):
    items = [x]
    if y[0] > -10.0:
        items.append(y)
    x[0] += 0.1
    return np.sum(items[0] * y)


@program(array(3), array(3, shift=1.0), refused=True)
def functions_of_one_frame_that_share_a_list(x, y):
    items, other = [x], [1.0]
    if y[0] > -10.0:
        items.append(y)

    def first():
        return other[0]

    def second():
        return np.sum(items[0] * y)

    x[0] += first()
    return second()


@program(array(3))
def none_or_array_after_a_write(x):
    best = None if x[0] > 10.0 else x
    x[1] = 2.0
    return x[0] if best is None else np.sum(best * best)


@program(array(3))
def none_before_a_write(x):
    best = None if x[0] > -10.0 else x
    x[1] = 2.0
    return x[0] ** 2 if best is None else np.sum(best * best)
