import numpy as np


def f(x):
    code = compile("x * 2.0", "text", "eval")
    return np.sum(eval(code))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
compiled_text.py:5:12: compile makes code of a text, which is not known when the function is compiled
     5 |     code = compile("x * 2.0", "text", "eval")
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    write what the text says as ordinary code
    while differentiating f (compiled_text.py:4) with respect to x
"""
