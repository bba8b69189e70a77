"""Numbers: how they print, what they do with each other, how they are rounded."""

import random

from text import e, r

INTS = ["0", "1", "-1", "2", "-2", "7", "-7", "10", "3", "-3", "2147483647", "2147483648", "-2147483649", "9007199254740993", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "123456789012345678901234567890", "true", "false"]
REALS = ["0.0", "-0.0", "1.0", "-1.0", "0.5", "-0.5", "2.5", "-2.5", "0.1", "3.7", "-3.7", "1e300", "-1e300", "1e-300", "5e-324", "1e16", "9007199254740992.0", "(z ~ 'inf') | float", "(z ~ '-inf') | float", "(z ~ 'nan') | float"]
SIGNS = ["+", "-", "*", "/", "//", "%", "**"]
COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]


def printing():
    for exponent in list(range(-20, 25)) + [-324, -323, -308, -307, -100, -99, 99, 100, 307, 308]:
        for digits in ("1", "-1", "1.5", "1.2345678901234567", "9.999999999999999"):
            yield r(f"{digits}e{exponent}")
    yield r(*(value for value in REALS))
    yield r("1e309", "-1e309", "1e-400", "123456789.0", "1234567890123456.0", "12345678901234567.0", "0.1 + 0.2", "1 / 3", "2 / 3", "100.0", "1e2", "1E2", "1e+2", "1e-2", "1_000.5", "1_0e1_0", "0.30000000000000004", "4.35", "1.1e-5", "2.2250738585072014e-308", "1.7976931348623157e308")
    yield r("9007199254740993.0", "5e-324", "1e23", "8.41e21", "2.0e-3", "9.5367431640625e-07", "4.9406564584124654e-324", "2e-323", "1e22", "2e44", "3.4028235e38")
    yield from (e(value) for value in REALS + INTS)
    yield r("0x1F", "0o17", "0b101", "0X1f", "0O17", "0B11", "1_000", "0x_ff", "0b1_0", "00", "0_0", "000", "1__0"[:1])
    yield from (e(literal) for literal in ("012", "1__0", "1_", "0x", "0xg", "0b2", "0o8", "0b", "1_.5", "1._5", "1.e5", "1e", "1e+", ".5", "5.", "1.5.5", "1a", "1e5x", "0_1", "0x1_", "0x1__1", "01.5", "1.5_", "1e1_", "1e1__0", "1_e1", "00.5", "1.0e", "1 .5", "0xFFFFFFFFFFFFFFFFFFFF", "0b" + "1" * 70, "1" * 4300 + " % 7", "1" * 4301 + " % 7", "0x" + "f" * 4000 + " % 7", "9" * 400 + " * 1.0", "1.0e400", "0e5", "٣", "x٣"))
    yield from (e(f"(10 ** {k}) | string | length") for k in (100, 1000, 4299, 4300))


def arithmetic():
    chosen = random.Random(2)
    for sign in SIGNS:
        for a in INTS[:10] + REALS[:11] + REALS[-3:]:
            for b in INTS[:8] + REALS[:8] + REALS[-3:]:
                if chosen.random() < 0.5:
                    yield r(f"({a}) {sign} ({b})")
    big = [value for value in INTS if len(value) > 5]
    for sign in SIGNS[:6]:
        for a in big + REALS[-9:]:
            for b in big[:6] + ["3", "-3", "0.5", "-1e300", "(z ~ 'inf') | float"]:
                yield r(f"({a}) {sign} ({b})")


def drawn():
    chosen = random.Random(5)
    for _ in range(300):
        a, b = (chosen.choice([str(chosen.randint(-100, 100)), repr(round(chosen.uniform(-50, 50), 3)), str(chosen.randint(-10**25, 10**25)), repr(chosen.uniform(-1, 1) * 10 ** chosen.randint(-30, 30))]) for _ in "ab")
        yield r(*(f"({a}) {sign} ({b})" for sign in ("+", "-", "*", "/", "//", "%", "<", "==", ">=")))
    for _ in range(100):
        a, b = chosen.randint(-12, 12), chosen.randint(0, 40)
        yield r(f"({a}) ** {b}", f"({a}.5) ** {b}", f"({a}) ** (-{b})" if a else "0", f"(0 - {a}) % ({b} + 1)", f"({a}) // (0 - {b} - 1)")


