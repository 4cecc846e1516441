"""Signatures without a call: from text (``x: f64[n, 3], c: float``) or from annotations.

Grammar::

    signature ::= name ":" type ("," ...)*  |  name "=" literal
    type      ::= "float" | "int" | "bool" | "complex"          a Python scalar
                | dtype                                         a scalar: f64 is Python's float, f32 is NumPy's float32
                | dtype "[" dim, ... "]"                        an array; a dim is an int or a name
                | "(" type, ... ")" | "[" type, ... "]" | "{" key ":" type, ... "}"
    dtype     ::= f32 f64 c64 c128 i8 i16 i32 i64 u8 u16 u32 u64 bool, or NumPy's name

A name stands for one size wherever it appears. Annotations may be types, strings, jaxtyping's (``Float64[Array, "n 3"]``)
or NumPy's with a shape (``np.ndarray[tuple[int, int], np.dtype[np.float64]]``).

>>> from srcdiff.signature import resolve
>>> def f(x, c): ...
>>> print(from_text(resolve(f), "x: f64[n, 3], c: float"))
x: f64[x.shape[0], 3], c: float
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import typing
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .containers import container_of
from .errors import SignatureError
from .ir import dims
from .ir.core import Var
from .ir.tree import Leaf, Node, Tree
from .ir.types import Array, Scalar, Type
from .signature import Callee, Signature, key_of, tree_of

__all__ = ["from_annotations", "from_text", "is_signature_text"]

SHORT = {"f32": "float32", "f64": "float64", "c64": "complex64", "c128": "complex128", "bool": "bool",
         "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64",
         "u8": "uint8", "u16": "uint16", "u32": "uint32", "u64": "uint64"}
PYTHON = {"float": "float64", "int": "int64", "bool": "bool", "complex": "complex128", "f64": "float64"}
Maker = Callable[[str], Tree]  # makes the tree of the argument with this name
FIRST_SIZE = 101  # made-up sizes are odd, different from each other, and larger than anything that is written in a program


def is_signature_text(value: object) -> bool:
    """Whether an argument of ``.source()`` is a signature and not a value."""
    return isinstance(value, str) and re.match(r"\s*\w+\s*:", value) is not None


def from_text(callee: Callee, text: str) -> Signature:
    """The signature that ``text`` gives the parameters of ``callee``; the rest comes from annotations and defaults."""
    arguments = _parse(text)
    defaults = dict(zip([a.arg for a in arguments.args[::-1]], arguments.defaults[::-1], strict=False))
    reader = _Reader()
    made: dict[str, Maker] = {}
    for argument in arguments.args:
        if argument.arg not in callee.names:
            raise SignatureError(f"{callee.fun.__name__} has no argument {argument.arg!r}; it has: {', '.join(callee.names)}")
        if argument.annotation is not None:
            made[argument.arg] = partial(reader.type, argument.annotation)
        else:
            made[argument.arg] = partial(reader.value, defaults[argument.arg])
    return _complete(callee, reader, made)


def from_annotations(callee: Callee) -> Signature:
    """The signature that the annotations of ``callee`` give."""
    return _complete(callee, _Reader(), {})


def _parse(text: str) -> ast.arguments:
    try:
        node = ast.parse(f"def f({text}): pass").body[0]
    except SyntaxError as error:
        raise SignatureError(f"cannot read the signature {text!r}: {error.msg}") from error
    assert isinstance(node, ast.FunctionDef)
    given = node.args
    missing = [a.arg for a in given.args[: len(given.args) - len(given.defaults)] if a.annotation is None]
    if missing or given.vararg or given.kwarg or given.kwonlyargs:
        raise SignatureError(f"cannot read the signature {text!r}: each argument is written as name: type, or name=literal")
    return given


def _literal(node: ast.expr, name: str) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise SignatureError(f"the value of {name} is no literal: {ast.unparse(node)}") from error


# -- all arguments -----------------------------------------------------------------------------------------------------


def _complete(callee: Callee, reader: _Reader, made: dict[str, Maker]) -> Signature:
    """Trees for all parameters, in their order: from what is given, bound values, annotations and defaults."""
    hints = _hints(callee)
    bound = callee.signature.bind_partial(*callee.prefix, **dict(callee.keywords)).arguments
    trees: list[Tree] = []
    missing: list[str] = []
    for name, parameter in callee.signature.parameters.items():
        if name in made:
            trees.append(made[name](name))
        elif name in bound:
            trees.append(tree_of(bound[name], name, reader.params))
        elif parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            trees.append(Node("tuple" if parameter.kind is parameter.VAR_POSITIONAL else "dict", ()))
        elif (tree := reader.annotation(hints.get(name), name)) is not None:
            trees.append(tree)
        elif parameter.default is not parameter.empty:
            trees.append(tree_of(parameter.default, name, reader.params))
        else:
            missing.append(name)
    if missing:
        raise _missing(callee, missing, made, hints)
    names = callee.names
    return Signature(names, tuple(trees), tuple(reader.params), key_of(tuple(trees), reader.params))


def _hints(callee: Callee) -> dict[str, Any]:
    try:
        return typing.get_type_hints(callee.fun, include_extras=True)
    except Exception:  # annotations may name what exists for type checkers only
        return inspect.get_annotations(callee.fun)


def _missing(callee: Callee, missing: list[str], made: dict[str, Maker], hints: dict[str, Any]) -> SignatureError:
    """The error that gives the user a line to paste."""
    parts = []
    for name, parameter in callee.signature.parameters.items():
        if name in missing or name in made:
            parts.append(f"{name}: {_guess(name)}")
        elif hints.get(name) in (float, int, bool, complex):
            parts.append(f"{name}: {hints[name].__name__}")
        elif parameter.default is not parameter.empty:
            parts.append(f"{name}={parameter.default!r}")
    code = callee.fun.__code__
    word, them = ("type", "it") if len(missing) == 1 else ("types", "them")
    place = f"{callee.fun.__name__} ({code.co_filename}:{code.co_firstlineno})"
    return SignatureError(f"the {word} of {', '.join(missing)} in {place} must be known. Give {them}, for example\n"
                          f"    --args {', '.join(parts)!r}")


def _guess(name: str) -> str:
    if name in ("n", "m", "k", "i", "j", "steps"):
        return "int"
    return "f64[n, m]" if name[0].isupper() else "f64[n]"


# -- one type ----------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads types; the variables and named sizes are shared by all arguments of one signature."""

    def __init__(self) -> None:
        self.params: list[Var] = []
        self.sizes: dict[str, dims.DimLike] = {}

    def leaf(self, t: Type, name: str) -> Leaf:
        sym = None
        if isinstance(t, Scalar) and np.dtype(t.dtype).kind in "iu":
            sym = dims.of(dims.Sym(name, self._made_up(), assumed=True))
        self.params.append(Var(t, hint=name if name.isidentifier() else "", sym=sym))
        return Leaf(len(self.params) - 1)

    def _made_up(self) -> int:
        return FIRST_SIZE + 2 * (len(self.sizes) + len(self.params))

    def array(self, dtype: str, shape: list[int | str], name: str) -> Leaf:
        """An array; a size is an int, or a name that may have been seen before."""
        made: list[dims.DimLike] = []
        for k, size in enumerate(shape):
            if isinstance(size, str) and size not in self.sizes:
                self.sizes[size] = dims.of(dims.Sym(f"{name}.shape[{k}]", self._made_up(), assumed=True))
            made.append(self.sizes[size] if isinstance(size, str) else size)
        return self.leaf(Array(dtype, tuple(made), "C"), name)

    def value(self, node: ast.expr, name: str) -> Tree:
        """A literal that is written in a signature text."""
        return tree_of(_literal(node, name), name, self.params)

    def type(self, node: ast.expr, name: str) -> Tree:
        """A type that is written in a signature text."""
        if isinstance(node, ast.Constant) and node.value is None:
            return tree_of(None, name, self.params)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return tree_of(node.value, name, self.params)
        if isinstance(node, (ast.Tuple, ast.List)):
            kind = "tuple" if isinstance(node, ast.Tuple) else "list"
            return Node(kind, tuple(self.type(item, f"{name}[{k}]") for k, item in enumerate(node.elts)))
        if isinstance(node, ast.Dict) and None not in node.keys:
            keys = tuple(_literal(k, name) for k in node.keys if k is not None)
            return Node("dict", tuple(self.type(v, f"{name}[{k!r}]") for k, v in zip(keys, node.values, strict=True)), keys)
        if isinstance(node, ast.Subscript):
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return self.array(_dtype(ast.unparse(node.value), name), [_size(i, name) for i in items], name)
        text = ast.unparse(node)
        return self.leaf(Scalar(PYTHON[text], py=True) if text in PYTHON else Scalar(_dtype(text, name)), name)

    def annotation(self, hint: Any, name: str) -> Tree | None:
        """The tree that an annotation tells of; None if it does not tell enough."""
        if isinstance(hint, str):
            return self._quoted(hint, name)
        if hint in (float, int, bool, complex):
            return self.leaf(Scalar(PYTHON[hint.__name__], py=True), name)
        if hint is type(None):
            return tree_of(None, name, self.params)
        if isinstance(hint, type) and issubclass(hint, np.generic):
            return self.leaf(Scalar(str(np.dtype(hint))), name)
        if hasattr(hint, "dim_str") and hasattr(hint, "dtypes"):
            return self._jaxtyping(hint, name)
        if typing.get_origin(hint) is np.ndarray:
            return self._ndarray(hint, name)
        if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or hasattr(hint, "_fields")):
            return self._fields(hint, name)
        if typing.get_origin(hint) is tuple and Ellipsis not in typing.get_args(hint):
            items = [self.annotation(h, f"{name}[{k}]") for k, h in enumerate(typing.get_args(hint))]
            return None if None in items else Node("tuple", tuple(i for i in items if i is not None))
        return None

    def _quoted(self, text: str, name: str) -> Tree | None:
        """An annotation in quotes, in the notation of signature texts."""
        try:
            return self.type(ast.parse(text, mode="eval").body, name)
        except (SignatureError, SyntaxError):
            return None

    def _jaxtyping(self, hint: Any, name: str) -> Tree | None:
        dtype = "float64" if "float64" in hint.dtypes else str(hint.dtypes[0]) if hint.dtypes else "float64"
        shape = [int(d) if d.isdigit() else d for d in hint.dim_str.split()]
        plain = all(isinstance(d, int) or d.isidentifier() for d in shape) and dtype in SHORT.values()
        return self.array(dtype, shape, name) if plain else None

    def _ndarray(self, hint: Any, name: str) -> Tree | None:
        shape, dtype = (*typing.get_args(hint), None, None)[:2]
        scalar = typing.get_args(dtype)[:1]
        if typing.get_origin(shape) is not tuple or Ellipsis in typing.get_args(shape) or not scalar:
            return None
        sizes: list[int | str] = []
        for k, d in enumerate(typing.get_args(shape)):
            literal = typing.get_args(d)
            sizes.append(literal[0] if literal and isinstance(literal[0], int) else f"{name}.{k}")
        return self.array(str(np.dtype(scalar[0])), sizes, name)

    def _fields(self, cls: Any, name: str) -> Tree | None:
        if container_of(cls) is not None:  # its children have no annotations
            return None
        hints = typing.get_type_hints(cls, include_extras=True)
        fields = cls._fields if hasattr(cls, "_fields") else tuple(f.name for f in dataclasses.fields(cls))
        items = [self.annotation(hints.get(f), f"{name}.{f}") for f in fields]
        kind = "namedtuple" if hasattr(cls, "_fields") else "dataclass"
        return None if None in items else Node(kind, tuple(i for i in items if i is not None), tuple(fields), cls)


def _dtype(text: str, name: str) -> str:
    found = SHORT.get(text, text.removeprefix("np.").removeprefix("numpy."))
    if found not in SHORT.values():
        raise SignatureError(f"{name}: {text!r} is no type; known are float, int, bool, complex, {', '.join(SHORT)}, "
                             "and arrays of them: f64[n, 3]")
    return found


def _size(node: ast.expr, name: str) -> int | str:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name):
        return node.id
    raise SignatureError(f"{name}: {ast.unparse(node)!r} is no size; write an integer or a name")
