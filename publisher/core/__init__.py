"""What both halves share: settings, terms, formats, errors and the release folder."""
