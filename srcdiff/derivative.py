"""A derivative as an object: compiled on demand for the types that it is called with, and kept.

At the first call a :class:`Derivative` compiles itself, and from then on it only checks that the types are still the same. The
compiler is imported when it is first needed.
"""

from __future__ import annotations

import functools
import gc
import operator
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .cache import Bounded, Specialisation, Specialisations
from .derivation import Argnums, Derivation
from .errors import SignatureError, SrcdiffError, UnsupportedError
from .guards import make_guard
from .ir.dims import Facts
from .signature import Callee, Identity, Signature, abstract, resolve

if TYPE_CHECKING:
    from .generated import Compiled
    from .pipeline import Options

__all__ = ["Derivative", "checked_argnums", "decorate", "derivative_of", "run"]

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
        self._callee: Callee = resolve(fun)
        self._settled = _is_settled(fun)
        self._state = self._callee.state()
        functools.update_wrapper(self, fun, updated=())
        self.fun = fun
        self.derivation = derivation
        self.options = options
        self._form = form
        self._table = Specialisations()
        self._prefix, self._arity = self._quick()

    @property
    def callee(self) -> Callee:
        """What ``fun`` comes down to at this time: the keywords of a partial object, ``__call__`` of a class, and the code and
        the defaults of a function can change.
        """
        now = self._callee if self._settled else resolve(self.fun)
        state = now.state()
        if not _are_same(state, self._state):
            now = resolve(self.fun)
            if now.fun is not self._callee.fun or now.derivations != self._callee.derivations:
                self._table.clear()
            self._callee, self._state = now, state
            self._prefix, self._arity = self._quick()
        return self._callee

    def _quick(self) -> tuple[tuple[Any, ...], int]:
        """The object of a method, and the number of arguments of a call that needs nothing else bound; -1 if any does."""
        prefix = self._callee.prefix
        return prefix, self._callee.arity if self._settled or not prefix else -1

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
            if self._prefix:
                args = self._prefix + args
            for s in self._table.recent:
                if s.guard(*args):
                    return run(s.run, args)
            args = args[len(self._prefix):]
        values = self.callee.bind(args, kwargs)
        return run(self.specialise(values).run, values)

    def specialise(self, values: tuple[Any, ...]) -> Specialisation:
        """The compiled code for these values of ``fun``'s parameters."""
        found = self._table.find(values)
        if found is not None:
            return found
        signature = abstract(self.callee.names, values, len(self.callee.prefix))
        return self._table.find_or_make(signature.key, values, lambda: self._specialise(signature, values))

    def _specialise(self, signature: Signature, values: tuple[Any, ...]) -> Specialisation:
        with _collector_paused():
            from .diskcache import Request

            request = Request(self.callee, signature, self.derivation, self._form, self.options)
            stored = request.find(values)
            compiled = stored or self.compile(signature, sample=values)
            facts, objects = compiled.facts, compiled.source.objects
            fits = make_guard(signature, facts, objects, types=False)
            if not fits(*values):
                raise self._unmet(signature, facts, objects, values)
            if stored is None:
                request.store(compiled)
            return Specialisation(make_guard(signature, facts, objects), fits, compiled.forward, compiled)

    def _unmet(self, signature: Signature, facts: Facts, objects: dict[str, Any], values: tuple[Any, ...]) -> SrcdiffError:
        """The error for arguments for which no code can be right."""
        name = self.callee.fun.__name__
        for condition in facts.conditions:
            one = Facts()
            one.assume(condition)
            if not make_guard(signature, one, objects, types=False)(*values):
                return UnsupportedError(f"the arguments of {name} do not meet the condition {condition}")
        return UnsupportedError(f"what {name} reads from outside changed while it was compiled", advice="call it again")

    def compile(self, signature: Signature, form: str = "", observe: Any = None,
                sample: tuple[Any, ...] | None = None) -> Compiled:
        """Compile for one signature, without the cache; ``sample``: values of the parameters, if there are any.

        Arguments that are one object are compiled as one where that makes a difference.
        """
        with _collector_paused():
            from .apart import with_same
            from .pipeline import Compiler, Options

            while True:
                compiler = Compiler(self.callee, signature, self.options or Options(), observe, sample)
                compiled = compiler.compile(self.derivation, form or self._form)
                if sample is None or not compiled.facts.apart:
                    return compiled
                found = with_same(signature, compiled.facts, compiled.source.objects, sample, self.callee.fun.__name__)
                if found is signature:
                    return compiled
                signature = found

    def source(self, *args: Any, form: str = "", **kwargs: Any) -> str:
        """The generated source, for these arguments or for a signature such as ``"x: f64[n, 3], c: float"``."""
        return self.compile(self.signature(args, kwargs), form, sample=self.sample(args, kwargs)).source.text

    def ir(self, stage: str, *args: Any, **kwargs: Any) -> str:
        """The intermediate representation after ``stage``: "lower", "transform", "optimize", "stash", "split", "guards" or
        "inplace"."""
        from .ir.printer import print_module

        seen: dict[str, str] = {}

        def observe(name: str, module: Any) -> None:
            if name == stage:
                seen[name] = print_module(module, types=True)

        self.compile(self.signature(args, kwargs), observe=observe, sample=self.sample(args, kwargs))
        if stage not in seen:
            raise SignatureError(f"the stage {stage!r} did not run; 'split' runs for the split form only")
        return seen[stage]

    def stash(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """What the forward part keeps for the backward part: which value, from which line, why, and how many bytes."""
        return self.compile(self.signature(args, kwargs), sample=self.sample(args, kwargs)).stash

    def signature(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Signature:
        """The signature of a call, of a signature text, or (without arguments) of the annotations."""
        from .notation import from_annotations, from_text, is_signature_text

        if len(args) == 1 and isinstance(args[0], Signature):
            return args[0]
        if len(args) == 1 and not kwargs and is_signature_text(args[0]):
            return from_text(self.callee, args[0])
        if not args and not kwargs and self.callee.names:
            return from_annotations(self.callee)
        return abstract(self.callee.names, self.callee.bind(args, kwargs), len(self.callee.prefix))

    def sample(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...] | None:
        """The values of a call; None for a signature text, or without arguments."""
        from .notation import is_signature_text

        text = len(args) == 1 and not kwargs and (isinstance(args[0], Signature) or is_signature_text(args[0]))
        return None if text or not (args or kwargs) else self.callee.bind(args, kwargs)

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


def _is_settled(fun: Function) -> bool:
    """Whether ``fun`` always comes down to the same function, of which only code and defaults can change."""
    return type(fun) is types.FunctionType or (type(fun) is types.MethodType and type(fun.__func__) is types.FunctionType)


def _are_same(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return len(a) == len(b) and all(map(operator.is_, a, b))


def run(function: Function, args: tuple[Any, ...]) -> Any:
    """Call generated code; an exception gets a note that names the user's line."""
    try:
        return function(*args)
    except Exception as error:
        from .load import annotate

        annotate(error)
        raise


def decorate(fun: Function | None, derivation: Derivation) -> Any:
    if fun is None:
        return lambda f: Derivative(f, derivation)
    return Derivative(fun, derivation)


def checked_argnums(argnums: Any) -> Argnums:
    found = tuple(argnums) if isinstance(argnums, list) else argnums
    for a in found if isinstance(found, tuple) else (found,):
        if isinstance(a, bool) or not isinstance(a, (int, str)):
            raise SignatureError(f"argnums={argnums!r}: give positions (int) or names (str) of arguments, or a tuple of them")
    if found == ():
        raise SignatureError("argnums=() names no argument")
    checked: Argnums = found
    return checked


_derivatives: Bounded[Derivative] = Bounded(256)


def derivative_of(fun: Function, derivation: Derivation, form: str) -> Derivative:
    """The derivative of ``fun`` that was made before, so that its compiled code is found again."""
    key = fun if isinstance(fun, types.MethodType) else Identity(fun)  # instances may be equal and differ
    return _derivatives.get_or_make((key, derivation, form), lambda: Derivative(fun, derivation, form))


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
