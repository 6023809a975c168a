"""The widgets that only the page of gait recognition has."""
