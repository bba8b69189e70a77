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
    print(len(rows), "templates,", sum("err" in row for row in rows), "of them raise;", len(whole), "characters")


main()
