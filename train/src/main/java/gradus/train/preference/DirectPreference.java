package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.loss.alignment.PairLogProbs;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.model.LanguageModel;
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

/// Direct preference optimisation: a policy learns from pairs of answers by a [PreferenceLoss]. Rafailov et al.
/// 2023, arXiv:2305.18290. An answer's log-probability is the sum over its own tokens; those of the prompt are
/// read and not counted.
///
/// The reference is the policy as it is when this task is made. It never changes, so what it says of each
/// answer is computed once, without gradients, and kept: two numbers a pair. Checkpoints hold them, so a
/// resumed training has the same reference. A new LoRA changes nothing until it has learned, so the reference
/// is its base, the adapter off. TRL's `precompute_ref_log_probs`.
public final class DirectPreference implements Task {
    private final LanguageModel model;
    private final PreferencePairs train;
    private final PreferencePairs heldOut;
    private final Settings settings;
    private final AnswerBatches batches;
    private final ReferenceLogProbs trainReference;
    private final ReferenceLogProbs heldOutReference; // or null
    private PreferenceMetrics metrics = new PreferenceMetrics();

    /// @param sizes          pairs of a forward pass, and forward passes of a step
    /// @param loss           which loss
    /// @param beta           β of the loss, above 0; 0.1 is usual
    /// @param labelSmoothing ε of the loss
    public record Settings(Sizes sizes, PreferenceLoss loss, double beta, double labelSmoothing) {
        /// @throws gradus.error.ConfigException if β or ε is out of range, or the loss has no ε
        public Settings {
            Tensor zero = Tensor.zeros(1);
            loss.of(new PairLogProbs(zero, zero, zero, zero, zero, zero), beta, labelSmoothing); // the loss checks them
        }
    }

    /// The policy as it is now is the reference.
    ///
    /// @param heldOut what is only measured; may be empty
    /// @param rng     random numbers for the order
    /// @throws gradus.error.DataException   if there is no pair, or an id is not in the vocabulary
    /// @throws gradus.error.ConfigException if an answer with its prompt is longer than the context
    public DirectPreference(
            LanguageModel model, PreferencePairs train, PreferencePairs heldOut, Settings settings, Rng rng) {
        this(model, model, train, heldOut, settings, rng);
    }

    /// With another reference, such as the base of an adapter that has learned before. It is used here only.
    public DirectPreference(
            LanguageModel model,
            LanguageModel reference,
            PreferencePairs train,
            PreferencePairs heldOut,
            Settings settings,
            Rng rng) {
        for (LanguageModel each : List.of(model, reference)) {
            AnswerBatches.requireFits(each, train.chosen(), train.rejected());
            AnswerBatches.requireFits(each, heldOut.chosen(), heldOut.rejected());
        }
        this.batches = new AnswerBatches(train, settings.sizes, rng);
        this.model = model;
        this.train = train;
        this.heldOut = heldOut;
        this.settings = settings;
        this.trainReference = reference(reference, train);
        this.heldOutReference = heldOut.count() == 0 ? null : reference(reference, heldOut);
    }

    private ReferenceLogProbs reference(LanguageModel reference, PreferencePairs pairs) {
        return ReferenceLogProbs.of(
                reference,
                model.parameters().getFirst().dtype(),
                settings.sizes.batchSize(),
                pairs.chosen(),
                pairs.rejected());
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public List<Pairs> parts(int step) {
        PreferenceMetrics fresh = new PreferenceMetrics();
        metrics = fresh;
        return batches.step(step).stream()
                .map(which -> new Pairs(train, trainReference, which, fresh))
                .toList();
    }

    /// What the last step saw, under TRL's names; see [PreferenceMetrics].
    @Override
    public SequencedMap<String, Double> metrics() {
        return metrics.means();
    }

    /// A batch of pairs.
    public final class Pairs implements Part {
        private final AnswerRows rows;
        private final double[] reference; // of the better answers, then of the worse
        private final PreferenceMetrics told;
        private Tensor logProbs; // (2N), once they are computed

        private Pairs(PreferencePairs pairs, ReferenceLogProbs all, int[] which, PreferenceMetrics told) {
            this.rows = AnswerRows.of(which, 0, pairs.chosen(), pairs.rejected());
            this.told = told;
            this.reference = all.of(which);
        }

        @Override
        public long counted() {
            return reference.length / 2;
        }

        @Override
        public long tokens() {
            return rows.ids().size();
        }

        /// Dropout is off, as when the reference was asked.
        @Override
        public Tensor loss() {
            int n = reference.length / 2;
            logProbs = rows.logProbs(model); // (2N)
            told.add(logProbs.toArray(), reference, settings.beta);
            Tensor ref = Tensor.of(reference, 2 * n).to(logProbs.dtype()); // (2N)
            Tensor lengths = Tensor.of(rows.answerLengths(), 2 * n).to(logProbs.dtype()); // (2N)
            PairLogProbs pairs = new PairLogProbs(
                    logProbs.slice(0, 0, n),
                    logProbs.slice(0, n, 2 * n),
                    ref.slice(0, 0, n),
                    ref.slice(0, n, 2 * n),
                    lengths.slice(0, 0, n),
                    lengths.slice(0, n, 2 * n));
            return settings.loss.of(pairs, settings.beta, settings.labelSmoothing); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the log-probabilities", logProbs);
            return computed;
        }
    }

    /// Whether pairs are held out.
    public boolean hasHeldOut() {
        return heldOut.count() > 0;
    }

    /// The mean loss of the pairs that are held out.
    @Override
    public OptionalDouble evaluate(int batches) {
        return heldOut.count() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(heldOut(batches).get("loss"));
    }

    /// The loss and all [#metrics] of the pairs that are held out; `rewards/accuracies` is the share of pairs
    /// that the policy ranks right.
    ///
    /// @param batches the first so many; 0 for all
    public SequencedMap<String, Double> heldOut(int batches) {
        require(heldOut.count() > 0, "no pair of answers is held out");
        PreferenceMetrics measured = new PreferenceMetrics();
        double sum = 0;
        long count = 0;
        try (var pause = Autograd.noGrad()) {
            for (int[] which : AnswerBatches.inOrder(heldOut.count(), settings.sizes.batchSize(), batches)) {
                try (var scope = Scope.open()) {
                    sum += new Pairs(heldOut, heldOutReference, which, measured)
                                    .loss()
                                    .item()
                            * which.length;
                    count += which.length;
                }
            }
        }
        SequencedMap<String, Double> means = measured.means();
        means.put("loss", sum / count);
        return means;
    }

    /// SHA-256 of all pairs, and the loss with its numbers.
    @Override
    public String fingerprint() {
        return "%s %s %s %s %s"
                .formatted(settings.loss, settings.beta, settings.labelSmoothing, train.sum(), heldOut.sum());
    }

    /// What the reference says of all answers.
    @Override
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        state.put("reference", trainReference.values());
        if (heldOutReference != null) {
            state.put("reference.held_out", heldOutReference.values());
        }
        return state;
    }
}
