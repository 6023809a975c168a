"""What every ``train.py`` shares: the clock-driven run, checkpoints and metrics."""
