"""Dicts whose keys only the run knows, and memory that recursive functions share."""

import functools
from collections import defaultdict

import numpy as np

from programs.registry import program

THREE = np.array([0.3, 0.7, 1.1])
LINE = np.linspace(0.1, 1.5, 9)
LONG = np.linspace(0.1, 1.0, 40)


@program(THREE, 5)
def memo_fib(x, n):
    memo = {}

    def fib(k):
        if k < 2:
            return x[k]
        if k in memo:
            return memo[k]
        memo[k] = fib(k - 1) + fib(k - 2) * x[2]
        return memo[k]
    return fib(n)


@program(LINE)
def memo_len(x):
    memo = {}

    def cost(k):
        if k == 0:
            return x[0]
        if k not in memo:
            memo[k] = cost(k - 1) * 0.5 + x[k] ** 2
        return memo[k]
    return cost(len(x) - 1)


@program(LINE)
def hist_keys(x):
    d = {}
    for v in x:
        k = int(v * 3)
        d[k] = d.get(k, 0.0) + v * v
    s = 0.0
    for k, v in d.items():
        s += k * v
    return s


@program(LINE)
def hist_in(x):
    d = {}
    for v in x:
        k = int(v * 3)
        if k in d:
            d[k] += v * v
        else:
            d[k] = v
    return sum(d.values()) * len(d)


@program(LINE)
def dd_hist(x):
    d = defaultdict(float)
    for v in x:
        d[int(v * 3)] += v * v
    return sum((v ** 2 for v in d.values()))


@program(LINE)
def dd_lists(x):
    d = defaultdict(list)
    for v in x:
        d[int(v * 3)].append(v)
    return sum((sum(r) ** 2 for r in d.values()))


@program(LINE)
def setd(x):
    d = {}
    for i, v in enumerate(x):
        d.setdefault(int(v * 3), []).append(v * i)
    return sum((len(r) * sum(r) for r in d.values()))


@program(LINE)
def memo_helper(x):
    cache = {}

    def area(k):
        if k not in cache:
            cache[k] = x[k] ** 3
        return cache[k]
    s = 0.0
    for v in x:
        s += area(int(v * 3)) * v
    return s


@program(LINE)
def while_dict(x):
    d = {0: x[0]}
    k = 0
    while k < 7:
        d[k + 1] = d[k] * 0.5 + x[k + 1]
        k += 1
    return d[7]


@program(LONG)
def big_dict(x):
    d = {}
    for i in range(len(x)):
        d[i] = x[i] ** 2
    return sum((d[i] * i for i in range(len(x))))


@program(LONG)
def big_dictcomp(x):
    d = {i: v for i, v in enumerate(x)}
    s = 0.0
    for k, v in d.items():
        s += k * v * v
    return s


@program(THREE)
def nonlocal_rec(x):
    total = 0.0

    def walk(i):
        nonlocal total
        if i >= len(x):
            return
        total += x[i] ** 2
        walk(i + 1)
    walk(0)
    return total


@program(LINE)
def nonlocal_tree(x):
    best = 0.0
    n = 0

    def walk(i, v):
        nonlocal best, n
        n += 1
        if i >= len(x):
            best = best * 0.9 + v
            return
        walk(2 * i + 1, v + x[i])
        walk(2 * i + 2, v * x[i])
    walk(0, 1.0)
    return best * n


@program(LINE)
def helper_nonlocal(x):
    total = 0.0

    def bump(v):
        nonlocal total
        total += v * v

    def rec(i):
        if i < len(x):
            bump(x[i])
            rec(i + 1)
    rec(0)
    return total


@program(LINE)
def nonlocal_ret(x):
    acc = 1.0

    def rec(i):
        nonlocal acc
        if i == 0:
            return x[0]
        r = rec(i - 1)
        acc = acc * 0.5 + r
        return r * x[i] + acc
    y = rec(len(x) - 1)
    return y + acc


