"""Opens with Hugging Face's peft the adapters that PeftFolderTest wrote, and compares what it says:

    python peft_check.py BASES FOLDER NAME...

Every FOLDER/NAME holds an adapter, and expected.safetensors with ids and what Gradus makes of them. The base is the
folder of BASES that adapter_config.json names, made larger where the adapter has tokens beyond it.
"""

import json
import os
import sys

import peft
import torch
import transformers as hf
from safetensors.torch import load_file

BASES, ROOT, *NAMES = sys.argv[1:]
KINDS = {"llama": hf.LlamaForCausalLM, "qwen2": hf.Qwen2ForCausalLM, "gpt2": hf.GPT2LMHeadModel,
         "bert_mlm": hf.BertForMaskedLM}
worst = 0.0
for name in NAMES:
    folder = os.path.join(ROOT, name)
    config = json.load(open(os.path.join(folder, "adapter_config.json")))
    base = config["base_model_name_or_path"]
    model = KINDS[os.path.basename(base)].from_pretrained(os.path.join(BASES, base), dtype=torch.float32)
    tokens = max((max(each) for each in (config.get("trainable_token_indices") or {}).values()), default=-1) + 1
    if tokens > model.config.vocab_size:  # as one who uses the adapter must do
        model.resize_token_embeddings(tokens)
    model = peft.PeftModel.from_pretrained(model, folder).eval()
    expected = load_file(os.path.join(folder, "expected.safetensors"))
    ids = expected["ids"].long()
    more = {"token_type_ids": torch.zeros_like(ids)} if base == "bert_mlm" else {}
    with torch.no_grad():
        out = model(input_ids=ids, **more).logits
    error = (out - expected["out"]).abs().max().item() / expected["out"].abs().max().item()
    worst = max(worst, error)
    print(name, "largest difference", error)
sys.exit(worst > 1e-5)
