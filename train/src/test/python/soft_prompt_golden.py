"""Makes the soft prompts that SoftPromptFolderTest opens, with Hugging Face's peft (0.21), on the models that
huggingface_golden.py made:

    python soft_prompt_golden.py ../resources/gradus/train/pretrained ../resources/gradus/train/prompt

Beside each prompt stands expected.safetensors: ids and what base and prompt make of them.
"""

import json
import os
import sys

import peft
import torch
import transformers as hf
from safetensors.torch import save_file

BASES, ROOT = sys.argv[1:]
KINDS = {"llama": hf.LlamaForCausalLM, "qwen2": hf.Qwen2ForCausalLM, "gpt2": hf.GPT2LMHeadModel}


def keep(name, base, config):
    folder = os.path.join(ROOT, name)
    model = KINDS[base].from_pretrained(os.path.join(BASES, base), dtype=torch.float32).eval()
    ids = torch.randint(0, model.config.vocab_size, (2, 7))
    tuned = peft.get_peft_model(model, config)
    with torch.no_grad():
        for p in tuned.parameters():
            if p.requires_grad:
                p.copy_(torch.randn_like(p) * 0.5)
        out = tuned.eval()(input_ids=ids).logits[:, -ids.shape[1]:]
    tuned.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    described = json.load(open(path))
    described["base_model_name_or_path"] = base  # and not a path of this machine
    if "tokenizer_name_or_path" in described:
        described["tokenizer_name_or_path"] = None
    json.dump(described, open(path, "w"), indent=2, sort_keys=True)
    save_file({"ids": ids, "out": out.contiguous()}, os.path.join(folder, "expected.safetensors"))
    print(name, sorted(os.listdir(folder)), {k: v for k, v in described.items() if "num" in k or "dim" in k})


task = dict(task_type="CAUSAL_LM")
torch.manual_seed(7)
for base in KINDS:
    keep(base + "_prompt", base, peft.PromptTuningConfig(**task, num_virtual_tokens=4))
    keep(base + "_prefix", base, peft.PrefixTuningConfig(**task, num_virtual_tokens=3))
keep("gpt2_ptuning", "gpt2", peft.PromptEncoderConfig(**task, num_virtual_tokens=4, encoder_hidden_size=12))
keep("llama_lstm", "llama", peft.PromptEncoderConfig(
    **task, num_virtual_tokens=4, encoder_hidden_size=6, encoder_reparameterization_type="LSTM"))
keep("qwen2_projection", "qwen2", peft.PrefixTuningConfig(
    **task, num_virtual_tokens=3, encoder_hidden_size=10, prefix_projection=True))
