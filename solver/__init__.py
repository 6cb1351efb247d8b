"""Mathematics over arrays and indices: routing, siting, shortest paths.

This room has never heard of a technician, a street or a date.
"""
