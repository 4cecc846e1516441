import numpy as np


def f(x):
    boxes = np.empty(2, dtype=object)
    boxes[0] = x
    return np.sum(boxes[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
object_array.py:5:13: an array of dtype object
     5 |     boxes = np.empty(2, dtype=object)
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^
    use an array of numbers, or a list of arrays
    while differentiating f (object_array.py:4) with respect to x
"""
