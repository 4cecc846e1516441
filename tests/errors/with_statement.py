import numpy as np


def f(x):
    with open('log') as file:
        file.write('x')
    return np.sum(x * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
with_statement.py:5:5: with is not supported
     5 |     with open('log') as file:
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^
    move it outside of the differentiated function
    while differentiating f (with_statement.py:4) with respect to x
"""
