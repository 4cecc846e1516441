"""What a call of a gradient costs beyond the function that was generated."""

from __future__ import annotations

from timeit import repeat

import srcdiff


def product(x, y):
    return x * y + x


def written_by_hand(x, y):
    return y + 1.0, x


def test_call(benchmark) -> None:
    gradient = srcdiff.grad(product, argnums=(0, 1))
    gradient(2.0, 3.0)
    benchmark(gradient, 2.0, 3.0)


def test_call_by_hand(benchmark) -> None:
    benchmark(written_by_hand, 2.0, 3.0)


def test_overhead() -> None:
    """At most two microseconds on two floats."""
    gradient = srcdiff.grad(product, argnums=(0, 1))
    gradient(2.0, 3.0)
    n = 20_000
    ours = min(repeat(lambda: gradient(2.0, 3.0), number=n, repeat=5)) / n
    plain = min(repeat(lambda: written_by_hand(2.0, 3.0), number=n, repeat=5)) / n
    print(f"a call costs {1e6 * (ours - plain):.2f} microseconds more than the derivative written by hand")
    assert ours - plain < 2e-6
