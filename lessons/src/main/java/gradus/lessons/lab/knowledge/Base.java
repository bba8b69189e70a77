package gradus.lessons.lab.knowledge;

import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// A country, and a model that knows its old persons and can read.
///
/// @param seed of both
public record Base(World world, SmallModel model, long seed) {

    /// Draws the country and trains the model.
    ///
    /// @param say hears how it goes
    public static Base of(KnowledgePlan plan, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed);
        World world = new World(plan.old(), plan.fresh(), rng.at("world"));
        SmallModel model = new SmallModel(world.words(), plan.dim(), rng.at("model"));
        Lessons lessons = new Lessons(world, plan.baseSteps(), rng.at("lessons"));
        model.learn(
                new RowTask(model.gpt(), lessons::step, "base " + seed),
                plan.baseSteps(),
                KnowledgePlan.BASE_LR,
                seed,
                new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        if (report.step() % Math.max(1, plan.baseSteps() / 4) == 0) {
                            say.accept(String.format(
                                    Locale.ROOT,
                                    "  seed %d, step %d of the base: loss %.3f",
                                    seed,
                                    report.step(),
                                    report.loss()));
                        }
                    }
                });
        return new Base(world, model, seed);
    }

    /// The share of answers that are the right ones, word for word.
    static double share(List<String> answers, List<String> right) {
        int same = 0;
        for (int i = 0; i < right.size(); i++) {
            same += answers.get(i).equals(right.get(i)) ? 1 : 0;
        }
        return same / (double) right.size();
    }
}
