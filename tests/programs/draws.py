"""Random draws, clocks, messages: called once, in the forward half."""

import random
import time

import numpy as np

from programs.registry import GRID, LINE, THREE, program


@program(THREE)
def timing(x):
    t0 = time.time()
    y = np.sum(x ** 2)
    dt = time.perf_counter() - t0
    return y


@program(THREE)
def rng_captured(x):
    rng = np.random.default_rng(3)
    s = 0.0
    for i in range(3):
        s += x[i] * rng.normal() + rng.uniform(0, 1)
    return s


@program(THREE)
def rng_state(x):
    r = np.random.RandomState(1)
    return np.sum(x * r.rand(3)) + r.randn() * x[0]


@program(THREE)
def rng_shape(x):
    rng = np.random.default_rng(0)
    return np.sum(x * rng.standard_normal(x.shape) * rng.random(len(x)))


@program(THREE)
def rng_mask(x):
    rng = np.random.default_rng(0)
    m = rng.random(x.size) < 0.5
    return np.sum(np.where(m, x ** 2, x))


@program(THREE)
def rng_int(x):
    rng = np.random.default_rng(0)
    return x[rng.integers(3)] ** 2 + x[int(rng.integers(0, 3))]


@program(THREE)
def rng_perm(x):
    rng = np.random.default_rng(0)
    p = rng.permutation(3)
    return x[p[0]] * x[p[1]] ** 2


@program(THREE)
def pyrandom(x):
    r = random.Random(3)
    return x[0] * r.random() + r.uniform(0, 1) * x[1] ** 2 + r.choice([1.0, 2.0]) * x[2]


@program(THREE)
def npseed(x):
    np.random.seed(0)
    return np.sum(x * np.random.rand(3)) + np.random.normal(0, 1) * x[0]


@program(THREE)
def rand_seed(x):
    random.seed(1)
    return random.random() * x[0] + random.gauss(0, 1) * x[1] ** 2


@program(THREE)
def rng_branch(x):
    rng = np.random.default_rng(5)
    s = 0.0
    for v in x:
        u = rng.random()
        if u < 0.5:
            s += v * v * rng.normal()
        else:
            s += v * u
    return s


@program(LINE)
def rng_long(x):
    rng = np.random.default_rng(5)
    s = 0.0
    for v in x:
        n = rng.normal(0, 1)
        s = s * 0.5 + np.sin(v * n)
    return s


@program(LINE)
def dropout(x):
    rng = np.random.default_rng(1)
    for _ in range(2):
        m = rng.random(x.shape) > 0.3
        x = np.tanh(x * m / 0.7)
    return np.sum(x)


@program(THREE)
def rng_helper(x):

    def noise(r, n):
        return r.normal(size=n)
    r = np.random.default_rng(2)
    return np.sum(x * noise(r, 3)) + np.sum(x ** 2 * noise(r, 3))


@program(LINE)
def mc(x):
    rng = np.random.default_rng(0)
    s = 0.0
    for _ in range(4):
        z = rng.normal(size=(len(x), 2))
        s += np.sum((x[:, None] * z) ** 2)
    return s / 4


@program(THREE)
def sgd_perm(x):
    rng = np.random.default_rng(0)
    s = x[0]
    for i in rng.permutation(3):
        s = s * 0.3 + x[i] ** 2
    return s


@program(THREE)
def choice_idx(x):
    rng = np.random.default_rng(0)
    idx = rng.choice(3, size=2, replace=False)
    return np.sum(x[idx] ** 2)


@program(THREE)
def multinormal(x):
    rng = np.random.default_rng(0)
    z = rng.multivariate_normal(np.zeros(3), np.eye(3))
    return z @ x


@program(THREE, refused=True)
def active_draw(x):
    rng = np.random.default_rng(0)
    return rng.normal(x[0], 1.0) * x[1]


@program(THREE, refused=True)
def active_choice(x):
    rng = np.random.default_rng(0)
    return rng.choice(x) ** 2


@program(THREE)
def active_choice2(x):
    r = random.Random(0)
    return r.choice(x) ** 2 + r.choice([x[0], x[1]])


@program(THREE)
def pysample(x):
    r = random.Random(0)
    return sum(r.sample([1.0, 2.0, 3.0], 2)) * x[0]


@program(THREE)
def shuffle_idx(x):
    rng = np.random.default_rng(0)
    idx = np.arange(3)
    rng.shuffle(idx)
    return x[idx[0]] * x[idx[1]] ** 2


@program(THREE)
def shuffle_active(x):
    rng = np.random.default_rng(0)
    y = x.copy()
    rng.shuffle(y)
    return y[0] * y[1] ** 2


@program(THREE, refused=True)
def shuffle_list(x):
    r = random.Random(0)
    l = [0, 1, 2]
    r.shuffle(l)
    return x[l[0]] * x[l[1]] ** 2


@program(THREE)
def randint_static(x):
    r = random.Random(0)
    return x[r.randint(0, 2)] ** 2


@program(THREE)
def draw_while(x):
    rng = np.random.default_rng(0)
    s = x[0]
    n = 0
    while rng.random() < 0.8 and n < 10:
        s = s * x[1] + x[2]
        n += 1
    return s


@program(THREE)
def draw_scan(x):
    rng = np.random.default_rng(0)
    zs = [rng.normal() for _ in range(3)]
    return sum((z * v for z, v in zip(zs, x))) * zs[0]


@program(THREE)
def draw_inplace(x):
    rng = np.random.default_rng(0)
    y = x.copy()
    y += rng.normal(size=3)
    y *= rng.random(3)
    return np.sum(y ** 2)


@program(THREE)
def draw_overwrite(x):
    rng = np.random.default_rng(0)
    z = rng.normal(size=3)
    s = np.sum(x * z)
    z[:] = rng.normal(size=3)
    return s * np.sum(x ** 2 * z)


@program(GRID)
def draw_like(m):
    rng = np.random.default_rng(0)
    return np.sum(m * rng.normal(size=m.shape) + rng.uniform(-1, 1, m.shape) * m ** 2)


@program(THREE)
def draw_scale_arr(x):
    rng = np.random.default_rng(0)
    return np.sum(x * rng.normal(np.zeros(3), np.ones(3)))


@program(THREE)
def poissons(x):
    rng = np.random.default_rng(0)
    return np.sum(x * rng.poisson(3, size=3)) * rng.binomial(5, 0.5)


@program(THREE)
def int_dtype(x):
    rng = np.random.default_rng(0)
    return np.sum(x[rng.integers(0, 3, size=(2, 2))] ** 2)


@program(THREE)
def seedseq(x):
    rng = np.random.default_rng(seed=[1, 2])
    return x[0] * rng.random()


@program(THREE)
def nested_rng(x):

    def layer(v, rng):
        return np.tanh(v * rng.standard_normal(v.shape))
    rng = np.random.default_rng(0)
    return np.sum(layer(layer(x, rng), rng))


@program(THREE)
def chk_time(x):
    t0 = time.time_ns()
    s = 0.0
    for v in x:
        s += v * v
    elapsed = (time.time_ns() - t0) / 1000000000.0
    if elapsed > 1000000.0:
        s = s * 2
    return s
