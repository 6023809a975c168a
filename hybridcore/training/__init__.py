"""What every ``learn`` package shares: the clock-driven run, checkpoints and metrics."""
