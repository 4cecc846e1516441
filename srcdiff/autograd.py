"""autograd's names for what srcdiff does, with autograd's argument names: for programs that are moved from there.

``from autograd import grad`` becomes ``from srcdiff.autograd import grad``, and ``import autograd.numpy as np`` becomes
``import numpy as np``. In new programs use :mod:`srcdiff` itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import api, jacobians
from .custom import checkpoint
from .derivation import Argnums
from .derivative import Derivative
from .flatten import ravel as flatten

__all__ = ["checkpoint", "deriv", "elementwise_grad", "flatten", "grad", "grad_and_aux", "hessian", "hessian_tensor_product",
           "hessian_vector_product", "jacobian", "make_hvp", "make_jvp", "make_vjp", "multigrad_dict", "value_and_grad"]

Function = Callable[..., Any]


def grad(fun: Function, argnum: Argnums = 0) -> Derivative:
    """The gradient of a function that returns one number: :func:`srcdiff.grad`.

    >>> grad(lambda x, y: x * y ** 2, argnum=1)(1.0, 3.0)
    6.0
    """
    return api.grad(fun, _tuple(argnum))


def value_and_grad(fun: Function, argnum: Argnums = 0) -> Derivative:
    """Value and gradient: :func:`srcdiff.value_and_grad`."""
    return api.value_and_grad(fun, _tuple(argnum))


def grad_and_aux(fun: Function, argnum: Argnums = 0) -> Derivative:
    """For a function that returns ``(value, aux)``: ``(gradient, aux)``."""
    return api.grad(fun, _tuple(argnum), has_aux=True)


def elementwise_grad(fun: Function, argnum: Argnums = 0) -> Derivative:
    """The sum of the rows of the Jacobian: :func:`srcdiff.elementwise_grad`.

    >>> import numpy as np
    >>> elementwise_grad(lambda x: x ** 2)(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    return jacobians.elementwise_grad(fun, _tuple(argnum))


def deriv(fun: Function, argnum: Argnums = 0) -> Derivative:
    """The derivative with respect to a number, in forward mode: :func:`srcdiff.jacfwd`."""
    return jacobians.jacfwd(fun, _tuple(argnum))


def jacobian(fun: Function, argnum: Argnums = 0) -> Derivative:
    """The Jacobian: :func:`srcdiff.jacobian`."""
    return jacobians.jacobian(fun, _tuple(argnum))


def hessian(fun: Function, argnum: Argnums = 0) -> Derivative:
    """The matrix of second derivatives: :func:`srcdiff.hessian`."""
    return jacobians.hessian(fun, _tuple(argnum))


def multigrad_dict(fun: Function) -> Function:
    """The gradients with respect to all arguments, as a dict by name."""
    names = Derivative(fun, api.Derivation("grad")).callee.names
    gradient = api.grad(fun, names)
    return lambda *args, **kwargs: dict(zip(names, gradient(*args, **kwargs), strict=True))


def make_vjp(fun: Function, argnum: int | str = 0) -> Function:
    """A function of ``fun``'s arguments that returns ``(vjp, value)``.

    >>> pullback, value = make_vjp(lambda x: x ** 2)(3.0)
    >>> value, pullback(1.0)
    (9.0, 6.0)
    """
    def maker(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        out, pullback = api.vjp(fun, *args, argnums=argnum, **kwargs)
        return pullback, out

    return maker


def make_jvp(fun: Function, argnum: int | str = 0) -> Function:
    """A function of ``fun``'s arguments that returns a function of a tangent, which returns ``(value, tangent)``.

    >>> make_jvp(lambda x: x ** 2)(3.0)(1.0)
    (9.0, 6.0)
    """
    def maker(*args: Any) -> Function:
        out, push = jacobians.linearize(fun, *args, argnums=argnum)
        return lambda tangent: (out, push(tangent))

    return maker


def make_hvp(fun: Function, argnum: int | str = 0) -> Function:
    """A function of ``fun``'s arguments that returns ``(hvp, gradient)``."""
    def maker(*args: Any) -> tuple[Function, Any]:
        gradient, push = jacobians.linearize(api.grad(fun, argnum), *args, argnums=argnum)
        return push, gradient

    return maker


def hessian_tensor_product(fun: Function, argnum: int | str = 0) -> api.HessianProduct:
    """A function of ``(*args, tensor)``: the Hessian times a tensor of the shape of the argument."""
    return api.hvp(fun, argnum)


hessian_vector_product = hessian_tensor_product


def _tuple(argnum: Any) -> Any:
    """autograd takes lists of positions too."""
    return tuple(argnum) if isinstance(argnum, list) else argnum
