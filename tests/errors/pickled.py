import pickle

import numpy as np


def f(x):
    return np.sum(pickle.loads(pickle.dumps(x)))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
pickled.py:7:32: pickling: bytes have no derivative
     7 |     return np.sum(pickle.loads(pickle.dumps(x)))
       |                                ^^^^^^^^^^^^^^^
    use the value itself
    while differentiating f (pickled.py:6) with respect to x
"""
