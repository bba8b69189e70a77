package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.HuggingFace;
import gradus.tokenizer.Texts;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.WordNetText;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// OpenAI's own ranks, as jtokkit ships them: the ids must be jtokkit's.
class TiktokenTest {
    private static final EncodingRegistry JTOKKIT = Encodings.newLazyEncodingRegistry();

    @TempDir
    Path folder;

    private ByteLevelBpe load(String file, String preTokenizer, Map<String, Integer> special) {
        Path copy = Texts.copyResource("/com/knuddels/jtokkit/" + file + ".tiktoken", folder);
        return TiktokenFile.read(copy, PreTokenizers.named(preTokenizer), special);
    }

    @ParameterizedTest
    @CsvSource({
        "r50k_base, gpt2, R50K_BASE, 50256",
        "cl100k_base, cl100k, CL100K_BASE, 100257",
        "o200k_base, o200k, O200K_BASE, 199999"
    })
    void sameIdsAsJtokkit(String file, String preTokenizer, EncodingType type, int endOfText) {
        ByteLevelBpe ours = load(file, preTokenizer, Map.of("<|endoftext|>", endOfText));
        Encoding theirs = JTOKKIT.getEncoding(type);
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            String text = Texts.random(random) + Texts.random(random);
            assertThat(ours.encode(text))
                    .as(text)
                    .isEqualTo(theirs.encodeOrdinary(text).toArray());
        }
        List<String> lines = Texts.europarl();
        for (int i = 0; i < lines.size(); i += 40) {
            assertThat(ours.encode(lines.get(i)))
                    .as(lines.get(i))
                    .isEqualTo(theirs.encodeOrdinary(lines.get(i)).toArray());
        }
        String text = WordNetText.text().substring(0, 500_000);
        assertThat(ours.encode(text)).isEqualTo(theirs.encodeOrdinary(text).toArray());
        assertThat(ours.encode("a<|endoftext|>", ours.specialTokens())).endsWith(endOfText);
        assertThat(ours.decode(ours.encode(text))).isEqualTo(text);
    }

    @Test
    void gpt2KnownIds() {
        ByteLevelBpe gpt2 = load("r50k_base", "gpt2", Map.of("<|endoftext|>", 50256));
        assertThat(gpt2.vocabularySize()).isEqualTo(50257);
        assertThat(gpt2.encode("Hello world")).containsExactly(15496, 995);
    }

    @Test
    void aTrainedTokenizerSurvivesARankFile() {
        ByteLevelBpe trained = WordNetBpe.get();
        TiktokenFile.write(trained, folder, "wordnet.tiktoken");
        ByteLevelBpe read = TiktokenFile.read(
                folder.resolve("wordnet.tiktoken"), new Gpt2PreTokenizer(), Map.of("<|endoftext|>", 0));
        String text = WordNetText.text().substring(0, 300_000);
        assertThat(read.encode(text)).isEqualTo(trained.encode(text));
    }

    @Test
    void aRankFileSurvivesATokenizerJson() {
        ByteLevelBpe gpt2 = load("r50k_base", "gpt2", Map.of("<|endoftext|>", 50256));
        Tokenizers.save(gpt2, folder);
        Tokenizer read = Tokenizers.load(folder);
        String text = WordNetText.text().substring(0, 300_000);
        assertThat(read.encode(text)).isEqualTo(gpt2.encode(text));
        try (var theirs = new HuggingFace(folder)) {
            assertThat(theirs.encode(text.substring(0, 50_000))).isEqualTo(gpt2.encode(text.substring(0, 50_000)));
        }
    }
}
