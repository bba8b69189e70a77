package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.layers.loss.alignment.KtoLoss;
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

/// Kahneman-Tversky optimisation (KTO): a policy learns from answers of which each was found good or bad by
/// itself, with [KtoLoss]. Ethayarajh et al. 2024, arXiv:2402.01306. An answer's log-probability is the sum
/// over its own tokens; those of the prompt are read and not counted.
///
/// The loss compares an answer's gain with a baseline, the policy's divergence from its reference. As in TRL's
/// `kto`, a batch estimates it from its own answers, each beside the prompt of the next: so a batch has at
/// least 2 answers, and batches stay as they are, in an order that is new in each epoch. Two of them may answer
/// the same prompt, as those of a pair do, and are then no mismatch; among many prompts that is rare.
///
/// The reference is the policy as it is when this task is made; what it says of each answer and of each
/// mismatch is computed once and kept, as [DirectPreference] does. Dropout is off.
public final class KahnemanTversky implements Task {
    private final LanguageModel model;
    private final Settings settings;
    private final Known train;
    private final Known heldOut; // or null
    private KtoMetrics metrics = new KtoMetrics();

    /// @param sizes             answers of a forward pass, at least 2, and forward passes of a step
    /// @param beta              β of the loss, above 0; 0.1 is usual
    /// @param desirableWeight   of good answers, at least 0; 1 is usual
    /// @param undesirableWeight of bad ones
    public record Settings(Sizes sizes, double beta, double desirableWeight, double undesirableWeight) {
        /// @throws gradus.error.ConfigException if a number is out of range
        public Settings {
            require(
                    sizes.batchSize() >= 2,
                    "kto: a batch must have at least 2 answers, since its baseline comes from answers beside other"
                            + " prompts; got a batch size of %d",
                    sizes.batchSize());
            Tensor zero = Tensor.zeros(1);
            KtoLoss.of(zero, zero, zero, zero.sum(), beta, desirableWeight, undesirableWeight); // it checks them
            require(desirableWeight + undesirableWeight > 0, "kto: one of the weights must be above 0; both are 0");
        }
    }

    /// Answers, and what the reference says of them and of the mismatches.
    private record Known(LabelledAnswers answers, MismatchedAnswers mismatched, ReferenceLogProbs reference) {}

    /// The policy as it is now is the reference.
    ///
    /// @param heldOut what is only measured: none, or at least 2
    /// @param rng     random numbers for the order
    /// @throws DataException                if there is no answer, or an id is not in the vocabulary
    /// @throws gradus.error.ConfigException if there is only one answer, or an answer with its prompt is longer
    ///     than the context
    public KahnemanTversky(
            LanguageModel model, LabelledAnswers train, LabelledAnswers heldOut, Settings settings, Rng rng) {
        if (train.count() == 0) {
            throw new DataException("there is no answer to learn from");
        }
        AnswerBatches.requireFits(model, train.answers());
        AnswerBatches.requireFits(model, heldOut.answers());
        this.model = model;
        this.settings = settings;
        this.train = known(train, rng);
        this.heldOut = heldOut.count() == 0 ? null : known(heldOut, rng.at("held out"));
    }

    private Known known(LabelledAnswers answers, Rng rng) {
        MismatchedAnswers mismatched = new MismatchedAnswers(answers.answers(), settings.sizes, model.context(), rng);
        ReferenceLogProbs reference = ReferenceLogProbs.of(
                model,
                model.parameters().getFirst().dtype(),
                settings.sizes.batchSize(),
                answers.answers(),
                mismatched.rows());
        return new Known(answers, mismatched, reference);
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public List<Answers> parts(int step) {
        KtoMetrics fresh = new KtoMetrics();
        metrics = fresh;
        return train.mismatched.step(step).stream()
                .map(which -> new Answers(train, which, fresh))
                .toList();
    }

    /// What the last step saw, under TRL's names: `rewards/chosen`, `rewards/rejected`, `rewards/margins`,
    /// `logps/chosen`, `logps/rejected` and `kl`.
    @Override
    public SequencedMap<String, Double> metrics() {
        return metrics.means();
    }

    /// A batch of answers.
    public final class Answers implements Part {
        private final Known known;
        private final int[] which;
        private final KtoMetrics told;
        private final AnswerRows rows;
        private final AnswerRows mismatched;
        private Tensor logProbs; // (N), once they are computed

        private Answers(Known known, int[] which, KtoMetrics told) {
            this.known = known;
            this.which = which;
            this.told = told;
            this.rows = AnswerRows.of(which, 0, known.answers.answers());
            this.mismatched = AnswerRows.of(which, 0, known.mismatched.rows());
        }

        @Override
        public long counted() {
            return which.length;
        }

        @Override
        public long tokens() {
            return rows.ids().size() + mismatched.ids().size();
        }

        @Override
        public Tensor loss() {
            int n = which.length;
            logProbs = rows.logProbs(model); // (N)
            Tensor said = Tensor.of(known.reference.of(which), 2 * n).to(logProbs.dtype()); // (2N)
            Tensor reference = said.slice(0, 0, n); // (N)
            Tensor baseline; // ()
            try (var pause = Autograd.noGrad()) {
                baseline = KtoLoss.baseline(mismatched.logProbs(model), said.slice(0, n, 2 * n));
            }
            double[] desirable = new double[n];
            double[] own = logProbs.toArray();
            double[] base = reference.toArray();
            for (int i = 0; i < n; i++) {
                boolean good = known.answers.desirable(which[i]);
                desirable[i] = good ? 1 : 0;
                told.add(good, own[i], settings.beta * (own[i] - base[i]));
            }
            told.add(baseline.item());
            return KtoLoss.of(
                    logProbs,
                    reference,
                    Tensor.of(desirable, n).to(logProbs.dtype()), // (N)
                    baseline,
                    settings.beta,
                    settings.desirableWeight,
                    settings.undesirableWeight); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the log-probabilities", logProbs);
            return computed;
        }
    }

    /// Whether answers are held out.
    public boolean hasHeldOut() {
        return heldOut != null;
    }

    /// The mean loss of the answers that are held out.
    @Override
    public OptionalDouble evaluate(int batches) {
        return heldOut == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(heldOut(batches).get("loss"));
    }

    /// The loss and all [#metrics] of the answers that are held out.
    ///
    /// @param batches the first so many; 0 for all
    public SequencedMap<String, Double> heldOut(int batches) {
        require(heldOut != null, "no answer is held out");
        KtoMetrics measured = new KtoMetrics();
        double sum = 0;
        long count = 0;
        List<int[]> all = heldOut.mismatched.batches();
        try (var pause = Autograd.noGrad()) {
            for (int[] which : batches == 0 ? all : all.subList(0, Math.min(batches, all.size()))) {
                try (var scope = Scope.open()) {
                    sum += new Answers(heldOut, which, measured).loss().item() * which.length;
                    count += which.length;
                }
            }
        }
        SequencedMap<String, Double> means = measured.means();
        means.put("loss", sum / count);
        return means;
    }

    /// SHA-256 of all answers, and the loss's numbers.
    @Override
    public String fingerprint() {
        return "kto %s %s %s %s %s"
                .formatted(
                        settings.beta,
                        settings.desirableWeight,
                        settings.undesirableWeight,
                        train.answers.sum(),
                        heldOut == null ? "" : heldOut.answers.sum());
    }

    /// What the reference says of all answers and mismatches.
    @Override
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        state.put("reference", train.reference.values());
        if (heldOut != null) {
            state.put("reference.held_out", heldOut.reference.values());
        }
        return state;
    }
}
