import numpy as np


def f(x):
    a, b = x[0], x[1], x[2]
    return a * b


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
unpacked_wrongly.py:5:5: this raises ValueError: cannot unpack 3 values into 2
     5 |     a, b = x[0], x[1], x[2]
       |     ^^^^
    so does the function itself when it is called
    while differentiating f (unpacked_wrongly.py:4) with respect to x
"""
