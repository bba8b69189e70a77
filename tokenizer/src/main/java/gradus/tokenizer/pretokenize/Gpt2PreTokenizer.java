package gradus.tokenizer.pretokenize;

import static gradus.tokenizer.text.CharClass.LETTER;
import static gradus.tokenizer.text.CharClass.NUMBER;
import static gradus.tokenizer.text.CharClass.SPACE;

import gradus.tokenizer.text.CharClass;
import java.util.Optional;

/// GPT-2's pre-tokens. Source: openai/gpt-2, `encoder.py`.
///
/// A word, number or run of symbols takes one space before it; of several spaces all but the last stand apart:
/// `a   b` → `a`, `␣␣`, `␣b`. Contractions (`'ll`) are split off, in lower case only.
public final class Gpt2PreTokenizer implements PreTokenizer {
    @Override
    public int end(byte[] b, int from, int to) {
        int contraction = Scan.contraction(b, from, to);
        if (contraction >= 0) {
            return contraction;
        }
        // " ?" of the three patterns: a space joins what follows it unless that is white space itself.
        int i = b[from] == ' ' && from + 1 < to && (CharClass.at(b, from + 1) & SPACE) == 0 ? from + 1 : from;
        int kind = CharClass.at(b, i);
        if ((kind & LETTER) != 0) {
            return Scan.letters(b, i, to);
        }
        if ((kind & NUMBER) != 0) {
            return Scan.numbers(b, i, to, Integer.MAX_VALUE);
        }
        return (kind & SPACE) != 0 ? Scan.blanks(b, from, to) : Scan.symbols(b, i, to);
    }

    @Override
    public Optional<String> pattern() {
        return Optional.of("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");
    }

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public boolean endsBeforeSpaces() {
        return true;
    }
}
