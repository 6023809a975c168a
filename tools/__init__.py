"""What draws the samples and makes the sounds that ship; the library never imports it."""
