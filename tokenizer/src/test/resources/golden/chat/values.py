"""Literals, lists, tuples, dicts, slices, repr, JSON, undefined values."""

from text import e, r


def literals():
    for inside in ("a\\nb", "\\t\\r\\\\", "\\'", '\\"', "\\a\\b\\f\\v", "\\x41\\x7e", "\\xe9", "\\u00e9\\u4e2d", "\\U0001f98a", "\\0", "\\7", "\\12", "\\101", "\\1011", "\\777", "\\400", "\\8", "\\18", "\\08", "\\q", "\\ ", "\\\n", "a\nb", "\\\\n", "\\x4g", "\\x4", "\\u12", "\\U0001", "\\U00110000", "\\U0010ffff", "\\N{BULLET}", "\\N", "é🦊", "\\é", "\\xE9\\xe9", "\\uD7FF", "\\xAa", "\\u00٣٣", "\\1a", "\\x41g", "\\/", "{{ x }}", "{% x %}", "}}", "\\x00", "\\377", "\\00000", "\\u12345", "\\x123"):
        yield r(f"'{inside}'") if "'" not in inside.replace("\\'", "") else r(f'"{inside}"')
        yield e(f'"{inside}" | length') if '"' not in inside.replace('\\"', "") else e(f"'{inside}' | length")
    yield from (r(expression) for expression in ("'a' 'b'", "'a' \"b\" 'c'", "'it''s'", '"it\'s"', "'say \"x\"'", "'\"' \"'\"", "''", '""', "'a'\n'b'", "'a' ~ 1 ~ none ~ true ~ 1.0 ~ [1] ~ nope", "1 ~ 2", "'a' ~ ('<' | safe)", "('<' | safe) ~ '>'", "('<' | safe) ~ 1", "'x' ~ 2 + 3", "1 + 2 ~ 3", "2 * 3 ~ 4", "true", "True", "false", "False", "none", "None", "TRUE", "null", "1, 2", "(1, 2)", "()", "(1,)", "(1)", "[]", "[1,]", "[1, 2,]", "{}", "{'a': 1,}", "{'a': 1, 'b': 2}", "{1: 2}", "{'a': 1, 'a': 2}", "{1: 'a', 1.0: 'b', true: 'c'}", "{none: 1}", "{(1, 2): 3}", "{[1]: 2}", "{{}: 2}", "{nope: 1}", "{'a': nope}", "{([1],): 2}", "{1.5: 2}", "{('a' | safe): 1}['a']", "{range(2): 1}", "{(z ~ 'nan') | float: 1}", "{s: n}", "{'a': {'b': {'c': [1, (2,)]}}}", "((1, 2), (3,), ())", "[[[]]]", "(((1)))", "[1, [2, [3]]]"))
    yield from (e(expression) for expression in ("1, 2", "1,", "(1, 2)", "", " ", "1 2", "'a' 1", "[1 2]", "{1, 2}", "{1: 2 3: 4}", "[,]", "(,)", "{,}", "{'a'}", "{'a':}", "(1, 2", "[1", "{1: 2", "1)", "[1)", "(1]", "{]}", "'a", '"a', "'a\\'", "a..b", "a.", ".a", "a.'b'", "a[", "a[]", "a[1", "a[1,2]", "l[0,1]", "l[0:1,1]", "l[1,0:1]", "{(1,2): 5}[1,2]", "l[]", "l[:]", "1 +", "+ ", "* 1", "1 * * 2", "a = 1", "1 = 1", "a == ", "not", "a and", "or b", "1 if", "1 if true else", "if 1", "else", "1 | ", "| upper", "1 is", "1 is not", "is odd", "a b", "a in", "not in a", "a not b", "a;b", "a ; b", "a ? b", "a & b", "a ^ b", "a @ b", "a ! b", "a := 1", "lambda: 1", "a -> b", "a <> b", "a << 1", "a >> 1", "~ 1", "1 ~", "1 ~ ~ 2", "'a' % ", "#", "`a`", "a\\b", "é", "中 is undefined", "_", "__a", "a1", "1a", "a-b", "a.1", "l.0", "l.1.real", "d.a.1.x", "l.00", "l.01", "l.9", "l.-1", "x.y", "s.0", "l.1e5", "u.0.name", "u.0.tag.k", "(l).0", "l .0", "l. 0", "d . b", "٣"))


