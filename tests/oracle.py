"""Hold srcdiff's derivatives of one function against everything that is known about them.

The order is from sharp to blunt: the value is the primal's bit by bit; reverse mode equals forward mode; both equal
differences of the primal; second derivatives, forward over reverse and reverse over reverse, equal differences of
the gradient.
"""

from __future__ import annotations

import inspect
import linecache
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from types import FunctionType
from typing import Any

import differences
import numpy as np
import trees

import srcdiff

__all__ = ["Verdict", "Wrong", "check", "first_order", "judge", "second_order"]

MODES = 1e-10
TOLERANCE = 1e-6


class Wrong(AssertionError):
    """srcdiff gave an answer, and it is not the right one."""


@dataclass(frozen=True)
class Verdict:
    """``outcome``: ``"right"``, ``"refused"``, ``"wrong"`` or ``"crashed"``; ``key`` groups failures of one kind."""

    outcome: str
    key: str = ""
    detail: str = ""


def judge(fun: Callable[..., Any], args: tuple[Any, ...], order: int = 1, checks: Callable[..., None] | None = None) -> Verdict:
    """Run the checks (:func:`check`, or others) and classify what happens."""
    try:
        (checks or check)(fun, args, order)
    except Wrong as error:
        return Verdict("wrong", str(error).split(":")[0], str(error))
    except srcdiff.UnsupportedError as error:
        return Verdict("refused", getattr(error, "message", str(error)), str(error))
    except Exception as error:  # whatever escapes from srcdiff or from what it generated is a finding
        return Verdict("crashed", f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:120],
                       traceback.format_exc())
    return Verdict("right")


def check(fun: Callable[..., Any], args: tuple[Any, ...], order: int = 1) -> None:
    """All checks of first, and if asked for of second, order."""
    first_order(fun, args)
    if order > 1:
        second_order(scalar_of(fun, args), args)


def _expect(fine: bool, what: str, detail: object = "") -> None:
    if not fine:
        raise Wrong(f"{what}: {detail}")


def float_args(args: tuple[Any, ...]) -> tuple[int, ...]:
    """The positions of the arguments that carry a derivative."""
    return tuple(k for k, arg in enumerate(args) if (found := list(trees.leaves(arg))) and all(map(trees.is_float, found)))


def is_single(args: tuple[Any, ...]) -> bool:
    """Whether single precision limits what can be expected."""
    return any(np.asarray(leaf).dtype == np.float32 for leaf in trees.floats(args))


def widened(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments in double precision, for differences."""
    if not is_single(args):
        return args
    wide: tuple[Any, ...] = trees.map_leaves(lambda leaf: np.asarray(leaf, dtype=float), args)
    return wide


def directions(args: tuple[Any, ...], seed: int = 0) -> tuple[Any, ...]:
    """A fixed tangent for every argument."""
    rng = np.random.default_rng(seed)
    return trees.unflatten(args, rng.standard_normal(trees.flat(args).size))


# -- first order -------------------------------------------------------------------------------------------------------


def first_order(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Value, caller's arrays, ownership, forward mode, differences, text."""
    argnums = float_args(args)
    expected = fun(*trees.copy(args))
    grads = reverse_mode(fun, args, argnums, expected)
    wrt = tuple(args[k] for k in argnums)
    _like(grads, wrt)
    forward_mode(fun, args, argnums, expected, grads)
    found = differences.gradient(fun, widened(args))
    _expect(found.reliable, "the program is not differentiable here", found)
    message = found.mismatch(trees.flat(grads), 1e-4 if is_single(args) else TOLERANCE)
    _expect(not message, "gradient differs from differences", message)
    emitted_twice(fun, args, argnums, expected)


def _is_scalar(out: Any) -> bool:
    return trees.is_float(out) and np.ndim(out) == 0


def reverse_mode(fun: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...], expected: Any) -> tuple[Any, ...]:
    """The gradients, from ``value_and_grad`` for a scalar result and ``vjp`` for any other, twice."""
    if _is_scalar(expected):
        derivative = srcdiff.value_and_grad(fun, argnums=argnums)
        first, second = (_guarded(derivative, args, expected) for _ in range(2))
    else:
        out, pullback = _guarded(lambda *a: srcdiff.vjp(fun, *a, argnums=argnums), args, None)
        _expect(trees.same_bits(out, expected), "value differs", f"{out} instead of {expected}")
        cotangent = differences.weights(expected)
        before = trees.copy(cotangent)
        first, second = ((out, pullback(cotangent)) for _ in range(2))
        _expect(trees.same_bits(before, cotangent), "the cotangent was changed", cotangent)
    _expect(trees.same_bits(first[1], second[1]), "the second call differs", f"{first[1]} then {second[1]}")
    _unshared([*trees.leaves(first), *trees.leaves(second[1])], args)
    grads: tuple[Any, ...] = first[1]
    _expect(isinstance(grads, tuple) and len(grads) == len(argnums), "not one gradient for each argument", grads)
    return grads


