"""Puts U+200B between the words of the Thai sentences in a .po file: there a line may end.

Usage: marks.py FILE.po WORDS.txt

Marks that are there already are taken out first, so that the file comes out the same however often this runs. A word
that the dictionary takes apart goes into WORDS.txt; where it parts two words at the wrong place, they stand there with
`|` between them.
"""

import re
import sys

from pythainlp.corpus import thai_words
from pythainlp.tokenize import Tokenizer

BREAK = "\u200b"
# Values and what is typed stay whole, and stand in a sentence as a word does.
ATOMS = re.compile(r"(\{[^}]*\}|`[^`]*`)")
THAI = re.compile(r"[\u0e01-\u0e7f]+")
# They make a noun or a negation of the word behind them.
PREFIXES = {"การ", "ความ", "ผู้", "ไม่"}
OPENING, CLOSING = set("([{“«`"), set(")]}”»`")


def words(tokenizer, own, run):
    """The words of a run of Thai letters."""
    out, held = [], ""
    found = tokenizer.word_tokenize(run)
    for word in (part for word in found for part in own.get(word, [word])):
        held += word
        # A single consonant is no word; what stands above or below a letter begins none.
        if held in PREFIXES or (len(held) == 1 and "ก" <= held <= "ฮ"):
            continue
        out.append(held)
        held = ""
    if held:
        out.append(held) if not out else out.__setitem__(-1, out[-1] + held)
    joined = []
    for word in out:
        begins_none = word[0] == "ๆ" or "\u0e2f" <= word[0] <= "\u0e3a" or "\u0e45" <= word[0] <= "\u0e4e"
        if joined and (begins_none or (len(word) == 1 and "ก" <= word <= "ฮ")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def is_thai(letter):
    return bool(THAI.fullmatch(letter))


def may_end(before, behind):
    """Whether a line may end between two letters of which just one is Thai."""
    if is_thai(before):
        return behind in OPENING or (behind.isascii() and behind.isalnum())
    return before in CLOSING or (before.isascii() and before.isalnum())


def marked(tokenizer, own, text):
    text = text.replace(BREAK, "")
    pieces = []
    for index, part in enumerate(ATOMS.split(text)):
        if index % 2:
            pieces.append(part)
            continue
        start = 0
        for run in THAI.finditer(part):
            pieces.append(part[start : run.start()])
            pieces.extend(words(tokenizer, own, run.group()))
            start = run.end()
        pieces.append(part[start:])
    out = ""
    for piece in filter(None, pieces):
        if out:
            both = is_thai(out[-1]) and is_thai(piece[0])
            one = is_thai(out[-1]) != is_thai(piece[0])
            if both or one and may_end(out[-1], piece[0]):
                out += BREAK
        out += piece
    assert out.replace(BREAK, "") == text, text
    return out


def main():
    path, list_path = sys.argv[1:]
    with open(list_path, encoding="utf-8") as file:
        own = {line.replace("|", ""): line.split("|") for line in file.read().split()}
    tokenizer = Tokenizer(custom_dict=set(thai_words()) | set(own), engine="newmm", keep_whitespace=True)
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    in_answer = in_head = False
    for index, line in enumerate(lines):
        if line.startswith("msg"):
            in_answer = line.startswith("msgstr")
            if line.startswith("msgid"):
                in_head = line == 'msgid ""' and not lines[index - 1].startswith("msgctxt")
        found = re.fullmatch(r'(msgstr(?:\[\d+\])? )?"(.*)"', line)
        if in_answer and not in_head and found:
            lines[index] = f'{found[1] or ""}"{marked(tokenizer, own, found[2])}"'
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
