"""Seed 183, order 2: wrong.

forward over reverse differs from differences: got [0.0, 0.5974910750169398], differences give [0.0024603067149651485, 0.5974910750171277]
"""

def f(v):
    v = abs(v)
    return (v ** 2).sum()


args = (np.array([0.   , 0.444]),)

if __name__ == "__main__":
    import sys
    sys.path.insert(0, '/work/main/tests')
    import oracle
    oracle.check(f, args, 2)
