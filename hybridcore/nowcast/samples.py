"""The sample sequences: this project made their rain, so that what follows is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hybridcore.system import Sample, lazy


def _file(name: str) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        path: Path = lazy("hybridcore.nowcast.made_rain:write_sample")(
            f"nowcast-{name}", lazy(f"hybridcore.nowcast.made_rain:{name}"), folder)
        return path

    return made


SAMPLES = (
    Sample("band", "A band of rain", "Made: a band of rain moves east at 44 km/h, with cells in it "
           "that grow and decay. Two hours, of which the last one is kept from the forecast.",
           _file("band")),
    Sample("turn", "Showers that turn", "Made: showers go round a low, 25 degrees in an "
           "hour; each lives for one or two. The last hour is kept from the forecast.",
           _file("turning")),
    Sample("born", "A storm that is not there yet", "Made: light rain in the west, and a storm "
           "that forms in the dry east a few minutes after the forecast. No network that sees only "
           "rain can know of it.", _file("born"), fails=True),
)
