"""Gait: silhouettes from video, gait energy images, and who is walking."""
