package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.loss.alignment.KtoLoss;
import gradus.layers.loss.alignment.UnpairedLoss;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.task.LanguageModelling.Sizes;
import java.util.List;
import java.util.Locale;

/// Kahneman-Tversky optimisation (KTO): a policy learns from answers of which each was found good or bad by
/// itself, with [KtoLoss]. Ethayarajh et al. 2024, arXiv:2402.01306. An answer's log-probability is the sum
/// over its own tokens; those of the prompt are read and not counted.
///
/// The loss compares an answer's gain with a baseline, the policy's divergence from its reference. As in TRL's
/// `kto`, a batch estimates it from its own answers, each beside the prompt of the next: so a batch has at
/// least 2 answers, and batches stay as they are, in an order that is new in each epoch. Two of them may answer
/// the same prompt, as those of a pair do, and are then no mismatch; among many prompts that is rare. With
/// another [UnpairedLoss], which has no baseline, the mismatched answers are not read in training.
///
/// The reference is the policy as it is when this task is made; what it says of each answer and of each
/// mismatch is computed once and kept, as [DirectPreference] does. Dropout is off.
public final class KahnemanTversky extends ReferenceTask<KahnemanTversky.Known, KtoMetrics, KahnemanTversky.Answers> {
    private final Settings settings;
    private final Known train;
    private final Known heldOut; // or null

    /// @param sizes             answers of a forward pass, at least 2, and forward passes of a step
    /// @param loss              which loss
    /// @param beta              β of the loss, above 0; 0.1 is usual
    /// @param desirableWeight   of good answers, at least 0; 1 is usual
    /// @param undesirableWeight of bad ones
    public record Settings(
            Sizes sizes, UnpairedLoss loss, double beta, double desirableWeight, double undesirableWeight) {
        /// @throws gradus.error.ConfigException if a number is out of range
        public Settings {
            require(loss != null, "kto: a loss must be given; got null");
            require(
                    sizes.batchSize() >= 2,
                    "kto: a batch must have at least 2 answers, since its baseline comes from answers beside other"
                            + " prompts; got a batch size of %d",
                    sizes.batchSize());
            Tensor zero = Tensor.zeros(1);
            KtoLoss.of(zero, zero, zero, zero.sum(), beta, desirableWeight, undesirableWeight); // it checks them
            require(desirableWeight + undesirableWeight > 0, "kto: one of the weights must be above 0; both are 0");
        }

        /// With KTO's own loss.
        public Settings(Sizes sizes, double beta, double desirableWeight, double undesirableWeight) {
            this(sizes, UnpairedLoss.KTO, beta, desirableWeight, undesirableWeight);
        }
    }

    /// Answers, and what the reference says of them and of the mismatches.
    record Known(LabelledAnswers answers, MismatchedAnswers mismatched, ReferenceLogProbs reference)
            implements ReferenceTask.Known {}

    /// The policy as it is now is the reference.
    ///
    /// @param heldOut what is only measured: none, or at least 2
    /// @param rng     random numbers for the order
    /// @throws DataException                if there is no answer, or an id is not in the vocabulary
    /// @throws gradus.error.ConfigException if there is only one answer, or an answer with its prompt is longer
    ///     than the context
    public KahnemanTversky(
            LanguageModel model, LabelledAnswers train, LabelledAnswers heldOut, Settings settings, Rng rng) {
        super(model);
        if (train.count() == 0) {
            throw new DataException("there is no answer to learn from");
        }
        AnswerBatches.requireFits(model, train.answers());
        AnswerBatches.requireFits(model, heldOut.answers());
        this.settings = settings;
        this.train = known(train, rng);
        this.heldOut = heldOut.count() == 0 ? null : known(heldOut, rng.at("held out"));
    }

    private Known known(LabelledAnswers answers, Rng rng) {
        MismatchedAnswers mismatched = new MismatchedAnswers(answers.answers(), settings.sizes, model().context(), rng);
        ReferenceLogProbs reference = ReferenceLogProbs.of(
                model(),
                model().parameters().getFirst().dtype(),
                settings.sizes.batchSize(),
                answers.answers(),
                mismatched.rows());
        return new Known(answers, mismatched, reference);
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
    KtoMetrics newMetrics() {
        return new KtoMetrics();
    }

    @Override
    List<int[]> step(int step) {
        return train.mismatched.step(step);
    }

    @Override
    List<int[]> heldOutBatches() {
        return heldOut.mismatched.batches();
    }

    @Override
    Answers batch(Known known, int[] which, KtoMetrics told) {
        return new Answers(known, which, told);
    }

    /// A batch of answers.
    public final class Answers extends ReferenceTask.AnswerBatch {
        private final Known known;
        private final int[] which;
        private final KtoMetrics told;
        private final AnswerRows mismatched;

        private Answers(Known known, int[] which, KtoMetrics told) {
            super(AnswerRows.of(which, 0, known.answers.answers()));
            this.known = known;
            this.which = which;
            this.told = told;
            this.mismatched = AnswerRows.of(which, 0, known.mismatched.rows());
        }

        @Override
        public long counted() {
            return which.length;
        }

        @Override
        public long tokens() {
            return super.tokens()
                    + (settings.loss.needsBaseline() ? mismatched.ids().size() : 0);
        }

        @Override
        public Tensor loss() {
            int n = which.length;
            Tensor logProbs = logProbs(model()); // (N)
            Tensor said = Tensor.of(known.reference.of(which), 2 * n).to(logProbs.dtype()); // (2N)
            Tensor reference = said.slice(0, 0, n); // (N)
            Tensor baseline = null; // ()
            if (settings.loss.needsBaseline()) {
                try (var pause = Autograd.noGrad()) {
                    baseline = KtoLoss.baseline(mismatched.logProbs(model()), said.slice(0, n, 2 * n));
                }
                told.add(baseline.item());
            }
            double[] desirable = new double[n];
            double[] own = logProbs.toArray();
            double[] base = reference.toArray();
            for (int i = 0; i < n; i++) {
                boolean good = known.answers.desirable(which[i]);
                desirable[i] = good ? 1 : 0;
                told.add(good, own[i], settings.beta * (own[i] - base[i]));
            }
            return settings.loss.of(
                    logProbs,
                    reference,
                    Tensor.of(desirable, n).to(logProbs.dtype()), // (N)
                    baseline,
                    settings.beta,
                    settings.desirableWeight,
                    settings.undesirableWeight); // ()
        }
    }

    /// SHA-256 of all answers, the loss's numbers, and how many answers are a batch: what stands beside another
    /// prompt, of which the reference's log-probabilities are kept, depends on it.
    @Override
    public String fingerprint() {
        return fingerprint(settings.sizes.batchSize() + " ");
    }

    /// Without the size of a batch.
    @Override
    public List<String> formerFingerprints() {
        return List.of(fingerprint(""));
    }

    private String fingerprint(String batch) {
        return "%s %s %s %s %s%s %s"
                .formatted(
                        settings.loss.name().toLowerCase(Locale.ROOT),
                        settings.beta,
                        settings.desirableWeight,
                        settings.undesirableWeight,
                        batch,
                        train.answers.sum(),
                        heldOut == null ? "" : heldOut.answers.sum());
    }
}