def slices():
    for of in ("'abcdef'", "[0, 1, 2, 3, 4, 5]", "(0, 1, 2, 3, 4, 5)", "'a🦊b🐻cd'"):
        for step in ("", ":", ":1", ":2", ":3", ":-1", ":-2", ":-3", ":99", ":-99"):
            for start, stop in (("", ""), ("1", ""), ("", "4"), ("1", "4"), ("4", "1"), ("-2", ""), ("", "-2"), ("-4", "-1"), ("0", "0"), ("9", ""), ("", "9"), ("-9", ""), ("", "-9"), ("5", "0"), ("-1", "-7"), ("6", "6"), ("2", "2"), ("-6", "6"), ("6", "-7")):
                yield r(f"{of}[{start}:{stop}{step}]")
    yield from (r(expression) for expression in ("''[1:]", "[][::-1]", "''[::-1]", "()[0:1]", "'a'[::-1]", "'abc'[none:none:none]", "'abc'[none:2]", "'abc'[true:]", "'abc'[false:true]", "'abc'[1.0:]", "'abc'['a':]", "'abc'[nope:]", "'abc'[::0]", "'abc'[:nope]", "'abc'[::'x']", "[1][::0]", "d[1:]", "5[1:]", "none[1:]", "nope[1:]", "d.keys()[1:]", "(l | map('string'))[1:]", "'abc'[99999999999:]", "'abc'[:99999999999]", "'abc'[-99999999999:]", "'abc'[::99999999999]", "'abc'[::-99999999999]", "('abc' | safe)[1:]", "('abc' | safe)[0]", "('abc' | safe)[::-1]", "range(5)[1:3]", "namespace()[1:]", "'abc'[1:][1:]", "'abc'[1:2][0]", "'abcdef'[1:4:2][1]", "[1, 2, 3][1:] + [4]", "'abc'[-1:] ~ 'x'"))
    for of in ("'abc'", "[7, 8, 9]", "(7, 8, 9)", "'🦊b🐻'"):
        for index in ("0", "1", "2", "3", "-1", "-3", "-4", "99999999999", "-99999999999", "true", "false", "1.0", "none", "'a'", "'0'", "nope", "[0]", "2147483648", "-2147483648"):
            yield r(f"{of}[{index}]")


