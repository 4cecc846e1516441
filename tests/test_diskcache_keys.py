"""The key of a stored derivative: whatever changes what would be compiled is noticed, and what cannot be is not stored."""

from __future__ import annotations

import functools
import os
import time
from typing import Any

import numpy as np
import pytest
from changed_programs import ARRAYS, FUNCTIONS, MODULES, OBJECTS, VALUES, after, before
from diskcached import X, key_of, reason, request_of, stored, warm, without_cache

from srcdiff import diskcache, grad
from srcdiff.derivation import Derivation
from srcdiff.derivative import Derivative
from srcdiff.diskcache import Request
from srcdiff.pipeline import Options
from srcdiff.signature import abstract

pytestmark = pytest.mark.usefixtures("place")


TABLE = [pytest.param(text, id=name) for table in (FUNCTIONS, VALUES, ARRAYS, OBJECTS) for name, text in table.items()]


def check_noticed(old: Any, new: Any, x: Any) -> None:
    """A program is found again, and not once it has changed. ``old`` and ``new`` load it."""
    assert not warm(old().f, x)
    assert warm(old().f, x)
    changed = new().f
    assert not warm(changed, x)
    np.testing.assert_array_equal(grad(changed)(x), without_cache(lambda: grad(changed)(x)))


@pytest.mark.parametrize("text", TABLE)
def test_a_change_is_noticed(load, text):
    check_noticed(lambda: load(before(text)), lambda: load(after(text)), X if text in ARRAYS.values() else 0.5)


@pytest.mark.parametrize("name", MODULES)
def test_a_change_in_another_module_is_noticed(load, name):
    text, other = MODULES[name]
    check_noticed(lambda: load(text, other=before(other)), lambda: load(text, other=after(other)), 0.5)


def test_two_modules_with_the_same_text(load):
    program = "import {0} as m\nfrom {0} import c\ndef f(x):\n    return x * c\n"
    first = load(program.format("two"), two="c = 2.0\n")
    assert grad(first.f)(1.0) == 2.0
    second = load(program.format("three"), main="second", three="c = 3.0\n")
    assert grad(second.f)(1.0) == 3.0
    assert not warm(load(program.format("two"), main="third", two="c = 2.0\n").f, 1.0)


def test_arguments_that_are_static(load):
    program = """
        class A:
            k = 2.0
        class B(A):
            def scale(self, x):
                return x * 3.0
        def f(x, how, g=None):
            y = x * 2.0 if how == "twice" else x
            return y if g is None else g(y)
        def square(x):
            return x * x
        def cube(x):
            return x * x * x
    """
    m = load(program)
    for expected in (False, True):
        for how in ("twice", "once"):
            for g in (None, m.square, m.cube):
                assert warm(m.f, 0.5, how, g) == expected
        m = load(program)
    changed = load(program.replace("x * x * x", "x * x * x * x"))
    assert warm(changed.f, 0.5, "once", changed.square)
    assert not warm(changed.f, 0.5, "once", changed.cube)


def test_classes_of_arguments(load):
    program = """
        import dataclasses
        @dataclasses.dataclass
        class P:
            a: float
            b: float = 2.0
        def f(p):
            return p.a * p.b
    """
    for expected in (False, True):
        m = load(program)
        assert warm(m.f, m.P(1.0, 2.0)) == expected
        assert grad(m.f)(m.P(1.0, 2.0)) == m.P(2.0, 1.0)
    m = load(program.replace("b: float = 2.0", "b: float = 2.0\n            c: float = 0.0"))
    assert not warm(m.f, m.P(1.0, 2.0))
    m = load(program.replace("b: float = 2.0", "b: float = 2.0\n            def __post_init__(self): pass"))
    assert not warm(m.f, m.P(1.0, 2.0))


def test_the_request_is_part_of_the_key(load, place):
    program = "def f(x, y):\n    return x * x * y, x\ndef g(x, y):\n    return x * x * y\n"
    m = load(program)
    asked = [("grad", 0), ("grad", 1), ("grad", "x"), ("grad", (0, 1)), ("value_and_grad", 0)]
    for k, parts in enumerate(asked):
        assert Derivative(m.g, Derivation(*parts)).specialise((1.0, 2.0)).compiled.module is not None
        assert len(stored(place)) == k + 1
    several = Options(), Options(skip=frozenset({"cse", "fold"})), Options(rewind=True), Options(inline=False)
    for n, options in enumerate(several):
        made = Derivative(m.g, Derivation("grad"), options=options)
        assert made.specialise((1.0, 2.0)).compiled.module is not None
        assert len(stored(place)) == len(asked) + n + 1
    assert not warm(m.g, 1.0, np.float64(2.0))
    assert not warm(m.g, 1.0, 2)
    assert not warm(m.f, 1.0, 2.0, has_aux=True)


