import numpy as np


def f(x):
    table = {0: x[0], 1: x[1]}
    return table[int(x[2])]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
key_from_data.py:6:12: a key of a dict, or an element of a set, that is known only at run time
     6 |     return table[int(x[2])]
       |            ^^^^^^^^^^^^^^^^
    use keys that do not depend on data, or an array or a list indexed by an integer
    while differentiating f (key_from_data.py:4) with respect to x
"""
