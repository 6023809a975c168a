"""Where the gesture networks learn; never imported by the running application."""
