package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.RewardPairLoss;
import gradus.layers.model.RewardModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
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
    private final AnswerBatches batches;
    private RewardMetrics metrics = new RewardMetrics();

    /// @param sizes    pairs of a forward pass, and forward passes of a step
    /// @param centring c of [RewardPairLoss], at least 0
    /// @param padding  the id that the model's files call padding, or -1 for none: a text that ends with it is
    ///     scored at the token before, see [RewardModel#lengths]
    public record Settings(Sizes sizes, double centring, int padding) {
        /// @throws gradus.error.ConfigException if centring is negative or not finite
        public Settings {
            require(centring >= 0 && Double.isFinite(centring), "centring must be at least 0; got %s", centring);
        }

        /// Without an id for padding.
        public Settings(Sizes sizes, double centring) {
            this(sizes, centring, -1);
        }
    }

    /// @param heldOut what is only measured; may be empty
    /// @param rng     random numbers for the order
    /// @throws gradus.error.DataException   if there is no pair, or an id is not in the vocabulary
    /// @throws gradus.error.ConfigException if an answer with its prompt is longer than the context
    public RewardModelling(
            RewardModel model, PreferencePairs train, PreferencePairs heldOut, Settings settings, Rng rng) {
        AnswerBatches.requireFits(model.model(), train.chosen(), train.rejected());
        AnswerBatches.requireFits(model.model(), heldOut.chosen(), heldOut.rejected());
        this.batches = new AnswerBatches(train, settings.sizes, rng);
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
        RewardMetrics fresh = new RewardMetrics();
        metrics = fresh;
        return batches.step(step).stream()
                .map(which -> new Pairs(train, which, fresh))
                .toList();
    }

    /// What the last step saw, under TRL's names: `accuracy`, `margin`, `min_reward`, `mean_reward` and
    /// `max_reward`.
    @Override
    public SequencedMap<String, Double> metrics() {
        return metrics.all();
    }

    /// A batch of pairs.
    public final class Pairs implements Part {
        private final AnswerRows rows;
        private final double[] margins;
        private final RewardMetrics told;
        private Tensor scores; // (2N), once they are computed

        private Pairs(PreferencePairs pairs, int[] which, RewardMetrics told) {
            this.told = told;
            this.rows = AnswerRows.of(which, Math.max(0, settings.padding), pairs.chosen(), pairs.rejected());
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
            int[] lengths =
                    settings.padding < 0 ? rows.lengths() : RewardModel.lengths(rows.ids(), settings.padding); // (2N)
            scores = model.forward(rows.ids(), lengths); // (2N)
            told.add(scores.toArray());
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

    /// Whether pairs are held out.
    public boolean hasHeldOut() {
        return heldOut.count() > 0;
    }

    /// How good the scores of the pairs are that are held out.
    public Measured heldOut() {
        return measure(heldOut, 0);
    }

    /// How good the scores are.
    ///
    /// @param loss     the mean loss
    /// @param accuracy the share of pairs whose better answer has the higher score
    /// @param margin   the mean of the better answer's score less the worse one's
    public record Measured(double loss, double accuracy, double margin) {}

    /// Measures on pairs of one's own.
    ///
    /// @param batches the first so many; 0 for all
    public Measured measure(PreferencePairs pairs, int batches) {
        require(pairs.count() > 0, "there is no pair of answers to measure on");
        RewardMetrics measured = new RewardMetrics();
        double loss = 0;
        long count = 0;
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            for (int[] which : AnswerBatches.inOrder(pairs.count(), settings.sizes.batchSize(), batches)) {
                try (var scope = Scope.open()) {
                    loss += new Pairs(pairs, which, measured).loss().item() * which.length;
                    count += which.length;
                }
            }
        } finally {
            if (training) {
                model.train();
            }
        }
        SequencedMap<String, Double> means = measured.all();
        return new Measured(loss / count, means.get("accuracy"), means.get("margin"));
    }

    /// SHA-256 of all pairs, the centring and the padding.
    @Override
    public String fingerprint() {
        return "reward %s %s %s %s".formatted(train.sum(), heldOut.sum(), settings.centring, settings.padding);
    }
}
