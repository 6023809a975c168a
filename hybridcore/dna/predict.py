"""The networks along DNA: what `System` asks of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from hybridcore.cards import load_card
from hybridcore.device import pick_device
from hybridcore.dna.calibration import calibration_of, probabilities
from hybridcore.dna.danq import KINDS, DanQ, DanQConfig
from hybridcore.dna.mutations import mutated, parse_mutations
from hybridcore.dna.result import STRANDS, DnaOutputs, DnaResult, Scanned, Site
from hybridcore.dna.scan import footprints, logits_of, windows_of
from hybridcore.dna.targets import TARGET_KEYS, TARGETS, Target
from hybridcore.errors import TextError
from hybridcore.media.sequence import Sequences
from hybridcore.peaks import suppress_neighbours
from hybridcore.progress import Progress
from hybridcore.weights import load_into


class DnaReader:
    """The network of every kind, on one device."""

    def __init__(self, networks: Mapping[str, DanQ]) -> None:
        self.networks = networks
        self.length = next(iter(networks.values())).config.length

    @classmethod
    def load(cls, device: str | None = None) -> DnaReader:
        """Load the networks that ship.

        Raises:
            WeightsError: weights are missing or are not the ones their cards name.
            OptionError: there is no such device.
        """
        place: torch.device = pick_device(device)
        return cls({kind: load_into(DanQ(config=DanQConfig(**load_card(f"dna_{kind}")["config"])),
                                    f"dna_{kind}").to(place) for kind in KINDS})

    def run(self, source: Sequences, progress: Progress | None = None) -> DnaOutputs:
        """Look at every letter of every sequence on both strands, with the network of every
        kind."""
        total = len(self.networks) * sum(len(record.letters) for record in source.records)
        done = 0
        found: dict[str, list[np.ndarray]] = {}
        for kind, network in self.networks.items():
            found[kind] = []
            for record in source.records:
                def step(here: int, _: int, before: int = done) -> None:
                    if progress is not None:
                        progress(before + here, total)

                found[kind].append(
                    logits_of(network, windows_of(record.letters, self.length), step))
                done += len(record.letters)
        return DnaOutputs(found)

    def finish(
        self, outputs: DnaOutputs, source: Sequences, kind: str, *, target: str = TARGET_KEYS[0],
        threshold: float = 0.0, mutations: str = "", focus: str = "",
    ) -> DnaResult:
        """What the network of one kind says of one target.

        threshold: probability from which a site is named; 0: that of the card. mutations: letters
        that are changed, such as ``51C>T``; windows around them are looked at again. focus: letter,
        counted from 1, around which somebody looks; empty: where the target is likeliest.

        Raises:
            TextError: mutations or a letter to look at that cannot be read.
        """
        chosen = TARGETS[TARGET_KEYS.index(target)]
        changes = parse_mutations(mutations, source.records)
        scanned = []
        sure = threshold or float(calibration_of(kind)[target]["threshold"])
        for k, record in enumerate(source.records):
            own = tuple(change for change in changes if change.record == k)
            letters = mutated(record.letters, own)
            logits = self._looked_again(
                kind, outputs.logits[kind][k], letters, [change.position for change in own])
            p = self.probabilities(kind, target, logits)
            scanned.append(Scanned(record.name, letters, record.letters, p, own,
                                   self._sites(kind, chosen, letters, p, sure), self.length))
        return DnaResult(kind, chosen, self.length, sure, tuple(scanned), _letter(focus))

    def _looked_again(
        self, kind: str, logits: np.ndarray, letters: str, changed: Sequence[int]
    ) -> np.ndarray:
        """Logits of a sequence, ``[targets, 2, n]``, after some of its letters have changed."""
        if not changed:
            return logits
        reach = np.zeros(len(letters), bool)
        for position in changed:
            reach[max(0, position - self.length) : position + self.length + 1] = True
        new = logits.copy()
        new[..., reach] = logits_of(self.networks[kind], windows_of(letters, self.length)[reach])
        return new

    def _sites(
        self, kind: str, target: Target, letters: str, p: np.ndarray, threshold: float
    ) -> tuple[Site, ...]:
        """Where probabilities ``[2, n]`` reach a threshold, a site for each place that they rest
        on."""
        either = p.max(0)
        above = np.flatnonzero(either >= threshold)
        if not len(above):
            return ()
        peaks = above[suppress_neighbours(either[above], above, target.footprint)]
        middles = peaks - self.length // 2 + footprints(
            self.networks[kind], windows_of(letters, self.length)[peaks], target)
        middles = middles.clip(0, len(letters) - 1)
        kept = suppress_neighbours(either[peaks], middles, target.footprint)
        return tuple(sorted(
            (Site(int(middles[k]), STRANDS[int(p[:, peaks[k]].argmax())], float(either[peaks[k]]))
             for k in kept), key=lambda site: site.position))

    def probabilities(self, kind: str, target: str, logits: np.ndarray) -> np.ndarray:
        """Those of one target, float32 ``[2, n]``, of logits ``[targets, 2, n]``."""
        fitted = calibration_of(kind)[target]
        own = logits[TARGET_KEYS.index(target)]
        return probabilities(own[::-1] if fitted["turned"] else own, fitted["slope"],
                             fitted["shift"])


def _letter(written: str) -> int:
    """The number of a letter; 0: none is chosen."""
    if not written.strip():
        return 0
    try:
        return int(written)
    except ValueError as error:
        raise TextError(f"“{written}” is no letter's number; write it like 51.") from error
