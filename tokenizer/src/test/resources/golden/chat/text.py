"""The methods of str."""


def e(expression):
    return "{{ " + expression + " }}"


def r(*expressions):
    """As repr shows them, so that '1' and 1 differ."""
    return "{{ [" + ", ".join(expressions) + "] }}"


PLAIN = "upper lower casefold title capitalize swapcase".split()
ASKED = (
    "isspace isdigit isdecimal isnumeric isalpha isalnum isascii isprintable islower isupper istitle isidentifier"
).split()

TEXTS = [
    "", "a", "A", "Hello World", "hello", "HELLO", "hello wORLD", "Hello world", "aB cD", "don't STOP", "x1y", "1a", "A1",
    "Straße", "ß", "ÄÖÜ äöü", "ǆ", "ǅ", "Ǆx", "ﬁn", "İ", "ıI", "ŉ", "ΑΣ", "ΑΣ ΒΣΓ", "Σ", "🦊x", "🦊", "𝐀𝐛", "𐐀𐐨", "中文", "一二三", "e\u0301a",
    " ", "\t\n", "\x0b\x0c", "\x1c\x1d\x1e\x1f", "\x85", "\xa0", "\u1680", "\u2000x", "\u2028", "\u3000", "\u200b", "\ufeff", "\x00", "\x7f", "\x80", "~", "\x1f",
    "0", "123", "1.5", "-1", "²", "½", "٣", "Ⅷ", "①", "⑩", "१२", "12a", "_", "_a1", "1_", "a-b", "a b", "class", "ªº", "ⓐⒶ", "\xad", "\ue000", "\u0378", "\ud7ff",
    "A_b", "TITLE Case", "Title Case", "Title case", "T I", "They'Re", "x" * 1001 + "ß", "İ" * 1001,
]


def quoted(text):
    """A literal of Jinja."""
    out = []
    for c in text:
        n = ord(c)
        if c in "'\\":
            out.append("\\" + c)
        elif 0x20 <= n < 0x7F:
            out.append(c)
        else:
            out.append("\\x%02x" % n if n < 0x100 else "\\u%04x" % n if n < 0x10000 else "\\U%08x" % n)
    return "'" + "".join(out) + "'"


def plain():
    for text in TEXTS:
        of = quoted(text)
        yield r(*(f"{of}.{name}()" for name in PLAIN))
        yield r(*(f"{of}.{name}()" for name in ASKED))
        yield r(f"{of} | upper", f"{of} | lower", f"{of} | capitalize", f"{of} | title", f"{of} | trim", f"{of} | wordcount", f"{of} is lower", f"{of} is upper", f"{of} | length", f"{of} | list", f"{of} | reverse")
        yield e(f"{of} | tojson ~ ({of} | tojson(ensure_ascii=true)) ~ ({of} | urlencode) ~ ({of} | e)")
    for name in PLAIN + ASKED:
        yield e(f"'a'.{name}(1)")
        yield e(f"'a'.{name}(x=1)")
        yield e(f"'a'.{name} is callable")
        yield e(f"1 | {name}")


def strips():
    for name in ("strip", "lstrip", "rstrip"):
        for text in ("'  a b  '", "'xxaxx'", "'xyaxyb'", "''", "'xx'", "'\\x1c\\x85 a\\u3000\\u2028'", "'🦊a🦊'", "'\\u200ba'"):
            for given in ("", "none", "'x'", "'xy'", "''", "' x'", "'🦊'", "'🐻'"):
                yield r(f"{text}.{name}({given})")
        for given in ("1", "nope", "'x', 'y'", "chars='x'", "['x']"):
            yield e(f"'xax'.{name}({given})")
    for given in ("", "('x')", "(chars='x')", "(none)", "(1)", "('x', 'y')", "(nope)", "(x=1)"):
        yield r(f"'xaxx' | trim{given}")
    yield r("5 | trim", "none | trim", "nope | trim", "[1] | trim")
    yield r("'" + "ab" * 40 + "z'.strip('" + "ab" * 40 + "')")


