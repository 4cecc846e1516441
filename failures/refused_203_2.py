"""Seed 203, order 2: refused.

<program 203:3e1d78f8>:26:5: an assignment between overlapping views of one array, in an order that NumPy leaves open
    26 |     v[::2] = v[:-2]
       |     ^^^^^^
    copy the right-hand side: x[a] = x[b].copy()
    while differentiating f (<program 203:3e1d78f8>:24) with respect to s, v
"""

import math
import numpy as np

def h1(q, s=2.0):
    q[-1, -4] = 0.8 * np.cos(np.tanh(s) * s / (2.5 + np.sin(math.atan(s))))
    for i1 in range(len(q)):
        q[1::2] += 0.8 * np.cos(np.full((1, 5), math.cos(1.0)))

def h2(q, c=1.0):
    for k0, y in enumerate(q):
        y = np.tanh(y[None].ravel() * 0.5)
    if -0.9 < c / (2.5 + np.sin(q[1, -4])) < 1.05:
        t0 = q
        q = -np.tanh(q)
    else:
        n0 = 0
        while n0 < 2:
            n0 += 1
            t1 = np.sin(q[1, n0] - np.sin(q[-2, -4]))
            t1 += np.tanh(0.7 * q[-1, n0 - 1] * 0.5)
            v53 = np.tanh(q[..., -3][[1, 1]] * np.transpose(q)[-5, ::-1][[0, 1]] * 0.5)
    return (1.3 + np.cos(abs(c))) ** 1.5 * c

def f(s, v):
    g3 = lambda a: np.sin(np.minimum(s, a) * (s + s))
    v[::2] = v[:-2]
    v4 = v[-2::-1].reshape(2, 2)
    g5 = lambda a: np.sin(v4[0, -2])
    for i0 in range(2):
        v4[::2, -2:] = np.sin(np.stack([np.broadcast_to(s, (2,))]))
    v7 = (v6 := np.cos(s)) * v[-3] - v[1]

    def g8(a, b=0.5):
        t1 = v4.reshape(-1)[1::2]
        return np.sin(np.clip(t1, -0.85, 1.15) @ t1)
    v6 += 0.8 * np.cos(v7 - v4[-2, 0])
    return s ** 2 + np.sum(v * v) + (v[-1] if np.maximum(s, v4[-2, 1]) > 1.5 else np.log(1.5 + np.square(v4[0, -2]))) + np.sin(v6) + v7 ** 2


args = (0.96, np.array([ 1.473,  0.193, -0.696, -0.331,  0.078]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
