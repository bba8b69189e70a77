package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.retrieve.chunk.structure.StructureChunker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What [Chunker] promises, of every one.
class ChunkerLawsTest {
    @Provide
    Arbitrary<String> documents() {
        return Texts.documents();
    }

    @Provide
    Arbitrary<Length> lengths() {
        return Texts.lengths();
    }

    /// What a chunk that is too long must be one of.
    private enum Whole {
        UNIT,
        SENTENCE
    }

    private record Case(Chunker chunker, Whole whole, int overlap) {}

    private static Map<String, Case> all(ChunkSize size) {
        ChunkSize apart = size.withOverlap(0);
        Map<String, Case> all = new LinkedHashMap<>();
        all.put("fixed", new Case(new FixedSizeChunker(size), Whole.UNIT, size.overlap()));
        all.put("sentences", new Case(new SentenceChunker(size), Whole.SENTENCE, size.overlap()));
        all.put("recursive", new Case(new RecursiveChunker(size), Whole.UNIT, size.overlap()));
        all.put("text", new Case(new RecursiveChunker(Separators.TEXT, size), Whole.UNIT, size.overlap()));
        List<Pattern> odd = List.of(Pattern.compile("x*"), Pattern.compile("(?=[aé])"), Pattern.compile(""));
        all.put("empty matches", new Case(new RecursiveChunker(odd, size), Whole.UNIT, size.overlap()));
        all.put("markdown", new Case(StructureChunker.markdown(size), Whole.UNIT, size.overlap()));
        all.put("html", new Case(StructureChunker.html(size), Whole.UNIT, size.overlap()));
        all.put("java", new Case(StructureChunker.java(size), Whole.UNIT, size.overlap()));
        all.put("python", new Case(StructureChunker.python(size), Whole.UNIT, size.overlap()));
        all.put("latex", new Case(StructureChunker.latex(size), Whole.UNIT, size.overlap()));
        SemanticChunker semantic = new SemanticChunker(Texts.embedder()).withSize(size);
        all.put("semantic", new Case(semantic, Whole.SENTENCE, size.overlap()));
        Chunker gradient = semantic.withRule(new BreakRule.Gradient(50)).withMinChunkSize(3);
        all.put("gradient", new Case(gradient, Whole.SENTENCE, size.overlap()));
        all.put("clusters", new Case(new ClusterChunker(Texts.embedder(), apart), Whole.SENTENCE, 0));
        all.put(
                "boundaries",
                new Case(new BoundaryChunker(ChunkerLawsTest::scores, 0.5, size), Whole.SENTENCE, size.overlap()));
        TextModel skips = (prompt, options) -> "1-2\n4";
        TextModel groups = ChunkerLawsTest::pairs;
        RecursiveChunker recursive = new RecursiveChunker(size);
        all.put(
                "model that skips",
                new Case(new ModelChunker(skips, 5, recursive, why -> {}), Whole.UNIT, size.overlap()));
        all.put(
                "model",
                new Case(new ModelChunker(groups, 5, recursive, why -> fail(why)), Whole.UNIT, size.overlap()));
        return all;
    }

