"""Makes the soft prompts that SoftPromptFolderTest opens, with Hugging Face's peft (0.21), on the models that
huggingface_golden.py made and on a small GPT-NeoX:

    python soft_prompt_golden.py ../resources/gradus/train/pretrained ../resources/gradus/train/prompt

The GPT-NeoX is GPT-2's blocks with rotary positions and a head of its own (no parallel residual, all channels
rotated), which Gradus composes; neox/gradus.safetensors holds its weights by Gradus's names.

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
MORE = {"mixtral": hf.MixtralForCausalLM, "neox": hf.GPTNeoXForCausalLM}


def keep(name, base, config):
    folder = os.path.join(ROOT, name)
    path = os.path.join(ROOT if base == "neox" else BASES, base)
    model = {**KINDS, **MORE}[base].from_pretrained(path, dtype=torch.float32).eval()
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

torch.manual_seed(13)
neox = hf.GPTNeoXForCausalLM(hf.GPTNeoXConfig(
    vocab_size=61, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
    max_position_embeddings=32, use_parallel_residual=False, hidden_act="gelu_new", tie_word_embeddings=False,
    rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 1.0},
    bos_token_id=0, eos_token_id=0)).eval()
with torch.no_grad():
    for p in neox.parameters():
        p.copy_(torch.randn_like(p) * 0.3 + (1 if p.dim() == 1 else 0))
folder = os.path.join(ROOT, "neox")
neox.save_pretrained(folder)
OURS = {"gpt_neox.embed_in": "wte", "gpt_neox.layers": "h", "input_layernorm": "ln_1", "post_attention_layernorm":
        "ln_2", "attention.query_key_value": "attn.c_attn", "attention.dense": "attn.c_proj", "dense_h_to_4h": "c_fc",
        "dense_4h_to_h": "c_proj", "gpt_neox.final_layer_norm": "ln_f"}
weights = {}
for name, p in neox.named_parameters():
    for theirs, ours in OURS.items():
        name = name.replace(theirs, ours)
    if "c_attn" in name:  # theirs: head by head its query, key and value; ours: all queries, all keys, all values
        p = p.unflatten(0, (4, 3, 4)).transpose(0, 1).flatten(0, 2)
    weights[name] = p.detach().contiguous()
save_file(weights, os.path.join(folder, "gradus.safetensors"))
for base in MORE:
    keep(base + "_prompt", base, peft.PromptTuningConfig(**task, num_virtual_tokens=4))
    keep(base + "_prefix", base, peft.PrefixTuningConfig(**task, num_virtual_tokens=3))
    keep(base + "_ptuning", base, peft.PromptEncoderConfig(**task, num_virtual_tokens=4, encoder_hidden_size=12))
