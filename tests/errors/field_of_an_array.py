import numpy as np


def f(x, table):
    return np.sum(x * table["u"])


args = (np.array([0.3, -0.7, 1.2]), np.zeros(3, dtype=[("u", float)]))

message = """\
field_of_an_array.py:5:23: an item of table, an array of dtype [('u', '<f8')]
     5 |     return np.sum(x * table["u"])
       |                       ^^^^^^^^^^
    read it outside of the function
    while differentiating f (field_of_an_array.py:4) with respect to x
"""
