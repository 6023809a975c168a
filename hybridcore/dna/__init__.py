"""DNA: which proteins would bind to a sequence, letter by letter."""
