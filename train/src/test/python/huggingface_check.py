"""Opens with Hugging Face's transformers what HuggingFaceFolderTest exported, and compares what it says:

    mvn test -Dtest=HuggingFaceFolderTest -Dgradus.test.jvm=-Dgradus.export=FOLDER
    python huggingface_check.py FOLDER ../resources/gradus/train/pretrained
"""

import os
import sys

import torch
import transformers as hf
from safetensors.torch import load_file

EXPORTED, GOLDEN = sys.argv[1:]
for name in sorted(os.listdir(EXPORTED)):
    folder = os.path.join(EXPORTED, name)
    kind = getattr(hf, hf.AutoConfig.from_pretrained(folder).architectures[0])
    model, report = kind.from_pretrained(folder, output_loading_info=True)
    expected = load_file(os.path.join(GOLDEN, name, "expected.safetensors"))
    more = {"token_type_ids": expected["segments"]} if "segments" in expected else {}
    with torch.no_grad():
        out = model.eval()(input_ids=expected["ids"], **more)[0]
    error = (out - expected["out"]).abs().max().item()
    print(name, kind.__name__, "largest difference", error, {k: v for k, v in report.items() if v})
    assert error < 1e-4
    if name == "llama_tokenizer":
        ours = hf.AutoTokenizer.from_pretrained(folder)
        theirs = hf.AutoTokenizer.from_pretrained(os.path.join(GOLDEN, name))
        text = "the whale lives in the sea"
        assert ours(text)["input_ids"] == theirs(text)["input_ids"]
        assert ours.eos_token == theirs.eos_token == "<|endoftext|>"
        print(ours.decode(model.generate(**ours("a whale", return_tensors="pt"), max_new_tokens=5)[0]))
