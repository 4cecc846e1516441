"""The cache on disk: what is found again, what must not be, and that nothing on disk can do harm."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from diskcached import PROGRAM, SQUARE, X, specialised, stored, warm

import srcdiff
from srcdiff import diskcache, grad
from srcdiff.cli import main
from srcdiff.derivation import Derivation
from srcdiff.derivative import Derivative
from srcdiff.diskcache import files

pytestmark = pytest.mark.usefixtures("place")


# -- found again -------------------------------------------------------------------------------------------------------


def test_what_was_compiled_is_found_again(load, place):
    first = load(PROGRAM)
    cold = specialised(first.f, X)
    again = load(PROGRAM)
    found = specialised(again.f, X)
    assert cold.module is not None
    assert found.module is None
    assert found.source.text == cold.source.text
    assert found.source.entries == cold.source.entries
    assert dict(found.source.line_map).keys() == dict(cold.source.line_map).keys()
    assert {k: str(v) for k, v in found.source.line_map.items()} == {k: str(v) for k, v in cold.source.line_map.items()}
    assert found.source.objects["W"] is again.W
    np.testing.assert_array_equal(grad(again.f)(X), grad(first.f)(X))
    assert len(stored(place)) == 1


@pytest.mark.parametrize("mode", ["grad", "value_and_grad", "vjp", "jvp"])
def test_every_mode(load, mode):
    def results(f: Any) -> Any:
        if mode == "vjp":
            value, pullback = srcdiff.vjp(f, X)
            return value, *pullback(2.0)
        return srcdiff.jvp(f, (X,), (np.ones(3),)) if mode == "jvp" else getattr(srcdiff, mode)(f)(X)

    first, second = results(load(PROGRAM).f), results(load(PROGRAM).f)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    derivation = Derivation(mode, (0,) if mode in ("vjp", "jvp") else 0)
    form = "split" if mode == "vjp" else "joint"
    f = load(PROGRAM).f
    assert Derivative(f, derivation, form).specialise((X, 2)).compiled.module is None


def test_what_a_pullback_has_to_copy_is_remembered(load):
    program = "import numpy as np\ndef f(x):\n    return np.sin(x) * x\n"
    for _ in range(2):
        x = X.copy()
        _, pullback = srcdiff.vjp(load(program).f, x)
        x[:] = 0.0
        np.testing.assert_allclose(pullback(np.ones(3))[0], np.sin(X) + X * np.cos(X), rtol=1e-14)


def test_conditions_on_the_arguments_are_tested(load):
    program = "import numpy as np\ndef f(x, y):\n    return np.sum(x * y)\n"
    one, three = np.ones(1), np.ones(3)
    for a, b in ((one, three), (three, one), (three, three)):
        assert not warm(load(program).f, a, b)
    for a, b in ((one, three), (three, one), (three, three), (np.ones(5), np.ones(5))):
        assert warm(load(program).f, a, b)
        assert grad(load(program).f)(a, b).shape == a.shape


def test_at_most_so_many_for_one_key(load, place):
    x = np.ones((2,) * 12)
    fun = "import numpy as np\ndef f(x, k):\n    return np.sum(np.sum(x, axis=k))\n"
    for k in range(10):
        assert not warm(load(fun).f, x, k)
    entries = json.loads(stored(place)[0].read_text().partition("\n")[2])["entries"]
    assert len(stored(place)) == 1
    assert len(entries) == diskcache.PER_KEY
    assert not warm(load(fun).f, x, 0)
    assert warm(load(fun).f, x, 9)


def test_an_exception_names_the_users_line(load):
    program = "import numpy as np\ndef f(x, A):\n    return np.sum(np.linalg.solve(A, x))\n"
    notes = []
    for _ in range(2):
        f = load(program).f
        with pytest.raises(np.linalg.LinAlgError) as error:
            grad(f)(X, np.zeros((3, 3)))
        notes.append(error.value.__notes__)
    assert notes[0] == notes[1]
    assert "return np.sum(np.linalg.solve(A, x))" in notes[1][0]


def test_what_changes_in_the_same_process_is_still_noticed(load):
    load(PROGRAM)
    specialised(load(PROGRAM).f, X)
    module = load(PROGRAM)
    g = grad(module.f)
    before = g(X)
    module.table["a"] = 4.0
    np.testing.assert_allclose(g(X), 2.0 * before)
    module.helper = lambda u: u
    np.testing.assert_allclose(g(X), 4.0 * 2 * 2 * X * module.W ** 2)


def test_arrays_are_read_when_the_code_runs(load):
    program = "import numpy as np\nW = np.{}\ndef f(x):\n    return np.sum(x * W)\n"
    assert not warm(load(program.format("ones(3)")).f, X)
    module = load(program.format("arange(3.0)"))
    assert warm(module.f, X)
    np.testing.assert_array_equal(grad(module.f)(X), np.arange(3.0))


def test_derivatives_of_derivatives_and_bound_arguments(load):
    program = """
        import functools
        from srcdiff import grad
        def f(x, c):
            return c * x ** 3
        g = grad(f)
        def h(x):
            return g(x, 2.0) * x
        p = functools.partial(f, c=5.0)
        class C:
            def __init__(self):
                self.c = 7.0
            def m(self, x):
                return self.c * x * x
    """
    for expected in (False, True):
        m = load(program)
        assert warm(m.g, 2.0, 3.0) == expected
        assert warm(m.h, 2.0) == expected
        assert warm(m.p, 2.0) == expected
        assert warm(m.C().m, 2.0) == expected
    assert grad(m.g)(2.0, 3.0) == 36.0
    assert grad(m.h)(2.0) == 72.0
    assert grad(m.p)(2.0) == 60.0
    assert grad(m.C().m)(2.0) == 28.0


# -- harm --------------------------------------------------------------------------------------------------------------

def cached(load: Any, place: Path) -> Path:
    """The file of a small function."""
    assert not warm(load(SQUARE).f, 3.0)
    assert warm(load(SQUARE).f, 3.0)
    return stored(place)[0]


def damaged(load: Any, place: Path) -> None:
    """What is there now is not used, and replaced."""
    assert not warm(load(SQUARE).f, 3.0)
    assert grad(load(SQUARE).f)(3.0) == 6.0
    assert warm(load(SQUARE).f, 3.0)


def sealed(body: str) -> bytes:
    return files._head(body.encode()) + b"\n" + body.encode()


@pytest.mark.parametrize("how", [
    lambda data: b"", lambda data: data[:-1], lambda data: data[: len(data) // 2], lambda data: data + b" ",
    lambda data: data.replace(b"return", b"retur_"), lambda data: os.urandom(2000), lambda data: b"\x00" * len(data),
    lambda data: data.partition(b"\n")[2], lambda data: data.replace(b"cache-1", b"cache-0"), lambda data: b"\n" * 9,
], ids=["empty", "cut", "half", "longer", "edited", "random", "zeros", "no head", "old", "lines"])
def test_a_damaged_file(load, place, how):
    path = cached(load, place)
    path.write_bytes(how(path.read_bytes()))
    damaged(load, place)


@pytest.mark.parametrize("body", [
    "", "[]", "{}", "null", '{"entries": 1}', '{"entries": [1]}', '{"entries": [{}]}', "[" * 100_000, "\x00", '{"entries": []}',
])
def test_a_file_with_a_good_checksum_and_bad_contents(load, place, body):
    path = cached(load, place)
    path.write_bytes(sealed(body))
    assert not warm(load(SQUARE).f, 3.0)
    assert grad(load(SQUARE).f)(3.0) == 6.0


@pytest.mark.parametrize("part", ["text", "entries", "objects", "captures", "conditions", "lines", "backward"])
@pytest.mark.parametrize("value", [None, 7, "x y", [[99, "a"]], {"a": ["walk", 99]}])
def test_wrong_parts(load, place, part, value):
    path = cached(load, place)
    content = json.loads(path.read_text().partition("\n")[2])
    content["entries"][0][part] = value
    path.write_bytes(sealed(json.dumps(content)))
    assert grad(load(SQUARE).f)(3.0) == 6.0


def owned_by(uid: int, monkeypatch: pytest.MonkeyPatch, of: Any) -> None:
    """Let files for which ``of(mode)`` holds seem to belong to somebody."""
    real = {name: getattr(os, name) for name in ("stat", "lstat", "fstat")}

    def changed(found: os.stat_result) -> os.stat_result:
        if not of(found.st_mode):
            return found
        values = list(found)
        values[4] = uid
        return os.stat_result(values, {"st_mtime_ns": found.st_mtime_ns})

    for name, function in real.items():
        monkeypatch.setattr(files.os, name, lambda *args, _f=function, **kwargs: changed(_f(*args, **kwargs)))


@pytest.mark.skipif(os.name != "posix", reason="this system has no owners and modes of files")
@pytest.mark.parametrize("of", [stat.S_ISDIR, stat.S_ISREG], ids=["folder", "file"])
def test_what_belongs_to_somebody_else_is_not_read(load, place, monkeypatch, of):
    cached(load, place)
    owned_by(os.geteuid() + 1, monkeypatch, of)
    assert not warm(load(SQUARE).f, 3.0)
    assert not warm(load(SQUARE).f, 3.0)
    assert grad(load(SQUARE).f)(3.0) == 6.0


@pytest.mark.skipif(os.name != "posix", reason="this system has no owners and modes of files")
@pytest.mark.parametrize("mode", [0o722, 0o770, 0o777])
def test_a_folder_that_others_can_write_to(load, place, mode):
    cached(load, place)
    place.chmod(mode)
    assert not warm(load(SQUARE).f, 3.0)
    assert "can be written to by others" in str(diskcache.problem(str(place)))
    place.chmod(0o700)
    assert warm(load(SQUARE).f, 3.0)


@pytest.mark.skipif(os.name != "posix", reason="this system has no owners and modes of files")
@pytest.mark.parametrize("mode", [0o622, 0o660, 0o606])
def test_a_file_that_others_can_write_to(load, place, mode):
    cached(load, place).chmod(mode)
    damaged(load, place)
    assert stat.S_IMODE(stored(place)[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own on this system")
def test_a_link_is_not_followed(load, place, tmp_path):
    path = cached(load, place)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    damaged(load, place)
    assert not stored(place)[0].is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_block(load, place):
    path = cached(load, place)
    path.unlink()
    os.mkfifo(path)
    damaged(load, place)


def test_a_folder_instead_of_a_file(load, place):
    path = cached(load, place)
    path.unlink()
    path.mkdir()
    for _ in range(2):
        assert not warm(load(SQUARE).f, 3.0)
    assert not list(place.glob(".*"))


def test_a_file_instead_of_the_folder(load, place):
    place.parent.mkdir()
    place.write_text("")
    for _ in range(2):
        assert not warm(load(SQUARE).f, 3.0)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("where", ["_put", "replace", "makedirs"])
def test_a_disk_that_is_full_or_cannot_be_written_to(load, place, monkeypatch, code, where):
    def fail(*args: Any, **kwargs: Any) -> None:
        if where == "_put":
            Path(args[0]).write_bytes(args[1][:10])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files if where == "_put" else files.os, where, fail)
    for _ in range(2):
        assert not warm(load(SQUARE).f, 3.0)
    assert grad(load(SQUARE).f)(3.0) == 6.0
    assert not place.exists() or not list(place.iterdir())


def test_a_folder_that_can_only_be_read(load, place):
    path = cached(load, place)
    os.utime(path, (1e9, 1e9))
    place.chmod(0o500)
    try:
        assert warm(load(SQUARE).f, 3.0)
        assert grad(load("def f(x):\n    return x ** 3\n").f)(2.0) == 12.0
    finally:
        place.chmod(0o700)


def test_it_can_be_switched_off(load, place, monkeypatch):
    cached(load, place)
    for word in ("off", "0", "no", "OFF"):
        diskcache.use(word)
        assert diskcache.folder() is None
        assert not warm(load(SQUARE).f, 3.0)
        assert diskcache.usage().files == 0
    diskcache.use(None)
    monkeypatch.setenv("SRCDIFF_CACHE", "off")
    assert diskcache.folder() is None
    monkeypatch.setenv("SRCDIFF_CACHE", str(place.parent))
    assert warm(load(SQUARE).f, 3.0)
    monkeypatch.delenv("SRCDIFF_CACHE")
    import platformdirs

    assert str(diskcache.folder()).startswith(platformdirs.user_cache_dir("srcdiff", appauthor=False))


# -- size --------------------------------------------------------------------------------------------------------------


def test_the_oldest_files_go(place, monkeypatch):
    monkeypatch.setattr(files, "LIMIT", 10_000)
    for k in range(30):
        assert files.write(f"{k:02}", "x" * 900)
        os.utime(place / f"{k:02}.json", (1e9 + k, 1e9 + k))
    left = [p.stem for p in stored(place)]
    assert left == sorted(left)[-len(left):]
    assert left[-1] == "29"
    assert 5 <= len(left) <= 11
    assert diskcache.usage().size <= 10_000
    assert not files.write("big", "x" * (files.LARGEST + 1))
    diskcache.clear()
    assert diskcache.usage() == files.Usage(0, 0)


def test_use_keeps_a_file_young(place):
    assert files.write("a", "text")
    os.utime(place / "a.json", (1e9, 1e9))
    assert files.read("a") == "text"
    assert time.time() - (place / "a.json").stat().st_mtime < 60.0


def test_what_a_killed_writer_left_behind_goes(place):
    assert files.write("a", "text")
    for name, age in ((".a.1.old", 7200.0), (".a.2.young", 1.0)):
        (place / name).write_text("half")
        os.utime(place / name, (time.time() - age,) * 2)
    assert files.write("b", "text")
    assert sorted(p.name for p in place.iterdir()) == [".a.2.young", "a.json", "b.json"]


def test_the_command_line_shows_and_clears(load, place):
    def shown(*args: str) -> str:
        return CliRunner().invoke(main, ["cache", *args], catch_exceptions=False).output

    assert shown() == f"{place}\n0 files, 0 KiB\n"
    cached(load, place)
    assert shown().startswith(f"{place}\n1 files, ")
    if os.name == "posix":
        place.chmod(0o777)
        assert "not used: " in shown()
        place.chmod(0o700)
    assert shown("--clear") == f"{place}\n0 files, 0 KiB\n"
    diskcache.use("off")
    assert shown() == "switched off (SRCDIFF_CACHE)\n"
