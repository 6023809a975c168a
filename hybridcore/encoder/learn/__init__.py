"""How the scene top of the encoder is trained, and how the encoder was chosen and measured."""
