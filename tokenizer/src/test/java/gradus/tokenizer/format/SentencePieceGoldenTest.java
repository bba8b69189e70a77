package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.SentencePieceTexts;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.json.JsonFields;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The ids of the SentencePiece library and of Hugging Face's, on 10,000 texts each: a BPE with byte fallback as
/// Llama 2 has it, Gemma's with user-defined symbols and no prefix, one with unknowns, one whose pieces reach
/// across words, and three Unigrams: T5's, one with bytes and user-defined symbols, one without any rule for
/// characters.
class SentencePieceGoldenTest {
    private static final List<String> TEXTS = SentencePieceTexts.golden(SentencePieceGolden.TEXTS);

    @TempDir
    Path folder;

    @Test
    void theTextsAreThoseOfTheGoldenFile() {
        assertThat(SentencePieceGolden.textHashes(TEXTS))
                .isEqualTo(SentencePieceGolden.expected(SentencePieceGolden.FILE, "texts"));
    }

    static Stream<String> models() {
        return SentencePieceGolden.models().stream();
    }

    static Stream<String> tokenizers() {
        return SentencePieceGolden.tokenizers().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelFileGivesTheIdsOfSentencePiece(String name) {
        Tokenizer tokenizer = Tokenizers.load(SentencePieceGolden.modelFile(name, folder));
        JsonFields golden = SentencePieceGolden.FILE.object("models").object(name);
        for (JsonFields sample : golden.list("sample")) {
            List<JsonFields> pair = sample.elements();
            int[] ids = pair.get(1).elements().stream().mapToInt(JsonFields::id).toArray();
            assertThat(tokenizer.encode(pair.get(0).text()))
                    .as(pair.get(0).text())
                    .isEqualTo(ids);
        }
        assertThat(SentencePieceGolden.hashes(
                        TEXTS.parallelStream().map(tokenizer::encode).toList()))
                .isEqualTo(SentencePieceGolden.expected(golden, "ids"));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void aTokenizerJsonGivesTheIdsOfTheRustLibrary(String name) {
        Tokenizer tokenizer = Tokenizers.load(SentencePieceGolden.jsonFile(name, folder));
        JsonFields golden = SentencePieceGolden.FILE.object("tokenizers").object(name);
        List<int[]> ids = TEXTS.parallelStream()
                .map(text -> tokenizer.encode(text, tokenizer.specialTokens()))
                .toList();
        assertThat(SentencePieceGolden.hashes(ids)).isEqualTo(SentencePieceGolden.expected(golden, "ids"));
        assertThat(SentencePieceGolden.textHashes(
                        ids.stream().map(tokenizer::decode).toList()))
                .isEqualTo(SentencePieceGolden.expected(golden, "texts"));
    }

    /// Saved and read again it is the same tokenizer, and the file the same to the byte.
    @ParameterizedTest
    @MethodSource("models")
    void aModelComesBackFromItsTokenizerJson(String name) {
        roundTrip(Tokenizers.load(SentencePieceGolden.modelFile(name, folder)));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void aTokenizerJsonComesBack(String name) {
        roundTrip(Tokenizers.load(SentencePieceGolden.jsonFile(name, folder)));
    }

    private void roundTrip(Tokenizer tokenizer) {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Tokenizers.save(tokenizer, first);
        Tokenizer again = Tokenizers.load(first);
        Tokenizers.save(again, second);
        assertThat(second.resolve("tokenizer.json")).hasSameBinaryContentAs(first.resolve("tokenizer.json"));
        assertThat(Tokenizers.fingerprint(again)).isEqualTo(Tokenizers.fingerprint(tokenizer));
        for (String text : TEXTS.subList(0, 1000)) {
            int[] ids = tokenizer.encode(text);
            assertThat(again.encode(text)).as(text).isEqualTo(ids);
            assertThat(again.decode(ids)).isEqualTo(tokenizer.decode(ids));
        }
    }
}
