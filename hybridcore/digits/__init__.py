"""Spoken digits: which ones are said, and when, though nobody said when to the network."""
