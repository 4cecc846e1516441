"""Sorting and extremes, with keys."""

import functools
import operator

import numpy as np

from programs.registry import GRID, LINE, THREE, program


@program(LINE)
def sorted_long(x):
    s = sorted(x, key=lambda v: (v - 0.7) ** 2)
    return s[0] * s[1] + s[-1] ** 2


@program(LINE)
def sorted_rev(x):
    s = sorted(np.sin(3 * x), reverse=True)
    return s[0] * s[1] + s[-1] ** 2


@program(THREE)
def sorted_pairs(x):
    p = sorted([(x[0], 1.0), (x[2], 2.0), (x[1], 3.0)])
    return sum((a * b for a, b in p))


@program(THREE)
def sorted_pairs_key(x):
    p = sorted(zip([3, 1, 2], x), key=lambda q: q[0])
    return p[0][1] * p[1][1] ** 2


@program(THREE)
def sorted_itemgetter(x):
    p = sorted(zip([3, 1, 2], x), key=operator.itemgetter(0), reverse=True)
    return p[0][1] * p[1][1] ** 2


@program(THREE)
def sorted_names(x):
    d = {'b': x[0], 'a': x[1], 'c': x[2]}
    return sum((d[k] * i for i, k in enumerate(sorted(d))))


@program(THREE)
def argsort_idx(x):
    idx = sorted(range(3), key=lambda i: -x[i])
    return x[idx[0]] * 2 + x[idx[1]]


@program(THREE)
def list_sort_key(x):
    l = list(x)
    l.sort(key=lambda v: -v, reverse=False)
    return l[0] * 2 + l[1] * 3


@program(THREE)
def minkey_tuple(x):
    return min([(x[0], x[1]), (x[2], x[0])], key=lambda p: p[0] * p[1])[1]


@program(LINE)
def maxkey_long(x):
    return max(x, key=lambda v: np.sin(v * 2)) ** 2


@program(LINE)
def minmax_long(x):
    return min(x) * max((v * v for v in x))


def scaled(k):

    def deco(f):

        @functools.wraps(f)
        def w(*a, **kw):
            return k * f(*a, **kw)
        return w
    return deco


@scaled(3.0)
def sq(v, p=2):
    return v ** p


@program(THREE)
def decoarg(x):
    return sq(x[0]) + sq(x[1], p=3)


@program(THREE)
def eager_sorted(x):
    y = x.copy()
    s = sorted(y)
    y[0] = 5.0
    return s[0] * s[1]


@program(GRID)
def nested_sorted(m):
    return sum((sorted(r)[0] * min(r, key=lambda v: -v) for r in m))


@program(LINE)
def sort_state(x):
    y = x * np.cos(5 * x)
    order = sorted(range(len(y)), key=lambda i: y[i])
    s = 0.0
    for r, i in enumerate(order):
        s += r * y[i]
    return s


@program(LINE)
def sort_rows(x):
    rows = sorted([(np.sin(9 * v), v) for v in x])
    return rows[0][1] * rows[-1][1] + rows[3][0]


@program(LINE)
def sort_key2(x):
    rows = sorted([(v, k) for k, v in enumerate(x)], key=lambda r: (r[1] % 2, -r[0]))
    return rows[0][0] * rows[-1][0]


@program(LINE)
def top3(x):
    return sum(sorted(x, key=lambda v: abs(v - 0.75))[:3]) ** 2


@program(THREE)
def ties(x):
    y = np.array([1.0, 2.0, 1.0])
    idx = sorted(range(3), key=lambda i: y[i], reverse=True)
    return x[idx[0]] + 2 * x[idx[1]] + 4 * x[idx[2]]


@program(THREE)
def maxties(x):
    p = [(1.0, x[0]), (1.0, x[1])]
    return max(p, key=lambda q: q[0])[1] * min(p, key=lambda q: q[0])[1] * 2 + max(p, key=lambda q: q[0])[1]


@program(THREE)
def minlen(x):
    return min(len(x), 5) * x[0] + max(2, len(x), 1) * x[1]


@program(THREE)
def maxgen(x):
    return max((v * v for v in x), default=0.0) + max([], default=x[0])


@program(THREE)
def minarr(x):
    return min(x[0], x[1], key=lambda v: (v - 1) ** 2) * max(x[0], 0.5)


@program(LINE)
def maxidx(x):
    i, v = max(enumerate(np.sin(4 * x)), key=lambda p: p[1])
    return x[i] * v


@program(LINE)
def argmin_py(x):
    y = np.cos(4 * x)
    i = min(range(len(y)), key=y.__getitem__)
    return x[i] * y[i]


@program(LINE)
def argmin_py2(x):
    y = list(np.cos(4 * x))
    i = y.index(min(y))
    return x[i] * y[i]


@program(THREE)
def max_alias(x):
    a = x * 2
    b = x * 3
    m = max([a, b], key=lambda r: r[0])
    m[0] = x[1]
    return np.sum(a) + np.sum(b ** 2)


@program(THREE)
def mixed_min(x):
    return min(x[0], 0.5) + max(0, x[1]) + max(x) * min(x[0], x[1], x[2])


@program(THREE)
def sorted_static(x):
    w = sorted([3, 1, 2], reverse=True)
    n = sorted(['b', 'a'])
    z = sorted({'q': 1, 'p': 2}.items(), key=lambda kv: -kv[1])
    return x[0] * w[0] + x[1] * (n[0] == 'a') + x[2] * z[0][1]
