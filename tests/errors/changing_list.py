import numpy as np


def f(x):
    items = [x[0], x[1]]
    for v in items:
        if len(items) < 5:
            items.append(v * x[2])
    return items[4]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
changing_list.py:8:13: a list that changes while it is iterated
     8 |             items.append(v * x[2])
       |             ^^^^^^^^^^^^^^^^^^^^^^
    iterate over a copy: for v in list(items)
    while differentiating f (changing_list.py:4) with respect to x
"""
