"""Files, folders, zips and films as one sequence, and every way in which that goes wrong."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media import Clip
from hybridcore.media.radar import RadarSequence
from hybridcore.media.radar.film import draw_map
from tests.media.radar import writers
from tests.media.radar.writers import START, later


def amounts(seed=0, shape=(40, 60)):
    """KNMI codes: rain of 1.2 mm/h in a block that moves, a column without data."""
    codes = np.zeros(shape, np.uint16)
    codes[10:20, 4 * seed : 4 * seed + 10] = 10
    codes[:, -10:] = 65535
    return codes


def files(steps, make=None):
    """KNMI files at so many minutes after the start."""
    make = make or (lambda k, time: writers.knmi(amounts(k), time))
    return {f"RAD_{later(minute):%Y%m%d%H%M}.h5": make(k, later(minute))
            for k, minute in enumerate(steps)}


def opened(tmp_path, content):
    return RadarSequence.open(writers.zipped(tmp_path / "fields.zip", content))


def test_a_zip_and_a_folder_of_files(tmp_path):
    content = files(range(0, 30, 5))
    radar = opened(tmp_path, {**content, "README.txt": b"Rain.", "__MACOSX/._a.h5": b"x"})
    assert radar.rates.shape == (6, 20, 30)  # 1 km becomes 2 km
    assert radar.minutes.tolist() == [0, 5, 10, 15, 20, 25]
    assert (radar.start, radar.step, radar.pixel_km) == (START, 5, 2)
    assert (radar.source, radar.name, radar.notes) == ("KNMI HDF5", "fields.zip", ())
    np.testing.assert_allclose(radar.rates[1, 5:10, 2:7], 1.2, rtol=1e-6)
    assert np.nansum(radar.rates[1]) == pytest.approx(25 * 1.2)
    assert np.isnan(radar.rates[:, :, 25:]).all()
    assert np.isfinite(radar.rates[:, :, :25]).all()
    assert radar.bounds == (0, -3_690_000, 60_000, -3_650_000)
    assert [radar.clock(minute) for minute in (0, 85)] == ["15:50 UTC", "17:15 UTC"]

    folder = tmp_path / "folder"
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    same = RadarSequence.open(folder, name="My storm")
    np.testing.assert_array_equal(same.rates, radar.rates)
    assert same.name == "My storm"
    assert len(same.digest) == 64
    before = same.digest
    (folder / name).write_bytes(writers.knmi(amounts(1), later(25)))
    assert RadarSequence.open(folder).digest != before


def test_names_say_the_time_where_the_file_does_not(tmp_path):
    codes = np.zeros((20, 20))
    codes[5, 5] = 128
    radar = opened(tmp_path, {f"radar_{later(10 * k):%Y%m%d_%H%M}.png": writers.shades(codes)
                              for k in range(4)})
    assert (radar.start, radar.step, radar.pixel_km, radar.bounds) == (START, 10, None, None)
    assert radar.source == "pictures"
    assert any("HKO-7" in note for note in radar.notes)
    assert any("Marshall-Palmer" in note for note in radar.notes)


def test_pictures_without_a_time_in_the_order_of_their_numbers(tmp_path):
    radar = opened(tmp_path, {f"frame-{k}.png": writers.shades(np.full((8, 8), k + 100))
                              for k in range(11)})
    assert (np.diff(radar.rates[:, 0, 0]) > 0).all()  # frame-10 comes last
    assert (radar.start, radar.step) == (None, 5)
    assert radar.clock(radar.minutes[5]) == "+25 min"
    assert radar.notes[0].startswith("The files say no times; 5 min")


def test_a_moving_gif(tmp_path):
    path = tmp_path / "rain.gif"
    path.write_bytes(writers.moving_gif([np.full((30, 20), 60 + 20 * k) for k in range(5)]))
    radar = RadarSequence.open(path)
    assert radar.rates.shape == (5, 30, 20)
    shades = 60 + 20 * np.arange(5)
    expected = (10 ** ((shades * 70 / 255 - 10) / 10) / 200) ** 0.625
    np.testing.assert_allclose(radar.rates[:, 3, 3], expected, rtol=1e-4)


@pytest.mark.parametrize("step", [2, 6, 15, 60])
def test_steps_stay_as_they_are(tmp_path, step):
    radar = opened(tmp_path, files(range(0, 5 * step, step)))
    assert (radar.step, len(radar.rates)) == (step, 5)
    assert radar.frames == 5 + 60 // step
    assert radar.duration == radar.frames / 4
    assert radar.film_times(3).tolist() == [0, 0.25, 0.5]
    assert any("too coarse" in note for note in radar.notes) == (step > 15)


def test_of_gaps_the_longest_part_is_read_and_of_equal_ones_the_latest(tmp_path):
    radar = opened(tmp_path, files([0, 5, 10, 25, 30, 35, 40, 55, 60]))
    assert (radar.start, len(radar.rates)) == (later(25), 4)
    assert radar.notes == ("There are gaps in time: the longest part without one is used, 4 of 9 "
                           "fields, 2021-07-04 16:15 to 16:30 UTC.",)
    assert opened(tmp_path, files([0, 5, 10, 15, 60, 65, 70, 75])).start == later(60)


def test_a_changing_grid_and_another_product(tmp_path):
    content = files(range(0, 25, 5)) | {
        "other-grid.h5": writers.knmi(amounts(shape=(44, 60)), later(25)),
        "other-product.hdf": writers.odim(np.ones((9, 9)), later(5))}
    radar = opened(tmp_path, content)
    assert radar.rates.shape == (5, 20, 30)
    assert "1 of another grid" in radar.notes[0]
    assert "1 fields of another product" in radar.notes[1]


def test_files_that_are_no_radar_and_times_that_come_twice(tmp_path):
    content = files(range(0, 20, 5)) | {
        "text.h5": b"no", "again.h5": writers.knmi(amounts(), later(5))}
    notes = opened(tmp_path, content).notes
    assert notes[0].startswith("1 of 6 files are left out: text.h5: This is no radar file")
    assert "1 fields are left out because others have the same time." in notes


def test_few_dry_and_empty_fields_are_said(tmp_path):
    dry = opened(tmp_path, files([0, 5], lambda k, time: writers.knmi(0 * amounts(), time)))
    assert "There are 2 fields only" in dry.notes[0]
    assert "It is dry" in dry.notes[1]
    nothing = np.full((40, 60), 65535, np.uint16)
    some = opened(tmp_path, files(range(0, 25, 5), lambda k, time: writers.knmi(
        nothing if k == 2 else amounts(k), time)))
    assert some.notes == ("1 of 5 fields hold no data at all.",)
    with pytest.raises(MediaError, match="no data anywhere"):
        opened(tmp_path, files([0, 5], lambda k, time: writers.knmi(nothing, time)))


def test_a_large_map_is_read_where_it_rains(tmp_path):
    values = np.zeros((500, 900))
    values[100:300, 600:800] = 2
    radar = opened(tmp_path, {f"{k}.hdf": writers.odim(values, later(15 * k)) for k in range(4)})
    assert radar.rates.shape == (4, 384, 384)
    assert (radar.rates[-1] >= 0.1).sum() == 200 * 200  # all of it
    assert radar.notes[0].startswith("The map is 1,800 x 1,000 km; the 768 x 768 km with most rain")
    x0, _, x1, y1 = radar.bounds
    assert x1 - x0 == pytest.approx(768_000, abs=1)
    assert x0 <= 1_200_000 <= 1_600_000 <= x1 + 1
    row, column = round((-2 * 100_000 - y1) / -2000), round((1_200_000 - x0) / 2000)
    assert radar.rates[0, row, column] == 2  # the corner of the rain lies where it lay
    assert radar.rates[0, row - 1, column] == radar.rates[0, row, column - 1] == 0


def test_latitudes_and_longitudes_become_square_pixels(tmp_path):
    codes = np.full((200, 200), 42)
    radar = opened(tmp_path, {f"{k}.grib2.gz": writers.gzipped(writers.grib(codes, later(2 * k)))
                              for k in range(4)})
    assert radar.pixel_km == 2
    assert radar.rates.shape == (4, 111, 86)  # 222.4 x 172.8 km, in 39 degrees north
    np.testing.assert_allclose(radar.rates, 1.2, rtol=1e-5)


def test_impossible_rates_are_bounded_before_they_are_averaged(tmp_path):
    values = np.zeros((40, 40))
    values[0, 0] = 1e6
    radar = opened(tmp_path, {f"{k}.hdf": writers.odim(values, later(5 * k), km=1)
                              for k in range(4)})
    assert radar.rates.max() == 50  # 200 mm/h in one of four pixels


def colour_gif():
    random = np.random.default_rng(1)
    return [Image.fromarray(random.integers(0, 255, (32, 32, 3), np.uint8)) for _ in range(4)]


def test_a_photograph_a_text_and_one_field_are_refused(tmp_path):
    first, *others = colour_gif()
    first.save(tmp_path / "holiday.gif", save_all=True, append_images=others)
    first.save(tmp_path / "cat.png")
    (tmp_path / "notes.h5").write_text("It rains.")
    (tmp_path / "one.h5").write_bytes(writers.knmi(amounts()))
    (tmp_path / "cut.h5").write_bytes(writers.knmi(amounts())[:4000])
    writers.zipped(tmp_path / "empty.zip", {"a.txt": b"a"})
    writers.zipped(tmp_path / "far.zip", files([0, 180]))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + bytes(50))
    for name, words in {
            "holiday.gif": "has colours", "cat.png": "has colours", "notes.h5": "no radar file",
            "one.h5": "one radar field only", "cut.h5": "damaged", "empty.zip": "no radar files",
            "far.zip": "180 min apart", "missing.h5": "There is no file",
            "broken.zip": "an archive"}.items():
        with pytest.raises(MediaError, match=words):
            RadarSequence.open(tmp_path / name)


def test_a_field_that_cannot_be_decoded_is_no_data(tmp_path):
    """A GRIB file whose head is whole and whose picture is not."""
    codes = np.random.default_rng(0).integers(30, 60, (60, 60))
    content = {f"{k}.grib2": writers.grib(codes, later(2 * k)) for k in range(5)}
    whole = content["1.grib2"]
    at = whole.index(b"IDAT") + 40
    content["1.grib2"] = whole[:at] + bytes(60) + whole[at + 60 :]
    radar = opened(tmp_path, content)
    assert "1 of 5 fields are damaged and stand as no data." in radar.notes
    assert np.isnan(radar.rates[1]).all()
    assert np.isfinite(radar.rates[[0, 2, 3, 4]]).all()


def test_a_decoder_that_dies_speaks_of_radar():
    from hybridcore.media.prefetch import Patience
    from hybridcore.media.wire import REMEDIES, died

    assert "radar files" in str(died("radar"))
    patience = Patience(0, None, REMEDIES["radar"])
    patience.begin()
    with pytest.raises(MediaError, match="fewer radar files"):
        patience.check()
    assert "MP4" in str(died("look"))


def test_the_film_is_a_still_map_on_the_clock_of_the_fields(tmp_path):
    radar = opened(tmp_path, files(range(0, 30, 5), lambda k, time: writers.knmi(
        amounts(k, (200, 300)), time)))
    clip = Clip.open(radar.browser_copy(tmp_path))
    assert (clip.info.width, clip.info.height) == radar.size == (600, 400)
    assert clip.info.frame_count == radar.frames == 6 + 12
    assert clip.duration == pytest.approx(radar.duration) == 4.5
    frames = clip.frames_at([0, 4.4])
    assert np.abs(frames[0].astype(int) - frames[1]).max() <= 12
    picture = draw_map(radar)
    assert picture.min() > 200  # quiet
    seen, unseen = picture[390, 310], picture[390, 590]
    assert (unseen < seen).all()
    # Lines of the projection every 50 km: x = 50, 100, ... and y = -3700, ... km, 2 px a km.
    line = picture[:, 100].astype(int) - picture[:, 103]
    assert (line[150:380, 0] < 0).mean() > 0.9
    assert radar.browser_copy(tmp_path).stat().st_size < 100_000


def test_the_small_picture(tmp_path):
    radar = opened(tmp_path, files(range(0, 20, 5)))
    small = radar.thumbnail(160)
    assert small.shape == (107, 160, 3)
    assert small.dtype == np.uint8
    assert small[40, 20, 2] > small[40, 20, 0] + 30  # rain is blue
    assert small[5, 155, 0] < small[5, 80, 0]  # no data is darker than dry


def test_not_more_than_twelve_hours_of_five_minutes(tmp_path):
    radar = opened(tmp_path, {f"{writers.later(5 * k):%Y%m%d%H%M}.png": writers.shades(
        np.full((4, 4), 90)) for k in range(150)})
    assert len(radar.rates) == 144
    assert radar.start == START + timedelta(minutes=30)
    assert radar.start.tzinfo == UTC
    assert isinstance(radar.start, datetime)
