"""Programs in which something changes from one process to the next: ``<<before|after>>``. ``f`` is what is differentiated."""

from __future__ import annotations

import re

__all__ = ["ARRAYS", "FUNCTIONS", "MODULES", "OBJECTS", "VALUES", "after", "before"]


def before(text: str) -> str:
    return re.sub(r"<<(.*?)\|(.*?)>>", r"\1", text, flags=re.S)


def after(text: str) -> str:
    return re.sub(r"<<(.*?)\|(.*?)>>", r"\2", text, flags=re.S)


FUNCTIONS = {
    "the function": "def f(x): return x <<*|+>> x",
    "only a comment": "def f(x):\n    return x * x  # <<squared|doubled>>",
    "its place": "<<\n|>>def f(x): return x * x",
    "a helper": "def g(x): return x * <<x|3.0>>\ndef f(x): return g(x)",
    "a helper's helper": "def h(x): return x * <<x|3.0>>\ndef g(x): return h(x)\ndef f(x): return g(x)",
    "which helper": "def a(x): return x * x\ndef b(x): return x\ng = <<a|b>>\ndef f(x): return g(x)",
    "a recursive helper": "def g(x, n): return x if n == 0 else x * g(x, n - <<1|2>>)\ndef f(x): return g(x, 4)",
    "a lambda": "g = lambda x: x * <<x|4.0>>\ndef f(x): return g(x)",
    "a lambda in a dict": "g = {'a': lambda x: x * <<x|4.0>>}\ndef f(x): return g['a'](x)",
    "functions in a list": """
        g = [<<abs, float|float, abs>>]
        def f(x):
            for h in g:
                x = h(x) * x
            return x
    """,
    "an inner function": "def f(x):\n    def g(y): return y * <<y|2.0>>\n    return g(x)",
    "a default": "def g(x, c=<<2.0|3.0>>): return x * c\ndef f(x): return g(x)",
    "a keyword default": "def g(x, *, c=<<2.0|3.0>>): return x * c\ndef f(x): return g(x)",
    "a default by name": "K = <<2.0|3.0>>\ndef g(x, c=K): return x * c\ndef f(x): return g(x)",
    "a mutable default": "def g(x, c=[<<2.0|3.0>>]): return x * c[0]\ndef f(x): return g(x)",
    "a captured number": "def make(c):\n    def f(x): return c * x\n    return f\nf = make(<<2.0|3.0>>)",
    "a captured function": "def make(g):\n    def f(x): return g(x)\n    return f\nf = make(lambda x: x<<| * x>>)",
    "a name that hides a builtin": "<<maximum|max>> = min\ndef f(x): return max(x, 0.1)",
    "a decorator": """
        def scaled(g):
            def inner(x): return <<2.0|3.0>> * g(x)
            return inner
        @scaled
        def g(x): return x
        def f(x): return g(x)
    """,
    "what is decorated": """
        def scaled(g):
            def inner(x): return 2.0 * g(x)
            return inner
        @scaled
        def f(x): return <<x|-x>>
    """,
    "how often it is decorated": """
        def scaled(g):
            def inner(x): return 2.0 * g(x)
            return inner
        def f(x): return x
        f = scaled(<<f|scaled(f)>>)
    """,
    "bound arguments": "import functools\ndef g(c, x): return x * c\nh = functools.partial(g, <<2.0|3.0>>)\n"
                       "def f(x): return h(x)",
    "what is remembered": "import functools\n@functools.cache\ndef g(x): return x * <<2.0|3.0>>\ndef f(x): return g(x)",
    "inside of grad": "from srcdiff import grad\ndef g(x): return x ** <<3|4>>\nh = grad(g)\ndef f(x): return h(x)",
    "which of grad": "from srcdiff import grad\ndef g(x, y): return x ** 3 * y\nh = grad(g, <<0|1>>)\n"
                     "def f(x): return h(x, 2.0 * x)",
}

VALUES = {
    "a number": "c = <<2.0|3.0>>\ndef f(x): return c * x",
    "the sign of zero": "c = <<0.0|-0.0>>\ndef f(x): return c * x",
    "the type of a number": "c = <<2|2.0>>\ndef f(x): return c * x / 4",
    "a number of NumPy": "import numpy as np\nc = np.float32(<<2|3>>)\ndef f(x): return c * x",
    "a string": "c = '<<a|b>>'\ndef f(x): return x if c == 'a' else x * x",
    "a truth": "c = <<True|False>>\ndef f(x): return x if c else x * x",
    "nothing": "c = <<None|0>>\ndef f(x): return x if c is None else x * x",
    "a tuple": "c = (1.0, <<2.0|3.0>>)\ndef f(x): return x * c[1]",
    "a list": "c = [1.0, [<<2.0|3.0>>]]\ndef f(x): return x * c[1][0]",
    "a dict": "c = {'a': <<2.0|3.0>>}\ndef f(x): return x * c['a']",
    "the order of a dict": """
        c = {<<'a': 2.0, 'b': 3.0|'b': 3.0, 'a': 2.0>>}
        def f(x):
            for k in c:
                x = x * c[k] + 1.0
            return x
    """,
}

