"""Shapes of results: one small function for each way in which shapes follow from arguments.

Each takes the facts and the operation's arguments by name, and returns a tuple of dimensions (or, where even the kind of
result depends on them, a type or a tuple of types).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims, structural
from ..ir.core import Arg, Const, Var, atoms_of
from ..ir.dims import DimLike, Facts
from ..ir.types import BOOL, INT, Array, List, Scalar, Tuple, Type

Shape = tuple[DimLike, ...]


# -- arguments ---------------------------------------------------------------------------------------------------------


def static(arg: Arg, what: str = "this argument") -> Any:
    """The value of an argument that must be known at compile time."""
    if isinstance(arg, Const):
        return arg.value
    if isinstance(arg, tuple):
        return tuple(static(a, what) for a in arg)
    raise UnsupportedError(f"{what} must be known when the function is compiled",
                           advice="write it as a literal, or pass it as an argument that is None, a bool, an int or a string")


def array_type(arg: Arg, facts: Facts, what: str = "the argument") -> Scalar | Array:
    """The type of an argument as a number or an array; a sequence stands for ``np.array`` of it."""
    if isinstance(arg, tuple):
        return _stacked([array_type(a, facts, what) for a in arg])
    t = arg.type
    inner: Shape = ()
    elem: Type | None = t.elem if isinstance(t, List) else None
    while isinstance(elem, List):  # all rows are as long as the first
        elem, inner = elem.elem, (*inner, dims.runtime_sym(f"row{arg.uid}.{len(inner)}"))
    if isinstance(elem, Scalar | Array):
        return Array(elem.dtype, (_length(arg), *inner, *_shape(elem)), "C")
    if not isinstance(t, Scalar | Array):
        raise UnsupportedError(f"{what} is {_describe(arg)}, but must be a number or an array",
                               advice="operands are numbers, arrays, or lists of them")
    return t


def _describe(arg: Arg) -> str:
    return repr(arg.value) if isinstance(arg, Const) else f"of type {arg.type}"


def _length(a: Var) -> DimLike:
    return dims.runtime_sym(f"len{a.uid}")


def _stacked(items: list[Scalar | Array]) -> Array:
    if not items:
        return Array("float64", (0,), "C")
    ones = [np.ones((), t.dtype).item() if isinstance(t, Scalar) and t.py else np.ones((), t.dtype) for t in items]
    dtype = str(np.result_type(*(np.asarray(o).dtype for o in ones)))
    return Array(dtype, (len(items), *_shape(items[0])), "C")


def elements(arg: Arg, facts: Facts) -> list[Scalar | Array] | None:
    """The types of a sequence's elements; None for a list of unknown length."""
    if isinstance(arg, tuple):
        return [array_type(a, facts) for a in arg]
    t = array_type(arg, facts)
    if isinstance(t, Array) and t.shape and isinstance(t.shape[0], int):
        return [Array(t.dtype, t.shape[1:], "A")] * t.shape[0]
    return None


def _shape(t: Type) -> Shape:
    return t.shape if isinstance(t, Array) else ()


def shape_of(arg: Arg, facts: Facts) -> Shape:
    return _shape(array_type(arg, facts))


def dim(atom: Arg) -> DimLike:
    """The dimension that an integer argument names."""
    known = structural.sym_of(atom)
    return dims.runtime_sym(getattr(atom, "uid", atom)) if known is None else known


def dims_of(shape: Arg) -> list[DimLike]:
    """A shape argument (an integer, or a tuple of integers) as dimensions."""
    if isinstance(shape, Const) and isinstance(shape.value, tuple):
        return list(shape.value)
    if isinstance(shape, tuple):
        return [dim(a) for a in shape]
    if isinstance(shape.type, Scalar):
        return [dim(shape)]
    if isinstance(shape.type, Tuple):
        if isinstance(shape.sym, tuple):
            return list(shape.sym)
        return [dims.runtime_sym(f"shape{shape.uid}.{k}") for k in range(len(shape.type.items))]
    raise UnsupportedError(f"a shape of type {shape.type} has no known number of dimensions",
                           advice="write the shape as a tuple, such as (n, m) or x.shape")


