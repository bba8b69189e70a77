package gradus.lessons.retrieve.index;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.WordVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two threads add, one commits, three search, one of them in an index of its own: no document is lost, and
/// none that was seen disappears. `-Dgradus.seconds=60` does it for a minute.
class ConcurrencyTest {
    private static final int SECONDS = Integer.getInteger("gradus.seconds", 3);

    @TempDir
    Path temporary;

    @Test
    void addsAndSearchesAtTheSameTime() throws Exception {
        WordVectors vectors = new WordVectors(8);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        AtomicInteger added = new AtomicInteger();
        AtomicInteger committed = new AtomicInteger();
        AtomicInteger searches = new AtomicInteger();
        try (IndexEditor editor = IndexEditor.open(temporary, Analysis.standard(), vectors);
                ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<?>> all = new ArrayList<>();
            for (int adder = 0; adder < 2; adder++) {
                all.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        int number = added.getAndIncrement();
                        editor.add(List.of(Document.of("d" + number, "word number" + number % 50)));
                    }
                }));
            }
            all.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    int before = added.get() - 2; // two may be on their way
                    editor.commit();
                    committed.set(before);
                }
            }));
            DocumentIndex shared = DocumentIndex.open(temporary);
            for (int searcher = 0; searcher < 3; searcher++) {
                DocumentIndex index = searcher == 2 ? DocumentIndex.open(temporary) : shared;
                all.add(threads.submit(() -> search(index, vectors, end, committed, searches)));
            }
            for (Future<?> each : all) {
                each.get();
            }
            editor.commit();
            shared.refresh();
            assertThat(shared.size()).isEqualTo(added.get());
            assertThat(shared.bm25().search("word", 10_000_000)).hasSize(added.get());
            shared.close();
        }
        System.out.println(added + " documents added, " + searches + " searches meanwhile");
        assertThat(searches.get()).isPositive();
    }

    private static void search(
            DocumentIndex index, WordVectors vectors, long end, AtomicInteger committed, AtomicInteger searches) {
        int seen = 0;
        while (System.nanoTime() < end) {
            int expected = committed.get();
            index.refresh();
            int size = index.size();
            assertThat(size).isGreaterThanOrEqualTo(Math.max(expected, seen));
            seen = size;
            List<Hit> words = index.bm25().search("number7", 10);
            List<Hit> near = index.vectors(vectors).search("word number7", 3);
            assertThat(near).hasSize(Math.min(3, size) == 3 ? 3 : near.size());
            words.forEach(hit ->
                    assertThat(index.document(hit.id()).orElseThrow().text()).isEqualTo("word number7"));
            searches.incrementAndGet();
        }
    }
}
