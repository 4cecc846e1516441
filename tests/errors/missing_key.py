import numpy as np


def f(x):
    table = {"a": x[0]}
    return table["b"]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
missing_key.py:6:12: this raises KeyError: the dict has no key 'b'
     6 |     return table["b"]
       |            ^^^^^^^^^^
    so does the function itself when it is called
    while differentiating f (missing_key.py:4) with respect to x
"""
