package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.autocot.AutoCot;
import gradus.lessons.prompt.autocot.AutoCotRules;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.TaskForm;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.tensor.random.Rng;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Part `auto-cot`: what demonstrations do, and whose. In a `RuleWorld` the meaning of a word is nowhere but in
/// the prompt. A pool of questions, most of them of one word and few of another, shows the words' meanings;
/// [AutoCot] makes one demonstration of each of four clusters, against four questions drawn at random. The
/// rationales of both are the model's own, by a chain of thought without demonstrations. Zhang et al. 2022,
/// arXiv:2210.03493: demonstrations that differ from each other are not all wrong in the same way.
///
/// @param recipe of the model
/// @param worlds that it is measured by
/// @param asked  questions of each world
public record DemonstrationPart(RuleLearnerRecipe recipe, int worlds, int asked) implements LabPart {
    private static final List<Integer> POOL = List.of(12, 6, 4, 2); // questions of each word
    private static final String RIGHT = "right";
    private static final String COVERED = "words shown";
    private static final String NONE = "no demonstrations";
    private static final String RANDOM = "random questions";
    private static final String AUTO = "AutoCot";
    private static final String TRUE = "true rationales, one of each word";
    private static final String MOVED = "AutoCot, rules exchanged";

    /// @throws gradus.error.ConfigException if there is no world or no question
    public DemonstrationPart {
        require(worlds >= 1 && asked >= 1, "worlds and asked must be at least 1; got %d and %d", worlds, asked);
    }

    /// As the lab runs it.
    public static DemonstrationPart standard() {
        return new DemonstrationPart(RuleLearnerRecipe.standard(), 10, 12);
    }

    @Override
    public String name() {
        return "auto-cot";
    }

    @Override
    public String about() {
        return "demonstrations against none, chosen against random";
    }

    @Override
    public String prediction() {
        return """
                Six numbers are possible for a word that was never shown, so without demonstrations one answer in \
                six should be right; with a demonstration of each word nearly all. Four random questions miss \
                rare words; one of each cluster misses none, though the rationales are the model's own. \
                Demonstrations that say of each word what another one does should help no more than none.""";
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(recipe);
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable table = new SeedTable("demonstrations", 3, RIGHT, COVERED);
        for (long seed : setting.seeds()) {
            TextModel model = setting.material().text(recipe, seed);
            Map<String, double[]> sums = new LinkedHashMap<>();
            for (int i = 0; i < worlds; i++) {
                Rng rng = Rng.of(seed).at("worlds").at(i);
                RuleWorld world = RuleWorld.of(rng.at("world"));
                ways(world, model, rng).forEach((name, shown) -> {
                    double[] sum = sums.computeIfAbsent(name, key -> new double[2]);
                    sum[0] += right(world, model, shown, rng.at("asked")) / worlds;
                    sum[1] += covered(shown) / worlds;
                });
            }
            sums.forEach(table::put);
            setting.say().accept("auto-cot, seed " + seed + " is done");
        }
        plot(setting, table);
        return section(table);
    }

