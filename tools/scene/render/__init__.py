"""A small renderer in numpy: landscapes, a corridor and a city, seen by a moving camera.

World coordinates are in metres: x to the east, y to the north, z up. Pictures are linear radiance,
float32 ``[H, W, 3]``, where one is white paper in the sun, until ``film.develop`` makes them uint8.
"""
