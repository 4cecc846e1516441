"""All that lowering can read: a walk over functions, globals, closures, classes and data, written down as text.

The walk does not know what lowering does read; it goes wherever the code could get by the names in it. Equal texts mean
that the same function with the same surroundings is at hand, so the text is what a stored derivative is filed under; and
that the n-th object of one walk is the n-th of the other, so what a stored derivative refers to is found again by number.

What has no text that stays the same from process to process (a file, an object of a C library) ends the walk: such a
function is compiled each time.

Equal numbers and strings are equal texts; arrays are described by dtype and shape, because generated code reads their
elements when it runs; everything else by what it consists of. Functions and classes of the standard library and NumPy stand
for themselves: what lowering reads from inside of one must not be stored (:mod:`srcdiff.diskcache.entries` sees to it).
"""

from __future__ import annotations

import abc
import dataclasses
import enum
import functools
import linecache
import sys
import types
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import numpy as np

from ..containers import container_of
from ..unchanging import STABLE
from ..wrappers import python_function
from .codes import nested, reads, source_text, summary

__all__ = ["Reach", "UnkeyableError", "importable", "imported"]

MOST_OBJECTS = 2000
MOST_VALUES = 40_000
MOST_NESTED = 40
LONGEST = 100_000

# What can read any attribute by a name that is made up when it runs: then all attributes count as read.
_BY_NAME = frozenset({"getattr", "hasattr", "setattr", "attrgetter", "methodcaller", "vars", "dir", "__dict__",
                      "__getattribute__"})
# What can read anything at all.
_ANYTHING = frozenset({"globals", "locals", "eval", "exec", "compile", "__import__", "importlib", "inspect", "gc", "sys",
                       "__globals__", "__code__", "__closure__", "__builtins__", "__subclasses__", "breakpoint"})
# Attributes of classes that say nothing, or the same as others.
_SILENT = frozenset({"__module__", "__qualname__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__annotate__",
                     "__annotate_func__", "__annotations_cache__", "__abstractmethods__", "_abc_impl", "__parameters__",
                     "__orig_bases__", "__firstlineno__", "__static_attributes__", "__type_params__"})
# Attributes of classes and modules that are read although no code names them.
_SPOKEN = frozenset({"_fields", "_field_defaults", "__getattr__"})

_PLAIN = frozenset({bool, int, float, complex, str, bytes, type(None), range, type(Ellipsis), type(NotImplemented)})
# Types of objects that are used when the code runs, and never looked into before.
_OPAQUE = frozenset({"numpy.random._generator.Generator", "numpy.random.mtrand.RandomState", "_thread.lock", "_thread.RLock"})
# Attributes of a derivative that only help it to run.
_HELPERS = frozenset({"_callee", "_state", "_settled", "_table", "_prefix", "_arity"})
_DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType, types.MethodDescriptorType, types.WrapperDescriptorType,
                types.ClassMethodDescriptorType)


class UnkeyableError(Exception):
    """The walk met something that has no stable text."""


