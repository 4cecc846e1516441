"""Random programs from seeds, made from nothing or from the corpus, what they use, and a shrinker for those that fail."""

from generator.aliases import aliased
from generator.mutate import mutated
from generator.objects import pythonic
from generator.program import Program, features, generate, load, reject
from generator.shrink import literal, shrink

__all__ = ["Program", "aliased", "features", "generate", "literal", "load", "mutated", "pythonic", "reject", "shrink"]
