"""What Python asks a class first: slots, deleters, methods that a subclass has of its own, methods that ``dataclass`` wrote."""

import copy
import enum
import math
from dataclasses import FrozenInstanceError, dataclass, field
from typing import NamedTuple

import numpy as np

from programs.registry import THREE, program


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Open(Slotted):
    pass


@dataclass(slots=True)
class SlottedData:
    a: float
    b: float = 2.0


@program(THREE, order=1)
def attributes_outside_of_the_slots(x):
    k, m = Slotted(x[0]), SlottedData(x[1])
    total = k.a * m.b * (2 if hasattr(k, "__dict__") else 3) * (5 if hasattr(k, "b") else 7)
    try:
        k.c = x[1]
    except AttributeError:
        total = total + k.a ** 2
    try:
        m.c = x[1]
    except AttributeError:
        total = total + m.a ** 2
    try:
        total = total * vars(k)["a"]
    except TypeError:
        total = total * x[2]
    return total


@program(THREE, order=1)
def attributes_beside_the_slots(x):
    k = Open(x[0])
    k.c = x[1]
    k.__dict__["d"] = x[2]
    return k.c ** 2 * k.a * len(vars(k)) * (2 if "a" in k.__dict__ else 3) * k.d


@program(THREE, order=1)
def slots_of_a_class_in_the_function(x):
    class Inner:
        __slots__ = ("a",)

        def __init__(self, a):
            self.a = a

    @dataclass(slots=True)
    class Data:
        a: float
        b: float = x[1]

    k, m = Inner(x[0]), Data(x[2])
    total = m.a * m.b
    for one in (k, m):
        try:
            one.z = 3.0
        except AttributeError:
            total = total + one.a ** 2
    return total


class Reset:
    def __init__(self, v):
        self._v = v

    @property
    def v(self):
        return self._v ** 2

    @v.deleter
    def v(self):
        self._v = self._v * 3


@dataclass(frozen=True)
class Frozen:
    a: float


@program(THREE, order=1)
def properties_without_a_setter_or_with_a_deleter(x):
    r, f = Reset(x[0]), Frozen(x[1])
    del r.v
    total = r.v
    try:
        r.v = x[2]
    except AttributeError:
        total = total * x[1]
    try:
        f.a = x[2]
    except FrozenInstanceError:
        total = total + f.a ** 2
    return total


class Base:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        return self.v + other.v ** 2

    def __radd__(self, other):
        return self.v * other.v

    def __sub__(self, other):
        return NotImplemented

    def __rsub__(self, other):
        return self.v * other.v

    def __lt__(self, other):
        return self.v < other.v

    def __gt__(self, other):
        return False

    def __eq__(self, other):
        return self.v == other.v

    __hash__ = None


class Same(Base):
    pass


class Other(Base):
    def __radd__(self, other):
        return self.v * other.v * 7

    def __gt__(self, other):
        return True

    def __eq__(self, other):
        return False

    __hash__ = None


class Unequal:
    v = 3.0

    def __ne__(self, other):
        return "never asked"


@program(THREE, order=1)
def reflected_methods_of_subclasses(x):
    return (Base(x[0]) + Same(x[1])) * (Base(x[1]) + Other(x[2])) + (Base(x[0]) - Same(x[2]))


@program(THREE, order=1)
def comparisons_with_subclasses(x):
    a, b = Base(x[0]), Base(x[1])
    return x[2] ** 2 * (2 if b < Other(x[0]) else 3) * (5 if b < Same(x[0]) else 7) * (2 if a == Other(x[0]) else 3) * (
        5 if Base(3.0) != Unequal() else 7)


@program(THREE, refused=True)
def the_same_class_is_not_asked_twice(x):
    return Base(x[0]) - Base(x[1])


class Above:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v > other.v

    __hash__ = None


@program(THREE, order=1)
def who_is_asked_for_equality(x):
    a, b = Above(x[0]), Above(x[1])
    return x[2] ** 2 * (2 if b in [a] else 3) * (5 if a in (b,) else 7) * (2 if [a] == [a] else 3) * (5 if [b] == [a] else 7)


class Loud:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v > 0


class Number:
    def __bool__(self):
        return 1


class Long:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


@program(THREE, refused=True)
def a_truth_that_is_no_bool(x):
    return x[0] if Loud(x[1]) else x[1] ** 2


@program(THREE, order=1)
def truths_and_lengths_that_python_refuses(x):
    total = x[0]
    for n in (-1, 2.0, 3):
        try:
            total = total * len(Long(n))
        except (TypeError, ValueError):
            total = total + x[1] ** 2
    for test in (Number(), Long("a")):
        try:
            total = total if test else x[2]
        except TypeError:
            total = total * x[2]
    return total