def _guarded(call: Callable[..., Any], args: tuple[Any, ...], expected: Any) -> Any:
    """Call with the caller's arrays, see that they stay as they were and that the value is the primal's."""
    given = trees.copy(args)
    result = call(*given)
    _expect(trees.same_bits(given, args), "the caller's arrays were changed", f"{given} instead of {args}")
    if expected is not None:
        _expect(trees.same_bits(result[0], expected), "value differs", f"{result[0]!r} instead of {expected!r}")
    _unshared(list(trees.leaves(result)) if isinstance(result, tuple) else [], given, inner=False)
    return result


def _unshared(results: list[Any], args: tuple[Any, ...], inner: bool = True) -> None:
    arrays = [leaf for leaf in results if isinstance(leaf, np.ndarray)]
    given = [leaf for leaf in trees.leaves(args) if isinstance(leaf, np.ndarray)]
    _expect(not any(np.shares_memory(a, b) for a in arrays for b in given), "a result shares memory with an argument")
    if inner:
        pairs = [(a, b) for a, b in combinations(arrays, 2) if a is not b or a.size]
        _expect(not any(np.shares_memory(a, b) for a, b in pairs), "results share memory with each other")


def _like(grads: Any, wrt: Any) -> None:
    """A gradient has the type, shape and dtype of its argument."""
    got, given = list(trees.leaves(grads)), list(trees.leaves(wrt))
    _expect(len(got) == len(given), "structure of the gradient", f"{grads} for {wrt}")
    for g, x in zip(got, given, strict=True):
        fits = isinstance(g, np.ndarray) and g.shape == x.shape if isinstance(x, np.ndarray) else np.ndim(g) == 0
        _expect(fits and np.asarray(g).dtype == np.asarray(x).dtype, "type of the gradient", f"{g!r} for {x!r}")
        _expect(not isinstance(x, float) or isinstance(g, float), "type of the gradient", f"{type(g)} for {type(x)}")


def held(tangents: tuple[Any, ...], argnums: tuple[int, ...]) -> tuple[Any, ...]:
    """Tangents as ``jvp`` takes them: None for arguments that carry no derivative."""
    return tuple(t if k in argnums else None for k, t in enumerate(tangents))


def forward_mode(fun: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...], expected: Any, grads: Any) -> None:
    """Forward mode has the primal's value, and the inner product with any direction that reverse mode has."""
    cotangent = differences.weights(expected)
    for seed in range(3):
        tangents = directions(args, seed)
        out, out_dot = _guarded(lambda *a, t=held(tangents, argnums): srcdiff.jvp(fun, a, t), args, expected)
        _expect(trees.same_bits(out, expected), "value of jvp differs", f"{out!r} instead of {expected!r}")
        forward, scale_f = trees.dot(out_dot, cotangent)
        reverse, scale_r = trees.dot(grads, tuple(tangents[k] for k in argnums))
        allowed = 1e-5 if is_single(args) else MODES
        _expect(abs(forward - reverse) <= allowed * (1.0 + scale_f + scale_r), "forward and reverse mode differ",
                f"{forward!r} and {reverse!r}; gradient {grads}, out_dot {out_dot}, tangents {tangents}")


