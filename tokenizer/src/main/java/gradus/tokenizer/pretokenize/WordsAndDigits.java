package gradus.tokenizer.pretokenize;

import static gradus.tokenizer.text.CharClass.LETTER;
import static gradus.tokenizer.text.CharClass.NEWLINE;
import static gradus.tokenizer.text.CharClass.NUMBER;
import static gradus.tokenizer.text.CharClass.SPACE;

import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.text.Utf8;

/// The rules that GPT-4, Llama 3 and Qwen2 share; they differ in how many digits make a pre-token.
///
/// Contractions in any case; a word takes one character before it that is no letter, digit or newline (`␣the`,
/// `(the`); symbols take one space before and all newlines after; a run of blanks ends after its last newline.
final class WordsAndDigits {
    private WordsAndDigits() {}

    static int end(byte[] b, int from, int to, int mostDigits) {
        int contraction = Scan.contractionAnyCase(b, from, to);
        if (contraction >= 0) {
            return contraction;
        }
        int kind = CharClass.at(b, from);
        if ((kind & LETTER) != 0) {
            return Scan.letters(b, from, to);
        }
        if ((kind & NUMBER) != 0) {
            return Scan.numbers(b, from, to, mostDigits);
        }
        int second = from + Utf8.width(b[from]);
        if ((kind & NEWLINE) == 0 && second < to && (CharClass.at(b, second) & LETTER) != 0) {
            return Scan.letters(b, second, to); // [^\r\n\p{L}\p{N}]?\p{L}+
        }
        if ((kind & SPACE) == 0) {
            return Scan.newlines(b, Scan.symbols(b, from, to), to);
        }
        int symbols = b[from] == ' ' ? Scan.symbols(b, second, to) : second;
        return symbols > second ? Scan.newlines(b, symbols, to) : Scan.blankLines(b, from, to);
    }

    /// The published pattern with the given quantifier for digits.
    static String pattern(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
}
