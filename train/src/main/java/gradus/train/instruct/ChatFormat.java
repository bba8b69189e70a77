package gradus.train.instruct;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.UsageException;
import gradus.tokenizer.chat.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/// How conversations are written for a base that has no chat template of its own, or another one than it has.
///
/// @param template the Jinja text
/// @param markers  special tokens that it writes and the vocabulary must have; the last one closes a turn
public record ChatFormat(String template, List<String> markers) {

    /// ChatML, of which many published models' templates are variants. Its two markers become tokens of the
    /// vocabulary.
    public static final ChatFormat CHATML = new ChatFormat("""
            {%- for message in messages %}
                {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|im_start|>assistant\\n' }}
            {%- endif %}
            """.strip(), List.of("<|im_start|>", "<|im_end|>"));

    /// Headings in plain text, which every vocabulary can spell; the base's own end of a text closes a turn of
    /// the assistant.
    public static final ChatFormat PLAIN = new ChatFormat("""
            {%- for message in messages %}
                {%- if message['role'] == 'system' %}
                    {{- message['content'] + '\\n\\n' }}
                {%- elif message['role'] == 'assistant' %}
                    {{- 'Assistant:\\n' + message['content'] + eos_token + '\\n' }}
                {%- else %}
                    {{- 'User:\\n' + message['content'] + '\\n' }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- 'Assistant:\\n' }}
            {%- endif %}
            """.strip(), List.of());

    /// `chatml`, `plain`, or a file with a template.
    ///
    /// @throws UsageException if it is none of these
    /// @throws DataException  if the file cannot be read
    public static ChatFormat of(String choice) {
        return switch (choice) {
            case "chatml" -> CHATML;
            case "plain" -> PLAIN;
            default -> ofFile(choice);
        };
    }

    private static ChatFormat ofFile(String choice) {
        try {
            Path file = Path.of(choice);
            if (!Files.isRegularFile(file)) {
                throw new UsageException(
                        "--chat-template: " + choice + " is neither chatml nor plain nor a file with a template");
            }
            String text = Files.readString(file);
            ChatTemplate.of(text);
            return new ChatFormat(text, List.of());
        } catch (InvalidPathException noPath) {
            throw new UsageException("--chat-template: " + choice + " is no name of a file", noPath);
        } catch (IOException failure) {
            throw new DataException("%s: cannot be read: %s".formatted(choice, FileReason.of(failure)), failure);
        }
    }
}
