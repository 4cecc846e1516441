import numpy as np

names = np.array(["a", "b", "a"])


def f(x):
    return np.sum(x[names == "a"])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
array_of_texts.py:7:21: comparing an array of dtype <U1 (names)
     7 |     return np.sum(x[names == "a"])
       |                     ^^^^^^^^^^^^
    compare texts outside of the function, and pass the mask or the numbers
    while differentiating f (array_of_texts.py:6) with respect to x
"""
