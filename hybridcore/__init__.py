"""HybridCore: hybrid CNN + RNN models that show what they see, frame by frame."""

__version__ = "0.2.0"