def axis_in(axis: Arg, rank: int) -> int:
    """One axis, not negative."""
    value = static(axis, "axis")
    if not isinstance(value, int | np.integer) or not -rank <= value < rank:
        raise UnsupportedError(f"axis {value!r} does not fit an array with {rank} dimension{'s' * (rank != 1)}")
    return int(value) % rank


def axes_in(axis: Arg, rank: int) -> list[int]:
    """Axes that are reduced: all of them for None."""
    value = static(axis, "axis")
    if value is None:
        return list(range(rank))
    many = value if isinstance(value, tuple | list) else (value,)
    return [axis_in(Const(v, INT), rank) for v in many]


# -- element-wise, and like an argument --------------------------------------------------------------------------------


def broadcast(facts: Facts, *shapes: Shape, **_: Arg) -> Shape:
    return structural.broadcast(list(shapes), facts) if shapes else ()


def like_first(facts: Facts, **args: Arg) -> Shape:
    return shape_of(next(iter(args.values())), facts)


def fraction_and_integer(facts: Facts, x: Arg) -> tuple[Type, Type]:
    """Two results, each of the type of ``np.trunc(x)``."""
    t = array_type(x, facts)
    dtype = t.dtype if np.dtype(t.dtype).kind == "f" else "float64"
    shape = _shape(t)
    layout = t.layout if isinstance(t, Array) and t.layout in ("C", "F") else "A"
    found = Array(dtype, shape, layout) if shape else Scalar(dtype)
    return found, found


def part(facts: Facts, x: Arg) -> Array | Scalar:
    """The real or the imaginary part: of an array, every second number in its memory."""
    t = array_type(x, facts)
    dtype = {"complex64": "float32", "complex128": "float64"}.get(t.dtype, t.dtype)
    return Array(dtype, t.shape, "A") if isinstance(t, Array) else Scalar(dtype, t.py)


def scalar(facts: Facts, **_: Arg) -> Shape:
    return ()


def given(facts: Facts, shape: Arg, **_: Arg) -> Shape:
    return tuple(dims_of(shape))


def stretched(facts: Facts, array: Arg, shape: Arg) -> Shape:
    want = tuple(dims_of(shape))
    structural.check_stretch(shape_of(array, facts), want, facts)
    return want


def shape_tuple(facts: Facts, a: Arg) -> Tuple:
    return Tuple((INT,) * len(shape_of(a, facts)))


def truth(facts: Facts, **_: Arg) -> Scalar:
    return BOOL


def integer(facts: Facts, **_: Arg) -> Scalar:
    return INT


# -- reductions --------------------------------------------------------------------------------------------------------


def reduced(facts: Facts, a: Arg, axis: Arg, keepdims: Arg, **_: Arg) -> Shape:
    shape = shape_of(a, facts)
    gone = axes_in(axis, len(shape))
    if static(keepdims, "keepdims"):
        return tuple(1 if k in gone else d for k, d in enumerate(shape))
    return tuple(d for k, d in enumerate(shape) if k not in gone)


def of_integers(facts: Facts, exact: Arg | None = None, repetition: Arg | None = None, **numbers: Arg) -> Array | Scalar:
    """Numbers of ways to choose; those of floats would have derivatives."""
    types = [array_type(a, facts) for a in numbers.values()]
    if any(np.dtype(t.dtype).kind not in "iub" for t in types):
        raise UnsupportedError("binomials and factorials of floats", advice="write them with scipy.special.gammaln")
    if exact is not None and static(exact, "exact"):
        if any(isinstance(t, Array) for t in types):
            raise UnsupportedError("exact binomials and factorials of arrays")
        return INT
    shape = broadcast(facts, *(_shape(t) for t in types))
    return Array("float64", shape, "A") if shape else Scalar("float64")


def around(facts: Facts, a: Arg, mean: Arg, **options: Arg) -> Shape:
    """The shape of a variance whose mean may be given."""
    if not (isinstance(mean, Const) and mean.value is None):
        values, centre = array_type(a, facts), array_type(mean, facts)
        weak = isinstance(centre, Scalar) and centre.py
        if broadcast(facts, _shape(values), _shape(centre)) != _shape(values) or not (weak or centre.dtype == values.dtype):
            raise UnsupportedError("a mean of another shape or dtype", advice="np.mean(a, axis, keepdims=True)")
    return reduced(facts, a, **options)


