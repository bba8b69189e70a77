package gradus.lessons.lab.reasoning;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.react.ReAct;
import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.react.tool.Tool;
import gradus.lessons.prompt.react.tool.ToolRun;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Questions for the product of two numbers of three digits, in several words.
///
/// @param rng draws them
record Products(Rng rng) {
    private static final int STEPS = 3; // of a run: one more than is needed
    private static final int TOKENS = 40; // of a step
    private static final List<String> WORDS =
            List.of("What is %s times %s?", "Multiply %s by %s.", "%s * %s = ?", "Find the product of %s and %s.");

    /// @param text    as it is asked
    /// @param product the answer
    record Question(String text, long product) {}

    Question question(long i) {
        Rng draw = rng.at(i);
        int a = 100 + draw.index(0, 900);
        int b = 100 + draw.index(1, 900);
        String form = WORDS.get(draw.index(2, WORDS.size()));
        return new Question(String.format(Locale.ROOT, form, a, b), (long) a * b);
    }

    /// How questions are asked: with some tools or none.
    static ReAct method(TextModel model, List<Tool> tools) {
        CompletionOptions options = CompletionOptions.defaults().withMaxTokens(TOKENS);
        return new ReAct(model, tools, STEPS, ToolRun.defaults(), options);
    }

    /// What the teacher writes for a question, and `Observation` behind it, where the model is to stop; for
    /// every other question without the calculator.
    List<Lesson> lessons(long i) {
        RecordedModel teacher = new RecordedModel(new ProductTeacher());
        method(teacher, i % 2 == 0 ? List.of(new Calculator()) : List.of()).ask(question(i).text);
        List<Lesson> lessons = new ArrayList<>();
        for (Exchange each : teacher.transcript()) {
            lessons.add(new Lesson(each.prompt(), each.answer() + "\nObservation"));
        }
        return lessons;
    }
}
