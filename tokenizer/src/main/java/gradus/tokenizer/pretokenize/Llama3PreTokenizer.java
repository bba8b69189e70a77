package gradus.tokenizer.pretokenize;

import java.util.Optional;

/// Llama 3's pre-tokens: GPT-4's rules as they stood at first, blanks at the end of a text treated like any
/// other. Source: the `pre_tokenizer` of meta-llama/Meta-Llama-3-8B's tokenizer.json.
public final class Llama3PreTokenizer implements PreTokenizer {
    @Override
    public int end(byte[] b, int from, int to) {
        return WordsAndDigits.end(b, from, to, 3);
    }

    @Override
    public Optional<String> pattern() {
        return Optional.of(WordsAndDigits.pattern("{1,3}"));
    }

    @Override
    public String name() {
        return "llama3";
    }

    @Override
    public boolean endsBeforeSpaces() {
        return true;
    }
}