def test_versions_are_part_of_the_key(load, monkeypatch):
    program = "def f(x):\n    return x * x\n"
    assert not warm(load(program).f, 1.0)
    monkeypatch.setattr(diskcache, "versions", lambda: "another one")
    assert not warm(load(program).f, 1.0)


def test_the_sources_of_srcdiff_are_part_of_the_version(tmp_path, monkeypatch):
    monkeypatch.undo()
    (tmp_path / "rules").mkdir()
    for name in ("api.py", "rules/table.py"):
        (tmp_path / name).write_text("one\n")
        os.utime(tmp_path / name, (1e9, 1e9))
    monkeypatch.setattr(diskcache, "ROOT", str(tmp_path))
    first = diskcache.versions()
    assert first == diskcache.versions()
    assert np.__version__ in first
    (tmp_path / "rules/table.py").write_text("two!\n")
    os.utime(tmp_path / "rules/table.py", (1e9, 1e9))
    second = diskcache.versions()
    os.utime(tmp_path / "api.py", (1e9, 1e9 + 1))
    assert len({first, second, diskcache.versions()}) == 3


def test_srcdiff_that_changed_since_it_was_imported(tmp_path, monkeypatch):
    monkeypatch.undo()
    (tmp_path / "api.py").write_text("")
    os.utime(tmp_path / "api.py", (time.time() - 0.01,) * 2)
    monkeypatch.setattr(diskcache, "ROOT", str(tmp_path))
    assert reason(lambda x: x * x, 1.0) == "srcdiff changed since it was imported"


RULE = """
    import srcdiff
    import numpy as np
    def softplus(x):
        return np.log1p(np.exp(x))
    srcdiff.rules.elementwise(softplus, x="g / (1.0 + np.exp(-x))")
    def f(x):
        return softplus(x)
"""


def test_the_users_rules_are_part_of_the_key(load):
    assert not warm(load(RULE).f, 0.5)
    assert grad(load(RULE).f)(0.5) == pytest.approx(1.0 / (1.0 + np.exp(-0.5)))
    changed = load(RULE.replace("g / ", "3.0 * g / ")).f
    assert not warm(changed, 0.5)
    assert grad(changed)(0.5) == pytest.approx(3.0 / (1.0 + np.exp(-0.5)))


def test_a_library_function_that_somebody_replaced(load, monkeypatch):
    program = "import numpy as np\ndef f(x):\n    return np.square(x)\n"
    keys = {key_of(load(program).f, 0.5)}
    assert keys == {key_of(load(program).f, 0.5)}
    for fake in (lambda x: x, functools.wraps(np.square)(lambda x: x), np.cos, np.vectorize(lambda x: x), len):
        monkeypatch.setattr(np, "square", fake)
        keys.add(key_of(load(program).f, 0.5))
    assert len(keys) == 6


# -- what is never stored ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "why"), [
    ("import re\np = re.compile('a')\ndef g(q, x):\n    return x\ndef f(x):\n    return g(p, x)\n", "re.Pattern"),
    ("o = open(__file__)\no.close()\ndef g(q, x):\n    return x\ndef f(x):\n    return g(o, x)\n", "TextIOWrapper"),
    ("s = {abs, float}\ndef g(q, x):\n    return x\ndef f(x):\n    return g(s, x)\n", "set of objects"),
    ("c = [0.0] * 50_000\ndef f(x):\n    return x * len(c)\n", "too much"),
    ("def f(x):\n    return x if True else globals()\n", "globals"),
    ("import collections\nc = collections.OrderedDict(a=1.0)\ndef g(q, x):\n    return x\ndef f(x):\n    return g(c, x)\n",
     "OrderedDict"),
])
def test_what_has_no_stable_text_is_not_stored(load, place, text, why):
    f = load(text).f
    assert why in reason(f, 0.5)
    assert grad(f)(0.5) is not None
    assert not place.exists()


