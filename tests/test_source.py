"""Where the source of a function comes from, and that it is refused where it is not what runs."""

from __future__ import annotations

import ast
import functools
import importlib
import linecache
import os
import shutil
import subprocess
import sys
import textwrap
import types
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcdiff
from srcdiff import UnsupportedError, grad
from srcdiff.frontend.recompiled import agrees, compiled, rewritten, same
from srcdiff.frontend.source import function_source

BEFORE = """\
    K = 3.0


    def f(x):
        y = x * K
        return y * y


    def untouched(x):
        return x ** 3
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a module of some text, and imports it; a text for a known name replaces the file only."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: dict[str, types.ModuleType] = {}

    def make(text: str, name: str = "changing") -> types.ModuleType:
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        if name not in made:
            importlib.invalidate_caches()
            made[name] = importlib.import_module(name)
        os.utime(tmp_path / f"{name}.py", (1e9 + len(made), 1e9 + len(text)))  # linecache looks at time and size
        return made[name]

    yield make
    for name in made:
        sys.modules.pop(name, None)


# -- source that changed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), [
    ("y * y", "y + y"),
    ("x * K", "x * x"),
    ("x * K", "x * J"),
    ("x * K", "x * 3.5"),
    ("    return y * y", "    y = y + 1.0\n    return y * y"),
    ("def f(x):", "def f(z):"),
    ("return y * y", "return y * (y + 0.0 * -0.0)"),
])
def test_a_changed_body_is_refused(module, old, new):
    found = module(BEFORE)
    module(textwrap.dedent(BEFORE).replace(old, new))
    with pytest.raises(UnsupportedError, match="the file changed after it was imported"):
        grad(found.f)(2.0)


def test_lines_that_moved_are_refused(module):
    found = module(BEFORE)
    module("import math\n\n\n" + textwrap.dedent(BEFORE))
    with pytest.raises(UnsupportedError, match="may have changed"):
        grad(found.f)(2.0)


def test_another_function_in_its_place_is_refused(module):
    found = module(BEFORE)
    module("""\
        K = 3.0


        def f(x, y):
            return x + y * K
        """)
    with pytest.raises(UnsupportedError, match="the file changed"):
        grad(found.f)(2.0)


def test_a_changed_helper_is_refused(module):
    found = module("def helper(x):\n    return 2.0 * x\n\n\ndef f(x):\n    return helper(x)\n")
    module("def helper(x):\n    return 3.0 * x\n\n\ndef f(x):\n    return helper(x)\n")
    with pytest.raises(UnsupportedError, match="helper does not do what"):
        grad(found.f)(2.0)


@pytest.mark.parametrize("after", [
    BEFORE.replace("x ** 3", "x ** 4"),  # another function
    BEFORE.replace("y = x * K", "y = x * K  # three times"),
    BEFORE.replace("y = x * K", "y = (x *\n             K)"),
    BEFORE.replace("K = 3.0", "K = 4.0"),  # the module that runs says 3
])
def test_a_change_that_is_none_is_not_refused(module, after):
    found = module(BEFORE)
    module(after)
    assert grad(found.f)(2.0) == 36.0


def test_a_lambda_that_changed_is_refused(module):
    found = module("f = lambda x: x * 2.0\n")
    module("f = lambda x: x * 3.0\n")
    with pytest.raises(UnsupportedError, match="the file changed"):
        grad(found.f)(2.0)


def test_a_file_that_is_gone(module, tmp_path):
    found = module(BEFORE)
    (tmp_path / "changing.py").unlink()
    with pytest.raises(UnsupportedError, match="source of f is not available"):
        grad(found.f)(2.0)


def test_reloading_is_the_way_out(module):
    found = module(BEFORE)
    module(BEFORE.replace("y * y", "y + y"))
    shutil.rmtree(Path(found.__file__).parent / "__pycache__", ignore_errors=True)
    assert grad(importlib.reload(found).f)(2.0) == 6.0


# -- code by itself ----------------------------------------------------------------------------------------------------

KINDS = '''
    from __future__ import annotations

    import numpy as np

    def plain(x, *args, k=(1, 2.0), **kwargs):
        """With a docstring.

        Of several lines.
        """
        assert x is not None, f"{x}"
        return [y * k[1] for y in (x, *args) if y in {1, 2, "a"}], {k: v for k, v in kwargs.items()}

    def outer(a, b):
        c = a + b
        def inner(x: float) -> float:
            nonlocal c
            y: float = x
            def innermost():
                return c + y + a
            return innermost() + sum(v * b for v in range(3))
        return inner

    class Base:
        def area(self):
            return 1.0

    class Shape(Base):
        scale = 2.0
        __hidden = 3.0
        size = lambda self: self.__hidden

        def __init__(self, r):
            self.__r = r

        def area(self):
            return super().area() * self.__r * self.scale

        @property
        def double(self):
            return 2 * self.area()

        @staticmethod
        def unit(x):
            class Local:
                z = x
            return Local

        def maker(self):
            def made(x):
                return x * self.__r
            return made

    one, two = (lambda x: x + 1), (lambda x, y=2: -0.0 * x)

    def generated(n):
        while n:
            n -= 1
            try:
                yield n
            except ValueError as error:
                raise RuntimeError from error
            finally:
                pass
        match n:
            case {"a": 1}:
                return 1
            case Shape(scale=s):
                return s
        with np.errstate(all="ignore"):
            return 1_000_000.0 if n else float("nan")
'''


def functions_in(module: types.ModuleType) -> dict[str, types.FunctionType]:
    shape = module.Shape
    return {
        "plain": module.plain, "inner": module.outer(1.0, 2.0), "init": shape.__init__, "area": shape.area, "size": shape.size,
        "double": shape.double.fget, "unit": shape.unit, "made": shape(2.0).maker(), "one": module.one, "two": module.two,
        "generated": module.generated,
    }


@pytest.mark.parametrize("name", "plain inner init area size double unit made one two generated".split())
def test_every_kind_of_function_is_recognised(module, name):
    fun = functions_in(module(KINDS, "kinds"))[name]
    assert function_source(fun).node.lineno >= 1


@pytest.mark.parametrize("name", ["plain", "inner", "area", "unit", "one", "two", "generated"])
def test_the_definition_by_itself_is_enough(module, name):
    """The whole file is not compiled for these."""
    fun = functions_in(module(KINDS, "kinds"))[name]
    assert agrees(function_source(fun).node, fun, "raise SystemExit")


def test_constants_are_compared_exactly():
    def code(text: str) -> types.CodeType:
        return compiled(f"def f(x):\n    return {text}", (lambda: 0).__code__.replace(co_name="f"))[0]

    assert same(code("x + 1.0"), code("x + 1.0"))
    for a, b in (("0.0", "-0.0"), ("1", "1.0"), ("1", "True"), ("(0.0, 1)", "(-0.0, 1)"), ("'a'", "b'a'")):
        assert not same(code(f"x + {a}"), code(f"x + {b}"))


def test_assertions_that_pytest_wrote_out(module):
    def f(x):
        assert x > 0.0, "positive"
        return x * x

    assert "@pytest_ar" in f.__code__.co_names
    assert grad(f)(3.0) == 6.0
    node = function_source(f).node
    other = ast.parse("def f(x):\n    assert x > 0.0\n    return x * x * 7.0").body[0]
    assert agrees(node, f, "")
    assert not agrees(other, f, "")
    assert not rewritten(f.__code__, compiled(ast.unparse(other), f.__code__)[0])


# -- other places than files -------------------------------------------------------------------------------------------


def run(code: str, *args: str, input: str | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run([sys.executable, *args, *(["-c", textwrap.dedent(code)] if code else [])], capture_output=True,
                          text=True, input=input, cwd=cwd)
    return done.stdout + done.stderr


def test_exec_of_a_text_that_is_gone_is_refused_with_advice():
    scope: dict[str, Any] = {}
    exec("\n".join(["def f(x):", "    return x * x"]), scope)
    with pytest.raises(UnsupportedError, match="define it in a file or a notebook"):
        grad(scope["f"])(2.0)


@pytest.mark.parametrize("indent", ["", "    "])
def test_exec_of_a_text_that_a_variable_holds(indent):
    scope: dict[str, Any] = {}
    text = textwrap.indent("def g(x):\n    return x * x\n\n\nf = lambda x: x * g(x)\n", indent)
    exec(textwrap.dedent(text), scope)
    assert grad(scope["f"])(2.0) == 12.0
    del text
    assert grad(scope["g"])(2.0) == 4.0


def test_exec_of_a_constant():
    scope: dict[str, Any] = {}
    exec("def f(x):\n    return x * x\n", scope)
    assert grad(scope["f"])(2.0) == 4.0
    assert grad(eval("lambda x: x ** 3"))(2.0) == 12.0


def test_exec_of_another_text_is_not_misread():
    scope: dict[str, Any] = {}
    texts = ["def f(x):\n    return x * x\n", "def f(x):\n    return x + x\n", "\ndef f(x):\n    return x * x\n"]
    for text, slope in zip(texts, (4.0, 2.0, 4.0), strict=True):
        exec(text, scope)
        assert grad(scope["f"])(2.0) == slope


def test_classes_that_exec_made():
    scope: dict[str, Any] = {}
    exec("import dataclasses\n@dataclasses.dataclass\nclass C:\n    a: float\n    def __init__(self, a):\n"
         "        self.a = 2 * a\n", scope)
    made = scope["C"]
    assert grad(lambda x: made(x).a)(3.0) == 2.0


def test_the_text_on_the_command_line():
    assert run("from srcdiff import grad\ndef f(x): return x * x\nprint(grad(f)(3.0))") == "6.0\n"


def test_exec_under_the_name_of_a_file_is_not_misread():
    scope: dict[str, Any] = {}
    lines = Path(__file__).read_text().splitlines()
    first = lines.index("def functions_in(module: types.ModuleType) -> dict[str, types.FunctionType]:")
    exec(compile("\n" * first + "def functions_in(module):\n    return module * module\n", __file__, "exec"), scope)
    with pytest.raises(UnsupportedError, match="does not do what"):
        grad(scope["functions_in"])(2.0)


def test_exec_with_lines_that_linecache_knows():
    """As a cell of a notebook is executed."""
    name, text = "<cell 17>", "def g(x):\n    return x * x\n\n\ndef f(x):\n    return g(x)\n"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    scope: dict[str, Any] = {}
    exec(compile(text, name, "exec"), scope)
    assert grad(scope["f"])(2.0) == 4.0


def test_a_module_in_a_zip_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("zipped/__init__.py", "")
        archive.writestr("zipped/inner.py", "def f(x):\n    return x ** 3\n")
    code = f"""
        import sys
        sys.path.insert(0, {str(tmp_path / "code.zip")!r})
        from zipped.inner import f
        from srcdiff import grad
        print(grad(f)(2.0))
    """
    assert run(code) == "12.0\n"


def test_a_doctest(tmp_path):
    (tmp_path / "documented.py").write_text(textwrap.dedent('''
        """Documented.

        >>> from srcdiff import grad
        >>> def f(x):
        ...     return x * x
        >>> grad(f)(3.0)
        6.0
        >>> grad(lambda x: x ** 3)(2.0)
        12.0
        """
    '''))
    assert "Test passed." in run("", "-m", "doctest", "-v", "documented.py", cwd=tmp_path)


def test_a_prompt():
    typed = "from srcdiff import grad\ndef f(x):\n    return x * x\n\nprint(grad(f)(3.0))\n"
    out = run("", "-i", "-q", input=typed)
    assert "6.0" in out or "is not available" in out
    assert "InternalError" not in out


def test_a_script_on_standard_input():
    out = run("", "-", input="from srcdiff import grad\ndef f(x):\n    return x * x\nprint(grad(f)(3.0))\n")
    assert "is not available" in out


# -- decorators and other wrappers -------------------------------------------------------------------------------------


def scaled(fun):
    @functools.wraps(fun)
    def inner(*args, **kwargs):
        return 10.0 * fun(*args, **kwargs)
    return inner


@scaled
def decorated(x, y):
    return x * x * y


def test_a_decorator_is_part_of_the_function():
    assert grad(decorated)(2.0, 3.0) == 120.0
    assert grad(decorated, 1)(2.0, 3.0) == 40.0


def test_an_argument_of_a_decorated_function_by_name():
    assert grad(decorated, "y")(2.0, 3.0) == 40.0
    assert grad(decorated, ("x", "y"))(2.0, y=3.0) == (120.0, 40.0)
    with pytest.raises(srcdiff.SignatureError, match="no argument 'z'"):
        grad(decorated, "z")(2.0, 3.0)


def test_a_decorator_that_cannot_be_read_is_refused():
    import contextlib

    @contextlib.contextmanager
    def section():
        yield

    @section()
    def f(x):
        return x * x

    with pytest.raises(UnsupportedError):
        grad(f)(2.0)


def test_a_remembered_function():
    @functools.lru_cache
    def f(x):
        return x ** 3

    assert grad(f)(2.0) == 12.0
    assert grad(lambda x: f(x) + f(x))(2.0) == 24.0


class Dispatcher(functools.partial):
    """Like what numba.njit returns: its call is no Python function, and it knows what it was compiled from."""

    def __new__(cls, fun):
        made = super().__new__(cls, fun)
        made.py_func = fun
        return made


@Dispatcher
def compiled_helper(x):
    return np.sin(x) * x


@Dispatcher
def compiled_loss(x, n):
    total = 0.0
    for k in range(n):
        total = total + compiled_helper(x[k]) ** 2
    return total


def test_a_compiled_function_by_its_python_source():
    x = np.array([0.5, 1.0])
    wanted = 2.0 * np.sin(x) * x * (np.cos(x) * x + np.sin(x))
    np.testing.assert_allclose(grad(compiled_loss)(x, 2), wanted, rtol=1e-14)
    np.testing.assert_allclose(grad(lambda x: 3.0 * compiled_loss(x, 2))(x), 3.0 * wanted, rtol=1e-14)


def test_a_wrapper_of_the_users_does_what_its_call_says():
    class Doubled:
        def __init__(self, fun):
            self.py_func = fun

        def __call__(self, x):
            return 2.0 * self.py_func(x)

    assert grad(Doubled(lambda x: x * x))(3.0) == 12.0


def test_numba():
    numba = pytest.importorskip("numba", reason="numba, which this needs, is not installed")

    @numba.njit
    def f(x):
        return x * x * x

    assert grad(f)(2.0) == 12.0
    assert grad(lambda x: f(x) + x)(2.0) == 13.0
