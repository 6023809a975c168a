"""The rendered clips of the sound page, and the bank of sounds."""