def quantiles(facts: Facts, a: Arg, q: Arg, axis: Arg, method: Arg, keepdims: Arg, weights: Arg) -> Array | Scalar:
    """One result for each of the numbers ``q``; their axes come first. NumPy says which dtype."""
    numbers, fractions = array_type(a, facts), array_type(q, facts)
    shape = (*_shape(fractions), *reduced(facts, a, axis, keepdims))
    way = static(method, "method of np.quantile")
    if way == "averaged_inverted_cdf":
        raise UnsupportedError(f"quantiles by method={way!r}", advice="use inverted_cdf, lower, higher, or a continuous method")
    one = 1.0 if isinstance(fractions, Scalar) and fractions.py else np.ones((), fractions.dtype)
    weight = None if isinstance(weights, Const) and weights.value is None else np.ones(2, array_type(weights, facts).dtype)
    if weight is not None and way != "inverted_cdf":
        raise UnsupportedError(f"weights with method={way!r}", advice="method='inverted_cdf', as NumPy needs it")
    dtype = str(np.asarray(np.quantile(np.ones(2, numbers.dtype), one, method=way, weights=weight)).dtype)
    return Array(dtype, shape, "A") if shape or weight is not None else Scalar(dtype)


def pieces(facts: Facts, a: Arg, indices: Arg, axis: Arg) -> Shape:
    """``np.add.reduceat``: one result for each index."""
    shape, at = shape_of(a, facts), shape_of(indices, facts)
    k = axis_in(axis, len(shape))
    return (*shape[:k], at[0], *shape[k + 1:])


def accumulated(facts: Facts, a: Arg, axis: Arg, **_: Arg) -> Shape:
    shape = shape_of(a, facts)
    if static(axis, "axis") is None:
        return (dims.product(shape),)
    axis_in(axis, len(shape))
    return shape


# -- manipulation ------------------------------------------------------------------------------------------------------


def reshaped(facts: Facts, a: Arg, shape: Arg) -> Shape:
    wanted = dims_of(shape)
    holes = [k for k, d in enumerate(wanted) if d == -1]
    if holes:
        size = dims.product(shape_of(a, facts))
        rest = dims.product(tuple(d for d in wanted if d != -1))
        wanted[holes[0]] = size if rest == 1 else _quotient(shape_of(a, facts), tuple(d for d in wanted if d != -1), size, rest)
    return tuple(wanted)


def _quotient(have: Shape, want: Shape, size: DimLike, rest: DimLike) -> DimLike:
    """``size // rest``, cancelling equal dimensions first so that ``x.reshape(len(x), -1)`` stays simple."""
    left = list(have)
    for d in want:
        if d not in left:
            return dims.floordiv(size, rest)
        left.remove(d)
    return dims.product(tuple(left))


def raveled(facts: Facts, a: Arg) -> Shape:
    return (dims.product(shape_of(a, facts)),)


def transposed(facts: Facts, a: Arg, axes: Arg) -> Array | Scalar:
    t = array_type(a, facts)
    shape = _shape(t)
    order = static(axes, "axes")
    if order is None:
        order = tuple(reversed(range(len(shape))))
    if sorted(k % max(len(shape), 1) for k in order) != list(range(len(shape))):
        raise UnsupportedError(f"axes {order!r} do not fit an array with {len(shape)} dimensions")
    return _permuted(t, tuple(k % len(shape) for k in order))


def _permuted(t: Scalar | Array, order: tuple[int, ...]) -> Array:
    if not isinstance(t, Array):
        return Array(t.dtype, (), "C")
    layout: Any = "A"
    if order == tuple(range(len(order))):
        layout = t.layout
    elif order == tuple(reversed(range(len(order)))):
        layout = {"C": "F", "F": "C"}.get(str(t.layout), "A")
    return Array(t.dtype, tuple(t.shape[k] for k in order), layout)


def swapped(facts: Facts, a: Arg, axis1: Arg, axis2: Arg) -> Array:
    t = array_type(a, facts)
    order = list(range(len(_shape(t))))
    one, two = axis_in(axis1, len(order)), axis_in(axis2, len(order))
    order[one], order[two] = two, one
    return _permuted(t, tuple(order))


