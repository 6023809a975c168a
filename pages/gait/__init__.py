"""The pieces of the gait page."""

KEY = "gait"  # begins the name of everything that this page keeps in the session