class Reach:
    """A walk: :meth:`token` for each root, then :meth:`run`. ``objects``: what was met, in order; ``text``: how it looks.

    ``scopes``: ids of classes and of modules' dicts, of which only some names are followed: ``read``, as (id, name).
    """

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self.scopes: set[int] = set()
        self.read: set[tuple[int, str]] = set()
        self.packages: set[str] = set()
        self._numbers: dict[int, int] = {}
        self._queue: list[Callable[[], object]] = []
        self._lines: list[str] = []
        self._names: set[str] = set(_SPOKEN)
        self._everything = False
        self._namespaces: list[tuple[object, Mapping[str, Any], frozenset[str]]] = []
        self._libraries: dict[ModuleType, set[str]] = {}
        self._files: set[str] = set()
        self._values = 0

    @property
    def text(self) -> str:
        """What is the same wherever lowering would give the same."""
        versions = [f"{p} {getattr(sys.modules.get(p), '__version__', '')}" for p in sorted(self.packages)]
        return "\n".join([*versions, *self._lines])

    def number(self, value: object) -> int | None:
        """The number of an object that was met."""
        return self._numbers.get(id(value))

    def knows(self, scope: object, name: str) -> bool:
        """Whether the text tells what a class or a module's dict has under a name, or that it has nothing there."""
        if (id(scope), name) in self.read:
            return True
        missing = name not in (vars(scope) if isinstance(scope, type) else scope)  # type: ignore[operator]
        return missing and (name in self._names or self._everything or (isinstance(scope, type) and name[:2] == "__"))

    # -- the walk ------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Describe what was met until nothing new is; then the attributes that any of the code could ask for."""
        done = 0
        while True:
            while done < len(self._queue):
                self._lines.append(f"#{done} {self._queue[done]()}")
                done += 1
            for owner, attributes, silent in list(self._namespaces):
                wanted = attributes.keys() if self._everything else self._names & attributes.keys()
                for name in sorted(wanted - silent):
                    if (id(owner), name) not in self.read:
                        self.read.add((id(owner), name))
                        self._lines.append(f"#{self.number(owner)}.{name} {self.token(attributes[name])}")
            for library, seen in list(self._libraries.items()):
                for name in sorted(self._names.intersection(dir(library)) - seen):
                    seen.add(name)
                    self._lines.append(f"{library.__name__}.{name} {self._library_value(getattr(library, name, None))}")
            if done == len(self._queue):
                return

    def _add(self, value: Any, describe: Callable[[Any], object]) -> str:
        known = self._numbers.get(id(value))
        if known is None:
            known = self._numbers[id(value)] = len(self.objects)
            if known >= MOST_OBJECTS:
                raise UnkeyableError("it reaches too much")
            self.objects.append(value)
            self._queue.append(functools.partial(describe, value))
        return f"#{known}"

    def token(self, value: Any, depth: int = 0) -> str:
        """The text of a plain value; the number of any other, which is described later."""
        cls = type(value)
        self._values += 1
        if self._values > MOST_VALUES or (cls in (str, bytes) and len(value) > LONGEST):
            raise UnkeyableError("it reaches too much")
        if cls in _PLAIN:
            return f"{cls.__name__}:{value!r}"
        if cls is tuple or cls is frozenset:
            if depth > MOST_NESTED:
                raise UnkeyableError("a tuple that is nested too deep")
            items = [self.token(v, depth + 1) for v in value]
            if cls is frozenset:
                return f"frozenset{_unordered(items)}"
            return f"({', '.join(items)})"
        if isinstance(value, np.generic):
            return f"{cls.__name__}:{value.tobytes().hex()}" if value.dtype.kind in "biufcSU" else self._refuse(value)
        if isinstance(value, np.dtype):
            return f"dtype:{value!r}"
        if cls is slice:
            return f"slice{self.token((value.start, value.stop, value.step))}"
        if cls is CodeType:
            return self._code(value)
        return self._add(value, self._describe)

    def _refuse(self, value: Any) -> Any:
        raise UnkeyableError(f"a {type(value).__module__}.{type(value).__qualname__} has no text that stays the same")

    def _describe(self, value: Any) -> object:
        if (place := importable(value)) is not None:
            self.packages.add(place[0].partition(".")[0])
            return ("library", *place)
        found = _DESCRIBERS.get(type(value))
        if found is not None:
            return found(self, value)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, _DESCRIPTORS):
            return type(value).__name__, self.token(value.__objclass__), value.__name__
        name = f"{type(value).__module__}.{type(value).__qualname__}"
        if any(c.__module__ == "logging" and c.__name__ == "Logger" for c in type(value).__mro__):
            return "logger", self.token(type(value)), value.name
        if name in _OPAQUE:
            return "opaque", name
        if name.endswith("collections._tuplegetter"):  # an attribute of a named tuple: which item it is
            return "item", value.__reduce__()[1][0]
        if name.startswith("srcdiff.") and hasattr(value, "__dict__"):
            return name, self._own(value)
        if (fun := python_function(value)) is not None:
            return "compiled", name, self.token(fun)
        return self._instance(value)

    # -- functions and modules -----------------------------------------------------------------------------------------

    def _function(self, fun: FunctionType) -> object:
        code = fun.__code__
        found = reads(code)
        self._note(found.names)
        for name in found.imports:
            if name.partition(".")[0] not in STABLE:
                raise UnkeyableError(f"it imports {name}")
        if code.co_filename not in self._files:
            self._files.add(code.co_filename)
            linecache.checkcache(code.co_filename)
        scope = self._scope(fun.__globals__)
        cells = [self._add(cell, self._cell) for cell in fun.__closure__ or ()]
        named = [self._global(fun, name) for name in found.globals]
        text = self._code(code), source_text(code, fun.__globals__)
        given = self.token(fun.__defaults__), self.token(fun.__kwdefaults__)
        return ("function", fun.__module__, fun.__qualname__, fun.__name__, self.token(fun.__doc__), text, scope, named, cells,
                given, self._fields(fun.__dict__))

    def _code(self, code: CodeType) -> str:
        return repr([(summary(part), [self.token(c) for c in part.co_consts if not isinstance(c, CodeType)])
                     for part in nested(code)])

    def _note(self, names: frozenset[str]) -> None:
        if found := names & _ANYTHING:
            raise UnkeyableError(f"it uses {min(found)}")
        self._everything |= not names.isdisjoint(_BY_NAME)
        self._names |= names

    def _global(self, fun: FunctionType, name: str) -> tuple[str, str]:
        scope = fun.__globals__
        if name in scope:
            self.read.add((id(scope), name))
            return name, self.token(scope[name])
        builtins: dict[str, Any] = cast(Any, fun).__builtins__  # some versions of the type stubs do not know it
        return name, self.token(builtins[name]) if name in builtins else ""

    def _cell(self, cell: types.CellType) -> object:
        try:
            return "cell", self.token(cell.cell_contents)
        except ValueError:
            return "empty cell"

    def _module(self, module: ModuleType) -> object:
        if module.__name__.partition(".")[0] in STABLE:
            self._libraries[module] = set()  # somebody may have put a function of his own there
            return "library", module.__name__
        self._namespaces.append((vars(module), vars(module), frozenset()))
        return "module", module.__name__, self._scope(vars(module))

    def _library_value(self, value: Any) -> str:
        """An attribute of a library's module. An object of a class of the library's, like ``np.r_``, stands for itself."""
        cls = type(value)
        known = cls.__module__.partition(".")[0] in ("numpy", "scipy") and not isinstance(value, _NUMPY_VALUES)
        if known and importable(value) is None:
            return f"{cls.__module__}.{cls.__qualname__}"
        return self.token(value)

    def _scope(self, names: dict[str, Any]) -> str:
        self.scopes.add(id(names))
        return self._add(names, lambda _: "scope")

    def _method(self, value: types.MethodType) -> object:
        return "method", self.token(value.__func__), self.token(value.__self__)

    def _builtin(self, value: types.BuiltinFunctionType) -> object:
        owner = value.__self__
        return "builtin", value.__module__, value.__qualname__, "" if isinstance(owner, ModuleType) else self.token(owner)

    # -- classes and objects -------------------------------------------------------------------------------------------

    def _class(self, cls: type) -> object:
        own = vars(cls)
        always = {n for n in own if n.startswith("__") and n.endswith("__")} - _SILENT - {"__dataclass_fields__"}
        if type(cls) not in (type, abc.ABCMeta):
            always = own.keys() - _SILENT
        fields = own.get("__dataclass_fields__", {})
        parts = [(name, self.token(own[name])) for name in own if name in always]
        self.scopes.add(id(cls))
        self.read.update((id(cls), name) for name in always)
        self._namespaces.append((cls, own, _SILENT | {"__dataclass_fields__"}))
        container = container_of(cls)
        functions = "" if container is None else self.token((container.flatten, container.unflatten))
        return ("class", cls.__module__, cls.__qualname__, self.token(type(cls)), self.token(cls.__bases__), parts,
                [self._field(f) for f in fields.values()], functions)

    def _field(self, field: dataclasses.Field[Any]) -> object:
        return (field.name, self.token(field.default), self.token(field.default_factory), field.init, str(field.kw_only),
                repr(getattr(field, "_field_type", "")))

    def _instance(self, value: Any) -> object:
        """An object of a class that is written in Python, a named tuple or a member of an enumeration."""
        cls = type(value)
        items: tuple[Any, ...] = ()
        if isinstance(value, (tuple, enum.Enum)):
            items = tuple(value) if isinstance(value, tuple) else (value.value,)
        elif _hides_state(cls):
            self._refuse(value)
        slots = [(name, self.token(member.__get__(value))) for name, member in _slots(cls) if _is_set(member, value)]
        return "object", self.token(cls), self.token(items), slots, self._fields(getattr(value, "__dict__", None))

    def _own(self, value: Any) -> object:
        """The attributes of an object of srcdiff's, like a gradient, but for those that only remember something."""
        attributes = vars(value)
        scope = self._scope(attributes)
        kept = [k for k in attributes if k[:2] != "__" and k not in _HELPERS
                and not isinstance(getattr(type(value), k, None), functools.cached_property)]
        self.read.update((id(attributes), k) for k in kept)
        return scope, [(k, self.token(attributes[k])) for k in kept]

    def _fields(self, attributes: dict[str, Any] | None) -> str:
        """Also where there are none: that there are none may have been asked."""
        return "{}" if attributes is None else self._add(attributes, self._dict)

    # -- data ----------------------------------------------------------------------------------------------------------

    def _dict(self, value: Mapping[Any, Any]) -> object:
        return "dict", [(self.token(k), self.token(v)) for k, v in value.items()]

    def _list(self, value: list[Any]) -> object:
        return "list", [self.token(v) for v in value]

    def _set(self, value: set[Any]) -> object:
        return "set", _unordered([self.token(v) for v in value])

    def _array(self, value: np.ndarray) -> object:
        if value.dtype.kind not in "biufc":
            self._refuse(value)
        flags = value.flags
        return "array", value.dtype.str, value.shape, flags.c_contiguous, flags.f_contiguous, flags.writeable