def powers():
    yield from (r(expression) for expression in (
        "2 ** 10", "2 ** 64", "2 ** -1", "(-2) ** 3", "(-2) ** 2", "-2 ** 2", "2 ** 3 ** 2", "0 ** 0", "0 ** 5", "0 ** -1", "1 ** -5", "(-1) ** -5", "(-1) ** 99999", "(-1) ** 99998", "1 ** 99999999999999", "0 ** 99999999999999", "(-1) ** 99999999999999", "2 ** 0.5", "(-8) ** 0.5", "(-8.0) ** 2.0", "(-8.0) ** 3", "0.0 ** 0", "0.0 ** -1", "0.0 ** 1.5", "1.0 ** ((z ~ 'nan') | float)", "((z ~ 'nan') | float) ** 0", "((z ~ 'inf') | float) ** -1", "((z ~ '-inf') | float) ** 3", "((z ~ '-inf') | float) ** 0.5", "2.0 ** 1024", "2 ** 1023.5", "10.0 ** 308", "10.0 ** -400", "10 ** -400", "true ** 2", "2 ** true", "2 ** 16383", "1e200 * 1e200", "2.0 ** -1074", "2.0 ** -1075", "(-1) ** 0.5", "(-1.5) ** ((z ~ 'inf') | float)", "0.5 ** ((z ~ 'inf') | float)", "1 ** ((z ~ 'inf') | float)", "(-1) ** ((z ~ 'inf') | float)", "(10 ** 400) ** -1", "(10 ** 400) ** 0.5", "(-0.0) ** -1", "(-0.0) ** 3", "2 ** nope", "'a' ** 2", "2 ** 'a'", "7 ** 7 % 10", "7 % 4 ** 2", "-7 // 2 ** 2", "2 * 3 ** 2",
        "(2 ** 16383) | string | length", "2 ** 16384 % 7", "(2 ** 8192) * (2 ** 8191) % 7", "(2 ** 8192) * (2 ** 8192) % 7", "(2 ** 16383) + (2 ** 16383) % 7", "(1 - 2 ** 16383) - 2 ** 16383", "3 ** 10337 % 10", "(-3) ** 10337 % 10",
    ))
    yield from (r(expression) for expression in ("1 / 3", "10 / 5", "(10 ** 400) / (10 ** 399)", "(10 ** 400) / 1", "1 / (10 ** 400)", "0 / -5", "0 // -5", "0 % -5", "(10 ** 30) / 3", "(2 ** 53 + 1) / 1", "(2 ** 53 + 1) / 2", "-7 / 2", "1 / 0.0", "1 // 0.0", "1 % 0.0", "1 / 0", "1 // 0", "1 % 0", "0.0 / 0", "true / 2", "true // 2", "true % 2", "true + true", "true * 1.5", "-true", "+true", "-false", "+1.5", "-(-0.0)", "-0.0", "- 5", "--5", "-+-5", "+-+5", "(10 ** 400) + 1.0", "1.0 * (10 ** 400)", "1.0 < 10 ** 400", "(10 ** 400) == 1e300", "(10 ** 400) > ((z ~ 'inf') | float)", "-(10 ** 400) < ((z ~ '-inf') | float)", "(10 ** 400) | float", "(0 - 10 ** 400) | float", "(2 ** 1023) * 1.0", "(2 ** 1024) * 1.0", "(10 ** 308) * 1.0"))
    yield from (r(expression) for expression in ("0.5 % 0.2", "-0.5 % 0.2", "0.5 % -0.2", "1e300 % 7", "-1e300 % 7.5", "6.0 % 3", "-6.0 % 3", "6.0 % -3", "5.5 // 1.1", "-5.5 // 1.1", "1 // 0.1", "0.3 // 0.1", "-0.3 // 0.1", "((z ~ 'inf') | float) // 2", "2 // ((z ~ 'inf') | float)", "-2 // ((z ~ 'inf') | float)", "2 % ((z ~ 'inf') | float)", "-2 % ((z ~ 'inf') | float)", "2 % ((z ~ '-inf') | float)", "-2 % ((z ~ '-inf') | float)", "((z ~ 'inf') | float) % 2", "((z ~ 'nan') | float) // 1", "((z ~ 'nan') | float) % 1", "1 % ((z ~ 'nan') | float)", "0.0 // 5", "-0.0 // 5", "0.0 // -5", "0.0 % -5", "-0.0 % 5", "1e-320 // 1", "-1e-320 // 1", "-1e-320 % 1", "4.0 // 1.0", "3.9999999999999996 // 1", "1e17 // 0.3", "2.5 // 0.5", "-2.5 // 0.5", "1e308 // 1e-308"))


