package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;

/// T4: the README says what the programs do.
///
/// Commands are run as they stand where that takes seconds. Where it takes minutes, as for `./gradus train`,
/// a shorter training must print lines of the same kinds in the same order: a line is of a kind when it is
/// equal up to its numbers. `.ci/run` runs the first command on the real text too and compares the numbers
/// that do not depend on how long it trains. Times and speeds are compared nowhere.
@Timeout(180)
class ReadmeTest {
    private static final String TRAIN = "./gradus train";
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*(\\.\\d+)?|\\d+:\\d\\d");

    @TempDir
    Path folder;

    private static List<String> lines() throws Exception {
        return Files.readAllLines(Path.of("..", "README.md"));
    }

    /// The blocks between fences that show commands or what they print.
    private static List<List<String>> blocks() throws Exception {
        List<List<String>> blocks = new ArrayList<>();
        List<String> open = null;
        for (String line : lines()) {
            if (open != null && line.equals("```")) {
                blocks.add(open);
                open = null;
            } else if (open != null) {
                open.add(line);
            } else if (line.startsWith("```")) {
                open = new ArrayList<>();
            }
        }
        return blocks;
    }

    private static List<String> blockWith(String start) throws Exception {
        return blocks().stream()
                .filter(block -> block.getFirst().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static CommandLine gradus() {
        Console console = Console.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Main.commandLine(console, code -> {}, new Errors(console));
    }

    /// The words of a command as a shell sees them, without a comment behind it.
    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(command.replaceFirst("\\s#.*", ""));
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    private static void assertAccepted(String command) {
        if (words(command).length > 0
                && List.of("bench", "chunk", "lab", "learn", "prompt", "rag", "shell")
                        .contains(words(command)[0])) {
            return; // programs of their own
        }
        if (command.matches("(\\./)?gradus data (self-instruct|evolve)( .*)?")) {
            return; // of another program
        }
        try {
            gradus().parseArgs(words(command));
        } catch (MissingParameterException incomplete) {
            assertThat(command).as("shown to be run, and incomplete").doesNotContain("--");
        }
    }

    @Test
    void t4_everyCommandOfTheReadmeIsAccepted() throws Exception {
        List<String> shown = blocks().stream()
                .flatMap(List::stream)
                .map(line -> line.replaceFirst("^\\$ ", ""))
                .filter(line -> line.startsWith("./gradus"))
                .toList();
        assertThat(shown).hasSizeGreaterThan(14).contains(TRAIN);
        assertThat(shown).allSatisfy(ReadmeTest::assertAccepted);
        Matcher named = Pattern.compile("`(?:GRADUS_BACKEND=cuda )?((?:\\./)?gradus [^`]*)`")
                .matcher(String.join("\n", lines()));
        int count = 0;
        while (named.find()) {
            assertAccepted(named.group(1));
            count++;
        }
        assertThat(count).isGreaterThan(5);
    }

    /// Those of the help too.
    @Test
    void t4_everyExampleOfTheHelpIsAccepted() {
        List<String> examples = Stream.concat(Stream.of(gradus()), gradus().getSubcommands().values().stream())
                .flatMap(command -> command.getUsageMessage(Ansi.OFF).lines())
                .filter(line -> line.startsWith("  gradus "))
                .map(String::strip)
                .toList();
        assertThat(examples).hasSizeGreaterThan(10);
        assertThat(examples).allSatisfy(ReadmeTest::assertAccepted);
    }

    @Test
    void t4_theComponentsAreThoseOfTheReadme() throws Exception {
        List<String> shown = blockWith("--model.attention");
        List<String> printed = Cli.run("components").out().lines().toList();
        int from = printed.indexOf(shown.get(2));
        assertThat(shown.get(1)).isEqualTo("  …");
        assertThat(printed).startsWith(shown.getFirst());
        assertThat(printed.subList(from, from + shown.size() - 2)).isEqualTo(shown.subList(2, shown.size()));
    }

    @Test
    void t4_theTokenizerIsTrainedAsTheReadmeShows() throws Exception {
        List<String> shown = blockWith("$ ./gradus tokenizer train");
        Path out = folder.resolve("bpe");
        String[] command = words(shown.getFirst().substring(2));
        for (int i = 0; i < command.length; i++) {
            command[i] = command[i].replace("runs/bpe", out.toString());
        }
        Cli trained = Cli.run(command);
        assertThat(trained.code()).isZero();
        assertThat(withoutTimes(trained.err().lines().toList().getLast().replace(out.toString(), "runs/bpe")))
                .isEqualTo(withoutTimes(shown.get(1)));
    }

    private static String withoutTimes(String line) {
        return line.replaceFirst("in [0-9.]+ s,", "in a time,");
    }

    /// What a training says, line by line, as kinds: repeated kinds once, text of samples left out.
    private static List<String> kinds(List<String> said) {
        List<String> kinds = new ArrayList<>();
        for (String line : said) {
            String kind = NUMBER.matcher(line.replaceFirst("^[^:]*: (?=# characters|[0-9,]+ characters)", "DATA: "))
                    .replaceAll("#")
                    .replaceFirst(", #:# left|, # left", "")
                    .replaceFirst(" is in .*", " is in RUN");
            if (kind.matches("(DATA|GPT|step|measuring|everything).*") && !kinds.contains(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    @Test
    void t4_aTrainingSaysWhatTheReadmeShows() throws Exception {
        String[] training = Cli.arguments(Cli.text(folder), folder.resolve("run"), "--steps", "8");
        Cli said = Cli.run(training);
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(kinds(said.err().lines().toList())).isEqualTo(kinds(blockWith("wordnet: ")));
    }

    /// The folder holds the files that the README names.
    @Test
    void t4_theRunsFolderHoldsWhatTheReadmeNames() throws Exception {
        Path run = folder.resolve("run");
        assertThat(Cli.train(Cli.text(folder), run).code()).isZero();
        String text = String.join(" ", lines());
        String sentence = text.substring(
                text.indexOf("The folder in the last line holds"), text.indexOf("Ctrl-C ends the training"));
        Matcher file = Pattern.compile("`([a-z]+\\.[a-z]+)`").matcher(sentence);
        List<String> named = file.results().map(match -> match.group(1)).toList();
        assertThat(named)
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(run.resolve(name)).isNotEmptyFile());
    }
}
