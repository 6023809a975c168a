"""Probabilities that are right as often as they say, and from which an action is named.

Logits are divided by a temperature (Guo et al., *On Calibration of Modern Neural Networks*, ICML
2017, arXiv 1706.04599), fitted on sequences of people whom nothing was trained on (learn/train.py);
it lies in the card of the network.
"""

from __future__ import annotations

THRESHOLD = 0.5  # what is at least as likely is named; below it is "not sure"
