import numpy as np


def f(x):
    found = {}
    for k, v in enumerate(x):
        found[k % 2] = v * v
    print(found)
    return found[0] * found[1]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
keys_from_the_run.py:8:5: showing a dict with keys that only the run knows
     8 |     print(found)
       |     ^^^^^^^^^^^^
    show list(d) and list(d.values())
    while differentiating f (keys_from_the_run.py:4) with respect to x
"""
