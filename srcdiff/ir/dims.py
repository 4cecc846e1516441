"""Symbolic dimensions: integer linear forms over symbols, with the size at the call as a hint.

A dimension is a plain ``int`` or a :class:`Dim`. A :class:`Sym` is named by the Python expression that
computes it from the function's arguments (``"x.shape[0]"``), or ``"%7"`` where it is only known at run time
(then it has no hint). Anything that is not linear becomes a symbol named by its expression, so equality of
normal forms is equality of text.

Grammar::

    Dim  ::= int | sum of coef * Sym + const, perhaps clipped at zero (the length of a slice)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..errors import UnsupportedError
from ..records import dataclass

__all__ = ["MISSING", "Attribute", "Dim", "DimLike", "Facts", "Sym", "add", "agree", "ceildiv", "hint_of", "is_static", "match",
           "meet", "mul", "of", "product", "runtime_sym", "slice_length", "sub"]


@dataclass(frozen=True)
class Sym:
    """A symbol; ``hint`` is its value at the call that is being compiled, if known.

    ``assumed`` marks hints that were made up (a signature without a call): such symbols are taken to be
    different from 1 and equal to whatever they must be equal to. ``low`` and ``high``: the range of a loop's index, if known;
    ``low`` is 0 for a product or quotient that is not negative.
    """

    name: str
    hint: int | None = field(default=None, compare=False)
    assumed: bool = field(default=False, compare=False)
    low: DimLike | None = field(default=None, compare=False)
    high: DimLike | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Dim:
    """``sum(coef * sym) + const``; if ``clip``, the larger of that and 0. Terms are sorted by name."""

    terms: tuple[tuple[Sym, int], ...]
    const: int = 0
    clip: bool = False

    def __str__(self) -> str:
        text = ""
        for sym, coef in self.terms:
            sign = "-" if coef < 0 else "+"
            factor = "" if abs(coef) == 1 else f"{abs(coef)} * "
            factor += f"({sym.name})" if coef != 1 and "//" in sym.name else sym.name
            text += f" {sign} {factor}" if text else ("-" if coef < 0 else "") + factor
        if self.const:
            text += f" {'-' if self.const < 0 else '+'} {abs(self.const)}"
        return f"max({text}, 0)" if self.clip else text

    @property
    def hint(self) -> int | None:
        """The value at the call, or None if some symbol has none."""
        total = self.const
        for sym, coef in self.terms:
            if sym.hint is None:
                return None
            total += coef * sym.hint
        return max(total, 0) if self.clip else total

    @property
    def assumed(self) -> bool:
        return any(sym.assumed for sym, _ in self.terms)


DimLike = int | Dim


def of(sym: Sym) -> Dim:
    """The dimension that is one symbol."""
    return Dim(((sym, 1),))


def runtime_sym(tag: object) -> Dim:
    """A dimension known only at run time; ``tag`` makes it unique (a long one is replaced by its digest)."""
    text = str(tag)
    if len(text) > 80:
        import hashlib  # not at the top: it loads OpenSSL

        text = f"{text[:20]}~{hashlib.blake2s(text.encode(), digest_size=10).hexdigest()}"
    return of(Sym(f"%{text}"))


def index_sym(tag: object, low: DimLike | None, high: DimLike | None, step: DimLike | None) -> Dim:
    """The index of ``range(low, high, step)``."""
    if low is None or high is None or not isinstance(step, int) or step == 0:
        return runtime_sym(f"i{tag}")
    ends = (low, sub(high, 1)) if step > 0 else (add(high, 1), low)
    return of(Sym(f"%i{tag}", None, False, *ends))


def is_static(shape: tuple[DimLike, ...]) -> bool:
    """Whether every dimension follows from the function's arguments: others may differ from trip to trip of a loop."""
    return not any("%" in str(d) for d in shape)


def hint_of(d: DimLike) -> int | None:
    return d if isinstance(d, int) else d.hint


def _make(terms: dict[Sym, int], const: int, clip: bool = False) -> DimLike:
    kept = tuple(sorted(((s, c) for s, c in terms.items() if c), key=lambda t: t[0].name))
    if not kept:
        return max(const, 0) if clip else const
    return Dim(kept, const, clip)


def _opaque(text: str, compute: Callable[..., int], *parts: DimLike) -> DimLike:
    """A product or quotient of ``parts``: not negative if they are not."""
    hints = [hint_of(p) for p in parts]
    known = [h for h in hints if h is not None]
    hint = compute(*known) if len(known) == len(parts) else None
    assumed = any(isinstance(p, Dim) and p.assumed for p in parts)
    return of(Sym(text, hint, assumed, 0 if all(map(is_sum_of_lengths, parts)) else None))


def _linear(d: DimLike) -> tuple[dict[Sym, int], int]:
    if isinstance(d, int):
        return {}, d
    if d.clip:  # a clipped form inside a sum is a symbol of its own
        return {Sym(str(d), d.hint, d.assumed): 1}, 0
    return dict(d.terms), d.const


