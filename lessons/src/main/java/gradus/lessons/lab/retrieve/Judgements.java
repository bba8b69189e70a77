package gradus.lessons.lab.retrieve;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.train.contrastive.GlossExamples.Held;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The questions that every search is asked, with what is right, from a file that never changes: 200 of each
/// way for meanings of which texts are kept from training, and 200 for those that are kept from it whole.
///
/// A line is `a⇥TEXTS⇥question⇥id|id|…`.
final class Judgements {
    private static final String FILE = "judgements.tsv";
    private static final int FIELDS = 4;

    private Judgements() {}

    /// All 1,200.
    static List<Question> read() {
        try (InputStream in = Judgements.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new DataException(FILE + " is not on the class path");
            }
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new ResourceException(FILE + " cannot be read: " + FileReason.of(failure), failure);
        }
    }

    static List<Question> read(String lines) {
        List<Question> questions = new ArrayList<>();
        lines.lines().forEach(line -> {
            String[] fields = line.split("\t");
            Asking asking = Arrays.stream(Asking.values())
                    .filter(each -> each.letter.equals(fields[0]))
                    .findFirst()
                    .orElse(null);
            if (fields.length != FIELDS || asking == null) {
                throw new DataException("%s:%s: is no judgement".formatted(FILE, questions.size() + 1));
            }
            questions.add(new Question(asking, Held.valueOf(fields[1]), fields[2], List.of(fields[3].split("\\|"))));
        });
        return questions;
    }

    static String written(List<Question> questions) {
        StringBuilder lines = new StringBuilder();
        for (Question each : questions) {
            lines.append(each.asking().letter)
                    .append('\t')
                    .append(each.held())
                    .append('\t')
                    .append(each.text())
                    .append('\t')
                    .append(String.join("|", each.relevant()))
                    .append('\n');
        }
        return lines.toString();
    }

    /// So many of each way, as many of meanings that are kept whole as of the others.
    static List<Question> some(int each) {
        List<Question> some = new ArrayList<>();
        List<Question> all = read();
        for (Asking asking : Asking.values()) {
            for (Held held : List.of(Held.TEXTS, Held.ALL)) {
                all.stream()
                        .filter(question -> question.asking() == asking && question.held() == held)
                        .limit((each + 1) / 2)
                        .forEach(some::add);
            }
        }
        return some;
    }
}
