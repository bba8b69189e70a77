"""Every filter and every test, with what may be given to them."""

from text import e, quoted, r

VALUES = ["''", "'a'", "'Hello World'", "'<a href=\"x\">&\\'</a>'", "0", "1", "-1", "2", "2.0", "1.5", "true", "false", "none", "nope", "[]", "[1, 2]", "()", "(1,)", "{}", "{'a': 1}", "range(3)", "d.keys()", "d.items()", "namespace()", "range", "('a' | safe)", "l | map('string')", "'ABC'", "'abc 1'", "2 ** 70", "'upper'", "'odd'"]
TESTS = "odd even defined undefined filter test none boolean false true integer float lower upper string mapping number sequence iterable callable escaped".split()


def tests():
    for name in TESTS:
        for value in VALUES:
            yield e(f"({value}) is {name}")
        yield e(f"1 is not {name}")
        yield e(f"1 is {name}()")
        yield e(f"1 is {name}(2)")
        yield e(f"1 is {name}(x=2)")
    for name in ("==", "eq", "equalto", "ne", "gt", "greaterthan", "ge", "lt", "lessthan", "le", "in", "sameas", "divisibleby", "!=", ">", ">=", "<", "<="):
        if name.isalpha():
            for a, b in (("1", "2"), ("2", "1"), ("1", "1"), ("1", "1.0"), ("1", "true"), ("'a'", "'b'"), ("'a'", "1"), ("1", "[1]"), ("4", "2"), ("4.0", "2"), ("5", "0"), ("'a'", "'abc'"), ("none", "none"), ("nope", "1"), ("[1]", "[1]"), ("'a'", "'a'"), ("1.5", "1.5"), ("(1,)", "(1,)"), ("l", "l"), ("true", "true"), ("true", "1"), ("9", "3"), ("'%d'", "2"), ("2 ** 70", "2 ** 70"), ("d", "d"), ("none", "false")):
                yield e(f"({a}) is {name}({b})")
            yield e(f"1 is {name}")
            yield e(f"1 is {name}()")
            yield e(f"1 is {name}(1, 2)")
            yield e(f"1 is {name} 1")
            yield e(f"1 is not {name} 1")
        for of in ("select", "reject"):
            yield e(f"[1, 2, 3, 4] | {of}('{name}', 2) | list")
            yield e(f"[1, 2] | {of}('{name}') | list")
    yield from (e(expression) for expression in ("1 is odd and 2 is even", "1 is odd or nope", "not 1 is odd", "1 is not odd", "4 is divisibleby 2", "4 is divisibleby(2) and true", "'a' is in 'abc'", "'a' is in ['a']", "1 is in {1: 2}", "1 is eq 1 is true", "1 is nosuch", "1 is not nosuch", "1 if false is nosuch else 2", "'x' is string and 'y' is string", "1 is number is true", "s is defined is true", "1 is a.b", "1 is odd.x", "[1] is sequence", "1 is in [1, 2]", "1 is in(1, 2)", "1 is sameas 1", "1 is sameas true", "s is sameas s", "[] is sameas []", "1 is lt 2 and 3 is gt 2", "1 is lt 2 else", "1 is eq -1", "1 is eq not 1", "2 is divisibleby n", "'a' is eq s.lower()", "'a' is eq 'a' | upper", "1 is none or true", "1 is eq [1]", "{} is eq {}", "1 is eq 1.0", "3 is divisibleby 1.5", "nope is not defined and nope is undefined", "1 is defined if true else 2", "[3] is eq [3] + []", "1 is", "1 is 2", "1 is 'a'", "1 is not", "1 is not not odd", "1 is odd odd", "1 is in", "true is true", "true is false", "True is sameas true", "none is none", "'upper' is filter", "'nosuch' is filter", "'eq' is test", "'nosuch' is test", "'pprint' is filter", "1 is filter", "[1] is filter", "'==' is test", "'map' is filter", "'defined' is test", "('upper' | safe) is filter"))


