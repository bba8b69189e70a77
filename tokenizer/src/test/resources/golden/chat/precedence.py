"""How operators, filters, tests and postfixes bind, and errors deep within."""

from text import e, r


def precedence():
    binary = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "not in", "and", "or", "is eq"]
    for a in binary:
        for b in binary:
            yield r(f"7 {a} 3 {b} 2")
            yield r(f"[7] {a} [3] {b} [2]")
        yield r(f"not 1 {a} 0", f"not 0 {a} 1") if a not in ("in", "not in") else r(f"not 1 {a} [0]")
        yield r(f"-1 {a} 2" if "in" not in a else f"-1 {a} [2]")
        yield r(f"1 {a} -2")
        yield r(f"2 {a} 3 | string")
        yield r(f"2 {a} 3 if 1 {a} 1 else 4")
        yield r(f"2 {a} '3' | int")
    yield from (r(expression) for expression in ("1 if 0 else 2 if 0 else 3", "1 if 1 else 2 if 0 else 3", "(1 if 0 else 2) if 0 else 3", "1 if 0", "(1 if 0) is defined", "1 if 0 else 2 | string", "not not 1", "not not not 1", "- 1 | abs", "-1 | abs", "(-1) | abs", "-n.real", "-l[0]", "-s | length", "2 ** -1", "-2 ** 2", "2 ** 3 ** 2", "2 ** -2 ** 2", "not n.real", "1 + 2 | string", "(1 + 2) | string", "1 ~ 2 | string ~ 3", "'a' ~ 'b' | upper", "('a' ~ 'b') | upper", "s | upper | lower", "s | upper | length + 1", "s | length - 1", "s | length * 2", "l | length > 2", "l | first == 3", "l | first is odd", "l | first is odd and true", "n is odd | string", "not n is odd", "n is not odd", "s.upper().lower()", "s.upper()[0]", "s[0].upper()", "d.a[1].x", "d.a[1]['x'][0]", "d['a'][1]['x'].upper()", "(s).upper()", "('a').upper()", "'a'.upper()", "1 .real", "[1, 2][0]", "(1, 2)[1]", "{'a': 1}.a", "{'a': 1}['a']", "'abc'[1]", "'abc'[1:].upper()", "[1, 2] | first", "s | list | first | upper", "(s | list)[0]", "s|upper", "s|upper|length", "1 and 2", "0 and 2", "1 or 2", "0 or 2", "'' or none or 0", "1 and '' and 2", "0 or 1 and 0 or 2", "1 < 2 and 2 < 3", "1 in [1] and 2 in [2]", "not 1 in [2] and true", "1 is eq 1 and 2 is eq 2", "n | string == '7'", "n == 7 | string", "'a' in s | lower", "('h' in s) | string", "s | replace('l', 'L') ~ '!'", "s.split(',')[0] | upper", "n % 2 == 1", "n % 4 ** 2", "n // 2 * 2 + n % 2", "1 - 1 - 1", "8 / 2 / 2", "1 - (1 - 1)", "+1", "+-1", "-(-1)", "1 +1", "1+1", "1-1", "1 -1", "1--1", "1*-1", "2**2", "5//2", "5/2", "5%3", "1~1", "1<2", "1>=1", "1!=1", "a==b", "l[0]+l[1]", "l[0:2]+l[2:]", "l[n-7]", "l[-1]", "l[0 if false else 1]", "l['0' | int]", "s[l[1]:l[0]]", "l[::-1][0]", "d.get('zz', 'a' if 1 else 'b')", "dict(a=1 if 1 else 2)", "[1 if 1 else 2, 3]", "{'a' if 1 else 'b': 1 or 2}", "(1, 2 if 0 else 3)", "s.replace('l', 'x' ~ 'y')", "[x for x in l]", "(l | sort)[0]", "l | sort | first", "l | map('string') | join | int + 1", "u | map(attribute='name') | join(', ')", "u | selectattr('age', 'gt', 10) | map(attribute='name') | join(',') | upper", "1 if nope is defined and nope.x else 2", "nope or 'd'", "nope.x or 'd'", "'%s-%s' % (1, 2) | upper", "'a' * 2 ~ 'b'", "'a' ~ 'b' * 2", "1 == 1 == 1", "1 < 3 > 2", "not 1 == 1", "not (1 == 1) or true", "true and not false", "- - 1", "-1 ** 2", "(-1) ** 2", "2 * -3", "2 - -3", "'x' if s is string else 'y' | upper", "l is defined and l | length > 0", "s is string and s | length", "(1)", "((1))", "(1,)[0]", "[[1]][0][0]", "[1][0] + 1", "s is lower or s is upper", "s is not none", "s is not none and 1", "1 is not none is true"))


