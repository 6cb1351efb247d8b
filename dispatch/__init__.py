"""Where people work: technicians, visits, promises, the day's plan and the doors to it."""