@program(LINE)
def nonlocal_flag(x):
    found = False
    where = 0.0

    def rec(i):
        nonlocal found, where
        if i >= len(x) or found:
            return
        if x[i] > 0.7:
            found = True
            where = x[i] ** 2
        rec(i + 1)
    rec(0)
    return where if found else x[0]


@program(LINE)
def list_collect(x):
    out = []

    def rec(i):
        if i >= len(x):
            return
        out.append(x[i] ** 2)
        rec(i + 2)
    rec(0)
    return sum(out)


@program(LINE)
def nonlocal_array(x):
    v = np.zeros(3)

    def rec(i):
        nonlocal v
        if i >= len(x):
            return
        v = v * 0.5 + x[i]
        rec(i + 1)
    rec(0)
    return np.sum(v ** 2)


@program(THREE)
def quad_rec(x):
    n = 0

    def f(t):
        return np.exp(-t * x[0]) * x[1]

    def simpson(a, b, depth):
        nonlocal n
        n += 1
        m = 0.5 * (a + b)
        s1 = (b - a) / 6 * (f(a) + 4 * f(m) + f(b))
        if depth == 0:
            return s1
        return simpson(a, m, depth - 1) + simpson(m, b, depth - 1)
    return simpson(0.0, 1.0, 4) * n


@program(LINE)
def lru_nested(x):

    @functools.lru_cache(maxsize=None)
    def f(i):
        if i < 2:
            return x[i]
        return f(i - 1) + x[i] * f(i - 2)
    return f(len(x) - 1)


@program(THREE)
def lru_nested_static(x):

    @functools.cache
    def f(i):
        if i < 1:
            return x[0]
        return f(i - 1) * x[1] + x[2]
    return f(5)


@program(THREE)
def walrus_comp(x):
    ys = [(last := (v * 2)) for v in x]
    return sum(ys) * last


def by_parity(x):
    found = {}
    for k, v in enumerate(x):
        found[k % 2] = v * v
    return found


@program(LINE)
def copies_are_their_own(x):
    first = by_parity(x)
    second, third, fourth = dict(first), {**first}, first.copy()
    second[7] = x[0]
    third[1] = third[1] * 2.0
    fourth[0] += x[1]
    return first[1] * third[1] + len(first) * second[7] + len(second) * x[2] + fourth[0] * first[0]


@program(LINE)
def joined(x):
    first = by_parity(x)
    second = {5: x[0], **first, 0: x[1]}
    third = {1: x[3]} | first
    third.update({9: x[4]})
    first.update(third)
    made = defaultdict(float, second)
    made[11] += x[2]
    return second[0] * second[1] + third[1] * third[9] + len(first) * first[9] + sum(made.values()) * len(second)


@program(LINE)
def keys_that_are_pairs_joined(x):
    pairs = {}
    for i in range(len(x)):
        for j in range(i):
            pairs[i % 2, j % 2] = x[i] * x[j]
    more = {(7, 7): x[1], **pairs, (0, 0): x[3]}
    return sum(more.values()) ** 2 * len(pairs) + more[0, 0] * pairs[1, 1]


@program(THREE)
def defaultdict_matched(x):
    given = defaultdict(float)
    given["a"] = x[0] * 2.0
    match given:
        case {"a": v}:
            return v * x[1]
    return x[2]


@program(THREE)
def entries_read_before_what_changes_them(x):
    d = {"a": x[0], "b": x[1]}
    e = {**d, "c": d.pop("a") * x[2]}
    return e["a"] * e["b"] * e["c"] * len(d)


@program(THREE, refused=True)
def compared_by_keys_from_the_run(x):
    return x[0] if by_parity(x) == {0: 1.0, 1: 2.0} else x[1]


@program(THREE, refused=True)
def matched_by_keys_from_the_run(x):
    match by_parity(x):
        case {0: a, 1: b}:
            return a * b
    return x[0]


@program(THREE, refused=True)
def shown_by_keys_from_the_run(x):
    print(by_parity(x))
    return x[0]
