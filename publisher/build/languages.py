"""Language tags (BCP 47): which are known, by the names that Unicode's CLDR has for their parts."""

import difflib

from babel import Locale
from babel.core import parse_locale

_ENGLISH = Locale("en")


def is_known(tag: str) -> bool:
    """Whether a tag is well formed and its language, script and region exist."""
    try:
        language, territory, script = parse_locale(tag, sep="-")[:3]
    except ValueError:
        return False
    return (
        language in _ENGLISH.languages
        and (territory is None or territory in _ENGLISH.territories)
        and (script is None or script in _ENGLISH.scripts)
    )


def suggest_tag(word: str) -> str:
    """A hint for somebody who wrote a language's English name, or something that is no tag at all."""
    tags = {name.lower(): tag for tag, name in _ENGLISH.languages.items() if is_known(tag)}
    near = difflib.get_close_matches(word.lower(), list(tags), n=1, cutoff=0.8)
    hint = "Write a BCP 47 tag, such as 'fr' or 'pt-BR'."
    return f"Did you mean '{tags[near[0]]}'? {hint}" if near else hint