ARRAYS = {
    "an array's type": "import numpy as np\nc = np.ones(3, '<<f8|f4>>')\ndef f(x): return np.sum(x * c)",
    "an array's shape": "import numpy as np\nc = np.ones(<<3|(2, 3)>>)\ndef f(x): return np.sum(x * c)",
    "an array's order": "import numpy as np\nc = np.ones((2, 3), order='<<C|F>>')\ndef f(x): return np.sum(x * c.ravel()[:3])",
    "which array twice": "import numpy as np\nc = np.ones(3)\nd = <<np.ones(3)|c>>\ndef f(x): return np.sum(x * c * d)",
    "an array or a number": "import numpy as np\nc = <<np.ones(3)|1.0>>\ndef f(x): return np.sum(x * c)",
}

OBJECTS = {
    "an attribute": "class C: pass\nc = C()\nc.k = <<2.0|3.0>>\ndef f(x): return x * c.k",
    "an attribute of the class": "class C:\n    k = <<2.0|3.0>>\nc = C()\ndef f(x): return x * c.k",
    "an attribute of the base": "class B:\n    k = <<2.0|3.0>>\nclass C(B): pass\nc = C()\ndef f(x): return x * c.k",
    "which base": "class A:\n    k = 2.0\nclass B:\n    k = 3.0\nclass C(<<A, B|B, A>>): pass\nc = C()\n"
                  "def f(x): return x * c.k",
    "an overridden attribute": "class B:\n    k = 2.0\nclass C(B):\n    <<j|k>> = 3.0\nc = C()\ndef f(x): return x * c.k",
    "a method": "class C:\n    def m(self, x): return x * <<x|2.0>>\nc = C()\ndef f(x): return c.m(x)",
    "an overridden method": """
        class B:
            def m(self, x): return x * x
        class C(B):
            def <<n|m>>(self, x): return x * 2.0
        c = C()
        def f(x): return c.m(x)
    """,
    "a method of a method": """
        class B:
            def k(self): return 2.0
            def m(self, x): return x * self.k()
        class C(B):
            def <<l|k>>(self): return 3.0
        c = C()
        def f(x): return c.m(x)
    """,
    "a property": "class C:\n    @property\n    def k(self): return <<2.0|3.0>>\nc = C()\ndef f(x): return x * c.k",
    "a static method": "class C:\n    @staticmethod\n    def m(x): return x * <<2.0|3.0>>\ndef f(x): return C.m(x)",
    "an operator": "class C:\n    def __mul__(self, x): return x * <<2.0|3.0>>\nc = C()\ndef f(x): return c * x",
    "a call": "class C:\n    def __call__(self, x): return x * <<2.0|3.0>>\nc = C()\ndef f(x): return c(x)",
    "a constructor": "class C:\n    def __init__(self, x): self.y = x * <<2.0|3.0>>\ndef f(x): return C(x).y",
    "a dataclass": """
        import dataclasses
        @dataclasses.dataclass<<|(frozen=True)>>
        class C:
            y: float
            z: float = 2.0
        def f(x): return C(x).y * C(x).z
    """,
    "a field's default": """
        import dataclasses
        @dataclasses.dataclass
        class C:
            y: float
            z: float = <<2.0|3.0>>
        def f(x): return C(x).y * C(x).z
    """,
    "a slot": "class C:\n    __slots__ = ('k',)\nc = C()\nc.k = <<2.0|3.0>>\ndef f(x): return x * c.k",
    "a namespace": "import types\nc = types.SimpleNamespace(k=<<2.0|3.0>>)\ndef f(x): return x * c.k",
    "a named tuple": """
        import collections
        C = collections.namedtuple('C', 'a b')
        c = C(<<2.0, 3.0|3.0, 2.0>>)
        def f(x): return x * c.a
    """,
    "a member of an enumeration": "import enum\nclass C(enum.Enum):\n    a = <<2.0|3.0>>\ndef f(x): return x * C.a.value",
}

MODULES = {
    "a helper": ("from other import g\ndef f(x): return g(x)", "def g(x): return x * <<x|2.0>>"),
    "a helper by its module": ("import other\ndef f(x): return other.g(x)", "def g(x): return x * <<x|2.0>>"),
    "a number": ("import other\ndef f(x): return x * other.c", "c = <<2.0|3.0>>"),
    "a helper's number": ("from other import g\ndef f(x): return g(x)", "c = <<2.0|3.0>>\ndef g(x): return x * c"),
    "a module in a module": ("import other\ndef f(x): return other.third.c * x",
                             "import types\nthird = types.ModuleType('third')\nthird.c = <<2.0|3.0>>"),
    "passed to a helper": ("import other\ndef g(m, x): return m.c * x\ndef f(x): return g(other, x)", "c = <<2.0|3.0>>"),
    "by a name that is given": ("import other\ndef f(x): return getattr(other, 'c') * x", "c = <<2.0|3.0>>"),
    "by a name that is made up": ("import other\ndef f(x): return getattr(other, 'a' + 'b') * x", "ab = <<2.0|3.0>>"),
    "a base class": ("import other\nclass C(other.B): pass\nc = C()\ndef f(x): return c.k * x",
                     "class B:\n    k = <<2.0|3.0>>"),
}
