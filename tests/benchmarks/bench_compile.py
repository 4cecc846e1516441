"""First compilations and the import, each in a fresh process with its bytecode cached: milliseconds of processor time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FIRST = """
import sys, time
sys.path.insert(0, {folder!r})
import numpy as np
import srcdiff
import bench_compile
f = bench_compile.{name}
args = bench_compile.arguments({name!r})
start = time.process_time()
srcdiff.grad(f)(*args)
print(time.process_time() - start)
"""

IMPORT = """
import time
start = time.process_time()
import {name}
print(time.process_time() - start)
"""


def thirty_lines(x, w, b, n):
    h = np.tanh(w @ x + b)
    s = 0.0
    out = []
    for i in range(n):
        t = h[i] * x[i]
        if t > 0.5:
            t = np.sin(t) + 0.1
        elif t < -0.5:
            t = t * t
        else:
            t = t - 1.0
        s += t
        h[i] = t * s
        out.append(s)
    y = h * 2.0
    y[1:-1] += x[2:] - x[:-2]
    y[0] = y[-1] * s
    k = 0
    while k < n and s < 50.0:
        s = s * 1.1 + y[k]
        k += 1
        if s > 40.0:
            break
    z = np.where(y > 0.0, np.exp(-y), y * y)
    m = np.outer(z, y)
    m[0] += z
    v = m.T @ x
    total = np.sum(v * v) + s
    for a, c in zip(v, out):
        total = total + a * c
    norm = np.sqrt(np.sum(m * m) + 1.0)
    return total / norm


def six_deep(x, n):
    s = 0.0
    for i in range(n):
        for j in range(n):
            t = x[i]
            for k in range(n):
                for p in range(n):
                    t = t * x[j] + 0.1
                    for q in range(n):
                        for r in range(n):
                            x[r] = x[r] * 0.9 + 0.1 * np.sin(t)
                            s += x[q] * t
    return s


def arguments(name: str):
    x = np.linspace(-0.5, 0.5, 5)
    return (x, np.eye(5), x * 0.1, 4) if name == "thirty_lines" else (x, 2)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One in which bytecode is cached."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode"))}


def measured(script: str, environment: dict[str, str]) -> float:
    """The smallest of four runs, in milliseconds."""
    runs = [float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment,
                                 check=True).stdout) for _ in range(4)]
    return 1e3 * min(runs)


@pytest.mark.parametrize("name", ["thirty_lines", "six_deep"])
def test_first_compilation(name: str, environment: dict[str, str]) -> None:
    took = measured(FIRST.format(folder=str(Path(__file__).parent), name=name), environment)
    print(f"first gradient of {name}: {took:.0f} ms")
    assert took < 150.0


def test_import(environment: dict[str, str]) -> None:
    more = measured(IMPORT.format(name="srcdiff.api"), environment) - measured(IMPORT.format(name="numpy"), environment)
    print(f"import srcdiff.api takes {more:.0f} ms more than import numpy")
    assert more < 60.0
