"""The widgets that only the sound page has."""
