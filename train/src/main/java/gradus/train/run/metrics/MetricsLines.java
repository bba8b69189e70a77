package gradus.train.run.metrics;

import gradus.train.checkpoint.TrainingProgress;
import gradus.train.run.plot.Curve;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Goes through an earlier `metrics.jsonl`, line by line, however long it is, and finds where the lines end
/// that a checkpoint knows of: those of its steps, the last evaluation only if it came before the checkpoint.
final class MetricsLines {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final int LONGEST = 1 << 16; // bytes of a line that is looked at

    private final Path file;
    private final Optional<TrainingProgress> from;
    private final Curve training;
    private final Curve validation;
    private long position; // behind the last whole line
    private long number; // of that line
    private long firstForeign; // number of the first line that is none of ours
    private int lastStep; // of the training lines kept

    /// @param from where the training goes on; nothing at its beginning
    MetricsLines(Path file, Optional<TrainingProgress> from, Curve training, Curve validation) {
        this.file = file;
        this.from = from;
        this.training = training;
        this.validation = validation;
    }

    /// Hands the losses of the lines that stay to the curves.
    ///
    /// @return how many bytes stay
    long read() throws IOException {
        if (from.isEmpty()) {
            return 0;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long length = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                length++;
                if (b != '\n') {
                    if (line.size() < LONGEST) {
                        line.write(b);
                    }
                } else if (stays(length > LONGEST ? "" : line.toString(StandardCharsets.UTF_8))) {
                    position += length;
                    length = 0;
                    line.reset();
                } else {
                    return position;
                }
            }
        }
        return position; // a last line without an end was cut
    }

    private boolean stays(String text) {
        number++;
        JsonNode line = object(text);
        boolean step = line != null && isNumber(line.path("loss"));
        boolean evaluation = line != null && isNumber(line.path("validationLoss"));
        if (!step && !evaluation || !line.path("step").isIntegralNumber()) {
            firstForeign = firstForeign == 0 ? number : firstForeign;
            return true;
        }
        int at = line.path("step").asInt(Integer.MAX_VALUE);
        TrainingProgress known = from.orElseThrow();
        if (at > known.step() || evaluation && at == known.step() && known.evaluatedAt() != at) {
            return false;
        }
        if (step) {
            training.add(at, line.path("loss").asDouble(Double.NaN));
            lastStep = at;
        } else {
            validation.add(at, line.path("validationLoss").asDouble(Double.NaN));
        }
        return true;
    }

    /// Those that are not finite are written as texts.
    private static boolean isNumber(JsonNode value) {
        return value.isNumber() || value.isString() && NOT_FINITE.contains(value.stringValue());
    }

    /// Null if it is none.
    private static JsonNode object(String text) {
        try {
            JsonNode line = JSON.readTree(text);
            return line != null && line.isObject() ? line : null;
        } catch (JacksonException foreign) {
            return null;
        }
    }

    /// What is wrong with the lines that stay, if anything is.
    Optional<String> fault() {
        if (from.isPresent() && lastStep < from.get().step()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%s: the lines from step %,d to %,d are missing; something cut it. The training goes on without them",
                    file,
                    lastStep + 1,
                    from.get().step()));
        }
        return firstForeign == 0
                ? Optional.empty()
                : Optional.of("%s:%s: is no line of this program's; it stays, and is left out of loss.png"
                        .formatted(file, firstForeign));
    }
}
