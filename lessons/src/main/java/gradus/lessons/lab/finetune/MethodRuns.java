package gradus.lessons.lab.finetune;

import gradus.error.ResourceException;
import gradus.lessons.learn.worker.Launch;
import gradus.train.TrainingListener;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// All runs of one method in a process of its own, so that its peak of memory is its own: first each of its
/// learning rates with one seed, then the best one with the other seeds.
final class MethodRuns {
    private static final JsonMapper JSON = new JsonMapper();

    private MethodRuns() {}

    /// The findings of a method, which are computed unless a file of this plan holds them.
    static List<Finding> of(LabPlan plan, Contender contender) throws InterruptedException {
        Path file = plan.out()
                .resolve("%s-%s-%s-%s-%s.jsonl"
                        .formatted(contender.name(), plan.baseText(), plan.baseSteps(), plan.steps(), plan.seeds()));
        if (!Files.exists(file)) {
            start(plan, contender, file);
        }
        return read(file);
    }

    private static void start(LabPlan plan, Contender contender, Path file) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", Launch.classPath(), MethodRuns.class.getName()));
        command.addAll(List.of(
                plan.out().toString(),
                plan.baseText().name(),
                Integer.toString(plan.baseSteps()),
                Integer.toString(plan.steps()),
                Integer.toString(plan.seeds()),
                contender.name(),
                file.toString()));
        Process process = null;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
            if (process.waitFor() != 0) {
                throw new ResourceException("the process that fine-tunes by " + contender.name() + " ended with exit"
                        + " code " + process.exitValue());
            }
        } catch (IOException e) {
            throw new ResourceException("no process could be started: " + e.getMessage(), e);
        } finally {
            if (process != null) {
                process.destroy();
            }
        }
    }

    private static List<Finding> read(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> JSON.readValue(line, Finding.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the process does.
    public static void main(String[] arguments) throws IOException {
        LabPlan plan = new LabPlan(
                Path.of(arguments[0]),
                BaseText.valueOf(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                List.of());
        Contender contender = Contender.named(arguments[5]);
        Path file = Path.of(arguments[6]);
        List<Finding> findings = run(plan, contender, System.err);
        Path partly = Path.of(file + ".tmp");
        Files.write(partly, findings.stream().map(JSON::writeValueAsString).toList());
        Files.move(partly, file);
    }

    private static List<Finding> run(LabPlan plan, Contender contender, PrintStream out) {
        Trial trial = new Trial(plan, LabBase.folder(plan, new TrainingListener() {}));
        List<Finding> findings = new ArrayList<>();
        for (double rate : contender.rates()) {
            findings.add(said(trial.run(contender, rate, 1), out));
        }
        double best = Finding.best(findings).getFirst().rate();
        for (long seed = 2; seed <= plan.seeds(); seed++) {
            findings.add(said(trial.run(contender, best, seed), out));
        }
        return findings;
    }

    private static Finding said(Finding finding, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%-15s lr %-7s seed %d: new %.4f, old %.4f, %,.0f tokens/s%n",
                finding.method(),
                finding.rate(),
                finding.seed(),
                finding.newLoss(),
                finding.oldLoss(),
                finding.tokens());
        return finding;
    }
}
