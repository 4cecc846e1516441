"""Types of arguments, keys and guards, binding of calls, and signatures from text."""

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import srcdiff
from srcdiff import SignatureError, UnsupportedError
from srcdiff.cache import Bounded, Specialisation, Specialisations
from srcdiff.guards import guard_text, make_guard
from srcdiff.ir.dims import Facts
from srcdiff.ir.tree import Leaf, Node, Static
from srcdiff.ir.types import Array, List, Scalar
from srcdiff.notation import from_annotations, from_text, is_signature_text
from srcdiff.signature import abstract, chosen_values, resolve, select


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray


class Pair(NamedTuple):
    first: float
    second: int


def types_of(value):
    return [p.type for p in abstract(("x",), (value,)).params]


def guard(*values, conditions=(), objects=None):
    names = tuple("xyzuvw"[: len(values)])
    return make_guard(abstract(names, values), facts_of(conditions), objects or {})


def facts_of(conditions):
    facts = Facts()
    for condition in conditions:
        facts.assume(condition)
    return facts


# -- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "expected"), [
    (1.0, Scalar("float64", py=True)), (2, Scalar("int64", py=True)), (True, Scalar("bool", py=True)),
    (1j, Scalar("complex128", py=True)), (np.float64(1), Scalar("float64")), (np.float32(1), Scalar("float32")),
    (np.int32(1), Scalar("int32")), (np.bool_(True), Scalar("bool")),
])
def test_scalars(value, expected):
    assert types_of(value) == [expected]


def test_array_has_symbolic_shape_with_hints_and_a_lazy_layout():
    (t,) = types_of(np.zeros((3, 2), np.float32, order="F"))
    assert isinstance(t, Array)
    assert t.dtype == "float32"
    assert [str(d) for d in t.shape] == ["x.shape[0]", "x.shape[1]"]
    assert [d.hint for d in t.shape] == [3, 2]
    assert t.layout == ("arg", "x", "F")


def test_integer_carries_its_value_as_a_hint():
    (p,) = abstract(("n",), (7,)).params
    assert str(p.sym) == "n"
    assert p.sym.hint == 7


def test_containers_are_named_by_their_path():
    value = [(np.ones(2), 1.0), {"w": np.ones(3), 4: Pair(1.0, 2)}, Layer(np.ones(1), None)]
    s = abstract(("p",), (value,))
    assert [str(p.type.shape[0]) for p in s.params if isinstance(p.type, Array)] == ["p[0][0].shape[0]", "p[1]['w'].shape[0]",
                                                                                  "p[2].W.shape[0]"]
    tree = s.trees[0]
    assert [t.kind for t in (tree, *tree.items, tree.items[1].items[1])] == ["list", "tuple", "dict", "dataclass", "namedtuple"]
    assert tree.items[1].keys == ("w", 4)
    assert tree.items[2].cls is Layer
    assert tree.items[2].items[1] == Static(None)


def test_objects_of_plain_classes_are_taken_apart_by_attribute():
    class Model:
        def __init__(self):
            self.W, self.name = np.ones(2), "m"

    s = abstract(("self",), (Model(),))
    assert s.trees[0] == Node("object", (Leaf(0), Static("m")), ("W", "name"), Model)
    model = Model()
    model.me = model
    assert isinstance(abstract(("self",), (model,)).trees[0], Static)
    assert isinstance(abstract(("rng",), (np.random.default_rng(0),)).trees[0], Static)


def test_long_flat_lists_have_one_type():
    assert types_of([1.0] * 17) == [List(Scalar("float64", py=True))]
    assert len(types_of([1.0] * 16)) == 16
    assert len(types_of([1.0] * 16 + [1])) == 17
    assert types_of([np.ones(3)] * 20)[0].elem.shape[0].hint == 3
    assert len(types_of([np.ones(3)] * 19 + [np.ones(2)])) == 20


def test_static_values():
    for value in (None, "relu", np.dtype("float32"), np, len, slice(1, 2), np.array(["a"])):
        tree = abstract(("x",), (value,)).trees[0]
        assert isinstance(tree, Static)
        assert tree.value is value


@pytest.mark.parametrize("value", [np.ma.zeros(2), np.zeros(2, ">f8"), np.zeros(2, np.longdouble)])
def test_arrays_that_are_refused(value):
    with pytest.raises(UnsupportedError):
        abstract(("x",), (value,))


# -- keys and guards ---------------------------------------------------------------------------------------------------


def test_key_holds_dtype_rank_kind_and_nest_only():
    def key(*values):
        return abstract(("x", "y")[: len(values)], values).key

    assert key(np.ones(3)) == key(np.zeros(5))
    assert key(2) == key(3)
    assert key("a") != key("b")
    assert len({key(np.ones(3)), key(np.ones((3, 1))), key(np.ones(3, np.float32)), key(1.0), key(1), key(True), key([1.0]),
                key((1.0,)), key([1.0, 1.0]), key({"a": 1.0}), key({"b": 1.0}), key(None)}) == 12