def splits():
    for name in ("split", "rsplit"):
        for text in ("'a,b,,c'", "' a  b c '", "''", "'abc'", "'aXXbXXXc'", "'a\\x1cb\\u3000c\\u200bd'", "'🦊 b🦊'", "',,'", "' '", "'\\t x'"):
            for given in ("", "','", "'X'", "'XX'", "none", "none, 1", "none, 0", "none, -1", "',', 1", "',', 0", "',', -1", "',', 2", "' '", "'🦊'", "'abc'"):
                yield r(f"{text}.{name}({given})")
        for given in ("''", "1", "nope", "maxsplit=1", "sep=','", "sep=',', maxsplit=1", "',', 1, 2", "',', 'x'", "',', none", "x=1", "',', true", "',', 1.0", "',', 99999999999"):
            yield e(f"'a,b,c'.{name}({given})")
    for text in ("'a\\nb'", "'a\\nb\\n'", "'a\\r\\nb\\rc'", "'\\n'", "''", "'\\r\\n\\n\\r'", "'a\\x0bb\\x0cc\\x1cd\\x1de\\x1ef\\x1fg'", "'a\\x85b\\u2028c\\u2029d'", "'\\n\\na'", "'🦊\\n🦊'"):
        for given in ("", "true", "false", "keepends=true", "1", "0"):
            yield r(f"{text}.splitlines({given})")
    yield from (e(f"'a'.splitlines({given})") for given in ("1, 2", "x=1", "nope"))
    for name in ("partition", "rpartition"):
        for text in ("'a=b=c'", "''", "'abc'", "'=a='", "'🦊=b'"):
            for given in ("'='", "'b='", "'x'", "'🦊'"):
                yield r(f"{text}.{name}({given})")
        yield from (e(f"'a'.{name}({given})") for given in ("''", "1", "", "'a', 'b'", "nope", "none"))


def joins():
    for of in ("','", "''", "'🦊'"):
        for given in ("['a', 'b', 'c']", "[]", "['a']", "'abc'", "('a', 'b')", "{'a': 1, 'b': 2}", "d.keys()", "l | map('string')", "nope", "'a🦊'"):
            yield r(f"{of}.join({given})")
    yield from (e(f"','.join({given})") for given in ("[1]", "['a', 1]", "['a', none]", "1", "none", "", "['a'], ['b']", "['a', nope]", "range(2)", "[['a']]"))


def replaces():
    for text in ("'banana'", "''", "'aaa'", "'🦊a🦊'"):
        for given in ("'a', 'o'", "'a', 'o', 1", "'a', 'o', 0", "'a', 'o', -1", "'a', 'o', 2", "'', '-'", "'', '-', 2", "'', '-', 1", "'', '-', 0", "'', ''", "'an', ''", "'x', 'y'", "'aa', 'b'", "'🦊', ''", "'a', 'aa'", "'', '-', 99"):
            yield r(f"{text}.replace({given})")
    for given in ("'a'", "1, 'a'", "'a', 1", "'a', none", "'a', 'b', 'c'", "'a', 'b', 1, 2", "old='a', new='b'", "'a', nope", "nope, 'a'", "'a', 'b', none", "'a', 'b', 1.5", "'a', 'b', true", "'a', 'b', count=1"):
        yield e(f"'banana'.replace({given})")
    for given in ("'a', 'o'", "'a', 'o', 1", "'a', 'o', count=1", "'a', 'o', none", "old='a', new='o'", "'a'", "1, 2", "'a', 1", "'a', none", "'a', nope"):
        yield e(f"'banana1' | replace({given})")
    yield from (e(expression) for expression in ("121 | replace(1, 3)", "none | replace('o', 'x')", "['a'] | replace('a', 'b')", "nope | replace('a', 'b')"))


