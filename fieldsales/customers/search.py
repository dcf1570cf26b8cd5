"""How a customer is found: by characters, pinyin, initials, code and phone, all as words of one column. Pure.

``search_words`` makes the column, ``terms`` the question. A term is found when its words stand in the
column one after the other, the last one being a beginning: for Chinese that is the substring, for
Latin letters and digits the beginning of a word. The same question can be asked of an index or of
``LIKE`` (``like_patterns``), with equal results.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from pypinyin import Style, pinyin

#: Longer Latin words are cut, in the column and in the question alike.
WORD_LENGTH = 24
#: Keeps the last character of one name from joining the first of the next. A letter, or an index would skip it.
_APART = "\N{LATIN LETTER LATERAL CLICK}"
_RUN = re.compile(r"[0-9a-z]+|.", re.DOTALL)
_OLD = unicodedata.ucd_3_2_0


def _stands_for_itself(sign: str) -> bool:
    # What SQLite's tokenizer (Unicode 6.1) surely calls a letter or digit; newer signs are spelt by number.
    return "\u4e00" <= sign <= "\u9fcb" or _OLD.category(sign)[0] in "LN"


def split_words(text: str) -> list[str]:
    """The words of a text: runs of Latin letters and digits, every other letter by itself.

    Full-width, accents and case are levelled; punctuation only separates.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    level = "".join(sign for sign in apart if not unicodedata.combining(sign))
    words: list[str] = []
    for run in _RUN.findall(level):
        if run.isascii():
            if run[0].isalnum():
                words.append(run[:WORD_LENGTH])
        elif unicodedata.category(run)[0] in "LN":
            words.append(run if _stands_for_itself(run) else f"u{ord(run):x}")
    return words


def _readings(name: str) -> Iterable[list[str]]:
    """The syllables of a name, with every reading of its first character (a surname has several)."""
    ordinary = pinyin(name, style=Style.NORMAL, errors="ignore")
    first = pinyin(name[:1], style=Style.NORMAL, heteronym=True, errors="ignore")
    flat = [syllables[0] for syllables in ordinary]
    if not flat or len(first) > len(flat):
        return [flat] if flat else []
    heads = list(product(*(dict.fromkeys((flat[at], *choices)) for at, choices in enumerate(first))))[:4]
    return [[*head, *flat[len(first):]] for head in heads]


def _endings(word: str, least: int) -> Iterable[str]:
    return (word[at:][:WORD_LENGTH] for at in range(max(1, len(word) - least + 1)))


def spoken(name: str) -> str:
    """The name in pinyin, joined, and its initials: ``haigangwujin hgwj``. Empty without Chinese characters.

    Phones search by it without a network.
    """
    syllables = [found[0] for found in pinyin(name, style=Style.NORMAL, errors="ignore")]
    return " ".join(("".join(syllables), "".join(one[:1] for one in syllables))).strip()


def _sounds(name: str) -> Iterable[str]:
    chinese = "".join(sign for sign in name if "\u4e00" <= sign <= "\u9fff")
    for syllables in _readings(chinese):
        for at in range(len(syllables)):
            yield "".join(syllables[at:])[:WORD_LENGTH]
            yield "".join(s[0] for s in syllables[at:] if s)[:WORD_LENGTH]


def search_words(name: str, code: str = "", phones: Iterable[str] = (), aliases: Iterable[str] = ()) -> str:
    """What goes into ``customers.search_text``: words separated by single spaces, starting with one.

    Names character by character with their pinyin and initials from every character on, the code
    whole and in its parts, telephone numbers by their digits and every ending of four or more.
    """
    words: list[str] = []
    sounds: list[str] = []
    for text in (name, *aliases):
        words += [*split_words(text), _APART]
        sounds += _sounds(text)
    words += [*split_words(code), _APART, "".join(split_words(code))[:WORD_LENGTH]]
    for phone in phones:
        digits = re.sub(r"\D", "", phone)
        sounds += _endings(digits, 4) if digits else ()
    return " " + " ".join((*words, _APART, *dict.fromkeys(word for word in sounds if word)))


def terms(question: str) -> list[list[str]]:
    """The terms of a question, each a list of words; all of them must be found. At most eight."""
    found = [split_words(part) for part in question.split()[:8]]
    return [words for words in found if words]


def like_patterns(question: str) -> list[str]:
    """The same question for ``search_text LIKE``: one pattern a term."""
    return [f"% {' '.join(words)}%" for words in terms(question)]


def fts_query(question: str) -> str:
    """The same question for FTS5: each term a phrase whose last word is a beginning."""
    return " AND ".join(f'"{" ".join(words)}"{"*" if words[-1].isascii() else ""}' for words in terms(question))


def grams(question: str) -> list[str]:
    """What must at least be in the column, for an index over short pieces (see ``search_index``)."""
    found: list[str] = []
    for words in terms(question):
        for at, word in enumerate(words):
            found.append("^" + word[0])
            found += [word[i : i + 2] for i in range(len(word) - 1)]
            if at:
                found.append(f"{words[at - 1][0]} {word[0]}")
    return list(dict.fromkeys(found))
