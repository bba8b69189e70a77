package gradus.train.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.generate.Constraint;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is drawn under a constraint is in its language, whatever the logits are.
class ConstrainedDecodingTest {
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Tokenizer TOKENIZER = new PartsTokenizer();
    private static final Set<Integer> ENDS = Set.of(PartsTokenizer.END);
    private static final int LIMIT = 400;

    /// Draws uniformly from what is allowed.
    private static int[] drawn(Constraint constraint, Random random, int limit) {
        Constraint.Progress progress = constraint.begin();
        IntStream.Builder tokens = IntStream.builder();
        for (int i = 0; i < limit && !progress.allowed().isEmpty(); i++) {
            BitSet allowed = progress.allowed();
            int[] each = allowed.stream().toArray();
            int token = each[random.nextInt(each.length)];
            tokens.add(token);
            progress.accept(token);
        }
        return tokens.build().toArray();
    }

    /// A thousand schemas.
    @Property(tries = 1000)
    void everyTextIsValid(@ForAll long seed) {
        Random random = new Random(seed);
        ObjectNode schema = DrawnSchemas.of(random);
        Regex language = JsonSchema.parse(schema.toString(), "drawn");
        if (new Emptiness().of(language)) {
            assertThatThrownBy(() -> TokenConstraint.of(language, TOKENIZER, ENDS))
                    .isInstanceOf(ConfigException.class);
            return;
        }
        Constraint constraint = TokenConstraint.of(language, TOKENIZER, ENDS);
        JsonValidator validator = new JsonValidator(EXACT.readTree(schema.toString()));
        for (int i = 0; i < 3; i++) {
            int[] tokens = drawn(constraint, random, LIMIT);
            assertThat(constraint.complete(tokens)).isTrue();
            String text = TOKENIZER.decode(tokens);
            JsonNode value = EXACT.readTree(text);
            assertThat(validator.valid(value)).as("%s for %s", text, schema).isTrue();
        }
    }

    /// Numbers in the bounds are in the language, and no others.
    @Property(tries = 200)
    void boundsAreExact(@ForAll long seed) {
        Random random = new Random(seed);
        BigDecimal low = BigDecimal.valueOf(random.nextInt(-1500, 1500), random.nextInt(4));
        BigDecimal high = BigDecimal.valueOf(random.nextInt(-1500, 1500), random.nextInt(4));
        boolean openLow = random.nextBoolean();
        boolean openHigh = random.nextBoolean();
        boolean whole = random.nextBoolean();
        Regex language = Decimals.between(
                whole, List.of(new Decimals.Bound(low, openLow)), List.of(new Decimals.Bound(high, openHigh)));
        for (int i = 0; i < 60; i++) {
            BigDecimal base = i % 3 == 0 ? low : i % 3 == 1 ? high : BigDecimal.ZERO;
            BigDecimal x = base.add(BigDecimal.valueOf(random.nextInt(-20, 20), random.nextInt(-1, 5)));
            x = whole ? x.setScale(0, RoundingMode.FLOOR) : x;
            int fromLow = x.compareTo(low);
            int fromHigh = x.compareTo(high);
            boolean inside = (openLow ? fromLow > 0 : fromLow >= 0) && (openHigh ? fromHigh < 0 : fromHigh <= 0);
            boolean isZero = x.signum() == 0;
            String text = isZero ? x.abs().toPlainString() : x.toPlainString();
            assertThat(RegexTest.matches(language, text))
                    .as("%s of %s %s %s", text, low, high, whole)
                    .isEqualTo(inside);
        }
    }

    /// Which tokens may come is what trying each of them says.
    @Property(tries = 200)
    void theMaskIsWhatEachTokenSays(@ForAll long seed) {
        Random random = new Random(seed);
        ObjectNode schema = DrawnSchemas.of(random);
        Regex language = JsonSchema.parse(schema.toString(), "drawn");
        Emptiness emptiness = new Emptiness();
        if (emptiness.of(language)) {
            return;
        }
        Constraint.Progress progress =
                TokenConstraint.of(language, TOKENIZER, ENDS).begin();
        Regex at = language;
        for (int step = 0; step < 5 && !progress.allowed().isEmpty(); step++) {
            BitSet expected = new BitSet();
            expected.set(PartsTokenizer.END, at.nullable());
            for (int id = 0; id < PartsTokenizer.END; id++) {
                expected.set(id, TOKENIZER.bytes(id).length > 0 && !emptiness.of(after(at, id)));
            }
            assertThat(progress.allowed()).isEqualTo(expected);
            int[] each = expected.stream().toArray();
            int token = each[random.nextInt(each.length)];
            if (token == PartsTokenizer.END) {
                return;
            }
            at = after(at, token);
            progress.accept(token);
            assertThat(progress.complete()).isEqualTo(at.nullable());
        }
    }

