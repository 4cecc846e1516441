"""Names that follow other variables' names: the adjoint of ``W_1`` is ``W_1_bar``, whatever ``W_1`` is called in the end.

A hint is text. One that is made here also knows the variable that it is made from, so that code generation can build the final
name from that variable's final name; wherever the hint is copied to, this goes along.
"""

from __future__ import annotations

from collections.abc import Mapping

from .core import Atom, Var

__all__ = ["Follower", "bar_of", "dot_of", "follow", "give", "is_derived", "same_as"]


class Follower(str):
    """The name of ``leader``, with ``suffix`` behind it. As text it is made from the leader's hint, or empty."""

    __slots__ = ("leader", "suffix")

    leader: Var
    suffix: str

    @property
    def depth(self) -> int:
        """How many names must be known before this one."""
        hint = self.leader.hint
        return 1 + (hint.depth if isinstance(hint, Follower) else 0)


def _follow(leader: Var, suffix: str, text: str) -> Follower:
    made = Follower(text)
    made.leader, made.suffix = leader, suffix
    return made


def follow(hint: str, renamed: Mapping[Var, object]) -> str:
    """``hint`` for a copy of its variable, where the leader was ``renamed`` too."""
    leader = renamed.get(hint.leader) if isinstance(hint, Follower) else None
    return _follow(leader, hint.suffix, str(hint)) if isinstance(hint, Follower) and isinstance(leader, Var) else hint


def bar_of(x: Atom, default: str = "") -> str:
    """The name of the adjoint of ``x``; ``default`` if x has no name. Where there is no text, it still knows ``x``."""
    if not isinstance(x, Var) or (default and not x.hint):
        return default
    return _follow(x, "_bar", f"{x.hint}_bar" if x.hint else "")


def dot_of(x: Var) -> str:
    """The name of the tangent of ``x``; the text is empty if x has no name."""
    return _follow(x, "_dot", f"{x.hint}_dot" if x.hint else "")


def give(x: Var, hint: str) -> None:
    """Call ``x``, which has no name, so; unless the name is made from that of ``x`` itself."""
    leader = hint.leader if isinstance(hint, Follower) else None
    while leader is not None:
        if leader is x:
            return
        leader = leader.hint.leader if isinstance(leader.hint, Follower) else None
    x.hint = hint


def is_derived(x: Var) -> bool:
    """Whether ``x`` is known to be an adjoint or a tangent."""
    return x.hint.endswith(("_bar", "_dot")) or (isinstance(x.hint, Follower) and x.hint.suffix in ("_bar", "_dot"))


def same_as(x: Var) -> str:
    """The name of a variable that stands for ``x`` in another function."""
    return _follow(x, "", str(x.hint))
