"""Functions with a derivative of their own: ``custom_vjp``, ``custom_jvp``, ``numeric`` and ``checkpoint``.

Outside of differentiated code each of these objects is just the function that it wraps. Lowering recognises them
(:mod:`srcdiff.frontend.customs`), and uses the rule instead of the function's text.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import linecache
import sys
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .errors import SignatureError

__all__ = ["Checkpoint", "Custom", "CustomRule", "checkpoint", "custom_jvp", "custom_vjp", "recording"]

Function = Callable[..., Any]


class Custom:
    """A function whose derivative is not, or not only, that of its text.

    Attributes
    ----------
    fun : callable
        The function itself.
    """

    def __init__(self, fun: Function) -> None:
        if not callable(fun):
            raise SignatureError(f"{fun!r} is not a function")
        functools.update_wrapper(self, fun, updated=())
        self.fun = fun

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        out = self.fun(*args, **kwargs)
        for records in getattr(_recorders, "active", ()):
            records.append((self, args, kwargs, out))
        return out

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {getattr(self.fun, '__qualname__', self.fun)}>"

    def __reduce__(self) -> Any:
        """By name if this object is what its function's name means (a decorator), else by its parts."""
        target: Any = sys.modules.get(getattr(self, "__module__", ""))
        name = getattr(self, "__qualname__", "")
        for part in name.split("."):
            target = getattr(target, part, None)
        return name if target is self else (_restored, (type(self), self.fun, self.state()))

    def state(self) -> dict[str, Any]:
        """What an equal object needs beside the function."""
        return {}

    @property
    def label(self) -> str:
        """What generated code calls the function."""
        name = getattr(self.fun, "__name__", type(self.fun).__name__)
        return name if name.isidentifier() else "function"

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        """The parameters. Of a function of C only those that it needs; ``*args`` if it does not tell."""
        try:
            found = inspect.signature(self.fun)
        except (TypeError, ValueError):
            return inspect.Signature([inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL)])
        if hasattr(self.fun, "__code__") or hasattr(self.fun, "__func__") or isinstance(self.fun, functools.partial):
            return found
        return inspect.Signature([p for p in found.parameters.values()
                                  if p.kind is not p.KEYWORD_ONLY and (p.default is p.empty or p.kind is p.VAR_POSITIONAL)])

    @functools.cached_property
    def entry(self) -> types.FunctionType:
        """A Python function with source that calls this object: what is compiled where this is what is differentiated."""
        signature = self.signature
        target = f"{self.label}_"
        while target in signature.parameters:
            target += "_"
        before = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}
        given = [f"{name}={name}" if p.kind is p.KEYWORD_ONLY else before.get(p.kind.name, "") + name
                 for name, p in signature.parameters.items()]
        shown = signature.replace(return_annotation=inspect.Signature.empty, parameters=[
            p.replace(annotation=p.empty, default=p.empty if p.default is p.empty else None)
            for p in signature.parameters.values()])
        text = f"def {self.label}{shown}:\n    return {target}({', '.join(given)})\n"
        made = function_from(text, self.label, {target: self})
        made.__defaults__ = tuple(p.default for p in signature.parameters.values()
                                  if p.default is not p.empty and p.kind is not p.KEYWORD_ONLY) or None
        made.__kwdefaults__ = {n: p.default for n, p in signature.parameters.items()
                               if p.default is not p.empty and p.kind is p.KEYWORD_ONLY} or None
        return made


def _restored(cls: type, fun: Function, state: dict[str, Any]) -> Any:
    made = cls(fun)
    vars(made).update(state)
    return made


_numbers = itertools.count(1)


def function_from(text: str, name: str, scope: dict[str, Any]) -> types.FunctionType:
    """The function ``name`` that ``text`` defines, with source that :mod:`inspect` finds."""
    file = f"<srcdiff {name} {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {"__name__": f"srcdiff.generated.{name}", **scope}
    exec(compile(text, file, "exec", dont_inherit=True), namespace)
    made = namespace[name]
    assert isinstance(made, types.FunctionType)
    return made


# -- what a run of the program calls -----------------------------------------------------------------------------------

Record = tuple[Custom, tuple[Any, ...], dict[str, Any], Any]
_recorders = threading.local()


@contextmanager
def recording() -> Iterator[list[Record]]:
    """Collect the calls of custom functions that are made inside: the object, its arguments, and what it returned."""
    records: list[Record] = []
    outer = getattr(_recorders, "active", ())
    _recorders.active = (*outer, records)
    try:
        yield records
    finally:
        _recorders.active = outer


# -- rules -------------------------------------------------------------------------------------------------------------


