"""The rendered clips of the gait page."""
