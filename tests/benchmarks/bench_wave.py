"""The generated adjoint of a stencil against the one that a careful programmer would write."""

from __future__ import annotations

from time import perf_counter

import numpy as np

import srcdiff


def wave(u, c, n):
    for t in range(n):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def wave_grad(u, c, n):
    u = u.copy()
    stash = []
    for t in range(n):
        stash.append(u[1:-1].copy())
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    u_bar = 2.0 * u
    c_bar = 0.0
    for t in reversed(range(n)):
        u[1:-1] = stash.pop()
        s_bar = u_bar[1:-1].copy()
        u_bar[1:-1] = 0.0
        d = u[2:] - u[:-2]
        c_bar += np.sum(s_bar * u[1:-1] * d)
        p_bar = s_bar * c
        d_bar = p_bar * u[1:-1]
        u_bar[1:-1] += s_bar + p_bar * d
        u_bar[2:] += d_bar
        u_bar[:-2] -= d_bar
    return u_bar, c_bar


def seconds(called, *args) -> float:
    times = []
    for _ in range(7):
        before = perf_counter()
        called(*args)
        times.append(perf_counter() - before)
    return min(times)


def test_wave() -> None:
    """Prints generated / hand-written for several sizes; at most 1.1 where arrays are large."""
    gradient = srcdiff.grad(wave, argnums=(0, 1))
    for n in (1_000, 10_000, 100_000):
        u = np.sin(np.linspace(0.0, 6.0, n))
        for a, b in zip(gradient(u, 0.1, 20), wave_grad(u, 0.1, 20), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)
        ratio = seconds(gradient, u, 0.1, 20) / seconds(wave_grad, u, 0.1, 20)
        print(f"wave, n = {n}: generated / hand-written {ratio:.2f}, gradient / primal "
              f"{seconds(gradient, u, 0.1, 20) / seconds(wave, u.copy(), 0.1, 20):.2f}")
    assert ratio < 1.1
