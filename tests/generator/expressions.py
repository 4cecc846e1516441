"""Random expressions whose values stay near 1: products are wrapped, divisors and logarithms are kept away from zero."""

from __future__ import annotations

from generator.scope import Scope, Shape
from generator.views import index, view_of_shape

__all__ = ["array", "bounded", "call", "condition", "scalar", "value"]

UNARY = ("np.sin({})", "np.cos({})", "np.tanh({})", "np.exp(0.5 * np.sin({}))", "np.sqrt(1.2 + ({}) ** 2)", "np.arctan({})",
         "np.log(1.5 + np.square({}))", "0.7 * ({})", "-({})", "({}) ** 2 * 0.3", "abs({})", "np.exp(-np.abs({}))",
         "(1.3 + np.cos({})) ** 1.5", "1.0 / (1.5 + np.tanh({}))", "np.log1p(np.square({}))", "np.expm1(0.3 * np.tanh({}))")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "{} * {}", "{} / (2.5 + np.sin({}))", "np.maximum({}, {})", "np.minimum({}, {})",
          "np.tanh({}) * ({})", "{} ** 2 - {}", "{} / (1.5 + np.square({}))")


def number(scope: Scope) -> str:
    return scope.rng.choice(("0.3", "0.5", "0.8", "1.0", "1.1", "1.5", "-0.4", "2.0", "0.9", "2", "-0.7"))


def value(scope: Scope, shape: Shape, depth: int = 2) -> str:
    """An expression with this shape."""
    return array(scope, shape, depth) if shape else scalar(scope, depth)


def bounded(scope: Scope, shape: Shape, depth: int = 2) -> str:
    """An expression between -1 and 1, for places that run many times."""
    inner = value(scope, shape, depth)
    return scope.rng.choice(("np.sin({})", "np.tanh({})", "0.8 * np.cos({})", "np.tanh({} * 0.5)" if _simple(inner)
                             else "np.sin({})")).format(inner)


def _simple(text: str) -> bool:
    return not any(mark in text for mark in " ") or text.endswith(")")


def _wrap(text: str) -> str:
    """Parentheses where an operator in ``text`` could bind to what stands around it."""
    return f"({text})" if " " in text and not (text.startswith("np.") and text.count("(") == 1 and text.endswith(")")) else text


# -- scalars -----------------------------------------------------------------------------------------------------------


def scalar(scope: Scope, depth: int = 2) -> str:
    rng = scope.rng
    if depth <= 0 or rng.random() < 0.15:
        return _scalar_leaf(scope)
    kind = rng.random()
    if kind < 0.04:
        return f"{rng.choice(('math.sin', 'math.cos', 'math.tanh', 'math.atan'))}({scalar(scope, depth - 1)})"
    if kind < 0.28:
        return rng.choice(UNARY).format(_wrap(scalar(scope, depth - 1)))
    if kind < 0.62:
        return rng.choice(BINARY).format(_wrap(scalar(scope, depth - 1)), _wrap(scalar(scope, depth - 1)))
    if kind < 0.80:
        return _reduction(scope, depth)
    if kind < 0.86:
        return f"({scalar(scope, depth - 1)} if {condition(scope)} else {scalar(scope, depth - 1)})"
    if kind < 0.89:
        return f"{rng.choice(('max', 'min'))}({scalar(scope, depth - 1)}, {scalar(scope, depth - 1)})"
    if kind < 0.97:
        return call(scope, (), depth) or _scalar_leaf(scope)
    return f"float({scalar(scope, depth - 1)})"


def _scalar_leaf(scope: Scope) -> str:
    rng = scope.rng
    if rng.random() < 0.45:
        name = scope.find(lambda name: bool(name.shape))
        if name is not None:
            return f"{name.text}[{', '.join(index(scope, n) for n in name.shape)}]"
    if scope.counters and rng.random() < 0.12:
        return f"0.3 * {rng.choice(list(scope.counters.values())).text}"
    name = scope.find(lambda name: not name.shape)
    return number(scope) if name is None or rng.random() < 0.15 else name.text


