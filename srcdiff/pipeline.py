"""The compiler from end to end: THE ordered list of passes. Read this first.

::

    function + argument types
      lower       source, AST, abstract interpretation        -> typed, structured SSA
      transform   reverse or forward                          -> IR that may name any primal value
      optimize    fold, CSE, dead code, ...                   -> IR that names only the primal values it needs
      stash       keep, recompute, rewind or push each one    -> IR with the stash explicit: input for the next transform
      split       (vjp only) forward and backward functions
      guards      guarded products of numbers spelled out
      inplace     updates in place, copies where they must be
      emit        source text;  load: a code object that a debugger can open

A gradient of a gradient runs transform, optimize and stash once for each order. Every stage takes a module and returns a
new one; the verifier can run after each (``Options.verify``), and an observer can look at each (the CLI's ``--ir``).
"""

from __future__ import annotations

import functools
import inspect
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from .analysis.reach import assume_lengths
from .analysis.sharing import origins
from .apart import assume_separate, first_of
from .codegen.emit import emit
from .custom import recording
from .derivation import FORWARD, JACOBIANS, Derivation, Find, Plan, active_results, classes_in, lay_out, plan
from .errors import InternalError, SrcdiffError, UnsupportedError
from .frontend.lower import lower
from .generated import Compiled
from .ir.core import Module, Var
from .ir.dims import Facts
from .ir.printer import print_module
from .ir.tree import Leaf, Tree, leaf_hints, leaf_names, map_leaves
from .ir.types import Array
from .ir.verify import verify
from .load import load
from .optimize import contiguous, dce, inner_products, placement, plain_products, scalar_guards, simplify, slots
from .optimize.inplace import bufferize
from .records import dataclass
from .signature import Callee, Signature, select
from .transform.reverse import reverse
from .transform.split import split_halves
from .transform.stash import StashEntry, plan_stash
from .values import copy_arrays

__all__ = ["STAGES", "Compiled", "Compiler", "Options"]

STAGES = ("lower", "transform", "optimize", "stash", "split", "guards", "inplace")
Observer = Callable[[str, Module], None]
Stash = tuple[StashEntry, ...]


@dataclass(frozen=True)
class Options:
    """How to compile.

    verify
        Check the IR after every stage.
    skip
        Optimisations to leave out: ``"fold"``, ``"identities"``, ``"cse"``, ``"plain_products"``, ``"dce"``.
    rewind
        Rewind every overwritten storage that can be, or none; None: whichever costs less.
    inline
        Inline every helper that can be, or none; None: by size.
    """

    verify: bool = bool(os.environ.get("SRCDIFF_VERIFY"))
    skip: frozenset[str] = frozenset()
    rewind: bool | None = None
    inline: bool | None = None