def mixed():
    others = ["'a'", "none", "[1]", "(1,)", "{'a': 1}", "nope", "range(2)", "d.keys()", "1", "1.5", "true", "'a' | safe", "namespace()", "range", "[1] | map('string')"]
    for sign in SIGNS + COMPARISONS + ["~"]:
        for a in others:
            for b in others:
                if sign == "~" and ("range" in (a, b) or "namespace()" in (a, b) or "map" in a + b):
                    continue
                if sign in ("+", "*", "%", "<", "==", ">=", "~") or others.index(a) + others.index(b) < 16:
                    yield e(f"({a}) {sign} ({b})" if sign != "~" else f"({a}) ~ ({b})")
    for sign in ("+", "-"):
        yield from (e(f"{sign}({a})") for a in others)
    for a in others:
        for b in others:
            yield e(f"({a}) in ({b})")
            if a in ("'a'", "1", "none", "nope"):
                yield e(f"({a}) not in ({b})")


def comparing():
    values = INTS[:6] + INTS[13:17] + REALS[:4] + ["9007199254740992.0", "9007199254740994.0", "1e19", "-1e19"] + REALS[-3:] + ["true", "false"]
    for a in values:
        yield r(*(f"({a}) {sign} ({b})" for b in values for sign in COMPARISONS))
    texts = ["''", "'a'", "'b'", "'ab'", "'A'", "'🦊'", "'\\uffff'", "'\\ud7ff'", "'é'", "'aé'", "'a🦊'", "'a\\ue000'", "'a' | safe"]
    for a in texts:
        yield r(*(f"({a}) {sign} ({b})" for b in texts for sign in COMPARISONS))
    lists = ["[]", "[1]", "[1, 2]", "[2]", "[1.0]", "[true]", "['a']", "[[1]]", "[none]", "[nope]", "[(z ~ 'nan') | float]", "[1, 'a']", "[1, 2, 3]", "[0, 5]"]
    for a in lists:
        yield r(*(f"{a} == {b}" for b in lists), *(f"{a} != {b}" for b in lists))
        for b in lists:
            yield r(f"{a} < {b}", f"{a} <= {b}", f"{a} > {b}", f"{a} >= {b}")
    tuples = ["()", "(1,)", "(1, 2)", "(2,)", "('a',)", "(1, 'a')", "((1,),)"]
    for a in tuples:
        yield r(*(f"{a} == {b}" for b in tuples))
        for b in tuples:
            yield r(f"{a} < {b}", f"{a} <= {b}", f"{a} > {b}", f"{a} >= {b}")
    dicts = ["{}", "{'a': 1}", "{'a': 1.0}", "{'a': 2}", "{'b': 1}", "{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", "{1: 'x'}", "{1.0: 'x'}", "{true: 'x'}", "{'a': [1]}", "{'a': none}", "{'a': nope}"]
    for a in dicts:
        yield r(*(f"{a} == {b}" for b in dicts), *(f"{a} != {b}" for b in dicts))
    views = ["{}.keys()", "{'a': 1}.keys()", "{'a': 2}.keys()", "{'a': 1}.items()", "{'a': 2}.items()", "{'a': 1}.values()", "{'a': 1, 'b': 2}.keys()", "{'b': 1, 'a': 2}.keys()", "{'b': 2, 'a': 1}.items()", "{'a': 1, 'b': 2}.items()", "[('a', 1)]", "['a']", "range(0)", "range(3)", "range(0, 3)", "range(0, 3, 5)", "range(0, 1)", "range(0, 2, 5)", "range(1, 1)", "range(5, 5, 2)", "(0, 1, 2)", "[0, 1, 2]", "{'c': 1}.keys()", "{'a': 1, 'c': 2}.keys()"]
    for a in views:
        yield r(*(f"{a} == {b}" for b in views), *(f"{a} != {b}" for b in views))
    yield r("d.values() == d.values()", "d.keys() == d.keys()", "d.items() == d.items()", "range == range", "nope == nope2", "nope == none", "none == none", "none == false", "none == 0", "nope != nope", "namespace() == namespace()", "'' == nope", "(nope, 1) == (nope2, 1)")
    yield from (r(expression) for expression in ("1 < 2 < 3", "1 < 3 < 2", "3 > 2 > 1", "1 < 2 > 1", "1 == 1.0 == true", "1 < 2 == 2", "1 in [1] in [[1]]", "1 in [1] == true", "1 < 2 < nope", "2 < 1 < nope", "2 < 1 < 'a'", "1 < 2 < 'a'", "not 1 == 2", "not 1 in [1]", "1 not in [2]", "1 not in [1] in [false]", "'a' in 'abc' in ['abc']", "1 != 2 != 1", "1 == 1 != 2", "1 <= 1 >= 1", "1 if 1 < 2 else 3", "(1 < 2) < 3", "1 < (2 < 3)", "'a' < 'b' < 'c'", "[1] < [2] < [3]", "1 is odd == true", "'b' not in 'abc'", "nope in nope", "1 in nope", "nope in [1, nope2]", "nope in 'a'", "1 in 'a'", "'' in ''", "'' in 'a'", "'🦊' in 'x🦊y'", "none in [none]", "1.0 in [1]", "true in [1]", "((z ~ 'nan') | float) in [1]", "'a' in {'a': 1}", "1 in {true: 1}", "[1] in {'a': 1}", "[] in [[]]", "('a', 1) in {'a': 1}.items()", "1 in {'a': 1}.values()", "'a' in {'a': 1}.keys()", "[1] in {'a': 1}.keys()", "2 in range(5)", "2.0 in range(5)", "7 in range(5)", "'a' in range(5)", "3 in range(0, 9, 2)", "1 in 5", "1 in none", "1 in 1.5", "1 in true", "1 in [1] | map('int')", "9 in ([1] | map('int'))", "1 in namespace()", "1 in range", "'a' in namespace(a=1)"))


