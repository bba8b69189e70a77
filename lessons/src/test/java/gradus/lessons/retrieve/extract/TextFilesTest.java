package gradus.lessons.retrieve.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Chunker;
import gradus.lessons.retrieve.chunk.RecursiveChunker;
import gradus.lessons.retrieve.index.Glosses;
import gradus.lessons.retrieve.search.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
    @TempDir
    Path temporary;

    @Test
    void chunksAreDocumentsThatTellWhereTheyStand() {
        String text = "one\n\ntwo\n\nthree four\n\nfive";
        Chunker chunker = new RecursiveChunker(ChunkSize.of(8));
        List<Document> documents = Extracted.plain(text).documents("f", ChunkSize.of(8));
        assertThat(documents.stream().map(Document::text))
                .containsExactlyElementsOf(
                        chunker.chunk(text).stream().map(Chunk::text).toList());
        Document second = documents.get(1);
        assertThat(second.id()).isEqualTo("f#2");
        assertThat(text.substring(second.source().start(), second.source().end()))
                .isEqualTo(second.text());
        assertThat(Extracted.plain("").documents("f", ChunkSize.of(8))).isEmpty();
    }

    @Test
    void aByteOrderMarkIsLeftOut() throws Exception {
        Path file = Files.write(temporary.resolve("bom.txt"), "\uFEFFGröße".getBytes(StandardCharsets.UTF_8));
        assertThat(TextFiles.read(file)).isEqualTo("Größe");
        assertThat(TextFiles.read(Files.write(file, new byte[0]))).isEmpty();
    }

    @Test
    void whatIsNoText() throws Exception {
        Path file = temporary.resolve("file");
        Files.write(file, new byte[] {'a', 'b', 0, 'c'});
        assertThatThrownBy(() -> TextFiles.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is binary, no text: byte 2 is 0");
        Files.write(file, new byte[] {'a', (byte) 0xC3, 'b'});
        assertThatThrownBy(() -> TextFiles.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is no text in UTF-8: byte 1 is at fault");
        assertThatThrownBy(() -> TextFiles.read(temporary))
                .isInstanceOf(DataException.class)
                .hasMessage(temporary + " is a folder, not a text file");
        assertThatThrownBy(() -> TextFiles.read(temporary.resolve("none")))
                .isInstanceOf(DataException.class)
                .hasMessage(temporary.resolve("none") + " cannot be read: there is no such file or folder");
        assertThatThrownBy(() -> TextFiles.below(temporary.resolve("none"))).isInstanceOf(DataException.class);
    }

    @Test
    void filesBelowAFolder() throws Exception {
        Files.createDirectories(temporary.resolve("b/c"));
        Files.createDirectories(temporary.resolve(".git"));
        for (String name : List.of("z.txt", "b/c/a.md", ".git/config", "b/.hidden")) {
            Files.writeString(temporary.resolve(name), "x");
        }
        assertThat(TextFiles.below(temporary))
                .containsExactly(temporary.resolve("b/c/a.md"), temporary.resolve("z.txt"));
    }

    @Test
    void wordNet() {
        List<Document> glosses = Glosses.all();
        assertThat(glosses).hasSize(117_791);
        assertThat(glosses).anySatisfy(gloss -> {
            assertThat(gloss.text()).startsWith("dog, domestic dog, Canis familiaris: a member of the genus Canis");
            assertThat(gloss.metadata()).containsEntry("pos", "n");
        });
    }
}
