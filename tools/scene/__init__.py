"""The rendered clips of the scene page."""
