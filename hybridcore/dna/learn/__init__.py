"""Where the DNA networks learn; never imported by the running application."""
