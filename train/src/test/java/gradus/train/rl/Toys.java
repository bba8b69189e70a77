package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.Layer;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A small model and problems of a few tokens, whose prompts differ in length.
final class Toys {
    static final int VOCAB = 6;
    static final int END = 2;
    static final int LIMIT = 5;
    static final GptConfig SIZE = new GptConfig(VOCAB, 10, 1, 2, 8, 0);

    private Toys() {}

    static Gpt gpt(long seed, DType type) {
        Gpt gpt = new Gpt(SIZE, Rng.of(seed));
        gpt.parameters().forEach(p -> p.copyFrom(p.mul(4))); // so that tokens are not all alike likely
        return gpt.to(type);
    }

    /// Problems whose completions are paid by a function.
    record Problems(ToDoubleFunction<Completion> reward) implements Environment {
        @Override
        public Problem problem(long number) {
            int[] prompt = new int[1 + Rng.of(number).index(0, 4)];
            Arrays.setAll(prompt, i -> Rng.of(number).index(1 + i, VOCAB));
            return new Problem() {
                @Override
                public int[] prompt() {
                    return prompt.clone();
                }

                @Override
                public double reward(Completion completion) {
                    return reward.applyAsDouble(completion);
                }

                @Override
                public String toString() {
                    return Arrays.toString(prompt);
                }
            };
        }

        @Override
        public List<Problem> heldOut() {
            return List.of(problem(-1), problem(-2), problem(-3));
        }

        @Override
        public int end() {
            return END;
        }

        @Override
        public String fingerprint() {
            return "toys";
        }
    }

    /// Pays for every 3, and a little for the end.
    static Problems threes() {
        return new Problems(completion ->
                Arrays.stream(completion.tokens()).filter(token -> token == 3).count()
                        + (completion.ended() ? 0.25 : 0));
    }

    /// The prompts of an iteration's completions, in their order.
    static List<int[]> prompts(Environment environment, RolloutConfig config, int iteration) {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < config.completions(); i++) {
            prompts.add(environment
                    .problem((long) iteration * config.prompts() + i / config.numGenerations())
                    .prompt());
        }
        return prompts;
    }

    /// log p of each token of a completion from a whole pass over it alone, with gradients.
    ///
    /// **Shapes** → (L)
    static Tensor plainLogProbs(Gpt gpt, int[] prompt, int[] tokens, double temperature) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + tokens.length);
        System.arraycopy(tokens, 0, ids, prompt.length, tokens.length);
        Tensor logP = gpt.forward(Indices.of(ids).reshape(1, ids.length))
                .div(temperature)
                .logSoftmax(); // (1, P + L, V)
        Tensor own = logP.reshape(ids.length, VOCAB).slice(0, prompt.length - 1, ids.length - 1); // (L, V)
        return own.gather(1, Indices.of(tokens).reshape(tokens.length, 1)).reshape(tokens.length);
    }

    /// The gradient of a step, all parameters in a row, computed as the trainer computes it.
    static double[] gradient(Task task, int step) {
        task.model().parameters().forEach(Tensor::zeroGrad);
        try (var scope = Scope.open()) {
            List<? extends Task.Part> parts = task.parts(step);
            double counted = parts.stream().mapToLong(Task.Part::counted).sum();
            for (Task.Part part : parts) {
                part.loss().mul(part.counted() / Math.max(1, counted)).backward();
            }
        }
        return gradients(task.model());
    }

    static double[] gradients(Layer model) {
        List<Double> all = new ArrayList<>();
        for (Tensor parameter : model.parameters()) {
            double[] own = parameter.grad() == null
                    ? new double[parameter.size()]
                    : parameter.grad().toArray();
            Arrays.stream(own).forEach(all::add);
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Of either sign.
    static void allZero(double[] numbers) {
        assertThat(Arrays.stream(numbers).allMatch(each -> each == 0)).isTrue();
    }

    /// Moves all weights a little, as steps do.
    static void move(Layer model, double by) {
        try (var pause = Autograd.noGrad()) {
            int i = 0;
            for (Tensor parameter : model.parameters()) {
                Tensor noise = Tensor.randn(
                                Rng.of(99).at(i++), parameter.shape().dims())
                        .mul(by);
                parameter.copyFrom(parameter.add(noise.to(parameter.dtype())));
            }
        }
    }
}
