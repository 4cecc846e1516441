"""Functions of static values (axes, ranks, subscripts): they are evaluated when a function is compiled."""

import numpy as np

__all__ = ["LETTERS", "dot_axes", "downwards", "einsum_adjoint", "einsum_covers", "einsum_repeats", "einsum_term", "index_axes",
           "inverse_norm", "inverse_permutation", "leading_axes", "matrix_axes", "norm_axes", "quantile_constants",
           "tensordot_axes_a", "tensordot_axes_b", "tensordot_order_a", "tensordot_order_b"]

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def matrix_axes(axis):
    """The axes of the matrices of a norm: at the end, and where they are."""
    return (-2, -1), (-2, -1) if axis is None else axis


def norm_axes(ord, axis):
    """The axis that a matrix norm sums over, and the one over which it then takes the largest or smallest sum."""
    rows, columns = (-2, -1) if axis is None else axis
    return (rows, columns) if ord in (1, -1) else (columns, rows)


def downwards(rank):
    """The axes from the last to the first."""
    return tuple(range(rank - 1, -1, -1))


def inverse_norm(norm):
    """The scale of the inverse Fourier transform."""
    return {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}[norm]


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


def quantile_constants(method):
    """alpha and beta of a continuous method for quantiles (Hyndman and Fan 1996); None where they are elements themselves."""
    third, eighths = (1 / 3, 1 / 3), (3 / 8, 3 / 8)
    return {"linear": (1, 1), "midpoint": (1, 1), "interpolated_inverted_cdf": (0, 1), "hazen": (0.5, 0.5), "weibull": (0, 0),
            "median_unbiased": third, "normal_unbiased": eighths}.get(method)
