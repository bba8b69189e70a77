package gradus.lessons.lab.prompt.sum;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.StepReport;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.rl.verifiable.Question;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/// A model that learns [DigitSum]: three lessons of four with a rationale, the others without.
///
/// @param name      of the recipe
/// @param model     its size and training
/// @param digits    of a question
/// @param rationale what it writes where it is asked for one
/// @param goal      training ends where this share of the answers behind rationales is right, measured every
///                  few steps on questions of the training; 1 for the end of all steps
record SumRecipe(String name, ModelPlan model, int digits, Rationale rationale, double goal) implements Recipe {
    /// The longest text, with room for a rationale that does not end.
    static final int CONTEXT = 64;

    /// One lesson of so many is without a rationale.
    private static final int PLAIN_EVERY = 4;

    private static final int EVERY = 5; // steps; what is learned by half now is learned wholly 20 steps later
    private static final int MEASURED = 100;

    static Tokenizer tokenizer() {
        return CharTokenizer.of(Rationale.ALPHABET);
    }

    DigitSum task() {
        return new DigitSum(digits);
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Tokenizer tokenizer = tokenizer();
        Gpt gpt = model.gpt(tokenizer, CONTEXT, Rng.of(seed).at("model"));
        Trainer trainer = model.trainer(gpt, tokenizer, lessons(seed), seed);
        trainer.listen(new LabProgress(model.steps(), say));
        List<Question> known = known(seed);
        TextModel text = ModelPlan.text(gpt, tokenizer);
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (goal < 1 && report.step() % EVERY == 0 && Asked.chains(text, known) >= goal) {
                    trainer.requestStop();
                }
            }
        });
        int steps = trainer.run().steps();
        HuggingFaceFolder.save(folder, gpt.eval(), tokenizer);
        return Map.of("steps", steps);
    }

    private List<Question> known(long seed) {
        DigitSum task = task();
        Rng rng = Rng.of(seed).at("lessons");
        return LongStream.range(0, MEASURED)
                .mapToObj(number -> task.question(rng, number))
                .toList();
    }

    private LongFunction<Lesson> lessons(long seed) {
        DigitSum task = task();
        Rng rng = Rng.of(seed).at("lessons");
        return number -> {
            String question = task.question(rng, number).prompt();
            return number % PLAIN_EVERY == 0
                    ? Rationale.plain(question)
                    : rationale.lesson(question, rng.at("other").at(number));
        };
    }
}
