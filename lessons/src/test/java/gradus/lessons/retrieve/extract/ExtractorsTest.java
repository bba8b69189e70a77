package gradus.lessons.retrieve.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.search.Document;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ExtractorsTest {
    private static final String PAGE = """
            <!DOCTYPE html><html><head><title>Cats</title><style>p { color: red }</style></head><body>
            <script>alert("no text")</script>
            <h1>Big   cats</h1>
            <p>Tigers are <b>lar</b>ge&nbsp;feline
               animals. <i>They</i> swim.</p><!-- nothing -->
            <h2>Lions</h2>
            <ul><li>Lions live in prides.<li>They roar.</ul>
            <pre>  one
                two</pre>
            <table><tr><th>cat<td>9<tr><td>dog<td>10</table>
            line<br>break</body></html>
            """;

    @TempDir
    Path temporary;

    private Path file(String name, String text) throws Exception {
        return Files.writeString(temporary.resolve(name), text);
    }

    private Extracted read(String name, String text) throws Exception {
        Path file = file(name, text);
        return Extractor.of(file).extract(file);
    }

    @Test
    void htmlIsWhatABrowserShows() throws Exception {
        Extracted page = read("cats.html", PAGE);
        assertThat(page.text())
                .isEqualTo("Big cats\n\nTigers are large\u00a0feline animals. They swim.\n\nLions\n\n"
                        + "Lions live in prides.\nThey roar.\n\n  one\n    two\n\ncat 9\ndog 10\n\nline\nbreak");
        List<Document> documents = page.documents("f", ChunkSize.of(40));
        assertThat(documents.stream().map(Document::metadata).distinct())
                .containsExactly(Map.of("section", "Big cats"), Map.of("section", "Big cats > Lions"));
        assertOffsets(page, documents);
        assertThat(read("x.HTM", PAGE).text()).isEqualTo(page.text());
    }

    /// Each word of a listing in colours is an element of its own.
    @Test
    void aListingKeepsItsLinesAndItsIndentation() throws Exception {
        Extracted page = read("code.html", """
                <p>before</p><pre><b>int</b> <i>x</i>;
                <b>if</b> (x) {
                    <b>return</b>;
                }
                </pre>behind <pre>
                <code>a</code></pre>""");
        assertThat(page.text()).isEqualTo("before\n\nint x;\nif (x) {\n    return;\n}\n\nbehind\n\na");
        assertOffsets(page, page.documents("f", ChunkSize.of(12)));
    }

    /// A name without a point has no ending.
    @Test
    void theEndingDecides() {
        assertThat(Extractor.of(Path.of("a.MD"))).isInstanceOf(MarkdownText.class);
        assertThat(Extractor.of(Path.of("a.b.pdf"))).isInstanceOf(PdfText.class);
        for (String name : List.of("md", "html", "pdf", "a.md.txt", "amd")) {
            assertThat(Extractor.of(Path.of(name)))
                    .as(name)
                    .isNotInstanceOfAny(MarkdownText.class, HtmlText.class, PdfText.class);
        }
    }

    private static void assertOffsets(Extracted page, List<Document> documents) {
        assertThat(documents)
                .allSatisfy(each -> assertThat(page.text()
                                .substring(each.source().start(), each.source().end()))
                        .isEqualTo(each.text()));
        assertThat(documents.stream()
                        .map(Document::text)
                        .collect(Collectors.joining())
                        .replaceAll("\\s", ""))
                .isEqualTo(page.text().replaceAll("\\s", ""));
    }

    @Test
    void markdownKeepsItsTextAndItsHeadings() throws Exception {
        String text = "before\n\n# Cats\n\nTigers swim.\n\n## Lions\n\nThey *roar*.\n\n```\n# no heading\n```\n";
        Extracted page = read("cats.md", text);
        assertThat(page.text()).isEqualTo(text);
        List<Document> documents = page.documents("f", ChunkSize.of(1000));
        assertThat(documents.stream().map(Document::metadata))
                .containsExactly(Map.of(), Map.of("section", "Cats"), Map.of("section", "Cats > Lions"));
        assertThat(documents.get(2).text()).startsWith("## Lions").endsWith("```");
        assertOffsets(page, documents);
    }

    @Test
    void otherEncodingsOfHtmlAreThoseThatItDeclares() throws Exception {
        Path file = temporary.resolve("old.html");
        Charset latin = Charset.forName("windows-1252");
        Files.write(file, "<meta charset=windows-1252><p>Größe €".getBytes(latin));
        assertThat(Extractor.of(file).extract(file).text()).isEqualTo("Größe €");
        Files.write(file, "<p>Größe".getBytes(latin));
        assertThatThrownBy(() -> Extractor.of(file).extract(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is no text in UTF-8: byte 5 is at fault");
        Files.write(file, new byte[] {'<', 'p', '>', 0});
        assertThatThrownBy(() -> Extractor.of(file).extract(file)).hasMessageContaining("is binary");
        Files.write(file, "<p>x&#xD800;&#0;y".getBytes(StandardCharsets.UTF_8));
        assertThat(Extractor.of(file).extract(file).documents("f", ChunkSize.of(9)))
                .hasSize(1);
    }

    @Test
    void whatIsEmpty() throws Exception {
        for (String name : List.of("a.txt", "a.md", "a.html")) {
            assertThat(read(name, "").isEmpty()).as(name).isTrue();
            assertThat(read(name, " \n\t").isEmpty()).as(name).isTrue();
            assertThat(read(name, "").documents("f", ChunkSize.of(9))).isEmpty();
        }
        assertThat(read("b.html", "<html><body><script>x</script></body></html>")
                        .isEmpty())
                .isTrue();
    }

    @Test
    @Timeout(60)
    void deepAndLongFiles() throws Exception {
        Extracted deep = read("deep.html", "<div>".repeat(100_000) + "needle");
        assertThat(deep.text()).isEqualTo("needle");
        Extracted line = read("line.html", "<p>" + "word ".repeat(1_000_000));
        assertThat(line.documents("f", ChunkSize.of(1000))).hasSizeGreaterThan(4000);
        String heading = "# " + "long ".repeat(10_000) + "\n\ntext";
        List<Document> cut = read("heading.md", heading).documents("f", ChunkSize.of(100_000));
        assertThat(cut.getFirst().metadata().get("section")).hasSize(500);
    }

    /// What is cut in several parts is whole all the same, under its heading, and no word is cut through.
    @Test
    @Timeout(60)
    void aLineOfMillions() throws Exception {
        String text = "# One\n\n" + "w\u00f6rd \ud83d\ude00 ".repeat(800_000) + "\n\n# Two\n\nneedle";
        Extracted page = read("line.md", text);
        List<Document> documents = page.documents("f", ChunkSize.of(1000));
        assertOffsets(page, documents);
        assertThat(documents.getLast().text()).isEqualTo("# Two\n\nneedle");
        List<Document> inner = documents.subList(1, documents.size() - 1);
        assertThat(inner.stream()
                        .filter(each -> !each.text().matches("(?s)(w\u00f6rd|\ud83d\ude00) .*(w\u00f6rd|\ud83d\ude00)"))
                        .count())
                .isZero();
        assertThat(inner.stream().map(Document::metadata).distinct()).containsExactly(Map.of("section", "One"));
        String solid = "x\ud83d\ude00".repeat(1_500_000);
        List<Document> cut = Extracted.plain(solid).documents("f", ChunkSize.of(100_000));
        assertThat(cut.stream().map(Document::text).collect(Collectors.joining()))
                .isEqualTo(solid);
    }

    private record Words(List<String> words, String html) {}

    @Provide
    Arbitrary<Words> pages() {
        Arbitrary<String> word =
                Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(6);
        Arbitrary<String> tag = Arbitraries.of("p", "div", "li", "h2", "b", "i", "span", "td", "pre", "br");
        return word.list()
                .ofMinSize(1)
                .ofMaxSize(30)
                .flatMap(words -> tag.list().ofSize(words.size()).map(tags -> {
                    StringBuilder html = new StringBuilder();
                    for (int i = 0; i < words.size(); i++) {
                        html.append(" <%s> %s </%s>\n ".formatted(tags.get(i), words.get(i), tags.get(i)));
                    }
                    return new Words(words, html.toString());
                }));
    }

    /// Each visible word once, in order, none joined with its neighbour; and documents stand where they say.
    @Property(tries = 200)
    void everyWordOfAPage(@ForAll("pages") Words page) throws Exception {
        Path file = Files.createTempFile("page", ".html");
        try {
            Files.writeString(file, page.html());
            Extracted extracted = Extractor.of(file).extract(file);
            assertThat(Arrays.asList(extracted.text().strip().split("\\s+"))).isEqualTo(page.words());
            assertOffsets(extracted, extracted.documents("f", ChunkSize.of(17)));
        } finally {
            Files.delete(file);
        }
    }
}
