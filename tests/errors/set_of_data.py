import numpy as np


def f(x):
    return sum({x[0], x[1]})


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
set_of_data.py:5:16: a key of a dict, or an element of a set, that is known only at run time
     5 |     return sum({x[0], x[1]})
       |                ^^^^^^^^^^^^
    use keys that do not depend on data, or an array or a list indexed by an integer
    while differentiating f (set_of_data.py:4) with respect to x
"""
