"""The samples of the caption page: photographs inside installed packages, and two clips that the
scene labeller shows too.

scikit-learn and scikit-image carry the photographs for their own examples; they are not ours to
pass on, so nothing is copied. None of them is in Flickr8k.
"""

from __future__ import annotations

from pathlib import Path

from hybridcore.cards import ASSETS
from hybridcore.system import Sample, lazy

_ORIGINS = {"skimage": "scikit-image", "sklearn": "scikit-learn"}
_picture_file = lazy("hybridcore.media.picture:picture_file")


def _photograph(title: str, package: str, path: str) -> Sample:
    def file(folder: Path) -> Path:
        photograph: Path = _picture_file(package, path)
        return photograph

    return Sample(title.lower(), title, f"Comes with {_ORIGINS[package]}.", file)


SAMPLES = (
    _photograph("Cat", "skimage", "data/chelsea.png"),
    _photograph("Astronaut", "skimage", "data/astronaut.png"),
    _photograph("Cameraman", "skimage", "data/camera.png"),
    _photograph("Motorcycle", "skimage", "data/motorcycle_left.png"),
    _photograph("Coffee", "skimage", "data/coffee.png"),
    _photograph("Rocket", "skimage", "data/rocket.jpg"),
    _photograph("Palace", "sklearn", "datasets/images/china.jpg"),
    _photograph("Flower", "sklearn", "datasets/images/flower.jpg"),
    Sample(
        "photographs", "Video: photographs", "A camera moves over such photographs.",
        lazy("hybridcore.scene.photographs:film"),
        lazy("hybridcore.scene.photographs:thumbnail")),
    Sample(
        "rendered-tour", "Video: rendered tour", "Rendered by this project.",
        ASSETS / "samples" / "rendered-tour.mp4", ASSETS / "samples" / "rendered-tour.jpg"),
)
