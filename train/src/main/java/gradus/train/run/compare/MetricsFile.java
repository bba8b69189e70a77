package gradus.train.run.compare;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a run's `metrics.jsonl` holds, in the order of its lines. A run that is still being written may end in
/// the middle of a line, and other programs may have written into the file: neither keeps the rest from being
/// read.
///
/// @param steps       the lines of steps
/// @param evaluations those of evaluations
/// @param faults      what could not be read, each in one sentence
public record MetricsFile(List<Row> steps, List<Row> evaluations, List<String> faults) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final String STEP = "step";
    private static final String LOSS = "loss";
    private static final String VALIDATION_LOSS = "validationLoss";

    /// One line.
    ///
    /// @param numbers by name, without the step; some may not be finite
    /// @param whole   whether an evaluation was of all the text held back
    /// @param time    when it was written, in milliseconds since 1970; empty if the line does not tell
    public record Row(int step, SequencedMap<String, Double> numbers, boolean whole, OptionalLong time) {
        /// NaN if the line does not tell.
        public double number(String name) {
            return numbers.getOrDefault(name, Double.NaN);
        }

        /// How many tokens the training had read.
        public OptionalLong tokens() {
            return numbers.containsKey("tokens")
                    ? OptionalLong.of(numbers.get("tokens").longValue())
                    : OptionalLong.empty();
        }
    }

    /// Reads a file.
    ///
    /// @throws ResourceException if it cannot be read
    public static MetricsFile read(Path file) {
        List<Row> steps = new ArrayList<>();
        List<Row> evaluations = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        int foreign = 0;
        int first = 0;
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(Files.newInputStream(file), decoder))) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                Optional<JsonNode> object = object(line);
                boolean step = object.isPresent() && isNumber(object.get().path(LOSS));
                boolean evaluation = object.isPresent() && isNumber(object.get().path(VALIDATION_LOSS));
                if (!step && !evaluation || !object.get().path(STEP).canConvertToInt()) {
                    if (!line.isBlank()) {
                        first = first == 0 ? number : first;
                        foreign++;
                    }
                    continue;
                }
                (step ? steps : evaluations).add(row(object.get()));
            }
            if (foreign == 1 && first == number) {
                faults.add("%s:%s: the last line is cut; it is left out".formatted(file, first));
            } else if (foreign > 0) {
                faults.add("%s:%s: is no line of this program's; %s left out"
                        .formatted(file, first, foreign == 1 ? "it is" : foreign + " such lines are"));
            }
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be read: " + FileReason.of(e), e);
        }
        return new MetricsFile(List.copyOf(steps), List.copyOf(evaluations), List.copyOf(faults));
    }

    private static Optional<JsonNode> object(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line)).filter(JsonNode::isObject);
        } catch (JacksonException foreign) {
            return Optional.empty();
        }
    }

    private static Row row(JsonNode line) {
        SequencedMap<String, Double> numbers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : line.properties()) {
            if (!each.getKey().equals(STEP) && isNumber(each.getValue())) {
                numbers.put(each.getKey(), number(each.getValue()));
            }
        }
        return new Row(line.path(STEP).intValue(), numbers, line.path("whole").asBoolean(false), time(line));
    }

    private static OptionalLong time(JsonNode line) {
        try {
            return OptionalLong.of(Instant.parse(line.path("time").asString("")).toEpochMilli());
        } catch (DateTimeParseException none) {
            return OptionalLong.empty();
        }
    }

    /// Those that are not finite are written as texts.
    private static boolean isNumber(JsonNode value) {
        return value.isNumber() || value.isString() && NOT_FINITE.contains(value.stringValue());
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : Double.parseDouble(value.stringValue());
    }
}
