"""Making, joining and reducing arrays; shapes as numbers; layout; products of every rank."""

import numpy as np

from programs.registry import array, program


@program(array(4), array(3, shift=1.0))
def broadcasting(x, y):
    z = x[:, None] * y + y[None] * x[0]
    return np.sum(z * z) + np.sum(z / (2.0 + y * y))


@program(array(3, 1), array(1, 4), 0.7)
def broadcasting_ones(a, b, c):
    return np.sum(a * b + c * a) + np.sum((a + b) ** 2) * c


@program(array(3))
def derived_dimension_is_one(x):
    return np.sum(x * x[2:]) + np.sum(x[1:] * x[:1])


@program(array(4))
def dimension_depends_on_the_loop(x):
    s = 0.0
    for k in range(1, 5):
        s += np.sum(x[:k] * x[0]) + np.sum(x[:1] * x[:k])
    return s


@program(array(3, 4))
def shape_arithmetic(m):
    r, c = m.shape
    n = m.size // r
    y = np.zeros((r + 1, n))
    y[:r] = m
    y[-1, : c - 2] = m[0, :2] * r
    return np.sum(y * y) / len(m) + np.sum(np.ones(m.ndim)) * m[0, 0]


@program(array(3, 4))
def reductions(m):
    a = np.sum(m, axis=0) * np.mean(m, axis=0)
    b = m.max(axis=1) * np.min(m, axis=1, keepdims=True)[:, 0]
    return np.sum(a * a) + np.sum(b) + np.prod(m[:, 0]) + np.var(m) + np.std(m, axis=1)[0] * m.sum()


@program(array(3, 4))
def variance_with_ddof(m):
    return np.sum(np.var(m, axis=0, ddof=1) * np.std(m, axis=0, ddof=1, keepdims=True))


@program(array(3, 4))
def cumulative(m):
    return np.sum(np.cumsum(m, axis=1) ** 2) + np.sum(m.cumsum() * np.arange(12.0))


@program(array(3), array(3, shift=1.0), array(3, 3))
def products_of_ranks(x, y, m):
    return x @ y + np.sum(m @ x * y) + np.sum(x @ m @ m) + np.dot(x, m[0]) * np.sum(np.outer(x, y) ** 2)


@program(array(2, 3, 2), array(2, 3), array(3))
def stacked_products(a, b, v):
    return np.sum((a @ b) ** 2) + np.sum(v @ a * 2.0) + np.sum(a.swapaxes(1, 2) @ v)


@program(array(3, 4), array(4, 2, shift=1.0))
def einsums(a, b):
    return np.sum(np.einsum("ij,jk->ik", a, b) ** 2) + np.einsum("ij,ij->", a, a) + np.sum(np.einsum("ij->ji", a) @ a)


@program(array(3), array(2, shift=1.0))
def joined(x, y):
    z = np.concatenate([x, y, x * x])
    w = np.stack([y, y * y], axis=1)
    v = np.concatenate((w, w.T), axis=0)
    return np.sum(z * z) + np.sum(v * v) * z[0]


@program(0.3, 0.7)
def array_of_scalars(a, b):
    x = np.array([a, b, a * b])
    y = np.array([[a, 1.0], [2, b]])
    x[0] = x[1] * x[2]
    return np.sum(x * x) + np.sum(y @ y)


@program(array(3), array(3, shift=1.0))
def array_of_arrays(x, y):
    m = np.array([x, y, x * y])
    m[0] *= m[1]
    return np.sum(m * m) + np.sum(x)


@program(array(3))
def asarray_shares_and_array_copies(x):
    a, b = np.asarray(x), np.array(x)
    a[0] = a[1] * a[2]
    b[1] = b[2] * b[2]
    return np.sum(x * x) + np.sum(b * b * b)


@program(0.7, array(3))
def made_arrays(a, x):
    y = np.full(3, a) + np.zeros(3) + np.ones_like(x) + np.full_like(x, a * a) + np.linspace(0.0, 1.0, 3)
    return np.sum(y * x) + np.sum(np.eye(3) @ x * np.arange(3)) + np.trace(np.diag(x * y))


@program(array(4))
def astype_copies(x):
    y = x.astype(float)
    y[0] = y[1] * y[2]
    z = (x > 0).astype(float)
    return np.sum(x * y) + np.sum(z * x)


@program(array(4))
def extrema_of_pairs(x):
    return np.sum(np.maximum(x, x[::-1] * 0.9)) + np.sum(np.minimum(x, 0.3) ** 2) + np.sum(np.clip(x, -0.5, 0.8) * x)


@program(array(4))
def functions_of_elements(x):
    y = np.exp(x) + np.log1p(x * x) + np.expm1(x) * np.tan(0.3 * x) + np.sqrt(1.0 + x * x)
    z = np.arctan(x) + np.arcsin(0.5 * x) * np.arccos(0.5 * x) + np.sinh(x) + np.abs(x) * np.sign(x) + np.square(x)
    return np.sum(y * z)


@program(array(3, 3) + 3.0 * np.eye(3), array(3))
def linear_algebra(m, v):
    s = m @ m.T
    low = np.linalg.cholesky(s)
    y = np.linalg.solve(m, v) @ v + np.linalg.det(m) + np.sum(np.linalg.inv(m) ** 2)
    return y + np.sum(low * low[0, 0]) + np.linalg.norm(v)


