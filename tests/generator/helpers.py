"""Random functions for the program to call: at module level, and closures inside the function itself."""

from __future__ import annotations

from generator import statements
from generator.expressions import bounded, scalar
from generator.scope import Function, Place, Scope

__all__ = ["closure", "helper"]


def _inner(scope: Scope, names: bool = False) -> Scope:
    """A scope for a function's body; a closure sees the names around it."""
    inner = Scope(scope.rng, scope.lengths, indent=scope.indent + 1 if names else 1, functions=list(scope.functions),
                  fresh=scope.fresh + 50, budget=scope.budget // 2)
    inner.place = Place(depth=2, returns=True)
    if names:
        for name in scope.names.values():
            inner.bind(name.text, name.shape, name.writable, constant=True)
    return inner


def helper(scope: Scope) -> tuple[Function, list[str]]:
    """A function at module level, and its lines."""
    maker = scope.rng.choice((_scalar_helper, _scalar_helper, _fill, _fill, _fill_any, _same, _same, _reader, _reader,
                              _recursive,
                              _halving, _variadic))
    return maker(scope, scope.new("h"))


def _default(scope: Scope, param: str) -> str:
    return f"{param}={scope.rng.choice(('0.5', '1.0', '2.0'))}" if scope.rng.random() < 0.6 else param


def _finish(scope: Scope, head: str, inner: Scope, last: str = "") -> list[str]:
    if last:
        inner.emit(last)
    if not inner.lines:
        inner.emit("pass")
    return [head, *inner.lines]


def _scalar_helper(scope: Scope, name: str) -> tuple[Function, list[str]]:
    inner, b = _inner(scope), _default(scope, "b")
    inner.bind("a", ())
    inner.bind("b", ())
    statements.block(inner, scope.rng.choice((0, 0, 1, 2)))
    if scope.rng.random() < 0.4:
        statements.branch(inner)
    lines = _finish(scope, f"def {name}(a, {b}):", inner, f"return {bounded(inner, (), 2)}")
    return Function(name, ((), ()), (), default="b" if "=" in b else ""), lines


def _fill(scope: Scope, name: str) -> tuple[Function, list[str]]:
    """Writes into its first argument and returns nothing."""
    inner, s = _inner(scope), _default(scope, "s")
    shape = scope.rng.choice(((scope.rng.choice(scope.lengths),), (scope.rng.choice(scope.lengths),),
                              (scope.lengths[0], scope.lengths[-1])))
    inner.bind("q", shape)
    inner.bind("s", ())
    inner.place = Place(depth=1, returns=False, loops=1)
    for _ in range(scope.rng.choice((1, 2))):
        statements.write(inner)
        if scope.rng.random() < 0.5:
            statements.statement(inner)
    return Function(name, (shape, ()), None, default="s" if "=" in s else "", fills=True), _finish(scope,
                                                                                                   f"def {name}(q, {s}):",
                                                                                                   inner)


def _fill_any(scope: Scope, name: str) -> tuple[Function, list[str]]:
    """The same for a vector of any length, with a loop over it."""
    rng = scope.rng
    step = rng.choice(("q[i] = np.sin(q[i - 1]) * a + 0.3 * q[i]", "q[:-1] = q[1:]", "q[i] += a * np.cos(q[i - 1])",
                       "q[i], q[i - 1] = q[i - 1], q[i] * a", "q[i - 1:] *= np.tanh(a + q[i])"))
    lines = [f"def {name}(q, a=0.7):", f"    for i in range(1, {rng.choice(('len(q)', 'q.shape[0]', 'q.size'))}):",
             f"        {step}"]
    result: tuple[int, ...] | None = None
    if rng.random() < 0.3:
        lines.append(f"    return {rng.choice(('np.sum(q)', 'q[-1] * q[0]'))}")
        result = ()
    return Function(name, ((scope.lengths[0],), ()), result, default="a", any_length=True, fills=True), lines


def _same(scope: Scope, name: str) -> tuple[Function, list[str]]:
    """Returns its parameter, a view of it, or something new: written to or not."""
    inner, rng = _inner(scope), scope.rng
    n = rng.choice(scope.lengths)
    inner.bind("q", (n,))
    inner.bind("s", ())
    inner.place = Place(depth=1, returns=False, loops=1)
    writes = rng.random() < 0.6
    if writes:
        statements.write(inner)
    head = f"def {name}(q, {_default(scope, 's')}):"
    if rng.random() < 0.3:
        inner.emit(f"if {scalar(inner, 1)} > 0.4:")
        inner.emit("    return q * s")
    lines = _finish(scope, head, inner, f"return {rng.choice(('q', 'q', 'q[::-1]', 'q + s', '1.0 * q'))}")
    return Function(name, ((n,), ()), (n,), default="s" if "=" in head else "", fills=writes), lines


def _reader(scope: Scope, name: str) -> tuple[Function, list[str]]:
    """Reads an array, perhaps by index in a loop, and returns a number."""
    inner, c = _inner(scope), _default(scope, "c")
    shape = scope.rng.choice(((scope.rng.choice(scope.lengths),), (scope.lengths[0], scope.lengths[-1])))
    inner.bind("q", shape, writable=False)
    inner.bind("c", ())
    inner.place = Place(depth=1, returns=True)
    statements.block(inner, scope.rng.choice((0, 1, 2)))
    return (Function(name, (shape, ()), (), default="c" if "=" in c else ""),
            _finish(scope, f"def {name}(q, {c}):", inner, f"return {scalar(inner, 3)}"))


def _recursive(scope: Scope, name: str) -> tuple[Function, list[str]]:
    rng = scope.rng
    step = rng.choice(("np.sin(a) + 0.5 * {0}(a * 0.8, k - 1)", "a * {0}(np.cos(a), k - 1)",
                       "{0}(a * 0.5, k - 1) * {0}(a + 0.3, k - 2)"))
    lines = [f"def {name}(a, k=2):", f"    if k <= {rng.choice((0, 0, 1))}:",
             f"        return {rng.choice(('a', 'np.tanh(a)', '0.5 * a * a'))}",
             f"    return {step.format(name)}"]
    return Function(name, ((),), ()), lines


def _halving(scope: Scope, name: str) -> tuple[Function, list[str]]:
    """Recursion over the halves of a vector of any length."""
    one, two = scope.rng.choice((("q[::2]", "q[1::2]"), ("q[:len(q) // 2]", "q[len(q) // 2:]")))
    join = scope.rng.choice(("np.sin({0}) * {1}", "{0} * 0.5 - {1}", "np.tanh({0} + {1} * q[0])"))
    lines = [f"def {name}(q):", "    if len(q) < 2:",
             f"        return {scope.rng.choice(('q[0]', 'q[0] * q[0]', 'np.sum(q)'))}",
             f"    return {join.format(f'{name}({one})', f'{name}({two})')}"]
    return Function(name, ((scope.lengths[0],),), (), any_length=True), lines


def _variadic(scope: Scope, name: str) -> tuple[Function, list[str]]:
    lines = [f"def {name}(*args, scale=0.5):", f"    total = {scope.rng.choice(('0.0', '0.1 * args[0]'))}",
             "    for a in args:",
             f"        total {scope.rng.choice(('+=', '-='))} np.sin(a) * scale", "    return total"]
    return Function(name, ((),) * scope.rng.choice((2, 3)), ()), lines


def closure(scope: Scope) -> None:
    """A nested function or a lambda that uses, or writes to, what stands around it."""
    rng, name = scope.rng, scope.new("g")
    inner = _inner(scope, names=True)
    kind = rng.random()
    if kind < 0.4:
        inner.bind("a", ())
        scope.emit(f"{name} = lambda a: {bounded(inner, (), 2)}")
        scope.functions.append(Function(name, ((),), ()))
    elif kind < 0.75:
        inner.bind("a", ())
        inner.place = Place(depth=2, returns=True)
        statements.assign(inner)
        inner.emit(f"return {bounded(inner, (), 2)}")
        scope.emit(f"def {name}(a, b=0.5):")
        scope.lines += inner.lines
        scope.functions.append(Function(name, ((),), ()))
    else:
        inner.bind("a", (), constant=True)
        inner.place = Place(depth=2, returns=False, loops=1)
        statements.write(inner)
        scope.emit(f"def {name}(a):")
        scope.lines += inner.lines or ["        pass"]
        scope.functions.append(Function(name, ((),), None))
