"""The pieces of the caption page."""

KEY = "caption"  # begins the name of everything that this page keeps in the session
