"""Writing to arrays that are items of a list of unknown length: to the item, wherever nobody else may have it."""

import numpy as np

from programs.registry import LINE, program


def rows_of(x):
    return [x * v for v in x if v > 0.3]


def score(rows):
    return 0.1 * sum(np.sum(row**2) * (k + 1) for k, row in enumerate(rows))


@program(LINE)
def at_a_place(x):
    rows = rows_of(x)
    k = len(rows) // 2
    rows[k][0] = x[1] ** 2
    rows[k] += x
    rows[k][2:4] *= 3.0
    return score(rows)


@program(LINE)
def in_a_loop(x):
    rows = [x * v for v in x]
    for i in range(len(x)):
        rows[i][0] = x[i] ** 2
        rows[(i * 7) % len(x)] += x * i
    return score(rows)


@program(LINE)
def by_a_name(x):
    rows = rows_of(x)
    for row in rows:
        row *= 2.0
        row[1] = row[0] * x[2]
    return score(rows)


@program(LINE)
def momentum(x):
    values = rows_of(x)
    speeds = [np.zeros_like(v) for v in values]
    for _ in range(2):
        for v, s in zip(values, speeds, strict=True):
            s *= 0.9
            s += np.cos(v)
            v -= 0.1 * s
    return score(values)


@program(LINE)
def by_a_helper(x):
    def shift(row, v):
        row[0] += v

    rows = rows_of(x)
    for k in range(len(rows)):
        shift(rows[k], x[k])
    return score(rows)


@program(LINE, refused=True)
def one_array_many_times(x):
    a = x * 2.0
    rows = [a for v in x if v > 0.3]
    rows[0][0] = x[1]
    return score(rows)


@program(LINE, refused=True)
def each_array_twice(x):
    rows = []
    for v in x:
        row = x * v
        rows.append(row)
        rows.append(row)
    rows[1][0] = x[1]
    return score(rows)


@program(LINE, refused=True)
def items_of_two_lists(x):
    rows = rows_of(x)
    others = list(rows)
    rows[2][0] = x[1]
    return score(rows) + score(others)


@program(LINE, refused=True)
def item_with_a_name(x):
    rows = rows_of(x)
    first = rows[0]
    rows[len(rows) - 5][0] = x[1]
    return score(rows) + np.sum(first)
