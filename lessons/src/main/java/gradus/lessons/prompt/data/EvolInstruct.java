package gradus.lessons.prompt.data;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Evol-Instruct: a model makes instructions harder, step by step. In each round each instruction is rewritten
/// by one of five [Operation]s, drawn with equal probability, and the model answers what has come of it. What
/// fails is eliminated, and its instruction as it was goes into the next round:
///
/// 1. no gain: asked whether the two are equal, the model says so;
/// 2. the answer is a refusal: it has "sorry" and less than 80 words;
/// 3. the answer has nothing but punctuation and stop words;
/// 4. the instruction has words of the prompt that asked for it.
///
/// Xu et al. 2023, arXiv:2304.12244. **Departure:** what was eliminated once is not taken again if the model
/// writes it again.
public final class EvolInstruct {
    private static final int REFUSAL_WORDS = 80;
    private static final Set<String> STOP_WORDS = Set.of(
            ("a an and are as at be but by for from had has have he her his i if in is it its me my no not of on or our"
                            + " she so that the their them they this to us was we were what which who will with you your")
                    .split(" "));
    private static final List<String> COPIED =
            List.of("given prompt", "rewritten prompt", "created prompt", "new prompt", "#prompt#");

    /// How an instruction is rewritten: four ways in depth, one in breadth.
    public enum Operation {
        ADD_CONSTRAINT("Add one more constraint or requirement to it."),
        DEEPEN("If it asks about something, ask for more depth and breadth about that."),
        CONCRETISE("Replace a general idea in it by a more specific one."),
        MORE_STEPS("If a few thoughts solve it, change it so that it needs several steps of reasoning."),
        BREADTH("");

        private final String how;

        Operation(String how) {
            this.how = how;
        }

        String prompt(String instruction) {
            String asked = this == BREADTH
                    ? "Write a new prompt of the same domain and about the same length and difficulty as the given prompt,"
                            + " but rarer.\n"
                    : "Rewrite the given prompt into a harder one that people still understand and can answer. " + how
                            + " Add 10 to 20 words at most.\n";
            String name = this == BREADTH ? "Created" : "Rewritten";
            return asked + "#Given Prompt#: " + instruction + "\n#" + name + " Prompt#:";
        }
    }

    /// @param rounds how often all are rewritten; 4 in the paper
    /// @param seed   of the operations and answers
    public record Settings(int rounds, long seed) {
        /// @throws gradus.error.ConfigException if a value is out of range
        public Settings {
            require(rounds >= 1, "rounds must be at least 1; got %d", rounds);
        }
    }

    /// @param tasks      those to begin with, and all that have come of them
    /// @param eliminated how many each rule has dropped
    public record Result(List<InstructionTask> tasks, Map<String, Integer> eliminated) {}

    private final TextModel model;
    private final Settings settings;

    public EvolInstruct(TextModel model, Settings settings) {
        this.model = model;
        this.settings = settings;
    }

    /// @param tasks  at least one
    /// @param onTask hears each new task
    public Result run(List<InstructionTask> tasks, Consumer<InstructionTask> onTask) {
        require(!tasks.isEmpty(), "Evol-Instruct needs at least one task");
        List<InstructionTask> all = new ArrayList<>(tasks);
        List<InstructionTask> now = new ArrayList<>(tasks);
        Map<String, Integer> eliminated = new TreeMap<>();
        Set<List<String>> known = new HashSet<>(); // what is in, and what is out for good
        tasks.forEach(each -> known.add(words(asked(each))));
        for (int round = 0; round < settings.rounds; round++) {
            for (int i = 0; i < now.size(); i++) {
                Rng rng = Rng.of(settings.seed).at("round").at(round).at("task").at(i);
                Operation operation = Operation.values()[rng.index(0, Operation.values().length)];
                String before = asked(now.get(i));
                String evolved = ask(operation.prompt(before), rng.at("evolve"));
                if (evolved.isBlank() || !known.add(words(evolved))) {
                    eliminated.merge(evolved.isBlank() ? "empty" : "seen before", 1, Integer::sum);
                    continue;
                }
                String answer = ask(evolved, rng.at("answer"));
                String fault = fault(before, evolved, answer, rng.at("equal"));
                if (!fault.isEmpty()) {
                    eliminated.merge(fault, 1, Integer::sum);
                    continue;
                }
                InstructionTask task = new InstructionTask(evolved, "", answer, false);
                now.set(i, task);
                all.add(task);
                onTask.accept(task);
            }
        }
        return new Result(all, eliminated);
    }

    /// The input is a part of what is rewritten.
    private static String asked(InstructionTask task) {
        return task.input().isEmpty() ? task.instruction() : task.instruction() + "\n" + task.input();
    }

    /// Runs of letters and digits of any script: what is said in Greek or Chinese is said too.
    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private String fault(String before, String evolved, String answer, Rng rng) {
        String lower = evolved.toLowerCase(Locale.ROOT);
        if (COPIED.stream().anyMatch(lower::contains)) {
            return "copied";
        }
        List<String> words = words(answer);
        if (words.contains("sorry") && words.size() < REFUSAL_WORDS) {
            return "refused";
        }
        if (STOP_WORDS.containsAll(words)) {
            return "says nothing";
        }
        String verdict = ask(
                "Do the two prompts ask for the same, with the same constraints, depth and breadth? Say Equal or Not"
                        + " Equal.\nFirst: " + before + "\nSecond: " + evolved + "\nVerdict:",
                rng);
        return verdict.strip().toLowerCase(Locale.ROOT).startsWith("equal") ? "no gain" : "";
    }

    private String ask(String prompt, Rng rng) {
        CompletionOptions options = CompletionOptions.defaults()
                .withTemperature(0.7)
                .withStop("\n\n", "\n#")
                .withSeed(rng.bits(0));
        return model.complete(prompt, options).strip();
    }
}
