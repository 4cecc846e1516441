"""The module itertools."""

import itertools

import numpy as np

from programs.registry import GRID, LINE, OTHER, THREE, array, program


@program(LINE)
def acc_long(x):
    return sum((v * v for v in itertools.accumulate(x)))


@program(LINE)
def acc_init(x):
    return list(itertools.accumulate(x, lambda a, b: a * b + 1, initial=2.0))[-1]


@program(LINE, THREE)
def chain_for(x, y):
    s = 0.0
    for v in itertools.chain(x, y):
        s += v * v * s + v
    return s


@program(THREE, OTHER)
def chain_iter(x, y):
    return sum((v * v for v in itertools.chain.from_iterable([x, y])))


@program(GRID)
def chain_rows(m):
    return sum((v * v for v in itertools.chain.from_iterable(m)))


@program(LINE, THREE)
def product_for(x, y):
    s = 0.0
    for a, b in itertools.product(x, y):
        s += a * b * b
    return s


@program(THREE)
def product_rep(x):
    return sum((a * b for a, b in itertools.product(x, repeat=2)))


@program(THREE)
def product_static(x):
    return sum((x[i] * x[j] * k for i, j, k in itertools.product(range(2), [0, 1, 2], (1.0, 2.0))))


@program(LINE)
def islice_step(x):
    return sum((v * v for v in itertools.islice(x, 1, None, 3)))


@program(LINE)
def pairwise_for(x):
    s = 0.0
    for a, b in itertools.pairwise(x):
        s += (b - a) ** 2 * a
    return s


@program(THREE)
def count_zip(x):
    return sum((i * v for i, v in zip(itertools.count(1, 2), x)))


@program(THREE)
def cycle_zip(x):
    return sum((w * v for v, w in zip(x, itertools.cycle([1.0, -1.0]))))


@program(THREE)
def cycle_islice(x):
    return sum((v * k for k, v in enumerate(itertools.islice(itertools.cycle(x), 7))))


@program(THREE)
def count_break(x):
    s = x[0]
    for n in itertools.count(1):
        s = s * x[1] + n * x[2]
        if n >= 4:
            break
    return s


@program(LINE)
def starmap_zip(x):
    return sum(itertools.starmap(lambda a, b: a * b * b, zip(x, x[::-1])))


@program(LINE)
def combos_long(x):
    return sum((a * b * (b - a) for a, b in itertools.combinations(x, 2)))


@program(THREE)
def combos3(x):
    return sum((a * b + c for a, b, c in itertools.combinations(x, 3)))


@program(THREE)
def perms(x):
    return sum((a * b * b for a, b in itertools.permutations(x, 2)))


@program(THREE)
def combos_rep(x):
    return sum((a * b * b for a, b in itertools.combinations_with_replacement(x, 2)))


@program(LINE)
def takewhile(x):
    return sum((v * v for v in itertools.takewhile(lambda v: v < 0.9, x)))


@program(LINE)
def dropwhile(x):
    return sum((v * v for v in itertools.dropwhile(lambda v: v < 0.9, x)))


@program(THREE, OTHER)
def ziplong(x, y):
    return sum((a * b for a, b in itertools.zip_longest(x[:2], y, fillvalue=1.0)))


@program(THREE)
def group(x):
    s = 0.0
    for k, g in itertools.groupby([('a', 0), ('a', 1), ('b', 2)], key=lambda p: p[0]):
        s += sum((x[i] for _, i in g)) ** 2
    return s


@program(THREE)
def compress(x):
    return sum((v * v for v in itertools.compress(x, [1, 0, 1])))


@program(THREE)
def filterfalse(x):
    return sum((v * v for v in itertools.filterfalse(lambda v: v > 0.5, x)))


@program(THREE)
def tee(x):
    a, b = itertools.tee(x)
    next(b)
    return sum((p * q for p, q in zip(a, b)))


@program(THREE)
def eager_product(x):
    a = [x[0], x[1]]
    z = itertools.product(a, [1.0, 2.0])
    a[0] = x[2] * 2
    return sum((p * q for p, q in z))


@program(THREE)
def eager_comb(x):
    a = [x[0], x[1], x[2]]
    z = itertools.combinations(a, 2)
    a[0] = x[2] * 2
    return sum((p * q for p, q in z))


