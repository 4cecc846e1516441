import numpy as np

weights = np.array([1.0, 2.0, 3.0], dtype=object)


def f(x):
    return np.sum(weights * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
array_of_objects.py:7:19: an array of dtype object (weights) in arithmetic
     7 |     return np.sum(weights * x)
       |                   ^^^^^^^^^^^
    use an array of numbers: astype(float) outside of the function
    while differentiating f (array_of_objects.py:6) with respect to x
"""
