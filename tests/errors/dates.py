import numpy as np


def f(x):
    days = np.datetime64("2020-03-01") - np.datetime64("2020-02-01")
    return np.sum(x) * (days / np.timedelta64(1, "D"))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
dates.py:5:12: a value of dtype datetime64 in arithmetic
     5 |     days = np.datetime64("2020-03-01") - np.datetime64("2020-02-01")
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    pass numbers, such as days since a date: (t - t0) / np.timedelta64(1, 'D')
    while differentiating f (dates.py:4) with respect to x
"""
