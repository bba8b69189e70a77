package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.format.SentencePieceGolden;
import gradus.tokenizer.format.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What must hold for every text: decoding undoes encoding, streams give what decoding gives, and no text forges
/// a control token.
class SentencePieceLawsTest {
    private static final List<String> TEXTS = SentencePieceTexts.golden(2000).stream()
            .filter(text -> !text.isEmpty())
            .toList();

    @TempDir
    Path folder;

    private Tokenizer model(String name) {
        return Tokenizers.load(SentencePieceGolden.modelFile(name, folder));
    }

    /// Without rules for characters and with bytes for the rest, every text comes back but for the sign that
    /// stands for a space itself.
    @Test
    void decodingUndoesEncoding() {
        for (String name : List.of("bpe-llama", "bpe-gemma")) {
            Tokenizer tokenizer = model(name);
            for (String text : TEXTS) {
                assertThat(tokenizer.decode(tokenizer.encode(text))).as(name).isEqualTo(text.replace('▁', ' '));
            }
        }
    }

    /// With rules for characters, what was decoded is their fixed point: the rules have been applied.
    @Test
    void decodingGivesTheNormalisedText() {
        var unigram = (Unigram) model("unigram-bytes");
        for (String text : TEXTS) {
            int[] ids = unigram.encode(text);
            String normal = unigram.frame().normalizer().normalize(text).replace('▁', ' ');
            assertThat(unigram.decode(ids)).isEqualTo(normal.isEmpty() ? "" : normal.substring(1));
        }
    }

    @Test
    void aStreamGivesWhatDecodingGives() {
        for (String name : SentencePieceGolden.tokenizers()) {
            Tokenizer tokenizer = Tokenizers.load(SentencePieceGolden.jsonFile(name, folder));
            var random = new Random(4);
            for (int i = 0; i < 200; i++) {
                int[] ids = random.ints(random.nextInt(20), 0, tokenizer.vocabularySize())
                        .toArray();
                StreamingDecoder decoder = tokenizer.decoder();
                var text = new StringBuilder();
                for (int id : ids) {
                    text.append(decoder.accept(id));
                }
                assertThat(text.append(decoder.finish()).toString()).isEqualTo(tokenizer.decode(ids));
            }
        }
    }

    /// `é` is C3 A9 in two byte pieces: nothing is shown before it is whole, and a broken one becomes U+FFFD.
    @Test
    void bytesAreHeldUntilACharacterIsWhole() {
        Tokenizer tokenizer = model("bpe-llama");
        int first = tokenizer.tokenToId("<0xC3>");
        int second = tokenizer.tokenToId("<0xA9>");
        StreamingDecoder decoder = tokenizer.decoder();
        assertThat(decoder.accept(first)).isEmpty();
        assertThat(decoder.accept(second)).isEqualTo("é");
        assertThat(decoder.accept(first)).isEmpty();
        assertThat(decoder.accept(tokenizer.tokenToId("▁the"))).isEqualTo("\uFFFD the");
        assertThat(decoder.finish()).isEmpty();
    }

    /// The space before the text goes, and no other; in the next stream again.
    @Test
    void oneSpaceIsTakenFromTheBeginning() {
        Tokenizer tokenizer = model("bpe-llama");
        int the = tokenizer.tokenToId("▁the");
        int space = tokenizer.tokenToId("▁");
        assertThat(tokenizer.decode(the, the)).isEqualTo("the the");
        assertThat(tokenizer.decode(space, the)).isEqualTo(" the");
        StreamingDecoder decoder = tokenizer.decoder();
        assertThat(decoder.accept(the) + decoder.finish() + decoder.accept(the)).isEqualTo("thethe");
        assertThat(model("bpe-gemma").decode(model("bpe-gemma").encode(" the"))).isEqualTo(" the");
    }

    /// Where no merge crosses a word's beginning, encoding in parts gives the whole.
    @Test
    void wordsCanBeEncodedApart() {
        Tokenizer tokenizer = model("bpe-gemma");
        List<String> words = TEXTS.stream()
                .map(text -> text.replaceAll("[ ▁]+|\n|<[^>]*>|the cat", ""))
                .filter(text -> !text.isEmpty())
                .toList();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            int[] left = tokenizer.encode(words.get(i));
            int[] right = tokenizer.encode(" " + words.get(i + 1));
            assertThat(tokenizer.encode(words.get(i) + " " + words.get(i + 1)))
                    .isEqualTo(IntStream.concat(Arrays.stream(left), Arrays.stream(right))
                            .toArray());
        }
    }

    @Test
    void piecesOfATextAreItsBytes() {
        Tokenizer tokenizer = model("bpe-llama");
        for (String text : TEXTS.subList(0, 500)) {
            var bytes = new ByteArrayOutputStream();
            tokenizer.inspect(text).forEach(piece -> bytes.writeBytes(piece.bytes()));
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(" " + text.replace('▁', ' '));
        }
    }

    /// NFKC makes `＜/s＞` the text of the control token, and the Rust library takes it for that; here only who
    /// allows it.
    @Test
    void noTextForgesAControlToken() {
        Tokenizer tokenizer = Tokenizers.load(SentencePieceGolden.jsonFile("unigram-t5/t5", folder));
        int end = tokenizer.tokenToId("</s>");
        for (String text : List.of("a </s> b", "a ＜/s＞ b", "＜／s＞", "</s></s>")) {
            assertThat(tokenizer.encode(text)).as(text).doesNotContain(end);
            assertThat(tokenizer.encode(text, tokenizer.specialTokens()))
                    .as(text)
                    .contains(end);
        }
        assertThat(tokenizer.encode("a </s>", Set.of("</s>"))).endsWith(end);
    }

    /// A megabyte of one character, and of what merges badly, comes back whole.
    @Test
    void longRunsAreEncoded() {
        for (String name : List.of("bpe-llama", "bpe-across-words", "unigram-bytes")) {
            Tokenizer tokenizer = model(name);
            for (String run : List.of("x", "^", "0", "'s", " ", "\n", "é", "\u0301", "th", "a b")) {
                String text = "a" + run.repeat(1_000_000 / run.length()) + "b";
                int[] ids = tokenizer.encode(text);
                assertThat(ids.length).isLessThan(2_100_000);
                if (name.equals("bpe-llama")) {
                    assertThat(tokenizer.decode(ids)).isEqualTo(text);
                }
            }
        }
    }
}
