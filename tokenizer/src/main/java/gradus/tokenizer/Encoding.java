package gradus.tokenizer;

import java.util.Arrays;

/// What a model is fed: ids in the model's frame (`[CLS] … [SEP]`), and which sequence each belongs to.
///
/// @param ids the ids
/// @param typeIds as many type ids: 0 for the first sequence and 1 for the second, in BERT
public record Encoding(int[] ids, int[] typeIds) {

    @Override
    public String toString() {
        return "ids " + Arrays.toString(ids) + ", type ids " + Arrays.toString(typeIds);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding encoding
                && Arrays.equals(encoding.ids, ids)
                && Arrays.equals(encoding.typeIds, typeIds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }
}
