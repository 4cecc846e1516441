def f(x):
    return x * 1j


args = (0.5,)

message = """\
f returns a complex number; a gradient needs a real floating-point number
"""
