import numpy as np


def f(x):
    y = np.zeros(3, dtype=int)
    y ^= 3
    x //= 2.0
    x @= np.eye(3)
    x **= x
    x >>= 1
    return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
augmented_operator.py:10:5: np.right_shift does not take operands of type float64, int64: ufunc 'right_shift' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''
    10 |     x >>= 1
       |     ^^^^^^^
    while differentiating f (augmented_operator.py:4) with respect to x
"""
