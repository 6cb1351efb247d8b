"""Siting: which sites to open so that demand is covered or near, with a proven bound."""
