package gradus.lessons.lab.reasoning;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.tree.BreadthFirst;
import gradus.lessons.prompt.tree.DepthFirst;
import gradus.lessons.prompt.tree.Keep;
import gradus.lessons.prompt.tree.SampledThoughts;
import gradus.lessons.prompt.tree.StateScore;
import gradus.lessons.prompt.tree.TreeProblem;
import gradus.lessons.prompt.tree.ValueScore;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/// Part `tot`: a tree of thoughts against a chain, on the game of 24 with numbers small enough that all of it
/// is enumerated. A model of two layers proposes thoughts and values states; both are also replaced: values by
/// the true ones, and by random ones. Yao et al. 2023, arXiv:2305.10601: 7.3 % of the puzzles by chains and 74
/// % by a tree with b = 5.
///
/// @param recipe of the model
/// @param draws  thoughts that are drawn of a state
public record TreePart(Game24Recipe recipe, int draws) implements LabPart {
    private static final int WIDE = 3;
    private static final int VALUES = 3; // how often a state is valued, as in the paper
    private static final int VISITS = 12;
    private static final int TOKENS = 14; // of a thought
    private static final String SOLVED = "solved";
    private static final String CHAIN = "chain, greedy";
    private static final String NARROW = "breadth first, b = 1";
    private static final String TREE = "breadth first, b = " + WIDE;
    private static final String DEPTH = "depth first";
    private static final String RANDOM = "b = " + WIDE + ", values drawn at random";
    private static final String ORACLE = "b = " + WIDE + ", true values";

    /// As the lab runs it: 8 thoughts of a state.
    public static TreePart standard() {
        return new TreePart(Game24Recipe.standard(), 8);
    }

    @Override
    public String name() {
        return "tot";
    }

    @Override
    public String about() {
        return "tree of thoughts against a chain, on the game of 24";
    }

    @Override
    public String prediction() {
        return """
                A chain of greedy thoughts cannot take a wrong one back. A tree keeps several states and lets \
                the model value them, so it should solve more; as much more as the values are worth: with \
                values drawn at random the gain should be gone, with true ones it is as large as the \
                proposals allow.""";
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(recipe);
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable table = new SeedTable("search", 3, SOLVED, "calls of the model");
        for (long seed : setting.seeds()) {
            TextModel model = new Remembering(setting.material().text(recipe, seed));
            List<String> puzzles =
                    recipe.heldOut(seed).stream().map(SmallGame::joined).toList();
            searches(model, seed).forEach((name, search) -> {
                double solved = 0;
                double calls = 0;
                for (String puzzle : puzzles) {
                    SmallGame game = new SmallGame(puzzle);
                    Outcome outcome = search.apply(game);
                    solved += outcome.answer().filter(game::makes24).isPresent() ? 1 : 0;
                    calls +=
                            outcome.thoughts().stream().filter(Thought::isAsked).count();
                }
                table.put(name, solved / puzzles.size(), calls / puzzles.size());
            });
            setting.say().accept("tot, seed " + seed + " is done");
        }
        plot(setting, table);
        return section(table);
    }

    /// All ways of searching, with one model.
    private SequencedMap<String, Function<TreeProblem, Outcome>> searches(TextModel model, long seed) {
        CompletionOptions options = new CompletionOptions(TOKENS, 1, List.of("\n"), seed);
        SampledThoughts one = new SampledThoughts(1, options.withTemperature(0));
        SampledThoughts several = new SampledThoughts(draws, options);
        StateScore value = new ValueScore(VALUES, options.withMaxTokens(1));
        SequencedMap<String, Function<TreeProblem, Outcome>> all = new LinkedHashMap<>();
        all.put(CHAIN, game -> new BreadthFirst(one, alike(), 1, Keep.greedy(), seed).solve(game, model));
        all.put(NARROW, game -> new BreadthFirst(several, value, 1, Keep.greedy(), seed).solve(game, model));
        all.put(TREE, game -> new BreadthFirst(several, value, WIDE, Keep.greedy(), seed).solve(game, model));
        all.put(DEPTH, game -> new DepthFirst(several, value, 0, VISITS).solve(game, model));
        StateScore random = random(Rng.of(seed).at("values"));
        all.put(RANDOM, game -> new BreadthFirst(several, random, WIDE, Keep.greedy(), seed).solve(game, model));
        all.put(
                ORACLE,
                game -> new BreadthFirst(several, SmallGame.oracle(), WIDE, Keep.greedy(), seed).solve(game, model));
        return all;
    }

    private static StateScore alike() {
        return (problem, states, steps, name) -> {
            double[] scores = new double[states.size()];
            Arrays.fill(scores, 1);
            return scores;
        };
    }

    /// The negative control: values that know nothing.
    static StateScore random(Rng rng) {
        return (problem, states, steps, name) ->
                states.stream().mapToDouble(state -> rng.at(state).uniform(0)).toArray();
    }

    String section(SeedTable table) {
        return new Section("Tree of thoughts", prediction())
                .add(table.markdown())
                .claim(
                        "A tree with b = " + WIDE + " solves more held-out puzzles than the chain, by",
                        table.difference(TREE, CHAIN, SOLVED),
                        0)
                .claim("It solves more than with b = 1, by", table.difference(TREE, NARROW, SOLVED), 0)
                .control(
                        "with values drawn at random the tree solves no more than the chain; the difference",
                        table.difference(RANDOM, CHAIN, SOLVED),
                        table.difference(TREE, CHAIN, SOLVED))
                .claim(
                        "True values solve more than the model's own, which is what its judgement costs, by",
                        table.difference(ORACLE, TREE, SOLVED),
                        0)
                .toString();
    }

    private static void plot(LabSetting setting, SeedTable table) {
        List<String> names = List.of(CHAIN, RANDOM, NARROW, TREE, DEPTH, ORACLE);
        LabPlot plot = new LabPlot(new Labels("Game of 24, held-out puzzles", "calls of the model", SOLVED));
        names.forEach(name -> plot.points(
                name,
                new double[] {table.of(name, "calls of the model").mean()},
                new double[] {table.of(name, SOLVED).mean()}));
        plot.write(setting.folder().path().resolve("tot.png"));
    }
}
