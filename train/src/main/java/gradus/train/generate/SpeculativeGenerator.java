package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// Speculative decoding: a small *draft* model writes γ tokens, and the *target* model reads them all in one
/// pass, which costs little more than one token. Of the draft's tokens those stay that the target could have
/// drawn itself:
///
/// - token x, drawn from the draft's q, is accepted with probability `min(1, p(x) / q(x))`, where p is the
///   target's distribution;
/// - at the first that is not, the token is drawn from what is left of p: `max(0, p − q) / Σ max(0, p − q)`,
///   and the rest of the draft is thrown away;
/// - where all are accepted, one more is drawn from p, since the pass has given it already.
///
/// The text has exactly the target's distribution, whatever the draft is: `q·min(1, p/q) = min(p, q)`, and what
/// is left, `p − min(p, q) = max(0, p − q)`, comes in the second line. Only the speed depends on the draft. If
/// it is accepted with probability `α = Σ min(p, q)`, a pass gives `(1 − α^(γ+1)) / (1 − α)` tokens on average.
/// Leviathan, Kalman & Matias 2023, arXiv:2211.17192; Chen et al. 2023, arXiv:2302.01318.
///
/// p and q are what [Sampling] makes of the logits, for both models with the same settings. At temperature 0 a
/// token is accepted where both models have the same likeliest one, and the text is the target's own greedy
/// one.
///
/// A text ends where the target's context does. Where the draft's context is full, the target goes on alone.
public final class SpeculativeGenerator implements Decoding {
    private final LanguageModel target;
    private final LanguageModel draft;
    private final int draftTokens;
    private final Sampling sampling;
    private final IntPredicate drawable;
    private Report report = new Report(0, 0, 0, 0);

    /// @param target      in evaluation
    /// @param draft       in evaluation
    /// @param draftTokens γ, how many tokens the draft writes at a time
    /// @param drawable    the tokens that may be drawn
    /// @throws gradus.error.ConfigException if the vocabularies differ, a model cannot use a cache, or γ is
    ///     below 1
    public SpeculativeGenerator(
            LanguageModel target, LanguageModel draft, int draftTokens, Sampling sampling, IntPredicate drawable) {
        require(draftTokens >= 1, "draftTokens must be at least 1; got %d", draftTokens);
        require(
                target.vocabSize() == draft.vocabSize(),
                "target and draft must have the same tokens; the target has %d, the draft %d",
                target.vocabSize(),
                draft.vocabSize());
        require(
                target.cacheable() && draft.cacheable(),
                "speculative decoding needs models that keep keys and values of earlier tokens; the %s cannot",
                target.cacheable() ? "draft" : "target");
        this.target = target;
        this.draft = draft;
        this.draftTokens = draftTokens;
        this.sampling = sampling;
        this.drawable = drawable;
    }

    /// What all calls so far have come to.
    ///
    /// @param tokens   how many were added
    /// @param passes   of the target
    /// @param tested   tokens of the draft that the target accepted or not; what follows one that it did not
    ///     accept is not tested
    /// @param accepted of them
    public record Report(long tokens, long passes, long tested, long accepted) {
        /// α, measured; NaN where nothing was tested.
        public double acceptRate() {
            return (double) accepted / tested;
        }

        /// What plain decoding has as 1.
        public double tokensPerPass() {
            return (double) tokens / passes;
        }
    }

    public Report report() {
        return report;
    }

    /// Token i draws its proposal, its test and its replacement by number i of three streams. A place in the
    /// text may be drafted again, but only after a token before it was replaced: then nobody has looked at its
    /// old numbers.
    @Override
    public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
        Prompts.requireKnown(prompt, target);
        require(limit >= 0, "generate: the limit must be at least 0; got %d", limit);
        try (var pause = Autograd.noGrad();
                CachedLogits ofTarget = new CachedLogits(target);
                CachedLogits ofDraft = new CachedLogits(draft)) {
            Written text = new Written(prompt, rng, onToken, limit);
            while (text.goesOn) {
                round(text, ofTarget, ofDraft);
            }
            return Arrays.copyOfRange(text.ids, prompt.length, text.length);
        }
    }

    /// One pass of the target.
    private void round(Written text, CachedLogits ofTarget, CachedLogits ofDraft) {
        int start = text.length;
        int room = Math.min(target.context() - start, text.end - start - 1); // the pass gives one more token
        int count = Math.min(draftTokens, Math.max(0, Math.min(room, draft.context() - start + 1)));
        int[] drafted = Arrays.copyOf(text.ids, start + count);
        double[][] q = new double[count][];
        for (int i = 0; i < count; i++) {
            q[i] = distribution(ofDraft.after(Arrays.copyOf(drafted, start + i)), drafted, start + i);
            drafted[start + i] = Sampling.pick(q[i], text.uniform("draft", start + i));
        }
        double[][] logits = ofTarget.after(drafted, count + 1);
        long accepted = 0;
        long tested = 0;
        boolean all = true;
        for (int i = 0; i < count && all && text.goesOn; i++) {
            double[] p = distribution(logits[i], drafted, start + i);
            int x = drafted[start + i];
            tested++;
            all = text.uniform("accept", start + i) * q[i][x] < p[x];
            accepted += all ? 1 : 0;
            text.add(all ? x : Sampling.pick(left(p, q[i]), text.uniform("replace", start + i)));
        }
        if (all && text.goesOn) {
            double[] p = distribution(logits[count], drafted, start + count);
            text.add(Sampling.pick(p, text.uniform("replace", start + count)));
        }
        report = new Report(
                report.tokens + text.length - start,
                report.passes + 1,
                report.tested + tested,
                report.accepted + accepted);
    }

    private double[] distribution(double[] logits, int[] ids, int length) {
        Drawable.masked(new double[][] {logits}, drawable);
        return sampling.distribution(logits, Arrays.copyOf(ids, length));
    }

    /// `max(0, p − q)`, normalised. Where rounding leaves nothing, p and q are the same.
    private static double[] left(double[] p, double[] q) {
        double[] left = new double[p.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            left[i] = Math.max(0, p[i] - q[i]);
            sum += left[i];
        }
        if (sum == 0) {
            return p;
        }
        for (int i = 0; i < p.length; i++) {
            left[i] /= sum;
        }
        return left;
    }

    /// The text as it grows.
    private final class Written {
        private final int start;
        private final int end;
        private final Rng rng;
        private final IntPredicate onToken;
        private int[] ids;
        private int length;
        private boolean goesOn;

        Written(int[] prompt, Rng rng, IntPredicate onToken, int limit) {
            this.start = prompt.length;
            this.end = (int) Math.min((long) start + limit, target.context() + 1L); // the last one needs no place
            this.rng = rng;
            this.onToken = onToken;
            this.ids = Arrays.copyOf(prompt, end);
            this.length = start;
            this.goesOn = length < end;
        }

        double uniform(String stream, int place) {
            return rng.at(stream).uniform(place - start);
        }

        void add(int token) {
            ids[length++] = token;
            goesOn = onToken.test(token) && length < end;
        }
    }
}
