"""The sample clips of the gesture room: hands and bodies that this project rendered."""

from __future__ import annotations

from hybridcore.system import Sample

SAMPLES: tuple[Sample, ...] = ()
