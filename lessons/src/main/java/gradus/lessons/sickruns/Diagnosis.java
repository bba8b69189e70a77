package gradus.lessons.sickruns;

import static gradus.lessons.sickruns.Sickness.BROKEN_BATCHES;
import static gradus.lessons.sickruns.Sickness.DEAD_START;
import static gradus.lessons.sickruns.Sickness.DECAY_TOO_HIGH;
import static gradus.lessons.sickruns.Sickness.LEAKING_MASK;
import static gradus.lessons.sickruns.Sickness.NOT_SHIFTED;
import static gradus.lessons.sickruns.Sickness.NO_WARMUP;
import static gradus.lessons.sickruns.Sickness.NO_ZERO_GRAD;
import static gradus.lessons.sickruns.Sickness.OVERFITTING;
import static gradus.lessons.sickruns.Sickness.RATE_TOO_HIGH;
import static gradus.lessons.sickruns.Sickness.RATE_TOO_SMALL;
import static gradus.lessons.sickruns.Sickness.SCHEDULE_TOO_SHORT;
import static gradus.lessons.sickruns.Sickness.UNSHUFFLED;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a run's numbers say about it. Only `metrics.jsonl` is read: losses, gradient norms and learning
/// rates, neither settings nor weights.
///
/// The signs are asked for one after the other, the surest first. All are relative: to the first loss (which
/// must be that of the untrained model), to the noise of the curve, to the largest rate, to the first
/// gradients. They were set on small character models; a bound such as 0.22 of the first loss is a rule of
/// thumb.
///
/// @param sickness nothing if the run looks healthy
/// @param evidence the numbers that say so
public record Diagnosis(Optional<Sickness> sickness, String evidence) {

    /// @throws gradus.error.ResourceException if the file cannot be read
    /// @throws gradus.error.DataException     if it holds no run
    public static Diagnosis of(Path metricsJsonl) {
        return of(Curves.read(metricsJsonl));
    }

    static Diagnosis of(Curves run) {
        return neverMoves(run)
                .or(() -> rateIsGone(run))
                .or(() -> gradientsPileUp(run))
                .or(() -> jumps(run, 0.8))
                .or(() -> rises(run))
                .or(() -> tooGood(run))
                .or(() -> spikes(run))
                .or(() -> jumps(run, 1))
                .or(() -> partsFromValidation(run))
                .or(() -> creeps(run))
                .or(() -> stalls(run))
                .orElseGet(() -> new Diagnosis(
                        Optional.empty(),
                        text("loss %.2f → %.2f, validation %.2f", run.first(), run.last(), run.lastValidation())));
    }

    /// No gradient at all.
    private static Optional<Diagnosis> neverMoves(Curves run) {
        double norm = Curves.median(run.norm());
        return found(norm < 1e-5, DEAD_START, "the gradient's norm is %.0e", norm);
    }

    /// The rate is nothing for a third of the run.
    private static Optional<Diagnosis> rateIsGone(Curves run) {
        double largest = Arrays.stream(run.rate()).max().orElseThrow();
        long gone =
                Arrays.stream(run.rate()).filter(rate -> rate <= 2e-3 * largest).count();
        double part = gone / (double) run.steps();
        return found(part > 0.3, SCHEDULE_TOO_SHORT, "for %.0f %% of the steps the rate is next to 0", 100 * part);
    }

    /// Each step's gradient lies on top of those before.
    private static Optional<Diagnosis> gradientsPileUp(Curves run) {
        double before = Curves.median(Curves.part(run.norm(), 0, 0.05));
        double after = Curves.median(Curves.part(run.norm(), 0.75, 1));
        return found(after > 5 * before, NO_ZERO_GRAD, "the gradient's norm grows from %.2f to %.0f", before, after);
    }

    /// The loss lies above that of an untrained model for several steps.
    private static Optional<Diagnosis> rises(Curves run) {
        double peak = Arrays.stream(Curves.rollingMedian(run.loss(), 2)).max().orElseThrow();
        return found(
                peak > 1.07 * run.first(),
                tooHigh(run),
                "the loss rises from %.2f to %.2f at rates that begin at %.1g",
                run.first(),
                peak,
                run.rate()[0]);
    }

    /// Better than text can be predicted.
    private static Optional<Diagnosis> tooGood(Curves run) {
        double reached = run.lastValidation() / run.first();
        return found(
                reached < 0.22,
                reached < 0.01 ? NOT_SHIFTED : LEAKING_MASK,
                "the validation loss falls to %.1f %% of the first loss: no text can be predicted so well",
                100 * reached);
    }

