def f(x):
    return x * x


args = (3,)

message = """\
"""
