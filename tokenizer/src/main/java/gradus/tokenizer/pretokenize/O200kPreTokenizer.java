package gradus.tokenizer.pretokenize;

import static gradus.tokenizer.text.CharClass.LETTER;
import static gradus.tokenizer.text.CharClass.LOWER;
import static gradus.tokenizer.text.CharClass.NEWLINE;
import static gradus.tokenizer.text.CharClass.NUMBER;
import static gradus.tokenizer.text.CharClass.SPACE;
import static gradus.tokenizer.text.CharClass.UPPER;

import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.text.Utf8;
import java.util.Optional;

/// GPT-4o's pre-tokens. Source: openai/tiktoken, `openai_public.py`, `o200k_base`.
///
/// A word is capitals and then small letters, so `camelCase` falls into `camel`, `Case`; combining marks
/// belong to the word, and a contraction stays with it (`don't`). The pattern has two branches for words:
/// U*L+ and U+L*, where uncased letters and marks are in both classes; the first branch wins, with all its
/// backtracking, wherever it can.
public final class O200kPreTokenizer implements PreTokenizer {
    @Override
    public int end(byte[] b, int from, int to) {
        int kind = CharClass.at(b, from);
        int second = from + Utf8.width(b[from]);
        boolean prefix = (kind & (NEWLINE | LETTER | NUMBER)) == 0; // [^\r\n\p{L}\p{N}]?
        int word = prefix ? smallEnding(b, second, to) : -1;
        word = word < 0 ? smallEnding(b, from, to) : word;
        word = word < 0 && prefix ? capitals(b, second, to) : word;
        word = word < 0 ? capitals(b, from, to) : word;
        if (word >= 0) {
            int contraction = Scan.contractionAnyCase(b, word, to);
            return contraction < 0 ? word : contraction;
        }
        if ((kind & NUMBER) != 0) {
            return Scan.numbers(b, from, to, 3);
        }
        if ((kind & SPACE) == 0) {
            return newlinesAndSlashes(b, Scan.symbols(b, from, to), to);
        }
        int symbols = b[from] == ' ' ? Scan.symbols(b, second, to) : second;
        return symbols > second ? newlinesAndSlashes(b, symbols, to) : Scan.blankLines(b, from, to);
    }

    /// `U*L+`, or -1. If no small letter follows the capitals, the last character among them that is in both
    /// classes serves as the L.
    private static int smallEnding(byte[] b, int from, int to) {
        int afterBoth = -1;
        int i = from;
        for (int kind; i < to && ((kind = CharClass.at(b, i)) & UPPER) != 0; ) {
            i += Utf8.width(b[i]);
            afterBoth = (kind & LOWER) != 0 ? i : afterBoth;
        }
        int end = i;
        while (end < to && (CharClass.at(b, end) & LOWER) != 0) {
            end += Utf8.width(b[end]);
        }
        return end > i ? end : afterBoth;
    }

    /// `U+L*` where `U*L+` has failed, so that no L follows; or -1.
    private static int capitals(byte[] b, int from, int to) {
        int i = from;
        while (i < to && (CharClass.at(b, i) & UPPER) != 0) {
            i += Utf8.width(b[i]);
        }
        return i > from ? i : -1;
    }

    private static int newlinesAndSlashes(byte[] b, int i, int to) {
        while (i < to && (b[i] == '\r' || b[i] == '\n' || b[i] == '/')) {
            i++;
        }
        return i;
    }

    @Override
    public Optional<String> pattern() {
        String contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
        return Optional.of("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                + contraction
                + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                + contraction
                + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    }

    @Override
    public String name() {
        return "o200k";
    }

    @Override
    public boolean endsBeforeSpaces() {
        return true;
    }
}