    private static Regex after(Regex regex, int token) {
        Regex at = regex;
        for (byte b : TOKENIZER.bytes(token)) {
            at = at.derivative(b & 0xFF);
        }
        return at;
    }

    /// With a model of random weights, several texts at once, and bytes that are parts of characters.
    @Test
    void aModelWritesOnlyWhatIsAllowed() {
        Gpt model = new Gpt(new GptConfig(TOKENIZER.vocabularySize(), 40, 1, 2, 8, 0.0), Rng.of(3));
        Regex language = RegexSyntax.parse("[é語😀]{2,4}=(\\d\\d|none)");
        Constraint constraint = TokenConstraint.of(language, TOKENIZER, ENDS);
        Generator generator = new Generator(model, Sampling.defaults()).constrained(constraint);
        int[][] texts =
                generator.generate(List.of(new int[] {65}, new int[] {1, 2, 3}), 30, Rng.of(5), (i, token) -> true);
        for (int[] text : texts) {
            assertThat(constraint.complete(text)).isTrue();
            assertThat(text[text.length - 1]).isEqualTo(PartsTokenizer.END);
            assertThat(TOKENIZER.decode(text)).matches("[é語😀]{2,4}=(\\d\\d|none)");
        }
        int[] alone = generator.generate(new int[] {65}, 30, Rng.of(5).at(0), token -> true);
        assertThat(alone).isEqualTo(texts[0]);
        int[] cut = generator.generate(new int[] {65}, 3, Rng.of(5), token -> true);
        assertThat(cut).hasSize(3);
        assertThat(constraint.complete(cut)).isFalse();
    }

    /// Without a token that ends a text, it ends where nothing may follow.
    @Test
    void endsWhereTheLanguageEnds() {
        Tokenizer bytes = new ByteTokenizer();
        Gpt model = new Gpt(new GptConfig(bytes.vocabularySize(), 20, 1, 2, 8, 0.0), Rng.of(3));
        Constraint constraint = TokenConstraint.of(RegexSyntax.parse("(é|x)y|"), bytes, Set.of());
        Generator generator = new Generator(model, Sampling.greedy()).constrained(constraint);
        assertThat(bytes.decode(generator.generate(new int[] {65}, 9, Rng.of(1), token -> true)))
                .isIn("éy", "xy");
        Constraint nothing = TokenConstraint.of(RegexSyntax.parse(""), bytes, Set.of());
        assertThat(generator.constrained(nothing).generate(new int[] {65}, 9, Rng.of(1), token -> true))
                .isEmpty();
        assertThat(nothing.complete(new int[0])).isTrue();
        assertThat(nothing.complete(new int[] {65})).isFalse();
    }

    /// Where not every byte is a token, a beginning that no tokens can end is not begun.
    @Test
    void aVocabularyThatCannotSpell() {
        Tokenizer letters = CharTokenizer.of("ab=1");
        Constraint constraint = TokenConstraint.of(RegexSyntax.parse("a(c|x)|a=1|b[cd]*"), letters, Set.of());
        Constraint.Progress progress = constraint.begin();
        assertThat(progress.allowed().cardinality()).isEqualTo(2);
        progress.accept(letters.tokenToId("a"));
        assertThat(progress.allowed().stream().toArray()).containsExactly(letters.tokenToId("="));
        assertThatThrownBy(() -> progress.accept(letters.tokenToId("b"))).hasMessageContaining("may not come");
        assertThatThrownBy(() -> TokenConstraint.of(RegexSyntax.parse("[a-z]c"), letters, Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot spell");
    }

    /// A token that ends a text spells nothing, also where it is the only one of a byte.
    @Test
    void anEndThatIsAlsoAByte() {
        Constraint constraint = TokenConstraint.of(RegexSyntax.parse("a\\nb|c"), TOKENIZER, Set.of((int) '\n'));
        Constraint.Progress progress = constraint.begin();
        assertThat(progress.allowed().stream().toArray()).containsExactly('c');
        progress.accept('c');
        assertThat(progress.allowed().stream().toArray()).containsExactly('\n');
    }

    /// The first token may leave out a space that is there already.
    @Test
    void theFirstTokenMayBringASpace() {
        int space = TOKENIZER.tokenToId(" \"");
        Regex language = RegexSyntax.parse("\"a\"");
        assertThat(TokenConstraint.of(language, TOKENIZER, ENDS)
                        .begin()
                        .allowed()
                        .get(space))
                .isFalse();
        Constraint.Progress progress =
                TokenConstraint.of(language, TOKENIZER, ENDS, false, true).begin();
        assertThat(progress.allowed().get(space)).isTrue();
        progress.accept(space);
        assertThat(progress.allowed().get(space)).isFalse();
        assertThat(progress.allowed().get('a')).isTrue();
    }
}
