"""``rt``: the few functions that generated code may call besides NumPy's.

Plain NumPy, free of the rest of the package: standalone output holds a copy of those that it uses. Those that are no
operations of their own are lowered like a user's helper functions, so they are themselves differentiable. The last
group works on static values only and is evaluated when the function is compiled.
"""

import numpy as np

__all__ = ["add_lists", "cholesky_jvp", "cholesky_vjp", "cofactor", "cofactor_jvp", "concatenate_list_vjp",
           "concatenate_vjp", "counted_repeat_vjp", "cumprod_jvp", "cumprod_vjp", "det_jvp", "det_vjp", "diagonal",
           "diagonal_mask", "diagonal_vjp", "dot_axes", "dot_vjp_a", "dot_vjp_b", "einsum_adjoint", "einsum_covers",
           "einsum_repeats", "einsum_term", "exclusive_product", "expand", "hstack_vjp", "index_axes", "inner_vjp_a",
           "inner_vjp_b", "instance", "inverse_permutation", "leading_axes", "linspace_vjp", "log_or_zero",
           "matmul_vjp_a", "matmul_vjp_b", "matrix_norm_vjp", "max_jvp", "max_vjp", "negated", "norm_axes", "norm_vjp",
           "outer_vjp_a", "outer_vjp_b", "power_vjp", "prod_jvp", "prod_vjp", "ratio", "reciprocal", "repeat_vjp",
           "sdiv", "smul", "solve_jvp_a", "solve_vjp_a", "solve_vjp_b", "sort_vjp", "take_along_axis_vjp", "take_vjp",
           "tensordot_axes_a", "tensordot_axes_b", "tensordot_order_a", "tensordot_order_b", "tile_vjp", "trace_vjp",
           "unbroadcast", "vstack_list_vjp", "vstack_vjp", "zeros_list"]

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


# -- operations: the structural ones of the IR -------------------------------------------------------------------------


def unbroadcast(g, x):
    """``g`` summed to the shape of ``x``: the adjoint of broadcasting x to the shape of g."""
    shape = np.shape(x)
    extra = np.ndim(g) - len(shape)
    if extra > 0:
        g = np.sum(g, axis=tuple(range(extra)))
    stretched = tuple(k for k, n in enumerate(shape) if n == 1 and np.shape(g)[k] != 1)
    return np.sum(g, axis=stretched, keepdims=True) if stretched else g


def diagonal(x, offset=0, axis1=0, axis2=1):
    """``np.diagonal`` as a view that may be written to."""
    view = np.diagonal(x, offset, axis1, axis2)
    view.flags.writeable = True
    return view


def instance(cls, **fields):
    """An object of class ``cls`` with these attributes; its ``__init__`` is not run."""
    made = object.__new__(cls)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def zeros_list(items):
    """A list of zeros like the elements of ``items``, however deep."""
    if isinstance(items, (list, tuple)):
        return type(items)(zeros_list(v) for v in items)
    return np.zeros_like(items) if isinstance(items, np.ndarray) else type(items)(0)


def add_lists(a, b):
    """The sums of corresponding elements of two lists, however deep."""
    if isinstance(a, (list, tuple)):
        return type(a)(add_lists(x, y) for x, y in zip(a, b, strict=True))
    return a + b


def smul(g, p):
    """``g * p``, but zero where g is zero whatever p is; it never warns."""
    if type(g) is float and type(p) is float:
        return g * p if g != 0.0 else 0.0
    with np.errstate(all="ignore"):
        return np.where(np.equal(g, 0), g, np.multiply(g, p))[()]


def sdiv(g, p):
    """``g / p``, but zero where g is zero whatever p is; it never warns."""
    if type(g) is float and type(p) is float and p != 0.0:
        return g / p
    with np.errstate(all="ignore"):
        result = np.where(np.equal(g, 0), g, np.divide(g, p))[()]
    return float(result) if type(g) is float and type(p) is float else result


# -- guards ------------------------------------------------------------------------------------------------------------


def ratio(a, b):
    """``a / b``, but ``a`` where b is 0. Its own derivatives are NaN there, and nothing warns."""
    return a / np.where(b == 0.0, 1.0, b)[()]


def reciprocal(x):
    """``1 / x``, NaN at 0, without a warning."""
    zero = x == 0.0
    return np.where(zero, np.nan, 1.0 / np.where(zero, 1.0, x)).astype(np.asarray(x).dtype)[()]


