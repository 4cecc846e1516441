f = abs
args = (0.5,)

message = """\
abs is not a Python function with source
    wrap it: lambda x: abs(x)
"""
