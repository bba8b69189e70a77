package gradus.lessons.lab.prompt.sum;

import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.lab.prompt.sum.OwnData.Filter;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.data.InstructionTask;
import gradus.lessons.prompt.data.TaskFile;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.rl.verifiable.Question;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/// `loop`: a model that learns from what it writes itself. In each round it draws chains for questions whose
/// answers it is not told, keeps some, writes them as the JSON that `gradus finetune` reads, and learns them.
/// What is kept makes the difference: chains whose answer most others come to (Huang et al. 2022, *Large
/// Language Models Can Self-Improve*, arXiv:2210.11610), chains whose answer is right (Zelikman et al. 2022,
/// *STaR*, arXiv:2203.14465), or, as the control, chains without a choice. What is right comes in the smallest
/// number, and the others are cut to it.
///
/// @param plan  sizes
/// @param draws what is drawn
/// @param rate  how what was kept is learned: steps and learning rate of a round; the rest is the plan's
public record LoopPart(SumPlan plan, Draws draws, Rate rate) implements LabPart {
    /// @param rounds      of drawing and learning
    /// @param questions   of a round
    /// @param chains      of a question
    /// @param temperature of a chain
    public record Draws(int rounds, int questions, int chains, double temperature) {}

    /// @param steps of a round
    /// @param lr    highest learning rate
    public record Rate(int steps, double lr) {}

    /// With its usual sizes.
    public static LoopPart standard(SumPlan plan) {
        return new LoopPart(plan, new Draws(2, 192, 6, 1), new Rate(60, 2e-3));
    }

    @Override
    public String name() {
        return "loop";
    }

    @Override
    public String about() {
        return "learning from its own data, filtered and not";
    }

    @Override
    public String prediction() {
        return String.format(Locale.ROOT, """
                A model that knows the steps by half draws %s chains for each of %s new questions, keeps some, and learns them;
                %s rounds. **Prediction:** where a verifier keeps chains with a right answer, it gets better on questions that are
                held out; where it keeps those with an answer that half of all chains come to, too, and nobody tells it an answer.
                **Control:** as many of its chains without a choice teach it nothing.
                """, draws.chains, draws.questions, draws.rounds);
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(plan.half());
    }

    /// Of one seed and filter.
    ///
    /// @param right  share of right greedy answers, before and after each round
    /// @param labels share of right answers in what was learned, of each round
    /// @param kept   tasks of each round
    record Course(double[] right, double[] labels, int[] kept) {}

    private Map<Filter, Course> measure(LabSetting setting, long seed) {
        Map<Filter, Course> courses = new EnumMap<>(Filter.class);
        int[] most = new int[draws.rounds];
        Arrays.fill(most, Integer.MAX_VALUE);
        for (Filter filter : List.of(Filter.VERIFIER, Filter.VOTES, Filter.NONE)) {
            Course course = course(setting, seed, filter, most);
            if (filter == Filter.VERIFIER) {
                most = course.kept; // the others learn from no more
            }
            courses.put(filter, course);
        }
        return courses;
    }

    private Course course(LabSetting setting, long seed, Filter filter, int[] most) {
        List<Question> heldOut =
                new DigitSum(plan.digits()).heldOut(Rng.of(seed).at("held out"), plan.heldOut());
        LanguageModel model = setting.material().model(plan.half(), seed).model();
        Tokenizer tokenizer = SumRecipe.tokenizer();
        TextModel text = ModelPlan.text(model, tokenizer);
        Course course = new Course(new double[draws.rounds + 1], new double[draws.rounds], new int[draws.rounds]);
        course.right[0] = Asked.chains(text, heldOut);
        for (int round = 0; round < draws.rounds; round++) {
            Rng rng = Rng.of(seed).at("loop").at(round);
            OwnData data = OwnData.of(
                    text,
                    questions(rng),
                    draws.chains,
                    draws.temperature,
                    rng.at("chains").bits(0));
            List<InstructionTask> kept = data.kept(filter);
            kept = kept.subList(0, Math.min(most[round], kept.size()));
            Path file = setting.folder()
                    .path()
                    .resolve("loop-%s-%s-%s.jsonl".formatted(filter.name().toLowerCase(Locale.ROOT), seed, round + 1));
            course.kept[round] = kept.size();
            course.labels[round] = kept.isEmpty() ? Double.NaN : OwnData.right(kept);
            if (!kept.isEmpty()) {
                TaskFile.write(file, kept);
                learn(model, tokenizer, TaskFile.read(file), rng.at("order"));
            }
            course.right[round + 1] = Asked.chains(text, heldOut);
        }
        setting.say()
                .accept("  seed %s, %s: %s, kept %s, of these right %s"
                        .formatted(
                                seed,
                                filter.title(),
                                Arrays.toString(course.right),
                                Arrays.toString(course.kept),
                                Arrays.toString(course.labels)));
        return course;
    }

