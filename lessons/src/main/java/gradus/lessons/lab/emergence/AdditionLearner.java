package gradus.lessons.lab.emergence;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.prompt.addition.AdditionFormat;
import gradus.lessons.lab.prompt.addition.AdditionPairs;
import gradus.lessons.lab.prompt.addition.AdditionPairs.Pair;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.StepReport;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A model that learns to add numbers of n digits, and is measured on its way, from a sixteenth of the steps to the
/// last, in equal distances of their logarithm. With carries the sum is written last digit first: `457+268=5270`.
/// Without, no digit is above 4,
/// `413+204=617`, so that all digits of the answer are the same task. With carries the model is a GPT-2, which learns
/// each place; without, a Llama, whose positions are relative, so that it learns all places at once.
///
/// @param carry    whether there are carries
/// @param model    its size and training
/// @param digits   n
/// @param measures how often it is measured
/// @param heldOut  sums to measure with
record AdditionLearner(boolean carry, ModelPlan model, int digits, int measures, int heldOut) implements Recipe {
    private static final int MOST = 8; // digits: sums are whole numbers of 31 bits
    private static final int GPT = 12; // C² of a block: 4 of attention, 4 + 4 of the feed-forward layer
    private static final int LLAMA = 13; // 4, and three of 3
    private static final int PART = 16; // of the steps pass before the first measure
    private static final double OPERATIONS = 6;
    private static final int SMALL = 5; // digits 0 to 4, of which no two carry

    /// @throws gradus.error.ConfigException if there is nothing to measure
    AdditionLearner {
        require(digits >= 2 && digits <= MOST, "the digits must be 2 to 8; got %d", digits);
        require(measures >= 2 && heldOut >= 1, "it takes two measures and a sum; got %d and %d", measures, heldOut);
    }

    @Override
    public String name() {
        return "%s-%s-%s".formatted(carry ? "carries" : "places", digits, model.dim());
    }

    /// How many digits an answer has.
    int answer() {
        return carry ? digits + 1 : digits;
    }

    /// The steps after which it is measured, ascending, a step only once.
    List<Integer> measured() {
        TreeSet<Integer> steps = new TreeSet<>();
        for (int i = 0; i < measures; i++) {
            double share = Math.pow(PART, i / (measures - 1.0) - 1);
            steps.add((int) Math.max(1, Math.round(model.steps() * share)));
        }
        return List.copyOf(steps);
    }

    /// C = 6·N·D after some steps, N the weights of the blocks.
    double operations(int step) {
        long weights = (long) (carry ? GPT : LLAMA) * model.layers() * model.dim() * model.dim();
        return OPERATIONS * weights * step * model.batch() * length();
    }

    private int length() {
        return 2 * digits + 2 + answer(); // a+b= and the sum; what is read to write the end of the line
    }

    /// @return of each measure: `step`, `logProbability` and `accuracy` of a digit of the right answer when all
    ///     before it are given, and `match`, how often the first 1, 2, … digits are all right
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Tokenizer tokenizer = CharTokenizer.of(AdditionFormat.ALPHABET);
        Rng start = Rng.of(seed).at("model");
        LanguageModel learner =
                carry ? model.gpt(tokenizer, length() + 1, start) : model.llama(tokenizer, length() + 1, start);
        Rng drawn = Rng.of(seed).at("pairs");
        Trainer trainer = model.trainer(learner, tokenizer, number -> lesson(drawn.at(number), false), seed);
        List<Lesson> tests = new ArrayList<>();
        for (int i = 0; i < heldOut; i++) {
            tests.add(lesson(Rng.of(seed).at("held out").at(i), true));
        }
        DigitScores scores = DigitScores.of(tests, tokenizer, answer());
        List<Integer> steps = measured();
        Map<String, List<Object>> measured = new LinkedHashMap<>();
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (steps.contains(report.step())) {
                    DigitScores.Score score = scores.of(learner);
                    add(measured, "step", report.step());
                    add(measured, "logProbability", score.logProbability());
                    add(measured, "accuracy", score.accuracy());
                    add(measured, "match", score.match());
                }
            }
        });
        trainer.run();
        learner.eval();
        HuggingFaceFolder.save(folder, learner, tokenizer);
        say.accept(
                "%s, seed %s: %s".formatted(name(), seed, measured.get("match").getLast()));
        return measured;
    }

    /// @param rng draws it
    Lesson lesson(Rng rng, boolean heldOut) {
        Pair pair = carry ? new AdditionPairs(digits).pair(rng, heldOut) : small(rng, heldOut);
        String answer = carry
                ? AdditionFormat.REVERSED.answer(pair.a(), pair.b(), digits)
                : String.valueOf(pair.a() + pair.b());
        return new Lesson(pair.prompt(), answer + "\n");
    }

    private Pair small(Rng rng, boolean heldOut) {
        for (int draw = 0; ; draw++) {
            Pair pair =
                    new Pair(number(rng.at(draw).at("a")), number(rng.at(draw).at("b")));
            if (pair.isHeldOut() == heldOut) {
                return pair;
            }
        }
    }

    /// The first digit is 1 to 4, the others are 0 to 4.
    private int number(Rng rng) {
        int number = 1 + rng.index(0, SMALL - 1);
        for (int i = 1; i < digits; i++) {
            number = 10 * number + rng.index(i, SMALL);
        }
        return number;
    }

    private static void add(Map<String, List<Object>> measured, String name, Object value) {
        measured.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
}
