"""Simulated days: a day as events, run through the real use cases, judged by its figures."""
