"""Python functions for each element: np.vectorize and its relatives; places and elements of arrays."""


import numpy as np

from programs.registry import GRID, THREE, program


@program(THREE)
def vec(x):
    return np.sum(np.vectorize(lambda v, w: v * w if v > 0.5 else v)(x, 2.0))


@program(GRID)
def alongaxis(m):
    return np.sum(np.apply_along_axis(lambda r: r / np.sum(r), 1, m) ** 2)


@program(GRID)
def ndi(m):
    return sum((m[i] ** 2 * i[1] for i in np.ndindex(2, 3)))


@program(THREE)
def fromiter(x):
    return np.sum(np.fromiter((v * v for v in x), dtype=float) ** 2)


@program(THREE)
def frompy(x):
    return np.sum(np.frompyfunc(lambda v: v * v, 1, 1)(x).astype(float))


@program(THREE)
def vectwo(x):
    f = np.vectorize(lambda v: (v * v, v + 1))
    a, b = f(x)
    return np.sum(a * b)


@program(GRID)
def vecmat(m):
    return np.sum(np.vectorize(lambda a, b: a * b ** 2)(m, m[0]))


sqv = np.vectorize(lambda v: np.sin(v) * v)


@program(THREE)
def vecglobal(x):
    return np.sum(sqv(x))


@np.vectorize
def vdeco(v):
    if v > 0.5:
        return v ** 2
    return 0.5 * v


@program(THREE)
def vecdeco(x):
    return np.sum(vdeco(x))


@program(THREE)
def veccapt(x):
    k = x[0]
    return np.sum(np.vectorize(lambda v: v * k)(x))


@program(THREE, refused=True)
def vecint(x):
    return np.sum(np.vectorize(lambda v: v * v if v > 0.5 else 0)(x))


@program(GRID)
def aaa(m):
    return np.sum(np.apply_along_axis(np.sum, 0, m) ** 2) + np.apply_along_axis(lambda r, k: r @ r * k, 1, m, 2.0)[1]


@program(GRID)
def aaa3(m):
    a = np.stack([m, m * 2, m ** 2])
    r = np.apply_along_axis(lambda v: np.array([v[0] * v[1], v[1]]), 1, a)
    return np.sum(r * np.arange(r.size).reshape(r.shape))


@program(THREE)
def ndenum1(x):
    return sum((v * v * i[0] for i, v in np.ndenumerate(x)))


@program(GRID)
def ndenum_shape(m):
    out = np.zeros_like(m)
    for (i, j), v in np.ndenumerate(m):
        out[i, j] = v * m[0, j]
    return np.sum(out ** 2)


@program(GRID)
def ndindex_lead(m):
    return sum((np.sum(m[idx] ** 2) * idx[0] for idx in np.ndindex(m.shape[:1])))


@program(THREE)
def frompy2(x):
    return np.sum(np.frompyfunc(lambda a, b: a * b, 2, 1)(x, x + 1))


def changed_flat(r):
    r.reshape(-1)[1] = 0.0
    return np.sum(r * np.arange(r.size).reshape(r.shape))


@program(np.asfortranarray(GRID), order=1)
@program(GRID, order=1)
@program(GRID.T, order=1)
@program(np.arange(12.0).reshape(3, 4)[:, ::2], refused=True)
def vectorized_in_memory_order(m):
    calls = []

    def f(v):
        calls.append(v)
        return v * v

    return changed_flat(np.vectorize(f)(m)) + sum(v * (k + 1) for k, v in enumerate(calls)) * len(calls)


@program(np.asfortranarray(GRID), order=1)
def vectorized_of_two_orders(m):
    f = np.vectorize(lambda a, b: (a * b, a + b))
    total = np.sum(np.frompyfunc(lambda v: v * v, 1, 1)(m).astype(float) * np.arange(6.0).reshape(2, 3))
    for other in (np.ascontiguousarray(m), np.arange(3.0), m[:, :1], 2.0):
        a, b = f(m, other)
        total = total + changed_flat(a) * changed_flat(b)
    return total


@program(THREE, refused=True)
def vectorized_with_a_cache(x):
    return np.sum(np.vectorize(lambda v: v * v, cache=True)(x))
