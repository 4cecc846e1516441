"""Library functions that are written out in others, and spellings of operations that one row cannot say.

Each expression is the body of ``f(a, b)``: its value is NumPy's bit by bit, its first and second derivatives are held against
differences, forward mode against reverse mode.
"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import trees
from test_rules_compiled import agree, define

import srcdiff

STATISTICS = """
np.ptp(a) * b
np.ptp(a, axis=0) + b
np.ptp(a, axis=-1, keepdims=True) * b
np.average(a) * b
np.average(a, axis=0) * b
np.average(a, weights=b)
np.average(a, axis=1, weights=b[0])
np.average(a, axis=1, weights=b)
np.average(a, axis=0, weights=[1.0, 2.0, 3.0]) * b
np.average(a, axis=(0, 1), weights=b)
np.average(a, axis=1, weights=b, returned=True)[0]
np.average(a, weights=b, returned=True)[1] * a
np.average(a, axis=1, weights=b, keepdims=True)
np.trapezoid(a) * b[:, 0]
np.trapezoid(a, dx=0.1) * b[:, 0]
np.trapezoid(a, np.cumsum(b, axis=1))
np.trapezoid(a, np.cumsum(b, axis=0), axis=0)
np.trapezoid(a, np.cumsum(b[0]))
np.trapezoid(a, axis=0) * b
scipy.integrate.trapezoid(a, dx=0.5) * b[:, 0]
np.cumulative_sum(a, axis=0) * b
np.cumulative_sum(a[0]) * b
np.cumulative_sum(a, axis=1, include_initial=True)[:, 1:] * b
np.cumulative_prod(a, axis=1) * b
np.cumulative_prod(a, axis=0, include_initial=True)[1:] * b
np.cov(a) + b[:, :3]
np.cov(a[0], b[0])
np.cov(a, b)
np.cov(a, rowvar=False) * b[0]
np.cov(a, bias=True) * b[:, :3]
np.cov(a, ddof=0) * b[:, :3]
np.cov(a[0]) * b
np.cov(a, fweights=np.array([1, 2, 1, 3])) * b[:, :3]
np.cov(a, aweights=b[0])
np.cov(a, aweights=b[0], fweights=np.array([1, 2, 1, 3]))
np.cov(a, aweights=b[0], ddof=0)
np.corrcoef(a) * b[:, :3]
np.corrcoef(a, b)
np.corrcoef(a[0], b[0])
np.corrcoef(a, rowvar=False) * b[0]
np.var(a, correction=1) * b
np.std(a, axis=0, correction=1) * b
a.sum(initial=2.0) * b
a.sum(where=a > 1.0) * b
a.max(initial=1.0, axis=1) * b[:, 0]
a.mean(where=a > 1.0) * b
a.prod(axis=1, initial=2.0) * b[:, 0]
np.median(a, 0) * b
np.percentile(a, [20, 50], axis=1) @ b
np.quantile(a, q=0.3, axis=0) * b
"""

SAMPLED = """
np.diff(a, prepend=0) * b
np.diff(a, append=b)
np.diff(a, axis=0, prepend=b[:1], append=b[:1])
np.diff(a, n=0) * b
np.ediff1d(a) * b[0, 0]
np.ediff1d(a[0], to_begin=b[0, 0], to_end=[1.0, 2.0])
np.gradient(a[0]) * b
np.gradient(a[0], 0.1) * b
np.gradient(a[0], np.array([0.0, 1.0, 3.0, 3.5])) * b
np.gradient(a[0], np.cumsum(b[0]))
np.gradient(a)[0] * b
np.gradient(a)[1] * b
np.gradient(a, axis=1) * b
np.gradient(a, 2.0, 0.5)[1] * b
np.gradient(a, b[0, 0], axis=0)
np.gradient(a, edge_order=2)[0] * b
np.gradient(a[0], np.cumsum(b[0]), edge_order=2)
np.gradient(a, np.cumsum(b[:, 0]), np.cumsum(b[0]))[0]
np.gradient(a, axis=(0, -1))[1] * b
np.interp(a, np.array([0.0, 1.0, 3.0]), b[:, 0])
np.interp(a, [0.0, 1.0, 3.0], [2.0, 1.0, 4.0]) * b
np.interp(a, np.array([0.1, 0.5, 0.7]), b[:, 0], period=0.9)
np.polyval([1.0, 2.0, 3.0], a) * b
np.polyval(np.polyder(a[0]), b)
np.polyval(np.polyder(a[0], 2), b)
np.polyint(a[0], k=0.5)[1:] * b
np.polyint(a[0], 2)[2:] * b
"""

UFUNCS = """
np.divmod(a, b)[1] * a
divmod(a, b)[1] * a
np.modf(3.0 * a)[0] * b
np.add.reduce(a) * b
np.add.reduce(a, axis=None) * b
np.multiply.reduce(a, axis=-1, keepdims=True) * b
np.maximum.reduce(a, axis=1) * b[:, 0]
np.minimum.reduce(a, axis=None) * b
np.add.accumulate(a) * b
np.multiply.accumulate(a, axis=1) * b
np.add.outer(a[0], b[0])
np.multiply.outer(a, b[0])
np.subtract.outer(a[0], b[0])
np.logical_and.reduce(a > 1.0) * b
np.log(a, where=a > 1.0, out=np.zeros((3, 4))) * b
np.divide(a, b - 1.0, out=np.ones((3, 4)), where=b > 1.0)
np.add(a, b, where=b[0] > 1.0, out=np.zeros((3, 4)))
"""

COMPLEX = """
np.abs(np.exp(1j * a) + b) ** 2
((a + 1j * b) * np.conj(a - 2j * b)).real
(a + 1j * b).imag * a
np.angle(a + 1j * b, deg=True)
np.abs(np.sum(np.exp(-1j * a) * b))
abs(np.sum(np.exp(-1j * a) * b))
np.real(1.0 / (a + 1j * b))
np.abs((a + 1j * b) @ (b + 1j * a).T)
np.imag((a + 1j * b) ** 2.5)
np.real(b ** (a + 1j))
np.real((1.0 + 2j) ** a) * b
np.abs(np.where(a > 1.0, a + 1j * b, b))
np.real(np.linalg.solve(a[:, :3] + 1j * b[:, :3] + 4.0 * np.eye(3), b[:, 0]))
np.var(a + 1j * b)
np.std(a + 1j * b, axis=0)
np.real(a.astype(complex) * (1 + 2j)) * b
np.abs(complex(0.5, 2.0) * a) * b
np.real(complex(a[0, 0], b[0, 0]) ** 2)
np.real(np.cov(a + 1j * b))
np.abs(np.trapezoid(a + 1j * b))
a.imag + b
"""


def expressions(*texts: str) -> list[str]:
    return [line for text in texts for line in text.strip().splitlines()]


@pytest.mark.parametrize("text", expressions(STATISTICS, SAMPLED, UFUNCS, COMPLEX))
def test_derivatives(text: str) -> None:
    rng = np.random.default_rng(5)
    args = [rng.uniform(0.5, 2.0, (3, 4)) for _ in range(2)]
    program = f"def f(a, b):\n    return {text}\n"
    fun = define(program)
    assert trees.same_bits(srcdiff.vjp(fun, *args)[0], fun(*args))
    agree(program, args)


@pytest.mark.parametrize("text", ["np.log(a, where=a > 1.0)", "np.quantile(a, 0.5, method='averaged_inverted_cdf')",
                                  "np.sign(a + 1j)", "np.tensordot(a, a, axes=3)", "np.vander(a)",
                                  "scipy.special.gamma(a + 1j)", "np.interp(a, a, 1j * a)", "scipy.special.binom(a, 2)",
                                  "scipy.special.betainc(a, 2.0, 0.5)", "np.diff(a > 1.0)", "np.convolve(a, a)"])
def test_what_is_not_supported_is_refused(text: str) -> None:
    a = np.linspace(0.5, 2.0, 6).reshape(2, 3)
    with pytest.raises(srcdiff.UnsupportedError):
        srcdiff.vjp(define(f"def f(a):\n    return {text}\n"), a)


def test_scipy_is_not_imported() -> None:
    """``import srcdiff`` and a derivative of NumPy code leave SciPy alone."""
    import subprocess
    import sys

    code = ("import sys, srcdiff, numpy as np\n"
            "def f(x): return np.sum(np.median(x) * x)\n"
            "import linecache; text = 'def f(x): return np.sum(np.median(x) * x)\\n'\n"
            "linecache.cache['<f>'] = (len(text), None, text.splitlines(True), '<f>'); exec(compile(text, '<f>', 'exec'))\n"
            "srcdiff.grad(f)(np.arange(3.0)); print(any(m.split('.')[0] == 'scipy' for m in sys.modules))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


assert scipy.integrate
assert scipy.special