def rounding():
    values = ["0.5", "1.5", "2.5", "-0.5", "-1.5", "2.675", "1.005", "123.456", "-123.456", "0.05", "1e20", "1e-10", "5", "-15", "25", "35", "15", "1234567", "12345678901234567890", "true", "0.0", "-0.0", "5e-324", "1.7976931348623157e308", "(z ~ 'inf') | float", "(z ~ '-inf') | float", "(z ~ 'nan') | float"]
    for value in values:
        for given in ("", "(0)", "(1)", "(2)", "(-1)", "(-2)", "(10)", "(-3)"):
            yield r(f"({value}) | round{given}")
        for method in ("ceil", "floor", "common"):
            for digits in (0, 1, 2, -1):
                yield r(f"({value}) | round({digits}, '{method}')")
        yield r(f"({value}) | abs")
        yield r(f"({value}) | int")
        yield r(f"({value}) | float")
        yield r(f"({value}) | string")
    yield from (e(expression) for expression in ("'a' | round", "none | round", "nope | round", "[1] | round", "1.5 | round('a')", "1.5 | round(1, 'x')", "1.5 | round(1.0)", "1.5 | round(method='ceil')", "1.5 | round(precision=1)", "1.25 | round(none)", "1.5 | round(400)", "1.5 | round(-400)", "15 | round(-400)", "1.5 | round(1, 'ceil', 2)", "1.5 | round(x=1)", "1.5 | round(nope)", "12 | round(400, 'floor')", "1.23456 | round(17)", "1.5 | round(323)", "1e-320 | round(322)", "'a' | abs", "none | abs", "nope | abs", "[1] | abs", "-5 | abs", "(-5) | abs", "(-5.5) | abs", "5 | abs(1)", "2 ** 70 | abs", "'1' | round", "1.5 | round(true)"))
    for value in ("'42'", "' 42 '", "'-42'", "'+42'", "'4_2'", "'4__2'", "'_42'", "'42_'", "'0x1f'", "'0b11'", "'0o17'", "'1.9'", "'-1.9'", "'1e3'", "'1e400'", "'inf'", "'-inf'", "'infinity'", "'nan'", "'abc'", "''", "' '", "'- 4'", "'--4'", "'0'", "'-0'", "'007'", "'0_7'", "'٣'", "'१२.५'", "'²'", "'.5'", "'5.'", "'.'", "'1_0.5'", "'1._5'", "'1e1_0'", "'e5'", "'1e'", "'+.5e-1'", "'\\xa042\\u3000'", "'12345678901234567890'", "'1,000'", "'true'", "'None'", "'0x'", "'0x_1f'", "'0x1_f'", "'zz'", "'ff'", "'11'", "'12'", "'Infinity'", "'+nan'", "'-nan'", "'1\\n'", "'1 2'", "'𝟏'", "'00'", "'0b'", "'1e5x'", "'1_e5'", "'INF'", "'nano'", "'infinit'", "'0.0'", "'-0.0'", "'1e-400'", "'9007199254740993'", "'0X1F'", "'-0x1f'", "'+0b1'"):
        yield r(f"{value} | int", f"{value} | float", f"{value} | int(-1)", f"{value} | float(-1)", f"{value} | int(base=16)", f"{value} | int(0, 2)", f"{value} | int(0, 36)", f"{value} | int(0, 0)", f"{value} | int(0, 8)")
    yield from (r(expression) for expression in ("none | int", "none | float", "[1] | int", "[1] | float", "{} | int(5)", "nope | int", "nope | float", "1.9 | int", "-1.9 | int", "(-1.9) | int", "1e20 | int", "true | int", "true | float", "((z ~ 'inf') | float) | int", "((z ~ 'nan') | float) | int", "((z ~ 'nan') | float) | int(5)", "none | int(none)", "'a' | int(none)", "'a' | int('x')", "'a' | float(none)", "'a' | float('x')", "'a' | int(default=3)", "'a' | float(default=3)", "'7' | int(0, 1)", "'7' | int(0, 37)", "'7' | int(0, -1)", "'7' | int(base='x')", "5 | int(0, 16)", "'a' | int(0, 10, 1)", "'a' | float(0, 1)", "'a' | int(x=1)", "('1' * 4300) | int % 7", "('1' * 4301) | int % 7", "('1' * 4301) | float", "('0x' ~ 'f' * 4400) | int(0, 16) % 7", "'<' | e | int", "('5' | safe) | int", "('5' | safe) | float", "range(3) | int", "(10 ** 400) | string | float"))


