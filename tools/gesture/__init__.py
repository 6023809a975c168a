"""Renders the sample clips of the gesture room."""
