package gradus.train.report;

import gradus.error.FileReason;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.compare.Comparison;
import gradus.train.run.compare.Measure;
import gradus.train.run.compare.RunGroup;
import gradus.train.run.compare.RunRecord;
import gradus.train.run.compare.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One page about runs: their curves, where their settings differ and what came of them, and what the models of
/// those that ended look like inside; of repetitions with other seeds, that of the first.
///
/// @param text    that is shown to the models; empty for a part of what each did not learn from
/// @param inside  whether models are looked into
/// @param refresh after how many seconds a browser loads the page anew; empty for never
/// @param say     takes a line about what could not be shown
public record Report(Optional<String> text, boolean inside, OptionalInt refresh, Consumer<String> say) {
    private static final List<Measure> SHOWN = List.of(
            Measure.VALIDATION_LOSS,
            Measure.BITS_PER_BYTE,
            Measure.LOWEST,
            Measure.TRAINING_LOSS,
            Measure.STEPS,
            Measure.TOKENS,
            Measure.SPEED);

    /// Writes the page.
    ///
    /// @throws ResourceException if it cannot be written
    public void write(Path file, List<RunRecord> runs) {
        String html = ReportPage.html(title(runs), data(runs), refresh);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, html);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING); // whoever looks sees a whole page
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }

    private static String title(List<RunRecord> runs) {
        return runs.size() == 1 ? runs.getFirst().name() : runs.size() + " runs";
    }

    ObjectNode data(List<RunRecord> runs) {
        ObjectNode json = CheckpointJson.object();
        ArrayNode all = json.putArray("runs");
        Set<RunRecord> firsts =
                RunGroup.of(runs).stream().map(group -> group.runs().getFirst()).collect(Collectors.toSet());
        for (RunRecord run : runs) {
            ObjectNode one = RunData.of(run);
            samples(run).ifPresent(samples -> one.put("samples", samples));
            if (inside && firsts.contains(run)) {
                look(run).ifPresent(seen -> one.set("inside", seen));
            }
            all.add(one);
        }
        if (runs.size() > 1) {
            compare(runs, json);
        }
        return json;
    }

    private static Optional<String> samples(RunRecord run) {
        try {
            return Optional.of(Files.readString(run.folder().samples())).filter(text -> !text.isBlank());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /// A model that cannot be looked into is no reason to show no curves.
    private Optional<ObjectNode> look(RunRecord run) {
        Optional<Subject> subject = run.writing() ? Optional.empty() : Subjects.of(run.folder(), say);
        if (subject.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> read = text.or(() -> Subjects.text(subject.get(), run.folder(), say));
        try {
            return read.flatMap(shown -> Inside.of(subject.get(), shown));
        } catch (GradusException cannot) {
            say.accept(run.name() + ": the model cannot be looked into: " + cannot.getMessage());
            return Optional.empty();
        }
    }

    private static void compare(List<RunRecord> runs, ObjectNode json) {
        Comparison comparison = new Comparison(runs, List.of());
        List<RunGroup> groups = comparison.groups();
        ArrayNode notes = json.putArray("notes");
        comparison.notes().forEach(notes::add);
        ArrayNode differences = json.putArray("differences");
        differences.add(row("setting", groups.stream().map(RunGroup::name).toList()));
        SettingsTable.of(groups).rows().forEach(each -> differences.add(row(each.name(), each.values())));
        ArrayNode results = json.putArray("results");
        results.add(row("run", SHOWN.stream().map(Measure::name).toList()));
        for (RunGroup group : groups) {
            results.add(row(
                    group.name(),
                    SHOWN.stream()
                            .map(measure -> measure.shown(group.mean(measure)))
                            .toList()));
        }
    }

    private static ArrayNode row(String first, List<String> others) {
        List<String> cells = new ArrayList<>(List.of(first));
        cells.addAll(others);
        ArrayNode row = CheckpointJson.object().putArray("row");
        cells.forEach(row::add);
        return row;
    }
}
