import numpy as np


def f(x):
    return np.sum(x) * float(input("scale? "))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
input_call.py:5:30: input asks a person each time
     5 |     return np.sum(x) * float(input("scale? "))
       |                              ^^^^^^^^^^^^^^^^
    ask before, and pass the answer as an argument
    while differentiating f (input_call.py:4) with respect to x
"""
