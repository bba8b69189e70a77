package gradus.lessons.retrieve.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import gradus.error.DataException;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.search.Document;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PdfTextTest {
    @TempDir
    Path temporary;

    /// A PDF with a page for each text.
    private Path pdf(String name, StandardProtectionPolicy policy, String... pages) throws IOException {
        Path file = temporary.resolve(name);
        try (PDDocument document = new PDDocument()) {
            for (String text : pages) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
                    stream.beginText();
                    stream.setFont(new PDType1Font(FontName.HELVETICA), 12);
                    stream.newLineAtOffset(50, 700);
                    for (String line : text.split("\n")) {
                        stream.showText(line);
                        stream.newLineAtOffset(0, -15);
                    }
                    stream.endText();
                }
            }
            if (policy != null) {
                document.protect(policy);
            }
            document.save(file.toFile());
        }
        return file;
    }

    private static Extracted read(Path file) {
        return Extractor.of(file).extract(file);
    }

    @Test
    void pagesAreParts() throws Exception {
        Path file = pdf("cats.pdf", null, "Tigers are large\nfeline animals.", "", "Lions live in prides.");
        Extracted extracted = read(file);
        assertThat(extracted.text()).isEqualTo("Tigers are large\nfeline animals.\n\nLions live in prides.");
        List<Document> documents = extracted.documents("cats.pdf", ChunkSize.of(1000));
        assertThat(documents).hasSize(2);
        Document lions = documents.get(1);
        assertThat(lions.metadata()).containsEntry("section", "page 3");
        assertThat(extracted
                        .text()
                        .substring(lions.source().start(), lions.source().end()))
                .isEqualTo("Lions live in prides.");
    }

    @Test
    void passwordsAndPermissions() throws Exception {
        Path locked =
                pdf("locked.pdf", new StandardProtectionPolicy("owner", "user", new AccessPermission()), "secret");
        assertThatThrownBy(() -> read(locked))
                .isInstanceOf(DataException.class)
                .hasMessage(locked + " is a PDF with a password; decrypt it first");
        AccessPermission none = new AccessPermission();
        none.setCanExtractContent(false);
        Path forbidden = pdf("forbidden.pdf", new StandardProtectionPolicy("owner", "", none), "secret");
        assertThatThrownBy(() -> read(forbidden))
                .isInstanceOf(DataException.class)
                .hasMessage(forbidden + " is a PDF whose text may not be taken out");
        Path open = pdf("open.pdf", new StandardProtectionPolicy("owner", "", new AccessPermission()), "open");
        assertThat(read(open).text()).isEqualTo("open");
    }

    @Test
    void whatHasNoText() throws Exception {
        Path pictures = pdf("pictures.pdf", null, "", "");
        assertThatThrownBy(() -> read(pictures))
                .isInstanceOf(DataException.class)
                .hasMessage(pictures + " is a PDF without text; its pages may be pictures");
        Path empty = Files.createFile(temporary.resolve("empty.pdf"));
        assertThatThrownBy(() -> read(empty))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(empty + " is a damaged PDF: ");
        Path text = Files.writeString(temporary.resolve("text.pdf"), "just a text");
        assertThatThrownBy(() -> read(text)).hasMessageStartingWith(text + " is a damaged PDF: ");
        Path missing = temporary.resolve("missing.pdf");
        assertThatThrownBy(() -> read(missing))
                .hasMessage(missing + " cannot be read: there is no such file or folder");
        assertThatThrownBy(() -> read(Files.createDirectory(temporary.resolve("folder.pdf"))))
                .hasMessageContaining("is a folder");
    }

    /// Bytes changed or cut off at drawn places: the text, or one line that names the file.
    @Test
    void damage() throws Exception {
        Path file = pdf("cats.pdf", null, "Tigers are large feline animals.", "Lions live in prides.");
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            Rng rng = Rng.of(3).at(i);
            byte[] bytes = i % 3 == 0 ? Arrays.copyOf(whole, rng.index(0, whole.length)) : whole.clone();
            for (int k = 0; k < i % 3 * 10 && i % 3 > 0; k++) {
                bytes[rng.index(1 + 2 * k, bytes.length)] = (byte) rng.bits(2 + 2 * k);
            }
            Files.write(file, bytes);
            Throwable thrown = catchThrowable(() -> read(file));
            if (thrown != null) {
                refused++;
                assertThat(thrown).isInstanceOf(DataException.class).hasMessageStartingWith(file + " is a ");
                assertThat(thrown.getMessage()).doesNotContain("\n");
            }
        }
        assertThat(refused).isGreaterThan(20);
    }
}