def _parts(*names: str) -> Callable[[Reach, Any], object]:
    return lambda reach, value: (type(value).__name__, *(reach.token(getattr(value, n)) for n in names))


_DESCRIBERS: dict[type, Callable[[Reach, Any], object]] = {
    FunctionType: Reach._function,
    ModuleType: Reach._module,
    types.MethodType: Reach._method,
    types.BuiltinFunctionType: Reach._builtin,
    types.MethodWrapperType: _parts("__name__", "__self__"),
    property: _parts("fget", "fset", "fdel"),
    classmethod: _parts("__func__"),
    staticmethod: _parts("__func__"),
    functools.partial: _parts("func", "args", "keywords", "__dict__"),
    functools.cached_property: _parts("func", "attrname"),
    functools._lru_cache_wrapper: _parts("__wrapped__", "__dict__"),
    types.SimpleNamespace: _parts("__dict__"),
    types.MappingProxyType: Reach._dict,
    dict: Reach._dict,
    list: Reach._list,
    set: Reach._set,
    np.ndarray: Reach._array,
    object: lambda reach, value: "object",
}


def importable(value: Any) -> tuple[str, str] | None:
    """(module, name) of a function or class of the standard library, NumPy, SciPy or srcdiff; None for anything else."""
    if isinstance(value, np.ufunc):  # older ones do not know their module
        return next(((m, value.__name__) for m in _UFUNCS if imported(m, value.__name__) is value), None)
    if not callable(value):
        return None
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or isinstance(value, types.MethodType):
        return None
    if isinstance(value, FunctionType):  # functools.wraps gives a user's function the name of another
        module = module if str(value.__globals__.get("__name__")).partition(".")[0] == module.partition(".")[0] else ""
    if module.partition(".")[0] not in STABLE and not _is_library(module):
        return None
    return (module, name) if imported(module, name) is value else None