def members():
    yield from (r(expression) for expression in ("5 .real", "(5).real", "n.real", "n.imag", "n.numerator", "n.denominator", "n.bit_length()", "n.bit_count()", "(-n).bit_length()", "(-n).bit_count()", "(0).bit_length()", "(-8).bit_length()", "n.conjugate()", "n.nosuch", "f.real", "f.imag", "f.is_integer()", "(2.0).is_integer()", "((z ~ 'inf') | float).is_integer()", "((z ~ 'nan') | float).is_integer()", "f.conjugate()", "f.nosuch", "f.numerator", "f.hex()", "f.as_integer_ratio()", "n.to_bytes(2, 'big')", "n.__class__", "n.__add__(1)", "true.real", "true.imag", "true.bit_length()", "false.numerator", "(1.0).__class__", "n['real']", "f['imag']", "n[0]", "f[0]", "n['x']", "none.x", "none['x']", "none[0]", "true.x", "t.real", "t['real']", "none.__class__", "n.is_integer()", "n.as_integer_ratio()", "n.real()", "f.real()", "range(5).start", "range(1, 5).stop", "range(1, 5, 2).step", "range(5).count(3)", "range(5).count(9)", "range(5).index(3)", "range(5).index(9)", "range(5).nosuch", "range(5).__class__", "range(2, 9, 3)['stop']", "range(5).index('a')", "range(5).count('a')", "range(2, 9, 3).index(5)", "range(5).index(2, 3)"))