class CustomRule(Custom):
    """What ``custom_vjp`` and ``custom_jvp`` return.

    Attributes
    ----------
    fwd, bwd, jvp : callable or None
        The parts of the rule.
    nondiff_argnums : tuple of int
        Positions of arguments without a derivative.
    """

    def __init__(self, fun: Function, nondiff_argnums: Sequence[int] = ()) -> None:
        super().__init__(fun)
        self.nondiff_argnums = tuple(nondiff_argnums)
        self.fwd: Function | None = None
        self.bwd: Function | None = None
        self.jvp: Function | None = None

    def state(self) -> dict[str, Any]:
        return {"nondiff_argnums": self.nondiff_argnums, "fwd": self.fwd, "bwd": self.bwd, "jvp": self.jvp}

    def defvjp(self, fwd: Function, bwd: Function) -> None:
        """Set the rule for reverse mode.

        Parameters
        ----------
        fwd : callable
            Of the function's arguments; returns ``(out, residuals)``, where ``residuals`` is whatever ``bwd`` needs.
        bwd : callable
            ``bwd(residuals, out_bar)``, preceded by the arguments of ``nondiff_argnums``; returns a tuple with the adjoint of
            each other argument. None stands for zero.
        """
        self.fwd, self.bwd = fwd, bwd

    def defjvp(self, jvp: Function) -> Function:
        """Set the rule for forward mode, from which reverse mode follows; also as a decorator.

        Parameters
        ----------
        jvp : callable
            ``jvp(primals, tangents)``, preceded by the arguments of ``nondiff_argnums``; both are tuples. Returns
            ``(out, out_dot)``. It has to be linear in the tangents.
        """
        self.jvp = jvp
        return jvp

    def defjvps(self, *jvps: Function | None) -> None:
        """Set the rule for forward mode argument by argument.

        Parameters
        ----------
        *jvps : callable or None
            For each argument ``jvp(tangent, out, *primals)``, which returns what the tangent adds to that of the result; None
            if the result does not depend on that argument.
        """
        scope = {"fun_": self, **{f"jvp_{k}": j for k, j in enumerate(jvps) if j is not None}}
        terms = [f"jvp_{k}(tangents[{k}], out, *primals)" for k, j in enumerate(jvps) if j is not None]
        if not terms:
            raise SignatureError("defjvps: every rule is None")
        text = f"def rule(primals, tangents):\n    out = fun_(*primals)\n    return out, {' + '.join(terms)}\n"
        self.jvp = function_from(text, "rule", scope)


def custom_vjp(fun: Function | None = None, nondiff_argnums: Sequence[int] = ()) -> Any:
    """Give a function a rule for reverse mode: a decorator.

    Where the rule's two functions are made of what srcdiff can differentiate, they become part of the generated code and may
    be differentiated again; else they are called as they are, and may be any Python.

    Parameters
    ----------
    fun : callable
        A function of positional arguments.
    nondiff_argnums : sequence of int
        Positions of arguments that are passed to the rule's second function as they are, and have no derivative.

    Returns
    -------
    CustomRule
        The function, with methods ``defvjp(fwd, bwd)`` and ``defjvp(jvp)``.

    Raises
    ------
    UnsupportedError
        Where the function is differentiated: if no rule was set, in forward mode if only ``defvjp`` was called, if the rule
        returns what does not fit, and at second order if the rule cannot be differentiated.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> @srcdiff.custom_vjp
    ... def clipped(x):
    ...     return x * x
    >>> def clipped_fwd(x):
    ...     return x * x, x
    >>> def clipped_bwd(x, out_bar):
    ...     return (np.clip(2.0 * x * out_bar, -1.0, 1.0),)
    >>> clipped.defvjp(clipped_fwd, clipped_bwd)
    >>> srcdiff.grad(clipped)(0.25), srcdiff.grad(clipped)(3.0)
    (0.5, 1.0)
    """
    if fun is None:
        return lambda f: CustomRule(f, nondiff_argnums)
    return CustomRule(fun, nondiff_argnums)


def custom_jvp(fun: Function | None = None, nondiff_argnums: Sequence[int] = ()) -> Any:
    """Give a function a rule for forward mode, from which reverse mode follows: a decorator.

    Parameters
    ----------
    fun : callable
        A function of positional arguments.
    nondiff_argnums : sequence of int
        Positions of arguments that have no derivative.

    Returns
    -------
    CustomRule
        The function, with methods ``defjvp(jvp)``, ``defjvps(*jvps)`` and ``defvjp(fwd, bwd)``.

    Raises
    ------
    UnsupportedError
        Where the function is differentiated: if no rule was set, or if it returns what does not fit; in reverse mode and at
        second order also if the rule cannot be differentiated.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> @srcdiff.custom_jvp
    ... def softplus(x):
    ...     return np.log1p(np.exp(x))
    >>> @softplus.defjvp
    ... def softplus_jvp(primals, tangents):
    ...     (x,), (x_dot,) = primals, tangents
    ...     return softplus(x), x_dot / (1.0 + np.exp(-x))
    >>> srcdiff.grad(softplus)(0.0)
    0.5
    """
    if fun is None:
        return lambda f: CustomRule(f, nondiff_argnums)
    return CustomRule(fun, nondiff_argnums)


class Checkpoint(Custom):
    """What ``checkpoint`` returns."""


def checkpoint(fun: Function) -> Checkpoint:
    """Save memory: the function's intermediate values are computed again in the backward pass instead of kept.

    Only the arguments are kept. It may be called in a loop, and hold other checkpoints. What the function prints, it prints
    twice.

    Parameters
    ----------
    fun : callable
        A Python function, also one that is defined inside the differentiated one.

    Returns
    -------
    Checkpoint
        A function with the same values and derivatives.

    Examples
    --------
    >>> import numpy as np, srcdiff
    >>> @srcdiff.checkpoint
    ... def layer(x):
    ...     return np.sin(np.sin(x))
    >>> def f(x):
    ...     for _ in range(100):
    ...         x = layer(x)
    ...     return np.sum(x)
    >>> np.allclose(srcdiff.grad(f)(np.ones(3)), 0.00135009)
    True
    """
    return Checkpoint(fun)
