namespace = {}
exec('f = lambda x: x * x', namespace)
f = namespace['f']
args = (0.5,)

message = """\
"""
