"""How the sound models learn: videos, rendered clips, training, evaluation."""
