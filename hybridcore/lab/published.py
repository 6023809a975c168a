"""Published results beside which those of the lab stand; not measured by this project."""

from __future__ import annotations

SOURCE = (
    "Bai, Kolter & Koltun, An Empirical Evaluation of Generic Convolutional and Recurrent Networks "
    "for Sequence Modeling, 2018, table 1")
URL = "https://arxiv.org/abs/1803.01271"
NETWORKS = ("LSTM", "GRU", "RNN", "TCN")
RESULTS = {  # of networks alike in size, as printed there
    "Sequential MNIST, % right": ("87.2", "96.2", "21.5", "99.0"),
    "Permuted MNIST, % right": ("85.7", "87.3", "25.3", "97.2"),
    "Adding, T = 600, loss": ("0.164", "5.3e-5", "0.177", "5.8e-5"),
    "Copy memory, T = 1000, loss": ("0.0204", "0.0197", "0.0202", "3.5e-5"),
}


def rows() -> list[dict[str, str]]:
    """A row for each task."""
    return [{"task": task, **dict(zip(NETWORKS, values, strict=True))}
            for task, values in RESULTS.items()]
