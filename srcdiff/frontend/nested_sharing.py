"""Arguments of a function that is differentiated inside another one, where they are one object or share memory.

As for arguments from outside (:mod:`srcdiff.apart`): the inner function is lowered for arguments that are apart. Where it
changes one that is another one too, it is lowered again for these as one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable

from ..analysis.sharing import written_params
from ..ir import tree
from ..ir.core import Module
from .aliases import partners
from .context import Lowerer
from .overlap import disjoint
from .sharing import whole
from .values import Inside, Obj, Ref, Value

__all__ = ["Sharing"]


class Sharing:
    """Which leaves and objects of a call are one; ``leaves``: the values of the caller's that the leaves of trees stand for."""

    def __init__(self, cx: Lowerer, leaves: list[Value], node: ast.AST) -> None:
        self.cx, self.leaves, self.node = cx, leaves, node
        self.as_one: set[Hashable] = set()
        self._oids: dict[int, int] = {}  # the caller's objects, by the nodes that stand for them
        self._nodes: list[tree.Node] = []
        self._values: dict[Hashable, Value] = {}
        self._sub = cx

    def add(self, node: tree.Node, oid: int) -> None:
        """``node`` stands for this object of the caller's."""
        self._nodes.append(node)
        self._oids[id(node)] = oid

    def begin(self, sub: Lowerer) -> None:
        """The inner function is lowered from its start."""
        self._sub = sub
        self._values = {}

    def value(self, t: tree.Tree, make: Callable[[], Value]) -> Value:
        """The inner value that a tree stands for."""
        key = self._key(t)
        if key not in self.as_one:
            value = make()
        elif key in self._values:
            value = self._values[key]
        else:
            value = self._values[key] = make()
        if id(t) in self._oids and isinstance(value, Obj) and isinstance(t, tree.Node):
            self._sub.arguments.add(value.oid, str(self._oids[id(t)]), t)
        return value

    def _key(self, t: tree.Tree) -> Hashable:
        if isinstance(t, tree.Leaf):
            leaf = self.leaves[t.index]
            return leaf if isinstance(leaf, Ref) else None
        return self._oids.get(id(t))

    def first(self, t: tree.Tree) -> tree.Tree:
        """The tree with the first leaf of those that are one."""
        def shared(leaf: tree.Leaf) -> tree.Leaf:
            key = self._key(leaf)
            return tree.Leaf(self.leaves.index(self.leaves[leaf.index])) if key in self.as_one else leaf

        return tree.map_leaves(t, shared)

    def found(self, module: Module) -> bool:
        """Whether the inner function has to be lowered again, with more objects as one."""
        before = len(self.as_one)
        written = written_params(module)
        for k in written:
            for j, other in enumerate(self.leaves):
                if j != k and isinstance(other, Ref):
                    self._compare(self.leaves[k], other)
        self._objects()
        return len(self.as_one) > before

    def _compare(self, one: Value, other: Ref) -> None:
        """Two arrays, of which the first is written to."""
        if not isinstance(one, Ref):
            return
        if one == other:
            self.as_one.add(one)
        elif other.sid in partners(self.cx.state, one.sid) or (one.sid == other.sid and not disjoint(one.path, other.path)):
            self.cx.refuse("a gradient of a function that writes to one of two arguments which may share memory", self.node,
                           "pass a copy of one of them: x.copy()")

    def _objects(self) -> None:
        """What the inner function changes may be one with another argument here, or in the function around it."""
        arguments, cx = self._sub.arguments, self.cx
        given = [self._oids[id(node)] for node in self._nodes]
        for a, b in arguments.pairs():
            if a == b:
                self.as_one.add(int(a))
            cx.arguments.note_comparison(int(a), int(b))
        for oid in map(int, arguments.changed()):
            cx.arguments.note_change(cx, oid)
            linked = cx.state.links.get(whole(oid)) or isinstance(cx.state.objs.get(oid), Inside)
            if len(given) > 1 and linked:
                cx.refuse("a gradient of a function that changes an item of a list", self.node, "pass a copy of the item")
