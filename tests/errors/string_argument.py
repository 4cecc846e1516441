def f(x):
    return 2.0 if x == 'a' else 1.0


args = ('a',)

message = """\
"""
