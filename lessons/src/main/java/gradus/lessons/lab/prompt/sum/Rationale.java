package gradus.lessons.lab.prompt.sum;

import gradus.lessons.lab.material.Lesson;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.CompletionForm;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.method.FewShot;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.tensor.random.Rng;

/// What a model learns to write between a question and its answer.
/// ```text
/// Q: 31422
/// A: Steps 34302
/// So 2
/// ```
enum Rationale {
    /// None: every lesson is answered at once.
    NONE("nothing"),
    /// The remainders so far.
    STEPS("steps"),
    /// The remainders of another question of as many digits.
    OTHERS("steps of another question"),
    /// As many dots: time to compute, and nothing to write down. Wei et al. 2022 call this control "variable
    /// compute only".
    DOTS("dots");

    /// All characters of lessons.
    static final String ALPHABET = " \n.:01234AQSeopst";

    private static final String TRIGGER = "Steps";
    private static final String CLOSING = "So";
    private static final CompletionForm FORM = CompletionForm.defaults();
    private static final CompletionOptions LINE =
            CompletionOptions.defaults().withMaxTokens(16).withStop("\n");

    private final String title;

    Rationale(String title) {
        this.title = title;
    }

    /// In tables.
    String title() {
        return title;
    }

    /// A question that is answered at once.
    static Lesson plain(String digits) {
        return new Lesson(
                FORM.prompt(Selection.none().select(digits), digits),
                " " + DigitSum.of(digits).answer() + "\n");
    }

    /// A question that is answered behind this rationale.
    ///
    /// @param rng draws the other question, where there is one
    Lesson lesson(String digits, Rng rng) {
        return this == NONE
                ? plain(digits)
                : reasoned(digits, of(digits, rng), DigitSum.of(digits).answer());
    }

    /// A question that is answered behind a rationale, whatever the two say.
    static Lesson reasoned(String digits, String rationale, String answer) {
        return new Lesson(
                plain(digits).prompt() + " " + TRIGGER, " " + rationale + "\n" + CLOSING + " " + answer + "\n");
    }

    private String of(String digits, Rng rng) {
        return switch (this) {
            case NONE -> "";
            case STEPS -> DigitSum.steps(digits);
            case OTHERS -> DigitSum.steps(DigitSum.drawn(digits.length(), rng));
            case DOTS -> ".".repeat(digits.length());
        };
    }

    /// Asks for the answer at once.
    static FewShot plain(TextModel model) {
        return new FewShot(model, FORM, Selection.none(), AnswerExtractor.number(), LINE);
    }

    /// Asks for a rationale and then for the answer; greedily.
    static ZeroShotChain chain(TextModel model) {
        return new ZeroShotChain(model, TRIGGER, CLOSING, AnswerExtractor.number(), LINE);
    }

    /// The same, with the rationale drawn at a temperature.
    static ZeroShotChain chain(TextModel model, double temperature, long seed) {
        return chain(model).withOptions(LINE.withTemperature(temperature).withSeed(seed));
    }

    /// A model that writes the steps of another question wherever it is asked for a rationale, and answers
    /// itself.
    static TextModel swapped(TextModel model, String other) {
        return (prompt, options) ->
                prompt.endsWith(TRIGGER) ? " " + DigitSum.steps(other) : model.complete(prompt, options);
    }
}
