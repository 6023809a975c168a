"""How the scene models learn: composed sequences, training, evaluation."""
