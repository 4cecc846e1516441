"""What a name means: a local, a name of an enclosing function, a captured variable, a global or a builtin."""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.dims import MISSING, Attribute, Facts
from ..ir.types import Array, Object, Scalar
from .classes import HEAP, is_user_class
from .values import Fields, Obj, Ref, State, Tup, Value

if TYPE_CHECKING:
    from .argument_objects import ArgumentObjects
    from .context import Frame

__all__ = ["RESERVED", "Scopes"]

RESERVED = frozenset({"np", "rt", "math", "scipy", *dir(builtins)})  # what generated code calls by these names

class Scopes:
    """Looks names up for the lowering, and makes values of what is found outside of the function."""

    facts: Facts
    state: State
    frames: list[Frame]
    objects: dict[str, Any]
    arguments: ArgumentObjects
    foreign: set[int]
    refuse: Callable[..., NoReturn]
    fails: Callable[..., NoReturn]
    var: Callable[..., Var]
    new_obj: Callable[..., Obj]
    new_storage: Callable[[Var], int]

    def home(self, name: str) -> int:
        """The frame in which assigning to ``name`` binds it."""
        frame: Frame | None = self.frames[-1]
        assert frame is not None
        if name in frame.scope.nonlocals:
            frame = frame.parent
            while frame is not None and name not in frame.scope.local:
                frame = frame.parent
            if frame is None:
                self.refuse(f"{name} is bound outside of the differentiated function", advice="return the new value")
        elif name not in frame.scope.local and not name.startswith("<"):
            self.refuse(f"assigning to the global {name}", advice="return the new value")
        return frame.fid

    def lookup(self, name: str, node: ast.AST | None = None) -> Value:
        """What a name means here: a local, a name of an enclosing function, a captured variable, a global or a builtin."""
        frame: Frame | None = self.frames[-1]
        while frame is not None:
            if name in frame.scope.local:
                value = self.state.env.get((frame.fid, name))
                if value is None:
                    self.refuse(f"{name} is used before it is assigned", node, f"assign {name} on every path that gets here")
                return value
            if frame.parent is None:
                break
            frame = frame.parent
        assert frame is not None
        if name in frame.cells:
            cell = frame.cells[name]
            value = cell.cell_contents
            self.facts.capture(cell, None, value)
            return self.captured(value, name)
        if name in frame.globals:
            from .outside import look_into

            look_into(self, frame.globals, name)
            value = frame.globals[name]
            if not frame.library:
                self.facts.capture(frame.globals, name, value)
            return self.captured(value, name)
        if hasattr(builtins, name):
            if not frame.library:
                self.facts.capture(frame.globals, name, MISSING)
                self.facts.capture(builtins, Attribute(name), getattr(builtins, name))
            return Const(getattr(builtins, name), Object("static"), name)
        return self.fails(NameError, f"the name {name} is not defined", node)

    def captured(self, value: Any, name: str) -> Value:
        """An object that the function finds outside of itself; it is not the function's to change."""
        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            return Const(value, Scalar(str(value.dtype)), self.label(value, name))
        if isinstance(value, (bool, int, float, complex, str, type(None))):
            return Const(value, const(value).type)
        if isinstance(value, np.ndarray) and type(value) is np.ndarray and value.dtype.kind in "biufc":
            return self.captured_array(value, name)
        if isinstance(value, tuple) and (type(value) is tuple or is_user_class(type(value))):
            keys = getattr(value, "_fields", None)
            names = [f"{name}.{k}" for k in keys] if keys else [f"{name}[{k}]" for k in range(len(value))]
            return Tup(tuple(map(self.captured, value, names)), type(value) if keys is not None else None)
        if type(value) in (list, dict) and len(value) <= 1000:
            return self.captured_items(value, name)
        if isinstance(value, set):  # it may change in place
            self.facts.assume(f"{self.label(value, name)} == {self.label(frozenset(value), f'{name}_then')}")
        self.watch_class(value)
        self.arguments.note_followed(value, name)
        return Const(value, Object("static"), name)

    def captured_items(self, value: Any, name: str) -> Obj:
        """What a list or dict holds that the function finds outside of itself."""
        from .outside import look_into

        look_into(self, value)
        self.arguments.note_followed(value, name)
        keyed = isinstance(value, dict)
        for k, v in value.items() if keyed else enumerate(value):
            self.facts.capture(value, k, v)
        if not value:  # nothing in it is read, and it may get items
            self.facts.assume(f"not {self.label(value, name)}")
        items = tuple(self.captured(v, f"{name}[{k!r}]") for k, v in (value.items() if keyed else enumerate(value)))
        obj = self.new_obj(Fields(items, tuple(value) if keyed else None))
        self.foreign.add(obj.oid)
        return obj

    def watch_class(self, value: Any) -> None:
        """Note of which class an object is, and where its attributes are: both can be assigned."""
        if type(value).__flags__ & HEAP and is_user_class(type(value)):
            self.facts.capture(value, Attribute("__class__"), type(value))
            if isinstance(own := getattr(value, "__dict__", None), dict):
                self.facts.capture(value, Attribute("__dict__"), own)

    def label(self, value: Any, name: str) -> str:
        """The name under which generated code refers to an object of the user's."""
        label = "".join(c if c.isalnum() else "_" for c in name).strip("_") or "value"
        while label in RESERVED or keyword.iskeyword(label) or self.objects.get(label, value) is not value:
            label += "_"
        self.objects[label] = value
        return label

    def captured_array(self, value: np.ndarray, name: str) -> Ref:
        layout = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "A"
        label = self.label(value, name)
        self.facts.capture(value, Attribute("shape"), value.shape)
        self.facts.capture(value, Attribute("dtype"), value.dtype)
        t = Array(str(value.dtype), value.shape, layout)
        var = self.var("captured", Const(value, t, label), type=t)
        var.hint = ""
        ref = Ref(self.new_storage(var))
        self.foreign.add(ref.sid)
        return ref

    def call_it(self, value: Value, name: str) -> None:
        """Generated code calls a value after the name or attribute that it is bound to first."""
        if isinstance(value, Ref) and not value.path.steps:
            value = self.state.store[value.sid]
        if isinstance(value, Var) and not value.hint and name.isidentifier():
            value.hint = name

    def name_of(self, value: Value) -> str:
        """A name that is bound to a value; empty if there is none."""
        return next((name for (_, name), bound in self.state.env.items() if bound == value), "")
