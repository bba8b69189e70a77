package gradus.lessons.retrieve.extract;

import gradus.lessons.retrieve.chunk.structure.MarkdownOutline;
import java.nio.file.Path;

/// Markdown. Its text is the file's own, marks included: they are few, and the offsets are those of the file.
public record MarkdownText() implements Extractor {
    @Override
    public Extracted extract(Path file) {
        String text = TextFiles.read(file);
        return new Extracted(text, new MarkdownOutline().parts(text));
    }
}
