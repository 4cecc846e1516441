"""Random programs from seeds, what they use, and a shrinker for those that fail."""

from generator.program import Program, features, generate, load, reject
from generator.shrink import literal, shrink

__all__ = ["Program", "features", "generate", "literal", "load", "reject", "shrink"]
