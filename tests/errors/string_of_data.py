import numpy as np


def f(x):
    return float(str(x[0])) * x[1]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
string_of_data.py:5:12: a text in arithmetic
     5 |     return float(str(x[0])) * x[1]
       |            ^^^^^^^^^^^^^^^^
    use the number that the text was made of
    while differentiating f (string_of_data.py:4) with respect to x
"""
