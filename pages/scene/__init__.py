"""The pieces of the scene page."""

KEY = "scene"  # begins the name of everything that this page keeps in the session
