package gradus.lessons.retrieve.index;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.retrieve.search.Document;
import gradus.tensor.random.Rng;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program that indexes is killed as by `kill -9`, again and again. `-Dgradus.kills=50` does it 50 times.
class KillTest {
    private static final int KILLS = Integer.getInteger("gradus.kills", 6);

    @TempDir
    Path temporary;

    @Test
    void theIndexOpensWithTheLastCommit() throws Exception {
        Path folder = temporary.resolve("index");
        int before = 0;
        int unsaid = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            IndexingProgram.class.getName(),
                            folder.toString())
                    .redirectError(Redirect.INHERIT)
                    .start();
            int said = -1;
            try (var out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine(); // where it begins
                assertThat(line).isEqualTo("" + before);
                Rng rng = Rng.of(System.nanoTime()).at("kill");
                for (int lines = rng.index(0, 12); lines > 0; lines--) {
                    line = out.readLine();
                }
                Thread.sleep(rng.index(1, 60), rng.index(2, 1_000_000)); // any instant of the next batches
                process.toHandle().destroyForcibly(); // and what it said can still be read
                for (; line != null; line = out.readLine()) {
                    said = Integer.parseInt(line);
                }
            }
            process.waitFor();
            int committed = check(folder);
            assertThat(committed).isBetween(said, said + 1); // it may die between a commit and saying so
            unsaid += committed - said;
            before = committed;
        }
        System.out.println(
                KILLS + " kills, " + before + " commits, " + unsaid + " of them not told of before the kill");
        assertThat(before).isPositive();
    }

    /// That the index holds what some number of batches leave, and nothing else.
    private static int check(Path folder) {
        try (DocumentIndex index = DocumentIndex.open(folder)) {
            int batches = Integer.parseInt(
                    index.document("batches").map(Document::text).orElse("0"));
            if (batches == 0) {
                assertThat(index.size()).isZero();
                return 0;
            }
            assertThat(index.size()).isEqualTo(1 + batches * IndexingProgram.BATCH - (batches - 1));
            int last = batches * IndexingProgram.BATCH;
            assertThat(index.document("d" + (last + 9))).isPresent();
            assertThat(index.document("d" + last).orElseThrow().text()).isEqualTo("word " + last);
            if (batches > 1) {
                assertThat(index.document("d" + (last - 10)).orElseThrow().text())
                        .isEqualTo("again");
                assertThat(index.document("d" + (last - 9))).isEmpty();
            }
            assertThat(index.vectors(IndexingProgram.VECTORS).search("again", 3))
                    .hasSize(3);
            assertThat(index.bm25().search("word", 100_000)).hasSize(9 * batches - (batches - 1) + 1);
            assertThat(List.of(index.embedding(), index.analysis())).containsExactly("words", "standard");
            return batches;
        }
    }
}
