"""Emotion: what a face and a voice show, by several witnesses on one clock."""
