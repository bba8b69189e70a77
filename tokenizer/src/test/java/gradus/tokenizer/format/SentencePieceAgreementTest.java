package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.HuggingFace;
import gradus.tokenizer.SentencePieceTexts;
import gradus.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The Rust library beside ours, live: the files that it wrote, and the files that we write.
class SentencePieceAgreementTest {
    private static final List<String> TEXTS = SentencePieceTexts.golden(3000);

    @TempDir
    Path folder;

    static Stream<String> tokenizers() {
        return SentencePieceGolden.tokenizers().stream();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void ourFileGivesTheSameIdsThere(String name) {
        Tokenizer ours = Tokenizers.load(SentencePieceGolden.jsonFile(name, folder));
        Tokenizers.save(ours, folder.resolve("saved"));
        try (var theirs = new HuggingFace(folder.resolve("saved"))) {
            for (String text : TEXTS) {
                int[] ids = ours.encode(text, ours.specialTokens());
                assertThat(ids).as(text).isEqualTo(theirs.encode(text));
            }
        }
    }
}
