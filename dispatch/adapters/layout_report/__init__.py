"""The proposal of a network as one HTML file that needs nothing from anywhere."""
