"""A CNN + LSTM of your own in the player: streamlit run app.py -- --own examples/own_network.py"""

import torch

from hybridcore.lab.hybrid import HybridCNNRNN, HybridConfig
from hybridcore.lab.own import own_system

LABELS = ("left", "right", "still")


def load() -> HybridCNNRNN:
    """Your network with your weights; here it has learned nothing yet."""
    torch.manual_seed(0)
    return HybridCNNRNN(config=HybridConfig(channels=3, height=36, width=64, classes=len(LABELS)))


SYSTEM = own_system(key="mine", title="My network", labels=LABELS, load=load, size=(36, 64))
