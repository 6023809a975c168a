"""Errors whose text is meant for the person in front of the screen.

`str(error)` is one sentence that says what is wrong and what to do about it.
"""


class HybridCoreError(Exception):
    """Base of every error this project raises on purpose."""


class MediaError(HybridCoreError):
    """A video, picture or sound file cannot be used."""


class TextError(HybridCoreError):
    """A text that a person gave cannot be used."""


class OptionError(HybridCoreError):
    """An option has a value that it does not take."""


class WeightsError(HybridCoreError):
    """A weights file is missing, damaged or does not fit its model."""


class BusyError(HybridCoreError):
    """Somebody asks for more at once than their share."""


class Cancelled(HybridCoreError):
    """The caller asked for the work to stop, so its result is incomplete."""


class NotYet(HybridCoreError):
    """What is known so far holds nothing of what is asked for; once the work is done it will."""
