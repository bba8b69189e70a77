package gradus.tokenizer.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Texts;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BytePairBasics;
import gradus.tokenizer.corpus.ParallelEncoder;
import gradus.tokenizer.format.BpeParts;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.FirstSeenTies;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pre-tokenizers and normalizers of a user's own in training, encoding, saving and loading.
class OwnPreTokenizerTest {
    private static final String TEXT = "low lower lowest; new newer newest; wide wider widest. ".repeat(20);

    @TempDir
    Path folder;

    /// Cuts after every `n` bytes, counted from where the last cut was.
    private record Every(int n) implements PreTokenizer {
        @Override
        public int end(byte[] utf8, int from, int to) {
            return Math.min(from + n, to);
        }

        @Override
        public String name() {
            return "every-" + n;
        }
    }

    /// Runs of letters a to z, and any other character by itself; there is a regex that says the same.
    private record Lower(boolean endsBeforeSpaces) implements PreTokenizer {
        @Override
        public int end(byte[] utf8, int from, int to) {
            int i = from;
            while (i < to && utf8[i] >= 'a' && utf8[i] <= 'z') {
                i++;
            }
            return i > from ? i : i + Math.max(1, gradus.tokenizer.text.Utf8.width(utf8[i]));
        }

        @Override
        public String name() {
            return "lower";
        }

        @Override
        public Optional<String> pattern() {
            return Optional.of("[a-z]+|[\\s\\S]");
        }
    }

    private record Upper() implements Normalizer {
        @Override
        public String normalize(String text) {
            return text.toUpperCase(Locale.ROOT);
        }
    }

    private static ByteLevelBpe train(PreTokenizer cut) {
        return new BpeTrainer(BpeTrainerOptions.of(300).withPreTokenizer(cut)).train(TEXT);
    }

    @Property(tries = 200)
    void everyTextComesBackAndNoTokenCrossesACut(@ForAll long seed) {
        var random = new Random(seed);
        PreTokenizer cut = random.nextBoolean() ? new Every(1 + random.nextInt(7)) : new Lower(random.nextBoolean());
        String corpus = Texts.random(random) + TEXT.substring(random.nextInt(TEXT.length()));
        var options =
                new BpeTrainerOptions(256 + random.nextInt(40), 0, List.of(), cut, text -> text, new FirstSeenTies());
        ByteLevelBpe bpe = new BpeTrainer(options).train(corpus);
        String text = Texts.random(random);
        assertThat(bpe.decode(bpe.encode(text))).isEqualTo(text);
        var slow = new BytePairBasics(corpus, bpe.mergeCount(), cut);
        assertThat(slow.decode(slow.encode(text))).isEqualTo(text);
        assertThat(bpe.encode(text)).hasSize(slow.encode(text).size());
        byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int place = 0;
        int end = 0;
        for (int id : bpe.encode(text)) {
            if (place == end) {
                end = cut.end(utf8, place, utf8.length);
            }
            place += bpe.vocabulary().bytes(id).length;
            assertThat(place).isLessThanOrEqualTo(end);
        }
        assertThat(place).isEqualTo(utf8.length);
    }