def moved(facts: Facts, a: Arg, source: Arg, destination: Arg) -> Array:
    t = array_type(a, facts)
    rank = len(_shape(t))
    here, there = axes_in(source, rank), axes_in(destination, rank)
    order = [k for k in range(rank) if k not in here]
    for to, which in sorted(zip(there, here, strict=True)):
        order.insert(to, which)
    return _permuted(t, tuple(order))


def squeezed(facts: Facts, a: Arg, axis: Arg) -> Shape:
    shape = shape_of(a, facts)
    if static(axis, "axis") is not None:
        gone = axes_in(axis, len(shape))
        return tuple(d for k, d in enumerate(shape) if k not in gone)
    if any(facts.is_one(d) is None for d in shape):
        raise UnsupportedError("squeeze of an array whose dimensions are only known at run time",
                               advice="say which axis: np.squeeze(x, axis=0)")
    return tuple(d for d in shape if not facts.is_one(d))


def expanded(facts: Facts, a: Arg, axis: Arg) -> Shape:
    shape = list(shape_of(a, facts))
    axes = static(axis, "axis")
    many = axes if isinstance(axes, tuple | list) else (axes,)
    for k in sorted(k % (len(shape) + len(many)) for k in many):
        shape.insert(k, 1)
    return tuple(shape)


def concatenated(facts: Facts, arrays: Arg, axis: Arg) -> Shape:
    types = _parts(arrays, facts)
    if static(axis, "axis") is None:
        return (_end_to_end(arrays) if isinstance(types, Array) else _total([dims.product(_shape(t)) for t in types]),)
    first = types if isinstance(types, Array) else types[0]
    return _joined(arrays, types, axis_in(axis, len(_shape(first))), facts)


def _parts(arrays: Arg, facts: Facts) -> list[Scalar | Array] | Array:
    """The types of the parts that are joined; the type of all of them for a list of unknown length."""
    types = elements(arrays, facts)
    if types == []:
        raise UnsupportedError("joining an empty sequence of arrays")
    if types is not None:
        return types
    whole = array_type(arrays, facts)
    return Array(whole.dtype, _shape(whole)[1:], "A")


def _end_to_end(arrays: Arg) -> DimLike:
    """The length of the parts of a list together."""
    return dims.runtime_sym(f"joined{getattr(arrays, 'uid', arrays)}")


def _total(lengths: list[DimLike]) -> DimLike:
    total: DimLike = 0
    for d in lengths:
        total = dims.add(total, d)
    return total


def _joined(arrays: Arg, types: list[Scalar | Array] | Array, axis: int, facts: Facts) -> Shape:
    if isinstance(types, Array):
        return (*types.shape[:axis], _end_to_end(arrays), *types.shape[axis + 1:])
    shapes = [_shape(t) for t in types]
    for other in shapes[1:]:
        _alike(shapes[0], other, facts, axis)
    return (*shapes[0][:axis], _total([s[axis] for s in shapes]), *shapes[0][axis + 1:])


def _alike(a: Shape, b: Shape, facts: Facts, but: int | None = None) -> None:
    """Arrays that are joined have the same rank, and the same lengths along all axes ``but`` one."""
    if len(a) != len(b):
        raise UnsupportedError(f"joining arrays of {len(a)} and {len(b)} dimensions",
                               advice="NumPy raises ValueError here: np.vstack and x[None] add an axis")
    for k, (m, n) in enumerate(zip(a, b, strict=True)):
        if k != but:
            dims.match(m, n, facts)


def check_alike(arrays: Arg, facts: Facts) -> None:
    """The parts of a nested sequence have the same shapes.

    Raises
    ------
    UnsupportedError
        Two lengths do not fit at this call.
    """
    if isinstance(arrays, tuple):
        for part in arrays:
            check_alike(part, facts)
        types = [array_type(part, facts) for part in arrays]
        shapes = [_shape(t) for t in types if not (isinstance(t, Array) and t.weak)]
        for other in shapes[1:]:
            _alike(shapes[0], other, facts)


def stacked(facts: Facts, arrays: Arg, axis: Arg) -> Shape:
    check_alike(arrays, facts)
    t = array_type(arrays, facts)
    inner = list(_shape(t)[1:])
    inner.insert(axis_in(axis, len(inner) + 1), _shape(t)[0])
    return tuple(inner)


