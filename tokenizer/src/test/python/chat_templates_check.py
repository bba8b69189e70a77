"""Renders chat templates of published models with transformers, for ChatTemplateReferee to compare.

The templates are those that TRL brings (pip download trl; the folder trl/chat_templates):
    python chat_templates_check.py FOLDER cases.json
    java gradus.tokenizer.chat.ChatTemplateReferee cases.json
"""

import json
import pathlib
import sys

import datetime as real
from transformers.utils import chat_template_utils as utils


class Clock(real.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2025, 3, 7, 9, 5, 4)


utils.datetime = Clock if not hasattr(utils.datetime, "datetime") else type("m", (), {"datetime": Clock})

CALL = {"type": "function", "id": "call00001", "function": {"name": "weather", "arguments": {"city": "Zürich", "days": 2}}}
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather <b>of</b> a city.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Where."},
                "days": {"type": "integer", "enum": [1, 2, 3]},
                "parts": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["city"],
        },
    },
}


def said(role, content, **more):
    return {"role": role, "content": content, **more}


CHATS = {
    "one": [said("user", "Hi!")],
    "answered": [said("user", "Hi!"), said("assistant", "Hello 🦊.\n\nÜ")],
    "system": [said("system", "  Be brief. "), said("user", "Why?\n"), said("assistant", " So. ")],
    "long": [said("system", "S"), said("user", "a"), said("assistant", "b"), said("user", "c"), said("assistant", "d"), said("user", "e")],
    "thought": [said("user", "2+2?"), said("assistant", "<think>\nadd\n</think>\n\n4"), said("user", "and 3?"), said("assistant", "<think>more</think>7")],
    "reasoning": [said("user", "2+2?"), said("assistant", "4", reasoning_content="add them"), said("user", "sure?")],
    "call": [said("user", "Rain?"), said("assistant", "", tool_calls=[CALL]), said("tool", '{"rain": true}', name="weather", tool_call_id="call00001"), said("assistant", "Yes.")],
    "calls": [said("user", "Rain?"), said("assistant", "I look.", tool_calls=[CALL, CALL]), said("tool", "yes"), said("tool", "no"), said("user", "so?")],
    "bad": [said("assistant", "first"), said("user", "second"), said("user", "third")],
    "parts": [said("user", [{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text", "text": "?"}]), said("assistant", [{"type": "text", "text": "Seen."}])],
}

VARIABLES = [
    {},
    {"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True},
    {"bos_token": "<s>", "eos_token": "</s>", "tools": [TOOL]},
    {"bos_token": "<s>", "eos_token": "</s>", "tools": [TOOL], "add_generation_prompt": True, "enable_thinking": False},
    {"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True, "enable_thinking": True, "reasoning_effort": "high"},
]


def main(folder, out):
    templates, cases = [], []
    for path in sorted(pathlib.Path(folder).glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        templates.append(source)
        compiled = utils._compile_jinja_template(source)
        for name, messages in CHATS.items():
            for number, more in enumerate(VARIABLES):
                ctx = {"messages": messages, "tools": None, "documents": None, "add_generation_prompt": False} | more
                case = {"name": f"{path.stem}/{name}/{number}", "template": len(templates) - 1, "ctx": ctx}
                try:
                    case["out"] = compiled.render(**ctx)
                except Exception as error:
                    case["err"] = f"{type(error).__name__}: {error}"
                cases.append(case)
    json.dump({"templates": templates, "cases": cases}, open(out, "w", encoding="utf-8"), ensure_ascii=False)
    print(len(templates), "templates,", len(cases), "cases,", sum("out" in case for case in cases), "render")


main(*sys.argv[1:])
