import numpy as np


class Place:
    def __index__(self):
        return 1


place = Place()


def f(x):
    return x[place] ** 2


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
instance_as_an_index.py:13:12: an index that is a Place (place)
    13 |     return x[place] ** 2
       |            ^^^^^^^^
    indices are integers, slices, None, ... or arrays of integers or bools
    while differentiating f (instance_as_an_index.py:12) with respect to x
"""