def hstacked(facts: Facts, tup: Arg) -> Shape:
    types = _at_least(_parts(tup, facts), 1)
    first = types if isinstance(types, Array) else types[0]
    return _joined(tup, types, 0 if len(_shape(first)) == 1 else 1, facts)


def vstacked(facts: Facts, tup: Arg) -> Shape:
    return _joined(tup, _at_least(_parts(tup, facts), 2), 0, facts)


def _at_least(types: Any, rank: int) -> Any:
    """The types with axes of length 1 put before the others, up to ``rank``."""
    if isinstance(types, list):
        return [_at_least(t, rank) for t in types]
    shape = _shape(types)
    return Array(types.dtype, (1,) * (rank - len(shape)) + shape, "C")


def known_as(arg: Arg) -> str:
    """A text that two arguments share only if they are equal."""
    return ", ".join(str(getattr(a, "uid", a)) for a in atoms_of(arg))


def nested(facts: Facts, object: Arg, dtype: Arg) -> Array:
    check_alike(object, facts)
    t = array_type(object, facts)
    found = static(dtype, "dtype")
    return Array(t.dtype if found is None else str(np.dtype(found)), _shape(t), t.layout if isinstance(t, Array) else "C")


def repeated(facts: Facts, a: Arg, repeats: Arg, axis: Arg) -> Shape:
    shape = list(shape_of(a, facts))
    counted = not isinstance(array_type(repeats, facts), Scalar)
    along = dims.product(tuple(shape)) if static(axis, "axis") is None else shape[axis_in(axis, len(shape))]
    total = dims.runtime_sym(f"repeat({along}, {known_as(repeats)})") if counted else 0
    if static(axis, "axis") is None:
        return (total if counted else dims.mul(dims.product(tuple(shape)), dim(repeats)),)
    k = axis_in(axis, len(shape))
    shape[k] = total if counted else dims.mul(shape[k], dim(repeats))
    return tuple(shape)


def tiled(facts: Facts, A: Arg, reps: Arg) -> Shape:
    shape, counts = shape_of(A, facts), tuple(dims_of(reps))
    rank = max(len(shape), len(counts))
    shape, counts = (1,) * (rank - len(shape)) + shape, (1,) * (rank - len(counts)) + counts
    return tuple(dims.mul(d, n) for d, n in zip(shape, counts, strict=True))


def taken(facts: Facts, a: Arg, indices: Arg, axis: Arg, **_: Arg) -> Shape:
    shape, at = shape_of(a, facts), shape_of(indices, facts)
    if array_type(indices, facts).dtype == "bool":
        raise UnsupportedError("np.take with booleans, which are the numbers 0 and 1 to it", advice="a[mask], or np.compress")
    if static(axis, "axis") is None:
        return at
    k = axis_in(axis, len(shape))
    return (*shape[:k], *at, *shape[k + 1:])


def rolled(facts: Facts, a: Arg, shift: Arg, axis: Arg) -> Shape:
    several = isinstance(shift, tuple) or (isinstance(shift, Const) and isinstance(shift.value, tuple))
    if not several and not isinstance(array_type(shift, facts), Scalar):
        raise UnsupportedError("np.roll by an array of shifts", advice="write the shifts as a tuple")
    return shape_of(a, facts)


def ordered(facts: Facts, a: Arg, axis: Arg, **_: Arg) -> Shape:
    axis_in(axis, len(shape_of(a, facts)))
    return shape_of(a, facts)


def like_second(facts: Facts, a: Arg, v: Arg, **_: Arg) -> Shape:
    return shape_of(v, facts)


def python_scalar(facts: Facts, x: Arg) -> Scalar:
    kind = np.dtype(array_type(x, facts).dtype).kind
    return Scalar({"f": "float64", "c": "complex128", "b": "bool"}.get(kind, "int64"), py=True)


def rounded(facts: Facts, number: Arg, ndigits: Arg) -> Scalar:
    t = array_type(number, facts)
    return INT if static(ndigits, "ndigits") is None else Scalar(t.dtype, py=isinstance(t, Scalar) and t.py)