def log_or_zero(x):
    """log(x), but 0 at 0 and NaN below, and no warning."""
    positive = x > 0.0
    below = np.where(x == 0.0, np.zeros_like(x), np.full_like(x, np.nan))
    return np.where(positive, np.log(np.where(positive, x, 1.0)), below)


def power_vjp(g, a, b):
    """``g * b * a ** (b - 1)``, as a division where b is below 1: that is quiet at a == 0."""
    return sdiv(g * b * np.power(a, np.maximum(b - 1, 0)), np.power(a, np.maximum(1 - b, 0)))


# -- reductions --------------------------------------------------------------------------------------------------------


def expand(g, axis, keepdims):
    """A reduction's result with the reduced axes put back, so that it broadcasts against the argument."""
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def max_vjp(g, y, a, axis, keepdims):
    """Elements that share the extreme value share the adjoint equally."""
    mask = (a == expand(y, axis, keepdims)).astype(a.dtype)
    return expand(g, axis, keepdims) / np.sum(mask, axis=axis, keepdims=True) * mask


def max_jvp(g, y, a, axis, keepdims):
    mask = (a == expand(y, axis, keepdims)).astype(a.dtype)
    return np.sum(g * mask, axis=axis, keepdims=keepdims) / np.sum(mask, axis=axis, keepdims=keepdims)


def exclusive_product(a):
    """Along the first axis, the product of all elements but this one; exact where elements are zero."""
    before = np.ones_like(a)
    after = np.ones_like(a)
    before[1:] = np.cumprod(a[:-1], axis=0)
    after[:-1] = np.flip(np.cumprod(np.flip(a[1:], 0), axis=0), 0)
    return before * after


def _others(a, axis):
    if axis is None:
        return np.reshape(exclusive_product(np.ravel(a)), np.shape(a))
    if isinstance(axis, tuple):
        first = np.moveaxis(a, axis, tuple(range(len(axis))))
        flat = np.reshape(first, (-1,) + np.shape(first)[len(axis):])
        return np.moveaxis(np.reshape(exclusive_product(flat), np.shape(first)), tuple(range(len(axis))), axis)
    return np.moveaxis(exclusive_product(np.moveaxis(a, axis, 0)), 0, axis)


def prod_vjp(g, a, axis, keepdims):
    return expand(g, axis, keepdims) * _others(a, axis)


def prod_jvp(g, a, axis, keepdims):
    return np.sum(g * _others(a, axis), axis=axis, keepdims=keepdims)


def _products_before(y):
    before = np.ones_like(y)
    before[1:] = y[:-1]
    return before


def _cumprod_vjp(g, y, a):
    """From the last factor to the first; right also where factors are zero."""
    rest = g.copy()
    for i in range(len(a) - 2, -1, -1):
        rest[i] += rest[i + 1] * a[i + 1]
    return rest * _products_before(y)


def _cumprod_jvp(g, y, a):
    result = g * _products_before(y)
    for i in range(1, len(a)):
        result[i] += result[i - 1] * a[i]
    return result


def cumprod_vjp(g, y, a, axis):
    if axis is None:
        return np.reshape(_cumprod_vjp(g, y, np.ravel(a)), np.shape(a))
    return np.moveaxis(_cumprod_vjp(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)), 0, axis)


def cumprod_jvp(g, y, a, axis):
    if axis is None:
        return _cumprod_jvp(np.ravel(g), y, np.ravel(a))
    return np.moveaxis(_cumprod_jvp(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)), 0, axis)


# -- manipulation ------------------------------------------------------------------------------------------------------


def concatenate_vjp(g, arrays, i, axis):
    """The part of g that came from element i."""
    if axis is None:
        first = 0
        for a in arrays[:i]:
            first = first + np.size(a)
        return np.reshape(g[first:first + np.size(arrays[i])], np.shape(arrays[i]))
    start = 0
    for a in arrays[:i]:
        start = start + np.shape(a)[axis]
    stop = start + np.shape(arrays[i])[axis]
    return g[start:stop] if axis == 0 else np.swapaxes(np.swapaxes(g, 0, axis)[start:stop], 0, axis)