def members():
    for of in ("d", "{}", "{'items': 1}", "{'get': 2, 'x': 3}", "{1: 'one', none: 'n', true: 't'}", "{'keys': [1], 'a b': 2, '__class__': 3}"):
        for name in ("b", "a", "nosuch", "items", "keys", "values", "get", "copy", "fromkeys", "x", "pop", "update", "clear", "setdefault", "popitem", "__class__", "__len__", "has_key", "__init__", "C"):
            if name not in ("keys", "values", "get", "copy", "fromkeys", "items"):
                yield r(f"{of}.{name}")
                yield r(f"{of} | attr('{name}')")
            yield r(f"{of}['{name}'] is defined", f"{of}.{name} is defined", f"{of}.{name} is callable")
    yield from (r(expression) for expression in ("d['b']", "d['nosuch']", "d[1]", "{1: 2}[1]", "{1: 2}[1.0]", "{1: 2}[true]", "{1: 2}['1']", "{none: 2}[none]", "{(1, 2): 3}[(1, 2)]", "{(1, 2): 3}[1, 2]", "d[[1]]", "d[{}]", "d[(1, [2])]", "d[nope]", "d[none]", "d.a[1].x", "d.a[1]['x']", "d.a.x", "d['a'][0]", "{'items': 1}['items']", "{'items': 1}.items() | list", "{1.5: 'a'}[1.5]", "{((1,),): 'a'}[((1,),)]", "{('a', 1): 2}[('a', 1.0)]", "{('a', 1): 2}[('a', true)]", "{(1,): 2}[('1',)]", "{('ab', 'c'): 2}[('a', 'bc')]", "{('1',): 2}[(1,)]", "{(1.5,): 2}[(1.5,)]", "{(none,): 2}[(none,)]", "{2 ** 70: 1}[2.0 ** 70]", "{1e300: 1}[1e300]", "{((z ~ 'inf') | float): 1}[(z ~ 'inf') | float]", "{-0.0: 1}[0]", "{nope: 5}[nope2]", "{('a' | safe): 1}"))
    for method in ("get", "items", "keys", "values", "copy", "fromkeys", "pop", "update", "popitem", "clear", "setdefault"):
        for given in ("", "'a'", "'b', 5", "'zz', 5", "'zz'", "1, 2, 3", "key='a'", "nope", "none", "[1]", "'C', 5"):
            yield r(f"d.{method}({given})")
    yield from (r(expression) for expression in ("d.get([1])", "d.get({})", "{1: 2}.get(1.0)", "{1: 2}.get(true, 3)", "d.get('x', nope)", "d.get('a')[0]", "d.items()", "d.keys()", "d.values()", "d.items() | list", "d.keys() | list", "d.values() | list", "{}.items()", "d.items() | length", "d.keys() | first", "d.keys() | last", "d.values() | last", "d.keys() | sort", "d.items() | reverse | list", "d.keys()[0]", "d.keys()['a']", "d.copy()", "d.copy() == d", "{}.fromkeys('ab')", "{}.fromkeys(['x', 'y'], 0)", "{}.fromkeys([1, 1.0])", "{}.fromkeys([[1]])", "{}.fromkeys(5)", "{}.fromkeys(value=1)", "dict.fromkeys('ab')", "d.keys().nosuch", "d.keys() + ['a']", "d.keys() is iterable", "d.keys() is sequence", "d.keys() is mapping", "d.keys().isdisjoint(['q'])", "d.items().mapping", "d.keys() | tojson", "d | list", "d | length", "d | first", "d | last", "d | sort", "d | join('-')", "d | reverse | list", "d | string", "d | tojson", "d | items | list", "d | max"))
    for of in ("l", "(3, 1, 2, 1)"):
        for method in ("count", "index", "copy", "append", "pop", "sort", "insert", "remove", "extend", "clear", "reverse", "nosuch"):
            for given in ("", "1", "9", "1, 2", "3, 1", "1, 0, 1", "1, -3", "1, 0, -1", "1, 2, 3, 4", "nope", "'a'", "x=1", "1.0", "true", "1, 'a'", "1, none", "1, 99", "2, -1, 99"):
                yield r(f"{of}.{method}({given})")
    yield from (r(expression) for expression in ("l.nosuch", "l.append", "l.__class__", "l['append']", "l['count']", "l | attr('nosuch')", "l.copy() == l", "[1, 1.0, true].count(1)", "[[1], [1]].count([1])", "[((z ~ 'nan') | float)].count((z ~ 'nan') | float)", "(1,).count(1)", "l + [4]", "l + (4,)", "(1,) + (2,)", "(1,) + [2]", "l * 2", "2 * l", "l * 0", "l * -1", "(1, 2) * 2", "2 * (1,)", "[] * 5", "'ab' * 3", "3 * 'ab'", "'ab' * 0", "'ab' * -1", "'' * 99999999999", "'ab' * true", "l * true", "l * 1.0", "'a' * 'b'", "'a' * none", "l * l", "'a' + 'b'", "'a' + none", "none + 'a'", "l + 'a'", "'a' - 'a'", "l - l", "('<' | safe) + '>'", "'<' + ('>' | safe)", "('<' | safe) + 1", "('<' | safe) * 2", "2 * ('<' | safe)", "('<' | safe) + nope", "d + d", "d * 2", "('a' | safe) == 'a'", "[nope] + []", "[1] + nope"))


