package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fingerprints and files stay, byte for byte, what they have been: runs remember them.
class SavedFilesTest {
    private static final String TEXT = "the cat sat on the mat, the cats' 12 hats: naïve café 空 🙂 they're\n\n  that";

    @TempDir
    Path folder;

    private static Map<String, Tokenizer> trained() {
        var all = new TreeMap<String, Tokenizer>();
        all.put("char", CharTokenizer.of(TEXT));
        all.put("byte", new ByteTokenizer());
        for (String name : PreTokenizers.names()) {
            BpeTrainerOptions options = BpeTrainerOptions.of(290).withPreTokenizer(PreTokenizers.named(name));
            all.put("bpe " + name, new BpeTrainer(options).train(TEXT));
        }
        BpeTrainerOptions nfc =
                BpeTrainerOptions.of(280).withNormalizer(new NfcNormalizer()).withSpecialTokens(List.of("<s>", "</s>"));
        SpecialTokens roles = SpecialTokens.NONE.withBos(0).withEos(List.of(1));
        all.put("bpe nfc", ((TokenizerPipeline) new BpeTrainer(nfc).train(TEXT)).withRoles(roles));
        WordPieceTrainerOptions pieces = WordPieceTrainerOptions.of(60);
        all.put("wordpiece frequency", new WordPieceFrequencyTrainer(pieces).train(TEXT));
        all.put("wordpiece likelihood", new WordPieceLikelihoodTrainer(pieces).train(TEXT));
        return all;
    }

    /// A line: the tokenizer, the beginning of its fingerprint, and of the hash of the names and bytes of its files.
    @Test
    void fingerprintsAndFilesStayWhatTheyAre() throws IOException {
        var lines = new ArrayList<String>();
        trained().forEach((name, tokenizer) -> lines.add(line(name, tokenizer)));
        for (String name : SentencePieceGolden.models()) {
            Path file = SentencePieceGolden.modelFile(name, folder.resolve(name));
            lines.add(line("model " + name, Tokenizers.load(file)));
        }
        for (String name : SentencePieceGolden.tokenizers()) {
            Path file = SentencePieceGolden.jsonFile(name, folder.resolve("json " + name));
            lines.add(line("json " + name, Tokenizers.load(file)));
        }
        try (InputStream golden = SavedFilesTest.class.getResourceAsStream("/golden/saved-files.tsv")) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(lines).isEqualTo(expected.lines().toList());
        }
    }

    private String line(String name, Tokenizer tokenizer) {
        try {
            Path saved = Files.createTempDirectory(folder, "saved");
            Tokenizers.save(tokenizer, saved);
            var digest = MessageDigest.getInstance("SHA-256");
            try (Stream<Path> files = Files.list(saved)) {
                for (Path file : files.sorted().toList()) {
                    digest.update(file.getFileName().toString().getBytes(StandardCharsets.US_ASCII));
                    digest.update(Files.readAllBytes(file));
                }
            }
            String fingerprint = Tokenizers.fingerprint(tokenizer);
            return name + "\t" + fingerprint.substring(0, 12) + "\t"
                    + HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTokenizerOfAnUnknownKindCannotBeSaved() {
        Tokenizer unknown = new Tokenizer() {
            private final Tokenizer bytes = new ByteTokenizer();

            @Override
            public int vocabularySize() {
                return 256;
            }

            @Override
            public int[] encode(String text, Set<String> allowedSpecial) {
                return bytes.encode(text, allowedSpecial);
            }

            @Override
            public StreamingDecoder decoder() {
                return bytes.decoder();
            }

            @Override
            public String idToToken(int id) {
                return bytes.idToToken(id);
            }

            @Override
            public int tokenToId(String token) {
                return bytes.tokenToId(token);
            }

            @Override
            public String name() {
                return "unknown";
            }
        };
        assertThat(unknown.decode(unknown.encode("é"))).isEqualTo("é");
        assertThatThrownBy(() -> Tokenizers.save(unknown, folder.resolve("none")))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("no tokenizer.json can hold");
        assertThatThrownBy(() -> Tokenizers.fingerprint(unknown)).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> Tokenizers.fingerprint(null)).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> Tokenizers.save(null, folder)).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> Tokenizers.save(new ByteTokenizer(), null)).isInstanceOf(TokenizerException.class);
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
