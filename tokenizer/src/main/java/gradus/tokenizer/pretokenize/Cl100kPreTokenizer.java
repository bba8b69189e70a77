package gradus.tokenizer.pretokenize;

import static gradus.tokenizer.text.CharClass.SPACE;

import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.text.Utf8;
import java.util.Optional;

/// GPT-4's pre-tokens. Source: openai/tiktoken, `openai_public.py`, `cl100k_base`.
///
/// As Llama 3's, except that blanks at the end of the text stand together even if there are newlines among them
/// (the branch `\s++$`, `$` being the end of the text).
public final class Cl100kPreTokenizer implements PreTokenizer {
    @Override
    public int end(byte[] b, int from, int to) {
        int i = from;
        while (i < to && (CharClass.at(b, i) & SPACE) != 0) {
            i += Utf8.width(b[i]);
        }
        return i == to ? to : WordsAndDigits.end(b, from, to, 3);
    }

    @Override
    public Optional<String> pattern() {
        return Optional.of(
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                        + "|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s");
    }

    /// At most three digits are the same with and without the possessive mark, since nothing follows them.
    @Override
    public Optional<String> patternInJson() {
        return pattern().map(pattern -> pattern.replace("{1,3}+", "{1,3}"));
    }

    @Override
    public String name() {
        return "cl100k";
    }

    @Override
    public boolean endsBeforeSpaces() {
        return true;
    }
}