    @Test
    void theScannerIsItsPattern() {
        var random = new Random(3);
        for (int i = 0; i < 200; i++) {
            String text = Texts.random(random);
            Matcher matcher =
                    Pattern.compile(new Lower(true).pattern().orElseThrow()).matcher(text);
            byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int from = 0; from < utf8.length; ) {
                int to = PreTokenizers.end(new Lower(true), utf8, from, utf8.length);
                assertThat(matcher.find()).isTrue();
                assertThat(new String(utf8, from, to - from, java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo(matcher.group());
                from = to;
            }
        }
    }

    @Test
    void oneWithAPatternIsSavedAndLoadedWhereItIsGivenAgain() {
        ByteLevelBpe bpe = train(new Lower(true));
        Tokenizers.save(bpe, folder);
        var loaded = (ByteLevelBpe) Tokenizers.load(folder, new Every(2), new Lower(true));
        assertThat(Tokenizers.fingerprint(loaded)).isEqualTo(Tokenizers.fingerprint(bpe));
        assertThat(loaded.rules().preTokenizer()).isInstanceOf(Lower.class);
        assertThat(loaded.encode("slower, slowest")).isEqualTo(bpe.encode("slower, slowest"));
        assertThat(loaded.encode("slower, slowest")).hasSizeLessThan(10);
        refused("given to Tokenizers.load", () -> Tokenizers.load(folder));
        refused("given to Tokenizers.load", () -> Tokenizers.load(folder.resolve("tokenizer.json"), new Every(2)));
        assertThat(Tokenizers.load(folder.resolve("tokenizer.json"), new Lower(true))
                        .encode("lowest"))
                .isEqualTo(bpe.encode("lowest"));
    }

    @Test
    void oneWithoutAPatternCannotBeSavedButHasAFingerprint() {
        ByteLevelBpe three = train(new Every(3));
        refused("every-3", () -> Tokenizers.save(three, folder.resolve("none")));
        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(Tokenizers.fingerprint(three)).isEqualTo(Tokenizers.fingerprint(train(new Every(3))));
        var four = new ByteLevelBpe(three.vocabulary(), BpeRules.of(new Every(4)), three.frame());
        assertThat(Tokenizers.fingerprint(four)).isNotEqualTo(Tokenizers.fingerprint(three));
        refused("every-3", () -> BpeParts.of(three));
    }

    @Test
    void oneThatNamesItselfLikeAPublishedOneIsNotTakenForIt() {
        PreTokenizer false2 = new PreTokenizer() {
            @Override
            public int end(byte[] utf8, int from, int to) {
                return from + 1;
            }

            @Override
            public String name() {
                return "gpt2";
            }
        };
        ByteLevelBpe bpe = train(false2);
        refused("gpt2", () -> BpeParts.of(bpe));
        refused("gpt2", () -> Tokenizers.save(bpe, folder));
    }

    @Test
    void aNormalizerOfOnesOwnIsUsedNamedAndNotLostInSilence() {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(300).withNormalizer(new Upper())).train(TEXT);
        assertThat(bpe.decode(bpe.encode("lowest é"))).isEqualTo("LOWEST É");
        assertThat(bpe.encode("lowest")).hasSizeLessThan(4);
        refused("Upper", () -> Tokenizers.save(bpe, folder));
        refused("Upper", () -> BpeParts.of(bpe));
        ByteLevelBpe plain = new BpeTrainer(BpeTrainerOptions.of(300)).train(TEXT.toUpperCase(Locale.ROOT));
        assertThat(Tokenizers.fingerprint(plain)).isNotEqualTo(Tokenizers.fingerprint(bpe));
        ByteLevelBpe lambda = new BpeTrainer(BpeTrainerOptions.of(300).withNormalizer(String::trim)).train(TEXT);
        refused("lambda", () -> Tokenizers.fingerprint(lambda));
    }

    /// A long text is cut for the threads only where the pre-tokenizer ends before spaces and the normalizer looks at
    /// no more than a character.
    @Test
    void threadsShareALongTextOnlyWhereTheCutsAreSafe() {
        String longText = TEXT.replace(";", "").replace(".", "").repeat(700); // above the length that is shared
        for (PreTokenizer cut : List.of(new Every(5), new Lower(true), new Lower(false))) {
            ByteLevelBpe bpe = train(cut);
            assertThat(bpe.safeCut(longText, 100) < longText.length()).isEqualTo(cut.endsBeforeSpaces());
            assertThat(new ParallelEncoder(bpe).withThreads(3).encode(longText)).isEqualTo(bpe.encode(longText));
        }
        Normalizer whole = text -> new StringBuilder(text).reverse().toString();
        ByteLevelBpe reversed = new BpeTrainer(BpeTrainerOptions.of(300).withNormalizer(whole)).train(TEXT);
        assertThat(new ParallelEncoder(reversed).withThreads(3).encode(longText))
                .isEqualTo(reversed.encode(longText));
    }

    @Test
    void anEndOutsideTheTextIsRefused() {
        for (int step : new int[] {0, -1, 1 << 20}) {
            PreTokenizer wrong = new PreTokenizer() {
                @Override
                public int end(byte[] utf8, int from, int to) {
                    return from + step;
                }

                @Override
                public String name() {
                    return "wrong";
                }
            };
            refused("the pre-tokenizer wrong", () -> train(wrong));
            ByteLevelBpe bpe = train(new Every(3));
            var other = new ByteLevelBpe(bpe.vocabulary(), BpeRules.of(wrong), bpe.frame());
            refused("byte 0 at byte " + step + "; expected 1..3", () -> other.encode("abc"));
            refused("the pre-tokenizer wrong", () -> new BytePairBasics("abc", 1, wrong));
        }
    }

    private static void refused(String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        assertThatThrownBy(act).isInstanceOf(TokenizerException.class).hasMessageContaining(what);
    }
}
