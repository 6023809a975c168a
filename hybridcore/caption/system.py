"""Image captioning as a system: what it reads, which models it has, what it shows."""

from __future__ import annotations

from hybridcore.caption.options import OPTIONS
from hybridcore.caption.samples import SAMPLES
from hybridcore.system import Answer, Chart, Export, Kind, Reader, System, lazy


def _of_video(answer: Answer) -> bool:
    return answer.result.spans is not None


SYSTEM = System(
    key="caption",
    title="Image captioning",
    icon=":material/image_search:",
    sentence="Drop a photo or a video: a sentence appears word by word, and on each word where the "
             "network looked, its other candidates, and what its LSTM held.",
    papers=(
        "Xu et al., Show, Attend and Tell: Neural Image Caption Generation with Visual Attention, "
        "ICML 2015",
        "Vinyals et al., Show and Tell: A Neural Image Caption Generator, CVPR 2015",
        "Karpathy & Fei-Fei, Deep Visual-Semantic Alignments for Generating Image Descriptions, "
        "CVPR 2015",
    ),
    limits=(
        "The captioners learned from 6,000 photographs, most of them of people and dogs outdoors, "
        "and describe anything else as the nearest of these.",
        "The aligner points to one of 20 fixed boxes, never to an outline.",
    ),
    reads=(
        Reader("picture", lazy("hybridcore.media.picture:Picture.open")),
        Reader("video", lazy("hybridcore.media.clip:Clip.open"), needs=("scene",)),
    ),
    kinds=(
        Kind("attend", "Show, Attend and Tell", "caption_attend"),
        Kind("tell", "Show and Tell", "caption_tell"),
    ),
    cards=("encoder", "caption_align"),
    samples=SAMPLES,
    options=OPTIONS,
    outputs=lazy("hybridcore.caption.result:Encoding"),
    load=lazy("hybridcore.caption.predict:Captioner.load"),
    many=lazy("hybridcore.caption.predict:Captioner.many"),
    view=lazy("hybridcore.caption.view:player_view"),
    items=lazy("hybridcore.caption.view:items"),
    sentence_view=lazy("hybridcore.caption.view:sentence_view"),
    pick=lazy("hybridcore.caption.view:pick"),
    charts=(
        Chart("attention", "Attention", "The picture once a word, under its attention map",
              lazy("hybridcore.caption.charts:attention"), inside=True,
              note="Where the network looked before each word: 7 x 7 cells; each map sums to one "
                   "and is drawn from its own darkest to its own brightest cell. Show and Tell "
                   "reads the picture once, before the first word; it has no map."),
        Chart("alternatives", "Alternatives", "The ten likeliest words at every step",
              lazy("hybridcore.caption.charts:alternatives"), inside=True,
              note="The ten likeliest words at every step; the one chosen is framed."),
        Chart("certainty", "Certainty", "Probability, gate and entropy of every word",
              lazy("hybridcore.caption.charts:certainty"), inside=True,
              note="Probability of each word, how much of the picture the network let in, and "
                   "the entropy over all candidate words."),
        Chart("tree", "Beam tree", "Every word that was followed, as a tree",
              lazy("hybridcore.caption.charts:beam_tree"), inside=True,
              note="Every word that was followed. The thick path is the best sentence; a larger "
                   "dot is a likelier word, given those before it."),
        Chart("sentences", "Sentences", "Table of all sentences with their log-probability",
              lazy("hybridcore.caption.charts:sentences"), inside=True),
        Chart("models", "Models side by side", "The best sentence of each model",
              lazy("hybridcore.caption.charts:models"), inside=True,
              note="Darker words are likelier. All decoded with the settings above."),
        Chart("fit", "Models and fit", "Table of the best sentence of each model",
              lazy("hybridcore.caption.charts:models_table"), inside=True,
              note="Fit: how well the alignment model finds that picture and sentence go "
                   "together."),
        Chart("alignment", "Alignment", "The picture with the regions that the phrases describe",
              lazy("hybridcore.caption.charts:alignment"), inside=True,
              note="The sentence, or your own, on the picture: each phrase has the colour of its "
                   "region; grey is the whole picture."),
        Chart("scores", "Alignment scores", "Score of every word for every region",
              lazy("hybridcore.caption.charts:alignment_scores"), inside=True,
              note="How much each word is about each of the 20 regions; the choice is framed."),
    ),
    states=lazy("hybridcore.caption.charts:states"),
    flow=lazy("hybridcore.caption.charts:flow"),
    exports=(
        Export(key="csv", title="CSV", file_name="captions.csv", mime="text/csv",
               write=lazy("hybridcore.caption.exports:write_csv"),
               write_all=lazy("hybridcore.caption.exports:write_csv_of_all")),
        Export(key="json", title="JSON", file_name="captions.json", mime="application/json",
               write=lazy("hybridcore.caption.exports:write_json"),
               write_all=lazy("hybridcore.caption.exports:write_json_of_all")),
        Export(key="vtt", title="VTT", file_name="captions.vtt", mime="text/vtt",
               write=lazy("hybridcore.caption.exports:write_vtt"),
               write_all=lazy("hybridcore.caption.exports:write_vtt_of_all"), fits=_of_video),
        Export(key="mp4", title="MP4 with subtitles", file_name="captions.mp4", mime="video/mp4",
               write=lazy("hybridcore.caption.exports:write_mp4"), slow=True, fits=_of_video),
    ),
    text=lazy("hybridcore.caption.exports:text"),
    headline=lazy("hybridcore.caption.exports:headline"),
    notes=lazy("hybridcore.caption.exports:notes"),
    rank=20,
)
