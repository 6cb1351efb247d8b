"""Routing: visits, vehicles, windows and breaks as arrays, solved and judged."""
