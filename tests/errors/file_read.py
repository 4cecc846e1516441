import numpy as np


def f(x):
    with open("/etc/hostname") as file:
        n = len(file.read())
    return np.sum(x) * n


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
file_read.py:6:17: reading a file inside of the function
     6 |         n = len(file.read())
       |                 ^^^^^^^^^^^
    read it before, and pass what it holds as an argument
    while differentiating f (file_read.py:4) with respect to x
"""
