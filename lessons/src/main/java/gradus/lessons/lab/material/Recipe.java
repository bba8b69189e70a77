package gradus.lessons.lab.material;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How a model is made from nothing: what it learns, how large it is, for how long. A recipe is a record, whose
/// components are its plan; the same plan with the same seed makes the same model.
public interface Recipe {
    /// What it is called, of small letters, digits and hyphens, such as `addition-reversed`. Recipes of one
    /// name that differ in their plans take each other's place.
    String name();

    /// Trains the model and writes it: as a Hugging Face folder, if it reads and writes text, by
    /// [gradus.train.pretrained.HuggingFaceFolder#save].
    ///
    /// @param folder is there and is empty
    /// @param seed   of every number that is drawn
    /// @param say    hears how it goes
    /// @return what was measured on the way, kept as JSON beside the model; may be empty
    Map<String, ?> train(Path folder, long seed, Consumer<String> say);

    /// All that decides what is made, besides the name and the seed: the components of the record.
    default JsonNode plan() {
        return JsonMapper.shared().valueToTree(this);
    }
}