@program(THREE, refused=True)
def acc_during(x):
    y = x.copy()
    s = 0.0
    for i, v in enumerate(itertools.accumulate(y)):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] * v
        s += v * v
    return s


@program(THREE, refused=True)
def take_during(x):
    y = x.copy()
    s = 0.0
    for i, v in enumerate(itertools.takewhile(lambda u: u < 5, y)):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] * v
        s += v * v
    return s


@program(THREE, refused=True)
def pair_during(x):
    y = x.copy()
    s = 0.0
    for i, (a, b) in enumerate(itertools.pairwise(y)):
        y[i + 1] = a * b
        s += a * b
    return s


@program(THREE, refused=True)
def chain_during(x):
    y = x.copy()
    s = 0.0
    for i, v in enumerate(itertools.chain(y, [1.0])):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] * v
        s += v * v
    return s


@program(GRID)
def rows_alias2(m):
    y = m.copy()
    for a, b in itertools.pairwise(y):
        b += a
    return np.sum(y ** 2)


@program(GRID)
def rows_alias3(m):
    y = m.copy()
    for a, b in itertools.product(y, [1.0, 2.0]):
        a *= b
    return np.sum(y ** 2)


@program(GRID, refused=True)
def chain_rows_alias(m):
    y = m.copy()
    z = m * 2
    for r in itertools.chain(y, z):
        r *= r
    return np.sum(y) + np.sum(z ** 2)


@program(THREE)
def count_return(x):

    def first(v):
        for i in itertools.count():
            if v[i] > 0.5:
                return i * v[i] ** 2
    return first(x)


@program(THREE)
def cycle_for(x):
    s = 0.0
    n = 0
    for v in itertools.cycle(x):
        s = s * 0.5 + v * v
        n += 1
        if n == 7:
            break
    return s


@program(LINE)
def takewhile_for(x):
    s = 1.0
    for v in itertools.takewhile(lambda u: u < 1.0, x):
        s = s * v + 1
    return s


@program(THREE)
def repeat_for(x):
    s = x[0]
    for _ in itertools.repeat(None, 4):
        s = s * x[1] + x[2]
    return s


@program(THREE)
def acc_matmul(x):
    return sum((np.sum(m) for m in itertools.accumulate([np.outer(x, x), np.diag(x)], np.matmul)))


@program(THREE)
def acc_max(x):
    return sum(itertools.accumulate([x[1], x[0], x[2]], max))


@program(LINE)
def elements_written_by_nditer(x):
    y = x.copy()
    with np.nditer(y, op_flags=["readwrite"]) as elements:
        for v in elements:
            v[...] = v * v + 1.0
    for k, v in enumerate(np.nditer(y, op_flags=[["readwrite"]])):
        v *= np.sin(x[k])
        if v > 0.8:
            v += y[0]
    return np.sum(y * x)


@program(GRID)
def several_arrays_by_nditer(a):
    out = np.empty(a.shape)
    b = np.cos(a)
    for u, v, w in np.nditer([a, b, out], op_flags=[["readonly"], ["readonly"], ["writeonly"]]):
        w[...] = u * v
    return np.sum(out * a) + sum(u * v**2 for u, v in np.nditer([a, out]))


@program(GRID, refused=True)
def place_of_an_nditer(a):
    places = np.nditer(a, flags=["multi_index"])
    return sum(v * places.multi_index[0] for v in places)


@program(array(5))
def try_next(x):
    it = iter(x)
    s = 0.0
    while True:
        try:
            v = next(it)
        except StopIteration:
            break
        s += v**2
    return s + v


@program(array(5))
def next_or_handler(x):
    it = iter(x)

    def get():
        try:
            return next(it)
        except StopIteration:
            return 2.0

    s = 0.0
    for k in range(9):
        s += get() ** 2 * k
    return s


class Products:
    def __init__(self, items):
        self.items = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        v = next(self.items)
        w = next(self.items)
        return v * w


@program(array(9))
def next_of_an_iterator_inside(x):
    return sum(p * k for k, p in enumerate(Products(x)))


@program(array(7))
def parts_of_an_iterator(x):
    it = iter(x)
    s = 0.0
    while part := list(itertools.islice(it, 3)):
        s += sum(part) ** 2 / len(part)
    return s


@program(array(7), refused=True)
def part_that_is_left(x):
    it = iter(x)
    for v in itertools.islice(it, 5):
        first = v
        break
    return first * next(it)
