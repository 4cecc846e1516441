import numpy as np


def f(x):
    return eval('x[0] * x[1]')


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
eval_call.py:5:12: eval runs a text, which is not known when the function is compiled
     5 |     return eval('x[0] * x[1]')
       |            ^^^^^^^^^^^^^^^^^^^
    write what the text says as ordinary code
    while differentiating f (eval_call.py:4) with respect to x
"""
