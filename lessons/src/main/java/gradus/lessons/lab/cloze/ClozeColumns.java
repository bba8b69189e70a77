package gradus.lessons.lab.cloze;

import gradus.train.checkpoint.CheckpointJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The columns of the table, each kept in a file of the lab's folder, `column-64.json`, with the settings that it
/// was measured with: an experiment that was interrupted goes on, and one with more numbers of examples measures
/// those only.
///
/// @param plan       what is measured
/// @param unlabelled texts of the auxiliary loss
record ClozeColumns(ClozePlan plan, List<String> unlabelled) {
    /// What was found with one number of examples.
    ///
    /// @param rates that were chosen
    /// @param found for each seed, accuracies from 0 to 1 by the names of the ways
    record Column(ClozeTrial.Rates rates, List<SequencedMap<String, Double>> found) {}

    /// The column of a number of examples.
    ///
    /// @param measure is asked where no file has it with these settings
    Column of(int examples, IntFunction<Column> measure) {
        Path file = plan.out().resolve("column-" + examples + ".json");
        ObjectNode settings = settings(file, examples);
        if (Files.exists(file)) {
            ObjectNode kept = CheckpointJson.read(file);
            if (settings.equals(kept.path("settings"))) {
                return read(kept);
            }
        }
        Column column = measure.apply(examples);
        CheckpointJson.write(file, written(settings, column));
        return column;
    }

    /// As they are read again.
    private ObjectNode settings(Path file, int examples) {
        ObjectNode settings = CheckpointJson.object()
                .put("baseSteps", plan.baseSteps())
                .put("steps", plan.steps(examples))
                .put("seeds", plan.seeds())
                .put("others", examples <= plan.most())
                .put("alpha", plan.alpha());
        if (plan.alpha() > 0) {
            settings.put("unlabelled", unlabelled.hashCode());
        }
        ArrayNode rates = settings.putArray("rates");
        plan.rates().forEach(rates::add);
        return CheckpointJson.parse(file, "", settings.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode written(ObjectNode settings, Column column) {
        ObjectNode json = CheckpointJson.object();
        json.set("settings", settings);
        json.put("cls", column.rates.cls()).put("cloze", column.rates.cloze());
        ArrayNode found = json.putArray("found");
        column.found.forEach(seed -> {
            ObjectNode ways = found.addObject();
            seed.forEach(ways::put);
        });
        return json;
    }

    private static Column read(ObjectNode json) {
        List<SequencedMap<String, Double>> found = new ArrayList<>();
        for (JsonNode seed : json.path("found")) {
            SequencedMap<String, Double> ways = new LinkedHashMap<>();
            seed.properties()
                    .forEach(way -> ways.put(way.getKey(), way.getValue().asDouble()));
            found.add(ways);
        }
        return new Column(
                new ClozeTrial.Rates(
                        json.path("cls").asDouble(), json.path("cloze").asDouble()),
                found);
    }
}
