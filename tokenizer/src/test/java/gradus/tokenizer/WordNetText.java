package gradus.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The glosses of WordNet 3.1 as `lemma: gloss` lines: 10 MB of English for the tests.
public final class WordNetText {
    private static String text;

    private WordNetText() {}

    public static synchronized String text() {
        if (text == null) {
            var lines = new StringBuilder();
            for (String part : new String[] {"noun", "verb", "adj", "adv"}) {
                read(part).lines().filter(line -> !line.startsWith("  ")).forEach(line -> {
                    int bar = line.indexOf(" | ");
                    String lemma = line.split(" ", 6)[4].replace('_', ' ');
                    lines.append(lemma)
                            .append(": ")
                            .append(line.substring(bar + 3).strip())
                            .append('\n');
                });
            }
            text = lines.toString();
        }
        return text;
    }

    private static String read(String part) {
        String resource = "/net/sf/extjwnl/data/wordnet/wn31/data." + part;
        try (InputStream in = WordNetText.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
