"""Which codecs are decoded: those of phones, cameras, screen recorders and browsers.

FFmpeg has hundreds of decoders, most of them for formats that nobody brings and few people test;
each is a way in for a hostile file. The names are those of FFmpeg's decoders.
"""

from __future__ import annotations

_VIDEO = (
    "h264", "hevc", "av1", "libdav1d", "vp8", "vp9", "libvpx", "libvpx-vp9",  # of today
    "mpeg4", "mpeg2video", "mpeg1video", "h263", "mjpeg", "dvvideo",  # of older cameras
    "prores", "qtrle", "rawvideo",  # of editors and screen recorders
    "wmv2", "wmv3", "vc1", "flv", "theora",  # of older computers
)
_SOUND = (
    "aac", "aac_latm", "opus", "mp3", "mp3float", "vorbis", "flac", "alac", "ac3", "eac3",
    "mp2", "mp2float", "amrnb", "amrwb", "wmav2", "adpcm_ima_wav", "adpcm_ima_qt",
    # Uncompressed: nothing to decode.
    "pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be",
    "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_mulaw", "pcm_alaw", "pcm_dvd", "pcm_bluray",
)

ALLOWED = frozenset(_VIDEO + _SOUND)
WHITELIST = ",".join(_VIDEO + _SOUND)  # as FFmpeg takes it
