package gradus.tokenizer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.WordNetText;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parallel encoding and the token files it feeds.
class ParallelEncoderTest {
    @TempDir
    Path folder;

    @Test
    void manyThreadsGiveTheIdsOfOne() {
        String text = WordNetText.text().substring(0, 3_000_000);
        List<String> lines = text.lines().toList();
        WordPiece wordPiece =
                new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(600)).train(text.substring(0, 99_999));
        for (Tokenizer tokenizer : List.of(WordNetBpe.get(), wordPiece, CharTokenizer.of(text), new ByteTokenizer())) {
            int[] whole = tokenizer.encode(text);
            assertThat(new ParallelEncoder(tokenizer).withThreads(3).encode(text))
                    .isEqualTo(whole);
            assertThat(new ParallelEncoder(tokenizer).withThreads(2).encode(lines))
                    .isEqualTo(lines.stream()
                            .flatMapToInt(l -> java.util.Arrays.stream(tokenizer.encode(l)))
                            .toArray());
        }
    }

    @Test
    void putsTheSeparatorBehindEachDocumentAndReportsProgress() {
        ByteLevelBpe bpe = WordNetBpe.get();
        var done = new AtomicLong();
        int[] ids = new ParallelEncoder(bpe)
                .withSeparator("<|endoftext|>")
                .withProgress((task, now, total) -> done.set(now))
                .encode(List.of("a", "b"));
        assertThat(ids).containsExactly(bpe.tokenToId("a"), 0, bpe.tokenToId("b"), 0);
        assertThat(done).hasValue(2);
        assertThatThrownBy(() -> new ParallelEncoder(bpe).withSeparator("nope"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("nope");
    }

    /// No thread takes all the chunks of a batch: a chunk waits here until another thread has begun one too. Only where
    /// none comes does it give up.
    @Test
    void threadsShareTheChunks() {
        var begun = new ConcurrentHashMap<Integer, Boolean>();
        var both = new CountDownLatch(2);
        List<String> results = new ArrayList<>();
        Chunks.forEach(
                Collections.nCopies(64, "a"),
                (text, from) -> text.length(),
                2,
                (worker, chunk) -> {
                    if (begun.put(worker, true) == null) {
                        both.countDown();
                        await(both);
                    }
                    return chunk.text() + chunk.index();
                },
                (chunk, result) -> results.add(result));
        assertThat(begun).containsOnlyKeys(0, 1);
        assertThat(results)
                .isEqualTo(IntStream.range(0, 64).mapToObj(i -> "a" + i).toList());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailureInAThreadReachesTheCaller() {
        var tokenizer = CharTokenizer.of("ab");
        assertThatThrownBy(() -> new ParallelEncoder(tokenizer).encode(List.of("ab", "abc")))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("'c'")
                .hasMessageContaining("position 2");
    }

    @Test
    void tokenFilesHoldIdsVocabularyAndFingerprint() {
        ByteLevelBpe bpe = WordNetBpe.get();
        Path file = folder.resolve("deep/er/wordnet.bin");
        String text = WordNetText.text().substring(0, 1_000_000);
        try (var writer = new TokenFileWriter(file, bpe)) {
            new ParallelEncoder(bpe).encode(List.of(text), writer);
            writer.finish();
        }
        try (TokenFile tokens = TokenFile.open(file)) {
            assertThat(tokens.readAll()).isEqualTo(bpe.encode(text));
            assertThat(tokens.read(5, 3)).hasSize(3);
            assertThat(tokens.vocabularySize()).isEqualTo(4096);
            tokens.checkTokenizer(bpe);
            assertThatThrownBy(() -> tokens.checkTokenizer(new ByteTokenizer())).isInstanceOf(DataException.class);
            long size = tokens.size();
            assertThat(tokens.read(size - 1, 1)).hasSize(1);
            assertThat(tokens.read(size, 0)).isEmpty();
            assertThatThrownBy(() -> tokens.read(size - 1, 2))
                    .isInstanceOf(DataException.class)
                    .hasMessage(file + ": ids " + (size - 1) + " to " + (size + 1) + " asked of " + size);
            assertThatThrownBy(() -> tokens.read(-1, 2)).isInstanceOf(DataException.class);
            assertThatThrownBy(() -> tokens.read(1, -1)).isInstanceOf(DataException.class);
        }
        assertThat(folder.resolve("deep/er")).isDirectoryContaining("glob:**wordnet.bin");
    }

    @Test
    void largeVocabulariesTakeFourBytes() throws IOException {
        var text = new StringBuilder();
        for (int c = 0x20; text.length() < 70_000 + 3_000; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                text.appendCodePoint(c);
            }
        }
        var tokenizer = CharTokenizer.of(text.toString());
        assertThat(tokenizer.vocabularySize()).isGreaterThan(65_536);
        Path file = folder.resolve("chars.bin");
        int[] ids = tokenizer.encode(text.toString());
        TokenFileWriter.write(file, tokenizer, ids);
        assertThat(Files.size(file)).isEqualTo(64 + 4L * ids.length);
        try (TokenFile tokens = TokenFile.open(file)) {
            assertThat(tokens.readAll()).isEqualTo(ids);
        }
    }

    @Test
    void anUnfinishedFileLeavesTheOldOne() {
        var bytes = new ByteTokenizer();
        Path file = folder.resolve("t.bin");
        TokenFileWriter.write(file, bytes, new int[] {1, 2, 3});
        assertThatThrownBy(() -> TokenFileWriter.write(file, bytes, new int[] {4, 256}))
                .isInstanceOf(DataException.class);
        try (TokenFile tokens = TokenFile.open(file)) {
            assertThat(tokens.readAll()).containsExactly(1, 2, 3);
        }
        assertThat(folder.toFile().list()).containsExactly("t.bin");
    }

    // BAD-INPUT 88, 89, 91, 92, 97 for token files
    @Test
    void damagedFilesAreRefused() throws IOException {
        var bytes = new ByteTokenizer();
        assertThatThrownBy(() -> TokenFile.open(folder.resolve("none.bin"))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> TokenFile.open(folder)).isInstanceOf(DataException.class);
        Path file = folder.resolve("t.bin");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> TokenFile.open(file)).isInstanceOf(DataException.class);
        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> TokenFile.open(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("GRADTOK1");
        TokenFileWriter.write(file, bytes, new int[] {1, 2, 3});
        Files.write(file, new byte[] {7}, java.nio.file.StandardOpenOption.APPEND);
        assertThatThrownBy(() -> TokenFile.open(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("3 ids");
        TokenFileWriter.write(file, bytes, new int[] {1, 2, 3});
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(66);
            raw.write(new byte[] {0, 9});
        }
        try (TokenFile tokens = TokenFile.open(file)) {
            assertThatThrownBy(tokens::readAll)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("offset 66");
        }
    }
}
