package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.AnswerNll;
import gradus.layers.loss.alignment.PairLogProbs;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.task.LanguageModelling.Sizes;
import java.util.List;

/// Direct preference optimisation: a policy learns from pairs of answers by a [PreferenceLoss]. Rafailov et al.
/// 2023, arXiv:2305.18290. An answer's log-probability is the sum over its own tokens; those of the prompt are
/// read and not counted.
///
/// The reference is the policy as it is when this task is made. It never changes, so what it says of each
/// answer is computed once, without gradients, and kept: two numbers a pair. Checkpoints hold them, so a
/// resumed training has the same reference. A new LoRA changes nothing until it has learned, so the reference
/// is its base, the adapter off. TRL's `precompute_ref_log_probs`.
public final class DirectPreference
        extends ReferenceTask<DirectPreference.Known, PreferenceMetrics, DirectPreference.Pairs> {
    private final Settings settings;
    private final AnswerBatches batches;
    private final Known train;
    private final Known heldOut; // or null
    private final String data;

    /// @param sizes          pairs of a forward pass, and forward passes of a step
    /// @param loss           which loss
    /// @param beta           β of the loss, above 0; 0.1 is usual
    /// @param labelSmoothing ε of the loss
    /// @param rpoAlpha       α, weight of the negative log-likelihood of the better answers beside the loss
    ///     ([AnswerNll]: of the tokens of a forward pass together); at least 0, which leaves it out. TRL's
    ///     former
    ///     `rpo_alpha`, now `sft` beside another `loss_type`
    public record Settings(Sizes sizes, PreferenceLoss loss, double beta, double labelSmoothing, double rpoAlpha) {
        /// @throws gradus.error.ConfigException if β, ε or α is out of range, or the loss has no ε
        public Settings {
            Tensor zero = Tensor.zeros(1);
            loss.of(new PairLogProbs(zero, zero, zero, zero, zero, zero), beta, labelSmoothing); // the loss checks them
            require(rpoAlpha >= 0 && Double.isFinite(rpoAlpha), "rpoAlpha must be at least 0; got %s", rpoAlpha);
        }

        /// Without the negative log-likelihood.
        public Settings(Sizes sizes, PreferenceLoss loss, double beta, double labelSmoothing) {
            this(sizes, loss, beta, labelSmoothing, 0);
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
        super(model);
        for (LanguageModel each : List.of(model, reference)) {
            AnswerBatches.requireFits(each, train.chosen(), train.rejected());
            AnswerBatches.requireFits(each, heldOut.chosen(), heldOut.rejected());
        }
        this.batches = new AnswerBatches(train, settings.sizes, rng);
        this.settings = settings;
        this.train = known(reference, train);
        this.heldOut = heldOut.count() == 0 ? null : known(reference, heldOut);
        this.data = "%s %s".formatted(train.sum(), heldOut.sum());
    }

    /// Pairs, and what the reference says of the better and of the worse answers.
    record Known(PreferencePairs pairs, ReferenceLogProbs reference) implements ReferenceTask.Known {}

    private Known known(LanguageModel reference, PreferencePairs pairs) {
        return new Known(
                pairs,
                ReferenceLogProbs.of(
                        reference,
                        model().parameters().getFirst().dtype(),
                        settings.sizes.batchSize(),
                        pairs.chosen(),
                        pairs.rejected()));
    }

    @Override
    Known train() {
        return train;
    }

    @Override
    Known heldOut() {
        return heldOut;
    }

    @Override
    PreferenceMetrics newMetrics() {
        return new PreferenceMetrics();
    }

    @Override
    List<int[]> step(int step) {
        return batches.step(step);
    }

    @Override
    List<int[]> heldOutBatches() {
        return AnswerBatches.inOrder(heldOut.pairs.count(), settings.sizes.batchSize(), 0);
    }

    @Override
    Pairs batch(Known known, int[] which, PreferenceMetrics told) {
        return new Pairs(known, which, told);
    }

    /// A batch of pairs.
    public final class Pairs extends ReferenceTask.AnswerBatch {
        private final double[] reference; // of the better answers, then of the worse
        private final PreferenceMetrics told;

        private Pairs(Known known, int[] which, PreferenceMetrics told) {
            super(AnswerRows.of(which, 0, known.pairs.chosen(), known.pairs.rejected()));
            this.told = told;
            this.reference = known.reference.of(which);
        }

        @Override
        public long counted() {
            return reference.length / 2;
        }

        @Override
        public Tensor loss() {
            int n = reference.length / 2;
            Tensor logProbs = logProbs(model()); // (2N)
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
            Tensor loss = settings.loss.of(pairs, settings.beta, settings.labelSmoothing); // ()
            if (settings.rpoAlpha == 0) {
                return loss;
            }
            Tensor nll = AnswerNll.of(pairs.chosen(), pairs.chosenLength()); // ()
            told.add(nll.item(), n);
            return loss.add(nll.mul(settings.rpoAlpha)); // ()
        }
    }

    /// SHA-256 of all pairs, and the loss with its numbers.
    @Override
    public String fingerprint() {
        String own = "%s %s %s %s".formatted(settings.loss, settings.beta, settings.labelSmoothing, data);
        return settings.rpoAlpha == 0 ? own : "%s rpo %s".formatted(own, settings.rpoAlpha);
    }
}