def affixes():
    for name in ("startswith", "endswith"):
        for given in ("'ab'", "'cab'", "''", "'abcabc'", "'x'", "('x', 'ab')", "('x', 'abc')", "()", "'c', 2", "'abc', 3", "'abc', -3", "'ab', 0, 2", "'ab', 1, 2", "'b', 1, 2", "'', 6", "'', 7", "'', 3, 2", "'', 6, 6", "'c', -1", "'c', none, 3", "'a', 0, -1", "'b', 0, -1", "'ab', -99, 99", "'b', none, -1", "'a', none, -5", "'abc', none, none", "'', 0, 0", "'', -1, -2"):
            yield r(f"'abcabc'.{name}({given})")
        yield from (r(f"'🦊🐻🦊'.{name}({given})") for given in ("'🦊'", "'🐻', 1", "'🐻', 0, 2", "'🦊', 2", "'🦊🐻', -3, -1"))
        yield from (e(f"'abc'.{name}({given})") for given in ("1", "none", "nope", "['a']", "('a', 1)", "(1, 'a')", "", "'a', 'b'", "'a', 1.5", "'a', 1, 2, 3", "prefix='a'", "('a', nope)"))
    for name in ("removeprefix", "removesuffix"):
        for given in ("'ab'", "'abc'", "''", "'abcabc'", "'x'", "'abcabca'", "'c'"):
            yield r(f"'abcabc'.{name}({given})")
        yield from (e(f"'abc'.{name}({given})") for given in ("1", "nope", "", "'a', 'b'", "('a', 'b')"))


def finds():
    for name in ("find", "rfind", "index", "rindex", "count"):
        for given in ("'a'", "'an'", "'ana'", "''", "'banana'", "'x'", "'a', 2", "'a', 2, 4", "'a', 2, 3", "'a', -1", "'a', -2", "'a', 0, -1", "'n', -4, -1", "'', 6", "'', 7", "'', 3, 2", "'', 3, 3", "'', 2, 4", "'', -2", "'a', none, 2", "'a', none, none", "'b', 0, 0", "'b', 0, 1", "'bananas'", "'', 99", "'', 0, 99", "'a', -99, 99", "'', 7, 9", "'', 0, -7"):
            yield r(f"'banana'.{name}({given})")
        yield from (r(f"'a🦊b🦊'.{name}({given})") for given in ("'🦊'", "'b'", "'🦊', 2", "'', 1", "'b🦊'"))
        yield from (e(f"'abc'.{name}({given})") for given in ("1", "none", "nope", "", "'a', 'b'", "'a', 1, 2, 3", "sub='a'", "'a', 1.5"))


def pads():
    for name in ("center", "ljust", "rjust"):
        for text in ("'ab'", "'abc'", "''", "'🦊'", "'-5'"):
            for given in ("0", "2", "3", "4", "5", "6", "7", "-3", "6, '*'", "7, '*'", "5, '🦊'"):
                yield r(f"{text}.{name}({given})")
        yield from (e(f"'ab'.{name}({given})") for given in ("", "'x'", "5, ''", "5, 'xy'", "5, 1", "5, '*', 1", "5, nope", "5.0", "nope", "true", "width=5"))
    for text in ("'42'", "'-42'", "'+42'", "''", "'-'", "'--1'", "'a-1'", "'🦊'", "' 4'"):
        yield r(*(f"{text}.zfill({width})" for width in (0, 1, 2, 3, 4, 6, -1)))
    yield from (e(f"'ab'.zfill({given})") for given in ("", "'x'", "5, '*'", "nope"))
    for text in ("'a\\tb'", "'\\t\\t'", "'ab\\tc\\nd\\te'", "'a\\rb\\tc'", "'🦊\\tb'", "'12345678\\tx'", "''", "'1234567\\tx'"):
        yield r(*(f"{text}.expandtabs({given})" for given in ("", "4", "0", "-1", "1", "tabsize=2", "3")))
    yield from (e(f"'a'.expandtabs({given})") for given in ("'x'", "1, 2", "none", "nope"))


def others():
    for name in ("encode()", "encode('utf-8')", "maketrans('a', 'b')", "translate({97: 'b'})", "nosuch()", "nosuch", "__class__", "__len__()", "__init__", "__str__", "upper.x", "format.__self__", "isidentifier", "__add__('b')"):
        yield e(f"'a'.{name}")
        yield e(f"('a' | e).{name}")
    yield from (e(f"'a'['{name}']") for name in ("upper", "nosuch", "__class__", "encode"))
    yield from (e(f"'a'['{name}']()") for name in ("upper", "nosuch", "__class__", "lower"))
    yield from (e(f"'abc' | attr('{name}')") for name in ("nosuch", "__class__", "__len__"))
    yield e("('abc' | attr('upper'))()")


def cases():
    return {
        "str": plain(), "strip": strips(), "split": splits(), "join": joins(), "replace": replaces(), "affix": affixes(),
        "find": finds(), "pad": pads(), "other": others(),
    }
