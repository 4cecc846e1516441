def f(x):
    return 2.0 if x == 'a' else 1.0


args = ('a',)

message = """\
x is 'a': there is nothing to differentiate with respect to
"""
