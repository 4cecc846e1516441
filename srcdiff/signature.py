"""Arguments as the compiler sees them: their types, the key of a specialisation, and how a call binds them.

``abstract`` turns values into types and into the key that selects among specialisations; ``Callee`` maps a call of whatever
the user differentiates (a function, a method, a ``functools.partial``, a gradient) onto the parameters of the Python function
underneath.

>>> print(abstract(("x", "n"), (np.zeros((3, 2)), 4)))
x: f64[x.shape[0], x.shape[1]], n: int
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import itertools
import types
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import numpy as np

from .containers import Container, container_of, static_key, taken_apart
from .custom import Custom
from .errors import SignatureError, UnsupportedError
from .ir import dims
from .ir.core import Var
from .ir.tree import Leaf, Node, Static, Tree, flattened
from .ir.types import Array, List, Scalar, Type, strip_dims
from .records import dataclass
from .values import MAX_DEPTH, is_plain_object
from .wrappers import python_function

__all__ = ["FLAT_LIST", "PY_SCALARS", "Callee", "Signature", "abstract", "chosen_values", "key_of", "resolve", "select",
           "tree_of"]

FLAT_LIST = 16  # a longer list of equal scalars or arrays is one IR list; a shorter one is known by position
PYTHON_NUMBERS = {"py f64": "float", "py i64": "int", "py c128": "complex", "py bool": "bool"}
PY_SCALARS: dict[type, Scalar] = {
    float: Scalar("float64", py=True), int: Scalar("int64", py=True),
    bool: Scalar("bool", py=True), complex: Scalar("complex128", py=True),
}


# -- types of values ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """The types of a function's arguments: one tree for each name, over the variables ``params``.

    ``same``: expressions for what is one object, a later one and an earlier one; they are compiled as one.
    """

    names: tuple[str, ...]
    trees: tuple[Tree, ...]
    params: tuple[Var, ...]
    key: Hashable
    same: tuple[tuple[str, str], ...] = ()

    @property
    def args(self) -> list[tuple[str, Tree]]:
        return list(zip(self.names, self.trees, strict=True))

    def __str__(self) -> str:
        return ", ".join(f"{name}: {self.describe(tree)}" for name, tree in self.args)

    def describe(self, tree: Tree) -> str:
        """A tree as signature text."""
        if isinstance(tree, Leaf):
            text = str(self.params[tree.index].type)
            return PYTHON_NUMBERS.get(text, text)
        if isinstance(tree, Static):
            return repr(tree.value)
        items = [self.describe(i) for i in tree.items]
        if tree.kind == "registered":
            return f"{tree.cls.__name__}({', '.join(items)})"  # type: ignore[union-attr]
        if tree.keys:
            pairs = ", ".join(f"{k!r}: {i}" for k, i in zip(tree.keys, items, strict=True))
            return "{" + pairs + "}" if tree.cls is None else f"{tree.cls.__name__}({pairs})"
        inner = ", ".join(items)
        return f"[{inner}]" if tree.kind == "list" else f"({inner}{',' if len(items) == 1 else ''})"


def abstract(names: tuple[str, ...], values: Iterable[Any], bound: int = 0) -> Signature:
    """The signature of a call. ``bound``: how many arguments, ``self`` above all, the caller did not pass: what their classes
    are registered as does not matter."""
    params: list[Var] = []
    trees = tuple(tree_of(value, name, params, registered=k >= bound)
                  for k, (name, value) in enumerate(zip(names, values, strict=True)))
    return Signature(names, trees, tuple(params), key_of(trees, params))


def tree_of(value: Any, name: str, params: list[Var], depth: int = 0, registered: bool = True) -> Tree:
    """The tree of one value that Python reaches by ``name``; its leaves are added to ``params``."""
    if depth > MAX_DEPTH:
        raise UnsupportedError(f"{name[:40]}... is nested more than {MAX_DEPTH} deep", advice="pass a flatter container")
    if registered and (container := container_of(type(value))) is not None:
        return registered_tree(value, container, name, params, depth)
    t = leaf_type(value, name)
    if t is not None:
        number = isinstance(value, (int, np.integer, np.bool_))
        sym = dims.of(dims.Sym(name, int(value))) if number else None
        params.append(Var(t, hint=name if name.isidentifier() else "", sym=sym))
        return Leaf(len(params) - 1)
    parts = children(value, name)
    if parts is None:
        return Static(value)
    kind, keys, named = parts
    cls = type(value) if kind in ("namedtuple", "dataclass", "object") else None
    return Node(kind, tuple(tree_of(v, n, params, depth + 1, registered) for n, v in named), keys, cls)


def registered_tree(value: Any, container: Container, name: str, params: list[Var], depth: int) -> Node:
    """The tree of an instance of a registered class."""
    children, static = taken_apart(container, value)
    static_key(static, container.cls.__name__)  # or an error
    items = (tree_of(v, f"{flattened(container, name)}[0][{k}]", params, depth + 1) for k, v in enumerate(children))
    return Node("registered", tuple(items), (), container.cls, own_copy(static))


def own_copy(static: Any) -> Any:
    """A static part whose lists and dicts nobody else can change."""
    if type(static) in (tuple, list):
        return type(static)(map(own_copy, static))
    return {k: own_copy(v) for k, v in static.items()} if type(static) is dict else static


def leaf_type(value: Any, name: str) -> Type | None:
    """The type of a number, array or long flat list; None for any other value."""
    scalar = PY_SCALARS.get(type(value))
    if scalar is not None:
        return scalar
    if isinstance(value, np.generic):
        return Scalar(_numeric(value.dtype, name)) if value.dtype.kind in "biufc" else None
    if isinstance(value, np.ndarray):
        return _array_type(value, name)
    if type(value) is list and len(value) > FLAT_LIST:
        return _flat_list(value, name)
    return None


def _array_type(value: np.ndarray, name: str) -> Array | None:
    if type(value) is not np.ndarray:
        raise UnsupportedError(f"{name} is a {type(value).__name__}, a subclass of numpy.ndarray",
                               advice=f"pass np.asarray({name})")
    if value.dtype.kind not in "biufc":
        return None
    shape = tuple(dims.of(dims.Sym(f"{name}.shape[{k}]", n)) for k, n in enumerate(value.shape))
    flags = value.flags
    actual = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
    return Array(_numeric(value.dtype, name), shape, ("arg", name, actual))


def _numeric(dtype: np.dtype[Any], name: str) -> str:
    if not dtype.isnative:
        raise UnsupportedError(f"{name} has the byte order of another machine", advice=f"pass {name}.astype({name}.dtype.name)")
    if (dtype.kind == "f" and dtype.itemsize > 8) or (dtype.kind == "c" and dtype.itemsize > 16):
        raise UnsupportedError(f"{name} is a {dtype}", advice="use float64 or complex128")
    return str(dtype)


def _flat_list(value: list[Any], name: str) -> List | None:
    """The type of a list of equal scalars, or of arrays of one dtype and shape."""
    first = value[0]
    if type(first) in PY_SCALARS and all(type(e) is type(first) for e in value):
        return List(PY_SCALARS[type(first)])
    if type(first) is np.ndarray and all(map(functools.partial(_alike, first), value)):
        elem = _array_type(first, f"{name}[0]")
        return None if elem is None else List(dataclasses.replace(elem, layout="A"))
    return None


def _alike(a: np.ndarray, b: Any) -> bool:
    return type(b) is np.ndarray and b.dtype == a.dtype and b.shape == a.shape


def children(value: Any, name: str) -> tuple[str, tuple[Any, ...], list[tuple[str, Any]]] | None:
    """Kind, keys and named parts of a container; None for what is no container."""
    cls = type(value)
    if cls in (tuple, list):
        return cls.__name__, (), [(f"{name}[{k}]", v) for k, v in enumerate(value)]
    if isinstance(value, tuple) and hasattr(cls, "_fields"):
        return "namedtuple", tuple(cls._fields), [(f"{name}.{f}", getattr(value, f)) for f in cls._fields]
    if cls is dict:
        if not all(isinstance(k, (str, int, float, bool, bytes, tuple, type(None))) for k in value):
            return None
        return "dict", tuple(value), [(f"{name}[{k!r}]", v) for k, v in value.items()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = tuple(f.name for f in dataclasses.fields(value))
        return "dataclass", fields, [(f"{name}.{f}", getattr(value, f)) for f in fields]
    if is_plain_object(value):
        return "object", tuple(vars(value)), [(f"{name}.{f}", v) for f, v in vars(value).items()]
    return None


# -- keys --------------------------------------------------------------------------------------------------------------


class Identity:
    """Compares an object by identity, and keeps it alive."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and other.value is self.value


