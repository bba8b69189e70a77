"""Makes the LongLoRA that LongLoraPeftTest opens, with Hugging Face's peft (0.21), on a model that
huggingface_golden.py made, and what peft makes of the ones that the test's own folders hold:

    python longlora_golden.py ../resources/gradus/train/pretrained ../resources/gradus/train/longlora

tied is one more base, whose table of tokens is its head. BASE_peft is written by peft: a LoRA of the attention's projections with modules_to_save for the table of tokens and
the norms, on the base with positions twice as close (`rope_type` linear) and a context twice as long. BASE_gradus is
written by Gradus, and here it only gets expected.safetensors. Ids go beyond the base's own context; attention is full,
as it is after the training.
"""

import json
import os
import sys

import peft
import torch
import transformers as hf
from safetensors.torch import save_file

BASES, ROOT = sys.argv[1:]
KINDS = {"llama": hf.LlamaForCausalLM, "qwen2": hf.Qwen2ForCausalLM, "tied": hf.LlamaForCausalLM}
SAVED = ["embed_tokens", "input_layernorm", "post_attention_layernorm", "model.norm"]


def stretched(base, factor, context):
    """The base with interpolated positions; weights are those of the folder."""
    path = os.path.join(ROOT if base == "tied" else BASES, base)
    config = hf.AutoConfig.from_pretrained(path)
    theta = config.rope_parameters["rope_theta"]
    config.rope_parameters = {"rope_type": "linear", "rope_theta": theta, "factor": factor}
    config.max_position_embeddings = context
    return KINDS[base].from_pretrained(path, config=config, dtype=torch.float32).eval()


def expected(folder, model):
    ids = torch.randint(0, model.config.vocab_size, (2, 40), generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        out = model.eval()(input_ids=ids).logits
    save_file({"ids": ids, "out": out.contiguous()}, os.path.join(folder, "expected.safetensors"))
    print(os.path.basename(folder), sorted(os.listdir(folder)))


torch.manual_seed(11)
model = hf.LlamaForCausalLM(hf.LlamaConfig(
    vocab_size=61, hidden_size=16, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
    intermediate_size=20, max_position_embeddings=32, bos_token_id=0, eos_token_id=0, tie_word_embeddings=True))
with torch.no_grad():
    for p in model.parameters():
        p.copy_(torch.randn_like(p) * 0.3 + (1 if p.dim() == 1 else 0))
model.save_pretrained(os.path.join(ROOT, "tied"))
for base in KINDS:
    folder = os.path.join(ROOT, base + "_peft")
    tuned = peft.get_peft_model(stretched(base, 2.0, 64), peft.LoraConfig(
        r=3, lora_alpha=5, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"], modules_to_save=SAVED,
        task_type="CAUSAL_LM", ensure_weight_tying=base == "tied"))
    with torch.no_grad():  # what training would have changed is changed, strongly
        for p in tuned.parameters():
            if p.requires_grad:
                p.add_(torch.randn_like(p) * 0.2)
    tuned.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    described = json.load(open(path))
    described["base_model_name_or_path"] = base  # and not a path of this machine
    json.dump(described, open(path, "w"), indent=2, sort_keys=True)
    expected(folder, tuned)

    folder = os.path.join(ROOT, base + "_gradus")
    if os.path.exists(folder):
        longer = json.load(open(os.path.join(folder, "long_context.json")))
        model = stretched(base, longer["rope_scaling"]["factor"], longer["max_position_embeddings"])
        expected(folder, peft.PeftModel.from_pretrained(model, folder))