@dataclass(frozen=True)
class Compiler:
    """Compiles one callee for one signature; ``observe(stage, module)`` sees what each stage made.

    ``sample``: values of the callee's parameters, where there are any.
    """

    callee: Callee
    signature: Signature
    options: Options = Options()
    observe: Observer | None = None
    sample: tuple[Any, ...] | None = None

    def compile(self, derivation: Derivation, form: str = "joint") -> Compiled:
        """All passes, in order."""
        with naming(self.callee, derivation):
            module = self.stage("lower", self.lower)
            for inner, bound in self.callee.derivations:
                module, _ = self.differentiate(module, inner, self.finder(module, bound), last=False)
            module, stash = self.differentiate(module, derivation, self.finder(module, len(self.callee.prefix)), last=True)
            if form == "split":
                module = self.stage("split", split_halves, placement.before_split(slots.before_split(module)))
            module = self.stage("guards", scalar_guards.run, inner_products.run(module))
            module = self.stage("inplace", bufferize, contiguous.run(module))
            assume_lengths(module)
            return self.finish(module, stash)

    def differentiate(self, module: Module, derivation: Derivation, find: Find, *, last: bool) -> tuple[Module, Stash]:
        """One derivative: its result can be differentiated again, and is unless it is the ``last`` one."""
        what = plan(module.main, derivation, find)
        made = self.stage("transform", transform, module, what)
        sparse = seeds(made, module) if derivation.mode in JACOBIANS else frozenset()
        made = self.stage("optimize", self.optimize, made, last, sparse)
        made, stash = self.planned(made)
        if derivation.mode in JACOBIANS:
            made = self.stage("transform", jacobian, self.stage("optimize", self.simplified, made), module, what)
        elif derivation.mode == "linearize":
            from .transform.jacobian import parted

            made = self.stage("transform", parted, made, module)
        return self.stage("optimize", self.simplified, made), stash

    def lower(self) -> Module:
        facts = Facts()
        facts.calls = functools.cache(self.calls)
        module = lower(self.callee.fun, self.signature.args, self.signature.params, facts, self.options.inline, self.nested,
                       self.callee.names[:len(self.callee.prefix)], dict(self.signature.same))
        assume_separate(module, self.signature)
        for name, tree in module.main.args:  # leaves to which the user gave no name
            for hint, index in leaf_hints(tree, name):
                module.main.params[index].hint = module.main.params[index].hint or hint
        return module

    def calls(self) -> list[Any]:
        """The calls of functions with a rule of their own that the program makes, run once as it is."""
        if self.sample is None:
            return []
        bound = inspect.BoundArguments(self.callee.signature, OrderedDict(zip(self.callee.names, copy_arrays(self.sample),
                                                                              strict=True)))
        with recording() as found, suppress(Exception):
            self.callee.fun(*bound.args, **bound.kwargs)
        return found

    def finder(self, module: Module, bound: int) -> Find:
        """Finds arguments of the callee, of which ``bound`` are bound already."""
        trees = tuple(tree for _, tree in module.main.args)
        first = first_of(self.signature)

        def find(argnum: int | str) -> tuple[str, Tree]:
            name, tree = select(self.callee, trees, argnum, bound)
            return name, map_leaves(tree, lambda leaf: Leaf(first.get(leaf.index, leaf.index)))

        return find

    def nested(self, module: Module, mode: str, wrt: tuple[int, ...], has_aux: bool) -> Module:
        """The derivative of a function that is differentiated inside the one that is compiled.

        ``mode`` is that of a :class:`~srcdiff.derivation.Derivation`, or ``"pullback"``: a vjp without the value.
        """
        made = derive(module, mode, wrt, mode != "pullback", has_aux)
        sparse = seeds(made, module) if mode in JACOBIANS else frozenset()
        made = self.simplified(self.planned(self.optimize(made, False, sparse))[0])
        if mode not in JACOBIANS:
            return made
        outputs = active_results(module.main, has_aux)
        return self.simplified(jacobian_of(made, module, mode, wrt, outputs, keep_value=True))

    def optimize(self, module: Module, last: bool, sparse: frozenset[Var] = frozenset()) -> Module:
        """Plain products instead of guarded ones; fold, rewrite and share; dead code.

        ``last``: the result is not differentiated again. ``sparse``: parameters that hold structural zeros.
        """
        if "plain_products" not in self.options.skip:
            module = plain_products.run(module, last=last, sparse=sparse)
        return self.simplified(module)

    def simplified(self, module: Module) -> Module:
        """The same, but for guarded products: what comes from a stash does not tell any more whether it needs its guard."""
        skip = self.options.skip
        module = simplify.run(module, skip)
        return module if "dce" in skip else dce.run(module)

    def planned(self, module: Module) -> tuple[Module, Stash]:
        """The stash stage, which also reports what it did."""
        reports: list[Stash] = []

        def run(module: Module) -> Module:
            module, entries = plan_stash(module, rewind=self.options.rewind)
            reports.append(entries)
            return module

        return self.stage("stash", run, module), reports[0]

    def stage(self, name: str, run: Callable[..., Module], *args: Any) -> Module:
        """Run one stage, with the checks around it. Any exception but our own is a fault of the stage."""
        with faults(f"the stage '{name}' failed on {self.callee.fun.__qualname__}", args[0] if args else None):
            module = run(*args)
            if self.options.verify:
                verify(module)
        if self.observe is not None:
            self.observe(name, module)
        return module

    def finish(self, module: Module, stash: Stash) -> Compiled:
        """Write the source, and load it."""
        with faults(f"no code could be made for {module.main.name}", module):
            loaded = load(emit(module))
        halves = module.main.halves
        if halves is None or halves.bwd not in loaded.functions:
            return Compiled(loaded.main, None, loaded.source, module.facts, module, stash)
        stashed, shared = reach_of_stash(module, halves.results)
        return Compiled(loaded.main, loaded.functions[halves.bwd], loaded.source, module.facts, module, stash, stashed, shared)