def reprs():
    yield from (r(expression) for expression in ("'a'", "\"it's\"", "'say \"hi\"'", "'both \\' and \"'", "'\\n\\t\\r\\\\'", "'\\x00\\x1f\\x7f\\x80\\xa0\\xad'", "'é中🦊'", "'\\u200b\\u2028\\ue000\\ufeff\\ufffe'", "'\\U0001f98a\\U000e0001\\U0010ffff'", "'\\u0378'", "'\\ud7ff'", "1", "1.0", "true", "none", "nope", "[]", "()", "(1,)", "{}", "{'a': [1, (2, {'b': none})]}", "range(3)", "range(1, 5, 2)", "range(-3)", "d.items()", "d.keys()", "d.values()", "{}.keys()", "namespace(a=1)", "namespace()", "namespace(a='x', b=[1])", "'<' | safe", "'\\'' | safe", "['a' | safe]", "-0.0", "1e100", "(z ~ 'inf') | float", "('a',)", "('a', ('b',))", "[[], {}, ()]", "\"'\" ~ '\"'", "'\\u2029\\x85'", "'\\u3000'", "'~ '"))
    yield from (e(expression) for expression in ("[nope]", "(nope,)", "{'a': nope}", "range(3)", "range(0, 3, 1)", "range(3, 0, -1)", "d.items()", "namespace(x=1)", "[none, true, 1.5, 'a']", "('a', 1)", "none", "true", "false", "nope", "'<b>'", "['<b>']", "('<b>' | safe)", "('<b>' | e)", "['<b>' | e]", "d", "u", "l"))
    yield from (e(expression) for expression in ("range", "dict", "namespace", "joiner()", "cycler(1)", "raise_exception", "l | map('string')", "'a'.upper", "d.items", "l.count"))


def json():
    for value in ("d", "u", "l", "'a'", "''", "'\"\\\\/\\b\\f\\n\\r\\t'", "'\\x00\\x01\\x1f\\x7f\\x80\\xa0'", "'é中🦊\\u2028\\u2029'", "'<b>&\\'</b>'", "1", "1.0", "-0.0", "1e16", "1e-7", "1e300", "(z ~ 'inf') | float", "(z ~ '-inf') | float", "(z ~ 'nan') | float", "true", "false", "none", "[]", "{}", "()", "(1, 2)", "[[]]", "[{}]", "{'a': []}", "{'a': {}}", "{1: 2}", "{1.5: 2}", "{true: 1, none: 2}", "{false: 1}", "{'b': 1, 'a': 2}", "{'z': {'b': 1, 'a': 2}, 'y': [3, {'d': 4, 'c': 5}]}", "10 ** 30", "'<' | safe", "{('k' | safe): 1}", "[1, [2, [3, [4]]]]", "{'inf': (z ~ 'inf') | float}", "{((z ~ 'nan') | float): 1}", "'~\\x7e\\x7f'"):
        for given in ("", "(indent=2)", "(indent=0)", "(indent=none)", "(indent='\\t')", "(ensure_ascii=true)", "(separators=(',', ':'))", "(sort_keys=true)", "(true)", "(false, 4)", "(indent=2, separators=(',', ': '))", "(indent=1, sort_keys=true, ensure_ascii=true)", "(indent=-1)", "(indent=3, separators=('; ', ' = '))", "(separators=['--', '=='])", "(indent=true)"):
            yield e(f"({value}) | tojson{given}")
    yield from (e(expression) for expression in ("nope | tojson", "[nope] | tojson", "{'a': nope} | tojson", "range(3) | tojson", "d.keys() | tojson", "namespace() | tojson", "{(1, 2): 3} | tojson", "{1: 2, 'a': 3} | tojson(sort_keys=true)", "{1: 2, 0: 3} | tojson(sort_keys=true)", "{none: 2, 0: 3} | tojson(sort_keys=true)", "{'b': 1, 'B': 2, 'a': 3} | tojson(sort_keys=true)", "l | tojson(x=1)", "l | tojson(1, 2, 3, 4, 5)", "l | tojson(indent='--')", "l | tojson(indent='')", "l | tojson(indent=1.5)", "l | tojson(separators=',')", "l | tojson(separators=(1, 2))", "l | tojson(separators=('a',))", "l | tojson(separators=none)", "l | tojson(separators=5)", "l | tojson(separators='ab')", "l | tojson(indent=nope)", "l | map('string') | tojson", "l | tojson | length", "range | tojson", "('a' | tojson) ~ '<'", "l | tojson(ensure_ascii=nope)", "l | tojson(indent=2) | length", "[1, 2] | tojson(indent=1001) | length", "[1] | tojson(indent=1000) | length"))


