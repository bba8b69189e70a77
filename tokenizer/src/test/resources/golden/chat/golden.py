"""Small templates, each with what transformers renders for it or raises: expressions.json.gz, which ChatExpressionsTest
reads.

    pip install jinja2==3.1.6 transformers==5.18.0        # with Python 3.11, whose words the errors have
    python golden.py

The environment is transformers' own, with the clock of ChatTemplateGoldenTest. A template that is named twice is kept
once. Where Python prints an address, it is left out.
"""

import datetime
import gzip
import json
import pathlib
import random
import re

from transformers.utils import chat_template_utils as utils

import filters
import formats
import numbers_
import precedence
import statements
import text
import values


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2025, 3, 7, 9, 5, 4, 60708)


utils.datetime = Clock

CONTEXT = {
    "s": "Hello, World",
    "n": 7,
    "f": 2.5,
    "none_": None,
    "l": [3, 1, 2],
    "d": {"b": 1, "a": [1, {"x": "y"}], "C": None},
    "u": [{"name": "Ann", "age": 31, "tag": {"k": "z"}}, {"name": "bob", "age": 7, "tag": {"k": "Y"}}, {"name": "Cy", "age": 31, "tag": {}}],
    "t": True,
    "z": "", # with it an expression is no constant, which Jinja would reckon beforehand
}

MOMENTS = [
    "2025-03-07T09:05:04.060708", "2024-12-29T23:59:59.999999", "2024-12-30T00:00:00", "2024-12-31T12:00:00.000001", "2025-01-01T01:02:03", "2023-01-01T11:59:00", "2022-01-02T13:00:07", "2021-01-03T12:30:00", "2020-02-29T20:10:30",
    "2020-12-31T10:11:12", "2010-10-10T22:22:22", "1999-12-31T15:45:00", "1970-01-01T00:00:00", "2100-06-15T05:06:07", "2027-01-04T08:00:00", "2026-11-30T16:00:00", "2028-08-01T19:01:01", "2000-05-06T07:08:09", "2009-09-09T09:09:09",
]
CODES = ["%" + code for code in "aAbBcCdDeFgGhHIjklmMnpPrRSTuUVwWxXyYzZ%f"]
CODES += ["%-" + code for code in "CdegHIjklmMSUVWy"] + ["%_" + code for code in "CdegHIjklmMSUVWy"] + ["%0" + code for code in "ekl"]
CODES = [code for code in CODES if code not in ("%n", "%t")]


def result(source):
    random.seed(0)
    try:
        text = utils._cached_compile_jinja_template(source).render(**CONTEXT)
        return {"out": re.sub(" at 0x[0-9a-f]+", "", text)}
    except RecursionError:
        return {"err": "RecursionError: too deep"}
    except Exception as error:
        return {"err": re.sub(" at 0x[0-9a-f]+", "", f"{type(error).__name__}: {error}")}


def main():
    rows, seen = [], set()
    for module in (text, formats, numbers_, values, filters, statements, precedence):
        for family, sources in module.cases().items():
            for source in sources:
                if source not in seen:
                    seen.add(source)
                    rows.append({"family": family, "template": source} | result(source))
    body = ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows)
    here = pathlib.Path(__file__).parent
    whole = '{"context": %s,\n"cases": [\n%s\n]}\n' % (json.dumps(CONTEXT), body)
    with open(here / "expressions.json.gz", "wb") as out:
        out.write(gzip.compress(whole.encode(), mtime=0))
    with open(here / "strftime.tsv", "w", encoding="utf-8") as out:
        for moment in MOMENTS:
            time = datetime.datetime.fromisoformat(moment)
            for code in CODES:
                out.write(f"{moment}\t{code}\t{time.strftime(code)}\n")
    print(len(rows), "templates,", sum("err" in row for row in rows), "of them raise;", len(whole), "characters")


main()