    /// Single steps far above their neighbours.
    private static Optional<Diagnosis> spikes(Curves run) {
        double[] loss = run.loss();
        double[] level = Curves.rollingMedian(loss, 5);
        double noise = run.noise();
        int count = 0;
        for (int i = loss.length / 10; i < loss.length; i++) {
            count += loss[i] - level[i] > Math.max(8 * noise, 0.2 * level[i]) ? 1 : 0;
        }
        return found(count >= 2, BROKEN_BATCHES, "%d single steps stand far above their neighbours", count);
    }

    /// The curve climbs a step, and comes down slowly.
    ///
    /// @param learnt how much of the first loss may be left before the step: less than 0.8 is never seen
    ///     where the rate is too high and the loss rises for that
    private static Optional<Diagnosis> jumps(Curves run, double learnt) {
        double[] loss = run.loss();
        double highest = 0;
        int at = 0;
        for (int i = Math.max(7, loss.length / 8); i + 7 <= loss.length; i++) {
            double before = Curves.median(Arrays.copyOfRange(loss, i - 7, i));
            double jump = Curves.median(Arrays.copyOfRange(loss, i, i + 7)) - before;
            if (jump > highest && before < learnt * run.first()) {
                highest = jump;
                at = i;
            }
        }
        boolean far = highest > 0.11 * run.first() && highest > 3 * run.noise();
        return found(far, UNSHUFFLED, "at step %d the loss jumps by %.2f and stays there", at + 1, highest);
    }

    /// Training gets better and validation does not.
    private static Optional<Diagnosis> partsFromValidation(Curves run) {
        double lowest = Arrays.stream(run.validation()).min().orElse(Double.NaN);
        double validation = run.lastValidation();
        double gap = (validation - run.last()) / validation;
        return found(
                gap > 0.25 || gap > 0.15 && validation > 1.02 * lowest,
                OVERFITTING,
                "the training loss falls to %.2f; the validation loss ends at %.2f, and was %.2f",
                run.last(),
                validation,
                lowest);
    }

    /// Hardly anything has been learnt, and it is still going on.
    private static Optional<Diagnosis> creeps(Curves run) {
        double drop = run.first() - run.last();
        return found(
                drop < 0.06 * run.first(),
                RATE_TOO_SMALL,
                "the loss falls from %.2f to %.2f only",
                run.first(),
                run.last());
    }

    /// A little has been learnt early, and nothing since: neither while the rate was high nor after. Where
    /// decay holds the weights back, their gradient stays as large as ever; where too high a rate has thrown
    /// them far out, it is small.
    private static Optional<Diagnosis> stalls(Curves run) {
        double largest = Arrays.stream(run.rate()).max().orElseThrow();
        int end = IntStream.range(run.steps() / 2, run.steps())
                .filter(i -> run.rate()[i] >= 0.6 * largest)
                .max()
                .orElse(run.steps() / 2);
        double[] high = Arrays.copyOf(run.loss(), end + 1);
        double early = Curves.median(Curves.part(high, 0.3, 0.5));
        double late = Curves.median(Curves.part(high, 0.85, 1));
        double norm = Curves.median(Curves.part(run.norm(), 0.5, 1)) / Curves.median(Curves.part(run.norm(), 0, 0.05));
        return found(
                early - late < 0.02 * run.first()
                        && late - run.last() < 0.06 * run.first()
                        && run.last() > 0.75 * run.first(),
                norm > 0.55 ? DECAY_TOO_HIGH : tooHigh(run),
                "the loss stays at %.2f, not far below the first, %.2f, and the gradient at %.1f of its first norm",
                late,
                run.first(),
                norm);
    }

    private static Sickness tooHigh(Curves run) {
        boolean atOnce = run.rate()[0] > 0.9 * Arrays.stream(run.rate()).max().orElseThrow();
        return atOnce ? NO_WARMUP : RATE_TOO_HIGH;
    }

    private static Optional<Diagnosis> found(boolean sign, Sickness sickness, String evidence, Object... numbers) {
        return sign ? Optional.of(new Diagnosis(Optional.of(sickness), text(evidence, numbers))) : Optional.empty();
    }

    private static String text(String format, Object... numbers) {
        return String.format(Locale.ROOT, format, numbers);
    }

    @Override
    public String toString() {
        return sickness.map(Enum::name).orElse("HEALTHY") + ": " + evidence;
    }
}
