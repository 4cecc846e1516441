"""Seed 232, order 1: wrong.

forward and reverse mode differ: 0.1735944773144726 and 0.24709840703438746; gradient (array([-0.09364087,  0.00797305]), array([[0.09187083, 0.10727471],
       [0.04702007, 0.0831087 ],
       [0.11086603, 0.0426596 ]])), out_dot 0.1735944773144726, tangents (array([ 0.12573022, -0.13210486]), array([[ 0.64042265,  0.10490012],
       [-0.53566937,  0.36159505],
       [ 1.30400005,  0.94708096]]))
"""

import numpy as np

def f(v, m):
    t0 = np.concatenate([np.full((3, 1), np.dot(v, m.reshape(2, 3)[1, :-1])), m], axis=1)
    return np.mean(np.tanh(t0))


args = (np.array([ 1.51 , -0.751]), np.array([[-0.443, -0.188],
       [-0.995, -0.552],
       [ 0.047,  1.058]]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 1)
