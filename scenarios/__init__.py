"""Plays with the whole house: instances, generated days, demonstrations, benchmarks."""
