"""A picture's bytes → facts.

read puts them together: boxes (may a HEIF be opened?) → exif (time, place, camera) → pixels (hashes, sharpness, preview) → thumbnail and screen
(edited? a screenshot?) → features (what finds parts of it
again; alike compares) → seal (did the phone door take it?); trouble says what stood in the way; copies are what people look at.
"""
