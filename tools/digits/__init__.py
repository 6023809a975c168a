"""Makes the samples of spoken digits."""