# -- stages that are small ---------------------------------------------------------------------------------------------


def transform(module: Module, what: Plan) -> Module:
    """Reverse or forward mode, with arguments and results as ``what`` says."""
    derivation = what.derivation
    made = derive(module, derivation.mode, what.wrt, what.keep_value, derivation.has_aux)
    return made if derivation.mode in JACOBIANS else laid_out(made, what, module.main.name)


def derive(module: Module, mode: str, wrt: tuple[int, ...], keep_value: bool, has_aux: bool) -> Module:
    """The transform that ``mode`` needs."""
    if mode in FORWARD:
        from .transform.forward import forward  # here, as what Jacobians need: most programs ask for reverse mode alone

        return forward(module, wrt, keep_value=True)
    seeded = mode in ("vjp", "pullback", *JACOBIANS)
    return reverse(module, wrt, keep_value=keep_value or mode in JACOBIANS, seed=seeded, has_aux=has_aux)[0]


def seeds(made: Module, module: Module) -> frozenset[Var]:
    """The parameters that a transform added: of a Jacobian's directions all elements but one are 0."""
    return frozenset(p for p in made.main.params[len(module.main.params):] if isinstance(p.type, Array))


def jacobian(made: Module, module: Module, what: Plan) -> Module:
    """The Jacobian of ``module``, from its derivative for one direction."""
    made = jacobian_of(made, module, what.derivation.mode, what.wrt, what.active, what.keep_value)
    return laid_out(made, what, module.main.name)


def jacobian_of(made: Module, module: Module, mode: str, wrt: tuple[int, ...], outputs: tuple[int, ...],
                keep_value: bool) -> Module:
    from .transform.jacobian import columns, rows, sums

    if mode == "jacfwd":
        return columns(made, module, wrt, outputs, keep_value=keep_value)
    return (rows if mode == "jacrev" else sums)(made, wrt, outputs, keep_value=keep_value)


def laid_out(made: Module, what: Plan, name: str) -> Module:
    main = lay_out(made.main, what, name)
    return replace(made, main=main, objects=made.objects | classes_in(main.result))


def reach_of_stash(module: Module, results: int) -> tuple[frozenset[int], bool]:
    """Of a forward half: which arguments' memory its stash may refer to, and whether it shares memory with its value.

    The first ``results`` results are the value's leaves, the others the stash.
    """
    fwd = module.main
    value, stash = fwd.body.results[:results], fwd.body.results[results:]
    stashed = origins(fwd, stash)
    leaf = {k: n for n, (_, tree) in enumerate(fwd.args) for _, k in leaf_names(tree, "")}
    arguments = frozenset(leaf[k] for k, p in enumerate(fwd.params) if p in stashed and k in leaf)
    return arguments, any(v in stashed for v in origins(fwd, value) if v not in fwd.params)


@contextmanager
def faults(what: str, module: object) -> Iterator[None]:
    """Turn any exception that is not ours to raise into an error that says so, and shows the program."""
    try:
        yield
    except SrcdiffError:
        raise
    except Exception as error:
        shown = f"\n\n{print_module(module)}" if isinstance(module, Module) else ""
        raise InternalError(f"{what}: {error!r}. This is a fault of srcdiff; please report it.{shown}") from error


@contextmanager
def naming(callee: Callee, derivation: Derivation) -> Iterator[None]:
    """Add to an error what was being differentiated with respect to what."""
    try:
        yield
    except UnsupportedError as error:
        code = callee.fun.__code__
        wrt = derivation.argnums if isinstance(derivation.argnums, tuple) else (derivation.argnums,)
        names = ", ".join(a if isinstance(a, str) else _argument_name(callee, a) for a in wrt)
        place = f"{callee.fun.__name__} ({code.co_filename}:{code.co_firstlineno})"
        error.context = f"while differentiating {place} with respect to {names}"
        raise


def _argument_name(callee: Callee, position: int) -> str:
    names = callee.names[len(callee.prefix):]
    return names[position] if -len(names) <= position < len(names) else f"argument {position}"