def test_guard_accepts_what_fits_and_nothing_else():
    g = guard(np.ones((3, 2)), {"a": [1.0, 2]}, None)
    assert g(np.ones((7, 1)), {"a": [0.0, -1]}, None)
    assert not g(np.ones(3), {"a": [0.0, -1]}, None)
    assert not g(np.ones((3, 2), np.float32), {"a": [0.0, -1]}, None)
    assert not g(np.ones((3, 2)), {"a": [0.0, -1.0]}, None)
    assert not g(np.ones((3, 2)), {"b": [0.0, -1]}, None)
    assert not g(np.ones((3, 2)), {"a": [0.0, -1]}, 1)
    assert not g(np.ones((3, 2)), {"a": (0.0, -1)}, None)


def test_guard_checks_the_recorded_facts():
    g = guard(np.ones(3), 4, conditions=["x.shape[0] != 1", "y == 4"])
    assert g(np.ones(5), 4)
    assert not g(np.ones(1), 4)
    assert not g(np.ones(5), 3)
    assert not guard(1.0, conditions=["1 // 0 == 1"])(1.0)
    assert not guard(1.0, conditions=["helper is other"], objects={"helper": len, "other": max})(1.0)


def test_guard_of_flat_lists():
    g = guard([1.0] * 20)
    assert g([2.0] * 30)
    assert not g([2.0] * 16)
    assert not g([2.0] * 29 + [1])
    g = guard([np.ones(2)] * 20)
    assert g([np.ones(5)] * 17)
    assert not g([np.ones(5)] * 17 + [np.ones(4)])


def test_guard_text_does_not_depend_on_the_order_of_hashing():
    text = guard_text(abstract(("x", "mode"), (1.0, "fast")), facts_of(["x > 0"]))
    assert text == "type(x) is _float and type(mode) is _str and mode == 'fast' and x > 0"


def test_guard_checks_what_was_read_from_outside():
    cell = (lambda v: lambda: v)(3.0).__closure__[0]
    scope, items = {"rate": 0.1, "helper": len, "other": 1}, [1.0, 2.0]
    facts = Facts()
    for container, key in ((scope, "rate"), (scope, "helper"), (items, 0), (items, 1), (vars(np), "sin")):
        facts.capture(container, key, container[key])
    facts.capture(cell, None, 3.0)
    g = make_guard(abstract((), ()), facts, {})
    assert g()
    assert "sin" not in guard_text(abstract((), ()), facts)
    scope["rate"] = 1.0 / 10.0
    assert g()
    scope["rate"] = np.float64(0.1)
    assert not g()
    scope["rate"] = 0.1
    items.append(3.0)
    assert not g()
    items.pop()
    scope["helper"] = max
    assert not g()
    del scope["helper"]
    assert not g()


# -- calls -------------------------------------------------------------------------------------------------------------


def f(x, y, *rest, c=2.0, **more):
    return x


def test_binding_fills_in_defaults():
    assert resolve(f).bind((1, 2, 3, 4), {"d": 5}) == (1, 2, (3, 4), 2.0, {"d": 5})
    with pytest.raises(TypeError):
        resolve(f).bind((1,), {})


def test_methods_partials_and_callable_objects():
    class Model:
        def loss(self, x, y):
            return x

        def __call__(self, x):
            return x

    m = Model()
    assert resolve(m.loss).bind((1, 2), {}) == (m, 1, 2)
    assert resolve(m).bind((1,), {}) == (m, 1)
    assert resolve(functools.partial(functools.partial(f, 1), 2, c=3)).bind((4,), {}) == (1, 2, (4,), 3, {})
    with pytest.raises(UnsupportedError, match="wrap it: lambda x: np.sin"):
        resolve(np.sin)


def test_argnums_by_position_and_name():
    callee = resolve(functools.partial(f, 0.0))
    values = callee.bind((1.0, 2.0, 3.0), {"w": 4.0})
    trees = abstract(callee.names, values).trees
    assert [select(callee, trees, a, 1) for a in (0, 2, -1, "c", "w", "x")] == [
        ("y", Leaf(1)), ("rest[1]", Leaf(3)), ("rest[1]", Leaf(3)), ("c", Leaf(4)), ("more['w']", Leaf(5)), ("x", Leaf(0))]
    assert chosen_values(callee, values, (0, 2, "w")) == [("y", 1.0), ("rest[1]", 3.0), ("more['w']", 4.0)]
    with pytest.raises(SignatureError, match="takes 3 positional"):
        select(callee, trees, 3, 1)
    with pytest.raises(SignatureError, match="no argument 'q'"):
        select(callee, trees, "q", 1)


