"""What the page of rain in the next hour has that no other has."""
