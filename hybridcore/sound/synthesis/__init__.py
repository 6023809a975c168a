"""Sounds of struck and scratched materials from physical models, made when they are needed."""
