"""The live day: what happens after the plan was made, and where it is kept."""
