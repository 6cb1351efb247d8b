"""The world as arrays: roads, travel times, snapping, coverage."""
