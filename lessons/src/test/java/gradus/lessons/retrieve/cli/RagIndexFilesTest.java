package gradus.lessons.retrieve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.DataException;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.search.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of all formats in one folder, and what is wrong with some.
class RagIndexFilesTest {
    @TempDir
    Path temporary;

    private Path texts;
    private Path index;

    @BeforeEach
    void write() throws Exception {
        RagFolder folder = RagFolder.in(temporary)
                .with("a.txt", "Tea is made of leaves.")
                .with("b.md", "# Cats\n\nTigers swim.\n\n# Dogs\n\nHounds hunt.")
                .with("c.html", "<title>no</title><h1>Birds</h1><p>Storks <b>migrate</b>.</p>")
                .with("broken.pdf", "%PDF-1.7 and no more")
                .with("empty.html", "")
                .withPicture();
        texts = folder.texts();
        index = folder.index();
        pdf("d.pdf", null);
        pdf("locked.pdf", new StandardProtectionPolicy("owner", "user", new AccessPermission()));
    }

    private void pdf(String name, StandardProtectionPolicy policy) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
                stream.beginText();
                stream.setFont(new PDType1Font(FontName.HELVETICA), 12);
                stream.showText("Whales are mammals.");
                stream.endText();
            }
            if (policy != null) {
                document.protect(policy);
            }
            document.save(texts.resolve(name).toFile());
        }
    }

    @Test
    void allFormatsAreReadAndTheRestIsNamedAndCounted() {
        Rag said = Rag.run("index", texts, "--index", index);
        assertThat(said.failure()).isNull();
        assertThat(said.out()).contains("5 chunks in ", index + " holds 5; files left out: 4");
        assertThat(said.err().lines().filter(line -> line.startsWith("gradus: left out: ")))
                .hasSize(4)
                .anyMatch(line -> line.contains("locked.pdf is a PDF with a password"))
                .anyMatch(line -> line.contains("broken.pdf is a damaged PDF: "))
                .anyMatch(line -> line.contains("empty.html is empty"))
                .anyMatch(line -> line.contains("picture.png is binary"));
        try (DocumentIndex opened = DocumentIndex.open(index)) {
            for (List<String> each : List.of(
                    List.of("tigers", "b.md", "Cats", "# Cats\n\nTigers swim."),
                    List.of("storks", "c.html", "Birds", "Birds\n\nStorks migrate."),
                    List.of("whales", "d.pdf", "page 1", "Whales are mammals."))) {
                String id = opened.bm25().search(each.get(0), 1).getFirst().id();
                Document document = opened.document(id).orElseThrow();
                assertThat(id).isEqualTo(texts.resolve(each.get(1)) + "#1");
                assertThat(document.metadata()).containsEntry("section", each.get(2));
                assertThat(document.text()).isEqualTo(each.get(3));
            }
        }
    }

    /// An index never holds what a file no longer says.
    @Test
    void aFileThatBecameEmptyIsGoneFromTheIndex() throws Exception {
        Rag.run("index", texts, "--index", index);
        Files.writeString(texts.resolve("a.txt"), " \n");
        Rag said = Rag.run("index", texts.resolve("a.txt"), "--index", index);
        assertThat(said.out()).contains("0 chunks in ", " holds 4; files left out: 1");
        assertThat(said.err()).contains(texts.resolve("a.txt") + " is empty");
    }

    @Test
    void aNamedFileMustBeReadable() {
        for (String name : List.of("locked.pdf", "broken.pdf", "picture.png")) {
            assertThat(Rag.run("index", texts.resolve("a.txt"), texts.resolve(name), "--index", index)
                            .failure())
                    .as(name)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(texts.resolve(name) + " is ");
            assertThat(index).doesNotExist();
        }
    }

    @Test
    void aDamagedIndexIsRefusedInOneLine() throws Exception {
        Rag.run("index", texts, "--index", index);
        try (Stream<Path> files = Files.list(index)) {
            Path segment = files.filter(file -> file.toString().endsWith(".cfs"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(segment);
            bytes[bytes.length / 2] ^= 1;
            Files.write(segment, bytes);
        }
        for (Rag said :
                List.of(Rag.run("index", texts, "--index", index), Rag.run("search", "tigers", "--index", index))) {
            assertThat(said.failure())
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(index + " holds a damaged index: ")
                    .hasMessageEndingWith("; index the documents again");
            assertThat(said.failure().getMessage()).doesNotContain("\n");
        }
    }
}
