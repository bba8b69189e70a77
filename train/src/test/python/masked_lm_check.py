"""Opens with Hugging Face's transformers a BERT that `gradus export --format hf` wrote, and prints the likeliest tokens
for each [MASK] of a text with their probabilities, to be compared with those of Gradus:

    gradus train --preset bert-tiny --out run
    gradus export --run run --format hf --out folder
    gradus sample --run run --prompt "a [MASK] that barks"
    python masked_lm_check.py folder "a [MASK] that barks"
"""

import sys

import torch
import transformers

FOLDER, TEXT = sys.argv[1:]
model, report = transformers.BertForMaskedLM.from_pretrained(FOLDER, output_loading_info=True)
assert not any(report.values()), report
tokenizer = transformers.AutoTokenizer.from_pretrained(FOLDER)
assert (tokenizer.cls_token, tokenizer.sep_token, tokenizer.mask_token, tokenizer.pad_token) == (
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "[PAD]",
)
words = tokenizer.encode(TEXT, add_special_tokens=False)
ids = torch.tensor([[tokenizer.cls_token_id, *words, tokenizer.sep_token_id]])
with torch.no_grad():
    probabilities = model.eval()(input_ids=ids).logits[0].softmax(-1)
for place in (ids[0] == tokenizer.mask_token_id).nonzero().flatten():
    for value, token in zip(*probabilities[place].topk(5)):
        print("%7.2f %%  %s" % (100 * value, tokenizer.convert_ids_to_tokens(token.item())))
    print()
