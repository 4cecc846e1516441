"""Python's library: builtins on sequences, functools, operator, math; iterators that are lazy."""

import functools
import math
import operator
import statistics
import time

import numpy as np

from programs.registry import GRID, LINE, OTHER, THREE, program


@program(THREE)
def sum_lists(x):
    l = sum([[x[0]], [x[1], x[2]]], [])
    return l[2] * l[0]


@program(THREE)
def sum_arrays(x):
    return np.sum(sum([x * k for k in range(3)], start=np.zeros(3)) ** 2)


@program(THREE, OTHER)
def map2(x, y):
    return sum(map(operator.mul, x, y))


@program(LINE, LINE)
def map3(x, y):
    return sum(map(lambda a, b, c: a * b + c, x, y, range(12)))


@program(THREE)
def filter_none(x):
    return sum(filter(None, [x[0], 0.0, x[1]]))


@program(LINE)
def reduce_init(x):
    return functools.reduce(lambda a, v: a * 0.5 + v * v, x, 1.0)


@program(LINE)
def reduce_noinit(x):
    return functools.reduce(lambda a, v: a * v + 0.1, x)


@program(THREE)
def nextit(x):
    it = iter(x)
    a = next(it)
    b = next(it)
    return a * b + sum((v * v for v in it))


@program(THREE)
def nextdefault(x):
    it = iter([x[0]])
    next(it)
    return x[1] * next(it, 2.0)


@program(THREE)
def nextgen(x):
    return next((v * v for v in x if v > 0.5))


@functools.lru_cache(maxsize=None)
def weights(n):
    return np.linspace(0, 1, n)


@program(THREE)
def lru(x):
    return np.sum(x * weights(3))


def timed(f):

    def w(*a):
        t0 = time.perf_counter()
        r = f(*a)
        _ = time.perf_counter() - t0
        return r
    return w


@timed
def slow(v):
    return v * v


@program(THREE)
def decotimed(x):
    return slow(x[0]) * x[1]


@functools.singledispatch
def area(v):
    return v * 2.0


@area.register
def _(v: np.ndarray):
    return np.sum(v ** 2)


@program(THREE)
def sdispatch(x):
    return area(x)


@program(THREE)
def itemget(x):
    g = operator.itemgetter(0, 2)
    a, b = g(x)
    return a * b


@program(THREE)
def attrget(x):
    return operator.attrgetter('T')(x)[0] * operator.methodcaller('sum')(x)


@program(THREE)
def anygen(x):
    return x[0] if any((v > 1 for v in x)) and all((v > 0 for v in x)) else x[1]


@program(THREE)
def enum2(x):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, x[1:]), start=2):
        s += i * a * b
    return s


@program(THREE)
def revenum(x):
    s = 0.0
    for i, v in reversed(list(enumerate(x))):
        s = s * v + i
    return s


@program(THREE)
def mathf(x):
    return math.prod(x) + math.fsum(x) * math.dist([x[0], x[1]], [x[2], 0.0]) + math.hypot(x[0], x[1], x[2])


@program(THREE)
def stats(x):
    return statistics.median(x) * statistics.fmean(x)


@program(THREE)
def ziptw(x):
    z = zip(x, x[1:])
    s = sum((a * b for a, b in z))
    return s + sum((a for a, b in z))


@program(THREE)
def late_map(x):
    k = 2.0
    m = map(lambda v: v * k, x)
    k = 3.0
    return sum(m)


@program(THREE)
def late_array(x):
    y = x * 1.0
    m = map(lambda v: v * v, y)
    y[0] = x[1] * 5
    return sum(m)


@program(THREE)
def late_list(x):
    l = [x[0]]
    m = map(lambda v: v * v, l)
    l.append(x[1])
    return sum(m)


@program(THREE)
def late_gen(x):
    k = 2.0
    g = (v * k for v in x)
    k = x[1]
    return sum(g)


@program(THREE)
def late_zip(x):
    a = [x[0], x[1]]
    z = zip(a, x)
    a[0] = x[2] * 2
    return sum((p * q for p, q in z))


@program(THREE)
def rev_after(x):
    l = [x[0], x[1]]
    r = reversed(l)
    l[0] = x[2]
    return sum((v * k for k, v in enumerate(r)))


@program(THREE)
def interleave(x):
    log = []
    for v in map(lambda u: (log.append(u), u * u)[1], x):
        log.append(v * 2)
    return log[0] * log[1] + log[2] * log[3] + len(log)


@program(THREE)
def write_during(x):
    y = x.copy()
    s = 0.0
    for i, v in enumerate(y):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] + v
        s += v * v
    return s