@program(array(2, 3, 2))
def axes_of_every_sign(a):
    b = np.sum(a, axis=(0, -1)) * np.mean(a, axis=-2)[0, 1]
    return np.sum(b * b) + np.sum(np.max(a, axis=-1, keepdims=True) * a)


@program(array(4))
def sorted_copy(x):
    y = np.sort(x)
    y[0] = y[1] * x[0]
    return np.sum(y * np.arange(4.0)) + np.sum(np.sort(x * x)[::-1] * x)


@program(array(5))
def operators_and_functions_are_one(x):
    y = np.multiply(x, x) - np.subtract(x, 1.0) + np.negative(x)
    y = np.divide(y, np.add(2.0, np.power(x, 2)))
    return y.sum() + x.mean() * x.dot(x) + np.true_divide(x, 2.0).max()


@program(array(5))
def python_builtins(x):
    return sum(x) * max(x) + min(x[0], x[1]) + abs(x[2]) + float(x[3]) ** 2 + len(x) * pow(x[4], 2) + round(1.7)


@program(array(3, 4))
def methods_chained(m):
    return (m.T.copy().reshape(2, 6).sum(axis=0) ** 2).mean() + m.ravel().dot(m.flatten()) + m.transpose(1, 0)[0].sum()


@program(array(4))
def large_powers_stay_finite(x):
    return np.sum(np.where(np.abs(x) > 1e-3, np.abs(x) ** 1.5, 0.0)) + np.sum((x * x) ** 0.5)


@program(array(3, 4), array(4, 2, shift=1.0), array(2, shift=2.0))
def softmax_layer(x, w, b):
    z = x @ w + b
    z = z - np.max(z, axis=1, keepdims=True)
    p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    return -np.mean(np.log(p[:, 0])) + 0.1 * np.sum(w * w)


@program(np.asfortranarray(array(3, 4)))
def fortran_order_kept(m):
    c = m.copy()
    d = m * 2.0
    e = np.zeros_like(m)
    e.T[0] = c[:, 0]
    c.reshape(-1)[0] = d[0, 1] ** 2
    return np.sum(c * c) + np.sum(d * e)


@program(array(3, 4))
def rows_of_an_array_joined(a):
    return np.sum(np.concatenate(a * 2) * np.hstack(a)) + np.sum(np.vstack(a)[1:] ** 3)


@program(array(2, 3, 2))
def blocks_of_an_array_joined(a):
    return np.sum(np.concatenate(a, axis=1)[::2] ** 2) + np.sum(np.vstack(a)[2] * np.hstack(a)[0, 1])


@program(array(3))
def promoted_types(x):
    y = np.zeros(3, dtype=np.promote_types(x.dtype, "float"))
    y[1:] = x[1:] ** 2
    return np.sum(y * x)


@program(array(2, 3))
def padded_with_anything(m):
    wide = np.pad(m, ((1, 1), (0, 2)), mode="empty")
    wide[0], wide[-1] = wide[1], wide[-2]
    wide[:, 3:] = 0.5
    return np.sum(wide * wide) + np.sum(wide[1:-1, :3])


@program(array(3))
def square_root_cancels_in_a_quotient(x):
    z = np.sqrt(np.sum(x * x))
    return z / z ** 2


@program(array(4, 3))
@program(np.asfortranarray(array(4, 3)))
def joined_in_the_order_of_memory(a):
    joined = np.vstack([a[-1:], a.T[:, 1:]])
    flat = joined.reshape(-1)
    return np.sum(flat ** 2 * np.arange(12)) + np.sum(joined[0])


@program(array(3, 4))
def joined_in_c_order(a):
    joined = np.concatenate([a, a * 2.0])
    flat = joined.reshape(-1)
    flat[1] = a[0, 0] ** 2
    return np.sum(joined ** 2)


@program(array(3))
def lists_where_arrays_are_meant(x):
    joined = np.concatenate(([x[0] * x[1]], x, [1.0]))
    chosen = np.where([True, False, True], x, 2.0) + np.choose([2, 1, 0], x)
    return np.sum(joined ** 2) + np.sum(chosen ** 2 * np.bincount([0, 1, 2], x)) + np.mean(x ** 2, axis=())[0]


@program(array(3, 4))
def orders_of_new_arrays(a):
    made = np.zeros_like(a, order="F") + np.full_like(a, 2.0, order="C")
    made[0] = np.array(a, order="F")[1] ** 2
    turned = np.zeros((3, 4), float, "F")
    turned[...] = a.astype(float, order="F") * np.asarray(a, order="C")
    flat = turned.reshape(-1)
    flat[0] = 9.0
    return np.sum(made * turned) + np.sum(flat)


@program(np.array(0.5, np.float32), order=1)
def mean_of_a_single_number(x):
    return np.nanmean(x)


@program(np.float32([0.5, -2.0, 0.7]), order=1)
def selected_in_single_precision(x):
    return np.select([x > 0, x < -1], [x * x, 2.0])


def scaled_by_a_product(q, r):
    q[1::-1] *= np.logaddexp(q, 0.0) @ np.broadcast_to(r, (4,))


@program(array(4), 0.3)
def product_of_vectors_in_a_write(x, s):
    scaled_by_a_product(x, s)
    return np.sum(np.sin(x))
