f = abs
args = (0.5,)

message = """\
"""