def add(a: DimLike, b: DimLike) -> DimLike:
    if isinstance(a, int) and a == 0:
        return b
    if isinstance(b, int) and b == 0:
        return a
    terms, const = _linear(a)
    more, const_b = _linear(b)
    for sym, coef in more.items():
        terms[sym] = terms.get(sym, 0) + coef
    return _make(terms, const + const_b)


def sub(a: DimLike, b: DimLike) -> DimLike:
    return add(a, scale(b, -1))


def scale(d: DimLike, k: int) -> DimLike:
    if k == 1:
        return d
    terms, const = _linear(d)
    return _make({s: c * k for s, c in terms.items()}, const * k)


def mul(a: DimLike, b: DimLike) -> DimLike:
    if isinstance(a, int):
        return scale(b, a)
    if isinstance(b, int):
        return scale(a, b)
    left, right = sorted((str(a), str(b)))
    return _opaque(f"({left}) * ({right})", lambda x, y: x * y, a, b)


def floordiv(a: DimLike, k: DimLike) -> DimLike:
    if isinstance(a, int) and isinstance(k, int) and k:
        return a // k
    if k == 1:
        return a
    return _opaque(f"({a}) // ({k})", lambda *v: v[0] // (v[1] if len(v) > 1 else k),
                   *([a, k] if isinstance(k, Dim) else [a]))


def ceildiv(a: DimLike, k: int) -> DimLike:
    return floordiv(add(a, k - 1), k)


def clip0(d: DimLike) -> DimLike:
    if isinstance(d, int):
        return max(d, 0)
    return d if is_sum_of_lengths(d) else Dim(d.terms, d.const, True)


def is_sum_of_lengths(d: DimLike) -> bool:
    """Whether ``d`` is at least 0 because nothing in it can be negative."""
    if isinstance(d, int):
        return d >= 0
    return d.clip or (d.const >= 0 and all(c > 0 and _is_length(s) for s, c in d.terms))


def _is_length(sym: Sym) -> bool:
    if sym.name.startswith("("):  # a product or quotient: (x.shape[0] - 5) // (2) may be negative
        return sym.low == 0
    return sym.name.startswith("max(") or (".shape[" in sym.name and not sym.name.startswith("%i"))


def is_nonnegative(d: DimLike, facts: Facts) -> bool:
    """Whether ``d`` is at least 0: an index lies in its range, and what follows from the sizes at the call is a condition."""
    for _ in range(8):  # as deep as loops may nest
        terms = () if isinstance(d, int) or d.clip else d.terms
        found = next(((s, c, end) for s, c in terms if (end := s.low if c > 0 else s.high) is not None), None)
        if found is None:
            break
        sym, coef, end = found
        d = add(sub(d, scale(of(sym), coef)), scale(end, coef))
    if is_sum_of_lengths(d):
        return True
    if isinstance(d, int) or d.assumed or d.hint is None or d.hint < 0:
        return False
    facts.assume(f"{d} >= 0")
    return True


def product(dims: tuple[DimLike, ...]) -> DimLike:
    result: DimLike = 1
    for d in dims:
        result = mul(result, d)
    return result


def slice_length(n: DimLike, start: DimLike | None, stop: DimLike | None, step: int | None) -> DimLike | None:
    """Length of ``range(n)[start:stop:step]``, or None where it cannot be expressed.

    >>> str(slice_length(of(Sym("x.shape[0]", 9)), 1, -1, None))
    'max(x.shape[0] - 2, 0)'
    """
    step = 1 if step is None else step
    if all(v is None or isinstance(v, int) for v in (start, stop)) and isinstance(n, int):
        return len(range(*slice(start, stop, step).indices(n)))
    if step == -1 and start is None and stop is None:
        return n
    if step < 0:
        return None
    if start is None and stop is None:
        return ceildiv(n, step)
    low, high = _from_end(n, 0 if start is None else start), _from_end(n, n if stop is None else stop)
    if low is None or high is None:
        return None
    if isinstance(high, int) and not isinstance(n, int):
        return None  # whether n reaches a constant stop is not linear
    span = _clipped_span(n, low, high)
    return None if span is None else (span if step == 1 else ceildiv(span, step))


def _clipped_span(n: DimLike, low: DimLike, high: DimLike) -> DimLike | None:
    """``high - low`` where ``high`` is n minus a constant and ``low`` is a constant; None otherwise."""
    from_end = sub(n, high)
    if isinstance(low, int) and isinstance(from_end, int) and from_end >= 0:
        inner = n if isinstance(n, int) else Dim(n.terms, n.const)
        return clip0(sub(sub(inner, from_end), low))
    return None


