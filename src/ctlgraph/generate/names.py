"""Names and places of an invented Lombardy: each follows from a number, so that none has to be remembered."""

Name = tuple[str, str]  # in Italian and in English

# The chief town of each province: sign, its name in both languages, post code, ISTAT and NUTS codes.
# Source: ISTAT, Elenco dei comuni italiani, 1 January 2020; a post code of the town.
PROVINCES = (
    ("va", "Varese", "Varese", "21100", "012133", "ITC41"),
    ("co", "Como", "Como", "22100", "013075", "ITC42"),
    ("so", "Sondrio", "Sondrio", "23100", "014061", "ITC44"),
    ("mi", "Milano", "Milan", "20121", "015146", "ITC4C"),
    ("bg", "Bergamo", "Bergamo", "24121", "016024", "ITC46"),
    ("bs", "Brescia", "Brescia", "25121", "017029", "ITC47"),
    ("pv", "Pavia", "Pavia", "27100", "018110", "ITC48"),
    ("cr", "Cremona", "Cremona", "26100", "019036", "ITC4A"),
    ("mn", "Mantova", "Mantua", "46100", "020030", "ITC4B"),
    ("lc", "Lecco", "Lecco", "23900", "097042", "ITC43"),
    ("lo", "Lodi", "Lodi", "26900", "098031", "ITC49"),
    ("mb", "Monza", "Monza", "20900", "108033", "ITC4D"),
)
# Ten organisations in a row: their kind, the category they count in, what they are called.
KINDS = (
    ("company", "companies", "Officine", "Workshops"),
    ("company", "companies", "Meccanica", "Mechanics"),
    ("university", "research-bodies", "Università", "University"),
    ("company", "companies", "Tessitura", "Weaving"),
    ("company", "companies", "Elettronica", "Electronics"),
    ("company", "companies", "Chimica", "Chemicals"),
    ("research-body", "research-bodies", "Istituto", "Institute"),
    ("company", "companies", "Sistemi", "Systems"),
    ("company", "companies", "Alimentari", "Foods"),
    ("foundation", "other", "Fondazione", "Foundation"),
)
CATEGORIES = ("companies", "research-bodies", "other")
STREETS = ("Via Roma", "Via Garibaldi", "Via Volta", "Viale Europa", "Corso Italia", "Piazza Mercato")
WORDS = ("Argo", "Brezza", "Corallo", "Duomo", "Edera", "Faro", "Gelso", "Lario", "Onda", "Ponte", "Serio")


def town(organisation: int) -> tuple[str, ...]:
    """Return the row of PROVINCES in which the i-th organisation has its seat."""
    return PROVINCES[organisation // len(KINDS) % len(PROVINCES)]


def organisation_name(i: int) -> Name:
    """Return the label of the i-th organisation."""
    *_, it, en = KINDS[i % len(KINDS)]
    _, town_it, town_en, *_ = town(i)
    return f"{it} {town_it} {i}", f"{town_en} {en} {i}"


def cluster_name(i: int) -> Name:
    """Return the label of the i-th cluster."""
    return f"Cluster sintetico {i}", f"Synthetic cluster {i}"


def project_name(i: int) -> Name:
    """Return the label of the i-th project."""
    word = WORDS[i % len(WORDS)]
    return f"Progetto {word} {i}", f"{word} {i} project"


def project_acronym(i: int) -> str:
    """Return the acronym of the i-th project."""
    return f"{WORDS[i % len(WORDS)].upper()}-{i}"
