package gradus.lessons.lab.hallucination;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Looks for the value v* = v + δ that makes a model say a new answer. δ is added to what a layer gives at the
/// last word of a prompt; it minimises
///
/// `L(δ) = mean_x −log P(answer | x, δ) + w·mean_y KL(P(· | y) ‖ P(· | y, δ)) + λ·‖δ‖²`
///
/// in which the prompts x ask for the fact and the prompts y for something else of the same subject, which is
/// to stay. Meng et al. 2022 (ROME), arXiv:2202.05262, equation 4. They add δ at the subject's last word,
/// wherever that stands; here every question ends with its subject. Their y is one prompt, `{subject} is a`.
final class ValueSearch {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPS = 1e-8;

    private final LanguageModel model;
    private final Layer layer;
    private final List<int[]> asking;
    private final int answer;
    private final List<int[]> kept;
    private final Settings settings;
    private final List<Tensor> before = new ArrayList<>(); // log P of each kept prompt, (V)

    /// @param steps of Adam
    /// @param lr    its rate
    /// @param keep  w
    /// @param decay λ
    record Settings(int steps, double lr, double keep, double decay) {
        static Settings defaults() {
            return new Settings(25, 0.2, 0.5, 1e-3);
        }
    }

    /// @param model  in evaluation mode
    /// @param layer  a part of it whose result is (B, T, C)
    /// @param asking the prompts x
    /// @param answer the id of the new answer
    /// @param kept   the prompts y
    ValueSearch(LanguageModel model, Layer layer, List<int[]> asking, int answer, List<int[]> kept, Settings settings) {
        this.model = model;
        this.layer = layer;
        this.asking = asking;
        this.answer = answer;
        this.kept = kept;
        this.settings = settings;
        try (var pause = Autograd.noGrad()) {
            kept.forEach(prompt -> before.add(logits(prompt).logSoftmax().keep()));
        }
    }

    /// **Shapes** delta (C) → ()
    Tensor loss(Tensor delta) {
        Tensor loss = delta.square().sum().mul(settings.decay); // ()
        for (int[] prompt : asking) {
            Tensor own = logits(prompt, delta).crossEntropy(Indices.of(answer)); // ()
            loss = loss.add(own.div(asking.size()));
        }
        for (int i = 0; i < kept.size(); i++) {
            Tensor after = logits(kept.get(i), delta).logSoftmax(); // (1, V)
            Tensor old = before.get(i);
            Tensor divergence = old.exp().mul(old.sub(after)).sum(); // ()
            loss = loss.add(divergence.mul(settings.keep / kept.size()));
        }
        return loss;
    }

    /// **Shapes** → (1, V)
    private Tensor logits(int[] prompt) {
        return model.lastLogits(Indices.of(Shape.of(1, prompt.length), prompt));
    }

    private Tensor logits(int[] prompt, Tensor delta) {
        double[] last = new double[prompt.length];
        last[prompt.length - 1] = 1;
        Tensor mask = Tensor.of(last, prompt.length, 1).to(delta.dtype()); // (T, 1)
        try (var hook = layer.hook(y -> y.add(mask.mul(delta)))) { // (1, T, C)
            return logits(prompt);
        }
    }

    /// δ.
    ///
    /// **Shapes** → (C)
    double[] search(int channels) {
        double[] delta = new double[channels];
        double[] mean = new double[channels];
        double[] square = new double[channels];
        model.freeze(); // else its weights would collect gradients
        for (int step = 1; step <= settings.steps; step++) {
            double[] gradient = gradient(delta);
            for (int i = 0; i < channels; i++) {
                mean[i] = BETA_1 * mean[i] + (1 - BETA_1) * gradient[i];
                square[i] = BETA_2 * square[i] + (1 - BETA_2) * gradient[i] * gradient[i];
                double first = mean[i] / (1 - Math.pow(BETA_1, step));
                double second = square[i] / (1 - Math.pow(BETA_2, step));
                delta[i] -= settings.lr * first / (Math.sqrt(second) + EPS);
            }
        }
        model.unfreeze();
        return delta;
    }

    private double[] gradient(double[] delta) {
        try (var scope = Scope.open()) {
            Tensor at = Tensor.of(delta, delta.length)
                    .to(model.parameters().getFirst().dtype())
                    .requireGrad();
            loss(at).backward();
            return at.grad().toArray();
        }
    }
}
