"""Seed 231, order 2: refused.

<program 231:15d5dd2f>:26:9: whether this write changes another live array cannot be decided
    26 |         h[0] = m[-1, -2] * (s * h[1])
       |         ^^^^
    write to a copy: x = x.copy()
    while differentiating f (<program 231:15d5dd2f>:9) with respect to s, v, m, layers
"""

import math
import numpy as np

def h1(a, k=2):
    if k <= 0:
        return 0.5 * a * a
    return np.sin(a) + 0.5 * h1(a * 0.8, k - 1)

def f(s, v, m, layers):
    h = np.maximum(s, layers[1][1])
    for weight, bias in layers:
        h = np.tanh(weight @ h + bias)

    def g2(a, b=0.5):
        v53 = h1(h1(layers[0][0][-2, -1]))
        return np.sin(np.exp(-np.abs(np.maximum(h[1], layers[0][0][-1, 0]))))
    h = layers[1][1]

    def g3(a, b=0.5):
        t1 = np.maximum(np.minimum(h, s), np.cos(s))
        return np.tanh(np.minimum(2, layers[0][0][1, 0]) / (1.5 + np.square(np.arctan(1.5))) * 0.5)
    for z in h:
        h = np.sin(np.maximum(np.sin(h), h))
        v[np.array([-2, 1, -1])] = np.tanh(np.tanh(v) * z)
    else:
        h[0] = m[-1, -2] * (s * h[1])
    m[-1, -2] += np.tanh(s / (2.5 + np.sin(s)) * 0.5)
    return s + np.sum(np.sin(m)) + np.mean(np.tanh(h))


args = (-0.035, np.array([ 0.898, -0.044,  0.402]), np.array([[-0.454,  1.564, -1.183],
       [ 0.684,  0.49 , -0.106]]), [(np.array([[ 1.561,  1.11 ],
       [-0.912, -0.698]]), np.array([ 1.078, -1.053])), (np.array([[-0.092,  1.125],
       [-0.308,  0.914]]), np.array([0.787, 0.24 ]))])

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