def key_of(trees: tuple[Tree, ...], params: list[Var]) -> Hashable:
    """What selects among specialisations: dtype, rank, scalar kind and nest; values only where they are static."""
    return tuple(_key(t, params) for t in trees)


def _key(tree: Tree, params: list[Var]) -> Hashable:
    if isinstance(tree, Leaf):
        return strip_dims(params[tree.index].type)
    if isinstance(tree, Static):
        return (type(tree.value), tree.value) if _by_value(tree.value) else Identity(tree.value)
    static = static_key(tree.static) if tree.kind == "registered" else None
    return (tree.kind, tree.cls, tree.keys, static, tuple(_key(i, params) for i in tree.items))


def _by_value(value: Any) -> bool:
    return isinstance(value, (str, bytes, np.dtype, type(None)))


# -- calls -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Callee:
    """What a differentiated callable comes down to: a Python function and arguments that are bound already.

    ``derivations``: the gradients taken on the way, innermost first, each with the number of arguments bound before it.
    ``partial``: whether there is a partial object on the way, which may bind something later.
    """

    fun: types.FunctionType
    prefix: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()
    derivations: tuple[tuple[Any, int], ...] = ()
    partial: bool = False

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.fun, follow_wrapped=False)

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.signature.parameters)

    @functools.cached_property
    def arity(self) -> int:
        """With how many positional arguments a call needs no binding but that of ``prefix``; -1 if any call does."""
        kinds = {p.kind for p in self.signature.parameters.values()}
        simple = kinds <= {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
        return len(self.names) - len(self.prefix) if simple and not self.partial else -1

    def state(self) -> tuple[Any, ...]:
        """All that a call depends on besides what the function itself reads, to be compared object by object."""
        fun = self.fun
        state = (fun, fun.__code__, fun.__defaults__, *self.prefix)
        if fun.__kwdefaults__ or self.keywords:
            state += tuple(itertools.chain(*(fun.__kwdefaults__ or {}).items(), *self.keywords))
        return (*state, *(derivation for derivation, _ in self.derivations)) if self.derivations else state

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        """One value for each of ``names``, defaults filled in. Raises ``TypeError`` as the call would."""
        given = {**dict(self.keywords), **kwargs} if self.keywords else kwargs
        return self.arguments(*self.prefix, *args, **given)

    @functools.cached_property
    def arguments(self) -> Callable[..., tuple[Any, ...]]:
        """A function with the name, the parameters and the defaults of ``fun`` that returns its arguments.

        Python binds arguments ten times as fast as ``inspect.Signature.bind`` does.
        """
        parameters = self.signature.parameters.values()
        shown = [p.replace(annotation=p.empty, default=p.default if p.default is p.empty else None) for p in parameters]
        header = inspect.Signature(shown)
        scope: dict[str, Any] = {}
        exec(f"def arguments{header}: return ({''.join(f'{name}, ' for name in self.names)})", scope)
        made: Any = scope["arguments"]
        given = {p.name: p.default for p in parameters if p.default is not p.empty}
        only = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
        made.__defaults__ = tuple(value for name, value in given.items() if name not in only)
        made.__kwdefaults__ = {name: value for name, value in given.items() if name in only}
        made.__qualname__ = self.fun.__qualname__
        return made


def resolve(fun: Any) -> Callee:
    """Take apart methods, partial objects, callable objects and gradients."""
    fun = python_function(fun) or fun
    if isinstance(fun, types.FunctionType):
        return Callee(fun)
    if isinstance(fun, functools.partial):
        inner = resolve(fun.func)
        keywords = {**dict(inner.keywords), **fun.keywords}
        return dataclasses.replace(inner, prefix=inner.prefix + fun.args, keywords=tuple(keywords.items()), partial=True)
    if isinstance(fun, types.MethodType):
        inner = resolve(fun.__func__)
        return dataclasses.replace(inner, prefix=(*inner.prefix, fun.__self__))
    if isinstance(fun, Custom):
        return Callee(fun.entry)  # type: ignore[arg-type]
    derivation = getattr(fun, "derivation", None)
    if derivation is not None:
        inner = resolve(fun.fun)
        return dataclasses.replace(inner, derivations=(*inner.derivations, (derivation, len(inner.prefix))))
    call = getattr(type(fun), "__call__", None)  # noqa: B004  the class's method is wanted, not whether there is one
    if isinstance(call, types.FunctionType) and not isinstance(fun, type):
        return Callee(call, (fun,))
    name = getattr(fun, "__name__", repr(fun))
    if not callable(fun):
        raise UnsupportedError(f"{name}, of type {type(fun).__name__}, cannot be called", advice="pass a function")
    if isinstance(fun, type):
        raise UnsupportedError(f"{name} is a class", advice=f"pass a function that makes one: lambda x: {name}(x).loss()")
    name = f"np.{name}" if isinstance(fun, np.ufunc) or getattr(fun, "__module__", "") == "numpy" else name
    raise UnsupportedError(f"{name} is not a Python function with source", advice=f"wrap it: lambda x: {name}(x)")


Place = tuple[int, int | str | None]  # which parameter; which item of it, for *args and **kwargs


def locate(callee: Callee, argnum: int | str, offset: int, extra: Callable[[int], Any]) -> Place:
    """The place of the argument that ``argnum`` names; ``offset`` positional arguments are bound before it.

    ``extra(k)`` gives the items (a sequence, or a mapping's keys) of the k-th parameter, if that is ``*args`` or ``**kwargs``.
    """
    parameters = list(callee.signature.parameters.values())
    if isinstance(argnum, str):
        return _locate_name(callee.fun, parameters, argnum, extra)
    places: list[Place] = []
    for k, p in enumerate(parameters):
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            places.append((k, None))
        elif p.kind is p.VAR_POSITIONAL:
            places += [(k, item) for item in range(len(extra(k)))]
    places = places[offset:]
    if not -len(places) <= argnum < len(places):
        raise SignatureError(f"argnums={argnum}, but {callee.fun.__qualname__} takes {len(places)} positional arguments")
    return places[argnum]


def _locate_name(fun: Any, parameters: list[inspect.Parameter], name: str, extra: Callable[[int], Any]) -> Place:
    for k, p in enumerate(parameters):
        if p.name == name:
            return k, None
        if p.kind is p.VAR_KEYWORD and name in extra(k):
            return k, name
    if hasattr(fun, "__wrapped__") and parameters and parameters[0].kind is inspect.Parameter.VAR_POSITIONAL:
        shown = list(inspect.signature(fun).parameters)  # of the decorated function, whose arguments the decorator hands on
        if name in shown and shown.index(name) < len(extra(0)):
            return 0, shown.index(name)
    known = ", ".join(p.name for p in parameters)
    raise SignatureError(f"there is no argument {name!r}; the arguments are: {known}")


def select(callee: Callee, trees: tuple[Tree, ...], argnum: int | str, offset: int) -> tuple[str, Tree]:
    """The argument that ``argnum`` names, as (Python expression, tree)."""
    def extra(k: int) -> Any:
        tree = trees[k]
        return (tree.keys or tree.items) if isinstance(tree, Node) else ()

    k, item = locate(callee, argnum, offset, extra)
    name, tree = callee.names[k], trees[k]
    if item is None:
        return name, tree
    assert isinstance(tree, Node)
    return f"{name}[{item!r}]", tree.items[item if isinstance(item, int) else tree.keys.index(item)]


def chosen_values(callee: Callee, values: tuple[Any, ...], argnums: tuple[int | str, ...]) -> list[tuple[str, Any]]:
    """The arguments that ``argnums`` name, as (Python expression, value)."""
    places = [locate(callee, a, len(callee.prefix), values.__getitem__) for a in argnums]
    return [(callee.names[k], values[k]) if item is None else (f"{callee.names[k]}[{item!r}]", values[k][item])
            for k, item in places]