def concatenate_list_vjp(g, arrays, axis):
    """The parts of g that came from the elements of a list."""
    parts = []
    start = 0
    for a in arrays:
        stop = start + (np.size(a) if axis is None else np.shape(a)[axis])
        if axis is None or axis == 0:
            parts.append(np.reshape(g[start:stop], np.shape(a)))
        else:
            parts.append(np.swapaxes(np.swapaxes(g, 0, axis)[start:stop], 0, axis))
        start = stop
    return parts


def vstack_list_vjp(g, arrays):
    parts = []
    start = 0
    for a in arrays:
        stop = start + (np.shape(a)[0] if np.ndim(a) > 1 else 1)
        parts.append(np.reshape(g[start:stop], np.shape(a)))
        start = stop
    return parts


def vstack_vjp(g, arrays, i):
    start = 0
    for a in arrays[:i]:
        start = start + (np.shape(a)[0] if np.ndim(a) > 1 else 1)
    stop = start + (np.shape(arrays[i])[0] if np.ndim(arrays[i]) > 1 else 1)
    return np.reshape(g[start:stop], np.shape(arrays[i]))


def hstack_vjp(g, arrays, i):
    if np.ndim(arrays[0]) > 1:
        return concatenate_vjp(g, arrays, i, 1)
    return concatenate_vjp(g, arrays, i, None)


def linspace_vjp(g, first, last, num, endpoint):
    """``g`` times the weights of one end, which are a linspace themselves; one column for each end if ends are arrays."""
    weights = np.linspace(first, last, num, endpoint=endpoint)
    return g * (weights if np.ndim(g) == 1 else np.reshape(weights, (-1,) + (1,) * (np.ndim(g) - 1)))


def repeat_vjp(g, a, repeats, axis):
    if np.ndim(repeats) > 0:
        return counted_repeat_vjp(g, a, repeats, axis)
    if axis is None:
        return np.reshape(np.sum(np.reshape(g, (np.size(a), repeats)), axis=1), np.shape(a))
    last = np.moveaxis(g, axis, -1)
    length = np.shape(a)[axis]
    parts = np.reshape(last, np.shape(last)[:-1] + (length, repeats))
    return np.moveaxis(np.sum(parts, axis=-1), -1, axis)


def counted_repeat_vjp(g, a, repeats, axis):
    """Every element has its own number of copies."""
    if axis is None:
        flat = np.zeros(np.size(a), g.dtype)
        np.add.at(flat, np.repeat(np.arange(np.size(a)), repeats), g)
        return np.reshape(flat, np.shape(a))
    result = np.zeros(np.shape(np.moveaxis(a, axis, 0)), g.dtype)
    np.add.at(result, np.repeat(np.arange(len(result)), repeats), np.moveaxis(g, axis, 0))
    return np.moveaxis(result, 0, axis)


def tile_vjp(g, A, reps):
    """One axis for the copies before each axis of the (extended) argument, summed."""
    counts = reps if isinstance(reps, tuple) else (reps,)
    counts = (1,) * (np.ndim(g) - len(counts)) + counts
    shape = (1,) * (np.ndim(g) - np.ndim(A)) + np.shape(A)
    split = tuple(n for pair in zip(counts, shape, strict=True) for n in pair)
    total = np.sum(np.reshape(g, split), axis=tuple(range(0, 2 * np.ndim(g), 2)))
    return np.reshape(total, np.shape(A))


def take_vjp(g, a, indices, axis):
    if axis is None:
        flat = np.zeros(np.size(a), g.dtype)
        np.add.at(flat, indices, g)
        return np.reshape(flat, np.shape(a))
    result = np.zeros(np.shape(a), g.dtype)
    np.add.at(np.moveaxis(result, axis, 0), indices, np.moveaxis(g, *index_axes(axis, np.ndim(a), np.ndim(indices))))
    return result


