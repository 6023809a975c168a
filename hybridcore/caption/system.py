"""Image captioning as a system: what it reads, which models it has, what it shows."""

from __future__ import annotations

from hybridcore.caption.options import OPTIONS
from hybridcore.caption.samples import SAMPLES
from hybridcore.caption.tour import TOUR
from hybridcore.system import Answer, Chart, Export, Kind, Reader, System, lazy


def _of_video(answer: Answer) -> bool:
    return answer.result.spans is not None


_ALONE = ("Too little supports a sentence here, so words stand alone. Choose one of the sentences "
          "that it would guess.")
_UNSAID = "There is no sentence to align here; write your own under Options."

SYSTEM = System(
    key="caption",
    title="Image captioning",
    icon=":material/image_search:",
    sentence="Drop a photo or a video: a sentence appears word by word, and on each word what it "
             "rests on in the picture, its other candidates, and what its LSTM held.",
    papers=(
        "Xu et al., Show, Attend and Tell: Neural Image Caption Generation with Visual Attention, "
        "ICML 2015",
        "Vinyals et al., Show and Tell: A Neural Image Caption Generator, CVPR 2015",
        "Fang et al., From Captions to Visual Concepts and Back, CVPR 2015 (words seen)",
        "Karpathy & Fei-Fei, Deep Visual-Semantic Alignments for Generating Image Descriptions, "
        "CVPR 2015",
    ),
    limits=(
        "See, then say names some 400 common words that it sees and the encoder's objects; "
        "colours, places and what lies beside the main thing are wrong in half of its sentences. "
        "Where too little is seen it is not sure.",
        "Show, Attend and Tell and Show and Tell learned from 6,000 photographs, most of them of "
        "people and dogs outdoors, and describe anything else as the nearest of these.",
        "Boxes follow where words are seen, in cells of 7 x 7: roughly where, never an outline, "
        "and one box for several things side by side. Without any the aligner has 20 fixed ones.",
    ),
    reads=(
        Reader("picture", lazy("hybridcore.media.picture:Picture.open")),
        Reader("video", lazy("hybridcore.media.clip:Clip.open"), needs=("scene",)),
    ),
    kinds=(
        Kind("say", "See, then say", "caption_say"),
        Kind("attend", "Show, Attend and Tell", "caption_attend"),
        Kind("tell", "Show and Tell", "caption_tell"),
    ),
    cards=("encoder", "encoder_words", "caption_align"),
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
              note="What each word rests on, in 7 x 7 cells, drawn from the darkest to the "
                   "brightest of its map. See, then say: where the word was seen; a word that "
                   "language added has no map. Show, Attend and Tell: where the network looked "
                   "before the word. Show and Tell reads the picture once, before the first word; "
                   "it has no map."),
        Chart("words", "Words seen", "The picture once for each word that was seen in it",
              lazy("hybridcore.caption.charts:words_seen"), inside=True,
              empty="No word is sure enough here.",
              note="A network names what is in the picture; each word has a map of where it was "
                   "seen, and the probability that it is right. See, then say makes its sentence "
                   "of these."),
        Chart("regions", "Regions", "The picture with a box for each thing that was seen in it",
              lazy("hybridcore.caption.charts:regions"), inside=True,
              empty="What is seen here has no place of its own: the picture as a whole gives it.",
              note="Where each thing was seen, with the colour that is seen there; choose one in "
                   "the list to see its map. The alignment of a sentence is among these boxes."),
        Chart("support", "Words said", "The sentence word by word, with what supports each word",
              lazy("hybridcore.caption.charts:support"), inside=True,
              empty="Only See, then say knows what supports its words.",
              note="It names no thing and no colour that was not seen."),
        Chart("hearing", "Words heard", "How much each seen word was heard before each word said",
              lazy("hybridcore.caption.charts:hearing"), inside=True,
              empty="Only See, then say hears words, and only for a sentence.",
              note="Attention over the words that were seen, before each word of the sentence."),
        Chart("alternatives", "Alternatives", "The ten likeliest words at every step",
              lazy("hybridcore.caption.charts:alternatives"), inside=True, empty=_ALONE,
              note="The ten likeliest words at every step; the one chosen is framed."),
        Chart("certainty", "Certainty", "Probability, gate and entropy of every word",
              lazy("hybridcore.caption.charts:certainty"), inside=True, empty=_ALONE,
              note="Probability of each word, how much of the picture the network let in, and "
                   "the entropy over all candidate words."),
        Chart("tree", "Beam tree", "Every word that was followed, as a tree",
              lazy("hybridcore.caption.charts:beam_tree"), inside=True,
              empty="There is nothing to say here, so nothing was followed.",
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
              lazy("hybridcore.caption.charts:alignment"), inside=True, empty=_UNSAID,
              note="The sentence, or your own, on the picture: each phrase has the colour of its "
                   "region; grey is the whole picture."),
        Chart("scores", "Alignment scores", "Score of every word for every region",
              lazy("hybridcore.caption.charts:alignment_scores"), inside=True, empty=_UNSAID,
              note="How much each word is about each region; the choice is framed."),
    ),
    events=lazy("hybridcore.caption.view:events"),
    states=lazy("hybridcore.caption.charts:states"),
    flow=lazy("hybridcore.caption.charts:flow"),
    worked=lazy("hybridcore.caption.charts:context_feature"),
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
    tour=TOUR,
)
