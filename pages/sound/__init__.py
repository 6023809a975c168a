"""The pieces of the sound page."""

KEY = "sound"  # begins the name of everything that this page keeps in the session
