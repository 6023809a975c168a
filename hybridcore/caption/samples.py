"""The samples of the caption page: photographs inside installed packages, and pictures and a clip
that this project rendered.

scikit-image and scikit-learn carry the photographs for their own examples; they are not ours to
pass on, so nothing is copied. None of them is in Flickr8k. First come those whose sentence is
right, by somebody's own eyes, and one where "not sure" is; then those that show where it fails.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hybridcore.cards import ASSETS
from hybridcore.system import Sample, lazy

_CLIPS = ASSETS / "samples"
_picture_file = lazy("hybridcore.media.picture:picture_file")
_part_of_frame = lazy("hybridcore.caption.crops:of_frame")


def _photograph(package: str, name: str, folder: Path) -> Path:
    photograph: Path = _picture_file(package, name)
    return photograph


SAMPLES = (
    Sample("cameraman", "Cameraman", "Comes with scikit-image.",
           partial(_photograph, "skimage", "data/camera.png")),
    Sample("astronaut", "Astronaut", "Comes with scikit-image.",
           partial(_photograph, "skimage", "data/astronaut.png")),
    Sample("rocket", "Rocket", "It does not know rockets, and says so. Comes with scikit-image.",
           partial(_photograph, "skimage", "data/rocket.jpg")),
    Sample("cat", "Cat",
           "The cat is right; that it lies on something green is made up. Show, Attend and Tell "
           "takes it for a dog: hardly any cat is in the photographs that it learned from. Comes "
           "with scikit-image.",
           partial(_photograph, "skimage", "data/chelsea.png"), fails=True),
    Sample("coffee", "Cup of coffee",
           "The cup of coffee is right; its orange saucer is taken for a bowl of oranges. Leave "
           "the bowl out, beside the picture. Comes with scikit-image.",
           partial(_photograph, "skimage", "data/coffee.png"), fails=True),
    Sample("pagoda", "Pagoda",
           "The temple is right; it is the building, and hardly blue. Comes with scikit-learn.",
           partial(_photograph, "sklearn", "datasets/images/china.jpg"), fails=True),
    Sample("brick-wall", "By a brick wall",
           "The blue shirt is right; the wall is not seen, and people are made up. Part of a frame "
           "that this project rendered.",
           partial(_part_of_frame, _CLIPS / "gait-one.mp4", 100, (152, 97, 386, 331)),
           fails=True),
    Sample("motorcycle", "Motorcycle",
           "The motorcycle is right; its colour and the place are made up. Show, Attend and Tell "
           "makes up its rider. Comes with scikit-image.",
           partial(_photograph, "skimage", "data/motorcycle_left.png"), fails=True),
    Sample("rendered-tour", "Video: rendered tour",
           "Landscapes that nobody photographed: the words are mostly right, the sentences less. "
           "Show, Attend and Tell puts a person or a dog into each. Rendered by this project.",
           _CLIPS / "rendered-tour.mp4", _CLIPS / "rendered-tour.jpg", fails=True),
)
