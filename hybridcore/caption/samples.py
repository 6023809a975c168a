"""The sample photographs of the caption page, read from inside installed packages.

scikit-learn and scikit-image carry them for their own examples; they are not ours to pass on, so
nothing is copied. None of them is in Flickr8k.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hybridcore.media.picture import picture_file


@dataclass(frozen=True)
class SamplePhoto:
    """title: for a person; package and file: where the photograph lies."""

    title: str
    package: str
    file: str

    @property
    def path(self) -> Path:
        """The file in the installed package.

        Raises:
            MediaError: the package or the photograph is not installed.
        """
        return picture_file(self.package, self.file)

    @property
    def origin(self) -> str:
        """The project that the photograph comes with."""
        return {"skimage": "scikit-image", "sklearn": "scikit-learn"}[self.package]


SAMPLES = (
    SamplePhoto("Cat", "skimage", "data/chelsea.png"),
    SamplePhoto("Astronaut", "skimage", "data/astronaut.png"),
    SamplePhoto("Cameraman", "skimage", "data/camera.png"),
    SamplePhoto("Motorcycle", "skimage", "data/motorcycle_left.png"),
    SamplePhoto("Coffee", "skimage", "data/coffee.png"),
    SamplePhoto("Rocket", "skimage", "data/rocket.jpg"),
    SamplePhoto("Palace", "sklearn", "datasets/images/china.jpg"),
    SamplePhoto("Flower", "sklearn", "datasets/images/flower.jpg"),
)
