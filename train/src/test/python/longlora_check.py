"""Opens with Hugging Face's peft the LongLoRAs that LongLoraPeftTest wrote, and compares what it says:

    python longlora_check.py BASES MORE_BASES FOLDER NAME...

Every FOLDER/NAME holds an adapter for the base of that name with long_context.json beside it, and expected.safetensors
with ids and what Gradus makes of them.
"""

import json
import os
import sys

import peft
import torch
import transformers as hf
from safetensors.torch import load_file

*BASES, ROOT = sys.argv[1:4]
worst = 0.0
for name in sys.argv[4:]:
    folder = os.path.join(ROOT, name)
    path = next(os.path.join(bases, name) for bases in BASES if os.path.exists(os.path.join(bases, name)))
    longer = json.load(open(os.path.join(folder, "long_context.json")))
    config = hf.AutoConfig.from_pretrained(path)
    config.rope_parameters = {**longer["rope_scaling"], "rope_theta": config.rope_parameters["rope_theta"]}
    config.max_position_embeddings = longer["max_position_embeddings"]
    model = hf.AutoModelForCausalLM.from_pretrained(path, config=config, dtype=torch.float32)
    model = peft.PeftModel.from_pretrained(model, folder).eval()
    expected = load_file(os.path.join(folder, "expected.safetensors"))
    with torch.no_grad():
        out = model(input_ids=expected["ids"].long()).logits
    error = (out - expected["out"]).abs().max().item() / expected["out"].abs().max().item()
    worst = max(worst, error)
    print(name, "largest difference", error)
sys.exit(worst > 1e-5)
