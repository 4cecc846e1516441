def f(x):
    return x * 1j


args = (0.5,)

message = """\
"""
