package gradus.lessons.prompt.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.method.SelfConsistency;
import gradus.lessons.prompt.tree.BreadthFirst;
import gradus.lessons.prompt.tree.DepthFirst;
import gradus.lessons.prompt.tree.Game24;
import gradus.lessons.prompt.tree.Keep;
import gradus.lessons.prompt.tree.ProposedThoughts;
import gradus.lessons.prompt.tree.SampledThoughts;
import gradus.lessons.prompt.tree.StateScore;
import gradus.lessons.prompt.tree.StepwiseQuestion;
import gradus.lessons.prompt.tree.ThoughtSource;
import gradus.lessons.prompt.tree.TreeProblem;
import gradus.lessons.prompt.tree.ValueScore;
import gradus.lessons.prompt.tree.VoteScore;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a tree of thoughts grows, and which of its branches are followed.
final class TreeOptions {
    private static final String ORACLE = "oracle";
    private static final String BY_BREADTH = "--search breadth";
    private static final String BY_DEPTH = "--search depth";
    private static final int STEPS = 4;
    private static final int SAMPLES = 3;
    private static final int BREADTH = 5;
    private static final double THRESHOLD = 0.01;
    private static final int VISITS = 50;

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Option(
            names = "--task",
            paramLabel = "<task>",
            description = "question: any, thought of in lines; game24: <question> is four numbers that make 24;"
                    + " default question")
    private String task = "question";

    @Option(names = "--steps", paramLabel = "<n>", description = "of questions: the most lines; default " + STEPS)
    private Integer steps;

    @Option(
            names = "--search",
            paramLabel = "<way>",
            description = "breadth or depth: all kept states at once, or the best one to its end; default breadth")
    private String search = "breadth";

    @Option(
            names = "--thoughts",
            paramLabel = "<way>",
            description = "propose: several in one text; sample: -n texts; default propose")
    private String thoughts = "propose";

    @Option(names = "-n", paramLabel = "<n>", description = "texts of --thoughts sample; default " + SAMPLES)
    private Integer n;

    @Option(
            names = "--score",
            paramLabel = "<way>",
            description = "value: the model judges each state; vote: it names the best; oracle: of game24, the truth;"
                    + " default value")
    private String score = "value";

    @Option(names = "--judgements", paramLabel = "<n>", description = "how often it judges; default 1")
    private Integer judgements;

    @Option(
            names = "--breadth",
            paramLabel = "<n>",
            description = "of --search breadth: how many states are kept; default " + BREADTH)
    private Integer breadth;

    @Option(
            names = "--keep",
            paramLabel = "<way>",
            description = "of --search breadth: greedy: the best; proportional: drawn by their scores; default greedy")
    private String keep;

    @Option(
            names = "--threshold",
            paramLabel = "<x>",
            description = "of --search depth: the score above which a thought is followed; default " + THRESHOLD)
    private Double threshold;

    @Option(
            names = "--visits",
            paramLabel = "<n>",
            description = "of --search depth: the most states; default " + VISITS)
    private Integer visits;

    PromptMethod method(TextModel model, Asking asking) {
        boolean wide = one("--search", search, "breadth", "depth");
        refuseIdle(wide);
        ThoughtSource source = source(asking);
        StateScore judge = judge(asking);
        Function<String, TreeProblem> problem = problem();
        if (wide) {
            Keep kept =
                    keep == null || one("--keep", keep, "greedy", "proportional") ? Keep.greedy() : Keep.proportional();
            BreadthFirst way = new BreadthFirst(source, judge, or(breadth, BREADTH), kept, asking.seed());
            return question -> way.solve(problem.apply(question), model);
        }
        DepthFirst way = new DepthFirst(source, judge, threshold == null ? THRESHOLD : threshold, or(visits, VISITS));
        return question -> way.solve(problem.apply(question), model);
    }

    private void refuseIdle(boolean wide) {
        Asking.refuse("--breadth", breadth != null && !wide, BY_BREADTH);
        Asking.refuse("--keep", keep != null && !wide, BY_BREADTH);
        Asking.refuse("--threshold", threshold != null && wide, BY_DEPTH);
        Asking.refuse("--visits", visits != null && wide, BY_DEPTH);
        Asking.refuse("--steps", steps != null && task.equals("game24"), "--task question");
        Asking.refuse("-n", n != null && thoughts.equals("propose"), "--thoughts sample");
        Asking.refuse("--judgements", judgements != null && score.equals(ORACLE), "--score value and vote");
    }

    private static int or(Integer given, int usual) {
        return given == null ? usual : given;
    }

    private Function<String, TreeProblem> problem() {
        if (one("--task", task, "question", "game24")) {
            var extractor = answer.extractor();
            int most = or(steps, STEPS);
            Asking.checked("--steps: ", () -> new StepwiseQuestion("?", most, extractor));
            return question -> new StepwiseQuestion(question, most, extractor);
        }
        return question -> Asking.checked("", () -> Game24.of(question));
    }

    private ThoughtSource source(Asking asking) {
        if (one("--thoughts", thoughts, "propose", "sample")) {
            return new ProposedThoughts(asking.options(0));
        }
        int count = or(n, SAMPLES);
        CompletionOptions line =
                asking.options(count > 1 ? SelfConsistency.TEMPERATURE : 0).withStop("\n");
        return Asking.checked("-n: ", () -> new SampledThoughts(count, line));
    }

    private StateScore judge(Asking asking) {
        if (score.equals(ORACLE)) {
            if (!task.equals("game24")) {
                throw new UsageException("--score oracle is for --task game24; nobody knows the truth of a question");
            }
            return Game24.oracle();
        }
        if (!List.of("value", "vote").contains(score)) {
            throw new UsageException("--score must be value, vote or oracle; got " + Printable.value(score));
        }
        int times = or(judgements, 1);
        CompletionOptions options = asking.options(times > 1 ? SelfConsistency.TEMPERATURE : 0);
        return Asking.checked(
                "--judgements: ",
                () -> score.equals("value") ? new ValueScore(times, options) : new VoteScore(times, options));
    }

    /// Whether a value is the first of two.
    private static boolean one(String option, String value, String first, String second) {
        if (!List.of(first, second).contains(value)) {
            throw new UsageException(
                    option + " must be " + first + " or " + second + "; got " + Printable.value(value));
        }
        return value.equals(first);
    }
}
