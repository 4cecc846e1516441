"""Jacobians, Hessians, and gradients of many examples at once.

``jacrev``, ``jacfwd``, ``hessian`` and ``elementwise_grad`` return a :class:`~srcdiff.derivative.Derivative`, as ``grad`` does:
one generated function that holds the loop over rows or columns.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, overload

import numpy as np

from .derivation import Argnums, Derivation
from .derivative import Derivative, checked_argnums, decorate, derivative_of, run
from .errors import SignatureError
from .signature import chosen_values
from .values import copy_arrays, fit, leaves_in, map_values, outline

__all__ = ["elementwise_grad", "hessian", "jacfwd", "jacobian", "jacrev", "linearize", "per_example_grad"]

Function = Callable[..., Any]
Decorator = Callable[[Function], Derivative]


@overload
def jacrev(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def jacrev(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Decorator: ...
def jacrev(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """The Jacobian of a function, row by row in reverse mode: for more arguments than results.

    The forward part runs once, the backward part once for each element of the result.

    Parameters
    ----------
    fun : callable
        A function that returns a float, an array of floats, or a nest of them.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to, by position or by name.
    has_aux : bool
        ``fun`` returns a pair ``(value, aux)``, and the result is ``(jacobian, aux)``.

    Returns
    -------
    Derivative
        A function of the same arguments. For arrays, the result is an array of shape ``out.shape + in.shape``, of the
        argument's dtype. For nests, it has the nest of the result, and in the place of each array there the nest of the
        argument (a tuple of such, if ``argnums`` is a tuple).

    Raises
    ------
    DerivativeTypeError
        At the call, if an argument or a result is not made of real floating-point numbers.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> def polar(p):
    ...     return np.array([p[0] * np.cos(p[1]), p[0] * np.sin(p[1])])
    >>> srcdiff.jacrev(polar)(np.array([2.0, 0.0]))
    array([[1., 0.],
           [0., 2.]])
    """
    return decorate(fun, Derivation("jacrev", checked_argnums(argnums), has_aux))


@overload
def jacobian(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def jacobian(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Decorator: ...
def jacobian(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """The Jacobian of a function: another name for :func:`jacrev`.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> def scaled(x, c):
    ...     return c * x
    >>> srcdiff.jacobian(scaled, argnums="c")(np.array([1.0, 3.0]), 2.0)
    array([1., 3.])
    """
    return decorate(fun, Derivation("jacrev", checked_argnums(argnums), has_aux))


@overload
def jacfwd(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def jacfwd(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Decorator: ...
def jacfwd(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """The Jacobian of a function, column by column in forward mode: for more results than arguments.

    Parameters and result are those of :func:`jacrev`; the dtype is that of ``fun``'s result.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> def powers(x):
    ...     return np.array([x, x ** 2, x ** 3])
    >>> srcdiff.jacfwd(powers)(2.0)
    array([ 1.,  4., 12.])
    """
    return decorate(fun, Derivation("jacfwd", checked_argnums(argnums), has_aux))


@overload
def hessian(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def hessian(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Decorator: ...
def hessian(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """The matrix of second derivatives of a function that returns one real number: ``jacfwd`` of ``grad``.

    Parameters
    ----------
    fun : callable
        As for :func:`srcdiff.grad`.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to.
    has_aux : bool
        ``fun`` returns a pair ``(value, aux)``, and the result is ``(hessian, aux)``.

    Returns
    -------
    Derivative
        A function of the same arguments. For an array ``x``, the result is an array of shape ``x.shape + x.shape``; for nests
        and several arguments it is the nest of the gradient, with a nest of the same kind in the place of each array.

    See Also
    --------
    srcdiff.hvp : Hessian times vector, without the Hessian.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> srcdiff.hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    if fun is None:
        return functools.partial(hessian, argnums=argnums, has_aux=has_aux)
    chosen = checked_argnums(argnums)
    return Derivative(Derivative(fun, Derivation("grad", chosen, has_aux)), Derivation("jacfwd", chosen, has_aux))


