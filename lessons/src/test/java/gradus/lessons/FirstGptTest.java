package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.WordNetCorpus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FirstGptTest {
    private static final Pattern PRINTED = Pattern.compile("(?s)validation loss (\\d+\\.\\d+)\\Rwhale: (.*)\\R");
    private static final String WHOLE = printed(120);

    @Test
    void theReadmeShowsThisProgram() throws Exception {
        String source = Files.readString(Path.of("src/main/java/gradus/lessons/FirstGpt.java"));
        int from = source.indexOf("// --- twelve lines\n") + "// --- twelve lines\n".length();
        String program = source.substring(from, source.indexOf("\n        // ---\n", from))
                        .stripIndent() + "\n";
        assertThat(program.lines()).hasSize(12);
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + program + "```\n");
    }

    /// Who knows how often each character occurs, and looks at no other, loses the entropy of the characters:
    /// 3.10. To come below it, a model must look at the characters before, and its optimiser must have got it
    /// there.
    @Test
    void t4_itLearnsMoreThanHowOftenEachCharacterOccurs() {
        Matcher printed = PRINTED.matcher(WHOLE);
        assertThat(printed.matches()).isTrue();
        assertThat(Double.parseDouble(printed.group(1))).isBetween(1.0, entropy(WordNetCorpus.text(1)) - 0.1);
        assertThat(printed.group(2)).hasSize(200);
        // In English about one character of seven is a space; a model that draws from 91 alike writes two in 200.
        assertThat(printed.group(2).chars().filter(c -> c == ' ').count()).isGreaterThan(10);
    }

    @Test
    void t4_itPrintsTheSameEachTime() {
        assertThat(printed(3)).isEqualTo(printed(3)).isNotEqualTo(WHOLE);
    }

    private static String printed(int steps) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            FirstGpt.run(steps);
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// `-Σ p·ln p` over the characters.
    private static double entropy(String text) {
        long[] counts = new long[128];
        text.chars().forEach(c -> counts[c]++);
        double entropy = 0;
        for (long count : counts) {
            double p = (double) count / text.length();
            entropy -= count == 0 ? 0 : p * Math.log(p);
        }
        return entropy;
    }
}
