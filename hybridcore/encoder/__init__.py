"""The shared image encoder: a frozen EfficientNet-Lite with two tops."""
