"""None as "not yet", and as an answer."""

from __future__ import annotations

import numpy as np

from programs.registry import LINE, array, program


@program(array(4))
def best_number(x):
    best = None
    for v in x:
        if best is None or v * v > best:
            best = v * v
    return best * x[0]


@program(array(4))
def best_array(x):
    best = None
    for k in range(4):
        candidate = x * np.sin(k + x[k])
        if best is None or candidate[0] > best[0]:
            best = candidate
    best[1] *= 2.0
    return np.sum(best ** 2)


@program(array(4))
def previous(x):
    last = None
    s = 0.0
    for v in x:
        if last is not None:
            s += (v - last) ** 2
        last = v
    return s


@program(array(4), 0.3)
@program(array(4), 30.0)
def found_or_not(x, c):
    def first_above(a, limit):
        for v in a:
            if v > limit:
                return v
        return None

    found = first_above(x, c)
    if found is None:
        return np.sum(x)
    return found ** 3 * c


@program(array(4), None)
@program(array(4), array(4))
def optional_argument(x, w):
    if w is None:
        w = np.ones(4)
    return np.sum(w * x ** 2)


@program(array(4))
def pair_or_none(x):
    best = None
    for i, v in enumerate(x):
        if not best or v > best[1]:
            best = (i * 1.0, v)
    return best[0] * best[1] ** 2


@program(array(4), 0.5)
@program(array(4), -0.5)
def reset(x, c):
    kept = None
    s = 0.0
    for v in x:
        if kept is None:
            kept = v * c
        elif v * kept > 0.1:
            s += v * kept
            kept = None
    return s + np.sum(x) * c


@program(array(4), 0.5)
@program(array(4), -0.5)
def function_or_none(x, c):
    f = None
    if c > 0.0:
        f = np.sin
    return np.sum(f(x)) if f is not None else np.sum(x * x)


@program(0.5)
@program(-0.5)
def matched_with_none(x):
    best = None
    if x > 0:
        best = x * x
    match best:
        case None:
            return x * 3
        case v:
            return v * 2


@program(0.5)
@program(-0.5)
def pair_matched_or_none(x):
    best = None
    if x > 0:
        best = (x, x * x)
    match best, x:
        case (a, b), c:
            return a * b + c
        case _, c:
            return c * 3


class Filter:
    """The measurement is an array of None until there is one."""

    def __init__(self, n):
        self.state = np.zeros((n, 1))
        self.measured = np.array([[None] * n]).T

    def update(self, z):
        if z is None:
            self.measured = np.array([None])
            return
        self.state = self.state + 0.5 * (z - self.state)
        self.measured = z.copy()


@program(array(4, 2))
def array_of_none_until_there_are_numbers(x):
    f = Filter(2)
    for row in x:
        f.update(row[:, None])
    return np.sum(f.state ** 2)


@program(array(3))
def printed_before_there_is_one(x):
    best = last = None
    for v in x:
        print("last", last, best)
        if last is not None:
            best = v * last
        last = v
    return best * 2


def where_large(v):
    return v if v > 0.5 else None


@program(LINE)
def asked_what_it_is(x):
    """What asks for the kind of a value sees the None."""
    s = 0.0
    for v in x:
        found = where_large(v)
        s += v**2 if isinstance(found, float) else 3.0 * v
        s += v if found in (None,) else v**3
        s += getattr(found, "real", 0.1)
        s += v**2 if hasattr(found, "shape") else 1.0
        fun = np.sin if v > 0.7 else None
        s += fun(v) if callable(fun) else v
    return s


@program(LINE)
def put_into_lists(x):
    items, best = [], None
    for v in x:
        if v > 0.5:
            best = v
        items.append(best)
        items.insert(0, best)
    others = [where_large(v) for v in x]
    s, missing = 0.0, 0
    for v in [*items, *others]:
        match v:
            case None:
                missing += 1
            case _:
                s += v**2
    return s * missing
