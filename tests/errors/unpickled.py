import pickle

import numpy as np

stored = pickle.dumps([2.0])


def f(x):
    return np.sum(x) * pickle.loads(stored)[0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
unpickled.py:9:24: unpickling
     9 |     return np.sum(x) * pickle.loads(stored)[0]
       |                        ^^^^^^^^^^^^^^^^^^^^
    read before, and pass what was read as an argument
    while differentiating f (unpickled.py:8) with respect to x
"""
