package gradus.train.pretrained;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of a model in a folder into which another model is written: what the other one does not replace
/// would be read as if it belonged to it. Files that are no model's are left alone.
public final class EarlierFiles {
    private static final Pattern OF_A_MODEL = Pattern.compile("config\\.json|generation_config\\.json"
            + "|(?:model|pytorch_model)(?:-[0-9]+-of-[0-9]+)?\\.(?:safetensors|bin)"
            + "|(?:model\\.safetensors|pytorch_model\\.bin)\\.index\\.json"
            + "|tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json|added_tokens\\.json"
            + "|vocab\\.json|vocab\\.txt|merges\\.txt|tokenizer\\.model|chat_template\\.jinja"
            + "|modules\\.json|sentence_bert_config\\.json|config_sentence_transformers\\.json");

    private final Map<Path, FileTime> files = new HashMap<>();

    /// Those that are there now.
    ///
    /// @throws ResourceException if they cannot be listed
    public EarlierFiles(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(EarlierFiles::isOfAModel).toList()) {
                files.put(file, Files.getLastModifiedTime(file));
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            files.clear();
        } catch (IOException e) {
            throw new ResourceException(folder + " cannot be listed: " + FileReason.of(e), e);
        }
    }

    private static boolean isOfAModel(Path file) {
        return OF_A_MODEL.matcher(file.getFileName().toString()).matches();
    }

    /// Removes those that were not written since.
    ///
    /// @return their names, in order
    /// @throws ResourceException if one cannot be removed
    public List<String> removeUnwritten() {
        List<Path> unwritten =
                files.keySet().stream().filter(this::isAsBefore).sorted().toList();
        for (Path file : unwritten) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new ResourceException(file + " of an earlier model cannot be removed: " + FileReason.of(e), e);
            }
        }
        return unwritten.stream().map(file -> file.getFileName().toString()).toList();
    }

    private boolean isAsBefore(Path file) {
        try {
            return Files.getLastModifiedTime(file).equals(files.get(file));
        } catch (IOException gone) {
            return false;
        }
    }
}
