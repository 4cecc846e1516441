"""Seed 232, order 2: wrong.

forward and reverse mode differ: -0.539820420461802 and -0.6947650233381822; gradient (0.0, array([ 1.44199982, -0.74521013]), array([[0.        , 0.10727471],
       [0.        , 0.0831087 ],
       [0.        , 0.11073817]])), out_dot -0.539820420461802, tangents (0.1257302210933933, array([-0.13210486,  0.64042265]), array([[ 0.10490012, -0.53566937],
       [ 0.36159505,  1.30400005],
       [ 0.94708096, -0.70373524]]))
"""

import math
import numpy as np

def f(s, v, m):
    t0 = np.concatenate([np.full((3, 1), np.dot(v, m.reshape(2, 3)[1, :-1])), m], axis=1) - np.eye(3)
    g1 = lambda a: np.tanh(1.0 / (1.5 + np.tanh(np.sum(m))) * 0.5)
    if 0.3 * np.sum(v ** 2) > 0.3:
        v2 = v
        t0[:, -2] = np.linspace(0.1, 1.0, 3)
        if abs(s) < 0.9:
            v += np.tanh(np.cos(v) * 0.5)
        else:
            s = abs(float(0.8))
    m[-1, 1] /= 1.5 + np.tanh(s) ** 2
    return np.mean(np.tanh(t0)) + 0.5 * s + 0.5 * (v ** 2).sum()


args = (1.195, np.array([ 1.51 , -0.751]), np.array([[-0.443, -0.188],
       [-0.995, -0.552],
       [ 0.047,  1.058]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
