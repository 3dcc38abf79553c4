"""A picture's bytes → facts.

read puts them together: exif (time, place, camera) → pixels (hashes, sharpness, preview) → thumbnail and screen
(edited? a screenshot?); trouble says what stood in the way.
"""
