package gradus.lessons.prompt.data;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Self-Instruct: a model makes up tasks like those it is shown, and solves them itself.
///
/// 1. It is shown 8 instructions, 6 of people and 2 of its own, or as many as there are, and goes on with the
///    list.
/// 2. What keeps the rules of [InstructionFilter] joins the pool, until it is large enough.
/// 3. Of each instruction it is asked whether it is a classification.
/// 4. If not, it writes an input and then the output. If so, the output comes first and then an input to it: a
///    model that writes the input first writes inputs of its favourite class only.
///
/// Wang et al. 2022, arXiv:2212.10560. **Departures:** one example for each instruction, where the paper draws
/// several; shorter prompts.
public final class SelfInstruct {
    private static final int SHOWN = 8;
    private static final int SHOWN_OWN = 2;
    private static final int MOST_TOKENS = 512;

    private final TextModel model;
    private final Settings settings;

    /// @param count     how many new instructions
    /// @param rounds    the most times that the model is asked for more of them
    /// @param threshold the largest [RougeL] that two instructions may have
    /// @param seed      of what is shown and drawn
    public record Settings(int count, int rounds, double threshold, long seed) {
        /// @throws gradus.error.ConfigException if a value is out of range
        public Settings {
            require(count >= 1, "count must be at least 1; got %d", count);
            require(rounds >= 1, "rounds must be at least 1; got %d", rounds);
            require(threshold > 0 && threshold <= 1, "threshold must be in (0, 1]; got %s", threshold);
        }
    }

    /// @param tasks    the new ones
    /// @param dropped  how many instructions and examples each rule has dropped
    /// @param rounds   how many times the model was asked for more
    public record Result(List<InstructionTask> tasks, Map<String, Integer> dropped, int rounds) {}

    public SelfInstruct(TextModel model, Settings settings) {
        this.model = model;
        this.settings = settings;
    }

    /// @param seeds  at least one
    /// @param onTask hears each new task
    public Result run(List<InstructionTask> seeds, Consumer<InstructionTask> onTask) {
        require(!seeds.isEmpty(), "Self-Instruct needs at least one seed task");
        Map<String, Integer> dropped = new TreeMap<>();
        InstructionFilter filter = new InstructionFilter(settings.threshold);
        seeds.forEach(seed -> filter.add(seed.instruction()));
        List<String> own = new ArrayList<>();
        int round = 0;
        for (; round < settings.rounds && own.size() < settings.count; round++) {
            for (String each :
                    proposed(seeds, own, Rng.of(settings.seed).at("round").at(round))) {
                if (own.size() < settings.count) {
                    filter.offer(each)
                            .ifPresentOrElse(rule -> dropped.merge(rule, 1, Integer::sum), () -> own.add(each));
                }
            }
        }
        List<InstructionTask> tasks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < own.size(); i++) {
            InstructionTask task =
                    solved(own.get(i), seeds, Rng.of(settings.seed).at("task").at(i));
            String rule = task.output().isBlank() ? "no output" : task.output().equals(task.input()) ? "echo" : "";
            if (rule.isEmpty() && seen.add(task.instruction() + "\n" + task.input())) {
                tasks.add(task);
                onTask.accept(task);
            } else {
                dropped.merge(rule.isEmpty() ? "repeated" : rule, 1, Integer::sum);
            }
        }
        return new Result(tasks, dropped, round);
    }

    /// The lines that the model goes on with.
    private List<String> proposed(List<InstructionTask> seeds, List<String> own, Rng rng) {
        List<String> shown = new ArrayList<>(drawn(own, SHOWN_OWN, rng.at("own")));
        List<String> ofPeople = seeds.stream().map(InstructionTask::instruction).toList();
        shown.addAll(drawn(ofPeople, SHOWN - shown.size(), rng.at("people")));
        shown = drawn(shown, shown.size(), rng.at("order"));
        String answer = model.complete(SelfInstructPrompts.more(shown), options(rng, MOST_TOKENS, "\n\n"));
        return SelfInstructPrompts.lines(shown.size() + 1, answer, MOST_TOKENS);
    }

    private InstructionTask solved(String instruction, List<InstructionTask> seeds, Rng rng) {
        List<InstructionTask> sorted = drawn(seeds, seeds.size(), rng.at("examples"));
        String kind = model.complete(SelfInstructPrompts.kind(instruction, sorted), options(rng.at("kind"), 4, "\n"));
        boolean classification = kind.strip().toLowerCase(Locale.ROOT).startsWith("yes");
        String example = model.complete(
                SelfInstructPrompts.example(instruction, classification, sorted),
                options(rng.at("example"), 256, "\n\n"));
        return SelfInstructPrompts.task(instruction, classification, example);
    }

    private static CompletionOptions options(Rng rng, int tokens, String stop) {
        return CompletionOptions.defaults()
                .withMaxTokens(tokens)
                .withTemperature(0.7)
                .withStop(stop)
                .withSeed(rng.bits(0));
    }

    /// Some of a list, in random order.
    private static <T> List<T> drawn(List<T> all, int count, Rng rng) {
        List<T> left = new ArrayList<>(all);
        List<T> drawn = new ArrayList<>();
        while (!left.isEmpty() && drawn.size() < count) {
            drawn.add(left.remove(rng.index(drawn.size(), left.size())));
        }
        return drawn;
    }
}