def texts():
    for value in ("'hello world'", "'HELLO'", "''", "'<b>'", "5", "none", "true", "1.5", "[1, 'a']", "nope", "'<b>' | safe", "d", "'ßx'", "\"it's\"", "'a-b (c) {d} [e] <f> _g'", "'foo\\nbar baz'", "'🦊fox'"):
        yield r(*(f"{value} | {name}" for name in ("upper", "lower", "capitalize", "title", "trim", "string", "escape", "e", "forceescape", "safe", "wordcount", "center(9)", "urlencode")))
    for name in ("upper", "lower", "capitalize", "title", "trim", "string", "escape", "e", "forceescape", "safe", "wordcount", "urlencode", "length", "count", "first", "last", "list", "reverse", "items", "abs", "join", "center", "indent"):
        for given in ("(1)", "(1, 2, 3, 4)", "(nosuch=1)"):
            yield r(f"'ab' | {name}{given}")
    for text in ("'ab'", "'abc'", "''", "'🦊'", "5", "'<' | safe"):
        yield r(f"{text} | center", f"{text} | center(5)", f"{text} | center(6)", f"{text} | center(width=7)", f"{text} | center(0)", f"{text} | center(-1)")
    yield from (e(f"'ab' | center({given})") for given in ("'x'", "5, '*'", "5.0", "none", "nope"))
    for text in ("'a\\nb'", "'a\\n\\nb\\n'", "''", "'a'", "'\\na'", "'a\\r\\nb\\rc'", "'a\\x0bb\\u2028c'", "'a\\n  \\nb'", "'<\\n>' | safe", "'\\n'", "'\\n\\n'"):
        for given in ("", "(2)", "(2, true)", "(2, false, true)", "(2, true, true)", "('>')", "('> ', true)", "(0)", "(width=1)", "(first=true)", "(blank=true)", "(-1, true)", "('<', true)"):
            yield r(f"{text} | indent{given}")
    yield from (e(expression) for expression in ("5 | indent", "none | indent", "[1] | indent", "'a' | indent(1.5)", "'a' | indent(none)", "'a' | indent(nope)", "'a' | indent(1, 2, 3, 4)", "'a' | indent(x=1)", "'a\\nb' | indent(true)"))
    for text in ("'foo bar baz qux'", "'foobarbazqux'", "''", "'a b'", "'🦊🦊🦊 🦊🦊🦊🦊🦊'"):
        for given in ("", "(9)", "(9, true)", "(9, false)", "(11)", "(11, false, '...', 0)", "(9, true, '...', 0)", "(3, true, '..', 0)", "(3, false, '..', 0)", "(9, end='')", "(9, true, '🦊', 0)", "(15, leeway=0)", "(14, leeway=1)", "(14, leeway=0)", "(10)", "(3, true, '...', 0)", "(10, leeway=none)", "(length=5, killwords=true, leeway=0)", "(0, true, '', 0)", "(7, false, '', 0)", "(8, false, '', 0)", "(4, false, '', 0)"):
            yield r(f"{text} | truncate{given}")
    yield from (e(expression) for expression in ("'abc' | truncate(2)", "'abc' | truncate(2, true, '...', 0)", "'abc' | truncate(-1)", "'abc' | truncate('x')", "'abcdefghijkl' | truncate(5, leeway=-1)", "5 | truncate", "none | truncate", "[1, 2] | truncate", "[1, 2] | truncate(3, leeway=0)", "range(300) | truncate(5)", "(range(9) | list) | truncate(5, leeway=0)", "'abcdefghijkl' | truncate(5, true, 5)", "('abcdefghijkl' | safe) | truncate(5)", "'a b c d e f g h' | truncate(6, end='>')", "('x' * 256) | truncate | length", "('x' * 260) | truncate | length", "('x' * 261) | truncate | length", "{} | truncate", "'abc' | truncate(1, 2, 3, 4, 5)"))
    for text in ("'a b'", "'a/b?c=d&e=f'", "'é🦊'", "'~_.-!*\\'()'", "''", "' '", "'%'", "5", "none", "true", "{'a': 1, 'b c': 'd/e'}", "[('a', 1), ('b', '&')]", "[['a', 1]]", "{}", "[]", "('<' | safe)", "1.5", "'+'", "{'é': 'ü'}", "[('a',)]", "[1]", "'AZaz09'", "'\\x7f'", "['ab']", "d.items()", "[('a', 1, 2)]", "((1, 2),)", "nope"):
        yield r(f"{text} | urlencode")
    for text in ("'a'", "'a b  c'", "\"don't\"", "'a_b'", "'a-b'", "'a1 2b'", "'²½'", "'é中🦊x'", "'Ⅷ'", "'a\\u0301b'", "' a '", "'_'", "'...'"):
        yield r(f"{text} | wordcount")
    for text in ("'<'", "'&amp;'", "'\\'\"'", "'<' | safe", "'<' | e", "5", "none", "['<']", "nope", "1.5"):
        yield r(f"{text} | e", f"{text} | e | e", f"{text} | forceescape", f"{text} | e | forceescape", f"{text} | safe | e", f"({text} | e) ~ '<'", f"{text} | e | upper", f"{text} | e | length", f"{text} | e | string")
    yield from (r(f"('a<b' | safe).{call}") for call in ("upper()", "split('<')", "replace('b', '>')", "replace('<', '&')", "join(['<', '>'])", "join(['<' | safe, 1])", "strip('a')", "partition('<')", "format('x')", "title()", "isalpha()", "find('<')", "splitlines()", "center(7)", "startswith('a')", "encode()", "count('<')", "zfill(5)", "removeprefix('a')", "rsplit('<', 1)", "rpartition('<')", "join([none, 1.5])", "unescape()", "striptags()", "ljust(6, '<')", "casefold()", "expandtabs()", "format_map({})", "escape('<')", "nosuch"))
    yield from (r(f"{value} | d('x')", f"{value} | default('x', true)", f"{value} | default('x', boolean=false)", f"{value} | default(default_value=5)") for value in ("nope", "none", "''", "0", "false", "[]", "'a'", "1", "{}", "d.nope"))
    yield from (r(expression) for expression in ("nope | default(none)", "nope | default", "nope | default(nope2)", "nope | default(1, 2, 3)", "nope | default(x=1)", "none | default(1)", "d.x.y | default(1)", "'' | default('z', 1)", "'' | default('z', 0)"))


