package gradus.tokenizer.chat;

import gradus.error.TokenizerException;
import gradus.tokenizer.Texts;
import gradus.tokenizer.chat.python.Limits;
import gradus.tokenizer.json.JsonFields;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Thousands of small templates with what transformers renders for each or raises: golden/chat/golden.py makes
/// them.
final class ChatExpressions {
    /// A template and what becomes of it.
    ///
    /// @param family   what it is about
    /// @param template the template
    /// @param text     what transformers renders; null where it raises
    /// @param error    what it raises, behind the kind of the error; null where it renders
    record Case(String family, String template, String text, String error) {
        /// Whether this engine does the same: the same text, or an error with the same words.
        boolean isSame(Outcome ours) {
            return text != null ? text.equals(ours.text) : ours.error != null && ours.error.endsWith(": " + error);
        }
    }

    /// What this engine makes of a template: a text, or an error.
    record Outcome(String text, String error) {
        /// On one line, not too long.
        String shown() {
            String whole = text != null ? "renders " + text : "refuses: " + error;
            String line = whole.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
            String cut = line.length() > 200 ? line.substring(0, line.offsetByCodePoints(0, 150)) + "…" : line;
            return cut.replaceAll("\\p{Cntrl}", "?");
        }
    }

    static final Clock CLOCK =
            Clock.fixed(LocalDateTime.of(2025, 3, 7, 9, 5, 4, 60_708_000).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    static final Map<String, Object> CONTEXT = new LinkedHashMap<>();
    static final List<Case> CASES = new ArrayList<>();

    static {
        JsonFields golden = Texts.golden("chat/expressions");
        ((Map<?, ?>) ChatValues.of(golden.object("context").node())).forEach((k, v) -> CONTEXT.put((String) k, v));
        for (JsonFields row : golden.list("cases")) {
            String error = row.has("err") ? row.text("err") : null;
            CASES.add(new Case(
                    row.text("family"),
                    row.text("template"),
                    error == null ? row.text("out") : null,
                    error == null ? null : error.substring(error.indexOf(": ") + 2)));
        }
    }

    private ChatExpressions() {}

    static Outcome outcome(String template) {
        return outcome(template, Limits.DEFAULT);
    }

    static Outcome outcome(String template, Limits limits) {
        try {
            return new Outcome(
                    ChatTemplate.of(template, limits)
                            .withClock(CLOCK)
                            .render(CONTEXT)
                            .text(),
                    null);
        } catch (TokenizerException e) {
            return new Outcome(null, e.getMessage());
        }
    }
}
