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

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Option(
            names = "--task",
            paramLabel = "<task>",
            description = "question: any, thought of in lines; game24: <question> is four numbers that make 24;"
                    + " default question")
    private String task = "question";

    @Option(names = "--steps", paramLabel = "<n>", description = "of questions: the most lines; default 4")
    private int steps = 4;

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

    @Option(names = "-n", paramLabel = "<n>", description = "texts of --thoughts sample; default ${DEFAULT-VALUE}")
    private int n = 3;

    @Option(
            names = "--score",
            paramLabel = "<way>",
            description = "value: the model judges each state; vote: it names the best; oracle: of game24, the truth;"
                    + " default value")
    private String score = "value";

    @Option(names = "--judgements", paramLabel = "<n>", description = "how often it judges; default ${DEFAULT-VALUE}")
    private int judgements = 1;

    @Option(names = "--breadth", paramLabel = "<n>", description = "how many states are kept; default ${DEFAULT-VALUE}")
    private int breadth = 5;

    @Option(
            names = "--keep",
            paramLabel = "<way>",
            description = "greedy: the best; proportional: drawn by their scores; default greedy")
    private String keep = "greedy";

    @Option(
            names = "--threshold",
            paramLabel = "<x>",
            description = "of --search depth: the score above which a thought is followed; default 0.01")
    private double threshold = 0.01;

    @Option(names = "--visits", paramLabel = "<n>", description = "of --search depth: the most states; default 50")
    private int visits = 50;

    PromptMethod method(TextModel model, Asking asking) {
        ThoughtSource source = source(asking);
        StateScore judge = judge(asking.options(judgements > 1 ? SelfConsistency.TEMPERATURE : 0));
        Keep kept = one("--keep", keep, "greedy", "proportional") ? Keep.greedy() : Keep.proportional();
        Function<String, TreeProblem> problem = problem();
        if (one("--search", search, "breadth", "depth")) {
            BreadthFirst way = new BreadthFirst(source, judge, breadth, kept, asking.seed());
            return question -> way.solve(problem.apply(question), model);
        }
        DepthFirst way = new DepthFirst(source, judge, threshold, visits);
        return question -> way.solve(problem.apply(question), model);
    }

    private Function<String, TreeProblem> problem() {
        if (one("--task", task, "question", "game24")) {
            var extractor = answer.extractor();
            Asking.checked("--steps: ", () -> new StepwiseQuestion("?", steps, extractor));
            return question -> new StepwiseQuestion(question, steps, extractor);
        }
        return question -> Asking.checked("", () -> Game24.of(question));
    }

    private ThoughtSource source(Asking asking) {
        if (one("--thoughts", thoughts, "propose", "sample")) {
            return new ProposedThoughts(asking.options(0));
        }
        CompletionOptions line =
                asking.options(n > 1 ? SelfConsistency.TEMPERATURE : 0).withStop("\n");
        return Asking.checked("-n: ", () -> new SampledThoughts(n, line));
    }

    private StateScore judge(CompletionOptions options) {
        if (score.equals(ORACLE)) {
            if (!task.equals("game24")) {
                throw new UsageException("--score oracle is for --task game24; nobody knows the truth of a question");
            }
            return Game24.oracle();
        }
        if (!List.of("value", "vote").contains(score)) {
            throw new UsageException("--score must be value, vote or oracle; got " + Printable.value(score));
        }
        return Asking.checked(
                "--judgements: ",
                () -> score.equals("value") ? new ValueScore(judgements, options) : new VoteScore(judgements, options));
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