def errors():
    bad = ("1 / 0", "nope.x", "'a' + 1", "l[9].x", "s.nosuch()", "l | nosuch", "raise_exception('R')", "none.x.y", "5()", "[] < 5", "range(0, 1, 0)", "'%d' % 'a'", "'{}'.format()", "d | sort(attribute='a')", "[1] | sum('x')")
    for expression in bad:
        yield "a\n{{ " + expression + " }}\n"
        yield "a\n\n{% if " + expression + " %}x{% endif %}"
        yield "{% for i in [1] %}\n{{ i }}\n{{ " + expression + " }}{% endfor %}"
        yield "{% macro m() %}\n\n{{ " + expression + " }}{% endmacro %}\n\n\n{{ m() }}"
        yield "{% set x =\n" + expression + " %}"
        yield "{% set x %}\n{{ " + expression + " }}{% endset %}"
        yield "{% if true %}\n{% elif " + expression + " %}{% endif %}ok"
        yield "{{ 1 or " + expression + " }}{{ 0 and " + expression + " }}{{ 2 if true else " + expression + " }}"
        yield "{{ [1, " + expression + "] }}"
        yield "{{ {'a': " + expression + "} }}"
        yield "{{ dict(a=" + expression + ") }}"
        yield "{{ (" + expression + ") | default('x') }}"
        yield "{% with a = " + expression + " %}{% endwith %}"
        yield "{% filter upper %}\n{{ " + expression + " }}{% endfilter %}"
        yield "{% generation %}\n{{ " + expression + " }}{% endgeneration %}"
        yield "{% for x in [" + expression + "] %}{% endfor %}"
        yield "{% macro m() %}{{ caller() }}{% endmacro %}\n{% call m() %}\n{{ " + expression + " }}{% endcall %}"
        yield "{{ not (" + expression + ") }}"
        yield "{{ -(" + expression + ") }}"
        yield "{{ (" + expression + ") is defined }}"
        yield "{{ l[" + expression + "] }}"
        yield "{{ 'a' ~ (" + expression + ") }}"
        yield "{{ 1 < (" + expression + ") < 2 }}"


def hard():
    chat = "[{'role': 'user', 'content': 'Hi\\n'}, {'role': 'assistant', 'content': '<think>a</think> b', 'tool_calls': [{'name': 'f', 'arguments': {'x': 1.5, 'y': [true, none]}}]}, {'role': 'tool', 'content': '{\"r\": 1}'}]"
    for body in (
        "{%- for m in c %}\n{{- '<|' + m.role + '|>' }}\n{{ m.content | trim }}\n{% endfor -%}",
        "{%- for m in c if m.role != 'tool' -%}{{ m['role'] | capitalize ~ ': ' ~ m['content'].strip() }}{% if not loop.last %}\n{% endif %}{%- endfor -%}",
        "{% for m in c %}{% if m.tool_calls is defined and m.tool_calls %}{% for t in m.tool_calls %}{{ t.name }}({{ t.arguments | tojson }}){% endfor %}{% endif %}{% endfor %}",
        "{% for m in c %}{% for k, v in (m.tool_calls | default([{'arguments': {}}], true))[0].arguments | items %}{{ k }}={{ v | tojson if v is mapping or v is sequence else v }};{% endfor %}{% endfor %}",
        "{% set ns = namespace(last=-1) %}{% for m in c %}{% if m.role == 'assistant' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}{{ ns.last }}",
        "{% for m in c[::-1] %}{{ loop.revindex0 }}{{ m.role[:1] }}{% endfor %}",
        "{% set content = c[1].content %}{% if '</think>' in content %}{{ content.split('</think>')[-1].lstrip('\\n') }}|{{ content.split('</think>')[0].rstrip().split('<think>')[-1] }}{% endif %}",
        "{% set sys = c | selectattr('role', 'equalto', 'system') | map(attribute='content') | first %}{{ sys | default('none given') }}",
        "{% if (c | length) % 2 == 1 %}odd{% endif %}{{ c | map(attribute='role') | join('/') }}{{ c | rejectattr('role', 'in', ['user', 'tool']) | list | length }}",
        "{% for m in c %}{{ 'A' if loop.first else 'B' if m.role == 'tool' else 'C' }}{% endfor %}",
        "{% for m in c %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('alternate: ' ~ m.role) }}{% endif %}{% endfor %}",
        "{{ c | tojson(indent=2) }}",
        "{{ c[1].tool_calls[0] | tojson(separators=(',', ':')) }}{{ c[2].content | tojson }}",
        "{% macro show(v, d=0) %}{% if v is mapping %}{% for k in v %}{{ '  ' * d }}{{ k }}:\n{{ show(v[k], d + 1) }}{% endfor %}{% elif v is iterable and v is not string %}{% for x in v %}{{ show(x, d + 1) }}{% endfor %}{% else %}{{ '  ' * d }}{{ v }}\n{% endif %}{% endmacro %}{{ show(c) }}",
        "{% for group in c | groupby('role') %}{{ group.grouper }}:{{ group.list | length }}:{{ group[0] }}:{{ group | length }}:{% for k in group %}{{ k is string }}{% endfor %};{% endfor %}{% for role, ms in c | groupby('role') %}{{ role }}{{ ms | length }}{% endfor %}{{ (c | groupby('role'))[0].nosuch is defined }}{{ (c | groupby('role'))[0].count('user') }}{{ (c | groupby('role'))[0][:1] }}{{ (c | groupby('role'))[0] == ('assistant', [c[1]]) }}",
    ):
        yield "{% set c = " + chat + " %}" + body