    /// Of the training, which measures with none of those that are held out.
    private List<Question> questions(Rng rng) {
        DigitSum task = new DigitSum(plan.digits());
        return LongStream.range(0, draws.questions)
                .mapToObj(number -> task.question(rng.at("questions"), number))
                .toList();
    }

    private void learn(LanguageModel model, Tokenizer tokenizer, List<InstructionTask> tasks, Rng rng) {
        List<Lesson> lessons = tasks.stream().map(OwnData::lesson).toList();
        ModelPlan course = plan.model().withSteps(rate.steps).withLr(rate.lr);
        model.train();
        course.trainer(model, tokenizer, number -> lessons.get(rng.index(number, lessons.size())), 0)
                .run();
        model.eval();
    }

    @Override
    public String run(LabSetting setting) {
        List<Map<Filter, Course>> all = new ArrayList<>();
        for (long seed : setting.seeds()) {
            all.add(measure(setting, seed));
        }
        int last = draws.rounds;
        StringBuilder text = new StringBuilder("## loop: learning from what it wrote itself\n\n" + prediction())
                .append("\nRight of the held-out questions, in %:\n\n| what it learns from | before |");
        for (int round = 1; round <= last; round++) {
            text.append(" round %s |".formatted(round));
        }
        text.append(" gain | right in what it learned, %s | tasks of a round |\n".formatted("%"))
                .append("|---|---|---|---|---|")
                .append("---|".repeat(last))
                .append('\n');
        for (Filter filter : Filter.values()) {
            text.append("| ").append(filter.title()).append(" |");
            for (int round = 0; round <= last; round++) {
                int r = round;
                text.append(" %s |".formatted(shown(over(all, filter, each -> each.right[r]))));
            }
            text.append(" %s | %s | %s |\n"
                    .formatted(
                            shown(over(all, filter, each -> each.right[last] - each.right[0])),
                            shown(over(
                                    all,
                                    filter,
                                    each -> Arrays.stream(each.labels).average().orElseThrow())),
                            Math.round(Verdict.over(
                                            all.size(),
                                            i -> Arrays.stream(all.get(i).get(filter).kept)
                                                    .average()
                                                    .orElseThrow())
                                    .mean())));
        }
        plot(setting, all);
        return text.append(verdicts(all, last)).toString();
    }

    static String verdicts(List<Map<Filter, Course>> all, int last) {
        StringBuilder text = new StringBuilder("\n");
        for (Filter filter : List.of(Filter.VERIFIER, Filter.VOTES)) {
            Interval gain = over(all, filter, each -> each.right[last] - each.right[0]);
            Interval more = Verdict.over(
                    all.size(),
                    i -> 100 * (all.get(i).get(filter).right[last] - all.get(i).get(Filter.NONE).right[last]));
            text.append("- **%s:** %s: %s; more than unfiltered by %s: %s.\n"
                    .formatted(
                            filter.title(),
                            shown(gain),
                            Verdict.of(gain)
                                    .choose(
                                            "it improves by its own data, the prediction holds",
                                            "it gets worse, the prediction does not hold here",
                                            "no gain that can be told, the prediction does not hold here"),
                            shown(more),
                            Verdict.of(more)
                                    .choose("the choice helps", "the choice harms", "no difference that can be told")));
        }
        Interval control = over(all, Filter.NONE, each -> each.right[last] - each.right[0]);
        return text.append("- **control, unfiltered:** %s: %s.\n"
                        .formatted(
                                shown(control),
                                Verdict.of(control)
                                        .choose(
                                                "a gain, which a control should not show",
                                                "it gets worse",
                                                "no gain, as it should be")))
                .toString();
    }

    private static Interval over(List<Map<Filter, Course>> all, Filter filter, ToDoubleFunction<Course> of) {
        return Verdict.over(all.size(), i -> 100 * of.applyAsDouble(all.get(i).get(filter)));
    }

    private static String shown(Interval interval) {
        return Verdict.shown(interval, 1);
    }

    private void plot(LabSetting setting, List<Map<Filter, Course>> all) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        for (Filter filter : Filter.values()) {
            double[] x = new double[draws.rounds + 1];
            double[] y = new double[x.length];
            double[] half = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                int round = i;
                Interval interval = over(all, filter, each -> each.right[round]);
                x[i] = i;
                y[i] = interval.mean();
                half[i] = interval.half();
            }
            curves.put(filter.title(), new Curve(x, y, half));
        }
        LabPlot.curves(
                setting.folder().path().resolve("loop.png"),
                new Labels("Learning from its own data", "round", "right, %"),
                curves);
    }
}
