package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.chat.ChatExpressions.Case;
import gradus.tokenizer.chat.ChatExpressions.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every small template renders as transformers renders it, or is refused in the same words. The exceptions are
/// listed one by one, each with what this engine does instead, in golden/chat/own.tsv: filters and methods that
/// it refuses by name, limits of its own, errors told in other words, and what a function looks like when it is
/// printed.
class ChatExpressionsTest {
    private static final int EXPECTED = 23_000;

    private static Map<String, String> own() throws IOException {
        var own = new LinkedHashMap<String, String>();
        try (var in = ChatExpressionsTest.class.getResourceAsStream("/golden/chat/own.tsv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] fields = line.split("\t", -1);
                own.put(fields[0], fields[1]);
            });
        }
        return own;
    }

    private static String line(String template) {
        return template.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("\r", "\\r");
    }

    static Stream<String> families() {
        return ChatExpressions.CASES.stream().map(Case::family).distinct();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyTemplateRendersAsTransformersRendersItOrIsListed(String family) throws IOException {
        Map<String, String> own = own();
        var wrong = new ArrayList<String>();
        for (Case each : ChatExpressions.CASES) {
            if (each.family().equals(family)) {
                Outcome ours = ChatExpressions.outcome(each.template());
                String listed = own.get(line(each.template()));
                boolean right = listed == null ? each.isSame(ours) : listed.equals(ours.shown());
                if (!right) {
                    String expected = listed != null ? listed : each.text() != null ? each.text() : each.error();
                    wrong.add(each.template() + "\n  " + ours.shown() + "\n  expected " + expected);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void nothingElseIsListed() throws IOException {
        Map<String, String> own = own();
        ChatExpressions.CASES.forEach(each -> own.remove(line(each.template())));
        assertThat(own).isEmpty();
        assertThat(ChatExpressions.CASES).hasSizeGreaterThan(EXPECTED);
    }

    /// Writes the list of exceptions anew, to be read before it is kept.
    public static void main(String[] arguments) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Case each : ChatExpressions.CASES) {
            Outcome ours = ChatExpressions.outcome(each.template());
            if (!each.isSame(ours)) {
                lines.add(line(each.template()) + "\t" + ours.shown());
            }
        }
        Files.write(Path.of(arguments[0]), lines);
    }
}
