package gradus.tokenizer.bpe;

import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.PreTokenizer;

/// How a byte-level BPE reads text, apart from its vocabulary. Names are tokenizer.json's.
///
/// @param preTokenizer cuts the text
/// @param prefixSpace where a space is put before a text or pre-token that does not start with one
/// @param ignoreMerges whether a pre-token that is in the vocabulary becomes that token without merging (Llama 3)
/// @param unkToken stands for bytes that the vocabulary lacks, or null
/// @param fuseUnk whether one unk stands for a run of them
public record BpeRules(
        PreTokenizer preTokenizer, PrefixSpace prefixSpace, boolean ignoreMerges, String unkToken, boolean fuseUnk) {

    /// The plain rules with this pre-tokenizer.
    public static BpeRules of(PreTokenizer preTokenizer) {
        return new BpeRules(preTokenizer, PrefixSpace.NONE, false, null, false);
    }

    public BpeRules withIgnoreMerges(boolean value) {
        return new BpeRules(preTokenizer, prefixSpace, value, unkToken, fuseUnk);
    }

    public BpeRules withPrefixSpace(PrefixSpace value) {
        return new BpeRules(preTokenizer, value, ignoreMerges, unkToken, fuseUnk);
    }
}
