"""Seed 106, order 2: refused.

<program 106:a2aafd4f>:24:9: whether this write changes another live array cannot be decided
    24 |         m[i0][-2] = np.sin(s)
       |         ^^^^^^^^^
    write to a copy: x = x.copy()
    while differentiating f (<program 106:a2aafd4f>:17) with respect to s, c, v, w, m
"""

import math
import numpy as np

def h1(q, c):
    return float(q.sum() / (2.5 + np.sin(np.exp(-np.abs(q[-3, 2])))))

def h2(a, b=2.0):
    b = h1(np.full((5, 4), np.minimum(b, a)), b) * (a + a)
    if b > 0.5:
        v53 = np.broadcast_to(a, (4,))[[1, 2, 2, 3]] @ (1.0 / (1.5 + np.tanh(np.full((4, 4), 0.9)))) * 0.5
        v54 = h1(np.tanh(np.full((5, 4), v53[-4] / (2.5 + np.sin(v53[-4])))) * np.expand_dims(v53, 0), v53[1])
        v53[::-1] *= np.sin(np.exp(-np.abs(v53)))
    else:
        v55 = v56 = 1.0 * np.var(np.arange(5.0))
    return np.tanh(np.exp(-np.abs(b)) * 0.5)

def f(s, c, v, w, m):
    for i0 in range(4):
        if i0 > 1:
            m[2], m[-1] = (m[-1], m[2])
        else:
            v = m[..., i0]
        np.multiply(w, 0.8 * np.cos(w), out=w)
        m[i0][-2] = np.sin(s)
    w[-3] = np.exp(0.5 * np.sin(s))
    return 0.5 * (v ** 2).sum() + np.mean(np.tanh(m)) + s + np.sum(w * w) + np.sin(c)


args = (0.008, 1.566, np.array([ 0.607,  1.098,  0.757, -0.215,  0.47 ]), np.array([-0.414,  1.129,  1.041, -0.57 ]), np.array([[ 0.325,  1.305,  0.763,  0.642],
       [ 0.392, -1.167, -1.18 , -0.91 ],
       [ 0.499,  1.147,  1.463,  0.848],
       [ 0.834, -0.671, -1.015,  0.954],
       [-0.469,  0.613,  1.31 , -1.019]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