@overload
def elementwise_grad(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def elementwise_grad(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Decorator: ...
def elementwise_grad(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """The derivative of a function that works element by element: of the shape of the argument, in one backward pass.

    It is the sum of the rows of the Jacobian (the gradient of ``np.sum(fun(x))``), which is its diagonal if ``fun`` treats
    each element by itself. That is not checked.

    Parameters
    ----------
    fun : callable
        A function that returns a float or an array of floats.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to.
    has_aux : bool
        ``fun`` returns a pair ``(value, aux)``, and the result is ``(derivative, aux)``.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> def f(x):
    ...     return x ** 3
    >>> srcdiff.elementwise_grad(f)(np.array([1.0, 2.0]))
    array([ 3., 12.])
    >>> srcdiff.elementwise_grad(srcdiff.elementwise_grad(f))(np.array([1.0, 2.0]))
    array([ 6., 12.])
    """
    return decorate(fun, Derivation("elementwise_grad", checked_argnums(argnums), has_aux))


# -- many examples -----------------------------------------------------------------------------------------------------

Axes = int | tuple[int | None, ...] | None


class ExampleGradient:
    """What :func:`per_example_grad` returns."""

    mode = "per_example_grad"

    def __init__(self, fun: Function, argnums: Argnums = 0, in_axes: Axes = None, has_aux: bool = False) -> None:
        self.gradient = Derivative(fun, Derivation("grad", checked_argnums(argnums), has_aux))
        functools.update_wrapper(self, fun, updated=())
        self.fun = fun
        self.argnums = argnums
        self.in_axes = in_axes
        self.has_aux = has_aux

    def __call__(self, *args: Any) -> Any:
        axes = self._axes(args)
        count = _count(args, axes)
        found = [self.gradient(*(_example(a, axis, k) for a, axis in zip(args, axes, strict=True))) for k in range(count)]
        if not found:
            raise SignatureError("there is no example: the axis that holds them has length 0")
        return stacked(found)

    def _axes(self, args: tuple[Any, ...]) -> tuple[int | None, ...]:
        """For each argument the axis that counts examples, or None."""
        if isinstance(self.in_axes, tuple):
            if len(self.in_axes) != len(args):
                raise SignatureError(f"in_axes has {len(self.in_axes)} items, but {len(args)} arguments are given")
            return self.in_axes
        if self.in_axes is not None:
            return (self.in_axes,) * len(args)
        names = self.gradient.callee.names[len(self.gradient.callee.prefix):]
        argnums = self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
        whole = {names.index(a) if isinstance(a, str) and a in names else a for a in argnums}
        return tuple(None if k in whole or k - len(args) in whole else 0 for k in range(len(args)))

    def __reduce__(self) -> Any:
        return type(self), (self.fun, self.argnums, self.in_axes, self.has_aux)

    def __repr__(self) -> str:
        return f"<per_example_grad of {getattr(self.fun, '__qualname__', self.fun)}>"


def per_example_grad(fun: Function, argnums: Argnums = 0, in_axes: Axes = None, has_aux: bool = False) -> ExampleGradient:
    """The gradient of a function for each of many examples, stacked: what ``vmap(grad(fun), in_axes)`` is in JAX.

    Parameters
    ----------
    fun : callable
        A function of one example that returns one real number.
    argnums : int, str, or tuple of them
        Which arguments to differentiate with respect to.
    in_axes : int, None, or tuple of them, optional
        For each argument the axis along which its arrays hold one example after another, or None for an argument that all
        examples share. By default the arguments to differentiate with respect to are shared, and axis 0 of the others counts.
    has_aux : bool
        ``fun`` returns a pair ``(value, aux)``, and the result is ``(gradients, auxes)``, both stacked.

    Returns
    -------
    callable
        A function of positional arguments. Its result has the nest of the gradient; axis 0 of each array counts examples.

    Raises
    ------
    SignatureError
        At the call, if no argument holds examples, or two hold different numbers of them, or none at all.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> def loss(w, x, y):
    ...     return (np.dot(w, x) - y) ** 2
    >>> X, y = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([0.0, 1.0, 2.0])
    >>> srcdiff.per_example_grad(loss)(np.array([1.0, 1.0]), X, y)
    array([[2., 0.],
           [0., 4.],
           [0., 0.]])
    """
    return ExampleGradient(fun, argnums, in_axes, has_aux)


def _count(args: tuple[Any, ...], axes: tuple[int | None, ...]) -> int:
    """How many examples there are."""
    lengths: set[int] = set()
    for value, axis in zip(args, axes, strict=True):
        lengths.update(np.shape(a)[axis] for a in leaves_in(value) if axis is not None and np.ndim(a))
    if len(lengths) > 1:
        raise SignatureError(f"arguments hold different numbers of examples: {sorted(lengths)}; see in_axes")
    if not lengths:
        raise SignatureError("no argument holds examples; see in_axes")
    return lengths.pop()


def _example(value: Any, axis: int | None, k: int) -> Any:
    """Example ``k``: of each array in ``value`` the part at ``k`` along ``axis``."""
    if axis is None:
        return value
    if axis == 0 and type(value) is np.ndarray:
        return value[k]
    before = (slice(None),) * axis if axis >= 0 else (Ellipsis,)
    after = (slice(None),) * (-1 - axis) if axis < 0 else ()
    return map_values(lambda leaf: leaf[(*before, k, *after)] if np.ndim(leaf) else leaf, value)


def stacked(found: list[Any]) -> Any:
    """One nest of arrays from many equal nests of numbers and arrays."""
    columns = zip(*map(leaves_in, found), strict=True)
    arrays = iter([None if parts[0] is None else np.stack(parts) for parts in columns])
    return map_values(lambda _: next(arrays), found[0])


# -- linear functions --------------------------------------------------------------------------------------------------


class Pushforward:
    """Maps tangents of the arguments to the tangent of the result. It may be called any number of times."""

    __slots__ = ("_backward", "_outlines", "_stash")

    def __init__(self, linear: Function, stash: Any, outlines: list[tuple[str, Any]]) -> None:
        self._backward = linear
        self._stash = stash
        self._outlines = outlines

    def __call__(self, *tangents: Any) -> Any:
        if len(tangents) != len(self._outlines):
            raise SignatureError(f"{len(tangents)} tangents, but {len(self._outlines)} arguments")
        fitted = (fit(t, o, f"the tangent of {name}") for t, (name, o) in zip(tangents, self._outlines, strict=True))
        return run(self._backward, (self._stash, *fitted))


def linearize(fun: Function, *primals: Any, argnums: Argnums | None = None, has_aux: bool = False, copy: bool = True) -> Any:
    """The value of ``fun`` and its derivative there as a linear function, for many directions.

    What does not depend on the direction is computed once. A loop that computes values and tangents side by side runs again
    for each direction.

    Parameters
    ----------
    fun : callable
        Any function of floats, arrays, and nests of them.
    *primals
        Its arguments.
    argnums : int, str, or tuple of them, optional
        The arguments that vary; by default all of ``primals``.
    has_aux : bool
        ``fun`` returns ``(value, aux)``; the result is then ``(value, jvp, aux)``.
    copy : bool
        Copy the arrays that the derivative reads, so that writing to them later does no harm.

    Returns
    -------
    out, jvp
        ``jvp(*tangents)`` takes a tangent for each of ``argnums`` and returns that of the value, with None in the place of what
        cannot have one.

    Raises
    ------
    SignatureError
        From ``jvp``, if a tangent does not have the nest, shape and kind of its argument.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> out, push = srcdiff.linearize(lambda x: np.sum(x ** 2), np.array([1.0, 2.0]))
    >>> float(out), float(push(np.array([1.0, 0.0]))), float(push(np.array([0.0, 1.0])))
    (5.0, 2.0, 4.0)
    """
    chosen = checked_argnums(tuple(range(len(primals))) if argnums is None else argnums)
    derivative = derivative_of(fun, Derivation("linearize", chosen, has_aux), "split")
    values = derivative.callee.bind(primals, {})
    compiled = derivative.specialise(values).compiled
    if copy and compiled.stashed:
        values = tuple(copy_arrays(v) if k in compiled.stashed else v for k, v in enumerate(values))
    forward, backward = compiled.apart() if copy else (compiled.forward, compiled.backward)
    out, stash = run(forward, values)
    if copy and compiled.value_shared:
        out = copy_arrays(out)
    places = chosen_values(derivative.callee, values, chosen if isinstance(chosen, tuple) else (chosen,))
    push = Pushforward(backward, stash, [(name, outline(value)) for name, value in places])
    return (out[0], push, out[1]) if has_aux else (out, push)
