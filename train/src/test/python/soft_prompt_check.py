"""Opens with Hugging Face's peft the soft prompts that SoftPromptFolderTest wrote, and compares what it says:

    python soft_prompt_check.py BASES FOLDER NAME...

Every FOLDER/NAME holds a prompt, and expected.safetensors with ids and what Gradus makes of them. The base is the
folder of BASES that adapter_config.json names.
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
         "mixtral": hf.MixtralForCausalLM}
worst = 0.0
for name in NAMES:
    folder = os.path.join(ROOT, name)
    base = json.load(open(os.path.join(folder, "adapter_config.json")))["base_model_name_or_path"]
    model = KINDS[base].from_pretrained(os.path.join(BASES, base), dtype=torch.float32)
    model = peft.PeftModel.from_pretrained(model, folder).eval()
    expected = load_file(os.path.join(folder, "expected.safetensors"))
    ids = expected["ids"].long()
    with torch.no_grad():
        out = model(input_ids=ids).logits[:, -ids.shape[1]:]
    error = (out - expected["out"]).abs().max().item() / expected["out"].abs().max().item()
    worst = max(worst, error)
    print(name, "largest difference", error)
sys.exit(worst > 1e-5)
