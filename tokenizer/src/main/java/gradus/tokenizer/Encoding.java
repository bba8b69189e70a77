package gradus.tokenizer;

/// What a model is fed: ids in the model's frame (`[CLS] … [SEP]`), and which sequence each belongs to.
///
/// @param ids the ids
/// @param typeIds as many type ids: 0 for the first sequence and 1 for the second, in BERT
public record Encoding(int[] ids, int[] typeIds) {}
