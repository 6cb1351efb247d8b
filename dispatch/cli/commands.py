"""The commands of this room; named by entry points like everybody else's."""

from __future__ import annotations

from dispatch.command import Command

plan = Command("plan", "Plan a service day and write plan, map and report.", "dispatch.cli.plan")
check = Command("check", "Judge a plan, or a hand-made order of visits.", "dispatch.cli.check")
compare = Command("compare", "Compare two plans of a day on one page.", "dispatch.cli.compare")
schema = Command("schema", "Print the JSON schema of a day or a plan.", "dispatch.cli.schema")
coverage = Command("coverage", "Audit who a service network covers.", "dispatch.cli.coverage")
template = Command("template", "Write a workbook to fill in.", "dispatch.cli.template")
store = Command("store", "Check, export or purge the store of live days.", "dispatch.cli.store")
serve = Command("serve", "Serve days, plans and the board over HTTP.", "dispatch.cli.serve")
emergency = Command(
    "emergency", "List the best ways to serve an emergency.", "dispatch.cli.emergency"
)
replan = Command("replan", "Plan the rest of a day again; say what changes.", "dispatch.cli.replan")
slots = Command("slots", "Find appointment windows for customers.", "dispatch.cli.slots")