def ranges():
    for given in ("5", "0", "-5", "1, 5", "5, 1", "1, 10, 3", "10, 1, -3", "5, 5", "1, 2, 100", "0, 10, 5", "0, 11, 5", "0, 9, 5", "10, 0, -5", "10, -1, -5", "11, 0, -5", "-5, 5, 4", "true", "1, 5, -1", "5, 1, 1", "100000 - 2, 100000"):
        yield r(f"range({given})", f"range({given}) | list", f"range({given}) | length", f"range({given})[1:]", f"range({given})[::-1]", f"range({given})[::2] | list", f"range({given})[-2:] | list", f"range({given}) | last", f"range({given}) | first", f"range({given}) | reverse | list", f"range({given}) | sum", f"range({given})[5:1]")
        yield e(f"range({given})[1]")
        yield e(f"range({given})[-1]")
        yield e(f"range({given})[-2]")
    yield from (e(expression) for expression in ("range()", "range(1, 2, 3, 4)", "range(1, 2, 0)", "range(0, 5, 0)", "range('a')", "range(1.0)", "range(none)", "range(nope)", "range(1, 'a')", "range(1, 5, 'a')", "range(stop=5)", "range(100000) | length", "range(100001) | length", "range(0, 200000, 2) | length", "range(0, 200001, 2) | length", "range(0, 200002, 2) | length", "range(0, -100000, -1) | length", "range(0, -100001, -1)", "range(10 ** 20)", "range(10 ** 20, 10 ** 20 + 2) | list", "range(0, 10 ** 20, 10 ** 19) | list", "range(0, 10 ** 20, 10 ** 19)", "range(10 ** 20, 0) | list", "range(5)['a']", "range(5)[none]", "range(5)[1.0]", "range(5)[10 ** 20]", "range(5)[true]", "range(5)[9]", "range(5)[-6]", "range(5)[-5]", "range(5)[4]", "range(5) is iterable", "range(5) is sequence", "range(5) is mapping", "range(3) + [1]", "range(3) * 2", "range(3) ~ 'x'", "range(0, 2 ** 70, 2 ** 69) | length", "range(0, 5)[1:3]", "range(0, 5)[10:]", "range(0, 5)[:-10]", "range(0, 10, 3)[::2]", "range(0, 10, 3)[::-1] | list", "range(0, 10, 3)[3:0:-2] | list", "range(10)[8:2:-3]", "range(10)[-1:-4:-1] | list", "range(3)[::0]", "range(5)[1:99]", "range(5)[99:1:-1]", "range(5)[-99:99:2] | list"))


def cases():
    return {
        "printing": printing(), "arithmetic": arithmetic(), "drawn numbers": drawn(), "power": powers(), "mixed": mixed(),
        "comparison": comparing(), "rounding": rounding(), "members": members(), "range": ranges(),
    }
