import numpy as np


def f(x):
    pairs = zip(x, x[1:])
    return sum(a * b for a, b in pairs) / len(pairs)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
zip_without_length.py:6:43: the length of a zip, which has none
     6 |     return sum(a * b for a, b in pairs) / len(pairs)
       |                                           ^^^^^^^^^^
    make a list of it: len(list(...))
    while differentiating f (zip_without_length.py:4) with respect to x
"""
