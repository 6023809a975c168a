"""However a tool writes its masks, the walk in them is the same."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hybridcore.gait.mask_set import MaskSet
from hybridcore.gait.mask_values import Survey
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.result import GaitResult
from hybridcore.media.picture_values import values_of
from tests.gait.walkers import HEIGHT, WIDTH, Actor, draw, masks

SECONDS = 2.4
ONE, OTHER = Actor(), Actor(start=280, speed=-60, tall=80, step=0.6)
CASES = Path(__file__).parents[2] / "../shared/cases"

Picture = Callable[[np.ndarray], Image.Image]  # of a person, bool [H, W]


@pytest.fixture(scope="module")
def person() -> np.ndarray:
    """bool ``[T, H, W]``."""
    return masks(ONE, SECONDS) > 0


def written(path: Path, pictures: list[Image.Image], ending: str = "png", **options: int) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for k, picture in enumerate(pictures, 1):
            content = io.BytesIO()
            picture.save(content, Image.registered_extensions()[f".{ending}"], **options)
            archive.writestr(f"walk/{k:03d}.{ending}", content.getvalue())
    return path


def grey(low: int, high: int) -> Picture:
    return lambda mask: Image.fromarray(np.where(mask, high, low).astype(np.uint8))


def deep(low: int, high: int) -> Picture:
    return lambda mask: Image.fromarray(np.where(mask, high, low).astype(np.uint16))


def palette(low: tuple[int, ...], high: tuple[int, ...], index: int = 1) -> Picture:
    def make(mask: np.ndarray) -> Image.Image:
        picture = Image.fromarray((mask * index).astype(np.uint8))
        picture.putpalette([*low] * index + [*high])
        return picture

    return make


def colour(low: tuple[int, ...], high: tuple[int, ...]) -> Picture:
    return lambda mask: Image.fromarray(
        np.where(mask[..., None], np.array(high), np.array(low)).astype(np.uint8),
        {2: "LA", 3: "RGB", 4: "RGBA"}[len(high)])


def clothed(mask: np.ndarray) -> Image.Image:
    """A photograph of which all but the person is transparent."""
    photograph = np.random.default_rng(0).integers(0, 256, (*mask.shape, 3), np.uint8)
    return Image.fromarray(np.dstack([photograph, mask.astype(np.uint8) * 255]), "RGBA")


def soft(mask: np.ndarray) -> Image.Image:
    """As a network gives it: between 0 and 255 along the rim."""
    small = Image.fromarray(mask).convert("L").resize((WIDTH // 2, HEIGHT // 2), Image.BOX)
    return small.resize((WIDTH, HEIGHT), Image.BICUBIC)


WAYS: dict[str, Picture] = {
    **{str(value): grey(0, value) for value in (1, 3, 15, 100, 127, 128, 254, 255)},
    "black on white": grey(255, 0), "0 on 1": grey(1, 0), "dark on grey": grey(200, 60),
    "16 bits, 1": deep(0, 1), "16 bits, 2001": deep(0, 2001), "16 bits, full": deep(0, 65535),
    "16 bits, inverse": deep(65535, 0),
    "bits": Image.fromarray,
    "palette": palette((0, 0, 0), (128, 0, 0)), "palette, inverse": palette(
        (255, 255, 255), (0, 0, 0)), "palette without colours": palette((0, 0, 0), (0, 0, 0)),
    "palette, index 7": palette((0, 0, 0), (0, 0, 60), 7),
    "red": colour((0, 0, 0), (255, 0, 0)), "navy": colour((0, 0, 0), (0, 0, 90)),
    "red on white": colour((255, 255, 255), (255, 0, 0)), "white": colour((0,) * 3, (255,) * 3),
    "RGBA": clothed, "RGBA, black": colour((0, 0, 0, 0), (0, 0, 0, 255)),
    "RGBA, opaque": colour((0, 0, 0, 255), (255, 255, 255, 255)),
    "RGBA, a hole": colour((255, 255, 255, 255), (0, 0, 0, 0)),
    "LA": colour((90, 0), (90, 255)), "LA, opaque": colour((0, 255), (3, 255)),
    "soft": soft, "soft, inverse": lambda mask: soft(~mask),
    "floats": lambda mask: Image.fromarray(mask.astype(np.float32)),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_person_however_written(way: str, person: np.ndarray, tmp_path: Path) -> None:
    path = written(tmp_path / "in.zip", [WAYS[way](mask) for mask in person],
                   "tif" if way == "floats" else "png")
    (walk,) = MaskSet.open(path).walks
    assert not walk.people
    read = np.stack([*walk.masks()]) > 0
    if way.startswith("soft"):
        assert (read & person).sum() / (read | person).sum() > 0.85
    else:
        assert (read == person).all()


@pytest.mark.parametrize("quality", [60, 95])
@pytest.mark.parametrize("way", ["100", "255", "black on white", "red", "red on white"])
def test_lossy_pictures(way: str, quality: int, person: np.ndarray, tmp_path: Path) -> None:
    pictures = [WAYS[way](mask).convert("RGB") for mask in person]
    path = written(tmp_path / "in.zip", pictures, "jpg", quality=quality)
    (walk,) = MaskSet.open(path).walks
    assert not walk.people
    read = np.stack([*walk.masks()]) > 0
    assert (read & person).sum() / (read | person).sum() > 0.9


def drawn(parts: list[tuple[Actor, int]], seconds: float = SECONDS) -> list[np.ndarray]:
    """uint8 ``[H, W]`` a frame, each actor in a value of their own, later ones in front."""
    frames = [np.zeros((HEIGHT, WIDTH), np.uint8) for _ in range(round(seconds * 25))]
    for k, frame in enumerate(frames):
        for actor, value in parts:
            draw(frame, actor, k / 25, value)
    return frames


def coloured(ids: np.ndarray) -> Image.Image:
    table = np.random.default_rng(1).integers(0, 256, (256, 3), np.uint8)
    table[0] = 0
    return Image.fromarray(table[ids])


def with_palette(ids: np.ndarray) -> Image.Image:
    picture = Image.fromarray(ids)
    picture.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0])
    return picture


PEOPLE: dict[str, tuple[tuple[int, int], Callable[[np.ndarray], Image.Image]]] = {
    "1, 2": ((1, 2), Image.fromarray), "3, 200": ((3, 200), Image.fromarray),
    "128, 255": ((128, 255), Image.fromarray), "85, 170": ((85, 170), Image.fromarray),
    "palette": ((1, 2), with_palette), "colours": ((1, 2), coloured),
    "16 bits": ((1, 2), lambda ids: Image.fromarray(np.array([0, 2001, 2002], np.uint16)[ids])),
}


@pytest.mark.parametrize("way", PEOPLE)
def test_ids_are_people_also_while_they_cross(
    way: str, recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    (first, second), make = PEOPLE[way]
    frames = [make(ids) for ids in drawn([(ONE, first), (OTHER, second)], 4.0)]
    result = recogniser.run(MaskSet.open(written(tmp_path / "in.zip", frames)))
    cadences = sorted(round(walk.rhythm.cadence or 0) for walk in result.walks)
    assert cadences == pytest.approx([100, 120], abs=3)
    assert len({walk.name for walk in result.walks}) == 2
    for walk in result.walks:
        assert walk.name.startswith("walk, person ")
        assert len(walk.frames) == 100


def test_parts_of_a_body_are_one_person(person: np.ndarray, tmp_path: Path) -> None:
    """Head, trunk and legs in three values."""
    rows = np.arange(HEIGHT)[:, None]
    parts = np.select([rows < 92, rows < 120], [4, 9], 2)
    pictures = [Image.fromarray((mask * parts).astype(np.uint8)) for mask in person]
    (walk,) = MaskSet.open(written(tmp_path / "in.zip", pictures)).walks
    assert len(walk.people) == 1
    assert ((np.stack([*walk.masks()]) > 0) == person).all()


def test_the_shadow_of_a_background_model_is_nobody(person: np.ndarray, tmp_path: Path) -> None:
    """OpenCV marks it with 127; it begins at the feet and lies beside them."""
    pictures = []
    for mask in person:
        picture = np.where(mask, 255, 0).astype(np.uint8)
        columns = np.flatnonzero(mask.any(0))
        feet = np.flatnonzero(mask.any(1))[-1]
        shadow = np.zeros_like(mask)
        shadow[feet - 20 : feet, columns[0] : columns[-1] + 40] = True
        picture[shadow & ~mask] = 127
        pictures.append(Image.fromarray(picture))
    (walk,) = MaskSet.open(written(tmp_path / "in.zip", pictures)).walks
    assert ((np.stack([*walk.masks()]) > 0) == person).all()


def test_frames_without_a_person_and_full_ones(person: np.ndarray, tmp_path: Path) -> None:
    frames = [*person[:30], *np.zeros((20, HEIGHT, WIDTH), bool), np.ones((HEIGHT, WIDTH), bool)]
    for way in ("3", "RGBA", "black on white"):
        path = written(tmp_path / f"{way}.zip", [WAYS[way](mask) for mask in frames])
        (walk,) = MaskSet.open(path).walks
        read = np.stack([*walk.masks()]) > 0
        assert (read[:50] == np.stack(frames[:50])).all()


def test_the_background_is_what_most_borders_hold() -> None:
    survey = Survey()
    torso = np.zeros((60, 40), np.int32)
    torso[20:, 10:30] = 3  # cut off by the lower edge
    survey.add(torso, exact=True)
    assert survey.background == 0
    assert survey.meaning([]).label(torso).sum() == 800


def test_a_flipped_bit_is_seen(person: np.ndarray) -> None:
    content = io.BytesIO()
    Image.fromarray(person[0]).convert("L").save(content, "PNG")
    damaged = bytearray(content.getvalue())
    damaged[len(damaged) // 2] ^= 0x10
    with pytest.raises(Exception, match=r"^a\.png is not a picture, or it is damaged\.$"):
        values_of(bytes(damaged), "a.png")


@pytest.mark.parametrize(("name", "walks"), [
    ("masks-ids", ["walk"]), ("masks-rgba", ["walk"]), ("masks-tight", ["walk"]),
    ("masks-gap", ["walk"]), ("masks-appledouble", ["walk"]), ("masks-onebad", ["walk"]),
    ("masks-back", ["001/nm-01/090", "002/nm-01/090"]),
])
def test_sets_that_were_read_wrongly(
    name: str, walks: list[str], recogniser: GaitRecogniser
) -> None:
    path = CASES / f"{name}.zip"
    if not path.is_file():
        pytest.skip("the collection of cases is not here")
    result: GaitResult = recogniser.run(MaskSet.open(path))
    assert [walk.name for walk in result.walks] == walks
    for walk in result.walks:
        assert walk.rhythm.cadence == pytest.approx(120, abs=2)
    silhouettes = {"masks-gap": 67, "masks-onebad": 99, "masks-back": 50}.get(name, 100)
    assert len(result.walks[0].frames) == silhouettes
    assert any("walk/050.png" in note for note in result.notes) == (name == "masks-onebad")
    assert any("walk/._001.png" in note for note in result.notes) == (name == "masks-appledouble")
