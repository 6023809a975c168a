"""Samples of the emotion room."""
