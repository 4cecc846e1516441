"""Seed 213, order 2: refused.

<program 213:4fa04ccc>:17:5: an assignment between overlapping views of one array, in an order that NumPy leaves open
    17 |     v[:2][:] = v.T[-2::-1]
       |     ^^^^^^^^
    copy the right-hand side: x[a] = x[b].copy()
    while differentiating f (<program 213:4fa04ccc>:16) with respect to s, v
"""

import math
import numpy as np

def h1(a, b=2.0):
    n0 = 0
    while n0 < 3 and b < 1.35:
        n0 += 1
        v52 = 0.8 * np.cos(np.exp(0.5 * np.sin(a if 0.5 ** 2 * 0.3 > 2 else b)))
        a, v52, b = (v52, b, a)
    if b ** 2 - b < 0.3:
        t2 = np.tanh(np.exp(-np.abs(a))) * np.full(3, np.ones(3).mean()).mean()
    else:
        t1 = np.zeros(4)
    return np.tanh(np.cos(float(b)))

def f(s, v):
    v[:2][:] = v.T[-2::-1]
    v2, v3 = (1.0 * np.ones((4, 3)), 1.0 * v.reshape(-1, 1).ravel())
    return np.sum(np.sin(v3)) + np.sum(np.sin(v2)) + 0.5 * (v ** 2).sum()


args = (0.948, np.array([ 0.224, -0.85 ,  1.031]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
