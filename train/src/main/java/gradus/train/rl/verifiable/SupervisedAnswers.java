package gradus.train.rl.verifiable;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.rl.HeldOut;
import gradus.train.task.Examples;
import gradus.train.task.InstructionTuning;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.util.List;
import java.util.OptionalDouble;

/// The task of learning right answers by heart: the questions are read, and the answers with their ends are
/// predicted. What is measured is what counts later, the share of right answers to questions held out.
public final class SupervisedAnswers implements Task {
    private static final int MOST = 200_000; // examples; then they come again

    private final InstructionTuning tuning;
    private final Answers answers;
    private final HeldOut heldOut;
    private final int batchSize;

    /// @param sizes               examples of a forward pass, and forward passes of a step
    /// @param steps               how many steps there will be: as many examples are made as these need
    /// @param maxCompletionLength the most tokens of an answer, when it is measured
    /// @param rng                 random numbers for the order
    /// @throws gradus.error.ConfigException if a question with its answer does not fit in the model's context
    public SupervisedAnswers(
            LanguageModel model, Answers answers, Sizes sizes, int steps, int maxCompletionLength, Rng rng) {
        long needed = (long) steps * sizes.batchSize() * sizes.accumulation();
        this.tuning = new InstructionTuning(
                model,
                answers.examples(0, (int) Math.clamp(needed, 1, MOST)),
                new Examples(),
                new InstructionTuning.Settings(sizes, model.context(), false),
                rng);
        this.answers = answers;
        this.heldOut = new HeldOut(model, answers, maxCompletionLength);
        this.batchSize = sizes.batchSize();
    }

    @Override
    public Layer model() {
        return tuning.model();
    }

    @Override
    public List<InstructionTuning.Rows> parts(int step) {
        return tuning.parts(step);
    }

    /// Minus the mean reward of the likeliest answers to questions that are held out.
    ///
    /// @param batches of questions; 0 for all
    @Override
    public OptionalDouble evaluate(int batches) {
        int all = answers.heldOut().size();
        int count = (int) Math.min(all, batches == 0 ? all : (long) batches * batchSize);
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of(0 - heldOut.greedyReward(count)); // not -0
    }

    @Override
    public String fingerprint() {
        return "answers %s %s".formatted(answers.fingerprint(), tuning.fingerprint());
    }

    @Override
    public List<String> formerFingerprints() {
        return List.of("answers %s %s".formatted(answers.formerFingerprint(), tuning.fingerprint()));
    }
}
