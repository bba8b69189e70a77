package gradus.lessons.prompt.cli;

import gradus.error.Printable;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Thought;
import gradus.train.cli.terminal.Console;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Shows how an answer came about: as text, in colour on a terminal, or as JSON.
final class Display {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String NAME = "\u001b[1;36m";
    private static final String PROMPT = "\u001b[2m";
    private static final String NOTE = "\u001b[33m";
    private static final String ANSWER = "\u001b[1;32m";
    private static final String PLAIN = "\u001b[0m";

    private final Console console;

    Display(Console console) {
        this.console = console;
    }

    /// Every thought under its name, each line behind a bar, and the answer last.
    void show(Outcome outcome, boolean prompts) {
        for (Thought thought : outcome.thoughts()) {
            if (prompts && thought.isAsked()) {
                line(NAME, "--- " + thought.name() + ", asked");
                quoted(PROMPT, thought.prompt());
                line(NAME, "--- " + thought.name() + ", answered");
            } else {
                line(NAME, "--- " + thought.name());
            }
            quoted(thought.isAsked() ? PLAIN : NOTE, thought.text().strip());
        }
        if (outcome.answer().isPresent()) {
            line(NAME, "---");
            outcome.answer().get().lines().forEach(each -> line(ANSWER, each));
        } else {
            console.err().println("no answer was found in what the model wrote");
        }
    }

    private void quoted(String colour, String text) {
        text.lines().forEach(each -> line(colour, "   | " + each));
    }

    private void line(String colour, String text) {
        if (console.colors()) {
            console.raw().println(colour + Printable.escaped(text) + PLAIN);
        } else {
            console.out().println(Printable.escaped(text));
        }
    }

    private static Map<String, Object> json(Thought thought) {
        Map<String, Object> json = new LinkedHashMap<>(); // one order of keys in every process
        json.put("name", thought.name());
        json.put("text", thought.text());
        json.put("asked", thought.isAsked());
        return json;
    }

    /// An object; from `exchanges`, `--script` answers the same prompts again.
    void json(String method, String question, Outcome outcome, List<Exchange> exchanges) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("method", method);
        all.put("question", question);
        all.put("answer", outcome.answer().orElse(null));
        all.put("thoughts", outcome.thoughts().stream().map(Display::json).toList());
        all.put("exchanges", exchanges);
        console.text().println(JSON.writeValueAsString(all));
    }
}
