import numpy as np


def f(x):
    y = x[0]
    return x[1] if y is x[0] else x[2]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
is_of_numbers.py:6:20: is on arrays or numbers is not supported
     6 |     return x[1] if y is x[0] else x[2]
       |                    ^^^^^^^^^
    use ==
    while differentiating f (is_of_numbers.py:4) with respect to x
"""
