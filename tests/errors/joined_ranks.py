import numpy as np


def f(x):
    return np.sum(np.concatenate([np.outer(x, x), x]))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
joined_ranks.py:5:19: joining arrays of 2 and 1 dimensions
     5 |     return np.sum(np.concatenate([np.outer(x, x), x]))
       |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    NumPy raises ValueError here: np.vstack and x[None] add an axis
    while differentiating f (joined_ranks.py:4) with respect to x
"""
