"""Makes the folders that PublishedModelsTest opens, with Hugging Face's transformers (5.18) and random weights:

    python huggingface_golden.py ../resources/gradus/train/pretrained

Beside each model stands expected.safetensors: ids (and segments) and what the model made of them.
"""

import json
import os
import sys

import tokenizers
import torch
import transformers as hf
from safetensors.torch import save_file

ROOT = sys.argv[1]
LLAMA = dict(vocab_size=61, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             intermediate_size=20, max_position_embeddings=32, bos_token_id=0, eos_token_id=0)
BERT = dict(vocab_size=61, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20,
            max_position_embeddings=16)
LLAMA3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 16}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 8}
LINEAR = {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0}


def shuffle(model):
    """Weights far from the gentle ones that a model starts with, biases and norms included."""
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn_like(p) * 0.3 + (1 if p.dim() == 1 else 0))
    return model.eval()


def keep(name, model, half=False, **more):
    folder = os.path.join(ROOT, name)
    if half:
        with torch.no_grad():
            for p in model.parameters():  # not the frequencies of RoPE, which stay whole
                p.copy_(p.bfloat16())
    ids = torch.randint(0, model.config.vocab_size, (2, 11))
    segments = torch.randint(0, 2, (2, 11))
    with torch.no_grad():
        if "Bert" in type(model).__name__:
            out = model(input_ids=ids, token_type_ids=segments)
            expected = {"segments": segments, "out": out[0]}
            if hasattr(out, "pooler_output"):
                expected["pooled"] = out.pooler_output
        else:
            expected = {"out": model(input_ids=ids).logits}
    (model.to(torch.bfloat16) if half else model).save_pretrained(folder, **more)
    save_file({"ids": ids, **{k: v.contiguous() for k, v in expected.items()}}, folder + "/expected.safetensors")


torch.manual_seed(1)
keep("gpt2", shuffle(hf.GPT2LMHeadModel(hf.GPT2Config(
    vocab_size=61, n_positions=16, n_embd=12, n_layer=2, n_head=3, bos_token_id=0, eos_token_id=0))))
keep("bert", shuffle(hf.BertModel(hf.BertConfig(**BERT))))
keep("bert_mlm", shuffle(hf.BertForMaskedLM(hf.BertConfig(**BERT))))
keep("llama", shuffle(hf.LlamaForCausalLM(hf.LlamaConfig(**LLAMA))))
keep("llama3", shuffle(hf.LlamaForCausalLM(hf.LlamaConfig(**LLAMA, rope_parameters=LLAMA3, tie_word_embeddings=True))))
keep("llama_linear", shuffle(hf.LlamaForCausalLM(hf.LlamaConfig(**LLAMA, rope_parameters=LINEAR))))
keep("llama_sharded", shuffle(hf.LlamaForCausalLM(hf.LlamaConfig(**LLAMA))), max_shard_size="10KB")
keep("qwen2", shuffle(hf.Qwen2ForCausalLM(hf.Qwen2Config(**LLAMA))), half=True)
keep("qwen2_yarn", shuffle(hf.Qwen2ForCausalLM(hf.Qwen2Config(**LLAMA, rope_parameters=YARN, tie_word_embeddings=True))))
keep("mixtral", shuffle(hf.MixtralForCausalLM(hf.MixtralConfig(**LLAMA, num_local_experts=4, num_experts_per_tok=2))))

# the same model in the words of older versions: rope_theta and torch_dtype
path = os.path.join(ROOT, "llama", "config.json")
config = json.load(open(path))
config["rope_theta"] = config.pop("rope_parameters")["rope_theta"]
config["rope_scaling"] = None
config["torch_dtype"] = config.pop("dtype")
json.dump(config, open(path, "w"), indent=2)

tokenizer = tokenizers.ByteLevelBPETokenizer()
tokenizer.train_from_iterator(["a whale is a very large mammal that lives in the sea"], vocab_size=280,
                              min_frequency=1, special_tokens=["<|endoftext|>"])
model = shuffle(hf.LlamaForCausalLM(hf.LlamaConfig(**{**LLAMA, "vocab_size": tokenizer.get_vocab_size()})))
keep("llama_tokenizer", model)
hf.PreTrainedTokenizerFast(tokenizer_object=tokenizer._tokenizer, bos_token="<|endoftext|>",
                           eos_token="<|endoftext|>").save_pretrained(os.path.join(ROOT, "llama_tokenizer"))
