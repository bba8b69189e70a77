package gradus.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// The texts that `make_sentencepiece_golden.py` draws, drawn again: SplitMix64 (Steele et al. 2014) and the
/// same parts.
public final class SentencePieceTexts {
    private static final String[] WORDS = ("the of and to in that is was he for it with as his on be at by I this had"
                    + " not are but from or have an they which one you were her all she there would their we him been"
                    + " has when who will more no if out so said what up its about into than them can only other new"
                    + " some could time these two may then do first any my now such like our over man me even most made"
                    + " after also did many before must through years where much your way well down should because each"
                    + " just those people Mr how too little state good very make world still own see men work long get"
                    + " here between both life being under Tokenizer tokenization internationalization"
                    + " antidisestablishmentarianism Schön naïve café résumé über Straße señor Ελλάδα Россия עברית"
                    + " العربية हिन्दी ไทย 日本語 中文 한국어 français")
            .split(" ");

    private static final String[] HARD = {
        "\u0301",
        "e\u0301",
        "a\u0323\u0307",
        "ﬁ",
        "ﬁ\u0301",
        "①",
        "㍿",
        "Å",
        "Å",
        "ｈｅｌｌｏ　ｗｏｒｌｄ",
        "…",
        "½",
        "\r\n",
        "\n\n",
        "\u00a0",
        "\u3000",
        "▁",
        "▁▁",
        " ▁",
        "<s>",
        "</s>",
        "<unk>",
        "<pad>",
        "<0x41>",
        "<0x0A>",
        "<tool>",
        "<start_of_turn>",
        "<end_of_turn>",
        "<tool><tool>",
        "ẞ",
        "İ",
        "ǆ",
        "\u1112\u1161\u11ab",
        "\ufeff",
        "\u200b",
        "\u200d",
        "\u2028",
        "\u0085",
        "🙂",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "🇩🇪🇫",
        "👍🏽",
        "❤️",
        "क्षि",
        "กำ",
        "\ufffd",
        "\uD840\uDC00",
        "\uD87E\uDC00",
        "\uDB40\uDD01",
        "\uDBFF\uDFFF",
        "don't",
        "1,234.56",
        "12345",
        "::::",
        "//",
        "http://a.b/c?d=e",
        "C++",
        "aaaaaaaa",
        "\t",
        "\t\t",
        "  ",
        "    ",
        " \n ",
        "``",
        "''",
        "Ⅷ",
        "²",
        "℃",
        "㌔",
        "ﷺ",
        "゛",
        "ｶﾞ",
        "が",
        "か\u3099"
    };

    private long state;

    SentencePieceTexts(long seed) {
        state = seed;
    }

    /// The texts of the golden file.
    public static List<String> golden(int count) {
        var source = new SentencePieceTexts(1);
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            texts.add(source.text());
        }
        return texts;
    }

    private int below(int n) {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return (int) (((z ^ z >>> 31) >>> 1) % n);
    }

    private String codePoint(int low, int high) {
        while (true) {
            int c = low + below(high - low);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                return Character.toString(c);
            }
        }
    }

    String text() {
        var text = new StringBuilder();
        for (int parts = below(13); parts > 0; parts--) {
            text.append(part());
        }
        return text.toString();
    }

    private String part() {
        int kind = below(18);
        return switch (kind) {
            case 0, 1, 2, 3 -> " " + WORDS[below(WORDS.length)];
            case 4 -> WORDS[below(WORDS.length)];
            case 5 -> " ".repeat(1 + below(4));
            case 6 -> codePoint(0x20, 0x7F);
            case 7 -> codePoint(0xA0, 0x250);
            case 8 -> codePoint(0x250, 0x3100);
            case 9 -> codePoint(0x3100, 0x10000);
            case 10 -> codePoint(0x1F300, 0x1FB00);
            case 11 -> codePoint(0x20000, 0x110000);
            case 12 -> codePoint(0x61, 0x7B) + codePoint(0x300, 0x370).repeat(1 + below(2));
            case 13 -> codePoint(1, 0x20);
            case 14 -> codePoint(0x30, 0x3A).repeat(1 + below(5));
            default -> HARD[below(HARD.length)];
        };
    }
}
