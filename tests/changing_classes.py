"""Programs, and what happens between two calls of their derivatives: enumerations, metaclasses, slots, bases, defaults.

Each is a text, in which ``f`` is what is differentiated, and statements that run one after the other in its module.
"""

PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "methods of an enumeration": ("""
        import enum
        k = 2.0
        class E(enum.Enum):
            A = 1
            def m(self, v): return v * 2
            @property
            def p(self): return [k, 2.0]
            @staticmethod
            def s(v): return v * 3
            @classmethod
            def c(cls, v): return v * len(cls)
        def f(x): return E.A.m(x[0]) + E.s(x[1]) + E.c(x[2]) + E.A.p[0] * x[0]
    """, [
        "E.m = lambda self, v: v * 5", "E.s = staticmethod(lambda v: v * 7)", "E.c = classmethod(lambda cls, v: v * 11)",
        "k = 5.0", "E.p = property(lambda self: (13.0,))"
    ]),
    "metaclass": ("""
        class M(type):
            k = 3.0
            def m(cls): return 4.0
        class C(metaclass=M):
            w = 2.0
            @staticmethod
            def s(v): return v * 3
        def f(x): return C.w * x[0] + C.s(x[1]) + C.k * x[2] + C.m() * x[0]
    """, [
        "C.w = 5.0", "C.s = staticmethod(lambda v: v * 7)", "M.k = 8.0", "M.m = lambda cls: 9.0", "C.k = 10.0"
    ]),
    "slots": ("""
        class C:
            __slots__ = ('a', 'b')
        o = C()
        o.a = 2.0
        def f(x): return o.a * x[0] + getattr(o, 'b', 1.0) * x[1] + (2 if hasattr(o, 'b') else 3) * x[2]
    """, [
        "o.a = 3.0", "o.b = 5.0"
    ]),
    "attribute of an exception class": ("""
        class E(ValueError):
            k = 2.0
        def f(x): return E.k * x[0]
    """, [
        "E.k = 3.0"
    ]),
    "defaults of a named tuple": ("""
        P = collections.namedtuple('P', 'a b', defaults=(2.0,))
        def f(x): return P(x[0]).b * x[1]
    """, [
        "P.__new__.__defaults__ = (5.0,)"
    ]),
    "issubclass": ("""
        class A: pass
        class Z: pass
        class B(A): pass
        def f(x): return x[0] * (2 if issubclass(B, A) else 3)
    """, [
        "B.__bases__ = (Z,)"
    ]),
    "callable": ("""
        class A: pass
        def f(x): return x[0] * (2 if callable(A()) else 3)
    """, [
        "A.__call__ = lambda self: 3"
    ]),
    "functions of NumPy that are replaced": ("""
        def f(x): return np.sum(np.sin(x)) * np.linalg.norm(x) * np.sum(x[:2])
    """, [
        "old = np.sin, np.cos, np.zeros_like, np.linalg.norm", "np.sin = np.cos", "np.cos = np.tan",
        "np.sin, np.cos, np.zeros_like, np.linalg.norm = old", "np.cos = np.tan", "np.zeros_like = np.ones_like",
        "np.linalg.norm = np.sum", "np.sin, np.cos, np.zeros_like, np.linalg.norm = old"
    ]),
    "a descriptor that sets": ("""
        class D:
            def __get__(self, o, t): return 2.0
            def __set__(self, o, v): pass
        class A:
            d = D()
        o = A()
        o.__dict__['d'] = 9.0
        def f(x): return o.d * x[0]
    """, [
        "del D.__set__"
    ]),
}
