"""Makes the folders that RewardFolderTest opens, with Hugging Face's transformers (5.18) and random weights:

    python reward_golden.py ../resources/gradus/train/pretrained/reward

Beside each reward model stands expected.safetensors: ids of a padded batch, and the scores of its rows. With
--check, the scores that Gradus wrote beside its own folders are held against transformers instead:

    python reward_golden.py --check FOLDER...
"""

import os
import sys

import torch
import transformers as hf
from safetensors.torch import load_file, save_file

PAD = 3
SMALL = dict(vocab_size=31, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
             intermediate_size=12, max_position_embeddings=16, bos_token_id=0, eos_token_id=1)
ONE = dict(num_labels=1, pad_token_id=PAD)


def shuffle(model):
    """Weights far from the gentle ones that a model starts with, biases and norms included."""
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn_like(p) * 0.3 + (1 if p.dim() == 1 else 0))
    return model.eval()


def ids():
    """Rows of several lengths; padding within a row is a token like any other, and a row may be all padding."""
    rows = torch.randint(4, 31, (6, 11))
    for row, length in enumerate([11, 7, 1, 4, 9, 0]):
        rows[row, length:] = PAD
    rows[4, 2] = PAD
    rows[0, 10] = 1
    return rows


def keep(root, name, model):
    folder = os.path.join(root, name)
    rows = ids()
    with torch.no_grad():
        scores = model(input_ids=rows).logits
    model.save_pretrained(folder)
    save_file({"ids": rows, "scores": scores[:, 0].contiguous()}, folder + "/expected.safetensors")


def check(folders):
    worst = 0
    for folder in folders:
        model = hf.AutoModelForSequenceClassification.from_pretrained(folder).eval()
        said = load_file(folder + "/said.safetensors")
        with torch.no_grad():
            theirs = model(input_ids=said["ids"].long()).logits[:, 0]
        far = (theirs - said["scores"]).abs().max().item()
        worst = max(worst, far)
        print(folder, type(model).__name__, model.config.num_labels, model.config.pad_token_id, far)
    sys.exit(worst > 1e-5)


if sys.argv[1] == "--check":
    check(sys.argv[2:])
torch.manual_seed(1)
root = sys.argv[1]
keep(root, "gpt2", shuffle(hf.GPT2ForSequenceClassification(hf.GPT2Config(
    vocab_size=31, n_positions=16, n_embd=8, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=1, **ONE))))
keep(root, "llama", shuffle(hf.LlamaForSequenceClassification(hf.LlamaConfig(**SMALL, **ONE))))
keep(root, "mistral", shuffle(hf.MistralForSequenceClassification(hf.MistralConfig(**SMALL, **ONE, sliding_window=4))))
keep(root, "qwen2", shuffle(hf.Qwen2ForSequenceClassification(hf.Qwen2Config(**SMALL, **ONE))))
keep(root, "mixtral", shuffle(hf.MixtralForSequenceClassification(hf.MixtralConfig(
    **SMALL, **ONE, num_local_experts=4, num_experts_per_tok=2))))
