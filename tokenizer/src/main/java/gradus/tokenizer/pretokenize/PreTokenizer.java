package gradus.tokenizer.pretokenize;

import java.util.Optional;

/// Cuts text into pre-tokens, which no merge ever crosses: words with their leading space, numbers, punctuation,
/// white space.
///
/// Each published rule is a regular expression. Gradus writes each out as a scanner over UTF-8, several times
/// faster than a regex engine and linear for every input; the tests hold it to the published pattern. No
/// pattern from a file is ever run.
///
/// **One of your own** needs [#end] and [#name]. Give it to `BpeTrainerOptions.withPreTokenizer`; the
/// tokenizer that is trained with it encodes with it. To save that tokenizer give it a [#pattern] too, and hand
/// the pre-tokenizer to `Tokenizers.load` when the file is read back.
public interface PreTokenizer {

    /// Where the pre-token ends that starts at `from`; the result lies above `from` and at most at `to`. The
    /// text is well-formed UTF-8 and ends at `to`.
    ///
    /// The end may depend on the text from `from` on, and on nothing else. Many threads may call it at the
    /// same time.
    int end(byte[] utf8, int from, int to);

    /// Its name, which tells it from all others: a tokenizer's fingerprint goes by it where there is no
    /// [#pattern]. Those of Gradus are `gpt2`, `cl100k`, `llama3`, `qwen2` and `o200k`.
    String name();

    /// The regular expression whose matches are the pre-tokens, if there is one. A tokenizer.json has no
    /// other way to say how text is cut.
    default Optional<String> pattern() {
        return Optional.empty();
    }

    /// The pattern as tokenizer.json has it. Hugging Face's library runs patterns by Oniguruma, in whose syntax
    /// `{1,3}+` is a repetition of a repetition, where tiktoken's engine takes it for a possessive one.
    default Optional<String> patternInJson() {
        return pattern();
    }

    /// Whether a pre-token always ends before a space that stands between two ASCII letters. Then several
    /// threads can share one long text, which is cut at such places.
    default boolean endsBeforeSpaces() {
        return false;
    }
}
