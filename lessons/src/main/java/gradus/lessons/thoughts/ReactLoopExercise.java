package gradus.lessons.thoughts;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

final class ReactLoopExercise {
    private static final String LINES = "transcript += ";
    private static final String END = "return Optional.empty();";
    private static final String FAILED = "observation = \"Error: \" + e.getMessage();";

    private ReactLoopExercise() {}

    /// Writes one text after the other, whatever it reads, and the last one for ever.
    private record Scripted(List<String> texts, List<String> read) implements UnaryOperator<String> {
        @Override
        public String apply(String transcript) {
            read.add(transcript);
            return texts.get(Math.min(read.size(), texts.size()) - 1);
        }

        @Override
        public String toString() {
            return "a model that writes " + String.join(", then ", texts);
        }
    }

    private record Tool(String what, UnaryOperator<String> use) implements UnaryOperator<String> {
        @Override
        public String apply(String input) {
            return use.apply(input);
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Exercise exercise() {
        return Exercise.of(ReactLoop.class, "Reasoning and acting")
                .forbid("ReAct")
                .probe("finished at once", "the answer is 4; the model was asked once", t -> run(t, 7, "finish[4]"))
                .probe(
                        "one tool",
                        "the model reads what came of its action: 12",
                        t -> run(t, 7, "multiply[3 4]", "finish[12]"))
                .probe(
                        "two tools",
                        "the model reads both steps, numbered 1 and 2",
                        t -> run(t, 7, "multiply[3 4]", "upper[cat]", "finish[CAT]"))
                .probe(
                        "a tool that fails",
                        "what it throws becomes an observation: the model may try again",
                        t -> run(t, 7, "multiply[three 4]", "multiply[3 4]", "finish[12]"))
                .probe(
                        "a tool that does not exist",
                        "the model reads that there is none",
                        t -> run(t, 7, "divide[8 2]", "finish[4]"))
                .probe(
                        "brackets in the input",
                        "the input ends with the last char",
                        t -> run(t, 7, "upper[a[0] + b]", "finish[x[1]]"))
                .probe(
                        "a model that never finishes",
                        "it is asked twice, and there is no answer",
                        t -> run(t, 2, "upper[a]"))
                .probe(
                        "finished with the last action",
                        "3 actions are allowed, and the third is the end",
                        t -> run(t, 3, "upper[a]", "upper[b]", "finish[c]"))
                .probe(
                        "finished too late",
                        "only 2 actions are allowed",
                        t -> run(t, 2, "upper[a]", "upper[b]", "finish[c]"))
                .probe("no action is allowed", "the model is not asked", t -> run(t, 0, "finish[4]"))
                .probe("an empty answer", "it is an answer", t -> run(t, 7, "finish[]"))
                .probe("a tool without input", "the input is empty", t -> run(t, 7, "upper[]", "finish[a]"))
                .probe(
                        "the same action twice",
                        "it is done twice",
                        t -> run(t, 7, "multiply[5 5]", "multiply[5 5]", "finish[25]"))
                .probe("a drawn product", "", t -> {
                    int[] n = t.ints(90, 2);
                    return run(t, 5, "multiply[" + n[0] + " " + n[1] + "]", "oops[]", "finish[" + n[0] * n[1] + "]");
                })
                .bug("A tool that throws ends everything: its error should be an observation", FAILED, "throw e;")
                .bug(
                        "A tool that throws ends it without an answer: its error should be an observation",
                        FAILED,
                        "return Optional.empty();")
                .bug("The error of a tool is kept from the model, which reads nothing", FAILED, "observation = \"\";")
                .bug(
                        "The observation is the exception's class and message, not Error: and the message",
                        FAILED,
                        "observation = \"\" + e;")
                .bug(
                        "A tool that does not exist ends everything",
                        "if (tools.containsKey(tool)) {",
                        "if (!tools.containsKey(tool)) { throw new IllegalArgumentException(tool); } else {")
                .bug("The model may act once too often", "i <= most", "i <= most + 1")
                .bug("The model may act once too seldom", "i <= most", "i < most")
                .bug(
                        "The steps are numbered from 0",
                        "\"Action \" + i + \": \" + action + \"\\nObservation \" + i",
                        "\"Action \" + (i - 1) + \": \" + action + \"\\nObservation \" + (i - 1)")
                .bug("The model reads only the last step, and forgets those before", LINES, "transcript = ")
                .bug("The model never reads what came of its actions", LINES, "String unread = ")
                .bug(
                        "The model does not read its own actions, only the observations",
                        "\"Action \" + i + \": \" + action + \"\\nObservation \"",
                        "\"Observation \"")
                .bug(
                        "The input ends at the first ], not with the last char",
                        "action.length() - 1)",
                        "action.indexOf(']'))")
                .bug(
                        "At the end of its steps the last observation is taken for the answer",
                        END,
                        "return transcript.isEmpty() ? Optional.empty() : Optional.of(transcript.substring("
                                + "transcript.lastIndexOf(\": \") + 2, transcript.length() - 1));")
                .bug("At the end of its steps the answer is an empty text, not none", END, "return Optional.of(\"\");")
                .bug(
                        "The answer is the whole action, not what stands in its brackets",
                        "Optional.of(input)",
                        "Optional.of(action)")
                .bug(
                        "An action that was there already ends it",
                        LINES,
                        "if (transcript.contains(action)) { return Optional.empty(); } transcript += ")
                .variant("a list of lines", """
                        java.util.List<String> lines = new java.util.ArrayList<>();
                        int step = 0;
                        while (step++ < most) {
                            String action = model.apply(String.join("", lines));
                            String[] parts = action.split("\\\\[", 2);
                            String input = parts[1].substring(0, parts[1].length() - 1);
                            if ("finish".equals(parts[0])) {
                                return Optional.of(input);
                            }
                            lines.add("Action " + step + ": " + action + "\\n");
                            UnaryOperator<String> tool = tools.get(parts[0]);
                            String seen;
                            try {
                                seen = tool == null ? "Error: there is no tool " + parts[0] : tool.apply(input);
                            } catch (RuntimeException e) {
                                seen = "Error: " + e.getMessage();
                            }
                            lines.add("Observation " + step + ": " + seen + "\\n");
                        }
                        return Optional.empty();
                        """)
                .variant("by calling itself", """
                        return from("", 1, model, tools, most);
                    }

                    private static Optional<String> from(
                            String read,
                            int i,
                            UnaryOperator<String> model,
                            Map<String, UnaryOperator<String>> tools,
                            int most) {
                        if (i > most) {
                            return Optional.empty();
                        }
                        String action = model.apply(read);
                        String name = action.substring(0, action.indexOf("["));
                        String input = action.substring(name.length() + 1, action.lastIndexOf("]"));
                        if (name.equals("finish")) {
                            return Optional.of(input);
                        }
                        UnaryOperator<String> missing = x -> {
                            throw new IllegalStateException("there is no tool " + name);
                        };
                        String brought;
                        try {
                            brought = tools.getOrDefault(name, missing).apply(input);
                        } catch (RuntimeException e) {
                            brought = "Error: " + e.getMessage();
                        }
                        String more = "Action %d: %s\\nObservation %d: %s\\n".formatted(i, action, i, brought);
                        return from(read + more, i + 1, model, tools, most);
                        """)
                .hints(
                        "What has to happen between two calls of the model, so that the second one knows what"
                                + " the first one did?",
                        "A loop over the steps: ask, take the action apart, finish or use the tool, write both"
                                + " lines. Only the"
                                + " call of the tool stands in a try.",
                        "try { observation = tools.get(tool).apply(input); } catch (RuntimeException e) {"
                                + " observation = \"Error: \""
                                + " + e.getMessage(); }, then transcript += …")
                .reading("The section \"Tools\" of this lesson; Yao et al. 2022, ReAct");
    }

    /// Sees the answer, and what the model has read.
    private static Object run(Trial t, int most, String... texts) {
        Map<String, UnaryOperator<String>> tools = new TreeMap<>();
        tools.put("multiply", new Tool("a tool that multiplies two numbers", input -> {
            String[] numbers = input.split(" ");
            if (!numbers[0].matches("\\d+")) {
                throw new IllegalArgumentException(numbers[0] + " is no number");
            }
            return "" + Integer.parseInt(numbers[0]) * Integer.parseInt(numbers[1]);
        }));
        tools.put(
                "upper", new Tool("a tool that writes in capitals", input -> input.toUpperCase(java.util.Locale.ROOT)));
        List<String> read = new ArrayList<>();
        t.see("the answer", t.call(new Scripted(List.of(texts), read), tools, most));
        t.see("what the model has read", read);
        return null;
    }
}
