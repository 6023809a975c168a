"""How the captioners and the aligner learn: data, training, evaluation."""
