package gradus.lessons.lab.incontext;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Part `markov`: a model learns to predict Markov chains whose matrix it must read off the sequence itself. On
/// its way its predictions lie near those of three simple rules, one after the other: uniform, unigram, bigram.
/// Edelman et al. 2024, *The Evolution of Statistical Induction Heads: In-Context Learning Markov Chains*,
/// arXiv:2402.11004.
///
/// @param recipe of the model with two layers; those with one, and of independent tokens, are like it
public record MarkovPart(MarkovRecipe recipe) implements LabPart {
    private static final String TWO = "two layers";
    private static final String ONE = "one layer";
    private static final String INDEPENDENT = "two layers, lessons of independent tokens";
    private static final String LOSS = "loss";

    /// As the lab runs it.
    public static MarkovPart standard() {
        return new MarkovPart(MarkovRecipe.standard());
    }

    @Override
    public String name() {
        return "markov";
    }

    @Override
    public String about() {
        return "Markov chains in context: uniform, unigram, bigram";
    }

    private SequencedMap<String, MarkovRecipe> models() {
        SequencedMap<String, MarkovRecipe> models = new LinkedHashMap<>();
        models.put(TWO, recipe);
        models.put(ONE, recipe.withLayers(1));
        models.put(INDEPENDENT, recipe.ofIndependent());
        return models;
    }

    @Override
    public String prediction() {
        return """
                Each sequence has a Markov chain of its own. To predict it, a model must count pairs of the \
                sequence, which two layers can do (one looks at the token before, the next at places behind the \
                same token) and one layer cannot. On the way it should come near the simpler rules first: all \
                tokens alike, then how often each came, then what followed the last one. In the end its loss \
                should be that of Bayes' rule, which is exact here. A model of one layer, and one that only saw \
                independent tokens, should stay with the unigrams.""";
    }

    @Override
    public List<Recipe> recipes() {
        return List.copyOf(models().values());
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable end = new SeedTable("after training", 4, "KL to uniform", "to unigram", "to bigram", LOSS);
        SeedTable phases = new SeedTable("two layers, nearest to", 0, "from step", "to step");
        List<JsonNode> ways = new ArrayList<>();
        int ordered = 0;
        for (long seed : setting.seeds()) {
            int[][] tests = recipe.tests(seed);
            models().forEach((name, model) -> {
                JsonNode way = setting.material().measured(model, seed);
                end.put(name, last(way, "uniform"), last(way, "unigram"), last(way, "bigram"), last(way, LOSS));
                if (name.equals(TWO)) {
                    ways.add(way);
                }
            });
            for (Strategy strategy : List.of(Strategy.UNIGRAM, Strategy.BIGRAM)) {
                end.put(
                        "the " + strategy.shown() + " rule itself",
                        Double.NaN,
                        strategy == Strategy.UNIGRAM ? 0 : Double.NaN,
                        strategy == Strategy.BIGRAM ? 0 : Double.NaN,
                        MarkovTrial.loss(strategy, tests, recipe.states()));
            }
            ordered += addPhases(phases, ways.getLast()) ? 1 : 0;
        }
        plot(setting, ways);
        return section(end, phases, ordered, ways.size());
    }

    private static double last(JsonNode way, String name) {
        return way.path(name).get(way.path(name).size() - 1).asDouble();
    }

    /// Which rule the model is nearest to at each measurement.
    static List<Strategy> nearest(JsonNode way) {
        List<Strategy> nearest = new ArrayList<>();
        for (int i = 0; i < way.path("step").size(); i++) {
            Strategy best = Strategy.UNIFORM;
            for (Strategy each : Strategy.values()) {
                double own = way.path(each.shown()).get(i).asDouble();
                best = own < way.path(best.shown()).get(i).asDouble() ? each : best;
            }
            nearest.add(best);
        }
        return nearest;
    }

    /// @return whether the rules come in their order, each once
    private static boolean addPhases(SeedTable phases, JsonNode way) {
        List<Strategy> nearest = nearest(way);
        for (Strategy strategy : Strategy.values()) {
            int first = nearest.indexOf(strategy);
            phases.put(
                    strategy.shown(),
                    first < 0 ? Double.NaN : way.path("step").get(first).asDouble(),
                    first < 0
                            ? Double.NaN
                            : way.path("step")
                                    .get(nearest.lastIndexOf(strategy))
                                    .asDouble());
        }
        return isOrdered(nearest);
    }

    /// Whether uniform, unigram and bigram follow each other and none comes back.
    static boolean isOrdered(List<Strategy> nearest) {
        boolean climbs =
                IntStream.range(1, nearest.size()).allMatch(i -> nearest.get(i).compareTo(nearest.get(i - 1)) >= 0);
        return climbs && nearest.stream().distinct().count() == Strategy.values().length;
    }

    String section(SeedTable end, SeedTable phases, int ordered, int seeds) {
        String bayes = "the bigram rule itself";
        return new Section("Markov chains in context", prediction())
                .add(phases.markdown())
                .add(end.markdown() + "\nKL is of a rule to the model, in nats a token, the mean over all places.")
                .claim(
                        "Uniform, unigram and bigram come in this order, each once, in %s of %s seeds; nearer to bigram"
                                        .formatted(ordered, seeds)
                                + " than to unigram at the end, by",
                        Verdict.over(seeds, i -> end.at(TWO, "to unigram", i) - end.at(TWO, "to bigram", i)),
                        ordered == seeds)
                .claim(
                        "The loss at the end exceeds that of the exact Bayes predictor by less than 0.03 nats; by",
                        end.difference(TWO, bayes, LOSS),
                        end.difference(TWO, bayes, LOSS).mean()
                                        + end.difference(TWO, bayes, LOSS).half()
                                < 0.03)
                .claim(
                        "Control: one layer stays farther from the bigram rule, by",
                        end.difference(ONE, TWO, "to bigram"),
                        0)
                .claim(
                        "Control: so does a model of two layers that saw independent tokens, by",
                        end.difference(INDEPENDENT, TWO, "to bigram"),
                        0)
                .toString();
    }

    /// The mean over seeds: all are measured at the same steps.
    private static void plot(LabSetting setting, List<JsonNode> ways) {
        JsonNode steps = ways.getFirst().path("step");
        double[] x = IntStream.range(1, steps.size())
                .mapToDouble(i -> steps.get(i).asDouble())
                .toArray();
        LabPlot plot = new LabPlot(
                        new Labels("Two layers on Markov chains", "step", "KL of a rule to the model, nats a token"))
                .logarithmicX();
        for (Strategy strategy : Strategy.values()) {
            double[] mean = new double[x.length];
            double[] half = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                int at = i + 1;
                var all = Verdict.over(
                        ways.size(),
                        seed -> ways.get(seed).path(strategy.shown()).get(at).asDouble());
                mean[i] = all.mean();
                half[i] = all.half();
            }
            plot.curve(strategy.shown(), new Curve(x, mean, half));
        }
        plot.write(setting.folder().path().resolve("markov.png"));
    }
}
