package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.RewardPairLoss;
import gradus.layers.model.RewardModel;
import gradus.tensor.Autograd;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// The task of giving the better of two answers the higher score, with [RewardPairLoss]. Prompt and answer are
/// read together, and the score is that of the last token.
public final class RewardModelling implements Task {
    private final RewardModel model;
    private final PreferencePairs train;
    private final PreferencePairs heldOut;
    private final Settings settings;
    private final PairBatches batches;

    /// @param sizes    pairs of a forward pass, and forward passes of a step
    /// @param centring c of [RewardPairLoss], at least 0
    public record Settings(Sizes sizes, double centring) {
        public Settings {
            require(centring >= 0 && Double.isFinite(centring), "centring must be at least 0; got %s", centring);
        }
    }

    /// @param heldOut what is only measured; may be empty
    /// @param rng     random numbers for the order
    /// @throws gradus.error.DataException   if there is no pair, or an id is not in the vocabulary
    /// @throws gradus.error.ConfigException if an answer with its prompt is longer than the context
    public RewardModelling(
            RewardModel model, PreferencePairs train, PreferencePairs heldOut, Settings settings, Rng rng) {
        PairBatches.requireFits(model.model(), train);
        PairBatches.requireFits(model.model(), heldOut);
        this.batches = new PairBatches(train, settings.sizes, rng);
        this.model = model;
        this.train = train;
        this.heldOut = heldOut;
        this.settings = settings;
    }

    @Override
    public RewardModel model() {
        return model;
    }

    @Override
    public List<Pairs> parts(int step) {
        return batches.step(step).stream().map(which -> new Pairs(train, which)).toList();
    }

    /// A batch of pairs.
    public final class Pairs implements Part {
        private final PairRows rows;
        private final double[] margins;
        private Tensor scores; // (2N), once they are computed

        private Pairs(PreferencePairs pairs, int[] which) {
            this.rows = PairRows.of(pairs, which, 0);
            this.margins = new double[which.length];
            for (int i = 0; i < which.length; i++) {
                margins[i] = pairs.margin(which[i]);
            }
        }

        @Override
        public long counted() {
            return margins.length;
        }

        @Override
        public long tokens() {
            return rows.ids().size();
        }

        @Override
        public Tensor loss() {
            int n = margins.length;
            scores = model.forward(rows.ids(), rows.lengths()); // (2N)
            Tensor margin = Tensor.of(margins, n).to(scores.dtype()); // (N)
            return RewardPairLoss.of(scores.slice(0, 0, n), scores.slice(0, n, 2 * n), margin, settings.centring); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the scores", scores);
            return computed;
        }
    }

    /// The mean loss of the pairs that are held out.
    @Override
    public OptionalDouble evaluate(int batches) {
        return heldOut.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(measure(heldOut, batches).loss);
    }

    /// How good the scores are.
    ///
    /// @param loss     the mean loss
    /// @param accuracy the share of pairs whose better answer has the higher score
    public record Measured(double loss, double accuracy) {}

    /// Measures on pairs of one's own.
    ///
    /// @param batches the first so many; 0 for all
    public Measured measure(PreferencePairs pairs, int batches) {
        require(pairs.count() > 0, "there is no pair of answers to measure on");
        double loss = 0;
        double right = 0;
        long count = 0;
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            for (int[] which : PairBatches.inOrder(pairs, settings.sizes.batchSize(), batches)) {
                try (var scope = Scope.open()) {
                    Pairs part = new Pairs(pairs, which);
                    loss += part.loss().item() * which.length;
                    double[] scores = part.scores.toArray();
                    for (int i = 0; i < which.length; i++) {
                        right += scores[i] > scores[which.length + i] ? 1 : 0;
                    }
                    count += which.length;
                }
            }
        } finally {
            if (training) {
                model.train();
            }
        }
        return new Measured(loss / count, right / count);
    }

    /// SHA-256 of all pairs, and the centring.
    @Override
    public String fingerprint() {
        return "reward %s %s %s".formatted(train.sum(), heldOut.sum(), settings.centring);
    }
}