    /// The demonstrations of each way.
    private static SequencedMap<String, List<Demonstration>> ways(RuleWorld world, TextModel model, Rng rng) {
        List<String> pool = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < POOL.size(); i++) {
            String word = RuleWorld.WORDS.get((i + rng.index(0, POOL.size())) % POOL.size());
            for (int j = 0; j < POOL.get(i); j++) {
                order.add(pool.size());
                pool.add(world.shown(word, rng.at("pool").at(pool.size())));
            }
        }
        order.sort(Comparator.comparingDouble((Integer i) -> rng.at("order").uniform(i)));
        ZeroShotChain chain = RuleLearnerRecipe.zeroShot(model);
        int count = POOL.size();
        List<Demonstration> auto = new AutoCot(
                        DemonstrationPart::words, chain, count, AutoCotRules.arithmetic(), rng.bits(1))
                .demonstrations(pool);
        SequencedMap<String, List<Demonstration>> ways = new LinkedHashMap<>();
        ways.put(NONE, List.of());
        ways.put(RANDOM, own(order.subList(0, count).stream().map(pool::get).toList(), chain));
        ways.put(AUTO, auto);
        ways.put(
                TRUE,
                RuleWorld.WORDS.stream()
                        .map(word -> world.demonstration(
                                world.shown(word, rng.at("true").at(word))))
                        .toList());
        ways.put(MOVED, exchanged(auto, world));
        return ways;
    }

    /// Questions with what the model itself answers; those that it has no answer to are left out.
    private static List<Demonstration> own(List<String> questions, ZeroShotChain chain) {
        List<Demonstration> all = new ArrayList<>();
        for (String question : questions) {
            Outcome outcome = Answered.by(chain, question);
            outcome.answer()
                    .ifPresent(answer -> all.add(new Demonstration(
                            question,
                            TaskForm.line(outcome.thoughts().getFirst().text()),
                            answer)));
        }
        return all;
    }

    /// The negative control: the questions do not show what their words do, and each word does what the next
    /// one does, in rationales that are as well formed as before.
    static List<Demonstration> exchanged(List<Demonstration> shown, RuleWorld world) {
        Map<String, Integer> moved = new HashMap<>();
        for (int i = 0; i < RuleWorld.WORDS.size(); i++) {
            String next = RuleWorld.WORDS.get((i + 1) % RuleWorld.WORDS.size());
            moved.put(RuleWorld.WORDS.get(i), world.adds().get(next));
        }
        RuleWorld other = new RuleWorld(moved);
        return shown.stream()
                .map(each -> other.demonstration(
                        each.question().substring(each.question().indexOf(". ") + 2)))
                .toList();
    }

    /// The embedder of the lab: how often each word occurs, numbers left out. The questions have nothing else
    /// to go by; all-MiniLM-L6-v2 would be an [gradus.lessons.retrieve.embed.Embedder] too.
    static float[][] words(List<String> texts) {
        float[][] vectors = new float[texts.size()][RuleWorld.WORDS.size()];
        for (int i = 0; i < vectors.length; i++) {
            double squares = 0;
            for (int j = 0; j < vectors[i].length; j++) {
                vectors[i][j] = texts.get(i).split(RuleWorld.WORDS.get(j), -1).length - 1;
                squares += vectors[i][j] * vectors[i][j];
            }
            for (int j = 0; j < vectors[i].length && squares > 0; j++) {
                vectors[i][j] /= (float) Math.sqrt(squares);
            }
        }
        return vectors;
    }

    private double right(RuleWorld world, TextModel model, List<Demonstration> shown, Rng rng) {
        PromptMethod method =
                shown.isEmpty() ? RuleLearnerRecipe.zeroShot(model) : RuleLearnerRecipe.fewShot(model, shown);
        double right = 0;
        for (int i = 0; i < asked; i++) {
            String question = RuleWorld.plain(RuleWorld.WORDS.get(i % RuleWorld.WORDS.size()), rng.at(i));
            right += Answered.by(method, question).answerOr("").equals(world.answer(question)) ? 1 : 0;
        }
        return right / asked;
    }

    /// The share of words that some demonstration is about.
    private static double covered(List<Demonstration> shown) {
        return RuleWorld.WORDS.stream()
                        .filter(word ->
                                shown.stream().anyMatch(each -> each.question().contains(word)))
                        .count()
                / (double) RuleWorld.WORDS.size();
    }

    String section(SeedTable table) {
        Interval none = table.of(NONE, RIGHT);
        return new Section("Demonstrations, and auto-CoT", prediction())
                .add(table.markdown())
                .claim("Few-shot is better than zero-shot, by", table.difference(AUTO, NONE, RIGHT), 0)
                .claim(
                        "AutoCot's demonstrations are better than those of random questions, by",
                        table.difference(AUTO, RANDOM, RIGHT),
                        0)
                .claim("Without demonstrations one in six is right, within 0.05", none, within(none, 1.0 / 6, 0.05))
                .claim("With a true one of each word more than 0.9 are right", table.of(TRUE, RIGHT), 0.9)
                .control(
                        "with the rules exchanged they are not better than none; the difference",
                        table.difference(MOVED, NONE, RIGHT),
                        table.difference(AUTO, NONE, RIGHT))
                .toString();
    }

    private static boolean within(Interval interval, double value, double bound) {
        return Math.abs(interval.mean() - value) + interval.half() <= bound;
    }

    private static void plot(LabSetting setting, SeedTable table) {
        LabPlot plot =
                new LabPlot(new Labels("Demonstrations", "share of words that are shown", "share of right answers"));
        for (String name : List.of(NONE, RANDOM, AUTO, TRUE, MOVED)) {
            double x = table.of(name, COVERED).mean();
            double mean = table.of(name, RIGHT).mean();
            double half = table.of(name, RIGHT).half();
            plot.curve(
                    name,
                    new Curve(new double[] {x - 0.01, x + 0.01}, new double[] {mean, mean}, new double[] {half, half}));
        }
        plot.write(setting.folder().path().resolve("auto-cot.png"));
    }
}
