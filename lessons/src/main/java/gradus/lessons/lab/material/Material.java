package gradus.lessons.lab.material;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.TextModel;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.SavedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Trained models in a folder, each in a folder of its own: `addition-reversed-3` holds what the recipe
/// `addition-reversed` makes of seed 3, as an ordinary Hugging Face folder, and beside it `material.json` with
/// the plan, the time it took and what was measured on the way.
/// ```java
/// Material material = new Material(Path.of("lab/material"), System.err::println);
/// TextModel model = material.text(recipe, 3); // trained now, or opened
/// ```
/// A model is trained where there is none, or where it was made by another plan. It is trained beside its place
/// and moved there when it is whole: a training that was killed leaves nothing that looks like a model.
public final class Material {
    private static final String NOTE = "material.json";

    private final Path path;
    private final Consumer<String> say;

    /// @param path is made where it is missing, with the first model
    /// @param say  hears what is trained, and how that goes
    public Material(Path path, Consumer<String> say) {
        this.path = path;
        this.say = say;
    }

    /// The folder of what a recipe makes of a seed.
    ///
    /// @throws DataException     if there is a folder in its place that is no material
    /// @throws ResourceException if it cannot be written
    public Path folder(Recipe recipe, long seed) {
        require(
                recipe.name().matches("[a-z0-9]+(-[a-z0-9]+)*"),
                "the name of a recipe is of small letters, digits and hyphens; got %s",
                recipe.name());
        Path folder = path.resolve(recipe.name() + "-" + seed);
        if (!isMade(folder, recipe, seed)) {
            make(folder, recipe, seed);
        }
        return folder;
    }

    /// What a recipe makes of a seed, if it is a language model.
    public SavedModel model(Recipe recipe, long seed) {
        return SavedModel.open(folder(recipe, seed));
    }

    /// The same, to be prompted.
    public TextModel text(Recipe recipe, long seed) {
        return LocalModel.open(folder(recipe, seed));
    }

    /// What was measured while it was trained.
    public JsonNode measured(Recipe recipe, long seed) {
        return CheckpointJson.read(folder(recipe, seed).resolve(NOTE)).path("measured");
    }

    private static boolean isMade(Path folder, Recipe recipe, long seed) {
        if (!Files.exists(folder)) {
            return false;
        }
        if (!Files.isRegularFile(folder.resolve(NOTE))) {
            throw new DataException(
                    folder + " holds no " + NOTE + ", so it is not replaced; remove it, or name another folder");
        }
        JsonNode note = CheckpointJson.read(folder.resolve(NOTE));
        ObjectNode asked = note(recipe, seed);
        return asked.properties().stream().allMatch(each -> each.getValue().equals(note.get(each.getKey())));
    }

    /// As it is read again: a number of a record that is a float, say, is none in a file.
    private static ObjectNode note(Recipe recipe, long seed) {
        ObjectNode note = CheckpointJson.object().put("recipe", recipe.name()).put("seed", seed);
        note.set("plan", recipe.plan());
        return CheckpointJson.parse(Path.of(NOTE), "", note.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void make(Path folder, Recipe recipe, long seed) {
        Path part = folder.resolveSibling(folder.getFileName() + ".part");
        say.accept(folder.getFileName() + " is trained");
        long start = System.nanoTime();
        try {
            remove(part);
            Files.createDirectories(part);
            ObjectNode note = note(recipe, seed);
            JsonNode measured = JsonMapper.shared().valueToTree(recipe.train(part, seed, say));
            double seconds = Math.round((System.nanoTime() - start) * 1e-8) / 10.0;
            note.put("seconds", seconds);
            note.set("measured", measured);
            CheckpointJson.write(part.resolve(NOTE), note);
            remove(folder);
            Files.move(part, folder);
            say.accept(String.format(Locale.ROOT, "%s took %.1f s", folder.getFileName(), seconds));
        } catch (IOException e) {
            throw new ResourceException(folder + " cannot be written: " + FileReason.of(e), e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
