import numpy as np


def f(x):
    relu = np.vectorize(lambda v: v if v > 0 else 0)
    return np.sum(relu(x))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
vectorized_types.py:6:19: np.vectorize of a function that returns an integer on one path and a float on another, where NumPy takes the type of the first result for all
     6 |     return np.sum(relu(x))
       |                   ^^^^^^^
    return floats on every path
    while differentiating f (vectorized_types.py:4) with respect to x
"""
