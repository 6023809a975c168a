"""Where the networks of spoken digits learn; never imported by the running application."""
