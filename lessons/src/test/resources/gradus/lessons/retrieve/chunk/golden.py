"""Writes golden.json: what LangChain's own text splitters and NumPy give. Run where langchain_text_splitters 1.1.2 and
numpy 2.4 are installed (with typing_extensions; pip install --no-deps will do: the module langchain_core, of which one class is used to
hold a text, is stood in for below).

    python golden.py > golden.json
"""
import json
import sys
import types

core = types.ModuleType("langchain_core")
documents = types.ModuleType("langchain_core.documents")


class BaseDocumentTransformer:
    pass


class Document:
    pass


documents.BaseDocumentTransformer = BaseDocumentTransformer
documents.Document = Document
sys.modules["langchain_core"] = core
sys.modules["langchain_core.documents"] = documents
for name in ["langchain_core._api", "langchain_core.callbacks"]:
    stand_in = types.ModuleType(name)
    stand_in.beta = stand_in.deprecated = lambda *a, **k: (lambda c: c)
    sys.modules[name] = stand_in

import numpy as np
from langchain_text_splitters import Language, RecursiveCharacterTextSplitter

TEXTS = {
    "plain": "One two three. Four five!\n\nSix seven eight nine ten eleven twelve.\nThirteen fourteen\n\n\n\n"
    "Fifteen? Sixteen seventeen eighteen nineteen twenty.",
    "long word": "short " + "x" * 37 + " tail and more words behind it",
    "exactly": "abcd efgh\nijkl",
    "astral": "\U0001f600\U0001f601 \U0001f602 caf\u00e9 \u4e2d\u6587\u3002\u518d\u89c1 \U0001f603\U0001f604\U0001f605\U0001f606",
    "windows": "first line\r\nsecond line\r\n\r\nthird\r\n",
    "markdown": "# Title\n\nIntro text here.\n\n## Part one\n\nSome words in part one.\n\n```\ncode # no heading\n```\n\n"
    "***\n\n## Part two\n\n- a\n- b\n- c\n\nThe end of the text.",
    "java": "package a;\n\nimport b.C;\n\npublic class A {\n    private int x;\n\n    public int f(int y) {\n"
    "        if (y > 0) {\n            return x;\n        }\n        return y;\n    }\n}\n\nclass B {\n    void g() {}\n}\n",
    "python": "import a\n\nclass A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n\n"
    "def h(x):\n    for i in range(x):\n        print(i)\n    return x\n",
    "latex": "\\documentclass{article}\n\\begin{document}\n\\section{One}\nText of one.\n\\subsection{One a}\n"
    "More $x$ text.\n\\begin{itemize}\n\\item a\n\\end{itemize}\n\\section{Two}\nText of two.\n\\end{document}\n",
    "html": "<html><head><title>T</title></head><body><h1>Head</h1><p>Para one is here.</p><div><p>Two</p>"
    "<ul><li>a</li><li>b</li></ul></div><h2>Sub</h2><table><tr><td>x</td></tr></table></body></html>",
}
SIZES = [(10, 0), (10, 3), (20, 5), (25, 24), (40, 10), (60, 0), (200, 50)]

recursive = []
for name, text in TEXTS.items():
    languages = {"java": Language.JAVA, "python": Language.PYTHON, "latex": Language.LATEX, "html": Language.HTML,
                 "markdown": Language.MARKDOWN}
    for which in ["text"] + ([name] if name in languages else []):
        for size, overlap in SIZES:
            options = dict(chunk_size=size, chunk_overlap=overlap)
            if which == "text":
                splitter = RecursiveCharacterTextSplitter(**options)
            else:
                separators = RecursiveCharacterTextSplitter.get_separators_for_language(languages[name])
                meant = {"$$": r"\$\$", "$": r"\$"}  # LaTeX's dollars, which unescaped are the end of the text
                separators = [meant.get(each, each) for each in separators]
                splitter = RecursiveCharacterTextSplitter(
                    separators=separators, is_separator_regex=True, keep_separator=True, **options)
            recursive.append(dict(text=text, separators=which, size=size, overlap=overlap,
                                  chunks=splitter.split_text(text)))

rng = np.random.default_rng(5)
rules = []
for count in [1, 2, 3, 7, 20, 41]:
    d = rng.random(count).round(3)
    percentiles = {str(p): float(np.percentile(d, p)) for p in [0, 10, 50, 75, 95, 100]}
    iqr = np.percentile(d, 75) - np.percentile(d, 25)
    entry = dict(
        distances=d.tolist(),
        percentiles=percentiles,
        percentile=(d > np.percentile(d, 95)).tolist(),
        deviation=(d > np.mean(d) + 1.2 * np.std(d)).tolist(),
        interquartile=(d > np.mean(d) + 0.5 * iqr).tolist(),
        gradient=(np.gradient(d) > np.percentile(np.gradient(d), 95)).tolist() if count > 1 else [False],
        chunks={},
    )
    for n in [1, 2, 5, 100]:  # _threshold_from_clusters of LangChain's SemanticChunker
        x1, y1, x2, y2 = len(d), 0.0, 1.0, 100.0
        x = max(min(n, x1), x2)
        y = y2 if x2 == x1 else y1 + ((y2 - y1) / (x2 - x1)) * (x - x1)
        entry["chunks"][str(n)] = (d > np.percentile(d, min(max(y, 0), 100))).tolist()
    rules.append(entry)

json.dump(dict(recursive=recursive, rules=rules), sys.stdout, ensure_ascii=True, indent=1)