def take_along_axis_vjp(g, a, indices, axis):
    """Every line along the axis is a row of a matrix; each row's elements go where they were taken from."""
    if axis is None:
        flat = np.zeros(np.size(a), g.dtype)
        np.add.at(flat, indices, g)
        return np.reshape(flat, np.shape(a))
    result = np.zeros(np.shape(np.moveaxis(a, axis, -1)), g.dtype)
    columns = np.moveaxis(indices, axis, -1)
    rows = np.reshape(np.arange(np.size(columns) // max(np.shape(columns)[-1], 1)), (-1, 1))
    matrix = np.reshape(result, (-1, np.shape(a)[axis]))
    width = np.shape(indices)[axis]
    np.add.at(matrix, (rows, np.reshape(columns, (-1, width))), np.reshape(np.moveaxis(g, axis, -1), (-1, width)))
    return np.moveaxis(np.reshape(matrix, np.shape(result)), -1, axis)


def sort_vjp(g, a, axis):
    """Back through the inverse of the permutation that sorts."""
    return np.take_along_axis(g, np.argsort(np.argsort(a, axis=axis), axis=axis), axis=axis)


def diagonal_vjp(g, a, offset=0, axis1=0, axis2=1):
    result = np.zeros(np.shape(np.moveaxis(a, (axis1, axis2), (0, 1))), g.dtype)
    steps = np.arange(np.shape(g)[-1])
    result[steps + max(-offset, 0), steps + max(offset, 0)] = np.moveaxis(g, -1, 0)
    return np.moveaxis(result, (0, 1), (axis1, axis2))


def trace_vjp(g, a, offset, axis1, axis2):
    matrices = np.expand_dims(g, (-2, -1)) * np.eye(np.shape(a)[axis1], np.shape(a)[axis2], offset)
    return np.moveaxis(matrices, (-2, -1), (axis1, axis2))


def diagonal_mask(a, term):
    """Ones of the shape of ``a`` where the indices agree whose letters in ``term`` do, zeros elsewhere."""
    mask = np.ones_like(a)
    index = np.indices(mask.shape, sparse=True)
    for k, letter in enumerate(term):
        mask = mask * (index[k] == index[term.index(letter)])
    return mask


# -- products ----------------------------------------------------------------------------------------------------------


def matmul_vjp_a(g, a, b):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return g * b
    if np.ndim(a) == 1:
        return b @ g if np.ndim(b) == 2 else np.squeeze(b @ np.expand_dims(g, -1), -1)
    if np.ndim(b) == 1:
        return np.outer(g, b) if np.ndim(a) == 2 else np.expand_dims(g, -1) * b
    return g @ np.swapaxes(b, -1, -2)


def matmul_vjp_b(g, a, b):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return g * a
    if np.ndim(a) == 1:
        return np.outer(a, g) if np.ndim(b) == 2 else np.expand_dims(a, -1) * np.expand_dims(g, -2)
    if np.ndim(b) == 1:
        return g @ a if np.ndim(a) == 2 else np.tensordot(g, a, np.ndim(g))
    return np.swapaxes(a, -1, -2) @ g


def dot_vjp_a(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * b
    if np.ndim(b) <= 2 and np.ndim(a) <= 2:
        return matmul_vjp_a(g, a, b)
    if np.ndim(b) == 1:
        return np.expand_dims(g, -1) * b
    return np.tensordot(g, b, dot_axes(np.ndim(g), np.ndim(a), np.ndim(b)))


def dot_vjp_b(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if np.ndim(b) <= 2 and np.ndim(a) <= 2:
        return matmul_vjp_b(g, a, b)
    lines = np.tensordot(a, g, leading_axes(np.ndim(a) - 1))
    return lines if np.ndim(b) == 1 else np.moveaxis(lines, 0, -2)


def inner_vjp_a(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0 or np.ndim(b) == 1:
        return np.multiply(g if np.ndim(a) <= 1 else np.expand_dims(g, -1), b)
    return np.tensordot(g, b, np.ndim(b) - 1)


def inner_vjp_b(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if np.ndim(a) == 1:
        return np.multiply(g if np.ndim(b) == 1 else np.expand_dims(g, -1), a)
    return np.tensordot(g, a, leading_axes(np.ndim(a) - 1))


def outer_vjp_a(g, a, b):
    return np.reshape(g @ np.ravel(b), np.shape(a))


def outer_vjp_b(g, a, b):
    return np.reshape(np.ravel(a) @ g, np.shape(b))


# -- matrices ----------------------------------------------------------------------------------------------------------


def solve_vjp_b(g, a, b):
    if np.ndim(b) == 1 and np.ndim(a) > 2:  # NumPy takes a right-hand side of more dimensions for a stack of matrices
        return np.squeeze(np.linalg.solve(np.swapaxes(a, -1, -2), np.expand_dims(g, -1)), -1)
    return np.linalg.solve(np.swapaxes(a, -1, -2), g)


def solve_jvp_a(g, a, b, y):
    if np.ndim(b) == 1 and np.ndim(a) > 2:
        return -np.squeeze(np.linalg.solve(a, g @ np.expand_dims(y, -1)), -1)
    return -np.linalg.solve(a, g @ y)


def solve_vjp_a(g, a, b, y):
    """``-w y.T`` where w is the adjoint of b."""
    w = solve_vjp_b(g, a, b)
    if np.ndim(b) == 1:
        return -np.expand_dims(w, -1) * np.expand_dims(y, -2)
    return -(w @ np.swapaxes(y, -1, -2))


def det_vjp(g, a):
    """``g`` times the transposed inverse: the adjoint of the log-determinant."""
    return np.expand_dims(g, (-2, -1)) * np.swapaxes(np.linalg.inv(a), -1, -2)


def det_jvp(g, a):
    return np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * g, axis=(-2, -1))


def _singular_values(a):
    """``u, s, v`` with a = u @ diag(s) @ v.T, and det(u) * det(v)."""
    u, s, vh = np.linalg.svd(a)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return u, s, np.swapaxes(vh, -1, -2), sign[..., np.newaxis, np.newaxis]


def cofactor(a):
    """The matrix of cofactors, the gradient of the determinant: det(a) inv(a).T, but also where a is singular."""
    det = np.linalg.det(a)
    if np.all(det != 0.0):
        return det[..., np.newaxis, np.newaxis] * np.swapaxes(np.linalg.inv(a), -1, -2)
    u, s, v, sign = _singular_values(a)
    others = np.moveaxis(exclusive_product(np.moveaxis(s, -1, 0)), 0, -1)
    return sign * ((u * others[..., np.newaxis, :]) @ np.swapaxes(v, -1, -2))


def cofactor_jvp(d, a):
    """The derivative of :func:`cofactor` in the direction d; as a map of d it is its own transpose."""
    u, s, v, sign = _singular_values(a)
    n = s.shape[-1]
    ones = np.eye(n, dtype=bool)
    rows = np.where(ones, 1.0, s[..., np.newaxis, :])  # row i: the singular values without number i
    pairs = np.where(ones, 0.0, np.moveaxis(exclusive_product(np.moveaxis(rows, -1, 0)), 0, -1))  # and without number j
    b = np.swapaxes(u, -1, -2) @ d @ v
    diagonal = np.sum(pairs * np.diagonal(b, axis1=-2, axis2=-1)[..., np.newaxis, :], axis=-1)
    inner = np.where(ones, diagonal[..., np.newaxis], -np.swapaxes(b, -1, -2) * pairs)
    return sign * (u @ inner @ np.swapaxes(v, -1, -2))


def matrix_norm_vjp(g, x, ord, axis, keepdims):
    """Of the largest (or smallest) sum of absolute values of a column (1) or row (inf); ties share equally."""
    within, across = norm_axes(ord, axis)
    sums = np.sum(np.absolute(x), axis=within, keepdims=True)
    extreme = np.max(sums, axis=across, keepdims=True) if ord > 0 else np.min(sums, axis=across, keepdims=True)
    chosen = (sums == extreme).astype(x.dtype)
    whole = g if axis is None or keepdims else np.expand_dims(g, axis)
    return whole * (np.sign(x) * (chosen / np.sum(chosen, axis=across, keepdims=True)))


def norm_vjp(g, y, x, ord, axis, keepdims):
    """Of the norm of vectors: the extreme absolute values for an infinite ord, else a power mean."""
    if abs(ord) == np.inf:
        return np.sign(x) * max_vjp(g, y, np.absolute(x), axis, keepdims)
    whole = expand(y, axis, keepdims)
    return smul(expand(g, axis, keepdims), np.sign(x) * np.power(ratio(np.absolute(x), whole), ord - 1))


def _half(m):
    """The lower triangle with half the diagonal: half of a symmetric matrix."""
    return 0.5 * (np.tril(m) + np.tril(m, -1))


def cholesky_vjp(g, y):
    """NumPy reads the lower triangle only, so that is where the adjoint goes."""
    upper = np.swapaxes(y, -1, -2)
    s = np.linalg.solve(upper, _half(upper @ g))
    s = np.swapaxes(np.linalg.solve(upper, np.swapaxes(s, -1, -2)), -1, -2)
    return np.tril(s) + np.tril(np.swapaxes(s, -1, -2), -1)


def cholesky_jvp(g, y):
    s = np.tril(g) + np.swapaxes(np.tril(g, -1), -1, -2)
    s = np.linalg.solve(y, s)
    return y @ _half(np.linalg.solve(y, np.swapaxes(s, -1, -2)))


# -- on static values, when the function is compiled -------------------------------------------------------------------


def norm_axes(ord, axis):
    """The axis that a matrix norm sums over, and the one over which it then takes the largest or smallest sum."""
    rows, columns = (-2, -1) if axis is None else axis
    return (rows, columns) if ord in (1, -1) else (columns, rows)


def negated(shift):
    """The shifts of ``np.roll`` that undo ``shift``."""
    return tuple(-s for s in shift)


def inverse_permutation(axes):
    return tuple(int(k) for k in np.argsort([axis % len(axes) for axis in axes]))


def index_axes(axis, rank, count):
    """The axes of ``np.take``'s result that the indices made, and where they go: to the front."""
    return tuple(range(axis % rank, axis % rank + count)), tuple(range(count))


def leading_axes(count):
    """Axes for ``np.tensordot`` over the first ``count`` axes of both operands."""
    return tuple(range(count)), tuple(range(count))


def dot_axes(rank_g, rank_a, rank_b):
    """Axes for the adjoint of np.dot's first operand: all of b but its last but one."""
    return tuple(range(rank_a - 1, rank_g)), tuple(k for k in range(rank_b) if k != rank_b - 2)


def _contraction(axes, rank_a, rank_b):
    """np.tensordot's axes: (contracted, free) of each operand."""
    if isinstance(axes, int):
        axes = tuple(range(rank_a - axes, rank_a)), tuple(range(axes))
    left, right = ((k,) if isinstance(k, int) else tuple(k) for k in axes)
    left, right = tuple(k % rank_a for k in left), tuple(k % rank_b for k in right)
    return left, tuple(k for k in range(rank_a) if k not in left), right, tuple(k for k in range(rank_b) if k not in right)


def tensordot_axes_a(axes, rank_a, rank_b):
    """Axes of ``np.tensordot(g, b, ...)`` in the adjoint of a."""
    _, free_a, _, free_b = _contraction(axes, rank_a, rank_b)
    return tuple(range(len(free_a), len(free_a) + len(free_b))), free_b


def tensordot_order_a(axes, rank_a, rank_b):
    """The transpose that puts the axes of that product in a's order."""
    left, free_a, right, _ = _contraction(axes, rank_a, rank_b)
    return inverse_permutation(free_a + tuple(left[right.index(k)] for k in sorted(right)))


def tensordot_axes_b(axes, rank_a, rank_b):
    """Axes of ``np.tensordot(a, g, ...)`` in the adjoint of b."""
    _, free_a, _, _ = _contraction(axes, rank_a, rank_b)
    return free_a, tuple(range(len(free_a)))


def tensordot_order_b(axes, rank_a, rank_b):
    left, _, right, free_b = _contraction(axes, rank_a, rank_b)
    return inverse_permutation(tuple(right[left.index(k)] for k in sorted(left)) + free_b)


def einsum_adjoint(subscripts, i):
    """The subscripts of operand i's adjoint: its place is taken by g; one operand more if a letter would be missing."""
    inputs, output = subscripts.replace(" ", "").split("->")
    terms = inputs.split(",")
    own, terms[i] = einsum_term(subscripts, i), output
    if not einsum_covers(subscripts, i):
        terms.append(own)
    return ",".join(terms) + "->" + own


def einsum_term(subscripts, i):
    """The letters of operand i, repeated ones replaced by unused ones."""
    inputs, _ = subscripts.replace(" ", "").split("->")
    unused = (letter for letter in LETTERS if letter not in inputs)
    term = inputs.split(",")[i]
    return "".join(next(unused) if letter in term[:k] else letter for k, letter in enumerate(term))


def einsum_covers(subscripts, i):
    """Whether every letter of operand i occurs in the output or in another operand."""
    inputs, output = subscripts.replace(" ", "").split("->")
    terms = inputs.split(",")
    return not einsum_repeats(subscripts, i) and set(terms[i]) <= set(output).union(*terms[:i], *terms[i + 1:])


def einsum_repeats(subscripts, i):
    """Operand i's letters if one of them occurs twice, else nothing."""
    term = subscripts.replace(" ", "").split("->")[0].split(",")[i]
    return term if len(set(term)) < len(term) else ""
