package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.Chunker;
import gradus.lessons.retrieve.measure.Bootstrap;
import gradus.lessons.retrieve.measure.Judged;
import gradus.lessons.retrieve.measure.Measure;
import gradus.lessons.retrieve.measure.Ndcg;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;

/// How well what answers a question is found when pages are cut in some way.
///
/// A chunk is right if it has half of the paragraph that answers, or lies by half of its own length in it.
/// Large chunks are right more easily, so a second measure asks how much of the paragraph is read within a
/// budget: the chunks are read from the best on until so many characters are used up; the last one counts with
/// the part that fits.
final class ChunkTrial {
    /// Characters that are read.
    static final int BUDGET = 1000;

    private static final Measure MEASURE = new Ndcg(10);
    private static final int FOUND = 20;

    private final TopicPages pages;

    ChunkTrial(TopicPages pages) {
        this.pages = pages;
    }

    /// A chunk and its page.
    record Piece(String page, Chunk chunk) {}

    /// The chunks of all pages, by their ids.
    SequencedMap<String, Piece> cut(Chunker chunker) {
        SequencedMap<String, Piece> pieces = new LinkedHashMap<>();
        pages.texts()
                .forEach((page, text) -> chunker.chunk(text)
                        .forEach(chunk -> pieces.put(page + ":" + pieces.size(), new Piece(page, chunk))));
        return pieces;
    }

    static List<Document> documents(Map<String, Piece> pieces) {
        return pieces.entrySet().stream()
                .map(each -> Document.of(each.getKey(), each.getValue().chunk().text()))
                .toList();
    }

    /// A row of the table for each way of searching.
    ///
    /// @param ways makes them of documents and their texts
    String rows(String name, Chunker chunker, BiFunction<List<Document>, Map<String, String>, Searches> ways) {
        SequencedMap<String, Piece> pieces = cut(chunker);
        Map<String, String> texts = new HashMap<>();
        pieces.forEach((id, piece) -> texts.put(id, piece.chunk().text()));
        double mean = pieces.values().stream()
                .mapToInt(piece -> piece.chunk().text().length())
                .average()
                .orElse(0);
        StringBuilder rows = new StringBuilder();
        try (Searches searches = ways.apply(documents(pieces), texts)) {
            searches.ways()
                    .forEach((way, retriever) -> rows.append(String.format(
                            Locale.ROOT, "| %s | %.0f | %s | %s |%n", name, mean, way, measured(retriever, pieces))));
        }
        return rows.toString();
    }

    private String measured(Retriever retriever, Map<String, Piece> pieces) {
        List<Double> gains = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (TopicPages.Asked asked : pages.questions()) {
            List<String> found = Hit.ids(retriever.search(asked.text(), FOUND));
            Map<String, Integer> grades = new HashMap<>();
            pieces.forEach((id, piece) -> grades.put(id, isRight(asked, piece) ? 1 : 0));
            gains.add(Judged.isMeasurable(grades) ? MEASURE.of(new Judged(found, grades)) : 0);
            shares.add(read(asked, found.stream().map(pieces::get).toList(), BUDGET));
        }
        return shown(gains) + " | " + shown(shares);
    }

    private static String shown(List<Double> values) {
        Bootstrap interval =
                Bootstrap.of(values.stream().mapToDouble(value -> value).toArray(), 1);
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
    }

    /// How many characters of the paragraph lie from one place of a page to another.
    private static int shared(TopicPages.Asked asked, String page, int start, int end) {
        return page.equals(asked.page()) ? Math.max(0, Math.min(end, asked.end()) - Math.max(start, asked.start())) : 0;
    }

    static boolean isRight(TopicPages.Asked asked, Piece piece) {
        Chunk chunk = piece.chunk();
        int shared = shared(asked, piece.page(), chunk.start(), chunk.end());
        return 2 * shared >= Math.min(asked.end() - asked.start(), chunk.end() - chunk.start());
    }

    /// Which share of the paragraph is among the first characters of what was found. Chunks that overlap count
    /// once.
    static double read(TopicPages.Asked asked, List<Piece> found, int budget) {
        boolean[] seen = new boolean[asked.end() - asked.start()];
        int left = budget;
        for (Piece piece : found) {
            Chunk chunk = piece.chunk();
            int end = Math.min(chunk.end(), chunk.start() + left);
            if (piece.page().equals(asked.page())) {
                for (int at = Math.max(chunk.start(), asked.start()); at < Math.min(end, asked.end()); at++) {
                    seen[at - asked.start()] = true;
                }
            }
            left -= end - chunk.start();
        }
        int count = 0;
        for (boolean each : seen) {
            count += each ? 1 : 0;
        }
        return (double) count / seen.length;
    }
}
