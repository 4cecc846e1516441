import numpy as np


def f(x):
    return eval('x[0] * x[1]')


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
eval_call.py:5:12: the call of eval is not supported
     5 |     return eval('x[0] * x[1]')
       |            ^^^^^^^^^^^^^^^^^^^
    call it outside of the function and pass the result
    while differentiating f (eval_call.py:4) with respect to x
"""