def _reduction(scope: Scope, depth: int) -> str:
    rng = scope.rng
    shape = _some_shape(scope)
    inner = array(scope, shape, depth - 1)
    choices = [f"np.sum({inner})", f"np.mean({inner})", f"np.max({inner})", f"np.min({inner})",
               f"0.3 * np.sum({_wrap(inner)} ** 2)",
               f"({inner}).sum()", f"({inner}).mean()", f"np.var({inner})", f"np.linalg.norm({inner} + 2.0)"]
    if len(shape) == 1:
        other = array(scope, shape, depth - 1)
        choices += [f"np.dot({inner}, {other})", f"{_wrap(inner)} @ {_wrap(other)}", f"0.2 * sum({inner})",
                    f"np.sum(({inner})[{scope.rng.choice(['[0, 1, 0]', '[-1, 0]'])}])" if shape[0] > 1 else f"np.prod({inner})"]
        name = scope.find(lambda name: len(name.shape) == 1 and name.shape[0] > 1)
        if name is not None:
            choices.append(f"np.sum({name.text}[{name.text} > {number(scope)}])")
            ends = [c.text for c in scope.counters.values() if c.low >= 0]
            if ends:
                choices.append(f"np.sum({name.text}[:{rng.choice(ends)}])")
    elif len(shape) == 2 and shape[0] == shape[1]:
        choices += [f"np.trace({inner})", f"0.2 * np.linalg.det({inner})"]
    return rng.choice(choices)


def _some_shape(scope: Scope) -> Shape:
    name = scope.find(lambda name: bool(name.shape))
    return name.shape if name is not None and scope.rng.random() < 0.8 else (scope.rng.choice(scope.lengths),)


def condition(scope: Scope) -> str:
    """A test on data, sometimes on a counter, sometimes two of them."""
    rng = scope.rng
    if scope.counters and rng.random() < 0.3:
        counter = rng.choice(list(scope.counters.values()))
        return rng.choice((f"{counter.text} > {rng.randrange(counter.low, counter.high)}",
                           f"{counter.text} % 2 == {rng.randrange(2)}",
                           f"{counter.text} == {rng.randrange(counter.low, counter.high)}", f"{counter.text} != {counter.low}"))
    one = f"{scalar(scope, 1)} {rng.choice('<>')} {number(scope)}"
    kind = rng.random()
    if kind < 0.1:
        return f"{one} {rng.choice(('and', 'or'))} {scalar(scope, 0)} {rng.choice('<>')} {number(scope)}"
    if kind < 0.15:
        return f"not {scalar(scope, 0)} > {number(scope)}"
    if kind < 0.2:
        return f"-0.9 < {scalar(scope, 1)} < {rng.choice(('0.45', '1.05'))}"
    return one


# -- arrays ------------------------------------------------------------------------------------------------------------


def array(scope: Scope, shape: Shape, depth: int = 2) -> str:
    rng = scope.rng
    if depth <= 0 or rng.random() < 0.2:
        return _array_leaf(scope, shape)
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(UNARY).format(_wrap(array(scope, shape, depth - 1)))
    if kind < 0.60:
        left, right = array(scope, shape, depth - 1), value(scope, _stretched(scope, shape), depth - 1)
        if rng.random() < 0.5:
            left, right = right, left
        return rng.choice(BINARY).format(_wrap(left), _wrap(right))
    if kind < 0.68:
        test = f"{_wrap(array(scope, shape, 0))} {rng.choice('<>')} {number(scope)}"
        return f"np.where({test}, {value(scope, rng.choice((shape, ())), depth - 1)}, {array(scope, shape, depth - 1)})"
    if kind < 0.72:
        return f"np.clip({array(scope, shape, depth - 1)}, -0.85, 1.15)"
    if kind < 0.80:
        return call(scope, shape, depth) or _array_leaf(scope, shape)
    if len(shape) == 1:
        return _vector(scope, shape[0], depth)
    return _matrix(scope, shape, depth) if len(shape) == 2 else _array_leaf(scope, shape)


def _stretched(scope: Scope, shape: Shape) -> Shape:
    """A shape that broadcasts to ``shape``."""
    kind = scope.rng.random()
    if kind < 0.35:
        return ()
    if kind < 0.7 or len(shape) == 1:
        return shape
    return scope.rng.choice((shape[1:], (*shape[:-1], 1), (1, *shape[1:])))


def _array_leaf(scope: Scope, shape: Shape) -> str:
    rng = scope.rng
    name = scope.find(lambda name: name.shape == shape)
    if name is not None and rng.random() < 0.55:
        return name.text
    if rng.random() < 0.8 and (view := view_of_shape(scope, shape)):
        return view
    if name is not None:
        return name.text
    size = shape[0] if len(shape) == 1 else shape
    choices = [f"np.full({size}, {scalar(scope, 1)})", f"np.ones({size})", f"np.zeros({size})",
               f"np.broadcast_to({scalar(scope, 0)}, {shape})"]
    if len(shape) == 1:
        choices += [f"np.linspace(0.1, 1.0, {size})", f"np.arange({float(size)})", f"np.arange({size}) * 0.3"]
    if len(shape) == 2 and shape[0] == shape[1]:
        choices.append(f"np.eye({shape[0]})")
    return rng.choice(choices)


