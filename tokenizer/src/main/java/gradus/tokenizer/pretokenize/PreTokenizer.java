package gradus.tokenizer.pretokenize;

/// Cuts text into pre-tokens, which no merge ever crosses: words with their leading space, numbers, punctuation,
/// blanks.
///
/// Each published rule is a regular expression. Gradus writes each out as a scanner over UTF-8, several times faster
/// than a regex engine and linear for every input; the tests hold it to the published pattern. No pattern from a file
/// is ever run.
public sealed interface PreTokenizer
        permits Gpt2PreTokenizer, Cl100kPreTokenizer, Llama3PreTokenizer, Qwen2PreTokenizer, O200kPreTokenizer {

    /// Where the pre-token ends that starts at `from`; `from < to`. The text is well-formed UTF-8 and ends at `to`.
    int end(byte[] utf8, int from, int to);

    /// The published pattern.
    String pattern();

    /// The pattern as tokenizer.json has it. Hugging Face's library runs patterns by Oniguruma, in whose syntax
    /// `{1,3}+` is a repetition of a repetition, where tiktoken's engine takes it for a possessive one.
    default String patternInJson() {
        return pattern();
    }

    /// The name to ask for it by: `gpt2`, `cl100k`, `llama3`, `qwen2` or `o200k`.
    String name();
}
