"""Optimisations on the IR: one pass a file, each from a module to a module. The pipeline says in which order."""