def _vector(scope: Scope, n: int, depth: int) -> str:
    rng = scope.rng
    k = rng.choice(scope.lengths)
    choices = [
        lambda: f"{_wrap(array(scope, (n, k), depth - 1))} @ {_wrap(array(scope, (k,), depth - 1))} * 0.5",
        lambda: f"{_wrap(array(scope, (k,), depth - 1))} @ {_wrap(array(scope, (k, n), depth - 1))} * 0.5",
        lambda: f"np.sum({array(scope, (k, n), depth - 1)}, axis=0)",
        lambda: f"np.mean({array(scope, (n, k), depth - 1)}, axis={rng.choice((1, -1))})",
        lambda: f"({array(scope, (n, k), depth - 1)}).max(axis=1)",
        lambda: f"np.array([{', '.join(scalar(scope, depth - 1) for _ in range(n))}])",
        lambda: f"0.5 * np.cumsum({array(scope, (n,), depth - 1)})",
        lambda: f"np.sort({array(scope, (n,), depth - 1)})",
        lambda: f"({array(scope, (n,), depth - 1)})[{[rng.randrange(n) for _ in range(n)]}]",
        lambda: f"({array(scope, (n,), depth - 1)}).copy()",
        lambda: f"np.dot({array(scope, (n, k), depth - 1)}, {array(scope, (k,), depth - 1)})",
        lambda: f"np.concatenate([{array(scope, (1,), depth - 1)}, {array(scope, (n - 1,), depth - 1)}])" if n > 1
        else array(scope, (n,), depth - 1),
    ]
    return rng.choice(choices)()


def _matrix(scope: Scope, shape: Shape, depth: int) -> str:
    rng = scope.rng
    r, c = shape
    k = rng.choice(scope.lengths)
    choices = [
        lambda: f"{_wrap(array(scope, (r, k), depth - 1))} @ {_wrap(array(scope, (k, c), depth - 1))} * 0.4",
        lambda: f"np.outer({array(scope, (r,), depth - 1)}, {array(scope, (c,), depth - 1)})",
        lambda: f"({array(scope, (c, r), depth - 1)}).T",
        lambda: f"np.stack([{', '.join(array(scope, (c,), depth - 1) for _ in range(r))}])",
        lambda: f"({array(scope, (r * c,), depth - 1)}).reshape({r}, {c})",
        lambda: f"np.concatenate([{array(scope, (r, 1), depth - 1)}, {array(scope, (r, c - 1), depth - 1)}], axis=1)" if c > 1
        else array(scope, (r, c), depth - 1),
        lambda: f"np.mean({array(scope, (r, c), depth - 1)}, axis=1, keepdims=True) * {_wrap(array(scope, (r, c), depth - 1))}",
        lambda: f"np.einsum('ij,jk->ik', {array(scope, (r, k), depth - 1)}, {array(scope, (k, c), depth - 1)}) * 0.3",
        lambda: f"0.4 * np.cumsum({array(scope, (r, c), depth - 1)}, axis=0)",
    ]
    return rng.choice(choices)()


# -- calls -------------------------------------------------------------------------------------------------------------


def call(scope: Scope, result: Shape | None, depth: int = 2) -> str | None:
    """A call of one of the program's own functions with this result, or None."""
    rng = scope.rng
    function = scope.function(lambda f: f.result == result)
    if function is None:
        return None
    args = []
    for k, shape in enumerate(function.params):
        last = k == len(function.params) - 1
        if last and function.default and rng.random() < 0.4:
            break
        if shape:
            length = (rng.choice(scope.lengths),) if function.any_length and len(shape) == 1 else shape
            fills = function.fills and k == 0
            text = view_of_shape(scope, length, writable=True) if fills else None
            name = scope.find(lambda name, length=length: name.shape == length and name.writable)
            if fills and (name is None or (text and rng.random() < 0.5)):
                if text is None:
                    return None
            elif fills:
                text = name.text  # type: ignore[union-attr]
            else:
                text = array(scope, length, depth - 1)
        else:
            text = scalar(scope, depth - 1)
        keyword = last and function.default and rng.random() < 0.5
        args.append(f"{function.default}={text}" if keyword else text)
    return f"{function.text}({', '.join(args)})"
