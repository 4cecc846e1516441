"""Seed 79, order 2: crashed.

Traceback (most recent call last):
  File "/work/main/tests/oracle.py", line 47, in judge
    check(fun, args, order)
  File "/work/main/tests/oracle.py", line 62, in check
    second_order(scalar_of(fun, args), args)
  File "/work/main/tests/oracle.py", line 210, in second_order
    out, pullback = _guarded(lambda *a: srcdiff.vjp(gradient, *a, argnums=argnums), args, None)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/tests/oracle.py", line 138, in _guarded
    result = call(*given)
             ^^^^^^^^^^^^
  File "/work/main/tests/oracle.py", line 210, in <lambda>
    out, pullback = _guarded(lambda *a: srcdiff.vjp(gradient, *a, argnums=argnums), args, None)
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 281, in vjp
    argnums = tuple(range(len(args)))
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 86, in specialise
    return self._table.find_or_make(signature.key, values, lambda: self._specialise(signature, values))
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/cache.py", line 90, in find_or_make
    found = make()
            ^^^^^^
  File "/work/main/srcdiff/api.py", line 86, in <lambda>
    return self._table.find_or_make(signature.key, values, lambda: self._specialise(signature, values))
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 89, in _specialise
    compiled = self.compile(signature)
               ^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/api.py", line 115, in compile
    return compiler.compile(self.derivation, form or self._form)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/pipeline.py", line 109, in compile
    module = self.stage("guards", scalar_guards.run, module)
                                              ^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 29, in run
    functions = {name: _function(f) for name, f in module.functions.items()}
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 29, in <dictcomp>
    functions = {name: _function(f) for name, f in module.functions.items()}
                       ^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 34, in _function
    return replace(fn, body=_block(fn.body))
                            ^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 41, in _block
    stmt = replace(stmt, then=_block(stmt.then), orelse=_block(stmt.orelse))
                              ^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 41, in _block
    stmt = replace(stmt, then=_block(stmt.then), orelse=_block(stmt.orelse))
                              ^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 44, in _block
    elif _needs_order(stmt):
         ^^^^^^^^^^^^^^^^^^
  File "/work/main/srcdiff/optimize/contiguous.py", line 57, in _needs_order
    assert isinstance(path, Path) and isinstance(base.type, Array)
AssertionError
"""

import math
import numpy as np

def h1(q, s=2.0):
    q[None][0, -2:] = np.tanh(1.5 * 0.5)
    q[1:] = np.sin(np.sort(q[:-1]))

def h2(*args, scale=0.5):
    total = 0.0
    for a in args:
        total += np.sin(a) * scale
    return total

def f(s, v):
    s *= np.tanh(np.sqrt(1.2 + v[0] ** 2))
    if v[1] ** 2 - s > 1.1:
        if np.mean(v) < 0.5:
            v[-1] = np.maximum(s, s)
            v = v.ravel()
            return np.min(v[...] * v)
        elif math.tanh(v[2]) > 0.9:
            v[-2] += np.sin(np.expm1(0.3 * np.tanh(s)))
            return s
        else:
            v3, v4 = (1.0 * np.exp(-np.abs(s)), 1.0 * (1.0 / (1.5 + np.tanh(s))))
            v3 = np.tanh(np.maximum(v[0], 1.1))
        return (1.3 + np.cos(v.sum())) ** 1.5
    elif v.mean() > 2:
        v5 = 0.7 * (v ** 2 - v)
        v5 = np.sqrt(1.2 + v5 ** 2)
    else:
        v[2:] -= 0.8 * np.cos(v[:, None][2, ::-1] + np.ones(1))
    v6 = (np.zeros((4, 4)) / (1.5 + np.square(np.arange(4.0)))).max(axis=1)
    return np.mean(np.tanh(v)) + 0.5 * (v6 ** 2).sum()


args = (1.374, np.array([ 0.624,  1.332, -1.179]))

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
