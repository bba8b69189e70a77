"""Makes the adapters that PeftFolderTest opens, with Hugging Face's peft (0.21), on the models that
huggingface_golden.py made:

    python peft_golden.py ../resources/gradus/train/pretrained ../resources/gradus/train/adapter

Beside each adapter stands expected.safetensors: ids (and segments) and what base and adapter make of them.
"""

import json
import os
import sys

import peft
import torch
import transformers as hf
from safetensors.torch import save_file

BASES, ROOT = sys.argv[1:]
KINDS = {"llama": hf.LlamaForCausalLM, "qwen2": hf.Qwen2ForCausalLM, "gpt2": hf.GPT2LMHeadModel,
         "bert_mlm": hf.BertForMaskedLM}


def shuffle(model):
    """What training would have changed is changed, strongly."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.requires_grad:
                p.add_(torch.randn_like(p) * 0.2)


def keep(name, base, config, convert=False):
    folder = os.path.join(ROOT, name)
    model = KINDS[base].from_pretrained(os.path.join(BASES, base), dtype=torch.float32).eval()
    ids = torch.randint(0, model.config.vocab_size, (2, 11))
    ids[0, :4] = torch.tensor([7, 3, 11, 60])  # the trained tokens
    tuned = peft.get_peft_model(model, config)
    if convert:
        tuned.peft_config["default"].init_lora_weights = True
        tuned.save_pretrained(folder + "_start")
        tuned.peft_config["default"].init_lora_weights = config_init
    shuffle(tuned)
    more = {"token_type_ids": torch.zeros_like(ids)} if base == "bert_mlm" else {}
    with torch.no_grad():
        out = tuned.eval()(input_ids=ids, **more).logits
    options = {"path_initial_model_for_weight_conversion": folder + "_start"} if convert else {}
    tuned.save_pretrained(folder, **options)
    os.remove(os.path.join(folder, "README.md"))
    if convert:
        for file in os.listdir(folder + "_start"):
            os.remove(os.path.join(folder + "_start", file))
        os.rmdir(folder + "_start")
    path = os.path.join(folder, "adapter_config.json")
    described = json.load(open(path))
    described["base_model_name_or_path"] = base  # and not a path of this machine
    json.dump(described, open(path, "w"), indent=2, sort_keys=True)
    save_file({"ids": ids, "out": out.contiguous()}, os.path.join(folder, "expected.safetensors"))
    print(name, sorted(os.listdir(folder)))


def lora(**settings):
    return peft.LoraConfig(**{"r": 4, "lora_alpha": 6, "task_type": "CAUSAL_LM", **settings})


torch.manual_seed(5)
keep("llama_lora", "llama", lora(target_modules=["q_proj", "v_proj"]))
keep("llama_rslora", "llama", lora(
    target_modules="all-linear", use_rslora=True, rank_pattern={"q_proj": 2, "layers.1.mlp.down_proj": 3},
    alpha_pattern={"layers.0.self_attn.v_proj": 5}))
keep("llama_layers", "llama", lora(
    target_modules=["q_proj", "k_proj", "up_proj"], exclude_modules=["k_proj"], layers_to_transform=[1],
    layers_pattern="layers"))
keep("llama_embedding", "llama", lora(
    target_modules=["embed_tokens", "o_proj"], modules_to_save=["lm_head", "post_attention_layernorm"]))
config_init = "pissa"
keep("llama_pissa", "llama", lora(target_modules=["q_proj", "down_proj"], init_lora_weights="pissa"))
keep("llama_pissa_converted", "llama", lora(target_modules=["q_proj", "down_proj"], init_lora_weights="pissa"),
     convert=True)
config_init = "olora"
keep("qwen2_olora_converted", "qwen2", lora(target_modules=["v_proj", "gate_proj"], init_lora_weights="olora"),
     convert=True)
keep("qwen2_dora", "qwen2", lora(target_modules="all-linear", use_dora=True))
keep("qwen2_tokens", "qwen2", lora(
    target_modules=["q_proj"], trainable_token_indices={"embed_tokens": [3, 7, 60]}))
keep("gpt2_lora", "gpt2", lora(target_modules=r".*\.(attn|mlp)\.c_.*", fan_in_fan_out=True))
keep("gpt2_dora", "gpt2", lora(target_modules=["c_attn", "c_fc"], use_dora=True, fan_in_fan_out=True))
keep("gpt2_tokens", "gpt2", lora(
    target_modules=["c_attn"], fan_in_fan_out=True, trainable_token_indices={"wte": [11, 7]}))
keep("bert_lora", "bert_mlm", lora(
    task_type=None, target_modules=["query", "value", "dense"], modules_to_save=["LayerNorm"]))
ia3 = dict(task_type="CAUSAL_LM")
keep("llama_ia3", "llama", peft.IA3Config(
    **ia3, target_modules=["k_proj", "v_proj", "down_proj"], feedforward_modules=["down_proj"]))
keep("gpt2_ia3", "gpt2", peft.IA3Config(
    **ia3, target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"], fan_in_fan_out=True))
