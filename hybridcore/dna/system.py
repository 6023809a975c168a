"""DNA as a system: what it reads, which networks it has, what it shows."""

from __future__ import annotations

from hybridcore.dna.samples import SAMPLES
from hybridcore.dna.targets import TARGETS
from hybridcore.dna.tour import TOUR
from hybridcore.options import Choice, Number, Text
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.dna.charts"
_EXPORTS = "hybridcore.dna.exports"

SYSTEM = System(
    key="dna",
    title="DNA",
    icon=":material/genetics:",
    rank=70,
    sentence="Paste DNA: scanners and an LSTM find where proteins would bind, on both strands; "
             "click a letter to change it, and everything answers.",
    papers=(
        "Quang & Xie, DanQ: a hybrid convolutional and recurrent deep neural network for "
        "quantifying the function of DNA sequences, Nucleic Acids Research 2016",
        "Alipanahi et al., Predicting the sequence specificities of DNA- and RNA-binding proteins "
        "by deep learning, Nature Biotechnology 2015",
        "Zhou & Troyanskaya, Predicting effects of noncoding variants with deep learning-based "
        "sequence model, Nature Methods 2015 (mutagenesis)",
    ),
    limits=(
        "It knows sites of CTCF in the human genome, promoters of the plant Arabidopsis that have "
        "a TATA box, and a made pair of boxes. A probability is that of a window of which half "
        "hold one; along a real genome they are far rarer, and most of what letters suggest is "
        "none.",
        "It reads 101 letters at a time and knows nothing of the cell. Not for medical use.",
    ),
    reads=(Reader("sequence", lazy("hybridcore.media.sequence:Sequences.open")),),
    kinds=(
        Kind("danq", "DanQ", "dna_danq"),
        Kind("places", "Motifs in places", "dna_places", memory=False),
        Kind("motifs", "Motifs only", "dna_motifs", memory=False),
    ),
    options=(
        Choice(key="target", title="Looks for", default=TARGETS[0].key,
               choices={target.key: target.title for target in TARGETS},
               help="What the track and the map are about."),
        Number(key="threshold", title="A site from", default=0.0, low=0.0, high=1.0, step=0.05,
               help="Probability from which a site is named; 0: where at most a hundredth of what "
                    "is none would be."),
        Text(key="mutations", title="Changed letters", placeholder="51C>T", of_input=True,
             help="Letters that are changed, such as 51C>T; 2:51C>T in the second sequence."),
        Text(key="focus", title="Letter looked at", placeholder="51", of_input=True,
             help="The middle of the window; empty: where the target is likeliest."),
    ),
    samples=SAMPLES,
    outputs=lazy("hybridcore.dna.result:DnaOutputs"),
    load=lazy("hybridcore.dna.predict:DnaReader.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    items=lazy(f"{_CHARTS}:items"),
    facts=lazy(f"{_CHARTS}:facts"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("sites", "Sites", "Table of the sites of the sequence",
              lazy(f"{_CHARTS}:site_table"), inside=True,
              empty="No site reaches the probability from which one is named."),
        Chart("motifs", "Motifs", "The motifs that say most for the target, as logos",
              lazy(f"{_CHARTS}:motif_logos"), inside=True,
              empty="No scanner speaks for the target in this window.",
              note="What the scanners look for that say most for the target in this window: "
                   "letters as high as what they tell, 2 bits at most. The effect is that of "
                   "silencing the scanner."),
        Chart("apart", "Moved apart",
              "Log-odds of the target with its two halves so far apart, under each network",
              lazy(f"{_CHARTS}:apart"), inside=True,
              note="Two stretches that belong together, moved apart in random letters: what only "
                   "knows which motifs there are cannot tell how far apart they are. The dotted "
                   "line is the distance in nature."),
        Chart("networks", "Networks side by side", "The sequence under each network",
              lazy(f"{_CHARTS}:networks"), inside=True,
              note="The likelier strand. “Motifs in places” has no memory, “Motifs only” knows no "
                   "places either."),
    ),
    exports=(
        Export(key="bed", title="Sites BED", file_name="sites.bed", mime="text/plain",
               write=lazy(f"{_EXPORTS}:write_bed")),
        Export(key="bedgraph", title="Track bedGraph", file_name="track.bedgraph",
               mime="text/plain", write=lazy(f"{_EXPORTS}:write_bedgraph")),
        Export(key="csv", title="CSV", file_name="dna.csv", mime="text/csv", write=write_csv),
        Export(key="json", title="JSON", file_name="dna.json", mime="application/json",
               write=write_json),
        Export(key="fasta", title="FASTA", file_name="mutated.fasta", mime="text/plain",
               write=lazy(f"{_EXPORTS}:write_fasta")),
    ),
    parts={"edit": "pages.dna.letters:show_letters"},
    tour=TOUR,
)
