"""Gestures: what the hands of everybody in a clip say, at every step."""
