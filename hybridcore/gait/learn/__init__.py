"""How the gait networks learn: rendered walks, training, evaluation."""
