"""Grounds: snowy mountains, dunes, icebergs, a coast. Each is a landscape drawn from a seed.

The light of sun and sky does not depend on where a matte surface is seen from, so it is worked
out once for the whole field.
"""

from __future__ import annotations

import cv2
import numpy as np

from tools.scene.render.film import linear
from tools.scene.render.heightfield import HeightField
from tools.scene.render.landscape import Landscape
from tools.scene.render.light import cast_shadow, normals, openness, sun_direction
from tools.scene.render.noise import fractal, octave, ridged, warped
from tools.scene.render.sky import Sky
from tools.scene.render.water import Sea


def smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 below ``low``, 1 above ``high``, a smooth cubic between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Colours ``[..., 3]`` from ``a`` (share 0) to ``b`` (share 1); share ``[...]``."""
    return a + (b - a) * share[..., None]


def lit(
    albedo: np.ndarray, height: np.ndarray, cell: float, sky: Sky, *, radius: float,
    bounce: float = 0.06,
) -> np.ndarray:
    """Radiance of matte ground ``[N, N, 3]`` under sun and sky.

    radius: m within which neighbours hide the sky; bounce: light that the ground itself returns.
    """
    normal = normals(height, cell)
    sun = np.clip(normal @ sky.sun, 0, 1) * cast_shadow(height, cell, sky.sun)
    dome = openness(height, cell, radius) * (0.55 + 0.45 * normal[..., 2])
    ambient = sky.zenith * 0.8 + sky.horizon * 0.35
    light = sky.sun_colour * sun[..., None] + ambient * dome[..., None] + bounce * sky.sun_colour
    return (albedo * light).astype(np.float32)


def day_sky(
    azimuth: float, elevation: float, *, cover: float, seed: int, haze: float, warm: float = 0.0
) -> Sky:
    """A clear or cloudy sky; warm: 0 at noon to 1 at sunset."""
    return Sky(
        zenith=linear(52, 104, 186) * (1 - 0.45 * warm),
        horizon=linear(184, 208, 232) * (1 - warm) + linear(244, 204, 160) * warm,
        sun=sun_direction(azimuth, elevation),
        sun_colour=np.array([1.25, 1.17, 1.02], np.float32) * (1 - warm)
        + np.array([1.35, 0.86, 0.46], np.float32) * warm,
        cover=cover, seed=seed, haze=haze,
    )


def mountains(seed: int, *, size: int = 2048) -> Landscape:
    """Alpine ridges with snow, rock, meadows and forest: 20 km a side, summits near 2,500 m."""
    rng = np.random.default_rng(seed)
    cell = 20_000 / size
    shape = ridged(size, 4, 10, rng, gain=0.52)
    shape = warped(shape, size / 30 * np.stack([fractal(size, 5, 6, rng) for _ in range(2)]))
    broad = fractal(size, 3, 3, rng)
    rough = fractal(size, 40, 6, rng, gain=0.58)
    height = 2500 * shape / shape.max() * (0.85 + 0.5 * broad)
    height = (height + 90 * rough * smoothstep(300, 1200, height)).astype(np.float32)
    sky = day_sky(250, 34, cover=0.38, seed=seed + 1, haze=26_000)
    slope = normals(height, cell)[..., 2]
    patch, fine = fractal(size, 24, 6, rng), fractal(size, 160, 4, rng)
    rock = mix(linear(104, 98, 94), linear(142, 130, 118), smoothstep(-0.5, 0.5, fine))
    grass = mix(linear(70, 92, 44), linear(104, 112, 62), smoothstep(-0.4, 0.5, fine))
    forest = linear(28, 46, 28) * (1 + 0.7 * fine[..., None])
    albedo = mix(grass, forest, smoothstep(-0.1, 0.1, patch - (height - 600) / 600))
    steep = smoothstep(0.76, 0.62, slope + 0.10 * fine)
    bare = steep + smoothstep(1000, 1300, height + 300 * patch)
    albedo = mix(albedo, rock, np.clip(bare, 0, 1))
    line = smoothstep(850, 1250, height + 300 * patch + 120 * fine)
    albedo = mix(albedo, linear(246, 248, 252), line * smoothstep(0.52, 0.70, slope + 0.14 * fine))
    colour = lit(albedo, height, cell, sky, radius=500)
    grain = fractal(size, size // 8, 3, rng) * 0.5
    return Landscape(HeightField(height, colour, cell, 22_000), sky, grain=grain)


def dunes(seed: int, *, size: int = 2048) -> Landscape:
    """A sand sea: sharp-crested dunes up to 40 m high under a low sun, 4 km a side."""
    rng = np.random.default_rng(seed)
    cell = 4_000 / size
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    bend = fractal(size, 3, 4, rng, gain=0.42)
    height = np.zeros((size, size), np.float32)
    # Whole numbers of waves a side keep the field periodic.
    for waves_x, waves_y, peak, sway in ((11, 4, 46, 2.2), (23, -7, 15, 2.6), (53, 12, 2.4, 3.0)):
        phase = waves_x * x + waves_y * y + sway * bend
        bend = np.roll(bend, (size // 3, size // 5), (0, 1))
        rise = np.mod(phase, 1)
        # A long windward slope, a sharp crest, a slip face at the angle of repose.
        crest = np.where(rise < 0.7, np.sin(rise / 0.7 * np.pi / 2) ** 1.6,
                         (1 - (rise - 0.7) / 0.3) ** 1.25)
        height += peak * crest * np.clip(0.7 + 0.8 * octave(size, 9, rng), 0.1, None)
    height = cv2.GaussianBlur(height, (0, 0), 0.9) + 12 * fractal(size, 2, 2, rng)
    sky = day_sky(292, 17, cover=0.0, seed=seed + 1, haze=9_000, warm=0.35)
    tone = fractal(size, 12, 7, rng)
    albedo = mix(linear(206, 150, 96), linear(226, 178, 122), smoothstep(-0.5, 0.5, tone))
    colour = lit(albedo, height, cell, sky, radius=60, bounce=0.12)
    bent = 18 * fractal(size, 10, 5, rng)
    ripples = np.sin(2 * np.pi * (size / 12 * x + bent)) * (0.6 + 0.6 * fractal(size, 30, 3, rng))
    grain = (0.07 * ripples).astype(np.float32)
    return Landscape(HeightField(height, colour, cell, 7_000), sky, grain=grain)


def icebergs(seed: int, *, size: int = 2048) -> Landscape:
    """Icebergs in a cold sea: blocks with planar cuts and steep walls, 2.4 km a side."""
    rng = np.random.default_rng(seed)
    cell = 2_400 / size
    crumble = fractal(size, 40, 6, rng, gain=0.55)
    wander = fractal(size, 16, 4, rng)
    height = np.full((size, size), -25, np.float32)
    spots = [(1200.0, 900.0, 150.0, 62.0), (1010.0, 1180.0, 95.0, 34.0),
             (1420.0, 1240.0, 120.0, 46.0)]
    spots += [(*rng.uniform(0, 2400, 2), rng.uniform(14, 95), 0.0) for _ in range(46)]
    for east, north, radius, tall in spots:
        tall = tall or radius * rng.uniform(0.2, 0.5)  # the small ones are drawn
        reach = np.arange(-int(2.2 * radius / cell), int(2.2 * radius / cell) + 1)
        patch = np.ix_((int(north / cell) + reach) % size, (int(east / cell) + reach) % size)
        dy, dx = np.meshgrid(reach * cell, reach * cell, indexing="ij")
        top = tall * (0.72 + 0.25 * (dx * rng.uniform(-1, 1) + dy * rng.uniform(-1, 1)) / radius)
        for angle in rng.uniform(0, 2 * np.pi, 9):
            away = dx * np.cos(angle) + dy * np.sin(angle) + radius * 0.35 * wander[patch]
            wall = (radius * rng.uniform(0.55, 1.0) - away) * rng.uniform(0.9, 4.0)
            top = np.minimum(top, wall)
        for _ in range(3):  # towers and saddles
            px, py = rng.uniform(-0.45, 0.45, 2) * radius
            bump = 1 - np.hypot(dx - px, dy - py) / (radius * rng.uniform(0.3, 0.55))
            top = np.where(top > 0, top + tall * 0.5 * np.clip(bump, 0, 0.6), top)
        top = top + np.clip(top, 0, 8) / 8 * crumble[patch] * tall * 0.22
        height[patch] = np.maximum(height[patch], top)
    height = np.clip(height, -25, None).astype(np.float32)
    sky = day_sky(215, 30, cover=0.55, seed=seed + 1, haze=7_000)
    slope = normals(height, cell)[..., 2]
    snow = smoothstep(0.55, 0.85, slope + 0.1 * crumble)
    ice = mix(linear(150, 200, 222), linear(206, 228, 238), smoothstep(-0.4, 0.4, crumble))
    albedo = mix(ice, linear(244, 248, 252), snow)
    albedo = mix(albedo, linear(96, 178, 206), smoothstep(2.5, 0.0, height) * 0.8)
    colour = lit(albedo, height, cell, sky, radius=40, bounce=0.10)
    sea = Sea(deep=linear(14, 44, 66), shallow=linear(30, 92, 110), clarity=2.5, chop=0.10,
              swell=42, seed=seed + 2)
    return Landscape(HeightField(height, colour, cell, 6_000), sky, sea=sea)


def coast(seed: int, *, size: int = 2048) -> Landscape:
    """Green headlands, cliffs and a sandy bay over a turquoise sea: 6 km a side."""
    rng = np.random.default_rng(seed)
    cell = 6_000 / size
    broad = fractal(size, 2, 8, rng, gain=0.47)
    rough = ridged(size, 12, 7, rng)
    rise = broad - np.quantile(broad, 0.52)
    inland = np.clip(rise, 0, None)
    cliff = smoothstep(0.05, 0.09, rise + 0.05 * octave(size, 9, rng))
    height = np.where(rise > 0, 60 * inland + cliff * (38 + 150 * inland * rough), rise * 75)
    height = cv2.GaussianBlur(height.astype(np.float32), (0, 0), 0.8)
    sky = day_sky(235, 42, cover=0.30, seed=seed + 1, haze=14_000)
    slope = normals(height, cell)[..., 2]
    fine, patch = fractal(size, 120, 5, rng), fractal(size, 20, 5, rng)
    grass = mix(linear(84, 104, 50), linear(128, 126, 74), smoothstep(-0.4, 0.4, fine + patch))
    grass = mix(grass, linear(46, 66, 36), smoothstep(0.05, 0.2, patch + 0.6 * fine))
    rock = mix(linear(120, 106, 90), linear(172, 156, 134), smoothstep(-0.5, 0.5, fine))
    sand = linear(222, 204, 166) * (1 + 0.06 * fine[..., None])
    albedo = mix(sand, grass, smoothstep(3.5, 7.0, height + 2 * patch))
    albedo = mix(albedo, rock, smoothstep(0.88, 0.74, slope + 0.05 * fine))
    colour = lit(albedo, height, cell, sky, radius=60)
    sea = Sea(deep=linear(14, 66, 104), shallow=linear(60, 176, 186), clarity=1.6, chop=0.13,
              swell=46, foam=0.9, seed=seed + 2)
    grain = fractal(size, size // 8, 3, rng) * 0.4
    return Landscape(HeightField(height, colour, cell, 8_000), sky, grain=grain, sea=sea)
