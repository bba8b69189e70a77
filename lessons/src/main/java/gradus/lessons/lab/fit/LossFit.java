package gradus.lessons.lab.fit;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Fits a [LossLaw] to runs: the least sum of Huber's losses (δ = 10⁻³) of `ln L̂ − ln L`, with `ln L̂ =
/// logsumexp(ln A − α·ln N, ln B − β·ln D, ln E)`, from many starts. Hoffmann et al. 2022, arXiv:2203.15556, section
/// D.2, and Besiroglu et al. 2024, arXiv:2404.10102. **Departures:** N and D are measured from their geometric
/// means while it searches, which changes no result and lets fewer starts do; and δ comes down from 10⁻¹ in three
/// stages, each from where the last one ended. The intervals are of the bootstrap: the runs drawn again, with
/// repetition.
///
/// @param law of all runs
/// @param resampled laws of runs that were drawn again
public record LossFit(LossLaw law, List<LossLaw> resampled) {
    private static final double[] DELTAS = {1e-1, 1e-2, 1e-3};
    private static final double[] EXPONENTS = {0.1, 0.3, 0.6, 1.0};
    private static final double[][] SHARES = {{.3, .3, .4}, {.1, .1, .8}, {.2, .5, .3}, {.5, .2, .3}, {.5, .49, .01}};
    private static final int SEARCHED = 8; // starts, of those with the least loss
    private static final int PARAMETERS = 5;

    /// @param draws of the bootstrap
    /// @throws gradus.error.ConfigException if there are fewer than six runs
    public static LossFit of(List<Measured> runs, int draws, Rng rng) {
        LossLaw law = law(runs);
        List<LossLaw> resampled = new ArrayList<>();
        for (int draw = 0; draw < draws; draw++) {
            Rng own = rng.at(draw);
            List<Measured> drawn = IntStream.range(0, runs.size())
                    .mapToObj(i -> runs.get(own.index(i, runs.size())))
                    .toList();
            resampled.add(new Problem(drawn).near(law));
        }
        return new LossFit(law, resampled);
    }

    /// The law alone.
    public static LossLaw law(List<Measured> runs) {
        require(runs.size() > PARAMETERS, "a law of five numbers needs six runs; got %d", runs.size());
        return new Problem(runs).everywhere();
    }

    /// A number that follows from the law, with its interval.
    public Range range(ToDoubleFunction<LossLaw> of) {
        return Range.of(
                of.applyAsDouble(law), resampled.stream().mapToDouble(of).toArray());
    }

    /// What is to be minimised: of ln A and ln B at the mean size and tokens, ln E, α and β.
    private static final class Problem {
        private final double[] sizes;
        private final double[] tokens;
        private final double[] losses;
        private final double size;
        private final double token;
        private final double loss;

        Problem(List<Measured> runs) {
            sizes = runs.stream().mapToDouble(run -> Math.log(run.parameters())).toArray();
            tokens = runs.stream().mapToDouble(run -> Math.log(run.tokens())).toArray();
            losses = runs.stream().mapToDouble(run -> Math.log(run.loss())).toArray();
            size = mean(sizes);
            token = mean(tokens);
            loss = mean(losses);
        }

        private static double mean(double[] values) {
            return Arrays.stream(values).average().orElseThrow();
        }

        LossLaw everywhere() {
            List<double[]> starts = new ArrayList<>();
            for (double alpha : EXPONENTS) {
                for (double beta : EXPONENTS) {
                    for (double[] share : SHARES) {
                        starts.add(new double[] {
                            loss + Math.log(share[0]), loss + Math.log(share[1]), loss + Math.log(share[2]), alpha, beta
                        });
                    }
                }
            }
            starts.sort(Comparator.comparingDouble(this::value));
            return starts.subList(0, SEARCHED).stream()
                    .map(this::search)
                    .min(Comparator.comparingDouble(this::value))
                    .map(this::law)
                    .orElseThrow();
        }

        LossLaw near(LossLaw law) {
            double[] start = {
                Math.log(law.a()) - law.alpha() * size,
                Math.log(law.b()) - law.beta() * token,
                Math.log(law.floor()),
                law.alpha(),
                law.beta()
            };
            return law(search(start));
        }

        private double value(double[] x) {
            return value(x, new double[PARAMETERS], DELTAS[DELTAS.length - 1]);
        }

        private double[] search(double[] start) {
            double[] x = start;
            for (double delta : DELTAS) {
                x = Descent.from(x, (at, gradient) -> value(at, gradient, delta));
            }
            return x;
        }

        private LossLaw law(double[] x) {
            return new LossLaw(Math.exp(x[2]), Math.exp(x[0] + x[3] * size), x[3], Math.exp(x[1] + x[4] * token), x[4]);
        }

        private double value(double[] x, double[] gradient, double delta) {
            Arrays.fill(gradient, 0);
            double sum = 0;
            for (int i = 0; i < losses.length; i++) {
                double n = x[0] - x[3] * (sizes[i] - size);
                double d = x[1] - x[4] * (tokens[i] - token);
                double top = Math.max(n, Math.max(d, x[2]));
                double all = Math.exp(n - top) + Math.exp(d - top) + Math.exp(x[2] - top);
                double miss = top + Math.log(all) - losses[i];
                double distance = Math.abs(miss);
                sum += distance <= delta ? miss * miss / 2 : delta * (distance - delta / 2);
                double pull = Math.clamp(miss, -delta, delta);
                double shareN = Math.exp(n - top) / all;
                double shareD = Math.exp(d - top) / all;
                gradient[0] += pull * shareN;
                gradient[1] += pull * shareD;
                gradient[2] += pull * (1 - shareN - shareD);
                gradient[3] -= pull * shareN * (sizes[i] - size);
                gradient[4] -= pull * shareD * (tokens[i] - token);
            }
            return sum;
        }
    }
}
