"""Building blocks, one idea a file: attention, recurrence seen from inside, causal convolution,
the best path through a chain."""
