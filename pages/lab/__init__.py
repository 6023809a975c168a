"""The parts of the page ``lab``."""
