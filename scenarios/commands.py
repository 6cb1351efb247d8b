"""The commands this room adds to ``servicenet``; imports nothing heavy."""

from __future__ import annotations

from dispatch.command import Command

solve = Command("solve", "Solve a benchmark instance and print one JSON line.", "scenarios.solve")
convert = Command("convert", "Turn other people's files into a day.", "scenarios.convert")
demo = Command("demo", "Plan a generated day on a real city, offline.", "scenarios.demo")
bench = Command("bench", "Side-by-side benchmarks against installed peers.", "scenarios.bench.run")
simulate = Command(
    "simulate", "Live through a day many times under several policies.", "scenarios.simulate"
)
generate = Command("generate", "Make a realistic day on a map, from a seed.", "scenarios.generate")
layout = Command("layout", "Propose where outlets open, close and move.", "scenarios.layout")
check_layout = Command(
    "check-layout", "Check a proposal of outlets from its files alone.", "scenarios.check_layout"
)
location = Command(
    "location", "Solve a public siting instance with a proven bound.", "scenarios.location"
)
check_certificate = Command(
    "check-certificate",
    "Recompute the bound a siting answer claims.",
    "scenarios.check_certificate",
)
