package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.text.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ByteLevelBpeTest {
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> anyUnicode =
                Arbitraries.strings().all().ofMaxLength(60).map(Utf8::wellFormed);
        Arbitrary<String> hard = Arbitraries.longs().map(seed -> Texts.random(new Random(seed)));
        return Arbitraries.oneOf(anyUnicode, hard);
    }

    @Property(tries = 3000)
    void decodingGivesTheTextBack(@ForAll("texts") String text) {
        ByteLevelBpe bpe = WordNetBpe.get();
        assertThat(bpe.decode(bpe.encode(text))).isEqualTo(text);
    }

    @Property(tries = 2000)
    void noTwoNeighboursOfAPreTokenCanStillBeMerged(@ForAll("texts") String text) {
        ByteLevelBpe bpe = WordNetBpe.get();
        byte[] utf8 = Utf8.encode(text);
        var gpt2 = new Gpt2PreTokenizer();
        for (int from = 0; from < utf8.length; ) {
            int to = gpt2.end(utf8, from, utf8.length);
            int[] ids = bpe.encode(Utf8.decode(utf8, from, to - from));
            for (int i = 0; i + 1 < ids.length; i++) {
                int left = ids[i];
                int right = ids[i + 1];
                assertThat(bpe.vocabulary().merges()).noneMatch(m -> m.left() == left && m.right() == right);
            }
            from = to;
        }
    }

    @Property(tries = 2000)
    void whatFollowsAPreTokenNeverChangesEarlierIds(@ForAll("texts") String before, @ForAll("texts") String after) {
        ByteLevelBpe bpe = WordNetBpe.get();
        int[] first = bpe.encode(before + "x");
        int[] both = bpe.encode(before + "x y" + after);
        assertThat(Arrays.copyOf(both, first.length)).isEqualTo(first);
    }

    // BAD-INPUT 67
    @Property(tries = 2000)
    void streamingGivesTheSameText(@ForAll("texts") String text, @ForAll long seed) {
        ByteLevelBpe bpe = WordNetBpe.get();
        int[] ids = bpe.encode(text);
        var random = new Random(seed);
        if (random.nextBoolean()) { // ids as a model makes them, characters cut anywhere
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.nextInt(3) == 0 ? random.nextInt(bpe.vocabularySize()) : ids[i];
            }
        }
        StreamingDecoder decoder = bpe.decoder();
        var streamed = new StringBuilder();
        for (int id : ids) {
            streamed.append(decoder.accept(id));
        }
        streamed.append(decoder.finish());
        var bytes = new java.io.ByteArrayOutputStream();
        for (int id : ids) {
            bytes.writeBytes(bpe.vocabulary().bytes(id));
        }
        assertThat(streamed.toString())
                .isEqualTo(Utf8.decode(bytes.toByteArray()))
                .isEqualTo(bpe.decode(ids));
    }

    @Test
    void streamingHoldsBackACutCharacterOnly() {
        var decoder = new ByteTokenizer().decoder();
        assertThat(decoder.accept(0xE2)).isEmpty();
        assertThat(decoder.accept(0x82)).isEmpty();
        assertThat(decoder.accept(0xAC)).isEqualTo("€");
        assertThat(decoder.accept('a')).isEqualTo("a");
        assertThat(decoder.accept(0xE2)).isEmpty();
        assertThat(decoder.accept('b')).isEqualTo("\uFFFDb");
        assertThat(decoder.accept(0xC3)).isEmpty();
        assertThat(decoder.finish()).isEqualTo("\uFFFD");
    }

    @Test
    void eachSpoiltBeginningIsOneReplacement() {
        var bytes = new ByteTokenizer();
        // Unicode's example of maximal subparts, section 3.9, table 3-8.
        assertThat(bytes.decode(0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64))
                .isEqualTo("a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
        assertThat(bytes.decode(0xED, 0xA0, 0x80)).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(bytes.decode(0xF4, 0x91, 0x92, 0x93, 0xFF)).isEqualTo("\uFFFD".repeat(5));
        assertThat(bytes.decode(0xEF, 0xBF, 0xBD, 0xF0, 0x9F, 0x99, 0x82)).isEqualTo("\uFFFD🙂");
    }

    @Test
    void shortAndLongPreTokensMergeAlike() {
        ByteLevelBpe bpe = WordNetBpe.get();
        var random = new Random(5);
        for (int i = 0; i < 400; i++) {
            int length = 2 + random.nextInt(120);
            var word = new StringBuilder();
            while (word.length() < length) {
                word.append((char) ("etaoinshrdlu".charAt(random.nextInt(12))));
            }
            assertThat(bpe.encode(word.toString())).isEqualTo(slow(bpe, word.toString()));
        }
    }

    /// Lowest rank, leftmost, one at a time.
    private static int[] slow(ByteLevelBpe bpe, String word) {
        BpeVocabulary v = bpe.vocabulary();
        var ids = new java.util.ArrayList<Integer>();
        for (byte b : Utf8.encode(word)) {
            ids.add(v.idOfByte(b));
        }
        for (boolean merged = true; merged; ) {
            merged = false;
            for (BpeVocabulary.Merge merge : v.merges()) {
                for (int i = 0; i + 1 < ids.size() && !merged; i++) {
                    if (ids.get(i) == merge.left() && ids.get(i + 1) == merge.right()) {
                        ids.set(i, merge.merged());
                        ids.remove(i + 1);
                        merged = true;
                    }
                }
                if (merged) {
                    break;
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void manyThreadsShareOneTokenizer() {
        ByteLevelBpe bpe = WordNetBpe.get();
        List<String> lines = WordNetText.text().substring(0, 400_000).lines().toList();
        List<int[]> alone = lines.stream().map(bpe::encode).toList();
        List<int[]> together = lines.parallelStream().map(bpe::encode).toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(together.get(i)).isEqualTo(alone.get(i));
        }
    }

    @Test
    void inspectShowsPiecesIdsAndBytes() {
        List<Piece> pieces = WordNetBpe.get().inspect("the é");
        assertThat(pieces.getFirst().text()).isEqualTo("the");
        assertThat(pieces.stream().mapToInt(p -> p.bytes().length).sum()).isEqualTo(6);
    }
}
