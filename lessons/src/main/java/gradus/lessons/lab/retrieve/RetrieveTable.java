package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.measure.Bootstrap;
import gradus.lessons.retrieve.measure.Measure;
import gradus.lessons.retrieve.measure.Ndcg;
import gradus.lessons.retrieve.measure.Recall;
import gradus.lessons.retrieve.measure.ReciprocalRank;
import gradus.train.contrastive.GlossExamples.Held;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// The numbers of the experiment as Markdown: each measure of each way with its 95 % interval, and what is
/// claimed.
final class RetrieveTable {
    /// How many documents are looked at, at most.
    static final int DEPTH = 100;

    private static final List<Measure> MEASURES =
            List.of(new Ndcg(10), new Recall(10), new Recall(DEPTH), new ReciprocalRank(10));

    private final Rankings found;
    private final String reranked;

    /// @param reranked the ways of which the best are ordered anew
    RetrieveTable(Rankings found, String reranked) {
        this.found = found;
        this.reranked = reranked;
    }

    String markdown() {
        return table() + "\n" + claims();
    }

    private String table() {
        StringBuilder table = new StringBuilder("| asked | search |");
        MEASURES.forEach(each -> table.append(' ').append(each.name()).append(" |"));
        table.append("\n|---|---|").append("---|".repeat(MEASURES.size())).append('\n');
        for (Asking asking : Asking.values()) {
            for (String way : found.ways()) {
                table.append("| ")
                        .append(asking.letter)
                        .append(": ")
                        .append(asking.title)
                        .append(" | ")
                        .append(way)
                        .append(" |");
                for (Measure measure : MEASURES) {
                    double[] values = found.values(way, measure, question -> question.asking() == asking);
                    Bootstrap interval = Bootstrap.of(values, 1);
                    table.append(String.format(
                            Locale.ROOT, " %.3f [%.3f, %.3f] |", interval.mean(), interval.low(), interval.high()));
                }
                table.append('\n');
            }
        }
        return table.toString();
    }

    private String claims() {
        StringBuilder table =
                new StringBuilder("| claim, by nDCG@10 | the one | the other | p | |\n|---|---|---|---|---|\n");
        list().forEach(claim -> table.append(claim.row()));
        return table.toString();
    }

    private List<Claim> list() {
        Predicate<Question> all = question -> true;
        Predicate<Question> definitions = is(Asking.DEFINITION);
        List<Claim> claims = new ArrayList<>();
        claims.add(Claim.of("a: MiniLM is better than BM25", found, Searches.MINI_LM, Searches.BM25, is(Asking.BLANK)));
        claims.add(Claim.of("c: BM25 is better than MiniLM", found, Searches.BM25, Searches.MINI_LM, is(Asking.WORD)));
        String single = best(List.of(Searches.BM25, Searches.MINI_LM), all);
        for (String hybrid : List.of(Searches.RRF, Searches.WEIGHTED)) {
            claims.add(Claim.of("all: " + hybrid + " is better than " + single, found, hybrid, single, all));
        }
        String ofThree = best(List.of(Searches.BM25, Searches.MINI_LM, Searches.TRAINED), all);
        claims.add(Claim.of(
                "all: " + Searches.ALL_THREE + " is better than " + ofThree, found, Searches.ALL_THREE, ofThree, all));
        found.ways().stream()
                .filter(way -> way.startsWith(reranked + ", "))
                .forEach(way ->
                        claims.add(Claim.of("all: " + way + " is better than without", found, way, reranked, all)));
        claims.add(trained("b: the encoder trained here is better than MiniLM", definitions));
        claims.add(trained(
                "b, words that it has seen with another definition",
                definitions.and(question -> question.held() == Held.TEXTS)));
        claims.add(trained(
                "b, meanings of which it has seen no text", definitions.and(question -> question.held() == Held.ALL)));
        return claims;
    }

    private Claim trained(String claim, Predicate<Question> which) {
        return Claim.of(claim, found, Searches.TRAINED, Searches.MINI_LM, which);
    }

    private static Predicate<Question> is(Asking asking) {
        return question -> question.asking() == asking;
    }

    private String best(List<String> ways, Predicate<Question> which) {
        return ways.stream()
                .max(Comparator.comparingDouble(way -> Claim.mean(way, found, which)))
                .orElseThrow();
    }
}
