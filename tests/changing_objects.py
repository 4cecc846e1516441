"""Programs, and what happens between two calls of their derivatives: instances and classes change.

Each is a text, in which ``f`` is what is differentiated, and statements that run one after the other in its module.
"""

PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "class reassigned captured": ("""
        class A:
            def __init__(s): s.k = 2.0
            def m(s, x): return np.sum(x * s.k)
        class B(A):
            def m(s, x): return np.sum(x * x * s.k)
        o = A()
        def f(x): return o.m(x)
    """, [
        "o.__class__ = B", "o.__class__ = A", "o.k = 5.0"
    ]),
    "class reassigned isinstance": ("""
        class A: pass
        class B: pass
        o = A()
        def f(x): return np.sum(x * x) if isinstance(o, A) else np.sum(x)
    """, [
        "o.__class__ = B"
    ]),
    "class reassigned type()": ("""
        class A: pass
        class B: pass
        o = A()
        def f(x): return np.sum(x * x) if type(o) is A else np.sum(x)
    """, [
        "o.__class__ = B"
    ]),
    "class reassigned slots": ("""
        class A:
            __slots__ = ('k',)
            w = 2.0
            def m(s, x): return np.sum(x * s.k) * s.w
        class B:
            __slots__ = ('k',)
            w = 3.0
            def m(s, x): return np.sum(x * x * s.k) * s.w
        o = A()
        o.k = 2.0
        def f(x): return o.m(x)
    """, [
        "o.k = 4.0", "o.__class__ = B"
    ]),
    "len/call/getitem op class": ("""
        class A:
            def __mul__(s, x): return x * 2.0
            def __len__(s): return 2
        class B:
            def __mul__(s, x): return x * x
            def __len__(s): return 3
        o = A()
        def f(x): return np.sum(o * x) * len(o)
    """, [
        "o.__class__ = B", "B.__len__ = lambda s: 4", "B.__mul__ = lambda s, x: x ** 3"
    ]),
    "callable instance __call__ rebound": ("""
        class C:
            def __init__(s): s.k = 2.0
            def __call__(s, x): return np.sum(x * s.k)
        f = C()
    """, [
        "C.__call__ = lambda s, x: np.sum(x * x * s.k)", "f.k = 3.0"
    ]),
    "callable instance class changed": ("""
        class C:
            def __call__(s, x): return np.sum(x * 2.0)
        class D:
            def __call__(s, x): return np.sum(x * x)
        f = C()
    """, [
        "f.__class__ = D"
    ]),
    "callable instance method": ("""
        class C:
            def g(s, x): return x * 2.0
            def __call__(s, x): return np.sum(s.g(x))
        class D(C): pass
        f = D()
    """, [
        "C.g = lambda s, x: x ** 2", "D.g = lambda s, x: x ** 3", "f.g = lambda x: x ** 4", "del f.g", "del D.g"
    ]),
    "bound method rebound on class": ("""
        class C:
            def m(s, x): return np.sum(x * 2.0)
        o = C()
        f = o.m
    """, [
        "C.m = lambda s, x: np.sum(x ** 2)"
    ]),
    "partial of method": ("""
        import functools
        class A:
            def m(s, c, x): return np.sum(x * c)
        o = A()
        f = functools.partial(o.m, 2.0)
    """, [
        "A.m = lambda s, c, x: np.sum(x * x * c)"
    ]),
    "shadow True-like: print/zip/enumerate/list/sorted/map": ("""
        def f(x):
            s = 0.0
            for i, (a, b) in enumerate(zip(x, x)): s = s + a * b * i
            return s + sum(map(lambda v: v * v, list(x))) + sorted([x[0], x[1]])[0]
    """, [
        "zip = lambda a, b: [(a[0], b[1])]", "enumerate = lambda z: [(3, k) for k in z]", "map = lambda f, l: [l[0]]",
        "sorted = lambda l: l", "list = lambda l: [l[2]]"
    ]),
    "module alias np rebound": ("""
        import types
        other = types.SimpleNamespace(sum=lambda v: v[0] * v[0], sin=np.cos)
        def f(x): return np.sum(np.sin(x))
    """, [
        "real = np\nnp = other", "np = real"
    ]),
    "math alias": ("""
        import math
        class M:
            sin = staticmethod(lambda v: v * v)
            pi = 2.0
        def f(x): return math.sin(x[0]) * math.pi
    """, [
        "math = M"
    ]),
    "enum": ("""
        import enum
        class E(enum.Enum):
            A = 1
            B = 2
        mode = E.A
        def f(x): return np.sum(x) if mode is E.A else np.sum(x * x) * mode.value
    """, [
        "mode = E.B", "E.B._value_ = 5"
    ]),
    "instance dict method": ("""
        class A:
            def m(s, x): return np.sum(x)
        o = A()
        def f(x): return o.m(x)
    """, [
        "o.m = lambda x: np.sum(x * x)", "o.__dict__.clear()", "o.__dict__ = {'m': lambda x: np.sum(x ** 3)}"
    ]),
    "instance dict replaced": ("""
        class A:
            def __init__(s):
                s.k = 2.0
                s.l = [1.0]
            def m(s, x): return np.sum(x) * s.k * s.l[0]
        o = A()
        def f(x): return o.m(x)
    """, [
        "o.__dict__ = {'k': 3.0, 'l': [2.0]}", "o.k = 5.0", "o.l[0] = 8.0", "o.__dict__['k'] = 7.0"
    ]),
    "dataclass default": ("""
        import dataclasses
        @dataclasses.dataclass
        class D:
            a: float
            b: float = 2.0
        def f(x):
            d = D(np.sum(x))
            return d.a * d.b
    """, [
        "D.__init__.__defaults__ = (5.0,)", "D.b = 7.0",
        "D.__init__ = lambda s, a: (setattr(s, 'a', a), setattr(s, 'b', 11.0))[0]", "D.__post_init__ = lambda s: None"
    ]),
    "class __init__ rebound": ("""
        class D:
            def __init__(s, a): s.a = a
        def f(x): return D(np.sum(x)).a
    """, [
        "def i(s, a): s.a = a * 3\nD.__init__ = i", "class D:\n    def __init__(s, a): s.a = a * a"
    ]),
    "__new__ added": ("""
        class D:
            def __init__(s, a): s.a = a
        def f(x): return D(np.sum(x)).a
    """, [
        "class E: a = 0.0\ndef n(c, a):\n    e = E()\n    e.a = 7 * a\n    return e\nD.__new__ = n"
    ]),
    "__getattribute__ added": ("""
        class D:
            def __init__(s, a): s.a = a
        o = D(2.0)
        def f(x): return np.sum(x) * o.a * D(3.0).a
    """, [
        "D.__getattribute__ = lambda s, n: 5.0"
    ]),
    "__getattr__ added": ("""
        class D: pass
        o = D()
        def f(x): return np.sum(x) * (2.0 if hasattr(o, 'zz') else 3.0) * getattr(o, 'yy', 4.0)
    """, [
        "D.__getattr__ = lambda s, n: 5.0"
    ]),
    "__setattr__ added": ("""
        class D: pass
        def f(x):
            d = D()
            d.a = np.sum(x)
            return d.a
    """, [
        "D.__setattr__ = lambda s, n, v: s.__dict__.__setitem__(n, v * 2)"
    ]),
    "property over instance": ("""
        class D:
            def __init__(s): s.a = 2.0
        o = D()
        def f(x): return np.sum(x) * o.a
    """, [
        "D.a = property(lambda s: 7.0)"
    ]),
    "bases changed": ("""
        class A: k = 2.0
        class B: k = 3.0
        class D(A): pass
        o = D()
        def f(x): return np.sum(x) * o.k * D.k
    """, [
        "D.__bases__ = (B,)"
    ]),
    "bases changed isinstance": ("""
        class A: pass
        class B: pass
        class D(A): pass
        o = D()
        def f(x): return np.sum(x) * 2 if isinstance(o, A) else np.sum(x * x)
    """, [
        "D.__bases__ = (B,)"
    ]),
    "abc register": ("""
        import abc
        class A(abc.ABC): pass
        class D: pass
        o = D()
        def f(x): return np.sum(x) * 2 if isinstance(o, A) else np.sum(x * x)
    """, [
        "A.register(D)"
    ]),
    "nested objects": ("""
        import types
        a = types.SimpleNamespace(b=types.SimpleNamespace(c=[types.SimpleNamespace(d=2.0)]))
        def f(x): return np.sum(x) * a.b.c[0].d
    """, [
        "a.b.c[0].d = 3.0", "a.b.c[0] = types.SimpleNamespace(d=4.0)",
        "a.b = types.SimpleNamespace(c=[types.SimpleNamespace(d=5.0)])", "a.b.c = [types.SimpleNamespace(d=6.0)]",
        "a.b.c.insert(0, types.SimpleNamespace(d=7.0))"
    ]),
    "class attr inherits, None shadows": ("""
        class A: k = 2.0
        class B(A): pass
        o = B()
        def f(x): return np.sum(x) * (1.0 if o.k is None else o.k)
    """, [
        "B.k = None", "o.k = None", "o.k = 3.0", "del B.k"
    ]),
    "hasattr None": ("""
        o = types.SimpleNamespace()
        class Q: pass
        p = Q()
        def f(x): return np.sum(x) * (1.0 if hasattr(o, 'k') else 2.0) * (3.0 if hasattr(p, 'k') else 5.0)
    """, [
        "o.k = None", "Q.k = None", "p.k = None", "del Q.k", "del p.k"
    ]),
    "property fget etc": ("""
        class A:
            @property
            def k(s): return s._k
            @classmethod
            def c(cls): return cls.z
            @staticmethod
            def s(): return 3.0
            z = 4.0
        o = A()
        o._k = 2.0
        def f(x): return np.sum(x) * o.k * o.c() * o.s() * A.c() * A.s()
    """, [
        "o._k = 3.0", "A.z = 5.0", "A.k = property(lambda s: 9.0)", "A.c = classmethod(lambda cls: 2.0)",
        "A.s = staticmethod(lambda: 8.0)", "A.c = lambda s=None: 1.5"
    ]),
    "specials": ("""
        class A:
            def __len__(s): return s.n
            def __bool__(s): return s.b
            def __iter__(s): return iter(s.v)
            def __contains__(s, k): return k in s.v
            def __getitem__(s, i): return s.v[i]
            def __eq__(s, o): return s.n == o
            def __float__(s): return s.q
            def __index__(s): return s.n
        o = A()
        o.n = 2
        o.b = True
        o.v = [1.0, 2.0]
        o.q = 3.0
        def f(x):
            t = np.sum(x) * len(o) * (2.0 if o else 3.0) * (5.0 if 7.0 in o else 4.0) * o[1] \
                * (1.5 if o == 2 else 2.5) * float(o)
            for v in o: t = t * v
            return t * x[o]
    """, [
        "o.b = False", "o.v.append(7.0)", "o.v = [3.0, 4.0]", "o.n = 1", "o.q = 2.0", "A.__len__ = lambda s: 5",
        "A.__bool__ = lambda s: True", "A.__iter__ = lambda s: iter([2.0])", "A.__contains__ = lambda s, k: True",
        "A.__getitem__ = lambda s, i: 0.25", "A.__eq__ = lambda s, o: False", "A.__float__ = lambda s: 6.0",
        "A.__index__ = lambda s: 0"
    ]),
    "class-level containers": ("""
        class A:
            L = [1.0]
            D = {'a': 2.0}
            class In: w = 3.0
            def m(s, x): return np.sum(x) * s.L[0] * s.D['a'] * A.In.w * len(s.L)
        o = A()
        def f(x): return o.m(x)
    """, [
        "A.L.append(2.0)", "A.L[0] = 3.0", "A.D['a'] = 4.0", "A.In.w = 5.0", "A.L = [7.0]",
        "A.In = type('In', (), {'w': 9.0})"
    ]),
    "cached_property": ("""
        class A:
            @functools.cached_property
            def k(s): return s.z * 2
        o = A()
        o.z = 3.0
        def f(x): return np.sum(x) * o.k
    """, [
        "o.z = 4.0", "o.__dict__.pop('k', None)", "o.k = 9.0"
    ]),
    "obj array attr": ("""
        o = types.SimpleNamespace(a=np.ones(3))
        def f(x): return np.sum(x * o.a)
    """, [
        "o.a[0] = 5.0", "o.a = np.ones((2, 3))", "o.a.shape = (2, 3, 1)", "o.a = np.ones(3, int)", "o.a = 3.0"
    ]),
    "list subclass": ("""
        class L(list): pass
        q = L([1.0, 2.0])
        def f(x): return np.sum(x) * q[0] * len(q)
    """, [
        "q[0] = 3.0", "q.append(2.0)"
    ]),
    "dict subclass": ("""
        class D(dict):
            def __missing__(s, k): return 7.0
        q = D(a=1.0)
        def f(x): return np.sum(x) * q['a'] * q['b']
    """, [
        "q['a'] = 3.0", "q['b'] = 2.0"
    ]),
    "main default list/object": ("""
        def f(x, c=[2.0], o=types.SimpleNamespace(k=1.0)): return np.sum(x) * c[0] * o.k
    """, [
        "f.__defaults__[0][0] = 5.0", "f.__defaults__[1].k = 3.0", "f.__defaults__[0].append(9.0)"
    ]),
    "staticmethod to method": ("""
        class A:
            @staticmethod
            def m(x): return np.sum(x)
        o = A()
        def f(x): return o.m(x)
    """, [
        "A.m = lambda s, x: np.sum(x * x)"
    ]),
    "namedtuple subclass": ("""
        class P(collections.namedtuple('P', 'a b')):
            @property
            def c(s): return s.a * kk
            def m(s): return s.b
        kk = 2.0
        p = P(1.0, 3.0)
        def f(x): return np.sum(x) * p.c * p.m()
    """, [
        "kk = 3.0", "P.m = lambda s: 5.0", "p = P(2.0, 4.0)"
    ]),
    "namedtuple override field": ("""
        class P(collections.namedtuple('P', 'a b')):
            @property
            def a(s): return 10.0
            def __getitem__(s, i): return 20.0
            def __len__(s): return 5
            def __iter__(s): return iter([7.0])
        def f(x):
            p = P(np.sum(x), 3.0)
            t = p.a * np.sum(x) + p[0] * x[0] + len(p) * x[1]
            for v in p: t = t + v * x[2]
            return t
    """, [
    ]),
    "intenum": ("""
        import enum
        class Fl(enum.IntEnum):
            A = 1
            B = 2
        m = Fl.A
        def f(x): return np.sum(x) * m * (2 if m == 1 else 3)
    """, [
        "m = Fl.B", "m = 1"
    ]),
    "instance of class with slots & dict": ("""
        class A: __slots__ = ('k', '__dict__')
        o = A()
        o.k = 2.0
        o.z = 3.0
        def f(x): return np.sum(x) * o.k * o.z
    """, [
        "o.k = 3.0", "o.z = 4.0", "o.__dict__ = {'z': 7.0}", "del o.z"
    ]),
    "slot obj array/list": ("""
        class A: __slots__ = ('k', 'l')
        o = A()
        o.k = np.ones(3)
        o.l = [1.0]
        def f(x): return np.sum(x * o.k) * o.l[0]
    """, [
        "o.k[0] = 3.0", "o.k = np.zeros(3)", "o.l[0] = 4.0", "o.l = [2.0]"
    ]),
    "metaclass attr": ("""
        import abc
        class A(abc.ABC):
            @abc.abstractmethod
            def m(s): ...
        class B(A):
            def m(s): return 2.0
        o = B()
        def f(x): return np.sum(x) * o.m()
    """, [
        "B.m = lambda s: 3.0"
    ]),
    "property on type via getattr const name": ("""
        name = 'k'
        o = types.SimpleNamespace(k=2.0, l=3.0)
        def f(x): return np.sum(x) * getattr(o, name) * getattr(o, 'zz', 5.0)
    """, [
        "name = 'l'", "o.l = 7.0", "o.zz = 1.0", "del o.l"
    ]),
    "vars(o)": ("""
        o = types.SimpleNamespace(k=2.0, l=3.0)
        def f(x): return np.sum(x) * o.__dict__['k']
    """, [
        "o.k = 7.0", "o.__dict__['k'] = 8.0"
    ]),
    "type(o).k": ("""
        class A: k = 2.0
        class B: k = 3.0
        o = A()
        def f(x): return np.sum(x) * type(o).k * o.__class__.k
    """, [
        "A.k = 4.0", "o.__class__ = B", "o = B()"
    ]),
    "super": ("""
        class A:
            def m(s, x): return x * 2.0
        class M:
            def m(s, x): return x * 3.0
        class B(A):
            def m(s, x): return super().m(x) * 5.0
        o = B()
        def f(x): return np.sum(o.m(x))
    """, [
        "A.m = lambda s, x: x * x", "B.__bases__ = (M,)", "del A.m"
    ]),
    "instancecheck": ("""
        class M(type):
            def __instancecheck__(c, o): return True
        class A(metaclass=M): pass
        def f(x): return np.sum(x) * (2.0 if isinstance(3, A) else 3.0)
    """, [
    ]),
    "protocol": ("""
        import typing
        @typing.runtime_checkable
        class P(typing.Protocol): k: float
        class O: pass
        o = O()
        o.k = 1.0
        def f(x): return np.sum(x) * (2.0 if isinstance(o, P) else 3.0)
    """, [
        "del o.k"
    ]),
}
