package gradus.tokenizer.pretokenize;

import static gradus.tokenizer.text.CharClass.LETTER;
import static gradus.tokenizer.text.CharClass.NEWLINE;
import static gradus.tokenizer.text.CharClass.NUMBER;
import static gradus.tokenizer.text.CharClass.SPACE;

import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.text.Utf8;

/// The parts that the pre-tokenizer patterns share. Each takes a position and returns the position after the match.
final class Scan {
    private Scan() {}

    /// `\p{L}*`
    static int letters(byte[] b, int i, int to) {
        while (i < to && (CharClass.at(b, i) & LETTER) != 0) {
            i += Utf8.width(b[i]);
        }
        return i;
    }

    /// `\p{N}{0,most}`
    static int numbers(byte[] b, int i, int to, int most) {
        for (int n = 0; n < most && i < to && (CharClass.at(b, i) & NUMBER) != 0; n++) {
            i += Utf8.width(b[i]);
        }
        return i;
    }

    /// `[^\s\p{L}\p{N}]*`
    static int symbols(byte[] b, int i, int to) {
        while (i < to && (CharClass.at(b, i) & (SPACE | LETTER | NUMBER)) == 0) {
            i += Utf8.width(b[i]);
        }
        return i;
    }

    /// `[\r\n]*`
    static int newlines(byte[] b, int i, int to) {
        while (i < to && (b[i] == '\r' || b[i] == '\n')) {
            i++;
        }
        return i;
    }

    /// `\s+(?!\S)|\s+` from a whitespace character: the whole run at the end of the text, else the run but its last
    /// character, which goes to the next word; a run of one is taken whole.
    static int blanks(byte[] b, int from, int to) {
        int i = from;
        int last = from;
        while (i < to && (CharClass.at(b, i) & SPACE) != 0) {
            last = i;
            i += Utf8.width(b[i]);
        }
        return i == to || last == from ? i : last;
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+` from a whitespace character: a run that holds a newline ends after its last one.
    static int blankLines(byte[] b, int from, int to) {
        int afterNewline = -1;
        for (int i = from; i < to; i += Utf8.width(b[i])) {
            int kind = CharClass.at(b, i);
            if ((kind & SPACE) == 0) {
                break;
            }
            if ((kind & NEWLINE) != 0) {
                afterNewline = i + 1;
            }
        }
        return afterNewline >= 0 ? afterNewline : blanks(b, from, to);
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`: the end of the contraction at `i`, or -1.
    static int contraction(byte[] b, int i, int to) {
        if (i + 1 >= to || b[i] != '\'') {
            return -1;
        }
        return contraction(b[i + 1], i + 2 < to ? b[i + 2] : 0, i);
    }

    /// The same without regard to case; the long s `ſ` (U+017F, `C5 BF`) counts as an s, by Unicode's case folding.
    static int contractionAnyCase(byte[] b, int i, int to) {
        if (i + 1 >= to || b[i] != '\'') {
            return -1;
        }
        if (b[i + 1] == (byte) 0xC5 && b[i + 2] == (byte) 0xBF) {
            return i + 3;
        }
        return contraction(lower(b[i + 1]), i + 2 < to ? lower(b[i + 2]) : 0, i);
    }

    private static int contraction(int first, int second, int i) {
        return switch (first) {
            case 's', 't', 'm', 'd' -> i + 2;
            case 'r', 'v' -> second == 'e' ? i + 3 : -1;
            case 'l' -> second == 'l' ? i + 3 : -1;
            default -> -1;
        };
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
