"""Korean particles, which follow the last sound of a name or a number: what the messages of all rooms are made with."""

BE = ("이어야", "여야")  # for `particle`
# D_in은, 10은; all else here ends in a vowel: H는, 2는
ENDS_IN_CONSONANT = ("n", "out", "model", "val", "line", *"013678")


def particle(text: object, consonant: str, vowel: str) -> str:
    """Return `text` with the Korean particle that its last sound asks for; brackets and quotes make none."""
    said = str(text).rstrip(",)]'")
    hangul = "가" <= said[-1:] <= "힣" and (ord(said[-1]) - ord("가")) % 28 > 0  # a syllable with a final consonant
    return str(text) + (consonant if hangul or said.endswith(ENDS_IN_CONSONANT) else vowel)


def topic(name: str) -> str:
    """Return `name` with its topic particle."""
    return particle(name, "은", "는")


def shown(value: object) -> str:
    """Return a learner's value, short enough for a message."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "자릿수가 너무 많은 정수"
    except Exception:  # of a network without super().__init__(), say
        return type(value).__name__
    return text if len(text) <= 120 else text[:120] + " …"