def lists():
    for value in ("[]", "[3, 1, 2]", "(3, 1, 2)", "'bca'", "{'b': 1, 'a': 2}", "range(3)", "d.keys()", "l | map('abs')", "nope", "['b', 'A', 'a', 'B']", "[1.5, 1, true, 0]", "'🦊a'", "[[2, 1], [1, 3]]", "['x' | safe, 'y']", "u | map(attribute='name')"):
        for filter_ in ("length", "count", "list", "first", "last", "reverse", "reverse | list", "sort", "sort(true)", "sort(reverse=true)", "sort(case_sensitive=true)", "sort(false, true)", "unique | list", "unique(true) | list", "unique(case_sensitive=true) | list", "min", "max", "min(true)", "max(case_sensitive=true)", "sum", "sum(start=10)", "join", "join('-')", "join(', ')", "batch(2) | list", "batch(2, 'x') | list", "batch(1) | list", "batch(5, 0) | list", "slice(2) | list", "slice(2, 'x') | list", "slice(5) | list", "slice(5, 0) | list", "map('string') | list", "select | list", "reject | list", "string", "tojson", "slice(1) | list", "batch(3) | list", "slice(3, 'f') | list", "join(1)", "join('<' | safe)"):
            if value == "l | map('abs')" and filter_ in ("string", "tojson"):
                continue
            if "map" in value and filter_ == "string" or filter_ == "reverse" and value not in ("'bca'", "'🦊a'"):
                continue
            yield r(f"({value}) | {filter_}")
    for value in ("5", "none", "1.5", "true", "namespace()", "range", "loop"):
        for filter_ in ("length", "list", "first", "last", "reverse", "sort", "unique | list", "min", "sum", "join", "batch(2) | list", "slice(2) | list", "map('string') | list", "select | list", "groupby('a')", "items | list", "dictsort", "map(attribute='a') | list", "selectattr('a') | list", "max", "select('odd') | list"):
            yield r(f"({value}) | {filter_}")
    for value in ("u",):
        for filter_ in ("sort(attribute='age')", "sort(attribute='name')", "sort(attribute='age,name')", "sort(attribute='age,name', reverse=true)", "sort(attribute='name', case_sensitive=true)", "sort(attribute='tag.k')", "sort(attribute='nosuch')", "sort(attribute=0)", "sort", "map(attribute='name') | list", "map(attribute='tag.k') | list", "map(attribute='tag.k', default='?') | list", "map(attribute='nosuch') | list", "map(attribute='nosuch', default=0) | list", "map(attribute='nosuch.x', default={}) | list", "map(attribute='nosuch.x') | list", "map('attr', 'name') | list", "map(attribute='name') | map('upper') | list", "map('upper') | list", "map('nosuch') | list", "map() | list", "map(x=1) | list", "map(attribute='name', x=1) | list", "map('string', 1) | list", "map(1) | list", "map(nope) | list", "map(attribute=none) | list", "map(attribute='') | list", "map('length') | list", "map('default', 'x') | list", "map(attribute='name') | map('replace', 'n', 'm') | list", "map(attribute='name') | map('truncate', 2, true, '', 0) | list", "map(attribute='age') | map('round', method='ceil') | list", "selectattr('name') | map(attribute='name') | list", "selectattr('age', 'gt', 10) | map(attribute='name') | list", "selectattr('age', '==', 7) | map(attribute='name') | list", "selectattr('tag.k') | map(attribute='name') | list", "selectattr('tag.k', 'defined') | map(attribute='name') | list", "selectattr('nosuch') | list", "selectattr('nosuch', 'defined') | list", "selectattr('nosuch', 'undefined') | list | length", "selectattr() | list", "selectattr('age', 'nosuch') | list", "selectattr('age', 'odd', 1) | list", "selectattr(0) | list", "selectattr('age', 'in', [7]) | map(attribute='name') | list", "selectattr(attribute='age') | list", "rejectattr('age', 'odd') | list", "rejectattr('age', 'eq', 31) | map(attribute='name') | list", "rejectattr('tag.k') | map(attribute='name') | list", "rejectattr('nosuch') | list | length", "rejectattr() | list", "groupby('age') | list", "groupby('age') | map('first') | list", "groupby('age') | map(attribute='grouper') | list", "groupby('age') | map(attribute='list') | list", "groupby('tag.k') | list", "groupby('tag.k', default='z') | list", "groupby('tag.k', default='z', case_sensitive=true) | list", "groupby('name') | map('first') | list", "groupby('name', case_sensitive=true) | map('first') | list", "groupby('nosuch') | list", "groupby('nosuch', 0) | list", "groupby() | list", "groupby(attribute='age') | length", "groupby('age')", "groupby(0) | list", "sum(attribute='age')", "sum('age')", "sum('age', 100)", "sum(attribute='nosuch')", "sum", "min(attribute='age')", "max(attribute='age')", "max(attribute='name')", "min(attribute='name')", "max(case_sensitive=true, attribute='name')", "min(attribute='nosuch')", "join(attribute='name')", "join(', ', 'name')", "join(', ', attribute='age')", "join(', ', attribute='tag.k')", "join(', ', attribute='nosuch')", "unique(attribute='age') | map(attribute='name') | list", "unique(attribute='nosuch') | list | length", "unique | list", "unique(false, 'age') | list | length", "first", "last.name", "select('mapping') | list | length", "reject('mapping') | list | length"):
            yield r(f"{value} | {filter_}")
    yield from (r(expression) for expression in ("[1, 2, 3] | select('odd') | list", "[1, 2, 3] | reject('odd') | list", "[0, 1, '', 'a', none] | select | list", "[0, 1, '', 'a', none] | reject | list", "[1, 2, 3] | select('gt', 1) | list", "[1, 2, 3] | select('nosuch') | list", "[] | select('nosuch') | list", "[] | map('nosuch') | list", "[1] | select(1) | list", "[1] | select('odd', x=1) | list", "[1, 2] | select('in', [2]) | list", "['a', 'B'] | select('upper') | list", "[1, [2]] | select('sequence') | list", "'abc' | select('eq', 'b') | list", "{'a': 1} | select | list", "[1, 2] | select", "[1, 2, 3] | select('odd') | first", "[1, 2, 3] | select('odd') | length", "[1, 2, 3] | select('odd') | last", "[1, 2, 3] | select('odd') | sum", "[1, 2, 3] | map('string') | join('-')", "([1, 2, 3] | select('odd'))[0]", "[1, 2, 3] | select('odd') | reverse", "[1, 2, 3] | select('odd') | reverse | list", "[1, 2] | map('string') | sort", "[1, 2] | map('string') | batch(1) | list", "[1, 2] | map('string') | slice(1) | list", "[1, 2] | map('string') | unique | list", "([1, 2] | map('string')) is defined", "([1] | select) is iterable", "([1] | select) is sequence", "not ([] | select)", "1 if [] | select else 2", "'2' in ([1, 2] | map('string'))", "[[1, 2], [3]] | map('sum') | list", "[[1, 2], [3]] | map('first') | list", "[[1, 2], [3]] | sum(start=[])", "[[1], [2]] | sum", "['a', 'b'] | sum", "['a', 'b'] | sum(start='')", "[1, 2] | sum(start='')", "[1.5, 2] | sum", "[true, true] | sum", "[1] | sum(nope)", "[nope] | sum", "['a'] | sum(start=('' | safe))", "[{'a': 1}, {'a': 2}] | sum(attribute='a', start=0.5)", "[(1, 'a'), (0, 'b')] | sort", "[(1, 'a'), (0, 'b')] | sort(attribute=1)", "[(1, 'a'), (0, 'b')] | sort(attribute='1')", "[(1, 'a'), (0, 'b')] | map(attribute=1) | list", "[(1, 'a'), (0, 'b')] | map(attribute='0') | list", "[(1, 'a'), (0, 'b')] | map(attribute='1.0') | list", "[[1, 2], [0, 3]] | map(attribute='00') | list", "[{'0': 5}] | map(attribute='0') | list", "[{0: 5}] | map(attribute='0') | list", "[[5]] | map(attribute='1234567890') | list", "[[5]] | map(attribute='-1') | list", "[[5]] | map(attribute='0.') | list", "[1, 'a'] | sort", "[none, 1] | sort", "[[1, 'a'], [1, 2]] | sort", "[nope, 1] | sort", "[(z ~ 'nan') | float, 1, 0] | sort", "['b', 'a', 'C'] | sort | join", "['b', 'a', 'C'] | sort(case_sensitive=true) | join", "['a', 'A', 'b'] | sort(reverse=true)", "[1, 2] | sort(1, 2, 3, 4)", "[1, 2] | sort(x=1)", "[{'a': {'b': 2}}, {'a': {'b': 1}}] | sort(attribute='a.b')", "[{'a': 2, 'b': 1}, {'a': 1, 'b': 2}, {'a': 1, 'b': 1}] | sort(attribute='a,b')", "[{'a': 2, 'b': 1}, {'a': 1, 'b': 2}, {'a': 1, 'b': 1}] | sort(attribute='b,a', reverse=true)", "[2, 1] | sort(attribute=none)", "['a', 'A', 1, 1.0, true] | unique | list", "['a', 'A', 'b'] | unique(true) | list", "[[1], [1]] | unique | list", "[{}, {}] | unique | list", "[(1,), (1,), (2,)] | unique | list", "[nope, nope2, 1] | unique | list", "[none, none] | unique | list", "['a', 'A' | safe] | unique | list", "[3, 'a'] | min", "['b', 'A'] | min", "['b', 'A'] | max", "['a', 'B'] | min(true)", "['a', 'B'] | max(true)", "[1, 1.0, true] | min", "[1, 1.0, true] | max", "['a', 'A'] | min", "['A', 'a'] | max", "{'b': 1, 'a': 2} | max", "'hello' | max", "[[1, 2], [1, 3]] | max", "[none] | max", "[none, none] | max", "[] | max | default('e')", "[1, 2] | max(x=1)", "[1, 2] | max(1, 2, 3)"))
    yield from (r(expression) for expression in ("[1, 2, 3] | join(none)", "[1, 2] | join(nope)", "[1, none, 'a'] | join('|')", "['<', '>' | safe] | join('&')", "['<', '>'] | join('&' | safe)", "['<', '>' | safe] | join('&' | safe)", "['a'] | join(1, 2, 3)", "['a'] | join(x=1)", "['a', 'b'] | join(d='-')", "[[1], [2]] | join", "'abc' | join('-')", "d | join('-')", "[1, 2] | batch", "[1, 2] | batch(0) | list", "[1, 2] | batch(-1) | list", "[1, 2] | batch('a') | list", "[1, 2] | batch(1.5) | list", "[1, 2, 3] | batch(2, none) | list", "[1, 2, 3] | batch(2, '') | list", "[1, 2, 3] | batch(linecount=2, fill_with=0) | list", "[1, 2, 3] | batch(2)", "[1, 2, 3] | batch(2) | length", "[1, 2, 3, 4] | batch(2, 'x') | list", "[1] | batch(true) | list", "[1, 2] | slice", "[1, 2] | slice(0) | list", "[1, 2] | slice(-1) | list", "[1, 2] | slice('a') | list", "[1, 2] | slice(1.5) | list", "[1, 2, 3] | slice(2, none) | list", "[1, 2, 3, 4] | slice(2, 'x') | list", "[1, 2, 3] | slice(slices=2, fill_with=0) | list", "range(10) | slice(3) | list", "range(10) | slice(3, 'x') | list", "range(11) | slice(3, 'x') | list", "range(7) | batch(3, 0) | list", "[] | batch(2, 'x') | list", "[] | slice(2, 'x') | list", "[1, 2] | list == [1, 2]", "(1, 2) | list", "5 | list", "'' | list", "l | list | length", "l | first | string", "'abc' | first", "'' | first", "[] | first", "[] | last", "'' | last", "{} | first", "{} | last", "d.keys() | last", "l | map('abs') | last", "namespace() | first", "l | reverse | first", "d | reverse | list", "d.items() | reverse | list", "{} | reverse | list", "'' | reverse", "(1, 2) | reverse | list", "range(3) | reverse | list", "none | reverse", "('ab' | safe) | reverse"))
    for given in ("", "(true)", "(false, 'value')", "(by='value')", "(reverse=true)", "(true, 'value', true)", "(by='x')", "(by='key')", "(1, 2, 3, 4)", "(x=1)", "(case_sensitive=true)", "(false, 'value', true)"):
        yield r(f"{{'b': 2, 'A': 3, 'a': 1, 'B': 0}} | dictsort{given}")
        yield r(f"{{'x': 'b', 'y': 'A', 'z': 'a'}} | dictsort{given}")
        yield r(f"{{2: 1, 1: 'a'}} | dictsort{given}")
    yield from (r(expression) for expression in ("{} | dictsort", "[1] | dictsort", "'a' | dictsort", "none | dictsort", "{1: 1, 'a': 2} | dictsort", "{'a': none, 'b': 1} | dictsort(by='value')", "d | items | list", "{} | items | list", "none | items", "none | items | list", "[1] | items | list", "'a' | items | list", "d | items | length", "d | items", "d | items | first", "d | items(1)", "[('a', 1)] | items | list"))
    yield from (e(expression) for expression in ("l | map('string')", "l | select", "l | batch(2)", "l | slice(2)", "l | reverse", "l | unique", "d | items", "u | groupby('age') | first", "u | map(attribute='name')"))


