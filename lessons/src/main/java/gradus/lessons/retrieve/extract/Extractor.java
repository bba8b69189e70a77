package gradus.lessons.retrieve.extract;

import java.nio.file.Path;
import java.util.Locale;

/// Reads what files of one format say.
@FunctionalInterface
public interface Extractor {
    /// The text of a file.
    ///
    /// @throws gradus.error.DataException in one line that names the file, if it cannot be read or is damaged
    Extracted extract(Path file);

    /// The extractor for a file, by the ending of its name: `.md` and `.markdown`, `.html`, `.htm` and
    /// `.xhtml`, `.pdf`; every other file is a text in UTF-8.
    static Extractor of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        int point = name.lastIndexOf('.');
        return switch (point < 0 ? "" : name.substring(point)) {
            case ".md", ".markdown" -> new MarkdownText();
            case ".html", ".htm", ".xhtml" -> new HtmlText();
            case ".pdf" -> new PdfText();
            default -> path -> Extracted.plain(TextFiles.read(path));
        };
    }
}
