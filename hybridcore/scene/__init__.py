"""Scene labelling: what a frame shows, remembered from the frames before."""
