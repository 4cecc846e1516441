import numpy as np


def area(a, b):
    return a * b


def f(x):
    return area(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
wrong_arguments.py:9:12: this raises TypeError: area needs the argument 'b'
     9 |     return area(x[0])
       |            ^^^^^^^^^^
    so does the function itself when it is called
    while differentiating f (wrong_arguments.py:8) with respect to x
"""
