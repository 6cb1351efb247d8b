"""Planning a day: translation to the solver and back, prices, explanations."""