def emitted_twice(fun: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...], expected: Any) -> None:
    """Compiling anew gives the same text."""
    if not _is_scalar(expected):
        return
    one, two = (srcdiff.grad(fun, argnums=argnums).source(*trees.copy(args)) for _ in range(2))
    _expect(one == two, "the text emitted twice differs", f"{one}\n{two}")


# -- second order ------------------------------------------------------------------------------------------------------


def second_order(fun: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Hessian-vector products: forward over reverse, reverse over reverse, and differences of the gradient."""
    argnums = float_args(args)
    gradient = srcdiff.grad(fun, argnums=argnums)
    tangents = directions(args, 7)
    expected = differences.directional(lambda *a: gradient(*a), args, tangents)
    value = gradient(*trees.copy(args))
    results = {}
    out, results["forward over reverse"] = _guarded(lambda *a: srcdiff.jvp(gradient, a, held(tangents, argnums)), args, None)
    _expect(_close(out, value), "gradient inside forward over reverse differs", f"{out} instead of {value}")
    out, pullback = _guarded(lambda *a: srcdiff.vjp(gradient, *a, argnums=argnums), args, None)
    _expect(_close(out, value), "gradient inside reverse over reverse differs", f"{out} instead of {value}")
    seed = tuple(tangents[k] for k in argnums)
    results["reverse over reverse"] = pullback(seed)
    again = pullback(seed)
    _expect(trees.same_bits(again, results["reverse over reverse"]), "the pullback called twice differs")
    for mode, result in results.items():
        vector = trees.flat(result)
        message = expected.mismatch(vector, TOLERANCE) if expected.reliable else ""
        _expect(not message, f"{mode} differs from differences", message)
    a, b = (trees.flat(r) for r in results.values())
    scale = 1.0 + max(np.max(np.abs(a), initial=0.0), np.max(np.abs(b), initial=0.0))
    _expect(bool(np.all(np.abs(a - b) <= 1e-8 * scale)), "the second-order modes differ", results)


def _close(a: Any, b: Any) -> bool:
    return bool(np.allclose(trees.flat(a), trees.flat(b), rtol=1e-12, atol=1e-12))


def scalar_of(fun: Callable[..., Any], args: tuple[Any, ...]) -> Callable[..., Any]:
    """``fun``, or a function that calls it and squares and weighs what it returns, if that is not a scalar."""
    out = fun(*trees.copy(args))
    if _is_scalar(out):
        return fun
    names = ", ".join(inspect.signature(fun).parameters)
    terms = [f"np.sum(weights{path} * result{path} * result{path})" for path in _paths(out)]
    lines = [f"def weighed({names}):", f"    result = fun({names})", f"    return {' + '.join(terms)}", ""]
    return define("\n".join(lines), "weighed", fun=fun, weights=differences.weights(out))


def _paths(out: Any) -> list[str]:
    if isinstance(out, (tuple, list)):
        return [f"[{k}]{rest}" for k, item in enumerate(out) for rest in _paths(item)]
    if isinstance(out, dict):
        return [f"[{key!r}]{rest}" for key, item in out.items() for rest in _paths(item)]
    return [""]


_numbers = iter(range(10**9))


def define(text: str, name: str, **names: Any) -> FunctionType:
    """The function ``name`` that ``text`` defines; its source can be inspected."""
    file = f"<test program {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"np": np, "__name__": "test_program", **names}
    exec(compile(text, file, "exec"), namespace)
    function = namespace[name]
    assert isinstance(function, FunctionType)
    return function