def undefined():
    for value in ("nope", "d.nope", "l[9]", "d['x y']", "s.nope", "none.nope", "(1 if false)", "u[0].nope", "n.nope", "t.nope", "(1, 2).nope", "d.keys().nope", "range(3).nope", "l['x']", "l[9.5]", "s[99]", "d[5]", "d[(1, 2)]", "(l | first).nope", "f.nope", "range.nope", "namespace().nope", "([] | first)", "([] | last)", "([] | max)", "d['" + "x" * 81 + "']", "d['" + "x" * 80 + "']", "l['" + "é" * 90 + "']"):
        yield r(f"{value} is defined", f"{value} is undefined", f"{value} | default('D')", f"{value} or 'x'", f"not {value}", f"{value} ~ 'x'", f"{value} == nope", f"{value} | list", f"{value} | length", f"{value} | string", f"[{value}]", f"{value} is none")
        yield e(f"{value}")
        yield e(f"{value}.x")
        yield e(f"{value}['x']")
        yield e(f"{value}()")
        yield e(f"{value} + 1")
        yield e(f"1 + {value}")
        yield e(f"-{value}")
        yield e(f"{value} < 1")
        yield f"{{% for x in {value} %}}a{{% else %}}b{{% endfor %}}{{% if {value} %}}c{{% else %}}d{{% endif %}}"
    yield from (e(expression) for expression in ("nope.__class__", "nope.__html__", "nope.x is defined", "d.x.y is defined", "d.x.y | default('a')", "(d.x | default({})).y | default('z')", "nope is callable", "nope is iterable", "nope is sequence", "nope is mapping", "nope is string", "nope is number", "nope in [1]", "1 in nope", "nope | upper", "nope | trim", "nope | join(',')", "nope | first", "nope | last", "nope | sort", "nope | sum", "nope | reverse", "nope | map('upper') | list", "nope | select | list", "nope | tojson", "nope | int", "nope | float", "nope | abs", "nope | round", "nope | title", "nope | replace('a', 'b')", "nope | items | list", "nope | dictsort", "nope | unique | list", "nope | groupby('a') | list", "nope | batch(2) | list", "nope | slice(2) | list", "nope | min", "nope | indent", "nope | truncate", "nope | wordcount", "nope | escape", "nope | safe", "nope | format", "nope | center(5)", "nope | capitalize", "nope | urlencode", "nope | attr('x')", "nope | filesizeformat", "nope | d('x', true)", "nope | nosuch", "nope is nosuch", "nope | default", "nope | default()", "nope(1)", "nope[0]", "nope[1:]", "nope * 2", "nope % 2", "nope and 1", "nope or 1", "1 if nope else 2", "nope == nope", "nope != nope", "nope is sameas nope", "nope is odd", "nope is lower", "'%s' % nope", "nope ** 2", "nope // 1", "nope / 1", "nope >= 1", "nope is eq nope", "nope is in [1]", "nope is divisibleby 2", "dict(nope)", "range(nope)", "namespace(nope)"))


def cases():
    return {
        "literal": literals(), "slice": slices(), "member": members(), "repr": reprs(), "json": json(), "undefined": undefined(),
    }
