"""Pose and action: what the body of everybody in a clip does, at every frame."""
