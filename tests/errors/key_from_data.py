import numpy as np


def f(x):
    table = {0.5: x[0], 1.0: x[1]}
    return table[round(float(x[2]), 1)]


args = (np.array([0.3, -0.7, 1.0]),)

message = """\
key_from_data.py:6:12: a key of a dict, or an element of a set, that is known only at run time
     6 |     return table[round(float(x[2]), 1)]
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    use keys that do not depend on data, or an array or a list indexed by an integer
    while differentiating f (key_from_data.py:4) with respect to x
"""
