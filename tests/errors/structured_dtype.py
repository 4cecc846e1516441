import numpy as np


def f(x):
    pairs = np.zeros(3, dtype=[("u", float), ("v", float)])
    pairs["u"] = x
    return np.sum(pairs["u"] ** 2)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
structured_dtype.py:5:13: an array with named fields
     5 |     pairs = np.zeros(3, dtype=[("u", float), ("v", float)])
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    use one array for each field
    while differentiating f (structured_dtype.py:4) with respect to x
"""
