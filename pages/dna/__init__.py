"""What the page of DNA has and no other page."""
