"""The serving half: Flask routes over an opened release."""
