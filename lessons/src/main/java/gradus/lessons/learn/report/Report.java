package gradus.lessons.learn.report;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.Progress;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.submissions.Grades;
import gradus.lessons.learn.submissions.GradesXml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the graders said of all exercises of a folder, for other programs.
public record Report(List<Line> lines) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// One exercise.
    ///
    /// @param verdict of what stands in the file now
    /// @param entry   what the folder's `progress.txt` says: hints, and whether it was given up
    /// @param millis  how long grading took
    public record Line(Exercise exercise, Verdict verdict, Progress.Entry entry, long millis) {}

    public Report {
        lines = List.copyOf(lines);
    }

    private long passed() {
        return lines.stream().filter(each -> each.verdict.passed()).count();
    }

    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("exercises", lines.size());
        root.put("right", passed());
        ArrayNode results = root.putArray("results");
        for (Line line : lines) {
            ObjectNode result = results.addObject();
            result.put("exercise", line.exercise.toString());
            result.put("title", line.exercise.title());
            result.put("right", line.verdict.passed());
            result.put("verdict", line.verdict.kind().name().toLowerCase(Locale.ROOT));
            result.put("sentence", line.verdict.sentence());
            ArrayNode details = result.putArray("details");
            line.verdict.details().forEach(details::add);
            result.put("state", line.entry.state().toString());
            result.put("hints", line.entry.hints());
            if (line.entry.date() != null) {
                result.put("since", line.entry.date().toString());
            }
        }
        return JSON.writeValueAsString(root) + "\n";
    }

    /// One test for each exercise, in the form that build servers read.
    ///
    /// @param name of the learner's folder
    public String junit(String name) {
        List<Grades.Result> results = lines.stream()
                .map(each -> new Grades.Result(each.exercise.toString(), each.verdict, each.millis))
                .toList();
        return GradesXml.of(new Grades("", List.of(new Grades.Submission(name, results))));
    }

    /// @throws ResourceException if it cannot be written
    public static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