@program(THREE)
def write_during_map(x):
    y = x.copy()
    s = 0.0
    for i, v in enumerate(map(lambda u: u * 2, y)):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] + v
        s += v * v
    return s


@program(THREE, refused=True)
def filter_during(x):
    y = x.copy()
    s = 0.0
    for i, v in enumerate(filter(lambda u: u > 0.1, y)):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] * v
        s += v * v
    return s


@program(GRID)
def nested_map(m):
    return sum(map(lambda r: sum(map(lambda v: v * v, r)), m))


@program(GRID)
def nested_sum(m):
    return sum((sum(r) * max(r) for r in m))


def tot(it):
    s = 0.0
    for v in it:
        s = s + v
    return s


@program(GRID)
def user_nested(m):
    return tot((tot(r) * 2 for r in m))


@program(GRID)
def user_map(m):
    return tot(map(tot, m))


@program(THREE)
def pass_iter(x):
    it = iter(x)
    a = next(it)
    return a * tot(it)


@program(THREE)
def iter_in_branch(x):
    it = iter(x)
    if x[0] > 0:
        a = next(it)
    else:
        a = x[2]
    return a * sum(it)


@program(THREE)
def next_in_loop(x):
    it = iter([x[0], x[1], x[2]])
    s = 0.0
    for k in range(2):
        s = s + next(it) * (k + 1)
    return s


@program(LINE)
def next_in_loop2(x):
    it = iter(x)
    s = 0.0
    for k in range(3):
        s = s + next(it) * (k + 1)
    return s


@program(THREE)
def grouper(x):
    it = iter([x[0], x[1], x[2], x[0]])
    return sum((a * b for a, b in zip(it, it)))


@program(THREE)
def reduce_closure(x):
    w = x[2]
    return functools.reduce(lambda a, b: a * w + b, x)


@program(THREE)
def sumgenif(x):
    return sum((i * v for i, v in enumerate(x) if i % 2 == 0))


@program(LINE)
def run_pairs(x):
    pts = list(zip(x, x ** 2))
    s = 0.0
    for (a, b), (c, d) in zip(pts, pts[1:]):
        s += (c - a) * (b + d) / 2
    return s


@program(THREE)
def partial_map(x):
    return sum(map(functools.partial(pow, 2.0), x))


@functools.lru_cache
def lucas(n):
    return 1.0 if n < 2 else lucas(n - 1) + lucas(n - 2) * 0.5


@program(THREE)
def lrurec(x):
    return x[0] * lucas(5)


@program(LINE)
def chunk(x):
    s = 0.0
    for k in range(0, len(x), 5):
        c = x[k:k + 5]
        s += np.sum(c) ** 2
    return s


@program(THREE)
def zip_alias(x):
    rows = [x * 2, x * 3]
    for r, k in zip(rows, (1.0, 2.0)):
        r *= k
    return np.sum(rows[0] * rows[1])


@program(GRID)
def rows_alias(m):
    y = m.copy()
    for r in map(lambda v: v, y):
        r *= 2.0
    return np.sum(y ** 2)


@program(THREE)
def counter_late(x):
    n = 3
    r = range(n)
    n = 2
    return sum((x[i] for i in r)) * n


@program(THREE)
def enumerate_while(x):
    s = 0.0
    for i, v in enumerate(x):
        if i == 1:
            continue
        if i == 2:
            break
        s += v
    else:
        s = s * 100
    return s * x[2]


@program(THREE)
def zip_break(x):
    s = 0.0
    for a, b in zip(x, x[::-1]):
        if a > 0.5:
            break
        s += a * b
    else:
        s = s * 100
    return s


@program(THREE)
def reduce_dict(x):
    return functools.reduce(lambda acc, kv: acc + kv[1] * len(kv[0]), {'a': x[0], 'bb': x[1]}.items(), 0.0)


@program(THREE)
def reduce_compose(x):
    comp = functools.reduce(lambda f, g: lambda v: g(f(v)), [np.sin, np.exp, lambda v: v * v])
    return comp(x[0])


@program(THREE)
def reduce_matmul(x):
    ms = [np.outer(x, x), np.diag(x), np.eye(3)]
    return np.sum(functools.reduce(np.matmul, ms))


@program(THREE)
def sum_start_arr(x):
    return np.sum(sum((x * k for k in range(3)), np.zeros(3)))


@program(THREE)
def prodgen(x):
    return math.prod((v + 1 for v in x)) * math.prod([2, x[0]], start=3)


@program(THREE)
def fsum_list(x):
    return math.fsum([x[0], x[1] * 2, 1.0]) ** 2 + math.fsum((v * v for v in x))


@program(THREE)
def dist3(x):
    return math.dist(x, [0.1, 0.2, 0.3]) * math.hypot(*x) * math.hypot(x[0], x[1])
