"""Bodies, hands and faces in video: MediaPipe's networks, and who is who from frame to frame."""
