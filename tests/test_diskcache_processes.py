"""The cache on disk under many processes and threads, and under writers that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from diskcached import PROGRAM, SQUARE, stored, warm

from srcdiff.diskcache import files

pytestmark = pytest.mark.usefixtures("place")

SCRIPT = """
    import sys, time
    import numpy as np
    import model
    from srcdiff import diskcache, grad
    diskcache.versions = lambda: "this one"
    if {wait}:
        while time.time() < {wait}: pass
    g = grad(model.f)
    x = np.array([0.3, 0.7, 1.1])
    out = g(x)
    compiled = g.specialise((x, 2)).compiled
    print("srcdiff.pipeline" in sys.modules, "srcdiff.frontend" in sys.modules, out.tolist())
    print(compiled.source.text)
"""


def variables(folder: Path) -> dict[str, str]:
    return {**os.environ, "SRCDIFF_CACHE": str(folder / "cache"), "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}


def start(folder: Path, wait: float = 0.0, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(SCRIPT.format(wait=wait))], text=True,
                            env=variables(folder) | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[str]) -> tuple[bool, str]:
    """Whether it compiled, and all else that it printed."""
    out, err = process.communicate(timeout=120)
    assert err == ""
    compiled, frontend, rest = out.split(" ", 2)
    assert compiled == frontend
    return compiled == "True", rest


def test_a_second_process_starts_without_the_compiler(tmp_path, place):
    (tmp_path / "model.py").write_text(textwrap.dedent(PROGRAM))
    cold, first = finish(start(tmp_path, PYTHONHASHSEED="1"))
    again, second = finish(start(tmp_path, PYTHONHASHSEED="2"))
    assert cold
    assert not again
    assert first == second
    _, off = finish(start(tmp_path, SRCDIFF_CACHE="off", PYTHONHASHSEED="3"))
    assert off == first


def test_many_processes_at_once(tmp_path, place):
    (tmp_path / "model.py").write_text(textwrap.dedent(PROGRAM))
    at = time.time() + 3.0
    results = [finish(p) for p in [start(tmp_path, wait=at) for _ in range(4)]]
    assert len({text for _, text in results}) == 1
    assert len(stored(place)) == 1
    assert not list(place.glob(".*"))
    assert not finish(start(tmp_path))[0]


KILLED = """
    import os, signal, sys
    from srcdiff.diskcache import files
    kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
    if {when!r} == "half":
        def put(path, data, real=files._put):
            real(path, data[: len(data) // 2])
            kill()
        files._put = put
    else:
        files.os = type("", (), dict(vars(os)))()
        files.os.__dict__.update({{n: getattr(os, n) for n in dir(os)}})
        files.os.replace = lambda a, b: kill()
    import model
    from srcdiff import grad
    grad(model.f)(0.5)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("when", ["half", "before it is moved"])
def test_killed_while_writing(tmp_path, place, load, when):
    m = load(SQUARE)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED.format(when=when))], env=variables(tmp_path),
                          timeout=120, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not stored(place)
    assert len(list(place.glob(".*"))) == 1
    assert not warm(m.f, 0.5)
    assert warm(load(SQUARE).f, 0.5)


def test_readers_and_writers_at_once(place):
    texts = [str(k) * 20_000 for k in range(4)]
    seen: set[str | None] = set()
    stop = time.time() + 1.0

    def work(k: int) -> None:
        while time.time() < stop:
            assert files.write("one", texts[k])
            seen.add(files.read("one"))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert seen <= set(texts)
    assert [p.name for p in place.iterdir()] == ["one.json"]