def others():
    for name in ("pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr", "nosuch", "block", "f.g", "a.b.c"):
        yield e(f"'a' | {name}")
        yield e(f"'a' | {name}(5)")
        yield e(f"1 if true else 'a' | {name}")
        yield f"{{% if false %}}{{{{ 'a' | {name} }}}}{{% endif %}}x"
        yield f"{{% if true %}}{{{{ 'a' | {name} }}}}{{% endif %}}x"
        yield f"{{% if true %}}{{% for i in [] %}}{{{{ 'a' | {name} }}}}{{% endfor %}}{{% endif %}}x"
        yield f"{{% for i in [] %}}{{{{ 'a' | {name} }}}}{{% endfor %}}x"
        yield f"{{% macro m() %}}{{{{ 'a' | {name} }}}}{{% endmacro %}}x"
        yield e(f"['a'] | map('{name}') | list")
        yield f"{{% filter {name} %}}a{{% endfilter %}}"
        yield f"{{% set x | {name} %}}a{{% endset %}}{{{{ x }}}}"
        yield e(f"'a' is {name}")
        yield e(f"1 if true else 'a' is {name}")
        yield f"{{% if false %}}{{{{ 'a' is {name} }}}}{{% endif %}}x"
    for value in ("0", "1", "1.0", "2", "999", "1000", "1023", "1024", "1500", "999999", "1e6", "1048576", "1e9", "1e12", "1e15", "1e18", "1e21", "1e24", "1e27", "1e30", "-5", "'5'", "'a'", "none", "true", "1.5", "nope", "999.9", "[1]", "123456789", "999949", "999950", "1e28", "(z ~ 'inf') | float", "(z ~ 'nan') | float", "-1000", "-1e6"):
        yield r(f"({value}) | filesizeformat", f"({value}) | filesizeformat(true)", f"({value}) | filesizeformat(binary=false)")
    yield e("1 | filesizeformat(1, 2)")
    for name in ("'b'", "'nosuch'", "'__class__'", "'items'", "1", "none", "nope", "'x' | safe"):
        yield r(f"(d | attr({name})) is defined")
        yield r(f"(l | attr({name})) is defined")
        yield r(f"(n | attr({name})) is defined")
        yield r(f"(namespace(b=1) | attr({name})) is defined")
    yield from (e(expression) for expression in ("d | attr", "d | attr('a', 'b')", "namespace(x=5) | attr('x')", "'a' | attr('upper') is callable", "(5 | attr('real'))", "nope | attr('x')", "(d | attr('get'))('b')", "d | attr(name='b')", "(1.5 | attr('imag'))", "{'keys': 1} | attr('keys') is callable"))
    yield from (e(f"strftime_now('{code}')") for code in ["%" + c for c in "aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%fP"] + ["%-d", "%_d", "%-m", "%-I", "%-H", "%^a", "%^B", "%0e", "%-j", "%_j", "%-y", "%_H", "%-M", "%_S", "%^p", "%_m", "%e", "a%", "%", "%Q", "%-Q", "%E", "%é", "x%%y", "%d %B %Y", "", "é", "%-", "%#d", "%10d", "%-e", "%-k", "%-l", "%0k", "%^A %^b %^h", "%-U", "%-V", "%-W", "%_C", "%-C", "%-g", "%_I", "%-f", "%#a", "%#A", "%#p", "%#B", "%5Y", "%3d", "%_5d", "%-5d", "%05d", "%10A", "%^10a", "%10%", "%#10p", "%5n", "%3e", "%012s", "%12F", "%_12F", "%10f", "%_f", "%0j", "%^c", "%-F", "%_e", "%6C", "%2Y", "%1d", "%5u", "%_3w", "%10T", "%#", "%5", "%5Q", "%99d", "%#P", "%^Z", "%3z", "%5x", "%10r", "%_10R"])
    yield from (e(expression) for expression in ("strftime_now()", "strftime_now(1)", "strftime_now(none)", "strftime_now('%d', 1)", "strftime_now(format='%d')", "strftime_now(nope)", "raise_exception('x')", "raise_exception()", "raise_exception(5)", "raise_exception(none)", "raise_exception(message='m')", "raise_exception('a', 'b')", "raise_exception(nope)", "raise_exception('')", "raise_exception('two\\nlines')", "raise_exception('é🦊')", "raise_exception(['a', 1])", "lipsum()", "lipsum(n=1)"))


def cases():
    return {"test": tests(), "text filter": texts(), "list filter": lists(), "filter": others()}
