"""Renders the sample clips of the pose room."""