# -- text and annotations ----------------------------------------------------------------------------------------------


def test_signature_text():
    def g(x, y, c, n, params, mode="a"):
        return x

    s = from_text(resolve(g), "x: f64[n, 3], y: f32[n], c: f64, n: int, params: [(f64[n, 4], f64[4]), {'k': float}], mode='b'")
    x, y, c, n = s.params[:4]
    assert x.type.shape[0] == y.type.shape[0]
    assert x.type.shape[0].assumed
    assert x.type.shape[1] == 3
    assert (c.type, n.type) == (Scalar("float64", py=True), Scalar("int64", py=True))
    assert n.sym != x.type.shape[0]
    assert s.trees[4].items[1].keys == ("k",)
    assert s.trees[5] == Static("b")


def test_what_is_a_signature_text():
    assert is_signature_text("x: f64[n]")
    assert not is_signature_text("a plain string")
    assert not is_signature_text(3)


@pytest.mark.parametrize(("text", "message"), [
    ("x: f65[n]", "'f65' is no type"), ("x: f64[", "cannot read"), ("x: f64[n + 1]", "no size"), ("q: f64", "no argument 'q'"),
])
def test_signature_texts_that_are_refused(text, message):
    with pytest.raises(SignatureError, match=message):
        from_text(resolve(lambda x: x), text)


def test_annotations():
    def g(x: "f64[n, 3]", y: np.ndarray[tuple[int, int], np.dtype[np.float32]], c: float, p: Pair, k=3):  # noqa: F722, F821
        return x

    s = from_annotations(resolve(g))
    assert [str(p.type.dtype) for p in s.params] == ["float64", "float32", "float64", "float64", "int64", "int64"]
    assert len(s.params[1].type.shape) == 2


def test_jaxtyping_annotations():
    class Float64:  # what jaxtyping's classes look like
        dtypes = ("float64",)
        dim_str = "n 3"

    def g(x):
        return x

    g.__annotations__["x"] = Float64
    (x,) = from_annotations(resolve(g)).params
    assert str(x.type) == "f64[x.shape[0], 3]"


def test_missing_types_give_a_line_to_paste():
    def loss(W, x, c: float, n, k=2):
        return x

    with pytest.raises(SignatureError) as caught:
        from_annotations(resolve(loss))
    assert "--args 'W: f64[n, m], x: f64[n], c: float, n: int, k=2'" in str(caught.value)
    line = str(caught.value).split("--args ")[1].strip("'")
    assert len(from_text(resolve(loss), line).params) == 5


# -- cache -------------------------------------------------------------------------------------------------------------


class Scaled:
    factor = 3.0

    def loss(self, a, b=2.0):
        return a * b * self.factor

    def other(self, a, b=2.0):
        return a * a * b


def test_gradient_of_a_method_notices_changes(monkeypatch):
    """Also where a call goes straight to the compiled code."""
    scaled = Scaled()
    gradient = srcdiff.grad(scaled.loss)
    assert (gradient(1.0, 4.0), gradient(1.0), gradient(b=5.0, a=1.0)) == (12.0, 6.0, 15.0)
    scaled.factor = 4.0
    assert (gradient(1.0, 4.0), gradient(1.0)) == (16.0, 8.0)
    monkeypatch.setattr(Scaled.loss, "__defaults__", (7.0,))
    assert (gradient(1.0, 4.0), gradient(1.0)) == (16.0, 28.0)
    monkeypatch.setattr(Scaled.loss, "__code__", Scaled.other.__code__)
    assert (gradient(3.0, 4.0), gradient(3.0)) == (24.0, 42.0)


def everything(x, /, *args, k=1.0, **options):
    return x * sum(args) * k * options.get("z", 1.0)


def test_arguments_are_bound_as_python_does():
    gradient = srcdiff.grad(everything)
    assert (gradient(1.0, 2.0, 3.0), gradient(1.0, 2.0, k=4.0, z=2.0)) == (5.0, 16.0)
    with pytest.raises(TypeError, match=re.escape("everything() missing 1 required positional argument: 'x'")):
        gradient(k=2.0)


def test_bounded_forgets_the_one_unused_for_longest():
    cache = Bounded(2)
    for k in "abac":
        cache.get_or_make(k, str)
    assert "a" in cache
    assert "b" not in cache
    assert len(cache) == 2


def test_specialisations_are_bounded_per_key():
    table = Specialisations()
    made = []

    def make(value):
        made.append(value)
        def fits(x):
            return x == value

        return Specialisation(fits, fits, lambda x: x, None)

    for value in [*range(10), 9]:
        table.find_or_make("key", (value,), lambda v=value: make(v))
    assert made == list(range(10))
    assert len(table.recent) == 8
    table.find_or_make("key", (0,), lambda: make(0))
    assert made[-1] == 0
    table.clear()
    assert table.find((9,)) is None
