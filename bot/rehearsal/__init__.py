"""A Bot API server of our own on loopback, with invented people. Never part of production."""
