package gradus.lessons.retrieve.chunk;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a [RecursiveChunker] cuts at, the coarsest first. The empty pattern means between any two units. Those
/// of languages are LangChain's, but that the dollars of LaTeX are dollars; there they are unescaped and mean
/// the end.
public final class Separators {
    /// Headings of Markdown, paragraphs, lines, sentences, words, characters.
    public static final List<Pattern> PROSE =
            of("\\n(?=#{1,6} )", "\\r?\\n\\s*\\n", "\\r?\\n", "(?<=[.?!])\\s+|(?<=[。？！])", "\\s+", "");

    /// Paragraphs, lines, words, characters: the default of LangChain.
    public static final List<Pattern> TEXT = of("\\n\\n", "\\n", " ", "");

    public static final List<Pattern> MARKDOWN =
            of("\\n#{1,6} ", "```\\n", "\\n\\*\\*\\*+\\n", "\\n---+\\n", "\\n___+\\n", "\\n\\n", "\\n", " ", "");

    public static final List<Pattern> JAVA = of(
            "\\nclass ",
            "\\npublic ",
            "\\nprotected ",
            "\\nprivate ",
            "\\nstatic ",
            "\\nif ",
            "\\nfor ",
            "\\nwhile ",
            "\\nswitch ",
            "\\ncase ",
            "\\n\\n",
            "\\n",
            " ",
            "");

    public static final List<Pattern> PYTHON = of("\\nclass ", "\\ndef ", "\\n\\tdef ", "\\n\\n", "\\n", " ", "");

    public static final List<Pattern> LATEX = of(
            "\\n\\\\chapter\\{",
            "\\n\\\\section\\{",
            "\\n\\\\subsection\\{",
            "\\n\\\\subsubsection\\{",
            "\\n\\\\begin\\{enumerate\\}",
            "\\n\\\\begin\\{itemize\\}",
            "\\n\\\\begin\\{description\\}",
            "\\n\\\\begin\\{list\\}",
            "\\n\\\\begin\\{quote\\}",
            "\\n\\\\begin\\{quotation\\}",
            "\\n\\\\begin\\{verse\\}",
            "\\n\\\\begin\\{verbatim\\}",
            "\\n\\\\begin\\{align\\}",
            "\\$\\$",
            "\\$",
            " ",
            "");

    public static final List<Pattern> HTML = of(
            "<body", "<div", "<p", "<br", "<li", "<h1", "<h2", "<h3", "<h4", "<h5", "<h6", "<span", "<table", "<tr",
            "<td", "<th", "<ul", "<ol", "<header", "<footer", "<nav", "<head", "<style", "<script", "<meta", "<title",
            "");

    private Separators() {}

    private static List<Pattern> of(String... patterns) {
        return Stream.of(patterns).map(Pattern::compile).toList();
    }
}
