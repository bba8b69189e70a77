package gradus.lessons.retrieve.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.WordVectors;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user gets of a damaged index: one line that names its folder, and no harm.
class IndexFaultsTest {
    private static final Analysis ANALYSIS = Analysis.standard();
    private static final WordVectors VECTORS = new WordVectors(8);

    @TempDir
    Path temporary;

    /// With two segments, vectors and a deletion.
    private Path made(String name) {
        Path folder = temporary.resolve(name);
        try (IndexEditor editor = IndexEditor.open(folder, ANALYSIS, VECTORS)) {
            editor.add(documents(0, 40));
            editor.commit();
            editor.add(documents(40, 60));
            editor.delete("d3");
            editor.commit();
        }
        return folder;
    }

    private static List<Document> documents(int from, int to) {
        List<Document> documents = new ArrayList<>();
        for (int i = from; i < to; i++) {
            documents.add(Document.of("d" + i, "word number" + i).withMetadata(Map.of("n", "" + i)));
        }
        return documents;
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /// Everything that an index is asked for.
    private static List<Hit> used(Path folder) {
        try (DocumentIndex index = DocumentIndex.open(folder)) {
            List<Hit> found = new ArrayList<>(index.bm25().search("word", 100));
            found.addAll(index.vectors(VECTORS).search("number7", 10));
            found.forEach(hit -> index.document(hit.id()).orElseThrow());
            return found;
        }
    }

    private static void assertRefused(Path folder, String as) {
        for (Throwable thrown : List.of(
                catchThrowable(() -> used(folder)),
                catchThrowable(() -> IndexEditor.open(folder, ANALYSIS, VECTORS).close()))) {
            assertThat(thrown).as(as).isInstanceOf(DataException.class).hasMessageStartingWith(folder + " ");
            assertThat(thrown.getMessage()).as(as).doesNotContain("\n").doesNotContain("Exception");
        }
    }

    /// A bit of each file, at drawn places and at its ends: the index is refused, or answers as before.
    @Test
    void aFlippedBit() throws IOException {
        Path folder = made("flipped");
        List<Hit> right = used(folder);
        Map<String, byte[]> files = files(folder);
        int refused = 0;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] whole = file.getValue();
            for (int i = 0; i < 12 && whole.length > 0; i++) {
                Rng rng = Rng.of(2).at(file.getKey()).at(i);
                int at = i == 0 ? 0 : i == 1 ? whole.length - 1 : rng.index(0, whole.length);
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << rng.index(1, 8));
                Files.write(folder.resolve(file.getKey()), flipped);
                String as = file.getKey() + " at " + at;
                if (catchThrowable(() -> used(folder)) == null) {
                    assertThat(used(folder)).as(as).isEqualTo(right);
                } else {
                    refused++;
                    assertRefused(folder, as);
                }
            }
            Files.write(folder.resolve(file.getKey()), whole);
        }
        assertThat(refused).isGreaterThan(12 * (files.size() - 2)); // all but write.lock, which is empty
        assertThat(used(folder)).isEqualTo(right);
    }

    @Test
    void aMissingOrShortenedFile() throws IOException {
        Path folder = made("missing");
        List<Hit> right = used(folder);
        for (Map.Entry<String, byte[]> file : files(folder).entrySet()) {
            Path path = folder.resolve(file.getKey());
            byte[] whole = file.getValue();
            if (file.getKey().equals("write.lock")) {
                continue;
            }
            for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
                Files.write(path, Arrays.copyOf(whole, length));
                assertRefused(folder, file.getKey() + " of " + length + " bytes");
            }
            Files.delete(path);
            if (file.getKey().startsWith("segments")) {
                assertThatThrownBy(() -> DocumentIndex.open(folder))
                        .isInstanceOf(DataException.class)
                        .hasMessage(folder + " holds no index; gradus rag index makes one");
            } else {
                assertRefused(folder, file.getKey() + " is missing");
            }
            Files.write(path, whole);
        }
        assertThat(used(folder)).isEqualTo(right);
    }

    @Test
    void foldersThatHoldNoIndex() throws IOException {
        assertThatThrownBy(() -> DocumentIndex.open(temporary))
                .isInstanceOf(DataException.class)
                .hasMessage(temporary + " holds no index; gradus rag index makes one");
        Path nowhere = temporary.resolve("nowhere");
        assertThatThrownBy(() -> DocumentIndex.open(nowhere))
                .isInstanceOf(DataException.class)
                .hasMessage(nowhere + " does not exist");
        assertThat(nowhere).doesNotExist();
        Path file = Files.writeString(temporary.resolve("letter.txt"), "dear");
        assertThatThrownBy(() -> DocumentIndex.open(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is a file, not the folder of an index");
        assertThatThrownBy(() -> IndexEditor.open(file, ANALYSIS))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is a file, not the folder of an index");
        assertThatThrownBy(() -> IndexEditor.open(temporary, ANALYSIS))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        temporary + " holds no index but other files, such as letter.txt; give a folder of its own");
        assertThat(files(temporary).keySet()).containsExactly("letter.txt");
    }

    @Test
    void somebodyElsesIndexAndOneOfTheFuture() throws IOException {
        Path foreign = temporary.resolve("foreign");
        try (IndexWriter writer =
                new IndexWriter(FSDirectory.open(foreign), new IndexWriterConfig(new StandardAnalyzer()))) {
            writer.addDocument(new org.apache.lucene.document.Document());
        }
        Map<String, byte[]> before = files(foreign);
        assertRefused(foreign, "foreign");
        assertThatThrownBy(() -> DocumentIndex.open(foreign))
                .hasMessage(foreign + " holds an index that Gradus did not make");
        assertThat(files(foreign)).containsOnlyKeys(before.keySet());
        Path future = temporary.resolve("future");
        try (IndexWriter writer =
                new IndexWriter(FSDirectory.open(future), new IndexWriterConfig(new StandardAnalyzer()))) {
            writer.setLiveCommitData(Map.of("gradus.version", "2").entrySet());
        }
        assertRefused(future, "future");
        assertThatThrownBy(() -> DocumentIndex.open(future))
                .hasMessage(future + " holds an index of version 2; this program reads version 1");
    }

    /// What is left of a program that died before its first commit.
    @Test
    void leftoversAreNotMistakenForOtherFiles() throws IOException {
        Files.writeString(temporary.resolve("write.lock"), "");
        Files.writeString(temporary.resolve("_0.fdt"), "half a file");
        Files.writeString(temporary.resolve("pending_segments_1"), "half");
        try (IndexEditor editor = IndexEditor.open(temporary, ANALYSIS)) {
            editor.add(documents(0, 3));
            editor.commit();
        }
        try (DocumentIndex index = DocumentIndex.open(temporary)) {
            assertThat(index.size()).isEqualTo(3);
        }
    }

    /// A disk that takes so many bytes more.
    private static final class FullDisk extends FilterDirectory {
        private long room;

        FullDisk(ByteBuffersDirectory disk) {
            super(disk);
        }

        private void take(int bytes) throws IOException {
            if (bytes > room) {
                throw new IOException("No space left on device");
            }
            room -= bytes;
        }

        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
            return limited(super.createOutput(name, context));
        }

        @Override
        public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
            return limited(super.createTempOutput(prefix, suffix, context));
        }

        private IndexOutput limited(IndexOutput output) {
            return new FilterIndexOutput("limited", output.getName(), output) {
                @Override
                public void writeByte(byte b) throws IOException {
                    take(1);
                    super.writeByte(b);
                }

                @Override
                public void writeBytes(byte[] b, int offset, int length) throws IOException {
                    take(length);
                    super.writeBytes(b, offset, length);
                }
            };
        }
    }

    /// Full after 0, 100, 200, … bytes, until the changes fit: always either all of them are there or none.
    @Test
    void aFullDisk() {
        boolean fits = false;
        int failed = 0;
        for (int room = 0; !fits; room += room < 2000 ? 100 : 1500) {
            FullDisk disk = new FullDisk(new ByteBuffersDirectory());
            disk.room = 1 << 20;
            IndexEditor editor = IndexEditor.open(disk, "disk", ANALYSIS, VECTORS);
            editor.add(documents(0, 40));
            editor.commit();
            disk.room = room;
            Throwable thrown = catchThrowable(() -> {
                editor.add(documents(20, 60));
                editor.commit();
            });
            fits = thrown == null;
            if (!fits) {
                failed++;
                assertThat(thrown)
                        .isInstanceOf(ResourceException.class)
                        .hasMessage("disk cannot be written: No space left on device; the index stays as it was last"
                                + " committed");
            }
            editor.close();
            try (DocumentIndex index = DocumentIndex.open(disk, "disk")) {
                assertThat(index.size()).as("room " + room).isEqualTo(fits ? 60 : 40);
                assertThat(index.bm25().search("word", 100)).hasSize(fits ? 60 : 40);
            }
            disk.room = 1 << 20;
            try (IndexEditor again = IndexEditor.open(disk, "disk", ANALYSIS, VECTORS)) {
                again.add(documents(20, 60));
                again.commit();
            }
            try (DocumentIndex index = DocumentIndex.open(disk, "disk")) {
                assertThat(index.size()).isEqualTo(60);
            }
        }
        assertThat(failed).isGreaterThan(10);
    }

    @Test
    void anEditorAndAnIndexThatWereClosed() {
        IndexEditor editor = IndexEditor.open(temporary, ANALYSIS);
        editor.close();
        editor.close();
        assertThatThrownBy(() -> editor.add(documents(0, 1)))
                .isInstanceOf(ResourceException.class)
                .hasMessage(temporary + " cannot be written: the editor was closed; the index stays as it was last"
                        + " committed");
        DocumentIndex index = DocumentIndex.open(temporary);
        index.close();
        assertThatThrownBy(index::size)
                .isInstanceOf(ResourceException.class)
                .hasMessage(temporary + ": the index was closed");
    }
}
