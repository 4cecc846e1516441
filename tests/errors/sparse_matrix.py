import numpy as np


class Sparse:
    """As in scipy.sparse."""

    __slots__ = ("rows",)
    __array_priority__ = 10.1

    def toarray(self):
        return np.eye(3)


Sparse.__module__ = "scipy.sparse"
A = Sparse()


def f(x):
    return np.sum(A * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
sparse_matrix.py:19:19: a Sparse (A) in arithmetic
    19 |     return np.sum(A * x)
       |                   ^^^^^
    use a dense array, A.toarray(), or give the product a rule (srcdiff.custom_vjp)
    while differentiating f (sparse_matrix.py:18) with respect to x
"""