def rest():
    yield from ("{% print 1 %}", "{% print 1, s %}", "{% print (1, 2) %}", "{% print %}", "{% print 1 2 %}", "{% print 1, %}", "{% print s | upper, n + 1 %}", "{% print nope.x %}", "{% if true %}{% print n %}{% endif %}", "{% print '<' | e, none %}", "{%- print n -%} x")
    yield from (r(expression) for expression in ("{((1,),): 1, ((2,),): 2} | length", "{((1,),): 1, ((2,),): 2}[((2,),)]", "{((1,),): 1, ((1.0,),): 2} | length", "{(1, (2, 'a')): 3}[(1, (2, 'a'))]", "{('a', ('b',)): 1, ('a', 'b'): 2} | length", "[(1, ('a',)), (1, ('b',))] | unique | list", "((1,),) in {((1,),): 0}", "{(): 1}[()]", "{(none, true): 1}[(none, 1)]", "{('1', 1, 1.5): 1}[('1', 1, 1.5)]", "{(1.5, 'x'): 1}[('1.5', 'x')]"))
    yield from (e(expression) for expression in ("'%s' % (1, 2)", "'%s%s' % (1, 2, 3)", "'a' % (1, 2)", "'%d%%' % 5 ~ '%'", "'%%%s%%' % 1", "'%s' % ((),)", "'%s' % ()", "'%(a)s' % d", "'%(b)d %(b)05.1f %(b)x' % d", "'%(b)s %(C)r' % d"))
    for spec in ("z", "z.1f", "z.0f", "z.2e", "z.2E", "zg", "zG", "z.1%", "+z.1f", " z.1f", "z09.1f", "z#.0f", "z,.1f", "-z.1f"):
        yield e(f"'{{:{spec}}}|{{:{spec}}}|{{:{spec}}}|{{:{spec}}}|{{:{spec}}}|{{:{spec}}}'.format(-0.0, -0.01, -1.5, (z ~ '-inf') | float, 0.0, -1e-300)")
    for code in ("%d %s" "%5.2f|%-8s|%+d", "%x %X %o %#x %#o %e"):
        yield e(f"'{code}' % (1, 2, 3, 4, 5, 6)")
    yield from ("{% for k, v in {((1,),): 'x'}.items() %}{{ k }}{{ v }}{% endfor %}", "{% for x in [] %}{% else %}{{ loop is defined }}{% endfor %}", "{% for x in [1, 2, 3] %}{% for y in [] %}{% else %}{{ x }}{% endfor %}{% endfor %}", "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(1, 2) }}{{ m(b=1, a=2) }}{{ m(1, b=2) }}{{ m(1, 2, 3) }}", "{% macro m(x=1, y=x + 1) %}{{ x }}{{ y }}{% endmacro %}{{ m() }}{{ m(5) }}{{ m(y=0) }}")


def cases():
    return {"precedence": precedence(), "error": errors(), "conversation": hard(), "rest": rest()}
