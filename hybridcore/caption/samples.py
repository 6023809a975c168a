"""The samples of the caption page: photographs inside installed packages, and clips of the scene
labeller.

scikit-learn and scikit-image carry the photographs for their own examples; they are not ours to
pass on, so nothing is copied. None of them is in Flickr8k.
"""

from __future__ import annotations

from pathlib import Path

from hybridcore.system import Sample, lazy
from hybridcore.systems import systems

_ORIGINS = {"skimage": "scikit-image", "sklearn": "scikit-learn"}
_picture_file = lazy("hybridcore.media.picture:picture_file")


def _photograph(title: str, package: str, path: str) -> Sample:
    def file(folder: Path) -> Path:
        found: Path = _picture_file(package, path)
        return found

    return Sample(title.lower(), title, f"Comes with {_ORIGINS[package]}.", file)


def _clip(key: str, title: str, caption: str) -> Sample:
    """A sample of the scene labeller, whose segments are captioned."""
    def sample() -> Sample:
        return next(sample for sample in systems()["scene"].samples if sample.key == key)

    def thumbnail(folder: Path) -> Path:
        small = sample().thumbnail
        if small is None:
            raise ValueError(f"the sample {key} of scene labelling has no thumbnail")
        return small if isinstance(small, Path) else small(folder)

    return Sample(key, title, caption, lambda folder: sample().path(folder), thumbnail)


SAMPLES = (
    _photograph("Cat", "skimage", "data/chelsea.png"),
    _photograph("Astronaut", "skimage", "data/astronaut.png"),
    _photograph("Cameraman", "skimage", "data/camera.png"),
    _photograph("Motorcycle", "skimage", "data/motorcycle_left.png"),
    _photograph("Coffee", "skimage", "data/coffee.png"),
    _photograph("Rocket", "skimage", "data/rocket.jpg"),
    _photograph("Palace", "sklearn", "datasets/images/china.jpg"),
    _photograph("Flower", "sklearn", "datasets/images/flower.jpg"),
    _clip("photographs", "Video: photographs", "A camera moves over such photographs."),
    _clip("rendered-tour", "Video: rendered tour", "Rendered by this project."),
)
