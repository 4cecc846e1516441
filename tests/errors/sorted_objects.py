import numpy as np


def f(x):
    return sorted([x, 2.0 * x])[0][0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
sorted_objects.py:5:12: sorting by keys that are no numbers
     5 |     return sorted([x, 2.0 * x])[0][0]
       |            ^^^^^^^^^^^^^^^^^^^^
    give key=, a function that returns a number
    while differentiating f (sorted_objects.py:4) with respect to x
"""
