package gradus.tokenizer.pretokenize;

import gradus.tokenizer.text.BertUnicode;
import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.text.Utf8;

/// BERT's pre-tokens: words between white space, and each punctuation character by itself.
///
/// All ASCII symbols count as punctuation (`$`, `+`, `^` too), and Unicode's categories P*. Devlin et al. 2018.
public final class BertWords {
    private static final byte WHITE = 1;
    private static final byte PUNCTUATION = 2;
    private static final byte[] BASIC_PLANE = new byte[0x10000];

    static {
        for (int c = 0; c < BASIC_PLANE.length; c++) {
            BASIC_PLANE[c] = classify(c);
        }
    }

    private BertWords() {}

    /// Takes the words.
    public interface Words {
        void word(byte[] utf8, int from, int to);
    }

    public static void split(byte[] utf8, Words words) {
        int start = 0;
        for (int i = 0; i < utf8.length; ) {
            int next = i + Utf8.width(utf8[i]);
            int kind = kind(Utf8.codePointAt(utf8, i));
            if (kind != 0) {
                if (start < i) {
                    words.word(utf8, start, i);
                }
                if (kind == PUNCTUATION) {
                    words.word(utf8, i, next);
                }
                start = next;
            }
            i = next;
        }
        if (start < utf8.length) {
            words.word(utf8, start, utf8.length);
        }
    }

    private static byte kind(int c) {
        return c < BASIC_PLANE.length ? BASIC_PLANE[c] : classify(c);
    }

    private static byte classify(int c) {
        if (CharClass.isWhiteSpace(c)) {
            return WHITE;
        }
        if (c < 0x80) {
            return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c) ? PUNCTUATION : 0;
        }
        return BertUnicode.isPunctuation(c) ? PUNCTUATION : 0;
    }
}
