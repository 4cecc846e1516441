import numpy as np


def f(x):
    return x + "a"


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
text_added.py:5:12: an array added to a text
     5 |     return x + "a"
       |            ^^^^^^^
    str(x) or an f-string makes a text of it
    while differentiating f (text_added.py:4) with respect to x
"""
