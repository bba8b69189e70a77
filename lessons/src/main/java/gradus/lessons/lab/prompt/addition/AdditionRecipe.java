package gradus.lessons.lab.prompt.addition;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.CompletionRequest;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.StepReport;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A model that learns to add numbers of n digits, written in one format. No example comes twice but by chance,
/// and none that is measured with is learned (see [AdditionPairs]).
///
/// @param format   of the sum
/// @param model    its size and training
/// @param digits   n
/// @param measures how often it is measured on the way, in equal distances
/// @param heldOut  sums to measure with
record AdditionRecipe(AdditionFormat format, ModelPlan model, int digits, int measures, int heldOut) implements Recipe {
    @Override
    public String name() {
        return "addition-" + format.title();
    }

    /// @return `right`: the share of right sums at each measure; `examples`: how many were learned then
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Tokenizer tokenizer = CharTokenizer.of(AdditionFormat.ALPHABET);
        int context = 2 * digits + 2 + format.longest(digits);
        Gpt gpt = model.gpt(tokenizer, context, Rng.of(seed).at("model"));
        Rng rng = Rng.of(seed).at("pairs");
        AdditionPairs pairs = new AdditionPairs(digits);
        Trainer trainer = model.trainer(
                gpt,
                tokenizer,
                number -> {
                    AdditionPairs.Pair pair = pairs.pair(rng.at(number), false);
                    return new Lesson(pair.prompt(), format.answer(pair.a(), pair.b(), digits) + "\n");
                },
                seed);
        TextModel text = ModelPlan.text(gpt, tokenizer);
        List<Integer> examples = new ArrayList<>();
        List<Double> right = new ArrayList<>();
        int every = Math.max(1, model.steps() / measures);
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % every == 0) {
                    examples.add(report.step() * model.batch());
                    right.add(right(text, seed));
                    say.accept(String.format(
                            Locale.ROOT, "  %,d examples: %.1f %%", examples.getLast(), 100 * right.getLast()));
                }
            }
        });
        trainer.run();
        HuggingFaceFolder.save(folder, gpt.eval(), tokenizer);
        return Map.of("examples", examples, "right", right);
    }

    /// The share of held-out sums that a model writes right.
    double right(TextModel text, long seed) {
        CompletionOptions options = CompletionOptions.defaults()
                .withMaxTokens(format.longest(digits))
                .withStop("\n");
        List<AdditionPairs.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < heldOut; i++) {
            pairs.add(new AdditionPairs(digits).pair(Rng.of(seed).at("held out").at(i), true));
        }
        List<String> written = text.complete(pairs.stream()
                .map(each -> new CompletionRequest(each.prompt(), options))
                .toList());
        int right = 0;
        for (int i = 0; i < heldOut; i++) {
            right += format.isRight(
                            written.get(i), pairs.get(i).a(), pairs.get(i).b(), digits)
                    ? 1
                    : 0;
        }
        return right / (double) heldOut;
    }
}
