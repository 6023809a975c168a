"""Rendered clips of things being struck: a stage of blocks, what moves on it, and how it looks."""
