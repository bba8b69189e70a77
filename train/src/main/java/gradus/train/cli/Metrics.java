package gradus.train.cli;

import gradus.error.CorruptCheckpointException;
import gradus.error.ResourceException;
import gradus.train.EvaluationReport;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
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
    private final FileChannel channel;
    private final BufferedWriter writer;
    private final List<Point> training = new ArrayList<>();
    private final List<Point> validation = new ArrayList<>();

    /// A loss at a step.
    record Point(int step, double loss) {}

    /// Opens a file; [#goOn] is to follow.
    Metrics(Path file, BitsPerByte bits) {
        this.file = file;
        this.bits = bits;
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Keeps the lines up to a position, which [#position] told, and drops what follows: it was of steps that
    /// are to be done again.
    ///
    /// @throws CorruptCheckpointException if these lines are not there
    void goOn(long position) {
        try {
            if (channel.size() < position) {
                throw new CorruptCheckpointException("%s: has %s bytes; the checkpoint knows of %s; something cut it"
                        .formatted(file, channel.size(), position));
            }
            ByteBuffer kept = ByteBuffer.allocate(Math.toIntExact(position));
            while (kept.hasRemaining()) {
                channel.read(kept, kept.position());
            }
            StandardCharsets.UTF_8.decode(kept.flip()).toString().lines().forEach(this::remember);
            channel.truncate(position).position(position);
        } catch (JacksonException e) {
            throw new CorruptCheckpointException(file + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void remember(String json) {
        JsonNode line = JSON.readTree(json);
        if (line.has("loss")) {
            training.add(new Point(line.get("step").asInt(), line.get("loss").asDouble()));
        } else {
            validation.add(new Point(
                    line.get("step").asInt(), line.get("validationLoss").asDouble()));
        }
    }

    /// Forces the lines so far to the disk and tells how many bytes they are.
    long position() {
        try {
            writer.flush();
            channel.force(false);
            return channel.position();
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