def _from_end(n: DimLike, bound: DimLike) -> DimLike | None:
    if isinstance(bound, int) and bound < 0:
        if isinstance(n, Dim) and n.clip:
            n = Dim(n.terms, n.const)
        return add(n, bound)
    if isinstance(bound, Dim) and isinstance(n, Dim) and n.clip and bound == n:
        return Dim(n.terms, n.const)
    return bound


class Attribute(str):
    """The name of an attribute, as the key of what was read: ``container.name``, not ``container["name"]``."""


class Missing:
    """Stands for what is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()


class Facts:
    """What a specialisation took for granted about its arguments: the conditions of its guard, in order.

    ``apart``: conditions by which two expressions mean two objects, or share no memory; the guard has them in a shorter form.
    ``least``: lengths of arrays, and what constant indices ask of them. ``calls``: where there are arguments, the calls of
    functions with a rule of their own that a run of the program makes.
    """

    def __init__(self) -> None:
        self.calls: Callable[[], list[Any]] | None = None
        self.conditions: dict[str, None] = {}
        self.apart: dict[str, tuple[str, str]] = {}
        self.least: dict[Dim, int] = {}
        self.captures: dict[tuple[int, Any], tuple[Any, Any, Any]] = {}
        self.recorded: set[tuple[int, Any]] = set()  # containers and attributes outside of the program that it writes to
        self.looked_into: set[tuple[int, Any]] = set()  # and those that it reads

    def capture(self, container: Any, key: Any, value: Any) -> None:
        """The program read ``container[key]``, or the contents of a closure cell (``key`` is None), or what a class itself
        defines under a name, or an attribute (``key`` is an ``Attribute``): it was ``value``, or there was nothing
        (``MISSING``).
        """
        self.captures.setdefault((id(container), key), (container, key, value))

    def assume(self, condition: str) -> None:
        self.conditions.setdefault(condition)

    def need(self, length: Dim, least: int) -> None:
        """The program asks for that length or more."""
        self.least[length] = max(self.least.get(length, 0), least)

    def note_apart(self, condition: str, a: str, b: str) -> None:
        """What ``a`` and ``b`` reach is taken for two objects, or for memory that is not shared."""
        self.apart[condition] = (a, b)

    def is_one(self, d: DimLike) -> bool | None:
        """Whether ``d`` is 1, recorded as a condition; None if only the run can tell."""
        if isinstance(d, int):
            return d == 1
        if d.hint is None:
            return None
        one = d.hint == 1
        self.assume(f"{d} {'==' if one else '!='} 1")
        return one


def agree(a: DimLike, b: DimLike, facts: Facts) -> bool:
    """Whether two dimensions are equal at this call, recorded as a condition; False too where only the run can tell."""
    if a == b:
        return True
    known = hint_of(a)
    if known is None:
        return _agree_by_sizes(a, b, facts)
    if known != hint_of(b) or any(isinstance(d, Dim) and d.assumed for d in (a, b)):
        return False
    facts.assume(f"{a} == {b}")
    return True


def _agree_by_sizes(a: DimLike, b: DimLike, facts: Facts) -> bool:
    """The same for ``m - i`` and ``n - i``: whether sizes of this call make it so."""
    apart = sub(a, b)
    if isinstance(apart, int) or not is_static((apart,)) or apart.hint != 0 or apart.assumed:
        return False
    facts.assume(f"{apart} == 0")
    return True


def match(a: DimLike, b: DimLike, facts: Facts) -> None:
    """Take it for granted that two dimensions are equal, as NumPy asks for.

    Raises
    ------
    UnsupportedError
        They differ at this call: NumPy raises there. What only the run can tell is left to it.
    """
    if not agree(a, b, facts) and _differ(a, b):
        facts.assume(f"{a} != {b}")  # where the program does not get there at this call, it may at another
        raise UnsupportedError(f"lengths that do not fit: {_told(a)} and {_told(b)}",
                               advice="NumPy raises ValueError here: the function has no value at these arguments")


def _differ(a: DimLike, b: DimLike) -> bool:
    known = hint_of(a), hint_of(b)
    return None not in known and known[0] != known[1] and not any(isinstance(d, Dim) and d.assumed for d in (a, b))


def _told(d: DimLike) -> str:
    return str(d) if isinstance(d, int) else f"{d.hint} ({d})"


def meet(a: DimLike, b: DimLike, facts: Facts) -> str:
    """How ``a`` and ``b`` broadcast: ``"eq"``, ``"left"`` (a is 1, stretched), ``"right"``, or ``"unknown"``.

    Raises
    ------
    UnsupportedError
        They differ at this call, and neither is 1.
    """
    if agree(a, b, facts):
        return "eq"
    one_a, one_b = facts.is_one(a), facts.is_one(b)
    if one_a and one_b:
        return "eq"
    if one_a and one_b is False:
        return "left"
    if one_b and one_a is False:
        return "right"
    if one_a is False and one_b is False:
        match(a, b, facts)
        return "eq"
    return "unknown"
