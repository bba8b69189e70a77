package gradus.train.run.metrics;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.train.EvaluationReport;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.run.plot.Curve;
import gradus.train.run.text.BitsPerByte;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Writes `metrics.jsonl`, one JSON object a line, and remembers the losses for the plot.
/// ```
/// {"step":250,"loss":2.31,"lr":9.8E-4,"gradNorm":0.8,"tokensPerSecond":38211.0,"tokens":192000,"time":"…Z"}
/// {"step":250,"validationLoss":2.27,"bitsPerByte":3.27,"whole":false,"tokens":192000,"time":"…Z"}
/// ```
/// A task may add numbers of its own to the lines of steps ([gradus.train.task.Task#metrics]), as
/// `"reward":0.42`. `tokens` are all that the training has seen so far, `time` is the wall clock's, in UTC.
/// Where the steps of a task differ in their tokens, or a loss is none of a whole text, `tokens` and
/// `bitsPerByte` are left out.
public final class Metrics implements TrainingListener, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private static final long SECOND = 1_000_000_000L;

    private final Path file;
    private final BitsPerByte bits;
    private final long tokensPerStep;
    private final FileChannel channel;
    private final BufferedWriter writer;
    private final Curve training = new Curve();
    private final Curve validation = new Curve();
    private long flushed = System.nanoTime();

    /// Opens a file; [#goOn] is to follow.
    ///
    /// @param bits          [BitsPerByte#UNKNOWN] to leave them out
    /// @param tokensPerStep 0 to leave them out
    public Metrics(Path file, BitsPerByte bits, long tokensPerStep) {
        this.file = file;
        this.bits = bits;
        this.tokensPerStep = tokensPerStep;
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Keeps the lines up to a checkpoint and drops what follows: it was of steps that are to be done again.
    /// Lines that are none of this program's stay where they are; neither they nor missing ones keep a
    /// training from going on, for all it takes from here is a picture.
    ///
    /// @param from nothing at the beginning
    /// @return what is wrong with the file, if anything is
    public Optional<String> goOn(Optional<TrainingProgress> from) {
        try {
            MetricsLines lines = new MetricsLines(file, from, training, validation);
            long end = lines.read();
            channel.truncate(end).position(end);
            return lines.fault();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Forces the lines so far to the disk and tells how many bytes they are.
    public long position() {
        try {
            writer.flush();
            channel.force(false);
            return channel.position();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    public Curve training() {
        return training;
    }

    public Curve validation() {
        return validation;
    }

    @Override
    public void onStep(StepReport report) {
        training.add(report.step(), report.loss());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", report.step());
        line.put("loss", report.loss());
        line.put("lr", report.learningRate());
        line.put("gradNorm", report.gradNorm());
        line.put("tokensPerSecond", report.tokensPerSecond());
        if (report.skipped()) {
            line.put("skipped", true);
        }
        line.putAll(report.metrics());
        write(line, report.step(), false);
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        validation.add(report.step(), report.validationLoss());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", report.step());
        line.put("validationLoss", report.validationLoss());
        if (bits.known()) {
            line.put("bitsPerByte", bits.of(report.validationLoss()));
        }
        line.put("whole", report.whole());
        write(line, report.step(), true);
    }

    private void write(Map<String, Object> line, int step, boolean flush) {
        if (tokensPerStep > 0) {
            line.put("tokens", step * tokensPerStep);
        }
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        try {
            writer.write(JSON.writeValueAsString(line));
            writer.write('\n');
            if (flush || System.nanoTime() - flushed > SECOND) { // so that others see what happens
                writer.flush();
                flushed = System.nanoTime();
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
        return new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
    }
}
