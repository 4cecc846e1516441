"""What users call: ``grad``, ``value_and_grad``, ``vjp``, ``jvp``, ``hvp``, ``stop_gradient``, ``source``.

``grad`` and ``value_and_grad`` return a :class:`Derivative`; Jacobians and Hessians are in :mod:`srcdiff.jacobians`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, overload

from .derivation import Argnums, Derivation
from .derivative import Derivative, checked_argnums, decorate, derivative_of, run
from .errors import SignatureError
from .signature import chosen_values
from .values import copy_arrays, fit, outline

__all__ = ["Derivative", "grad", "hvp", "jvp", "source", "stop_gradient", "value_and_grad", "vjp"]

Function = Callable[..., Any]


# -- gradients ---------------------------------------------------------------------------------------------------------


@overload
def grad(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def grad(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Callable[[Function], Derivative]: ...
def grad(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """The gradient of a function that returns one real number.

    Also as a decorator, with or without arguments.

    Parameters
    ----------
    fun : callable
        A Python function, method, lambda, ``functools.partial``, or another gradient.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to, by position or by name. For a tuple, a tuple of gradients is returned.
    has_aux : bool
        ``fun`` returns a pair ``(value, aux)``, and the result is ``(gradient, aux)``.

    Returns
    -------
    Derivative
        A function of the same arguments. A gradient has the type of its argument: a float for a float, an array of the
        same shape and dtype for an array, the same nest for a nest of tuples, lists, dicts and dataclasses.

    Examples
    --------
    >>> import srcdiff
    >>> def f(x, c=2.0):
    ...     return c * x ** 3
    >>> srcdiff.grad(f)(2.0)
    24.0
    """
    return decorate(fun, Derivation("grad", checked_argnums(argnums), has_aux))


@overload
def value_and_grad(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def value_and_grad(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Callable[[Function], Derivative]: ...
def value_and_grad(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """Like :func:`grad`, but the result is ``(value, gradient)``, or ``((value, aux), gradient)`` with ``has_aux``."""
    return decorate(fun, Derivation("value_and_grad", checked_argnums(argnums), has_aux))


# -- products ----------------------------------------------------------------------------------------------------------

class Pullback:
    """Maps an adjoint of the result to the adjoints of the arguments. It may be called any number of times."""

    __slots__ = ("_backward", "_outline", "_stash")

    def __init__(self, backward: Function, stash: Any, outline: Any) -> None:
        self._backward = backward
        self._stash = stash
        self._outline = outline

    def __call__(self, out_bar: Any) -> Any:
        return run(self._backward, (self._stash, fit(out_bar, self._outline, "out_bar")))


def vjp(fun: Function, *args: Any, argnums: Argnums | None = None, has_aux: bool = False, copy: bool = True,
        **kwargs: Any) -> Any:
    """Run ``fun`` and return its value and a function from adjoints of the value to adjoints of the arguments.

    Parameters
    ----------
    fun : callable
        Any function of floats, arrays, and nests of them.
    *args, **kwargs
        Its arguments.
    argnums : int, str, or tuple of them, optional
        Which arguments to differentiate with respect to; by default all of ``args``.
    has_aux : bool
        ``fun`` returns ``(value, aux)``; the result is then ``(value, pullback, aux)``.
    copy : bool
        Copy the arrays that the backward part reads, so that writing to the arguments or to the value before the pullback
        is called does no harm.

    Returns
    -------
    out, pullback
        ``pullback(out_bar)`` returns a tuple of adjoints, or one adjoint if ``argnums`` is a single position or name.
    """
    if argnums is None:
        argnums = tuple(range(len(args)))
    derivative = derivative_of(fun, Derivation("vjp", checked_argnums(argnums), has_aux), "split")
    values = derivative.callee.bind(args, kwargs)
    compiled = derivative.specialise(values).compiled
    if copy and compiled.stashed:
        values = tuple(copy_arrays(v) if k in compiled.stashed else v for k, v in enumerate(values))
    forward, backward = compiled.apart() if copy else (compiled.forward, compiled.backward)
    out, stash = run(forward, values)
    if copy and compiled.value_shared:
        out = copy_arrays(out)
    if has_aux:
        out, aux = out
        return out, Pullback(backward, stash, outline(out)), aux
    return out, Pullback(backward, stash, outline(out))


def jvp(fun: Function, primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False) -> Any:
    """The value of ``fun`` at ``primals`` and its derivative in the direction ``tangents``.

    Parameters
    ----------
    fun : callable
        Any function of floats, arrays, and nests of them.
    primals, tangents : sequence
        Its arguments, and a tangent for each: of the same nest and shapes, or None for an argument that is held fixed.
    has_aux : bool
        ``fun`` returns ``(value, aux)``; the result is then ``(value, tangent, aux)``.

    Returns
    -------
    out, out_dot
        The value, and its tangent with None in the place of what cannot have one.

    Raises
    ------
    SignatureError
        If a tangent does not fit its argument.

    Examples
    --------
    >>> import srcdiff
    >>> srcdiff.jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 10.0))
    (12.0, 34.0)
    """
    if len(primals) != len(tangents):
        raise SignatureError(f"{len(primals)} primals, but {len(tangents)} tangents")
    argnums = tuple(k for k, t in enumerate(tangents) if t is not None)
    if not argnums:
        raise SignatureError("all tangents are None")
    out, out_dot = _push(fun, argnums, tuple(primals), tuple(t for t in tangents if t is not None), has_aux=has_aux)
    return (out[0], out_dot, out[1]) if has_aux else (out, out_dot)


def _push(fun: Function, argnums: tuple[int | str, ...], primals: tuple[Any, ...], tangents: tuple[Any, ...],
          kwargs: Mapping[str, Any] = MappingProxyType({}), has_aux: bool = False) -> Any:
    derivative = derivative_of(fun, Derivation("jvp", argnums, has_aux), "joint")
    values = derivative.callee.bind(primals, kwargs)
    found = derivative.specialise(values)
    fitted = (fit(t, outline(value), f"the tangent of {name}")
              for t, (name, value) in zip(tangents, chosen_values(derivative.callee, values, argnums), strict=True))
    return run(found.run, (*values, *fitted))


class HessianProduct:
    """``hvp(fun)(*args, v)``: the Hessian of ``fun`` times ``v``, forward over reverse."""

    mode = "hvp"

    def __init__(self, fun: Function, argnums: Argnums = 0) -> None:
        self.gradient = grad(fun, argnums)
        functools.update_wrapper(self, fun, updated=())
        self.fun = fun
        self.argnums = argnums

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        *primals, v = args
        if isinstance(self.argnums, tuple):
            return _push(self.gradient, self.argnums, tuple(primals), tuple(v), kwargs)[1]
        return _push(self.gradient, (self.argnums,), tuple(primals), (v,), kwargs)[1]

    def __repr__(self) -> str:
        return f"<hvp of {getattr(self.fun, '__qualname__', self.fun)}>"

    def __reduce__(self) -> Any:
        return type(self), (self.fun, self.argnums)


def hvp(fun: Function, argnums: Argnums = 0) -> HessianProduct:
    """The Hessian of a function times a vector, without the Hessian: forward over reverse.

    Parameters
    ----------
    fun : callable
        As for :func:`grad`.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to.

    Returns
    -------
    callable
        A function of ``(*args, v)``, where ``v`` has the type of the argument (a tuple of them, if ``argnums`` is one), and so
        has the result.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> srcdiff.hvp(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]), np.array([1.0, 0.0]))
    array([6., 2.])
    """
    return HessianProduct(fun, checked_argnums(argnums))


def stop_gradient(x: Any) -> Any:
    """``x``, as a constant to every derivative."""
    return x


# -- source ------------------------------------------------------------------------------------------------------------


def source(fun: Function, *args: Any, argnums: Argnums = 0, mode: str = "reverse", form: str = "split") -> str:
    """The generated source of a derivative of ``fun``.

    Parameters
    ----------
    fun : callable
        The function.
    *args
        Arguments as for a call, or one signature text (``"x: f64[n, 3], c: float"``), or nothing if ``fun`` is annotated.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to.
    mode : {"reverse", "forward"}
        Adjoints or tangents.
    form : {"split", "joint"}
        For adjoints: a forward and a backward function, as :func:`vjp` uses them, or one function, as :func:`grad` does.
    """
    return derivative_for(fun, argnums, mode, form).source(*args)


def derivative_for(fun: Function, argnums: Argnums, mode: str, form: str) -> Derivative:
    """The derivative whose source :func:`source` and the command line show."""
    if mode not in ("reverse", "forward"):
        raise SignatureError(f"mode={mode!r}: it is 'reverse' or 'forward'")
    if form not in ("split", "joint"):
        raise SignatureError(f"form={form!r}: it is 'split' or 'joint'")
    chosen = checked_argnums(argnums)
    if mode == "forward":
        return Derivative(fun, Derivation("jvp", chosen))
    return Derivative(fun, Derivation("grad" if form == "joint" else "vjp", chosen), form)