def imported(module: str, name: str) -> Any:
    """What a name means in a module that is imported already."""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


@functools.cache
def _is_library(module: str) -> bool:
    """Whether a module is one of the standard library, and no user's that bears its name."""
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return False
    spec = getattr(sys.modules.get(module), "__spec__", None)
    origin = getattr(spec, "origin", None) or ""
    return origin in ("built-in", "frozen") or (origin.startswith(_STDLIB) and "site-packages" not in origin)


_STDLIB = types.__file__.removesuffix("types.py")
_UFUNCS = ("numpy", "scipy.special")
_NUMPY_VALUES = (np.generic, np.dtype, np.ndarray, np.ufunc, np.vectorize)


def _unordered(items: list[str]) -> str:
    if any("#" in i for i in items):  # numbers would depend on the order, which is arbitrary
        raise UnkeyableError("a set of objects")
    return f"{{{', '.join(sorted(items))}}}"


def _slots(cls: type) -> list[tuple[str, Any]]:
    return [(n, m) for c in cls.__mro__ for n, m in vars(c).items() if isinstance(m, types.MemberDescriptorType)]


def _is_set(member: Any, value: Any) -> bool:
    try:
        member.__get__(value)
    except AttributeError:
        return False
    return True


def _hides_state(cls: type) -> bool:
    """Whether instances hold more than their slots and ``__dict__``: as ``object.__reduce_ex__`` finds out."""
    word = tuple.__itemsize__
    size = object.__basicsize__ + word * len(_slots(cls))
    size += word * (cls.__dictoffset__ > 0) + word * (cls.__weakrefoffset__ > 0)
    return cls.__itemsize__ != 0 or cls.__basicsize__ > size
