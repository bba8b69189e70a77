package gradus.lessons.prompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopsTest {
    private static final List<InstructionTask> SEEDS = TaskFile.seeds();
    private static final String[] WORDS = {
        "name", "count", "birds", "rivers", "stones", "two", "old", "sorry", "files", "the", "of", "a", "given prompt"
    };

    @TempDir
    Path folder;

    /// Says anything: it is a function of what is asked.
    private static TextModel babbling(long seed) {
        return (prompt, options) -> {
            Rng rng = Rng.of(seed).at(prompt).at(options.seed());
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 4; line++) {
                text.append(line > 0 ? "\n" + (9 + line) + ". " : " ");
                for (int i = 0; i < 3 + rng.at(line).index(99, 4); i++) {
                    text.append(WORDS[rng.at(line).index(i, WORDS.length)]).append(' ');
                }
            }
            if (prompt.endsWith("Verdict:")) {
                return rng.uniform(0) < 0.3 ? " Equal" : " Not Equal";
            }
            return prompt.endsWith("put:")
                    ? text.toString().lines().findFirst().orElseThrow() + "\nOutput: x\nInput: y"
                    : text.toString();
        };
    }

    private static SelfInstruct.Result selfInstruct(TextModel model, int count, double threshold, long seed) {
        return new SelfInstruct(model, new SelfInstruct.Settings(count, 6, threshold, seed)).run(SEEDS, task -> {});
    }

    @Property(tries = 200)
    void thePoolStaysUnderTheThreshold(@ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int tenths) {
        double threshold = tenths / 10.0;
        List<String> pool =
                new ArrayList<>(SEEDS.stream().map(InstructionTask::instruction).toList());
        List<InstructionTask> tasks =
                selfInstruct(babbling(seed), 8, threshold, seed).tasks();
        for (InstructionTask task : tasks) {
            pool.forEach(each -> assertThat(RougeL.f(each, task.instruction())).isLessThanOrEqualTo(threshold));
            pool.add(task.instruction());
            assertThat(task.instruction()).doesNotContain("files");
            assertThat(task.output()).isNotBlank();
        }
        assertThat(tasks).hasSizeLessThanOrEqualTo(8);
    }

    @Property(tries = 200)
    void theSameSeedGivesTheSameData(@ForAll long seed) {
        TextModel model = babbling(3);
        assertThat(selfInstruct(model, 5, 0.7, seed)).isEqualTo(selfInstruct(model, 5, 0.7, seed));
        EvolInstruct evolve = new EvolInstruct(model, new EvolInstruct.Settings(2, seed));
        assertThat(evolve.run(SEEDS, task -> {})).isEqualTo(evolve.run(SEEDS, task -> {}));
    }

    /// What was eliminated, and what is in, is not taken again.
    @Property(tries = 200)
    void whatIsEliminatedNeverReturns(@ForAll long seed) {
        TextModel few = (prompt, options) -> {
            Rng rng = Rng.of(seed).at(prompt).at(options.seed());
            if (prompt.endsWith("Verdict:")) {
                return rng.uniform(0) < 0.5 ? "Equal" : "Not equal";
            }
            boolean asks = prompt.endsWith("Prompt#:");
            return asks
                    ? "Count the old stones " + rng.index(1, 6)
                    : rng.uniform(2) < 0.3 ? "Sorry, no." : "They are 7.";
        };
        List<String> asked = new ArrayList<>();
        TextModel watched = (prompt, options) -> {
            if (prompt.startsWith("Count the old")) {
                asked.add(prompt);
            }
            return few.complete(prompt, options);
        };
        EvolInstruct.Result result =
                new EvolInstruct(watched, new EvolInstruct.Settings(3, seed)).run(SEEDS.subList(0, 4), task -> {});
        assertThat(asked).doesNotHaveDuplicates(); // answered once, kept or out for good
        List<String> kept =
                result.tasks().stream().map(InstructionTask::instruction).toList();
        assertThat(kept).doesNotHaveDuplicates();
        int eliminated = result.eliminated().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(kept.size() - 4 + eliminated).isEqualTo(3 * 4);
        assertThat(result.tasks()).noneMatch(task -> task.output().startsWith("Sorry"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Name it now;length",
                "Draw a plan of the old house;beyond text",
                "Write a program that adds two numbers;program",
                "'- name the birds of the wood';beginning",
                "Ça va bien avec les enfants;beginning",
                "写一首关于春天的诗;beginning",
                "Name the exact opposite of the given word.;similar",
            })
    void theRules(String instruction, String rule) {
        InstructionFilter filter = new InstructionFilter(0.7);
        SEEDS.forEach(seed -> filter.add(seed.instruction()));
        assertThat(filter.offer(instruction)).contains(rule);
        assertThat(filter.offer("Tell which of these rivers is the longest")).isEmpty();
        assertThat(filter.offer("Tell which of these rivers is the longest")).contains("similar");
    }

    /// As alike as the threshold and as long as the limit is allowed; a little more is not.
    @Test
    void theLimitsOfTheRules() {
        InstructionFilter filter = new InstructionFilter(0.5);
        filter.add("one two three four");
        assertThat(filter.offer("one two five six")).isEmpty(); // 2·2 / 8
        assertThat(filter.offer("one two three seven")).contains("similar");
        assertThat(filter.offer("word ".repeat(150))).isEmpty();
        assertThat(filter.offer("other ".repeat(151))).contains("length");
    }

    /// What an answer of so many words with "sorry" comes to.
    private static Map<String, Integer> sorry(int words) {
        TextModel model = (prompt, options) -> prompt.endsWith("Verdict:")
                ? "Not Equal"
                : prompt.endsWith("Prompt#:") ? "Count the old stones" : "Sorry" + " word".repeat(words - 1);
        return new EvolInstruct(model, new EvolInstruct.Settings(1, 1))
                .run(SEEDS.subList(0, 1), task -> {})
                .eliminated();
    }

    @Test
    void aLongAnswerIsNoRefusal() {
        assertThat(sorry(79)).containsExactly(Map.entry("refused", 1));
        assertThat(sorry(80)).isEmpty();
    }

    /// A task to begin with is known from the beginning, and its words in other case or marks are it.
    @Test
    void whatWasThereIsNotNew() {
        String seed = SEEDS.getFirst().instruction();
        String input = SEEDS.getFirst().input();
        TextModel copies = (prompt, options) -> prompt.endsWith("Prompt#:")
                ? (seed + " " + input).toUpperCase(Locale.ROOT) + "!"
                : prompt.endsWith("Verdict:") ? "Not Equal" : "They are 7.";
        EvolInstruct.Result result =
                new EvolInstruct(copies, new EvolInstruct.Settings(2, 1)).run(SEEDS.subList(0, 1), task -> {});
        assertThat(result.tasks()).hasSize(1);
        assertThat(result.eliminated()).containsExactly(Map.entry("seen before", 2));
    }

    /// A classification is asked for its output first.
    @Test
    void inputFirstAndOutputFirst() {
        ScriptedModel model = ScriptedModel.inOrder(
                " Decide whether this line speaks about weather\n10. Tell how many legs the animals have",
                " Yes",
                " weather\nInput: It will rain.",
                " No",
                " a horse and a bird\nOutput: six");
        SelfInstruct.Result result = selfInstruct(model, 2, 0.7, 1);
        assertThat(result.tasks())
                .containsExactly(
                        new InstructionTask(
                                "Decide whether this line speaks about weather", "It will rain.", "weather", true),
                        new InstructionTask("Tell how many legs the animals have", "a horse and a bird", "six", false));
        assertThat(model.prompts().get(0)).contains("1. ", "8. ").endsWith("\n9.");
        assertThat(model.prompts().get(2)).endsWith("Output:");
        assertThat(model.prompts().get(4)).endsWith("Input:");
    }

    /// Killed after any number of answers, with half a line written, it goes on and asks only what is left: all 42
    /// cases.
    @Property(generation = GenerationMode.EXHAUSTIVE)
    void aKilledLoopGoesOn(@ForAll @IntRange(max = 20) int killedAfter, @ForAll boolean torn) throws Exception {
        Path file = Files.createTempFile("loop", ".answers");
        SelfInstruct.Result whole = selfInstruct(babbling(5), 5, 0.9, 2);
        AtomicInteger asked = new AtomicInteger();
        TextModel counting = (prompt, options) -> {
            asked.incrementAndGet();
            return babbling(5).complete(prompt, options);
        };
        TextModel dying = (prompt, options) -> {
            if (asked.get() == killedAfter) {
                throw new IllegalStateException("killed");
            }
            return counting.complete(prompt, options);
        };
        try {
            selfInstruct(new JournaledModel(dying, "m", file), 5, 0.9, 2);
        } catch (IllegalStateException killed) {
            if (torn) {
                Files.writeString(file, "{\"prompt\":\"ha", StandardOpenOption.APPEND);
            }
        }
        assertThat(selfInstruct(new JournaledModel(counting, "m", file), 5, 0.9, 2))
                .isEqualTo(whole);
        assertThat(asked.get()).isEqualTo((int) Files.lines(file).count());
        TextModel nobody = (prompt, options) -> {
            throw new AssertionError("all is answered");
        };
        assertThat(selfInstruct(new JournaledModel(nobody, "m", file), 5, 0.9, 2))
                .isEqualTo(whole);
        Files.delete(file);
    }

    @Test
    void badInput() throws Exception {
        Path file = folder.resolve("answers");
        new JournaledModel((prompt, options) -> "yes", "m", file).complete("a?", CompletionOptions.defaults());
        assertThatThrownBy(() -> new JournaledModel((prompt, options) -> "", "m", file)
                        .complete("b?", CompletionOptions.defaults()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("answers:1: something else was asked");
        assertThatThrownBy(() -> new JournaledModel((prompt, options) -> "", "n", file)
                        .complete("a?", CompletionOptions.defaults()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("answers:1: the model asked here before was m, and now it is n");
        Files.writeString(file, "{}\n");
        assertThatThrownBy(() -> new JournaledModel((prompt, options) -> "", "m", file))
                .hasMessageContaining("answers:1: expected model, prompt");
        Path tasks = folder.resolve("tasks.jsonl");
        for (String[] each : new String[][] {
            {"", "holds no task"},
            {"{\"instruction\":\"a\"}\n{", "tasks.jsonl:2: no valid JSON: it ends too early"},
            {
                "{\"instruction\":\"a\"} {\"instruction\":\"b\"}",
                "tasks.jsonl:1: no valid JSON: something follows its end"
            },
            {"{\"instruction\":\"a\",\"instruction\":\"b\"}", "the key 'instruction' stands there twice"},
            {"[]", "tasks.jsonl:1: a task is an object"},
            {"{\"instruction\":\" \"}", "needs an instruction"},
            {"{\"instruction\":\"a\",\"weight\":\"2\"}", "got weight"},
            {"{\"instruction\":\"a\",\"task_type\":\"odd\"}", "got odd"},
        }) {
            Files.writeString(tasks, each[0]);
            assertThatThrownBy(() -> TaskFile.read(tasks))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(each[1]);
        }
        Files.createDirectories(folder.resolve("full").resolve("x"));
        assertThatThrownBy(() -> TaskFile.write(folder.resolve("full"), SEEDS))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("cannot be written");
        assertThat(folder.resolve("full.tmp")).doesNotExist();
        Files.writeString(file, "{\n");
        assertThatThrownBy(() -> new JournaledModel((prompt, options) -> "", "m", file))
                .hasMessageContaining("answers:1: no valid JSON: it ends too early");
        assertThatThrownBy(() -> TaskFile.read(folder)).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> TaskFile.read(folder.resolve("none"))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> new SelfInstruct.Settings(0, 1, 0.7, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SelfInstruct.Settings(1, 1, 0, 1)).hasMessageContaining("threshold");
        assertThatThrownBy(() -> new EvolInstruct.Settings(0, 1)).hasMessageContaining("rounds");
        TaskFile.write(tasks, SEEDS);
        assertThat(TaskFile.read(tasks)).isEqualTo(SEEDS).hasSize(25);
    }
}
