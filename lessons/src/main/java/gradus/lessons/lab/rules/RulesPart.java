package gradus.lessons.lab.rules;

import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.lab.rules.RuleData.Kind;
import gradus.lessons.lab.rules.RulesRecipe.Size;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// All recipes and all tests.
///
/// @param size     of everything
/// @param count    of seeds
/// @param material where what was measured is kept
record RulesPart(Size size, int count, Material material) {
    private static final List<String> PLAIN = List.of(
            RulesVerdicts.SINGLE,
            RulesVerdicts.SEEN,
            RulesVerdicts.HELD_OUT,
            RulesVerdicts.GAP,
            RulesVerdicts.LONGER,
            RulesVerdicts.STOPPED);
    private static final List<String> IN_CONTEXT = List.of(
            RulesVerdicts.SHOWN,
            RulesVerdicts.RENAMED,
            RulesVerdicts.RENAMED_MORE,
            RulesVerdicts.RENAMED_STOPPED,
            RulesVerdicts.ROTATED,
            RulesVerdicts.FOLLOWS,
            RulesVerdicts.KEEPS);

    /// By the names of rows.
    private SequencedMap<String, RulesRecipe> recipes() {
        SequencedMap<String, RulesRecipe> recipes = new LinkedHashMap<>();
        recipes.put(RulesVerdicts.FIXED, new RulesRecipe(Kind.FIXED, false, false, size));
        recipes.put(RulesVerdicts.MANY, new RulesRecipe(Kind.FIXED, false, true, size));
        recipes.put(RulesVerdicts.FIXED_STEPS, new RulesRecipe(Kind.FIXED, true, false, size));
        recipes.put(RulesVerdicts.FRESH, new RulesRecipe(Kind.FRESH, false, false, size));
        recipes.put(RulesVerdicts.FRESH_STEPS, new RulesRecipe(Kind.FRESH, true, false, size));
        recipes.put(RulesVerdicts.MIXTURE, new RulesRecipe(Kind.MIXTURE, false, false, size));
        recipes.put(RulesVerdicts.MIXTURE_STEPS, new RulesRecipe(Kind.MIXTURE, true, false, size));
        recipes.put(RulesVerdicts.SHUFFLED, new RulesRecipe(Kind.SHUFFLED, false, false, size));
        return recipes;
    }

    Section section(Path folder) {
        SeedTable table = RulesVerdicts.empty();
        SequencedMap<String, List<JsonNode>> all = new LinkedHashMap<>();
        for (long seed = 1; seed <= count; seed++) {
            long own = seed;
            recipes().forEach((name, recipe) -> {
                JsonNode measured = material.measured(recipe, own);
                all.computeIfAbsent(name, key -> new ArrayList<>()).add(measured);
                table.put(name, numbers(measured));
            });
            table.put(RulesVerdicts.CHANCE, chance(own));
        }
        plot(folder.resolve("held-out.png"), all, "heldOut", "Held-out compositions, no context");
        plot(folder.resolve("renamed.png"), all, "renamed", "Renamed symbols: the rules are in the context alone");
        Section section = new Section("Understood or repeated", prediction())
                .add("Without a context:\n\n" + table.markdown(PLAIN))
                .add("Behind a context of six rules:\n\n" + table.markdown(IN_CONTEXT))
                .add("""
                        Shares of right answers with 95 % intervals over seeds. The gap is the share of wrong answers to held-out \
                        compositions whose two rules the model knows, where these are a tenth or more. Asked three hops, a model \
                        may say the result of the first two. Chance is one of all symbols, and behind a context one of its results. \
                        Where results stand at other rules, right is what was right before they were moved. The last two columns \
                        are of seen compositions whose last rule the context states otherwise.""");
        return new RulesVerdicts(table).claims(section);
    }

    private static double[] numbers(JsonNode measured) {
        return new double[] {
            measured.path("single").asDouble(),
            last(measured.path("seen")),
            last(measured.path("heldOut")),
            measured.path("gap").asDouble(Double.NaN),
            measured.path("longer").asDouble(),
            measured.path("stopped").asDouble(),
            measured.path("shown").asDouble(),
            last(measured.path("renamed")),
            measured.path("renamedMore").asDouble(),
            measured.path("renamedStopped").asDouble(),
            measured.path("rotated").asDouble(),
            measured.path("contradicted").asDouble(),
            measured.path("trained").asDouble()
        };
    }

    private static double last(JsonNode list) {
        return list.get(list.size() - 1).asDouble();
    }

    private double[] chance(long seed) {
        RuleQuestions questions = new RulesRecipe(Kind.FIXED, false, false, size).questions(seed);
        double one = 1.0 / size.symbols();
        return new double[] {
            one,
            one,
            one,
            Double.NaN,
            one,
            one,
            RuleQuestions.chance(questions.shown()),
            RuleQuestions.chance(questions.renamed()),
            RuleQuestions.chance(questions.renamedMore()),
            RuleQuestions.chance(questions.renamedStopped()),
            RuleQuestions.chance(questions.rotated()),
            RuleQuestions.chance(questions.contradicted()),
            RuleQuestions.chance(questions.trained())
        };
    }

    /// Before anything is measured.
    String prediction() {
        return """
                A world has %1$s symbols and %2$s functions, each a permutation drawn at random; a question names a symbol and one or \
                two functions. Models of one size see %3$s questions in each of %4$s steps, by recipes that differ in the data alone. \
                A model of the fixed world should know its rules and the compositions that it has seen, and get the other \
                compositions of the same rules wrong: Wang et al. 2024 (arXiv:2405.15071) find that transformers come to these only \
                by grokking, long after, and sooner the more different compositions there are for each rule; Press et al. 2022 \
                (arXiv:2210.03350) call the share of wrong answers whose two parts are known the compositionality gap. Steps that are \
                written out (Nye et al. 2021, arXiv:2112.00114) should close it, since each of them is a rule that was seen. Chains \
                of three hops, one more than any in training, should stay unsolved without steps and come out with them. Rules of \
                renamed symbols, which stand in the context alone, should be followed only by models whose worlds were drawn anew \
                (Chan et al. 2022, arXiv:2205.05055: what cannot be learned by heart is read), and these should follow a context that \
                contradicts the fixed world, where a model of the fixed world keeps to what it has learned. The mixture should do \
                both. Controls: where the answers to compositions were drawn at random, and where the results of a context stand at \
                other rules, the right answers should come no more often than by chance.""".formatted(
                size.symbols(), size.functions(), size.asked(), size.training().steps());
    }

    private static void plot(Path file, SequencedMap<String, List<JsonNode>> all, String what, String title) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        all.forEach((name, seeds) -> {
            double[] steps = seeds.getFirst()
                    .path("step")
                    .valueStream()
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
            List<Interval> means = IntStream.range(0, steps.length)
                    .mapToObj(i -> Verdict.over(
                            seeds.size(),
                            seed -> seeds.get(seed).path(what).get(i).asDouble()))
                    .toList();
            curves.put(
                    name,
                    new Curve(
                            steps,
                            means.stream().mapToDouble(Interval::mean).toArray(),
                            means.stream().mapToDouble(Interval::half).toArray()));
        });
        LabPlot.curves(file, new Labels(title, "step", "right"), curves);
    }
}
