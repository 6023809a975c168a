"""Image captioning: a sentence for a photograph, and what stood behind every word of it."""
