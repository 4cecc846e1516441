"""What users call: ``grad``, ``value_and_grad``, ``vjp``, ``jvp``, ``hvp``, ``stop_gradient``, ``source``.

``grad`` and ``value_and_grad`` return a :class:`Derivative`: a callable that compiles itself for the types it is called
with, at the first call, and from then on only checks that they are still the same. The compiler is imported when it is
first needed.
"""

from __future__ import annotations

import functools
import gc
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, overload

from .cache import Bounded, Specialisation, Specialisations
from .derivation import Argnums, Derivation
from .errors import SignatureError, SrcdiffError, UnsupportedError
from .guards import make_guard
from .ir.dims import Facts
from .signature import Callee, Signature, abstract, chosen_values, resolve
from .values import copy_arrays, fit, outline

if TYPE_CHECKING:
    from .pipeline import Compiled, Options

__all__ = ["Derivative", "grad", "hvp", "jvp", "source", "stop_gradient", "value_and_grad", "vjp"]

Function = Callable[..., Any]


class Derivative:
    """A derivative of ``fun``, compiled on demand for each combination of argument types.

    Attributes
    ----------
    fun : callable
        The function that is differentiated.
    mode, argnums, has_aux
        Which derivative this is; ``mode`` is ``"grad"``, ``"value_and_grad"``, ``"vjp"`` or ``"jvp"``.
    callee : Callee
        The Python function underneath, and the arguments that are bound to it already.
    """

    fun: Function
    derivation: Derivation

    def __init__(self, fun: Function, derivation: Derivation, form: str = "joint", options: Options | None = None) -> None:
        self.callee: Callee = resolve(fun)
        functools.update_wrapper(self, fun, updated=())
        self.fun = fun
        self.derivation = derivation
        self.options = options
        self._form = form
        self._table = Specialisations()
        self._arity = len(self.callee.names) if self.callee.positional else -1

    @property
    def mode(self) -> str:
        return self.derivation.mode

    @property
    def argnums(self) -> Argnums:
        return self.derivation.argnums

    @property
    def has_aux(self) -> bool:
        return self.derivation.has_aux

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == self._arity and not kwargs:
            for s in self._table.recent:
                if s.guard(*args):
                    return run(s.run, args)
            values = args
        else:
            values = self.callee.bind(args, kwargs)
        return run(self.specialise(values).run, values)

    def specialise(self, values: tuple[Any, ...]) -> Specialisation:
        """The compiled code for these values of ``fun``'s parameters."""
        found = self._table.find(values)
        if found is not None:
            return found
        signature = abstract(self.callee.names, values)
        return self._table.find_or_make(signature.key, values, lambda: self._specialise(signature, values))

    def _specialise(self, signature: Signature, values: tuple[Any, ...]) -> Specialisation:
        compiled = self.compile(signature)
        facts, objects = compiled.module.facts, compiled.module.objects
        fits = make_guard(signature, facts, objects, types=False)
        if not fits(*values):
            raise self._unmet(signature, facts, objects, values)
        return Specialisation(make_guard(signature, facts, objects), fits, compiled.forward, compiled)

    def _unmet(self, signature: Signature, facts: Facts, objects: dict[str, Any], values: tuple[Any, ...]) -> SrcdiffError:
        """The error for arguments for which no code can be right: those that overlap while one of them is written."""
        name = self.callee.fun.__name__
        for condition in facts.conditions:
            one = Facts()
            one.assume(condition)
            if not make_guard(signature, one, objects, types=False)(*values):
                a, _, b = condition.partition("(")[2].rstrip(")").partition(", ")
                if "may_share_memory" in condition:
                    return UnsupportedError(f"the arguments {a} and {b} of {name} share memory, and it writes to one of them",
                                            advice=f"pass a copy of one of them: {a}.copy()")
                return UnsupportedError(f"the arguments of {name} do not meet the condition {condition}")
        return UnsupportedError(f"what {name} reads from outside changed while it was compiled", advice="call it again")

    def compile(self, signature: Signature, form: str = "", observe: Any = None) -> Compiled:
        """Compile for one signature, without the cache."""
        with _collector_paused():
            from .pipeline import Compiler, Options

            compiler = Compiler(self.callee, signature, self.options or Options(), observe)
            return compiler.compile(self.derivation, form or self._form)

    def source(self, *args: Any, form: str = "", **kwargs: Any) -> str:
        """The generated source, for these arguments or for a signature such as ``"x: f64[n, 3], c: float"``."""
        return self.compile(self.signature(args, kwargs), form).source.text

    def stash(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """What the forward part keeps for the backward part: which value, from which line, why, and how many bytes."""
        return self.compile(self.signature(args, kwargs)).stash

    def signature(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Signature:
        """The signature of a call, of a signature text, or (without arguments) of the annotations."""
        from .notation import from_annotations, from_text, is_signature_text

        if len(args) == 1 and not kwargs and is_signature_text(args[0]):
            return from_text(self.callee, args[0])
        if not args and not kwargs and self.callee.names:
            return from_annotations(self.callee)
        return abstract(self.callee.names, self.callee.bind(args, kwargs))

    def clear_cache(self) -> None:
        """Forget everything that was compiled."""
        self._table.clear()

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<{self.mode} of {getattr(self.fun, '__qualname__', self.fun)}>"

    def __reduce__(self) -> Any:
        """By name if this object is what its function's name means (``@grad``), else by its parts."""
        name = getattr(self, "__qualname__", "")
        target: Any = sys.modules.get(getattr(self, "__module__", ""))
        for part in name.split("."):
            target = getattr(target, part, None)
        return name if target is self else (Derivative, (self.fun, self.derivation, self._form, self.options))


def run(function: Function, args: tuple[Any, ...]) -> Any:
    """Call generated code; an exception gets a note that names the user's line."""
    try:
        return function(*args)
    except Exception as error:
        from .load import annotate

        annotate(error)
        raise


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
    return _decorate(fun, Derivation("grad", _argnums(argnums), has_aux))


@overload
def value_and_grad(fun: Function, argnums: Argnums = 0, has_aux: bool = False) -> Derivative: ...
@overload
def value_and_grad(fun: None = None, argnums: Argnums = 0, has_aux: bool = False) -> Callable[[Function], Derivative]: ...
def value_and_grad(fun: Function | None = None, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """Like :func:`grad`, but the result is ``(value, gradient)``, or ``((value, aux), gradient)`` with ``has_aux``."""
    return _decorate(fun, Derivation("value_and_grad", _argnums(argnums), has_aux))


def _decorate(fun: Function | None, derivation: Derivation) -> Any:
    if fun is None:
        return lambda f: Derivative(f, derivation)
    return Derivative(fun, derivation)


def _argnums(argnums: Any) -> Argnums:
    found = tuple(argnums) if isinstance(argnums, list) else argnums
    for a in found if isinstance(found, tuple) else (found,):
        if isinstance(a, bool) or not isinstance(a, (int, str)):
            raise SignatureError(f"argnums={argnums!r}: give positions (int) or names (str) of arguments, or a tuple of them")
    if found == ():
        raise SignatureError("argnums=() names no argument")
    checked: Argnums = found
    return checked


# -- products ----------------------------------------------------------------------------------------------------------

_derivatives: Bounded[Derivative] = Bounded(256)


def _derivative(fun: Function, derivation: Derivation, form: str) -> Derivative:
    """The derivative of ``fun`` that was made before, so that its compiled code is found again."""
    key = fun if getattr(fun, "__hash__", None) else id(fun)
    return _derivatives.get_or_make((key, derivation, form), lambda: Derivative(fun, derivation, form))


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
    derivative = _derivative(fun, Derivation("vjp", _argnums(argnums), has_aux), "split")
    values = derivative.callee.bind(args, kwargs)
    compiled = derivative.specialise(values).compiled
    if copy and compiled.stashed:
        values = tuple(copy_arrays(v) if k in compiled.stashed else v for k, v in enumerate(values))
    out, stash = run(compiled.forward, values)
    if copy and compiled.value_shared:
        out = copy_arrays(out)
    if has_aux:
        out, aux = out
        return out, Pullback(compiled.backward, stash, outline(out)), aux
    return out, Pullback(compiled.backward, stash, outline(out))


def jvp(fun: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of ``fun`` at ``primals`` and its derivative in the direction ``tangents``.

    A tangent is None for an argument that is held fixed.

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
    return _push(fun, argnums, tuple(primals), tuple(t for t in tangents if t is not None))


def _push(fun: Function, argnums: tuple[int | str, ...], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    derivative = _derivative(fun, Derivation("jvp", argnums), "joint")
    values = derivative.callee.bind(primals, {})
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

    def __call__(self, *args: Any) -> Any:
        *primals, v = args
        if isinstance(self.argnums, tuple):
            return _push(self.gradient, self.argnums, tuple(primals), tuple(v))[1]
        return _push(self.gradient, (self.argnums,), tuple(primals), (v,))[1]


def hvp(fun: Function, argnums: Argnums = 0) -> HessianProduct:
    """A function of ``(*args, v)``: the Hessian of ``fun`` times ``v``, which has the type of the argument."""
    return HessianProduct(fun, _argnums(argnums))


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
    chosen = _argnums(argnums)
    if mode == "forward":
        return Derivative(fun, Derivation("jvp", chosen))
    return Derivative(fun, Derivation("grad" if form == "joint" else "vjp", chosen), form)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Compiling makes many objects that stay: the collector would find little, and look at all that the program has."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
