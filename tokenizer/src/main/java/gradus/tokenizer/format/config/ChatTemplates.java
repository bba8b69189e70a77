package gradus.tokenizer.format.config;

import gradus.error.TokenizerException;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.json.FileFault;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The chat templates of a folder, by name, as their text stands: no template is run here. Files of their own
/// (chat_template.jinja, additional_chat_templates/NAME.jinja) take the place of what tokenizer_config.json
/// says.
public final class ChatTemplates {
    private static final String FILE = "chat_template.jinja";
    private static final String MORE = "additional_chat_templates";
    private static final String SUFFIX = ".jinja";

    private ChatTemplates() {}

    /// The templates of a folder; none where it has none.
    public static Map<String, String> read(Path folder) {
        Path config = folder.resolve("tokenizer_config.json");
        return read(
                folder,
                Files.isRegularFile(config)
                        ? JsonFile.read(config)
                        : new JsonFields(JsonFile.object(), config.toString(), ""));
    }

    static Map<String, String> read(Path folder, JsonFields config) {
        Map<String, String> files = files(folder);
        if (!files.isEmpty()) {
            return files;
        }
        Path older = folder.resolve("chat_template.json");
        if (!config.has("chat_template") && Files.isRegularFile(older)) {
            return named(JsonFile.read(older).check(TokenizerConfigKeys.TEMPLATE_FILE));
        }
        return named(config);
    }

    private static Map<String, String> files(Path folder) {
        var templates = new LinkedHashMap<String, String>();
        if (Files.isRegularFile(folder.resolve(FILE))) {
            templates.put(SpecialTokens.DEFAULT_TEMPLATE, TextLines.text(folder.resolve(FILE)));
        }
        Path more = folder.resolve(MORE);
        if (Files.isDirectory(more)) {
            for (Path file : sorted(more)) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    templates.put(name.substring(0, name.length() - SUFFIX.length()), TextLines.text(file));
                }
            }
        }
        return templates;
    }

    private static List<Path> sorted(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new TokenizerException(folder + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    /// One text, or a list of names and texts.
    private static Map<String, String> named(JsonFields file) {
        var templates = new LinkedHashMap<String, String>();
        if (!file.has("chat_template")) {
            return templates;
        }
        if (file.node().get("chat_template").isArray()) {
            for (JsonFields template : file.list("chat_template")) {
                template.check(TokenizerConfigKeys.NAMED_TEMPLATE);
                templates.put(template.text("name"), template.text("template"));
            }
        } else {
            templates.put(SpecialTokens.DEFAULT_TEMPLATE, file.text("chat_template"));
        }
        return templates;
    }
}
