package gradus.train.cli;

import gradus.error.ResourceException;
import gradus.train.EvaluationReport;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes `metrics.jsonl`, one JSON object a line, and remembers the losses for the plot.
/// ```
/// {"step":250,"loss":2.31,"lr":9.8E-4,"gradNorm":0.8,"tokensPerSecond":38211.0}
/// {"step":250,"validationLoss":2.27,"bitsPerByte":3.27,"whole":false}
/// ```
final class Metrics implements TrainingListener, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final BitsPerByte bits;
    private final BufferedWriter writer;
    private final List<Point> training = new ArrayList<>();
    private final List<Point> validation = new ArrayList<>();

    /// A loss at a step.
    record Point(int step, double loss) {}

    Metrics(Path file, BitsPerByte bits) {
        this.file = file;
        this.bits = bits;
        try {
            this.writer = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    List<Point> training() {
        return training;
    }

    List<Point> validation() {
        return validation;
    }

    @Override
    public void onStep(StepReport report) {
        training.add(new Point(report.step(), report.loss()));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", report.step());
        line.put("loss", report.loss());
        line.put("lr", report.learningRate());
        line.put("gradNorm", report.gradNorm());
        line.put("tokensPerSecond", report.tokensPerSecond());
        if (report.skipped()) {
            line.put("skipped", true);
        }
        write(line, false);
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        validation.add(new Point(report.step(), report.validationLoss()));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", report.step());
        line.put("validationLoss", report.validationLoss());
        line.put("bitsPerByte", bits.of(report.validationLoss()));
        line.put("whole", report.whole());
        write(line, true);
    }

    private void write(Map<String, Object> line, boolean flush) {
        try {
            writer.write(JSON.writeValueAsString(line));
            writer.write('\n');
            if (flush) {
                writer.flush();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private ResourceException failure(IOException e) {
        return new ResourceException(file + " cannot be written: " + RunFolder.reason(e), e);
    }
}
