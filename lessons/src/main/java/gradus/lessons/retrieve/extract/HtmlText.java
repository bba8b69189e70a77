package gradus.lessons.retrieve.extract;

import gradus.error.DataException;
import gradus.lessons.retrieve.chunk.structure.Headings;
import gradus.lessons.retrieve.chunk.structure.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/// HTML, as a reader in a browser sees it: without tags, scripts and styles, a blank line between paragraphs,
/// spaces and line breaks as one space but in `<pre>`. In UTF-8, or in the encoding that it declares.
public record HtmlText() implements Extractor {
    private static final Set<String> UNSEEN =
            Set.of("head", "script", "style", "noscript", "template", "svg", "iframe", "object");
    private static final Set<String> LINES = Set.of("br", "li", "tr", "dt", "dd", "option");

    @Override
    public Extracted extract(Path file) {
        Writing writing = new Writing();
        Jsoup.parse(text(file)).body().filter(writing);
        return new Extracted(Characters.whole(writing.text.toString().stripTrailing()), writing.parts);
    }

    private static String text(Path file) {
        byte[] bytes = TextFiles.bytes(file);
        try {
            return TextFiles.text(file, bytes);
        } catch (DataException otherEncoding) {
            try {
                var document = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
                if (document.charset().equals(StandardCharsets.UTF_8)) {
                    throw otherEncoding;
                }
                return new String(bytes, document.charset());
            } catch (IOException | IllegalArgumentException unknown) {
                throw otherEncoding;
            }
        }
    }

    /// Collects the text. Walks without recursion, since files nest as deep as they like.
    private static final class Writing implements NodeFilter {
        private final StringBuilder text = new StringBuilder();
        private final List<Part> parts = new ArrayList<>();
        private final Headings headings = new Headings();
        private String gap = ""; // what stands before the next word
        private boolean begins = true; // whether the next word begins a part
        private int preformatted;

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode words) {
                if (preformatted > 0) {
                    writeAsItIs(words.getWholeText());
                } else {
                    write(words.getWholeText().replaceAll("\\s+", " "));
                }
                return FilterResult.CONTINUE;
            }
            if (!(node instanceof Element element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            if (UNSEEN.contains(element.normalName())) {
                return FilterResult.SKIP_ENTIRELY;
            }
            breakAround(element);
            if (element.normalName().equals("pre")) {
                preformatted++;
            }
            if (element.normalName().matches("h[1-6]")) {
                headings.enter(element.normalName().charAt(1) - '0', element.text());
            }
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                breakAround(element);
                if (element.normalName().equals("pre")) {
                    preformatted--;
                }
            }
            return FilterResult.CONTINUE;
        }

        private void breakAround(Element element) {
            String name = element.normalName();
            if (LINES.contains(name)) {
                gap = gap.length() < 2 || gap.equals(" ") ? "\n" : gap;
                begins = true;
            } else if (name.equals("td") || name.equals("th")) {
                gap = gap.isEmpty() ? " " : gap;
            } else if (element.isBlock()) {
                gap = "\n\n";
                begins = true;
            }
        }

        private void write(String words) {
            String stripped = words.strip();
            if (stripped.isEmpty()) {
                gap = gap.isEmpty() && !words.isEmpty() ? " " : gap;
                return;
            }
            if (!Character.isWhitespace(words.charAt(0)) || !gap.isEmpty()) {
                text.append(text.isEmpty() ? "" : gap);
            } else {
                text.append(text.isEmpty() ? "" : " ");
            }
            begin();
            text.append(stripped);
            gap = Character.isWhitespace(words.charAt(words.length() - 1)) ? " " : "";
        }

        /// With its spaces and line breaks, also those between two elements: a listing in colours is an element
        /// for each word.
        private void writeAsItIs(String words) {
            String kept = words.stripTrailing();
            if (kept.isEmpty()) {
                gap += words;
                return;
            }
            text.append(text.isEmpty() ? "" : gap);
            begin();
            text.append(kept);
            gap = words.substring(kept.length());
        }

        private void begin() {
            if (begins) {
                parts.add(new Part(text.length(), headings.path()));
                begins = false;
            }
        }
    }
}