def test_opaque_objects_need_no_text(load):
    program = "import threading, logging, numpy as np\n" + "".join(
        f"{name} = {value}\n" for name, value in {
            "rng": "np.random.default_rng()", "lock": "threading.Lock()", "log": "logging.getLogger('a')"}.items())
    program += "def g(a, b, c, x):\n    return x * x\ndef f(x):\n    return g(rng, lock, log, x)\n"
    assert not warm(load(program).f, 0.5)
    assert warm(load(program).f, 0.5)


def test_a_read_that_the_walk_did_not_see(load, place, monkeypatch):
    from srcdiff.ir.dims import Facts

    hidden = {"k": 1.0}
    m = load("def f(x):\n    return x * x\n")
    derivative = grad(m.f)
    signature = abstract(("x",), (0.5,))
    compiled = derivative.compile(signature)
    compiled.facts.capture(hidden, "k", 1.0)
    request = Request(derivative.callee, signature, derivative.derivation, "joint", None)
    assert not request.store(compiled)
    assert "did not meet" in request.reason
    other = derivative.compile(signature)
    other.facts.capture(vars(m), "f", m.f)
    assert not request.store(other)
    assert isinstance(other.facts, Facts)
    assert not stored(place)


def test_a_change_while_it_is_compiled(load, place):
    m = load("c = 2.0\ndef f(x):\n    return x * c\n")
    derivative = grad(m.f)
    signature = abstract(("x",), (0.5,))
    request = Request(derivative.callee, signature, derivative.derivation, "joint", None)
    m.c = 3.0
    assert not request.store(derivative.compile(signature))
    assert "changed" in request.reason
    assert not stored(place)


def test_functions_with_a_rule_of_their_own(load):
    program = """
        import srcdiff
        @srcdiff.custom_vjp
        def g(x):
            return x * x
        def fwd(x):
            return x * x, x
        def bwd(x, out_bar):
            return (2.0 * x * out_bar,)
        g.defvjp(fwd, bwd)
        def f(x):
            return g(x) + x
    """
    assert not warm(load(program).f, 0.5)
    assert warm(load(program).f, 0.5)
    changed = load(program.replace("2.0 * x", "3.0 * x")).f
    assert not warm(changed, 0.5)
    assert grad(changed)(0.5) == 2.5


def test_what_is_missing_is_known_too(load):
    program = "class C:\n    k = 2.0\nimport other\ndef f(x):\n    return x * C.k * other.c\n"
    m = load(program, other="c = 3.0\n")
    reach, _ = diskcache.walk(*request_of(m.f, 0.5))
    other = vars(m.other)
    assert reach.knows(m.C, "k")
    assert reach.knows(m.C, "c")  # the code speaks of c, so it would be in the text
    assert reach.knows(m.C, "__call__")
    assert not reach.knows(m.C, "other_name")
    assert reach.knows(other, "c")
    assert reach.knows(other, "k")
    assert not reach.knows(other, "__name__")


def test_attributes_that_a_module_makes_up(load):
    program = "import other\ndef f(x):\n    return x * other.c\n"
    other = "def __getattr__(name):\n    if name == 'c':\n        return <<2.0|3.0>>\n    raise AttributeError(name)\n"
    assert not warm(load(program, other=before(other)).f, 0.5)
    assert warm(load(program, other=before(other)).f, 0.5)
    changed = load(program, other=after(other)).f
    assert not warm(changed, 0.5)
    assert grad(changed)(0.5) == 3.0


IN_PLACE = """
    import other
    from other import C, g
    c = C()
    def f(x):
        return g(x) * other.c + c.m(x)
"""
OTHER = """
    c = 2.0
    def g(x, k=3.0):
        return x * k
    def h(x, k=3.0):
        return x * 10.0
    class B:
        def m(self, x):
            return x
    class C(B): pass
"""


def test_what_changes_in_place_is_noticed_in_one_process(load):
    for expected in (False, True):  # compiled, and found on disk
        m = load(IN_PLACE, other=OTHER)
        g = grad(m.f)
        assert g(1.0) == 7.0
        assert (g.specialise((1.0,)).compiled.module is None) == expected
        m.other.c = 4.0
        assert g(1.0) == 13.0
        m.g.__defaults__ = (5.0,)
        assert g(1.0) == 21.0
        m.g.__code__ = m.other.h.__code__
        assert g(1.0) == 41.0
        m.C.m = lambda self, x: 3.0 * x
        assert g(1.0) == 43.0
