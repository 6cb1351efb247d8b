"""Side-by-side benchmarks against installed peers."""
