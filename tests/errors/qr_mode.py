import numpy as np


def f(x):
    q, _ = np.linalg.qr(x, mode="raw")
    return np.sum(q[:, :1])


args = (np.array([[0.3, -0.7], [1.2, 0.1], [0.4, 0.5]]),)

message = """\
qr_mode.py:5:12: np.linalg.qr with mode='raw'
     5 |     q, _ = np.linalg.qr(x, mode="raw")
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    mode='reduced' (the default), 'complete' or 'r'
    while differentiating f (qr_mode.py:4) with respect to x
"""
