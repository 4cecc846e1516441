import numpy as np


def f(x):
    exec("y = x * 2.0")
    return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
exec_call.py:5:5: exec runs a text, which is not known when the function is compiled
     5 |     exec("y = x * 2.0")
       |     ^^^^^^^^^^^^^^^^^^^
    write what the text says as ordinary code
    while differentiating f (exec_call.py:4) with respect to x
"""
