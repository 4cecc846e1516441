"""Programs, and what happens between two calls of their derivatives: functions, globals, containers and modules change.

Each is a text, in which ``f`` is what is differentiated, and statements that run one after the other in its module.
"""

PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "partial keywords": ("""
        import functools
        def g(x, c=1.0): return np.sum(x * c)
        f = functools.partial(g, c=2.0)
    """, [
        "f.keywords['c'] = 3.0"
    ]),
    "partial setstate": ("""
        import functools
        def g(x, c=1.0): return np.sum(x * c)
        def h(x, c=1.0): return np.sum(x * x * c)
        f = functools.partial(g, c=2.0)
    """, [
        "f.__setstate__((h, (), {'c': 3.0}, None))"
    ]),
    "partial captured keywords": ("""
        import functools
        def g(x, c=1.0): return np.sum(x * c)
        p = functools.partial(g, c=2.0)
        def f(x): return p(x)
    """, [
        "p.keywords['c'] = 3.0", "p.__setstate__((lambda x, c: np.sum(x * x * c), (), {'c': 3.0}, None))"
    ]),
    "shadow builtin abs": ("""
        def f(x): return np.sum(abs(x))
    """, [
        "abs = lambda v: v * v", "del abs"
    ]),
    "shadow builtin max": ("""
        def f(x): return max(x[0], x[1]) * 2
    """, [
        "max = min", "max = lambda *a: a[0] * a[1]"
    ]),
    "shadow builtin in helper": ("""
        def g(x): return sum(x)
        def f(x): return g(x) * 2
    """, [
        "sum = lambda v: v[0] * v[0]"
    ]),
    "shadow range len float isinstance": ("""
        def f(x):
            s = 0.0
            for i in range(len(x)): s += x[i] * x[i]
            return float(s) if isinstance(x, np.ndarray) else s
    """, [
        "range = lambda n: [0]", "def float(v): return v * 2", "isinstance = lambda a, b: False", "len = lambda a: 2"
    ]),
    "shadow exception": ("""
        def f(x):
            try:
                d = {'a': 1.0}
                return np.sum(x) * d['b']
            except KeyError: return np.sum(x) * 2
    """, [
        "KeyError = (ValueError, KeyError)"
    ]),
    "module alias to user module": ("""
        import types
        m = types.ModuleType('mm')
        def _h(x): return x * 2.0
        m.helper = _h
        m.k = 3.0
        m2 = types.ModuleType('mm2')
        m2.helper = lambda x: x * x
        m2.k = 4.0
        def f(x): return np.sum(m.helper(x) * m.k)
    """, [
        "m.helper = lambda x: x * x", "m.k = 5.0", "m = m2", "m.helper = np.sin", "del m.helper"
    ]),
    "submodule alias": ("""
        import types
        a = types.ModuleType('a')
        a.b = types.ModuleType('a.b')
        a.b.h = lambda x: x * 2.0
        o = types.ModuleType('a.b')
        o.h = lambda x: x * x
        def f(x): return np.sum(a.b.h(x))
    """, [
        "a.b = o", "a.b.h = lambda x: x ** 3"
    ]),
    "numpy monkeypatched": ("""
        def f(x): return np.sum(np.sinc(x))
    """, [
        "old = np.sinc\nnp.sinc = lambda x: x * 2.0", "np.sinc = old"
    ]),
    "code": ("""
        def g(x): return x * 2.0
        def h(x): return x * x
        def f(x): return np.sum(g(x))
    """, [
        "g.__code__ = h.__code__", "f.__code__ = (lambda x: np.sum(g(x)) * 3).__code__"
    ]),
    "defaults": ("""
        def g(x, c=2.0, *, d=1.0): return x * c * d
        def f(x, k=2.0, *, l=1.0): return np.sum(g(x)) * k * l
    """, [
        "g.__defaults__ = (3.0,)", "g.__kwdefaults__ = {'d': 4.0}", "g.__kwdefaults__['d'] = 5.0",
        "f.__defaults__ = (7.0,)", "f.__kwdefaults__ = {'l': 3.0}", "f.__kwdefaults__['l'] = 4.0"
    ]),
    "closure cell": ("""
        def mk():
            c = 2.0
            def f(x): return np.sum(x * c)
            def setc(v):
                nonlocal c
                c = v
            return (f, setc)
        f, setc = mk()
    """, [
        "setc(3.0)", "setc(np.array([1.0, 2.0, 3.0]))", "setc(np.float32(2))", "setc('a')"
    ]),
    "captured list mutated": ("""
        L = [1.0, 2.0]
        def f(x): return np.sum(x) * L[0] + sum(L) * x[0]
    """, [
        "L.append(3.0)", "L[0] = 5.0", "L.pop()", "L.clear()", "L.extend([2.0, np.ones(3).sum()])", "L = [1.0, 2.0]"
    ]),
    "captured dict mutated": ("""
        D = {'a': 1.0}
        def f(x):
            s = np.sum(x)
            for k, v in D.items(): s = s * v
            return s * D.get('z', 2.0) + ('q' in D) * x[0]
    """, [
        "D['b'] = 3.0", "D['z'] = 4.0", "D['q'] = 1.0", "del D['a']", "D.clear()", "D['a'] = x0 if False else 2.0"
    ]),
    "global deleted": ("""
        k = 2.0
        def g(x): return x * 2
        def f(x): return np.sum(g(x)) * k
    """, [
        "del k", "k = 3.0", "del g"
    ]),
    "global array": ("""
        k = np.ones(3)
        def f(x): return np.sum(x * k)
    """, [
        "k = np.arange(3.0)", "k[0] = 9.0", "k *= 2", "k = np.ones((2, 3))", "k.shape = (3, 2)", "k.shape = (2, 3)",
        "k = np.ones(3, np.float32)", "k = np.ones(3, int)", "k = 2.0", "k = np.asfortranarray(np.ones((3, 3)))"
    ]),
    "global array shape changed in place": ("""
        k = np.ones((3, 1))
        def f(x): return np.sum(x * k)
    """, [
        "k.shape = (3,)", "k.shape = (1, 3)", "k.dtype = np.int64", "k.dtype = np.float64", "k[...] = 2.0",
        "k.resize((2, 3), refcheck=False)"
    ]),
    "helper global": ("""
        k = 2.0
        def mk():
            def g(x): return x * k
            return g
        g = mk()
        def f(x): return np.sum(g(x))
    """, [
        "k = 3.0", "k = np.arange(3.0)"
    ]),
    "numpy scalar": ("""
        k = np.float64(2)
        def f(x): return np.sum(x * k)
    """, [
        "k = np.float64(3)", "k = np.float32(3)", "k = 3", "k = True", "k = np.int64(4)", "k = np.float64(-0.0)",
        "k = np.array(4.0)", "k = np.array(5.0)"
    ]),
    "random seed": ("""
        def f(x):
            np.random.seed(S)
            return np.sum(x * np.random.rand(3))
        S = 3
    """, [
        "S = 4"
    ]),
    "captured set": ("""
        S = {'a', 'b'}
        def f(x): return np.sum(x) * (2.0 if 'a' in S else 3.0) * len(S)
    """, [
        "S.remove('a')", "S.add('c')", "S = frozenset('a')"
    ]),
    "wraps": ("""
        import functools
        def deco(g):
            @functools.wraps(g)
            def w(*a): return 2 * g(*a)
            return w
        @deco
        def f(x): return np.sum(x * x)
    """, [
        "f.__wrapped__ = None", "f.__closure__[0].cell_contents = lambda x: np.sum(x)"
    ]),
    "lru cache": ("""
        import functools
        k = 2.0
        @functools.lru_cache
        def g(n): return n * k
        def f(x): return np.sum(x) * g(3)
    """, [
        "g.cache_clear()\nk = 3.0"
    ]),
    "nan global": ("""
        k = float('nan')
        def f(x): return x[0] * 2 if k != k else x[1]
    """, [
        "k = float('nan')", "k = 1.0"
    ]),
    "bool vs int": ("""
        k = 1
        def f(x): return x[0] * 2 if k is True else x[1] * k
    """, [
        "k = True", "k = 1.0"
    ]),
    "func attr": ("""
        def g(x): return x * g.k
        g.k = 2.0
        def f(x): return np.sum(g(x))
    """, [
        "g.k = 3.0", "del g.k", "g.k = np.ones(3)"
    ]),
    "own func attr": ("""
        def f(x): return np.sum(x) * f.k
        f.k = 2.0
    """, [
        "f.k = 3.0"
    ]),
    "memo in func": ("""
        def g(x, memo={}): return x * memo.get('k', 2.0)
        def f(x): return np.sum(g(x))
        M = g.__defaults__[0]
    """, [
        "M['k'] = 3.0", "M['k'] = 4.0", "M.clear()"
    ]),
    "env": ("""
        import os
        def f(x):
            return np.sum(x) * (2.0 if os.environ.get('HC_Q') else 3.0) \
                * (5.0 if os.getenv('HC_R', 'a') == 'a' else 7.0) * (1.0 if 'HC_S' in os.environ else 2.0)
    """, [
        "os.environ['HC_Q'] = '1'", "os.environ['HC_R'] = 'b'", "os.environ['HC_S'] = 'b'", "del os.environ['HC_Q']"
    ]),
    "import inside": ("""
        import sys, types
        sys.modules['hcmod'] = types.ModuleType('hcmod')
        sys.modules['hcmod'].k = 2.0
        def f(x):
            import hcmod
            from hcmod import k as kk
            return np.sum(x) * hcmod.k * kk
    """, [
        "sys.modules['hcmod'].k = 3.0", "t = types.ModuleType('hcmod')\nt.k = 7.0\nsys.modules['hcmod'] = t",
        "del sys.modules['hcmod']"
    ]),
    "import inside fn": ("""
        import sys, types
        sys.modules['hcmod2'] = types.ModuleType('hcmod2')
        sys.modules['hcmod2'].h = lambda x: x * 2
        def f(x):
            from hcmod2 import h
            return np.sum(h(x))
    """, [
        "sys.modules['hcmod2'].h = lambda x: x * x"
    ]),
    "vectorize": ("""
        k = 2.0
        def g(v): return v * k
        h = np.vectorize(g)
        def f(x): return np.sum(h(x))
    """, [
        "k = 3.0", "h.pyfunc = lambda v: v * v", "h = np.vectorize(lambda v: v ** 3)"
    ]),
    "slice global": ("""
        s = slice(0, 2)
        i = 1
        idx = np.array([0, 1])
        m = np.array([True, False, True])
        def f(x): return np.sum(x[s]) * x[i] + np.sum(x[idx] ** 2) + np.sum(x[m] ** 3)
    """, [
        "s = slice(1, 3)", "i = 2", "idx = np.array([2])", "m = np.array([False, False, True])", "idx[0] = 0",
        "m[:] = True", "i = -1", "s = None"
    ]),
    "grad inside": ("""
        import srcdiff
        def g(x): return np.sum(x ** 3)
        h = srcdiff.grad(g)
        def f(x): return np.sum(h(x))
    """, [
        "g.__code__ = (lambda x: np.sum(x ** 2)).__code__", "h = srcdiff.grad(lambda x: np.sum(x ** 4))"
    ]),
    "grad inside attr": ("""
        import srcdiff
        k = 2.0
        def g(x): return np.sum(x ** 3) * k
        def f(x): return np.sum(srcdiff.grad(g)(x))
    """, [
        "k = 3.0", "g = lambda x: np.sum(x ** 2)"
    ]),
    "deque": ("""
        q = collections.deque([1.0, 2.0])
        def f(x): return np.sum(x) * len(q)
    """, [
        "q.append(3.0)"
    ]),
    "deque in": ("""
        q = collections.deque([1.0, 2.0])
        def f(x): return np.sum(x) * (2.0 if 3.0 in q else 1.0)
    """, [
        "q.append(3.0)"
    ]),
    "big list in/len": ("""
        q = list(range(2000))
        def f(x): return np.sum(x) * (2.0 if 3000 in q else 1.0) * len(q)
    """, [
        "q.append(3000)", "q[0] = 3"
    ]),
    "big list index": ("""
        q = [float(i) for i in range(2000)]
        def f(x): return np.sum(x) * q[7]
    """, [
        "q[7] = 3.5", "q.insert(0, 9.0)"
    ]),
    "big list max": ("""
        q = [float(i) for i in range(2000)]
        def f(x): return np.sum(x) * max(q)
    """, [
        "q[7] = 9999.5"
    ]),
    "big dict": ("""
        q = {str(i): float(i) for i in range(2000)}
        def f(x): return np.sum(x) * q['7']
    """, [
        "q['7'] = 3.5"
    ]),
    "big list truth": ("""
        q = list(range(2000))
        def f(x): return np.sum(x) * (2.0 if q else 3.0)
    """, [
        "q.clear()"
    ]),
    "deque truth": ("""
        q = collections.deque([1])
        def f(x): return np.sum(x) * (2.0 if q else 3.0)
    """, [
        "q.clear()"
    ]),
    "pep562": ("""
        m = types.ModuleType('m562')
        V = 2.0
        m.__getattr__ = lambda n: V
        def f(x): return np.sum(x) * m.foo
    """, [
        "V = 3.0", "m.foo = 7.0", "m.__getattr__ = lambda n: 5.0"
    ]),
    "singledispatch": ("""
        @functools.singledispatch
        def g(x): return np.sum(x)
        def f(x): return g(x)
    """, [
        "g.register(np.ndarray, lambda x: np.sum(x * x))", "g.register(np.ndarray, lambda x: np.sum(x * x * x))"
    ]),
    "captured generator": ("""
        G = (float(i + 1) for i in range(3))
        def f(x):
            s = np.sum(x)
            for v in G: s = s * v
            return s
    """, [
        "pass"
    ]),
    "captured iterator": ("""
        G = iter([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0])
        def f(x): return np.sum(x) * next(G)
    """, [
        "pass"
    ]),
    "OrderedDict/defaultdict": ("""
        q = collections.OrderedDict(a=2.0)
        r = collections.defaultdict(lambda: 5.0, b=3.0)
        c = collections.Counter('aab')
        cm = collections.ChainMap({'a': 1.0}, {'b': 2.0})
        def f(x): return np.sum(x) * q['a'] * r['b'] * c['a'] * cm['b']
    """, [
        "q['a'] = 3.0", "r['b'] = 2.0", "c['a'] = 5", "cm['b'] = 7.0"
    ]),
    "defaultdict missing": ("""
        r = collections.defaultdict(lambda: 5.0, b=3.0)
        def f(x): return np.sum(x) * r['zz']
    """, [
        "r['zz'] = 2.0"
    ]),
    "int global in range/shape": ("""
        n = 2
        def f(x):
            z = np.zeros(n)
            for i in range(n): z[i] = x[i] ** 2
            return np.sum(z.reshape(n, 1))
    """, [
        "n = 1", "n = 3", "n = np.int64(2)", "n = 2.5"
    ]),
    "1 to 1.0": ("""
        n = 2
        def f(x): return np.sum(x) * (n / 4) if isinstance(n, int) else np.sum(x * x)
    """, [
        "n = 2.0", "n = True", "n = 2"
    ]),
    "str to bytes": ("""
        n = 'a'
        def f(x): return np.sum(x) * (2.0 if n == 'a' else 3.0)
    """, [
        "n = b'a'", "n = 'a'"
    ]),
    "patched linalg": ("""
        def f(x): return np.linalg.norm(x)
    """, [
        "old = np.linalg.norm\nnp.linalg.norm = lambda v: np.sum(v * v * v)", "np.linalg.norm = old"
    ]),
    "patched scipy": ("""
        import scipy.special as sp
        def f(x): return np.sum(sp.expit(x))
    """, [
        "old = sp.expit\nsp.expit = lambda v: v * v", "sp.expit = old"
    ]),
    "builtins patched": ("""
        import builtins
        def f(x): return abs(x[1]) + max(x[0], x[2])
    """, [
        "old = abs\nbuiltins.abs = lambda v: v * v", "builtins.abs = old"
    ]),
    "nested default": ("""
        k = 2.0
        def f(x):
            def g(y, c=k): return y * c
            return np.sum(g(x))
    """, [
        "k = 3.0"
    ]),
    "frozen set/const": ("""
        S = frozenset({'a'})
        def f(x): return np.sum(x) * (2.0 if 'a' in S else 3.0)
    """, [
        "S = frozenset({'b'})", "S = {'a'}", "S.add('q')", "S.discard('a')"
    ]),
    "dispatch table": ("""
        T = {'sin': np.sin, 'cos': np.cos}
        name = 'sin'
        def f(x): return np.sum(T[name](x))
    """, [
        "name = 'cos'", "T['cos'] = np.exp", "T = dict(cos=np.tanh)"
    ]),
    "finfo": ("""
        fi = np.finfo(np.float64)
        dt = np.dtype('f8')
        def f(x): return np.sum(x) * fi.eps * 1e+16 + np.sum(x.astype(dt))
    """, [
        "fi = np.finfo(np.float32)", "dt = np.dtype('f4')"
    ]),
    "func name/doc": ("""
        def g(x): 'doc'
        def f(x): return np.sum(x) * len(g.__name__) * len(g.__doc__)
    """, [
        "g.__name__ = 'abcd'", "g.__doc__ = 'q'"
    ]),
    "isinstance tuple/abc numbers": ("""
        import numbers, collections.abc
        kinds = (int, float)
        k = 2.0
        L = [1.0]
        def f(x):
            return np.sum(x) * (2.0 if isinstance(k, kinds) else 3.0) * (5.0 if isinstance(k, numbers.Real) else 7.0) \
                * (1.5 if isinstance(L, collections.abc.Sequence) else 2.5)
    """, [
        "kinds = (str,)", "kinds = int", "k = 2", "k = 'a'", "L = (1.0,)", "L = {1.0}"
    ]),
    "isinstance nested tuple": ("""
        k = 2.0
        def f(x):
            return np.sum(x) * (2.0 if isinstance(k, (str, (int, float))) else 3.0) \
                * (2.0 if isinstance(k, int | float) else 3.0)
    """, [
        "k = 'a'"
    ]),
}
