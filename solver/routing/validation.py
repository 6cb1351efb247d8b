"""All faults of a routing problem, reported together."""
