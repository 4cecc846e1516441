import numpy as np


def f(x):
    m = __import__("math")
    return m.sin(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
dunder_import.py:5:9: __import__ cannot be followed
     5 |     m = __import__("math")
       |         ^^^^^^^^^^^^^^^^^^
    write an import statement
    while differentiating f (dunder_import.py:4) with respect to x
"""