    private static double[] scores(List<String> sentences) {
        double[] scores = new double[sentences.size() - 1];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.floorMod(sentences.get(i).hashCode(), 10) / 10.0;
        }
        return scores;
    }

    /// Groups sentences by two, as many as the prompt shows.
    private static String pairs(String prompt, CompletionOptions options) {
        long count = Pattern.compile("(?m)^\\d+: ").matcher(prompt).results().count();
        StringBuilder answer = new StringBuilder();
        for (int i = 1; i <= count; i += 2) {
            answer.append(i).append('-').append(Math.min(i + 1, count)).append('\n');
        }
        return answer.toString();
    }

    private static boolean isSpace(String text) {
        return text.chars().allMatch(c -> Spaces.isSpace((char) c));
    }

    private static void assertLaws(String name, Case each, String document, ChunkSize size) {
        List<Chunk> chunks = each.chunker.chunk(document);
        assertThat(each.chunker.chunk(document)).as(name).isEqualTo(chunks);
        Units units = size.length().of(document);
        int reached = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            String what = name + ", chunk " + i + " of " + chunks;
            assertThat(document.substring(chunk.start(), chunk.end())).as(what).isEqualTo(chunk.text());
            assertThat(chunk.text()).as(what).isNotEmpty();
            assertThat(isSpace(chunk.text().substring(0, 1))).as(what).isFalse();
            assertThat(isSpace(chunk.text().substring(chunk.text().length() - 1)))
                    .as(what)
                    .isFalse();
            assertThat(Spaces.insidePair(document, chunk.start())).as(what).isFalse();
            assertThat(Spaces.insidePair(document, chunk.end())).as(what).isFalse();
            assertThat(chunk.end()).as(what).isGreaterThan(reached);
            if (chunk.start() > reached) {
                assertThat(isSpace(document.substring(reached, chunk.start())))
                        .as(what)
                        .isTrue();
            } else {
                assertThat(units.between(chunk.start(), reached)).as(what).isLessThanOrEqualTo(each.overlap);
            }
            if (i > 0) {
                assertThat(chunk.start())
                        .as(what)
                        .isGreaterThanOrEqualTo(chunks.get(i - 1).start());
            }
            if (units.between(chunk.start(), chunk.end()) > size.size()) {
                Span span = new Span(chunk.start(), chunk.end());
                List<Span> wholes = each.whole == Whole.UNIT ? units.pieces(span) : Sentences.of(document);
                assertThat(wholes).as(what).contains(span);
            }
            reached = chunk.end();
        }
        assertThat(isSpace(document.substring(reached))).as(name + " " + chunks).isTrue();
    }

    @Property(tries = 200)
    void everyChunkerKeepsTheLaws(
            @ForAll("documents") String document,
            @ForAll("lengths") Length length,
            @ForAll @IntRange(min = 1, max = 60) int size,
            @ForAll @IntRange(min = 0, max = 99) int share) {
        ChunkSize most = new ChunkSize(size, size * share / 100, length);
        all(most).forEach((name, each) -> assertLaws(name, each, document, most));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\r\n \t", "\u00a0\u0085\u2003"})
    void nothingGivesNoChunks(String document) {
        all(ChunkSize.of(3))
                .forEach((name, each) ->
                        assertThat(each.chunker.chunk(document)).as(name).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " a", "a\r\n", "😀", "。", "<", "#", "\ud83d", "{", "\\", "\"", "%"})
    void oneCharacterGivesOneChunk(String document) {
        all(ChunkSize.of(1))
                .forEach((name, each) -> assertThat(each.chunker.chunk(document))
                        .as(name)
                        .singleElement()
                        .satisfies(chunk -> assertThat(chunk.text()).isEqualTo(document.strip())));
    }

    /// What chunkers ask and do grows with the text, not with its square: a text of twice the length makes
    /// twice the work, but for the first chunk, before which none is full; the square would make four times.
    /// Work is counted as look-ups of lengths.
    @ParameterizedTest
    @ValueSource(strings = {"x", "x ", "x. ", "😀", "x\n\n", ". ", "。", " ", "# x\n\n", "<p>x", "{", "\\section{x"})
    void workGrowsWithTheText(String unit) {
        List<String> names = new ArrayList<>(all(ChunkSize.of(100)).keySet());
        names.removeAll(List.of("java")); // the compiler's own work
        for (String name : names) {
            Counting counting = new Counting();
            ChunkSize size = new ChunkSize(100, 30, counting);
            all(size).get(name).chunker.chunk(unit.repeat(2000));
            long once = counting.asked();
            all(size).get(name).chunker.chunk(unit.repeat(4000));
            long twice = counting.asked() - once;
            assertThat(twice).as(name).isLessThanOrEqualTo(once * 21 / 10 + 100);
        }
    }
}