class Parts:
    def __init__(self, v):
        self.v = v

    def __divmod__(self, other):
        return self.v, other * 7

    def __rdivmod__(self, other):
        return self.v, other * 9

    def __mod__(self, other):
        return 100.0

    def __floordiv__(self, other):
        return 200.0


@program(THREE, order=1)
def parts_by_a_method(x):
    whole, rest = divmod(Parts(x[0]), 3)
    return whole * rest + divmod(2, Parts(x[1]))[1] * x[2] + divmod(x[2], 0.25)[1]


@dataclass
class Point:
    a: float
    b: float = 1.0


@dataclass(eq=False)
class Longer(Point):
    c: float = 2.0


class Later(Point):
    def __post_init__(self):
        self.a = 100.0


@dataclass(init=False)
class Bare(Point):
    rest: list = field(default_factory=list)


WRITTEN = '''
@dataclass
class Executed:
    a: float

    def __eq__(self, other):
        return True

    def __add__(self, other):
        return Executed(self.a * other.a)
'''
exec(WRITTEN)


@program(THREE, order=1)
def methods_that_dataclass_wrote_for_a_base(x):
    total = x[0] ** 2 * (2 if Longer(x[0], c=x[1]) == Longer(x[0], c=x[2]) else 3) * Later(x[1]).a
    return total + Bare(x[0], x[1]).b * (2 if hasattr(Bare(1.0), "rest") else 3)


@program(THREE, order=1)
def a_dataclass_made_by_exec(x):
    made = Executed(x[0]) + Executed(x[1])  # noqa: F821  exec defines it
    return made.a ** 2 * (2 if Executed(x[0]) == Executed(x[1]) else 3)  # noqa: F821


class Pair(NamedTuple):
    a: float
    b: float = 2.0

    def area(self):
        return self.a * self.b


class Doubled(NamedTuple("Doubled", [("a", float)])):
    def __new__(cls, a):
        return super().__new__(cls, a * 2)


@program(THREE, order=1)
def copies_of_named_tuples(x):
    return copy.copy(Pair(x[0])).area() ** 2 + copy.deepcopy(Pair(x[0], x[1])).area()


@program(THREE, refused=True)
def a_named_tuple_with_a_constructor(x):
    return Doubled(x[0]).a ** 2


@program(THREE, order=1)
def defaults_of_classes_in_loops(x):
    total = 0.0
    for v in x:
        @dataclass
        class Step:
            a: float = v
            kept: list = field(default_factory=lambda v=v: [v])

        class Two(NamedTuple):
            a: float
            b: float = v

        s = Step()
        s.kept.append(total)
        total = s.a ** 2 * Two(v).b + sum(s.kept) + v
    return total


@program(THREE, order=1)
def constructors_of_classes_in_the_function(x):
    class Squared:
        def __new__(cls, v):
            made = super().__new__(cls)
            made.v = v ** 2
            return made

    try:
        class One:
            pass

        class Two(One):
            pass

        class Wrong(One, Two):
            pass
    except TypeError:
        return Squared(x[0]).v ** 2
    return x[0]


@program(THREE, refused=True)
def a_descriptor_in_a_class_in_the_function(x):
    class Constant:
        def __get__(self, instance, owner):
            return 7.0

        def __set__(self, instance, value):
            pass

    class Box:
        d = Constant()

    b = Box()
    b.d = x[1]
    return b.d * x[0]


@program(THREE, refused=True)
def isinstance_where_paths_differ(x):
    w = 1 if x[0] > 0 else 1.0
    return x[0] ** 2 * (2 if isinstance(w, int) else 3)


@program(THREE, order=1)
def isinstance_where_paths_agree(x):
    w = x[0] if x[0] > 0 else 1.0
    n = 0
    for v in x:
        n = n + v
    return w * n * (2 if isinstance(w, float) else 3) * (5 if isinstance(n, np.ndarray) else 7)


@program(THREE, refused=True)
def isinstance_after_a_loop_that_changes_the_type(x):
    s = 1.0
    for v in x:
        if v < 0:
            s = 1
    return x[0] ** 2 * (2 if isinstance(s, int) else 3)


class Mode(enum.Enum):
    A = 1
    B = 2.5

    def scale(self, v):
        return v * (2 if self is Mode.A else 3)

    @property
    def number(self):
        return math.sqrt(self.value) * len(type(self).__members__)


@program(THREE, order=1)
def methods_and_properties_of_members(x):
    return Mode.A.scale(x[0] ** 2) + Mode.B.scale(x[1]) + sum(m.number * x[2] for m in Mode)


@program(THREE, order=1)
def strings_are_not_summed(x):
    try:
        return sum(["a", "b"], "")
    except TypeError:
        return x[0] ** 2
