import threading

import numpy as np


def f(x):
    found = []
    worker = threading.Thread(target=lambda: found.append(np.sum(x)))
    worker.start()
    worker.join()
    return found[0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
thread_inside.py:8:14: a thread that is started inside of the function
     8 |     worker = threading.Thread(target=lambda: found.append(np.sum(x)))
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    call the function that it would run
    while differentiating f (thread_inside.py:6) with respect to x
"""
