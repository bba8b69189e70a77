package gradus.tokenizer.pretokenize;

import java.util.Optional;

/// Qwen2's pre-tokens: as Llama 3's, but every digit stands alone. Source: Qwen/Qwen2-7B's tokenizer.json.
public final class Qwen2PreTokenizer implements PreTokenizer {
    @Override
    public int end(byte[] b, int from, int to) {
        return WordsAndDigits.end(b, from, to, 1);
    }

    @Override
    public Optional<String> pattern() {
        return Optional.of(WordsAndDigits.pattern(""));
    }

    @Override
    public String name() {
        return "qwen2";
    }

    @Override
    public boolean endsBeforeSpaces() {
        return true;
    }
}
