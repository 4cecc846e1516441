"""Seed 60, order 2: crashed.

Traceback (most recent call last):
  File "/work/main/tests/oracle.py", line 47, in judge
    check(fun, args, order)
  File "/work/main/tests/oracle.py", line 62, in check
    second_order(scalar_of(fun, args), args)
  File "/work/main/tests/oracle.py", line 213, in second_order
    results["reverse over reverse"] = pullback(seed)
                                      ^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 251, in __call__
    return run(self._backward, (self._stash, fit(out_bar, self._outline, "out_bar")))
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 157, in run
    return function(*args)
           ^^^^^^^^^^^^^^^
  File "<srcdiff f_grad_fwd 8c89c22adc29>", line 31, in f_grad_bwd
    v2_bar_bar = np.float64(t6.reshape())
                            ^^^^^^^^^^^^
TypeError: reshape() takes exactly 1 argument (0 given)
in code generated from <program 60:ae88a87b>, line 7: v2 = np.array(out1).sum(axis=0)
"""

import numpy as np

def f(s, v, layers):
    h = layers[1][1]
    out1 = []
    out1.append(np.sin(s ** 2 - s))
    v2 = np.array(out1).sum(axis=0)
    t1 = v2
    return t1 ** 2 + 0.5 * (h ** 2).sum() + 0.5 * (v ** 2).sum()


args = (-0.557, np.array([ 1.279,  1.531, -1.085,  1.377, -0.942]), [(np.array([[-0.045,  0.833, -0.834],
       [ 0.549,  1.026, -0.783],
       [ 0.47 ,  1.074, -1.065]]), np.array([ 1.557, -0.781,  1.472])), (np.array([[-0.587,  0.993,  0.331],
       [-1.015, -0.577,  0.78 ],
       [-0.482,  1.13 ,  0.849]]), np.array([0.421, 1.512, 0.201]))])

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
